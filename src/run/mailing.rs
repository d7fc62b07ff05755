//! A run's report on its way to whoever wants it: by the mail server, or into the outbox.

use std::path::PathBuf;

use secrecy::ExposeSecret;

use crate::connector::secrets::Secrets;
use crate::recipe::{Recipients, ReportSettings, ReportWhen};
use crate::report::mail::{Mail, MailError, Mailer, Sent};
use crate::report::{Attention, Forms, RunReport};

/// The name of the setting and of the secret that hold the mail server's address.
const SMTP_URL: &str = "ROLLBOOK_SMTP_URL";

/// How mail leaves this process.
#[derive(Debug, Clone)]
pub struct Post {
    /// The sender.
    pub from: String,
    /// The folder for what no mail server takes.
    pub outbox: PathBuf,
    /// Where the mail server's address is looked up, anew for each mail.
    pub secrets: Secrets,
}

/// Where a report went.
#[derive(Debug)]
pub enum Posted {
    /// Nowhere: nobody wants it.
    Unwanted,
    /// To the mail server, or where there is none into the outbox.
    Sent(Sent),
    /// Into the outbox, as the mail server did not take it.
    Kept(Sent, MailError),
}

/// Sends a report if somebody wants it; `rollbook runs` shows it in any case. The report is let go while it becomes a mail:
/// either may be large.
///
/// # Errors
/// When it could not even be kept.
pub async fn post(report: RunReport, wanted: &ReportSettings, post: &Post) -> Result<Posted, MailError> {
    let to = recipients(&report, &wanted.recipients);
    if to.is_empty() {
        return Ok(Posted::Unwanted);
    }
    let attach = Forms { csv: wanted.attach_csv, xlsx: wanted.attach_xlsx };
    post.send(&Mail::of(report, &post.from, &to, attach)?).await
}

impl Post {
    /// Sends a mail, or keeps it.
    ///
    /// # Errors
    /// When it could not even be kept.
    pub async fn send(&self, mail: &Mail) -> Result<Posted, MailError> {
        let smtp = self.secrets.find(SMTP_URL);
        let sent = match Mailer::from_settings(smtp.as_ref().map(ExposeSecret::expose_secret), &self.outbox) {
            Ok(mailer) => mailer.send(mail).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok(sent) => Ok(Posted::Sent(sent)),
            Err(error) if smtp.is_some() => {
                let kept = Mailer::Folder(self.outbox.clone()).send(mail).await?;
                Ok(Posted::Kept(kept, error))
            }
            Err(error) => Err(error),
        }
    }
}

/// Who wants this report, each once.
fn recipients(report: &RunReport, wanted: &[Recipients]) -> Vec<String> {
    let mut to: Vec<String> = Vec::new();
    for recipients in wanted.iter().filter(|recipients| is_wanted(report, recipients.when)) {
        to.extend(recipients.to.iter().filter(|address| !to.contains(*address)).cloned().collect::<Vec<_>>());
    }
    to
}

fn is_wanted(report: &RunReport, when: ReportWhen) -> bool {
    let problems = || !Attention::of(report).groups.is_empty();
    match when {
        ReportWhen::Always => true,
        ReportWhen::Changes => report.changed_anything() || problems(),
        ReportWhen::Problems => problems(),
        ReportWhen::Failed => report.refused.is_some(),
    }
}
