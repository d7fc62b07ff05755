//! `rollbook explain RECIPE PERSON`

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};

use super::explain_text::explanation_text;
use super::plan::nobody;
use super::{Exit, Format, Settings, Stop, terminal};
use crate::connector::open::{open_source, open_target};
use crate::engine::brake::{Approvals, Brake};
use crate::engine::explain::{Explanation, Line, Mark, explain, find};
use crate::engine::plan;
use crate::run::gather::{Reading, gather};
use crate::store::Store;

#[derive(Debug, Args)]
#[command(after_help = "\
A line with › decided; the others were asked on the way. Each names the file and line that it comes from.

Example:
  rollbook explain recipes/demo.yaml ada@acme.example

Exit codes: 0 explained · 2 problems · 3 could not run, or nobody fits")]
pub(super) struct ExplainArgs {
    /// The recipe, such as recipes/demo.yaml
    recipe: PathBuf,
    /// The person, by mail address or employee id
    person: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn run(args: &ExplainArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_to_run(&args.recipe, settings).await?;
    let store = Store::open(&settings.database).await?;
    let secrets = settings.secrets();
    let (source, target) = (open_source(&recipe.source, &secrets)?, open_target(&recipe.target, &secrets)?);
    let gathered = gather(&recipe, &*source, &*target, &store, Reading::at(settings.now())).await?;
    let inputs = gathered.inputs(settings.now());
    let plan = plan(&recipe, &inputs);
    let employee = find(&recipe, &inputs, &args.person).ok_or_else(|| nobody(&args.person))?;
    let explanation = explain(&recipe, &inputs, &plan, &employee).ok_or_else(|| nobody(&args.person))?;
    let written = match &explanation.plan.user {
        Some(user) => store.written(&recipe.name, user).await?,
        None => None,
    };
    store.close().await;
    let brake = Brake::check(&plan, &recipe.limits, &Approvals::default()).only(&employee);
    match args.format {
        Format::Text => {
            let style = terminal::stdout_style();
            terminal::print_as_is(&explanation_text(&explanation, written.as_ref(), &brake, &args.recipe, style));
        }
        Format::Json => terminal::print_json(&as_json(&explanation, written.as_ref(), &brake)),
    }
    Ok(Exit::Done)
}

fn as_json(explanation: &Explanation, written: Option<&crate::store::Fields>, brake: &Brake) -> Json {
    let stages: Vec<Json> = explanation
        .stages
        .iter()
        .map(|stage| json!({ "stage": stage.name, "lines": stage.lines.iter().map(line).collect::<Vec<_>>() }))
        .collect();
    json!({
        "today": explanation.today.to_string(),
        "stages": stages,
        "plan": explanation.plan,
        "held": brake.tripped,
        "refused": brake.refused,
        "would_change": explanation.would_change.iter().map(line).collect::<Vec<_>>(),
        "last_written": written,
    })
}

fn line(line: &Line) -> Json {
    let mark = match line.mark {
        Mark::Decides => "decides",
        Mark::Passed => "passed",
        Mark::Fact => "fact",
    };
    json!({ "mark": mark, "text": line.text, "at": line.origin.as_ref().map(ToString::to_string) })
}
