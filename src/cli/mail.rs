//! Sending a report, and saying where it went.

use std::path::Path;

use super::{Exit, Settings, terminal};
use crate::recipe::ReportSettings;
use crate::report::RunReport;
use crate::report::mail::{MailError, Sent};
use crate::run::mailing::{Post, Posted, post};

/// Sends the report if somebody wants it. A report that cannot be kept anywhere gives the exit code; everything else is said.
pub(super) async fn send(report: RunReport, wanted: &ReportSettings, settings: &Settings) -> Option<Exit> {
    let run = report.run.clone();
    let sent = match post(report, wanted, &settings.post()).await {
        Ok(Posted::Unwanted) => return None,
        Ok(Posted::Sent(sent)) => sent,
        Ok(Posted::Kept(sent, error)) => {
            terminal::say(&format!(
                "warning: {error}\n  help: {}\n  the report is kept in the outbox instead",
                error.help()
            ));
            sent
        }
        Err(error) => return Some(failed(&error, &run)),
    };
    match sent {
        Sent::Smtp => terminal::say("the report was mailed"),
        Sent::File(path) => {
            terminal::say(&format!("report: {} (and the same as {})", path.display(), beside(&path).join(" and ")));
        }
    }
    None
}

/// The endings of what lies beside a mail in the folder.
fn beside(mail: &Path) -> Vec<&'static str> {
    [".html", ".csv", ".zip", ".xlsx"].into_iter().filter(|ending| mail.with_extension(&ending[1..]).exists()).collect()
}

fn failed(error: &MailError, run: &str) -> Exit {
    terminal::say(&format!(
        "error: the run is over, but its report was not sent: {error}\n  help: {}; to read it: rollbook runs {run}",
        error.help(),
    ));
    Exit::CouldNotRun
}

impl Settings {
    pub(super) fn post(&self) -> Post {
        Post { from: self.mail_from.clone(), outbox: self.outbox.clone(), secrets: self.secrets() }
    }
}
