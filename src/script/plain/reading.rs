//! From a compiled cell to steps. `None` wherever something stands that no step is for.

use std::sync::Arc;

use rhai::{ASTFlags, Expr, FnCallExpr, Stmt};

use super::super::compile::{Function, Scripts};
use super::super::dates::strftime;
use super::super::patterns;
use super::super::resolve::literal;
use super::{Helper, Operator, Plain, Step};

/// Calls within calls; Rhai's own limit is four times as far away.
const MOST_DEEP: usize = 8;
/// Without loops, so few steps can reach none of Rhai's limits.
const MOST_STEPS: usize = 500;
const MOST_LOCALS: usize = 32;

/// Reads a cell that reads these fields.
pub(in super::super) fn read<'a>(
    scripts: &'a Scripts,
    statements: &[Stmt],
    fields: impl Iterator<Item = &'a str>,
) -> Option<Plain> {
    let names = [("employee", Meaning::Employee), ("today", Meaning::Today), ("value", Meaning::Value)];
    let mut reader = Reader {
        scripts,
        fields: fields.collect(),
        names: names.map(|(name, meaning)| (name.to_owned(), meaning)).into(),
        locals: 0,
        deep: 0,
        steps: 0,
        makes_text: false,
    };
    let root = reader.block(statements.iter())?;
    Some(Plain { root, makes_text: reader.makes_text })
}

/// What a name stands for.
#[derive(Clone, Copy)]
enum Meaning {
    Employee,
    Today,
    Value,
    Local(usize),
}

struct Reader<'a> {
    scripts: &'a Scripts,
    fields: Vec<&'a str>,
    names: Vec<(String, Meaning)>,
    locals: usize,
    deep: usize,
    steps: usize,
    makes_text: bool,
}

impl Reader<'_> {
    fn block<'s>(&mut self, statements: impl Iterator<Item = &'s Stmt>) -> Option<Step> {
        let (names, locals) = (self.names.len(), self.locals);
        let steps: Option<Vec<Step>> = statements.map(|statement| self.statement(statement)).collect();
        self.names.truncate(names);
        self.locals = locals;
        let mut steps = steps?;
        Some(match steps.len() {
            0 => Step::Nothing,
            1 => steps.remove(0),
            _ => Step::Block(steps.into()),
        })
    }

    fn statement(&mut self, statement: &Stmt) -> Option<Step> {
        match statement {
            Stmt::Noop(_) => Some(Step::Nothing),
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::FnCall(call, _) => self.call(call),
            Stmt::Block(block) => self.block(block.iter()),
            Stmt::If(flow, _) => {
                let condition = self.expr(&flow.expr)?;
                let then = self.block(flow.body.iter())?;
                Some(Step::If(Box::new([condition, then, self.block(flow.branch.iter())?])))
            }
            Stmt::Return(given, flags, _) if !flags.intersects(ASTFlags::BREAK) => {
                let given = match given {
                    Some(expr) => self.expr(expr)?,
                    None => Step::Nothing,
                };
                Some(Step::Return(Box::new(given)))
            }
            Stmt::Var(parts, ..) => {
                let (name, init, _) = &**parts;
                let step = self.expr(init)?;
                self.local(name.name.as_str())?;
                Some(Step::Let(Box::new(step)))
            }
            _ => None,
        }
    }

    fn local(&mut self, name: &str) -> Option<()> {
        self.names.push((name.to_owned(), Meaning::Local(self.locals)));
        self.locals += 1;
        (self.locals <= MOST_LOCALS).then_some(())
    }

    fn expr(&mut self, expr: &Expr) -> Option<Step> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        Some(match expr {
            Expr::Unit(_) => Step::Nothing,
            Expr::BoolConstant(yes, _) => Step::YesNo(*yes),
            Expr::IntegerConstant(number, _) => Step::Whole(*number),
            Expr::StringConstant(text, _) => Step::Text(Arc::from(text.as_str())),
            Expr::Variable(name, ..) => match self.meaning(&name.1)? {
                Meaning::Value => Step::Value,
                Meaning::Today => Step::Today,
                Meaning::Local(at) => Step::Local(at),
                Meaning::Employee => return None,
            },
            Expr::And(parts, _) => Step::All(self.all(parts.iter())?),
            Expr::Or(parts, _) => Step::Any(self.all(parts.iter())?),
            Expr::Coalesce(parts, _) => Step::FirstGiven(self.all(parts.iter())?),
            Expr::Stmt(block) => self.block(block.iter())?,
            Expr::FnCall(call, _) => self.call(call)?,
            Expr::Index(sides, flags, _) if !flags.intersects(ASTFlags::NEGATED) => {
                // Rhai hangs what follows onto the index.
                match &sides.rhs {
                    Expr::Dot(behind, next, _) if !(*flags | *next).intersects(ASTFlags::BREAK | ASTFlags::NEGATED) => {
                        let field = self.field(&sides.lhs, &behind.lhs)?;
                        self.method(field, &behind.rhs)?
                    }
                    index => self.field(&sides.lhs, index)?,
                }
            }
            Expr::Dot(sides, flags, _) if !flags.intersects(ASTFlags::NEGATED) => {
                let receiver = self.expr(&sides.lhs)?;
                self.method(receiver, &sides.rhs)?
            }
            _ => return None,
        })
    }

    fn all<'e>(&mut self, parts: impl Iterator<Item = &'e Expr>) -> Option<Box<[Step]>> {
        parts.map(|part| self.expr(part)).collect()
    }

    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, meaning)| *meaning)
    }

    fn is_employee(&self, expr: &Expr) -> bool {
        matches!(expr, Expr::Variable(name, ..) if matches!(self.meaning(&name.1), Some(Meaning::Employee)))
    }

    /// `employee["work.site"]`
    fn field(&mut self, of: &Expr, index: &Expr) -> Option<Step> {
        let (name, _) = literal(index).filter(|_| self.is_employee(of))?;
        self.fields.iter().position(|field| *field == name).map(Step::Field)
    }

    /// `text.to_lower()`, and what may follow it.
    fn method(&mut self, receiver: Step, call: &Expr) -> Option<Step> {
        let call = match call {
            Expr::MethodCall(call, _) => call,
            Expr::Dot(sides, flags, _) if !flags.intersects(ASTFlags::NEGATED) => {
                let receiver = self.method(receiver, &sides.lhs)?;
                return self.method(receiver, &sides.rhs);
            }
            _ => return None,
        };
        if !call.args.is_empty() || self.scripts.functions.contains_key(&(call.name.to_string(), 0)) {
            return None;
        }
        let helper = letters(call.name.as_str())?;
        Some(self.helper(helper, Box::new([receiver])))
    }

    fn call(&mut self, call: &FnCallExpr) -> Option<Step> {
        if call.capture_parent_scope {
            return None;
        }
        if call.op_token.is_some() {
            return self.operator(call);
        }
        if let Some(function) = self.scripts.functions.get(&(call.name.to_string(), call.args.len())) {
            return self.function(function, call);
        }
        let (helper, literals) = self.known_helper(call)?;
        let arguments = call.args.iter().enumerate().filter(|(at, _)| !literals.contains(at));
        let arguments: Option<Box<[Step]>> = arguments.map(|(_, argument)| self.expr(argument)).collect();
        Some(self.helper(helper, arguments?))
    }

    fn helper(&mut self, helper: Helper, arguments: Box<[Step]>) -> Step {
        self.makes_text |= helper.makes_text();
        Step::Helper(helper, arguments)
    }

    fn operator(&mut self, call: &FnCallExpr) -> Option<Step> {
        let name = call.name.as_str();
        let sides: Box<[Step]> = self.all(call.args.iter())?;
        let sides: Box<[Step; 2]> = match <Box<[Step; 2]>>::try_from(sides) {
            Ok(sides) => sides,
            Err(one) => {
                let [one] = *<Box<[Step; 1]>>::try_from(one).ok()?;
                return match name {
                    "!" => Some(Step::Not(Box::new(one))),
                    "-" => Some(Step::Negative(Box::new(one))),
                    _ => None,
                };
            }
        };
        if name == "==" && matches!(sides[1], Step::Nothing) {
            let [left, _] = *sides;
            return Some(Step::IsNothing(Box::new(left)));
        }
        let operator = match name {
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::AtMost,
            ">" => Operator::More,
            ">=" => Operator::AtLeast,
            "+" => Operator::Plus,
            "-" => Operator::Minus,
            "*" => Operator::Times,
            _ => return None,
        };
        self.makes_text |= matches!(operator, Operator::Plus);
        Some(Step::Operator(operator, sides))
    }

    /// A function of a script file, read into its call. It sees only its parameters.
    fn function(&mut self, definition: &Function, call: &FnCallExpr) -> Option<Step> {
        self.deep += 1;
        if self.deep > MOST_DEEP {
            return None;
        }
        let locals = self.locals;
        let mut arguments = Vec::new();
        let mut parameters = Vec::new();
        for (argument, parameter) in call.args.iter().zip(&definition.parameters) {
            if self.is_employee(argument) {
                parameters.push((parameter.clone(), Meaning::Employee));
                continue;
            }
            arguments.push(self.expr(argument)?);
            parameters.push((parameter.clone(), Meaning::Local(self.locals)));
            self.locals += 1;
        }
        if self.locals > MOST_LOCALS {
            return None;
        }
        let outside = std::mem::replace(&mut self.names, parameters);
        let body = self.block(definition.body.iter());
        self.names = outside;
        self.locals = locals;
        self.deep -= 1;
        Some(Step::Function(arguments.into(), Box::new(body?)))
    }

    /// A helper, and which of its arguments are literals that it has taken in.
    fn known_helper(&self, call: &FnCallExpr) -> Option<(Helper, &'static [usize])> {
        let text = |at: usize| call.args.get(at).and_then(literal).map(|(text, _)| text);
        let table = || self.scripts.tables.get_key_value(text(0)?);
        Some(match (call.name.as_str(), call.args.len()) {
            ("lookup", 2) => (Helper::Lookup { table: Arc::clone(table()?.0), column: None }, &[0]),
            ("lookup", 3) => {
                let (name, table) = table()?;
                (Helper::Lookup { table: Arc::clone(name), column: Some(table.column(text(2)?)?) }, &[0, 2])
            }
            ("lookup_or", 3) => (Helper::LookupOr { table: Arc::clone(table()?.0) }, &[0]),
            ("first_of", 1..=8) => (Helper::FirstOf, &[]),
            ("trim", 1) => (Helper::Trim, &[]),
            ("title_case", 1) => (Helper::TitleCase, &[]),
            ("slug", 1) => (Helper::Slug, &[]),
            ("join", 2) => (Helper::Join { separator: text(1)?.into() }, &[1]),
            ("capture", 2) => {
                let pattern = patterns::compile(text(1)?).ok()?;
                let group = usize::from(pattern.captures_len() > 1);
                (Helper::Capture { pattern, group }, &[1])
            }
            ("replace_regex", 3) => {
                (Helper::ReplaceRegex { pattern: patterns::compile(text(1)?).ok()?, by: text(2)?.into() }, &[1, 2])
            }
            ("format_date", 2) => (Helper::FormatDate { format: strftime(text(1)?).ok()? }, &[1]),
            ("days_until", 1) => (Helper::DaysUntil, &[]),
            (name, 1) => (letters(name)?, &[]),
            _ => return None,
        })
    }
}

/// Rhai's own functions for the letters of a text.
fn letters(name: &str) -> Option<Helper> {
    match name {
        "to_upper" => Some(Helper::Upper),
        "to_lower" => Some(Helper::Lower),
        _ => None,
    }
}
