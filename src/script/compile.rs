//! Script files → functions that can be called, and every mistake in them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, PoisonError};

use regex::Regex;
use rhai::{AST, Engine, Module, Stmt};

use crate::problem::{Place, Problem, Problems, SourceFile};
use crate::table::ValueTables;

use super::Unread;
use super::engine::{Arities, MAX_FUNCTIONS, Shared, engine, natives};
use super::facts::{Facts, FunctionKey};
use super::resolve::Known;
use super::source::Source;
use super::syntax;
use super::walk;

/// The functions of a recipe's script files, compiled, and the tables that scripts read.
pub struct Scripts {
    pub(super) engine: Engine,
    pub(super) tables: Arc<ValueTables>,
    pub(super) natives: Arities,
    pub(super) arities: Arities,
    pub(super) broken: BTreeSet<String>,
    unread: Unread,
    pub(super) functions: BTreeMap<FunctionKey, Function>,
    pub(super) ast: AST,
    pub(super) library: Arc<Module>,
    /// How many expressions were compiled.
    pub(super) expressions: AtomicUsize,
    used: Mutex<BTreeSet<FunctionKey>>,
}

/// One function of a script file, or a closure in one.
pub(super) struct Function {
    /// Its name in the file.
    pub(super) place: Place,
    pub(super) facts: Facts,
    pub(super) parameters: Vec<String>,
    pub(super) body: Vec<Stmt>,
}

/// A function as Rhai compiled it.
pub(super) struct Compiled {
    pub(super) key: FunctionKey,
    pub(super) parameters: Vec<String>,
    pub(super) body: Vec<Stmt>,
}

impl Scripts {
    /// Compiles the script files. Every mistake in every file is added to `problems`; what compiles can be used.
    #[must_use]
    pub fn compile(
        files: &[Arc<SourceFile>],
        tables: Arc<ValueTables>,
        unread: Unread,
        problems: &mut Problems,
    ) -> Self {
        let engine = engine(&Shared::new(&tables, &[]));
        let natives = natives(&engine);
        let mut scripts = Self {
            engine,
            tables,
            natives,
            arities: Arities::new(),
            broken: BTreeSet::new(),
            unread,
            functions: BTreeMap::new(),
            ast: AST::empty(),
            library: Arc::default(),
            expressions: AtomicUsize::new(0),
            used: Mutex::default(),
        };
        let mut found = Vec::new();
        for file in files {
            scripts.read(file, &mut found, problems);
        }
        if found.len() > MAX_FUNCTIONS {
            let path = files.first().map(|file| file.path.clone()).unwrap_or_default();
            let message = format!("a recipe may have {MAX_FUNCTIONS} functions, and its scripts have {}", found.len());
            problems.push(Problem::file("script-limit", &path, message));
        }
        scripts.library = Arc::clone(scripts.ast.as_ref());
        scripts.resolve(found, problems);
        scripts
    }

    /// Warnings for functions that no expression compiled so far reaches.
    #[must_use]
    pub fn unused_functions(&self) -> Vec<Problem> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        self.functions
            .iter()
            .filter(|(key, _)| rhai::is_valid_identifier(&key.0) && !used.contains(*key))
            .map(|((name, _), function)| {
                let message = format!("nothing in this recipe calls `{name}`");
                Problem::warning("unused-function", &function.place, message)
            })
            .collect()
    }

    pub(super) fn mark_used(&self, keys: impl IntoIterator<Item = FunctionKey>) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).extend(keys);
    }

    pub(super) fn known(&self) -> Known<'_> {
        Known {
            natives: &self.natives,
            functions: &self.arities,
            broken: &self.broken,
            unread: &self.unread,
            tables: &self.tables,
        }
    }

    fn read(&mut self, file: &Arc<SourceFile>, found: &mut Vec<(Source, Compiled)>, problems: &mut Problems) {
        let source = Source::file(file);
        let ast = match self.engine.compile(&file.text) {
            Ok(ast) => ast,
            Err(error) => {
                problems.push(syntax::problem(&error, &source));
                self.broken.extend(names_in(&file.text));
                return;
            }
        };
        if let Some(stray) = ast.statements().iter().find(|stmt| !matches!(stmt, Stmt::Noop(_))) {
            let message = "this stands outside of any function and never runs";
            let problem = Problem::new("outside-function", &source.place(stray.position()), message);
            problems.push(problem.help("put it into a function"));
        }
        for compiled in functions_of(&ast) {
            let place = name_place(file, &source, &ast, &compiled);
            if self.functions.contains_key(&compiled.key) && rhai::is_valid_identifier(&compiled.key.0) {
                problems.push(self.defined_twice(&compiled.key, &place));
                continue;
            }
            let (name, count) = compiled.key.clone();
            if self.natives.get(&name).is_some_and(|counts| counts.contains(&count)) {
                let message = format!("`{name}` is a helper already; this function would take its place");
                problems.push(Problem::new("duplicate-function", &place, message).help("give it another name"));
            }
            self.arities.entry(name).or_default().insert(count);
            self.functions.insert(
                compiled.key.clone(),
                Function { place, facts: Facts::default(), parameters: Vec::new(), body: Vec::new() },
            );
            found.push((source.clone(), compiled));
        }
        self.ast = self.ast.merge(&ast.clone_functions_only());
    }

    fn defined_twice(&self, key: &FunctionKey, place: &Place) -> Problem {
        let message = format!("the function `{}` with {} is here twice", key.0, syntax::parameters(key.1));
        let earlier = self.functions.get(key).map(|function| function.place.origin());
        Problem::new("duplicate-function", place, message)
            .maybe_help(earlier.map(|origin| format!("the other one is in {origin}; rename one of them")))
    }

    /// Only when every function is known can calls be resolved.
    fn resolve(&mut self, found: Vec<(Source, Compiled)>, problems: &mut Problems) {
        let mut wrong = Vec::new();
        for (source, compiled) in found {
            let parameters: Vec<&str> = compiled.parameters.iter().map(String::as_str).collect();
            let facts = walk::function(&self.known(), &source, &parameters, &compiled.body, &mut wrong);
            if let Some(function) = self.functions.get_mut(&compiled.key) {
                function.facts = facts;
                function.parameters = compiled.parameters;
                function.body = compiled.body;
            }
        }
        wrong.into_iter().for_each(|problem| problems.push(problem));
    }
}

/// The functions and closures of a compiled text.
pub(super) fn functions_of(ast: &AST) -> Vec<Compiled> {
    ast.iter_functions()
        .map(|function| {
            let (name, parameters) = (function.name, function.params);
            // Filtering while cloning would be shorter, but Rhai 1.27 copies everything then.
            let mut alone = ast.clone_functions_only();
            alone.retain_functions(|_, _, other, count| other == name && count == parameters.len());
            let mut body = Vec::new();
            alone.walk(&mut |path| {
                if let [rhai::ASTNode::Stmt(stmt)] = path {
                    body.push((*stmt).clone());
                }
                true
            });
            Compiled {
                key: (name.to_owned(), parameters.len()),
                parameters: parameters.iter().map(|name| (*name).to_owned()).collect(),
                body,
            }
        })
        .collect()
}

/// Where the function's name stands: after the last `fn` before its body.
fn name_place(file: &Arc<SourceFile>, source: &Source, ast: &AST, function: &Compiled) -> Place {
    let module: &Module = ast.as_ref();
    let Some(definition) = module.get_script_fn(&function.key.0, function.key.1) else {
        return Place::start(file);
    };
    let body = source.offset(definition.body.start_position());
    let name = &function.key.0;
    let found = file.text[..body]
        .rmatch_indices(name.as_str())
        .find(|(at, _)| file.text[..*at].trim_end().ends_with("fn"))
        .map(|(at, _)| Place::new(file, at..at + name.len()));
    found.unwrap_or_else(|| Place::new(file, body..body))
}

/// Names of the functions in a text that does not compile.
fn names_in(text: &str) -> Vec<String> {
    let Ok(definition) = Regex::new(r"\bfn\s+([A-Za-z_]\w*)") else { return Vec::new() };
    definition.captures_iter(text).map(|found| found[1].to_owned()).collect()
}
