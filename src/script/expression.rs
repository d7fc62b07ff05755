//! A cell → an expression that can be run, and everything it reads, also through the functions it calls.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rhai::{AST, Stmt};

use crate::problem::{Place, Problem, Problems};

use super::compile::{Scripts, functions_of};
use super::engine::Arities;
use super::facts::{Facts, FunctionKey, Tail};
use super::plain::{self, Plain};
use super::resolve::{Known, Lookup};
use super::source::Source;
use super::syntax;
use super::walk;

/// A compiled `transform` or `script` cell.
#[derive(Debug)]
pub struct Expression {
    pub(super) ast: AST,
    /// The same without Rhai, where it is that plain.
    pub(super) plain: Option<Plain>,
    /// Its place among the recipe's expressions.
    pub(super) number: usize,
    fields: Vec<(Arc<str>, Place)>,
    lookups: BTreeSet<Arc<str>>,
    tail_lookup: Option<(Arc<str>, Option<Arc<str>>)>,
    reads_value: bool,
}

impl Expression {
    /// The fields read with `employee["…"]`, here or in a function that the employee is handed to; each once, where it
    /// is read first.
    #[must_use]
    pub fn fields(&self) -> &[(Arc<str>, Place)] {
        &self.fields
    }

    /// The names of the tables it reads.
    #[must_use]
    pub fn lookups(&self) -> &BTreeSet<Arc<str>> {
        &self.lookups
    }

    /// The table and column (`None` is `to`) that its result is looked up in, if the result is a lookup.
    #[must_use]
    pub fn tail_lookup(&self) -> Option<(&str, Option<&str>)> {
        self.tail_lookup.as_ref().map(|(table, column)| (&**table, column.as_deref()))
    }

    /// Whether it uses `value`.
    #[must_use]
    pub fn reads_value(&self) -> bool {
        self.reads_value
    }
}

/// Statements whose value is always `()`, which nobody means as the result of a cell.
fn gives_nothing(statement: &Stmt) -> bool {
    matches!(statement, Stmt::Var(..) | Stmt::Assignment(..))
}

impl Scripts {
    /// Compiles a cell: its text, and the place of the text in the file (whose quotes may be doubled). Every mistake is
    /// added to `problems`, and then there is no expression.
    pub fn expression(&self, text: &str, place: &Place, problems: &mut Problems) -> Option<Expression> {
        let source = Source::cell(text, place);
        if text.trim().is_empty() {
            problems.push(Problem::new("script-syntax", place, "there is no expression here"));
            return None;
        }
        let ast = match self.engine.compile(text) {
            Ok(ast) => ast,
            Err(error) => {
                problems.push(syntax::problem(&error, &source));
                return None;
            }
        };
        let mut wrong = Vec::new();
        if let Some(last) = ast.statements().last().filter(|last| gives_nothing(last)) {
            let problem = Problem::new("no-value", &source.place(last.position()), "this cell ends without a value");
            wrong.push(problem.help("end it with the value it gives, such as `value`"));
        }
        let reached = self.reach(&ast, &source, &mut wrong);
        let failed = !wrong.is_empty();
        wrong.into_iter().for_each(|problem| problems.push(problem));
        if failed {
            return None;
        }
        let plain = plain::read(self, ast.statements(), reached.fields.iter().map(|(field, _)| &**field));
        Some(Expression {
            plain,
            ast: self.with_library(ast),
            number: self.expressions.fetch_add(1, Ordering::Relaxed),
            fields: reached.fields,
            lookups: reached.lookups,
            tail_lookup: reached.tail,
            reads_value: reached.reads_value,
        })
    }

    /// The functions of the script files are shared by all expressions; one with closures gets a copy with them.
    fn with_library(&self, ast: AST) -> AST {
        let statements: Vec<Stmt> = ast.statements().to_vec();
        if ast.iter_functions().next().is_none() {
            return AST::new(statements, Arc::clone(&self.library));
        }
        self.ast.clone_functions_only().merge(&ast)
    }

    fn reach(&self, ast: &AST, source: &Source, wrong: &mut Vec<Problem>) -> Reached {
        let closures = functions_of(ast);
        if let Some(named) = closures.iter().find(|function| rhai::is_valid_identifier(&function.key.0)) {
            let at = source.text().find("fn ").unwrap_or(0);
            let message = format!("the function `{}` is defined in a cell", named.key.0);
            let problem = Problem::new("function-in-cell", &source.span(at, at + 2), message);
            wrong.push(problem.help("put it into a script file of the recipe"));
        }
        let mut arities: Arities = self.arities.clone();
        for closure in &closures {
            arities.entry(closure.key.0.clone()).or_default().insert(closure.key.1);
        }
        let known = Known { functions: &arities, ..self.known() };
        let facts = walk::cell(&known, source, ast.statements(), wrong);
        let local: BTreeMap<FunctionKey, Facts> = closures
            .iter()
            .map(|closure| {
                let parameters: Vec<&str> = closure.parameters.iter().map(String::as_str).collect();
                (closure.key.clone(), walk::function(&known, source, &parameters, &closure.body, wrong))
            })
            .collect();
        let graph = Graph { scripts: self, local: &local };
        let reached = graph.reached_by(&facts, wrong);
        self.mark_used(reached.functions.iter().cloned());
        reached
    }
}

/// What a cell reaches.
struct Reached {
    fields: Vec<(Arc<str>, Place)>,
    lookups: BTreeSet<Arc<str>>,
    functions: BTreeSet<FunctionKey>,
    tail: Option<(Arc<str>, Option<Arc<str>>)>,
    reads_value: bool,
}

struct Graph<'a> {
    scripts: &'a Scripts,
    local: &'a BTreeMap<FunctionKey, Facts>,
}

impl<'a> Graph<'a> {
    fn facts(&self, key: &FunctionKey) -> Option<&'a Facts> {
        self.local.get(key).or_else(|| self.scripts.functions.get(key).map(|function| &function.facts))
    }

    fn reached_by(&self, cell: &'a Facts, wrong: &mut Vec<Problem>) -> Reached {
        let functions = self.functions(cell);
        let all = || std::iter::once(cell).chain(functions.iter().filter_map(|key| self.facts(key)));
        let tables = all().flat_map(|facts| &facts.lookups).map(|lookup| Arc::from(&*lookup.table));
        Reached {
            fields: self.fields(cell, wrong),
            lookups: tables.collect(),
            tail: self.tail(cell),
            reads_value: cell.reads_value,
            functions,
        }
    }

    fn functions(&self, cell: &Facts) -> BTreeSet<FunctionKey> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<FunctionKey> = cell.calls.iter().cloned().collect();
        while let Some(key) = open.pop() {
            if let Some(facts) = self.facts(&key)
                && reached.insert(key)
            {
                open.extend(facts.calls.iter().cloned());
            }
        }
        reached
    }

    /// Follows the employee from parameter to parameter.
    fn fields(&self, cell: &'a Facts, wrong: &mut Vec<Problem>) -> Vec<(Arc<str>, Place)> {
        let mut fields: Vec<(Arc<str>, Place)> = Vec::new();
        let mut seen: BTreeSet<(FunctionKey, usize)> = BTreeSet::new();
        let mut open = vec![(cell, 0)];
        while let Some((facts, employee)) = open.pop() {
            for (_, field, place) in facts.reads.iter().filter(|(parameter, ..)| *parameter == employee) {
                if !fields.iter().any(|(known, _)| **known == **field) {
                    fields.push((Arc::from(&**field), place.clone()));
                }
            }
            wrong.extend(facts.misuses.iter().filter(|(parameter, _)| *parameter == employee).map(|(_, p)| p.clone()));
            for (_, key, parameter) in facts.passes.iter().filter(|(own, ..)| *own == employee) {
                if let Some(facts) = self.facts(key)
                    && seen.insert((key.clone(), *parameter))
                {
                    open.push((facts, *parameter));
                }
            }
        }
        fields
    }

    fn tail(&self, cell: &'a Facts) -> Option<(Arc<str>, Option<Arc<str>>)> {
        let mut facts = cell;
        // A function may call itself last; nobody nests tails deeper than scripts may call.
        for _ in 0..super::engine::MAX_CALL_DEPTH {
            match facts.tail.as_ref()? {
                Tail::Lookup(Lookup { table, column }) => {
                    return Some((Arc::from(&**table), column.as_deref().map(Arc::from)));
                }
                Tail::Call(key) => facts = self.facts(key)?,
            }
        }
        None
    }
}
