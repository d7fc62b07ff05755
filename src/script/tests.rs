use std::path::Path;

use jiff::civil::{Date, date};

use super::*;
use crate::model::{Cell, Number, Value};
use crate::problem::{Place, Problem, Problems, SourceFile, Style, render};
use crate::table::{Table, ValueTable, ValueTables};

mod checks;
mod helpers;
mod limits;
mod people;
mod plain;

const TODAY: Date = date(2026, 3, 2);

/// Scripts with two tables: `sites` (with `*`… in no row) and `roles`.
fn scripts(files: &[(&str, &str)]) -> (Scripts, Problems) {
    let mut problems = Problems::new();
    let mut tables = ValueTables::new();
    for (name, text) in [
        ("sites", "from,to,zone\nParis,FR,Europe/Paris\nLondon,UK,Europe/London\nMoon,,\n"),
        ("roles", "from,to\nboss,manager\n*,learner\n"),
    ] {
        let table = Table::read(Path::new(&format!("{name}.csv")), text.as_bytes(), &mut problems).unwrap();
        tables.insert(name.into(), ValueTable::compile(table, false, &mut problems).unwrap());
    }
    let files: Vec<_> = files.iter().map(|(name, text)| SourceFile::new(*name, *text)).collect();
    let scripts = Scripts::compile(&files, Arc::new(tables), Unread::default(), &mut problems);
    (scripts, problems)
}

fn shown(problems: Vec<Problem>) -> String {
    problems.iter().map(|problem| render(problem, Style::Plain)).collect::<Vec<_>>().join("\n")
}

/// Compiles a cell that stands alone in a file.
fn compile(scripts: &Scripts, cell: &str, problems: &mut Problems) -> Option<Expression> {
    let file = SourceFile::new("cell", cell);
    scripts.expression(cell, &Place::new(&file, 0..cell.len()), problems)
}

fn expression(scripts: &Scripts, cell: &str) -> Expression {
    let mut problems = Problems::new();
    let expression = compile(scripts, cell, &mut problems);
    assert_eq!(shown(problems.into_sorted()), "");
    expression.unwrap()
}

fn text(text: &str) -> Cell {
    Value::text(text).into()
}

/// Runs a cell over a value, with no script files and no fields.
fn run(cell: &str, value: &Cell) -> Result<Cell, ScriptFailure> {
    run_with("", cell, value)
}

fn run_with(file: &str, cell: &str, value: &Cell) -> Result<Cell, ScriptFailure> {
    let (scripts, problems) = scripts(&[("scripts/names.rhai", file)]);
    assert_eq!(shown(problems.into_sorted()), "");
    let expression = expression(&scripts, cell);
    let mut session = Session::new(&scripts, &[]);
    session.person(TODAY, []);
    session.eval(&expression, value)
}

/// The result as people read it.
fn gives(cell: &str, value: &str) -> String {
    match run(cell, &text(value)) {
        Ok(cell) => cell.to_string(),
        Err(failure) => format!("failed: {failure}"),
    }
}

fn fails(cell: &str) -> String {
    run(cell, &text("secret")).unwrap_err().message
}
