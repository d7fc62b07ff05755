//! `rollbook sync RECIPE`

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::progress::Bar;
use super::{Exit, Settings, Stop, mail, terminal};
use crate::engine::brake::Approvals;
use crate::model::{LimitKind, OutcomeKind};
use crate::recipe::Recipe;
use crate::report::{Totals, summary};
use crate::run::RunError;
use crate::run::plan_file::SavedPlan;
use crate::run::sync::{Request, Synced, sync};
use crate::store::{RunStatus, Store};

const AFTER_HELP: &str = "\
The brake holds back what breaks a limit of the recipe, such as too many deactivations, and lets
the rest go on. What is held is named in the report, with the approval that lets it pass once.

Examples:
  rollbook sync recipes/demo.yaml
  rollbook sync recipes/demo.yaml --approve deactivate=25
  rollbook sync recipes/demo.yaml --plan plan.json     a plan saved with `rollbook plan --out`

Settings that only the environment has:
  ROLLBOOK_SMTP_URL    the mail server for reports; without it they are kept in --outbox
  ROLLBOOK_LOG         what is logged to stderr: warn (the default), info, debug

Exit codes: 0 done · 1 some people failed · 2 problems · 3 could not run · 4 something held";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct SyncArgs {
    /// The recipe, such as recipes/demo.yaml
    recipe: PathBuf,
    /// Apply a saved plan exactly as it is, or refuse it as stale
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Let held changes of a kind pass this once if they are at most N: deactivate, change_login, clear_field or
    /// source_shrink or target_shrink; may be repeated
    #[arg(long, value_name = "KIND=N", value_parser = parse_approval)]
    approve: Vec<(LimitKind, usize)>,
    /// Ask the target about every user, where its listings leave something out that is otherwise taken from what was last
    /// read or written: finds what was changed there by hand, and takes a call or more per user
    #[arg(long)]
    verify: bool,
    /// Run though the last run by hand is younger than the recipe's `manual_every`
    #[arg(long)]
    now: bool,
}

pub(super) async fn run(args: SyncArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_to_run(&args.recipe, settings).await?;
    let saved = args.plan.as_deref().map(SavedPlan::read).transpose()?;
    let approvals: Approvals = args.approve.iter().copied().collect();
    let store = Store::open(&settings.database).await?;
    if !args.now {
        expect_time_has_come(&recipe, &store).await?;
    }
    let bar = Bar::new();
    let secrets = settings.secrets();
    let request = Request {
        recipe: &recipe,
        secrets: &secrets,
        now: settings.now(),
        approvals,
        saved,
        verify: args.verify,
        progress: &bar,
        stop: crate::run::Stop::never(),
        started_by: crate::store::StartedBy::Hand,
    };
    let synced = sync(request, &store).await;
    bar.finish();
    let (ended, report) = match synced {
        Ok(synced) => {
            terminal::print(&format!("{}\n", summary(&synced.report).trim_end()));
            (Ok(exit(&synced)), Some(synced.report))
        }
        // Whoever has the database, or the recipe, sends its mails.
        Err(error @ RunError::Store(_)) => return Err(error.into()),
        Err(error) => (Err(error), None),
    };
    let not_kept = mail::send(report, &recipe, &store, settings).await;
    store.close().await;
    Ok(not_kept.unwrap_or(ended?))
}

/// Refuses a run by hand that comes too soon after the last one, where the recipe says how often there may be one.
async fn expect_time_has_come(recipe: &Recipe, store: &Store) -> Result<(), Stop> {
    let Some(schedule) = &recipe.schedule else { return Ok(()) };
    let Some(last) = store.last_by_hand(&recipe.name).await? else { return Ok(()) };
    let Some(from) = schedule.by_hand_from(last, Timestamp::now()) else { return Ok(()) };
    let time = |moment: Timestamp| moment.to_zoned(recipe.zones.default.clone()).strftime("%Y-%m-%d %H:%M:%S %Z");
    let message =
        format!("recipe `{}` was run by hand at {}, and may be again from {} on", recipe.name, time(last), time(from));
    let help = "wait until then, or add --now; `manual_every` in the recipe says how often".to_owned();
    Err(RunError::TooSoon { message, help }.into())
}

fn exit(synced: &Synced) -> Exit {
    let totals = Totals::of(&synced.report);
    let failed = totals.count(OutcomeKind::Failed);
    match synced.status {
        RunStatus::Refused => Exit::CouldNotRun,
        _ if failed > 0 || synced.status == RunStatus::Failed => Exit::Failed,
        _ if synced.held => Exit::Held,
        _ => Exit::Done,
    }
}

/// `deactivate=12`
pub(super) fn parse_approval(text: &str) -> Result<(LimitKind, usize), String> {
    let words = || LimitKind::ALL.map(LimitKind::word).join(", ");
    let (word, number) = text.split_once('=').ok_or_else(|| format!("write it as KIND=N; kinds are {}", words()))?;
    let kind = LimitKind::ALL.into_iter().find(|kind| kind.word() == word.trim());
    let kind = kind.ok_or_else(|| format!("there is no kind `{word}`; kinds are {}", words()))?;
    let number = number.trim().parse().map_err(|_| format!("`{number}` is not a number of changes"))?;
    Ok((kind, number))
}
