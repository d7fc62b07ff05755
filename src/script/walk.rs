//! One function or cell, read statement by statement: what it calls, what it reads, and which names are wrong.
//!
//! A function does not know whether a parameter of it is the employee; that depends on who calls it. So what is read
//! through each parameter is only noted here, and judged when a cell is compiled.

use rhai::{ASTFlags, Expr, FnCallExpr, FnPtr, Position, Stmt};

use crate::problem::{Problem, did_you_mean};

use super::chain::{Link, captured_by, computed_index, dotted};
use super::facts::{Facts, FunctionKey, Tail};
use super::resolve::{Form, Known, literal};
use super::source::Source;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Parameter(usize),
    Value,
    Local,
    /// `employee` and `today` in a cell: the first is parameter 0, and neither can be assigned.
    Constant(Option<usize>),
}

/// Reads a function's body.
pub(super) fn function(
    known: &Known<'_>,
    source: &Source,
    parameters: &[&str],
    body: &[Stmt],
    problems: &mut Vec<Problem>,
) -> Facts {
    let names = parameters.iter().enumerate().map(|(index, name)| ((*name).to_owned(), Meaning::Parameter(index)));
    Walk::run(known, source, names.collect(), false, body, problems)
}

/// Reads a cell; its parameter 0 is the employee.
pub(super) fn cell(known: &Known<'_>, source: &Source, body: &[Stmt], problems: &mut Vec<Problem>) -> Facts {
    let names = [
        ("employee".to_owned(), Meaning::Constant(Some(0))),
        ("today".to_owned(), Meaning::Constant(None)),
        ("value".to_owned(), Meaning::Value),
    ];
    Walk::run(known, source, names.into(), true, body, problems)
}

struct Walk<'a> {
    known: &'a Known<'a>,
    source: &'a Source,
    names: Vec<(String, Meaning)>,
    in_cell: bool,
    facts: Facts,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn run(
        known: &'a Known<'a>,
        source: &'a Source,
        names: Vec<(String, Meaning)>,
        in_cell: bool,
        body: &[Stmt],
        problems: &'a mut Vec<Problem>,
    ) -> Facts {
        let mut walk = Self { known, source, names, in_cell, facts: Facts::default(), problems };
        walk.facts.tail = walk.tail(body);
        body.iter().for_each(|stmt| walk.stmt(stmt));
        walk.facts
    }

    fn block<'s>(&mut self, statements: impl IntoIterator<Item = &'s Stmt>) {
        let outer = self.names.len();
        statements.into_iter().for_each(|stmt| self.stmt(stmt));
        self.names.truncate(outer);
    }

    fn stmt(&mut self, stmt: &Stmt) {
        match stmt {
            Stmt::If(flow, _) | Stmt::While(flow, _) => {
                self.expr(&flow.expr);
                self.block(flow.body.iter());
                self.block(flow.branch.iter());
            }
            Stmt::Do(flow, ..) => {
                self.block(flow.body.iter());
                self.expr(&flow.expr);
            }
            Stmt::Switch(switch, _) => {
                self.expr(&switch.0);
                for case in &switch.1.expressions {
                    self.expr(&case.lhs);
                    self.expr(&case.rhs);
                }
            }
            Stmt::For(parts, _) => {
                let (item, counter, flow) = &**parts;
                self.expr(&flow.expr);
                let outer = self.names.len();
                self.names.push((item.name.to_string(), Meaning::Local));
                self.names.extend(counter.iter().map(|counter| (counter.name.to_string(), Meaning::Local)));
                self.block(flow.body.iter());
                self.names.truncate(outer);
            }
            Stmt::Var(parts, ..) => {
                let (name, init, _) = &**parts;
                let meaning = match self.as_parameter(init) {
                    // `let e = employee`: another name for the same.
                    Some(index) => Meaning::Parameter(index),
                    None => {
                        self.expr(init);
                        Meaning::Local
                    }
                };
                self.names.push((name.name.to_string(), meaning));
            }
            Stmt::Assignment(parts) => {
                let (_, sides) = &**parts;
                self.assigned(&sides.lhs);
                self.expr(&sides.rhs);
            }
            Stmt::FnCall(call, at) => self.call(call, *at),
            Stmt::Block(block) => self.block(block.iter()),
            Stmt::TryCatch(flow, _) => {
                self.block(flow.body.iter());
                let outer = self.names.len();
                if let Expr::Variable(name, ..) = &flow.expr {
                    self.names.push((name.1.to_string(), Meaning::Local));
                }
                self.block(flow.branch.iter());
                self.names.truncate(outer);
            }
            Stmt::Expr(expr) => self.expr(expr),
            Stmt::BreakLoop(value, ..) | Stmt::Return(value, ..) => {
                if let Some(value) = value {
                    self.expr(value);
                }
            }
            _ => {}
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Variable(name, _, at) => self.variable(&name.1, *at, None),
            Expr::InterpolatedString(parts, _) | Expr::Array(parts, _) => parts.iter().for_each(|part| self.expr(part)),
            Expr::Map(parts, _) => parts.0.iter().for_each(|(_, part)| self.expr(part)),
            Expr::And(parts, _) | Expr::Or(parts, _) | Expr::Coalesce(parts, _) => {
                parts.iter().for_each(|part| self.expr(part));
            }
            Expr::Stmt(block) => self.block(block.iter()),
            Expr::FnCall(call, at) => self.call(call, *at),
            Expr::Index(..) | Expr::Dot(..) => self.chain(expr),
            Expr::DynamicConstant(value, _) => {
                if let Some(closure) = value.read_lock::<FnPtr>() {
                    self.mention(closure.fn_name());
                }
            }
            _ => {}
        }
    }

    /// `head[index].method(…).property`: Rhai nests these to the right.
    fn chain(&mut self, expr: &Expr) {
        let (head, mut rest) = match expr {
            Expr::Index(sides, flags, _) => (&sides.lhs, Some((Link::Index, &sides.rhs, *flags))),
            Expr::Dot(sides, flags, _) => (&sides.lhs, Some((Link::Dot, &sides.rhs, *flags))),
            _ => return,
        };
        match (self.as_parameter(head), rest) {
            (Some(parameter), Some((Link::Index, ..))) => self.read(parameter, expr, head.position()),
            (Some(_), _) => {
                if let Expr::Variable(name, _, at) = head {
                    self.variable(&name.1, *at, dotted(expr));
                }
            }
            (None, _) => self.expr(head),
        }
        let mut first = Some(head);
        while let Some((kind, rhs, flags)) = rest {
            let (link, next) = match rhs {
                Expr::Index(sides, next, _) if !flags.intersects(ASTFlags::BREAK) => {
                    (&sides.lhs, Some((Link::Index, &sides.rhs, *next)))
                }
                Expr::Dot(sides, next, _) if !flags.intersects(ASTFlags::BREAK) => {
                    (&sides.lhs, Some((Link::Dot, &sides.rhs, *next)))
                }
                link => (link, None),
            };
            match link {
                Expr::MethodCall(call, at) => self.method(call, *at, first),
                Expr::Property(..) if kind == Link::Dot => {}
                link => self.expr(link),
            }
            first = None;
            rest = next;
        }
    }

    /// `parameter[…]`: a field if it is the employee, and then it must stand there as text.
    fn read(&mut self, parameter: usize, chain: &Expr, at: Position) {
        let Expr::Index(sides, flags, _) = chain else { return };
        let index = match &sides.rhs {
            Expr::Index(inner, ..) | Expr::Dot(inner, ..) if !flags.intersects(ASTFlags::BREAK) => &inner.lhs,
            index => index,
        };
        if let Some((field, at)) = literal(index) {
            self.facts.reads.push((parameter, field.into(), self.source.place(at)));
            return;
        }
        let place = self.source.place(at);
        let problem =
            Problem::new("not-literal", &place, "the field that is read here must stand in the brackets as text");
        self.facts.misuses.push((
            parameter,
            problem.help("write `employee[\"work.site\"]`; only named fields are asked of the source"),
        ));
    }

    fn call(&mut self, call: &FnCallExpr, at: Position) {
        if call.op_token.is_some() {
            call.args.iter().for_each(|argument| self.expr(argument));
            return;
        }
        // A closure that uses variables from outside is written by Rhai as `curry(closure, variable, …)`.
        if let Some(closure) = captured_by(call) {
            return self.captures(&closure, call);
        }
        let name = call.name.as_str();
        let written = call.args.len();
        self.problems.extend(self.known.check_call(name, written, Form::Function, at, self.source));
        let arguments: Vec<Option<&Expr>> = call.args.iter().map(Some).collect();
        self.check_arguments(name, &arguments, at);
        let own = self.known.script_function(name, written);
        if own {
            self.facts.calls.insert((name.to_owned(), written));
        }
        for (index, argument) in call.args.iter().enumerate() {
            match self.as_parameter(argument) {
                Some(parameter) if own => self.facts.passes.push((parameter, (name.to_owned(), written), index)),
                _ => self.expr(argument),
            }
        }
    }

    fn method(&mut self, call: &FnCallExpr, at: Position, head: Option<&Expr>) {
        let name = call.name.as_str();
        let written = call.args.len();
        self.problems.extend(self.known.check_call(name, written, Form::Method, at, self.source));
        let arguments: Vec<Option<&Expr>> = std::iter::once(head).chain(call.args.iter().map(Some)).collect();
        self.check_arguments(name, &arguments, at);
        if self.known.script_function(name, written) {
            self.facts.calls.insert((name.to_owned(), written));
        }
        call.args.iter().for_each(|argument| self.expr(argument));
    }

    fn check_arguments(&mut self, name: &str, arguments: &[Option<&Expr>], at: Position) {
        let lookup = self.known.check_arguments(name, arguments, at, self.source, self.problems);
        self.facts.lookups.extend(lookup);
    }

    fn captures(&mut self, closure: &str, call: &FnCallExpr) {
        self.mention(closure);
        let counts = self.known.functions.get(closure);
        let keys: Vec<FunctionKey> = counts.into_iter().flatten().map(|count| (closure.to_owned(), *count)).collect();
        for (index, argument) in call.args.iter().skip(1).enumerate() {
            match self.as_parameter(argument) {
                Some(parameter) => {
                    let passes = keys.iter().map(|key| (parameter, key.clone(), index));
                    self.facts.passes.extend(passes);
                }
                None => self.expr(argument),
            }
        }
    }

    /// A function that is named without being called here.
    fn mention(&mut self, name: &str) {
        let counts = self.known.functions.get(name);
        self.facts.calls.extend(counts.into_iter().flatten().map(|count| (name.to_owned(), *count)));
    }

    fn assigned(&mut self, target: &Expr) {
        let Expr::Variable(name, _, at) = target else {
            if let Some(index) = computed_index(target) {
                let message = "this is assigned by an index that is computed";
                let problem = Problem::new("not-allowed", &self.source.place(index), message);
                self.problems.push(problem.help("write `list.set(index, item)` or `map.set(key, item)`"));
            }
            return self.expr(target);
        };
        match self.meaning(&name.1) {
            Some(Meaning::Constant(_)) => {
                let message = format!("`{}` cannot be changed", name.1);
                self.problems.push(Problem::new("assignment", &self.source.place(*at), message));
            }
            Some(_) => {}
            None => self.variable(&name.1, *at, None),
        }
    }

    /// A name as a value. If it is the employee, that is a misuse: it is only read by field, or handed on.
    fn variable(&mut self, name: &str, at: Position, instead: Option<String>) {
        match self.meaning(name) {
            Some(Meaning::Value) => self.facts.reads_value = true,
            Some(Meaning::Parameter(parameter) | Meaning::Constant(Some(parameter))) => {
                let problem = Problem::new(
                    "employee",
                    &self.source.place(at),
                    "the employee is read field by field, or handed on to a function of a script file",
                );
                let field = instead.unwrap_or_else(|| "work.site".to_owned());
                let problem = problem.help(format!("write `{name}[\"{field}\"]`"));
                self.facts.misuses.push((parameter, problem));
            }
            Some(Meaning::Local | Meaning::Constant(None)) => {}
            None if self.known.functions.contains_key(name) => self.mention(name),
            None => self.unknown(name, at),
        }
    }

    fn unknown(&mut self, name: &str, at: Position) {
        let problem =
            Problem::new("unknown-variable", &self.source.place(at), format!("there is no variable `{name}`"));
        let outside = !self.in_cell && ["value", "employee", "today"].contains(&name);
        self.problems.push(if outside {
            problem.help(format!("functions see only their parameters: hand `{name}` to it"))
        } else {
            problem.maybe_help(did_you_mean(name, self.names.iter().map(|(name, _)| name.as_str())))
        });
    }

    fn as_parameter(&self, expr: &Expr) -> Option<usize> {
        let Expr::Variable(name, ..) = expr else { return None };
        match self.meaning(&name.1)? {
            Meaning::Parameter(index) | Meaning::Constant(Some(index)) => Some(index),
            _ => None,
        }
    }

    fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.iter().rev().find(|(known, _)| known == name).map(|(_, meaning)| *meaning)
    }

    fn tail(&self, body: &[Stmt]) -> Option<Tail> {
        let (call, at) = match body.last()? {
            Stmt::FnCall(call, at) => (call, *at),
            Stmt::Expr(expr) => match &**expr {
                Expr::FnCall(call, at) => (call, *at),
                _ => return None,
            },
            Stmt::Return(Some(expr), ..) => match &**expr {
                Expr::FnCall(call, at) => (call, *at),
                _ => return None,
            },
            _ => return None,
        };
        let (name, written) = (call.name.as_str(), call.args.len());
        if self.known.script_function(name, written) {
            return Some(Tail::Call((name.to_owned(), written)));
        }
        let arguments: Vec<Option<&Expr>> = call.args.iter().map(Some).collect();
        let lookup = self.known.check_arguments(name, &arguments, at, self.source, &mut Vec::new());
        lookup.map(Tail::Lookup)
    }
}
