//! Sending reports, and saying where they went.

use std::path::Path;

use super::{Exit, Settings, terminal};
use crate::recipe::Recipe;
use crate::report::RunReport;
use crate::run::mailing::{Post, PostError, Posted, forget_old, post, post_what_is_due};
use crate::run::sending::{Sent, Which, send as send_mails};
use crate::run::{RunError, Stop};
use crate::store::Store;

/// Keeps the report of a run if somebody wants it, with those that are still due of earlier runs, and sends what waits of
/// the recipe. A report that cannot be kept gives the exit code; everything else is said.
pub(super) async fn send(
    report: Option<RunReport>,
    recipe: &Recipe,
    store: &Store,
    settings: &Settings,
) -> Option<Exit> {
    let by = settings.post();
    let mut failed = None;
    if let Some(report) = report {
        let run = report.run.clone();
        match post(report, &recipe.report, store, &by).await {
            Ok(posted) => say_posted(&posted),
            Err(error) => {
                say_failed(&error, &run);
                failed = Some(Exit::CouldNotRun);
            }
        }
    }
    if let Err(error) = what_waits(recipe, store, &by, failed.is_none()).await {
        terminal::say(&format!("warning: mails may wait that were not sent: {error}\n  help: {}", error.help()));
    }
    failed
}

/// Does the same with what waits of earlier runs. Who has just failed to make a mail would fail again.
async fn what_waits(recipe: &Recipe, store: &Store, by: &Post, makes_mails: bool) -> Result<(), RunError> {
    if makes_mails {
        let (posted, failed) = post_what_is_due(recipe, store, by).await?;
        posted.iter().for_each(say_posted);
        if let Some(error) = failed {
            terminal::say(&format!("warning: an earlier report was not sent: {error}\n  help: {}", error.help()));
        }
    }
    say_sent(&send_mails(&recipe.name, store, by, &Stop::never(), Which::Waiting).await?);
    Ok(forget_old(store, jiff::Timestamp::now()).await?)
}

fn say_posted(posted: &Posted) {
    match posted {
        Posted::InFolder(path) => {
            terminal::say(&format!("report: {} (and the same as {})", path.display(), beside(path).join(" and ")));
        }
        Posted::ByAnother => terminal::say("another process has taken the report to send it"),
        Posted::Kept | Posted::Unwanted => {}
    }
}

/// The endings of what lies beside a mail in the folder.
fn beside(mail: &Path) -> Vec<&'static str> {
    [".html", ".csv", ".zip", ".xlsx"].into_iter().filter(|ending| mail.with_extension(&ending[1..]).exists()).collect()
}

fn say_failed(error: &PostError, run: &str) {
    terminal::say(&format!(
        "error: the run is over, but its report was not sent: {error}\n  help: {}; the next sync tries it again; to read \
         it: rollbook runs {run}",
        error.help(),
    ));
}

fn say_sent(sent: &Sent) {
    let Sent { sent, waiting, given_up, trouble, by_another } = sent;
    if *by_another {
        terminal::say("another process has the mails of this recipe in hand: the report is sent after them");
    }
    if let Some(error) = trouble {
        let given_up = if *given_up > 0 { format!(", {given_up} given up") } else { String::new() };
        terminal::say(&format!(
            "warning: {error}\n  help: {}\n  the report is kept and tried again, by the next sync of this recipe or by \
             `rollbook serve`: {sent} sent, {waiting} waiting{given_up}",
            error.help()
        ));
    } else if *sent > 0 {
        terminal::say("the report was mailed");
    }
}

impl Settings {
    pub(super) fn post(&self) -> Post {
        Post { from: self.mail_from.clone(), outbox: self.outbox.clone(), secrets: self.secrets() }
    }
}
