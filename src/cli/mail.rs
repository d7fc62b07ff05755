//! Sending a report, or keeping it in the outbox.

use secrecy::ExposeSecret;

use super::{Exit, Settings, terminal};
use crate::recipe::{ReportSettings, ReportWhen};
use crate::report::mail::{Mail, MailError, Mailer, Sent};
use crate::report::{Attention, RunReport};

/// The name of the setting and of the secret that hold the mail server's address.
const SMTP_URL: &str = "ROLLBOOK_SMTP_URL";

/// Sends the report if somebody wants it; `rollbook runs` shows it in any case. A report that cannot be kept anywhere gives
/// the exit code; everything else is said. The report is let go while it becomes a mail: either may be large.
pub(super) async fn send(report: RunReport, wanted: &ReportSettings, settings: &Settings) -> Option<Exit> {
    if wanted.to.is_empty() || !is_wanted(&report, wanted.when) {
        return None;
    }
    let run = report.run.clone();
    let mail = match Mail::of(report, &settings.mail_from, &wanted.to, wanted.attach_csv) {
        Ok(mail) => mail,
        Err(error) => return Some(failed(&error, &run)),
    };
    let smtp = settings.secrets().find(SMTP_URL);
    let sent = match Mailer::from_settings(smtp.as_ref().map(ExposeSecret::expose_secret), &settings.outbox) {
        Ok(mailer) => mailer.send(&mail).await,
        Err(error) => Err(error),
    };
    let sent = match sent {
        Err(error) if smtp.is_some() => {
            terminal::say(&format!(
                "warning: {error}\n  help: {}\n  the report is kept in the outbox instead",
                error.help()
            ));
            Mailer::Folder(settings.outbox.clone()).send(&mail).await
        }
        sent => sent,
    };
    match sent {
        Ok(Sent::Smtp) => terminal::say("the report was mailed"),
        Ok(Sent::File(path)) => {
            let others = if wanted.attach_csv { ".html and .csv" } else { ".html" };
            terminal::say(&format!("report: {} (and the same as {others})", path.display()));
        }
        Err(error) => return Some(failed(&error, &mail.name)),
    }
    None
}

fn failed(error: &MailError, run: &str) -> Exit {
    terminal::say(&format!(
        "error: the run is over, but its report was not sent: {error}\n  help: {}; to read it: rollbook runs {run}",
        error.help(),
    ));
    Exit::CouldNotRun
}

fn is_wanted(report: &RunReport, when: ReportWhen) -> bool {
    let problems = || !Attention::of(report).groups.is_empty();
    match when {
        ReportWhen::Always => true,
        ReportWhen::Changes => report.changed_anything() || problems(),
        ReportWhen::Problems => problems(),
    }
}
