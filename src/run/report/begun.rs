//! The report of a run as it begins: what is known of it from the recipe, the plan and earlier runs.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::connector::open::title;
use crate::connector::{self, ConnectorSettings, Source, Target};
use crate::engine::brake::Brake;
use crate::model::Plan;
use crate::recipe::Recipe;
use crate::report::{Calls, RunReport, capital};
use crate::run::past::Past;
use crate::store::Begun;

/// What was asked of services; files and databases of this machine are none.
pub(in crate::run) fn calls(recipe: &Recipe, source: &dyn Source, target: &dyn Target) -> Vec<Calls> {
    let asked = [(&recipe.source, source.calls()), (&recipe.target, target.calls())].into_iter();
    let of = |(service, calls): (&ConnectorSettings, Option<connector::Calls>)| {
        let connector::Calls { reads, writes, .. } = calls?;
        Some(Calls { service: title(&service.name).to_owned(), reads, writes })
    };
    asked.filter_map(of).collect()
}

/// The report of a run that is about to write.
pub(in crate::run) fn begin_report(
    recipe: &Recipe,
    begun: &Begun,
    plan: &Plan,
    brake: &Brake,
    started: Timestamp,
    past: Past,
) -> RunReport {
    RunReport {
        employees: plan.figures.employees + plan.figures.unreadable,
        tripped: brake.tripped.clone(),
        findings: plan.findings.clone(),
        table_misses: plan.table_misses.clone(),
        refused: brake.refused.clone(),
        previous: past.previous,
        trend: past.trend,
        needed_attention: past.needed_attention,
        ..empty_report(recipe, begun, plan.today, started)
    }
}

/// The report of a run of which nothing is known yet.
pub(in crate::run) fn empty_report(recipe: &Recipe, begun: &Begun, today: Date, started: Timestamp) -> RunReport {
    let settings = &recipe.report;
    RunReport {
        run: begun.run.to_string(),
        recipe: recipe.name.to_string(),
        title: settings.title.clone().unwrap_or_else(|| title_of(recipe)),
        language: settings.language,
        privacy: settings.privacy.clone(),
        description: Some(recipe.description.clone()).filter(|text| !text.is_empty()),
        source: title(&recipe.source.name).to_owned(),
        target: title(&recipe.target.name).to_owned(),
        today,
        started,
        finished: started,
        timezone: settings.timezone.clone(),
        employees: 0,
        unreadable: Vec::new(),
        outcomes: Vec::new(),
        tripped: Vec::new(),
        findings: Vec::new(),
        table_misses: Vec::new(),
        new_groups: Vec::new(),
        group_changes: Vec::new(),
        phases: Vec::new(),
        refused: None,
        interrupted: begun.interrupted.iter().map(|run| run.run.to_string()).collect(),
        previous: None,
        trend: Vec::new(),
        needed_attention: None,
        calls: Vec::new(),
    }
}

/// What a subject begins with where the recipe does not say: `acme-360learning` to 360Learning is "Acme → 360Learning".
fn title_of(recipe: &Recipe) -> String {
    let company = recipe.name.strip_suffix(&*recipe.target.name).unwrap_or(&recipe.name);
    let words = company.split(['-', '_', '.', ' ']).filter(|word| !word.is_empty()).map(capital);
    let company = words.collect::<Vec<_>>().join(" ");
    let from = if company.is_empty() { title(&recipe.source.name) } else { &company };
    format!("{from} → {}", title(&recipe.target.name))
}
