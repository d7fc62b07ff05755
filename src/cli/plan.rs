//! `rollbook plan RECIPE`

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::plan_text::plan_text;
use super::sync::parse_approval;
use super::{Exit, Format, Settings, Stop, terminal};
use crate::connector::open::{open_source, open_target};
use crate::engine::brake::{Approvals, Brake};
use crate::engine::{explain, plan};
use crate::model::{EmployeeId, LimitKind, Plan};
use crate::run::gather::{Reading, gather};
use crate::run::plan_file::SavedPlan;
use crate::run::{RunError, load_of};
use crate::store::Store;

const AFTER_HELP: &str = "\
Examples:
  rollbook plan recipes/demo.yaml --only ada@acme.example
  rollbook plan recipes/demo.yaml --today 2027-01-01
  rollbook plan recipes/demo.yaml --out plan.json      to review now and apply later, exactly as it is

Exit codes: 0 nothing to do · 2 problems · 3 could not run · 4 something held · 5 changes";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct PlanArgs {
    /// The recipe, such as recipes/demo.yaml
    recipe: PathBuf,
    /// Only this person, by mail address or employee id
    #[arg(long, value_name = "PERSON")]
    only: Option<String>,
    /// Save the plan, which holds personal data, for `rollbook sync RECIPE --plan FILE`
    #[arg(long, value_name = "FILE", conflicts_with = "only")]
    out: Option<PathBuf>,
    /// Show the plan as it would be with this approval
    #[arg(long, value_name = "KIND=N", value_parser = parse_approval)]
    approve: Vec<(LimitKind, usize)>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn run(args: &PlanArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_to_run(&args.recipe, settings).await?;
    let store = Store::open(&settings.database).await?;
    let secrets = settings.secrets();
    let (source, target) = (open_source(&recipe.source, &secrets)?, open_target(&recipe.target, &secrets)?);
    let gathered = gather(&recipe, &*source, &*target, &store, Reading::at(settings.now())).await?;
    store.close().await;
    let inputs = gathered.inputs(settings.now());
    let mut plan = plan(&recipe, &inputs);
    if let Some(path) = &args.out {
        SavedPlan::new(&recipe, &inputs, &plan).write(path)?;
        terminal::say(&format!(
            "saved as {}; apply it with: rollbook sync {} --plan {}",
            path.display(),
            args.recipe.display(),
            path.display()
        ));
    }
    let approvals: Approvals = args.approve.iter().copied().collect();
    let mut brake = Brake::check(&plan, &recipe.limits, &approvals);
    if let Some(person) = &args.only {
        let Some(employee) = explain::find(&recipe, &inputs, person) else { return Err(nobody(person).into()) };
        brake = brake.only(&employee);
        only(&mut plan, &employee);
    }
    for finding in target.forecast(&load_of(&plan)).await?.findings {
        terminal::say(&format!("note: {}\n  help: {}", finding.text, finding.hint));
    }
    match args.format {
        Format::Text => terminal::print(&plan_text(&plan, &brake)),
        Format::Json => terminal::print_json(&json!({ "plan": plan, "held": brake.tripped, "refused": brake.refused })),
    }
    Ok(exit(&plan, &brake))
}

/// Takes out what belongs to others, and to nobody.
fn only(plan: &mut Plan, employee: &EmployeeId) {
    plan.people.retain(|planned| planned.employee == *employee);
    plan.new_groups.clear();
    plan.group_changes.clear();
    plan.findings.clear();
    plan.table_misses.clear();
}

/// Nobody fits what was asked for. The text is what the user typed, so it may be shown to them.
pub(super) fn nobody(person: &str) -> RunError {
    RunError::NotFound {
        message: format!("nobody in the source has the address or employee id `{person}`"),
        help:
            "check the spelling; people whom HiBob does not show to the service user cannot be found: in Bob, open its \
               permission group, and see under \"Access data for\" whether a condition leaves this person out, or a \
               lifecycle status other than the chosen ones"
                .to_owned(),
    }
}

fn exit(plan: &Plan, brake: &Brake) -> Exit {
    if brake.holds_anything() {
        return Exit::Held;
    }
    let people = plan.people.iter().any(|person| person.verdict.writes());
    let changes = people || !plan.new_groups.is_empty() || !plan.group_changes.is_empty();
    if changes { Exit::Changes } else { Exit::Done }
}
