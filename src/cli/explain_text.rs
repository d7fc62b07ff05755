//! An explanation as people read it: stage by stage, `›` where something was decided, then the action, then what would
//! change it.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value as Json;

use super::held_text::held_of;
use super::terminal::visible;
use crate::engine::brake::Brake;
use crate::engine::explain::{Explanation, Line, Mark};
use crate::model::Tripped;
use crate::model::plan::{Changes, PersonPlan};
use crate::problem::Style;
use crate::store::Fields;

/// The whole explanation.
pub(super) fn explanation_text(
    explanation: &Explanation,
    written: Option<&Fields>,
    brake: &Brake,
    recipe: &Path,
    style: Style,
) -> String {
    let plan = &explanation.plan;
    let email = plan
        .email
        .as_ref()
        .filter(|email| **email != plan.name)
        .map_or_else(String::new, |email| format!(" <{email}>"));
    let mut text = format!("{}{email}, employee {}, on {}\n", plan.name, plan.employee, explanation.today);
    text = visible(&text).into_owned();
    let mut section = |name: &str, body: &str| {
        let _ = write!(text, "\n{}\n{}", heading(name, style), visible(body));
    };
    explanation.stages.iter().for_each(|stage| section(stage.name, &lines(&stage.lines)));
    section("action", &format!("{}{}", action(plan), held(plan, brake)));
    if let Some(written) = written.filter(|written| !written.is_empty()) {
        let line =
            |(field, value): (&String, &Json)| format!("  · {field} = {}\n", value.as_str().unwrap_or("(empty)"));
        section("last written by Rollbook", &written.iter().map(line).collect::<String>());
    }
    let would_change = format!("{}{}", approvals(brake, recipe), lines(&explanation.would_change));
    if !would_change.is_empty() {
        section("what would change the outcome", &would_change);
    }
    text
}

/// What lets held changes pass.
fn approvals(brake: &Brake, recipe: &Path) -> String {
    let held = brake.tripped.iter().filter(|tripped| !tripped.approved);
    let command = |tripped: &Tripped| format!("rollbook sync {} {}", recipe.display(), tripped.approval());
    held.map(|tripped| format!("  · the brake lets it pass once: {}\n", command(tripped))).collect()
}

/// What the brake says of the action: that it is not carried out, and why.
fn held(plan: &PersonPlan, brake: &Brake) -> String {
    let mut text = String::new();
    if let Some(refused) = &brake.refused {
        let _ = writeln!(text, "  ! refused, like everything else: {refused}");
    }
    let Some(what) = held_of(plan, brake) else { return text };
    for tripped in brake.tripped.iter().filter(|tripped| !tripped.approved) {
        let (count, kind, limit) = (tripped.count, tripped.kind, &tripped.limit);
        let _ = writeln!(text, "  ! the brake holds {what}: {count} changes of kind {kind}; the limit is {limit}");
    }
    text
}

fn heading(name: &str, style: Style) -> String {
    match style {
        Style::Colour => format!("\u{1b}[1m{name}\u{1b}[0m"),
        Style::Plain => name.to_owned(),
    }
}

fn lines(lines: &[Line]) -> String {
    lines.iter().map(line).collect()
}

fn line(line: &Line) -> String {
    let mark = match line.mark {
        Mark::Decides => '›',
        Mark::Passed | Mark::Fact => '·',
    };
    let place = line.origin.as_ref().map_or_else(String::new, |origin| format!("   [{origin}]"));
    format!("  {mark} {}{place}\n", line.text)
}

fn action(plan: &PersonPlan) -> String {
    let mut text = format!("  › {}: {}\n", plan.verdict, plan.reason);
    if let Some(link) = &plan.new_link {
        let _ = writeln!(text, "  · the pair will be remembered: {link}");
    }
    if let Some(changes) = &plan.changes {
        write_changes(&mut text, changes);
    }
    for finding in &plan.findings {
        let _ = writeln!(text, "  ! {} ({})", finding.text, finding.whose);
    }
    text
}

fn write_changes(text: &mut String, changes: &Changes) {
    let fields = changes.fields.len() + changes.references.len();
    if fields > 0 {
        let _ = writeln!(text, "  · fields to write: {fields}");
    }
    for join in &changes.join {
        let _ = writeln!(text, "  · joins `{}` as {}: {}", join.name, join.role, join.reason);
    }
    for leave in &changes.leave {
        let _ = writeln!(text, "  · leaves `{}`: {}", leave.name, leave.reason);
    }
}
