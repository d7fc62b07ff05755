//! An explanation as people read it: stage by stage, `›` where something was decided, then the action, then what would
//! change it.

use std::fmt::Write as _;
use std::path::Path;

use super::held_text::held_of;
use crate::engine::brake::Brake;
use crate::engine::explain::{Explanation, Line, Mark};
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
    for stage in &explanation.stages {
        let _ = writeln!(text, "\n{}", heading(stage.name, style));
        stage.lines.iter().for_each(|line| write_line(&mut text, line));
    }
    let _ = writeln!(text, "\n{}", heading("action", style));
    write_action(&mut text, plan);
    write_held(&mut text, plan, brake);
    if let Some(written) = written.filter(|written| !written.is_empty()) {
        let _ = writeln!(text, "\n{}", heading("last written by Rollbook", style));
        for (field, value) in written {
            let _ = writeln!(text, "  · {field} = {}", value.as_str().unwrap_or("(empty)"));
        }
    }
    let held = || brake.tripped.iter().filter(|tripped| !tripped.approved);
    if !explanation.would_change.is_empty() || held().next().is_some() {
        let _ = writeln!(text, "\n{}", heading("what would change the outcome", style));
        for tripped in held() {
            let approval = tripped.approval();
            let _ = writeln!(text, "  · the brake lets it pass once: rollbook sync {} {approval}", recipe.display());
        }
        explanation.would_change.iter().for_each(|line| write_line(&mut text, line));
    }
    text
}

/// What the brake says of the action: that it is not carried out, and why.
fn write_held(text: &mut String, plan: &PersonPlan, brake: &Brake) {
    if let Some(refused) = &brake.refused {
        let _ = writeln!(text, "  ! refused, like everything else: {refused}");
    }
    let Some(what) = held_of(plan, brake) else { return };
    for tripped in brake.tripped.iter().filter(|tripped| !tripped.approved) {
        let (count, kind, limit) = (tripped.count, tripped.kind, &tripped.limit);
        let _ = writeln!(text, "  ! the brake holds {what}: {count} changes of kind {kind}; the limit is {limit}");
    }
}

fn heading(name: &str, style: Style) -> String {
    match style {
        Style::Colour => format!("\u{1b}[1m{name}\u{1b}[0m"),
        Style::Plain => name.to_owned(),
    }
}

fn write_line(text: &mut String, line: &Line) {
    let mark = match line.mark {
        Mark::Decides => '›',
        Mark::Passed | Mark::Fact => '·',
    };
    let place = line.origin.as_ref().map_or_else(String::new, |origin| format!("   [{origin}]"));
    let _ = writeln!(text, "  {mark} {}{place}", line.text);
}

fn write_action(text: &mut String, plan: &PersonPlan) {
    let _ = writeln!(text, "  › {}: {}", plan.verdict, plan.reason);
    if let Some(link) = &plan.new_link {
        let _ = writeln!(text, "  · the pair will be remembered: {link}");
    }
    if let Some(changes) = &plan.changes {
        write_changes(text, changes);
    }
    for finding in &plan.findings {
        let _ = writeln!(text, "  ! {} ({})", finding.text, finding.whose);
    }
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
