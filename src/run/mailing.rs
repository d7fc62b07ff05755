//! Reports on their way to whoever wants them: made into mails, which wait in the state database until they are sent, or put
//! into a folder where no mail server is named.
//!
//! A run that ends marks that its report is due, and the mark goes in one transaction with the mail that is kept. Whoever
//! comes next makes up for what a process that died in between has left.

use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::redelivery::AT_MOST;
use super::report;
use crate::connector::secrets::Secrets;
use crate::recipe::{Recipe, Recipients, ReportSettings, ReportWhen};
use crate::report::mail::{Mail, MailError, SmtpSettings, sort_out, write_to_folder};
use crate::report::{Attention, Forms, RunReport};
use crate::store::{KEEP_MAILS, MailKind, NewMail, RunId, Settles, Store, StoreError};

/// The name of the setting and of the secret that hold the mail server's address.
const SMTP_URL: &str = "ROLLBOOK_SMTP_URL";

/// How mail leaves this process.
#[derive(Debug, Clone)]
pub struct Post {
    /// The sender.
    pub from: String,
    /// The folder for mails where there is no mail server.
    pub outbox: PathBuf,
    /// Where the mail server's address is looked up, anew for each mail.
    pub secrets: Secrets,
}

/// Which way mails go.
#[derive(Debug)]
pub enum Way {
    /// To a mail server, whose address may not be usable.
    Server(Result<SmtpSettings, MailError>),
    /// Into the folder.
    Folder,
}

/// What became of a report or a notice.
#[derive(Debug)]
pub enum Posted {
    /// Nobody wants it.
    Unwanted,
    /// It waits in the state database for whoever sends next.
    Kept,
    /// It is in this file of the folder.
    InFolder(PathBuf),
    /// Another process has made the mail.
    ByAnother,
}

/// Why a mail could not be made or kept.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The mail itself, or the folder.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// The state database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl PostError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Mail(error) => error.help(),
            Self::Store(error) => error.help(),
        }
    }
}

impl Post {
    /// Which way mails go now.
    #[must_use]
    pub fn way(&self) -> Way {
        let url = self.secrets.find(SMTP_URL);
        match url.as_ref().map(|url| url.expose_secret().trim()).filter(|url| !url.is_empty()) {
            Some(url) => Way::Server(SmtpSettings::parse(url)),
            None => Way::Folder,
        }
    }

    /// Keeps a mail until it is sent, or puts it into the folder, and settles what it is about.
    ///
    /// # Errors
    /// When it could not be kept; then nothing is settled.
    pub async fn keep(
        &self,
        mail: &Mail,
        recipe: &str,
        settles: Settles<'_>,
        store: &Store,
    ) -> Result<Posted, PostError> {
        if let Way::Folder = self.way() {
            let file = write_to_folder(&self.outbox, mail).await?;
            store.settle(recipe, settles).await?;
            return Ok(Posted::InFolder(file));
        }
        let kind = match settles {
            Settles::Report(_) => MailKind::Report,
            Settles::Told(_) | Settles::Over => MailKind::Notice,
        };
        let packed = mail.pack()?;
        let kept = NewMail {
            id: &mail.message_id,
            recipe,
            kind,
            made: Timestamp::now(),
            sender: &packed.sender,
            recipients: &packed.recipients,
            content: &packed.content,
        };
        let ours = store.keep_mail(&kept, settles).await?;
        Ok(if ours { Posted::Kept } else { Posted::ByAnother })
    }
}

/// Keeps the report of a run that has ended, if somebody wants it; `rollbook runs` shows it in any case. The report is let
/// go while it becomes a mail: either may be large.
///
/// # Errors
/// When it could not be kept. It is still due then.
pub async fn post(report: RunReport, wanted: &ReportSettings, store: &Store, post: &Post) -> Result<Posted, PostError> {
    let (run, recipe) = (RunId::from(report.run.as_str()), report.recipe.clone());
    let named = recipients(&report, &wanted.recipients);
    if named.is_empty() {
        store.settle(&recipe, Settles::Report(&run)).await?;
        return Ok(Posted::Unwanted);
    }
    let (to, unfit) = sort_out(named);
    for error in unfit {
        tracing::error!(recipe.name = %recipe, %error, help = error.help(), "somebody does not get the report");
    }
    let attach = Forms { csv: wanted.attach_csv, xlsx: wanted.attach_xlsx };
    let mail = Mail::of(report, &post.from, &to, attach)?;
    post.keep(&mail, &recipe, Settles::Report(&run), store).await
}

/// Keeps the reports of a recipe that are still due. Says what became of them, and what the last was that could not be kept.
///
/// # Errors
/// When the state database cannot be read.
pub async fn post_what_is_due(
    recipe: &Recipe,
    store: &Store,
    by: &Post,
) -> Result<(Vec<Posted>, Option<PostError>), StoreError> {
    let (mut posted, mut failed) = (Vec::new(), None);
    for (run, since) in store.reports_due(&recipe.name).await? {
        match post_again(&run, recipe, store, by).await {
            Ok(one) => posted.push(one),
            Err(PostError::Mail(error)) if Timestamp::now().duration_since(since) >= AT_MOST => {
                tracing::error!(run.id = %run, %error, help = error.help(), "a report is given up");
                store.settle(&recipe.name, Settles::Report(&run)).await?;
            }
            Err(error) => failed = Some(error),
        }
    }
    Ok((posted, failed))
}

async fn post_again(run: &RunId, recipe: &Recipe, store: &Store, by: &Post) -> Result<Posted, PostError> {
    let report = report::recall(store, store.run(run.as_str()).await?).await?;
    post(report, &recipe.report, store, by).await
}

/// Forgets what became of old mails, and reports that no recipe has asked for in the time in which a mail is tried.
///
/// # Errors
/// When the state database cannot be written.
pub async fn forget_old(store: &Store, now: Timestamp) -> Result<(), StoreError> {
    let lapsed = store.prune_mails(now - KEEP_MAILS, now - AT_MOST * 2).await?;
    if lapsed > 0 {
        tracing::error!(
            reports = lapsed,
            "reports were due for days and nothing runs their recipes: they are given up"
        );
    }
    Ok(())
}

/// Who wants this report.
fn recipients<'a>(report: &RunReport, wanted: &'a [Recipients]) -> Vec<&'a String> {
    let wanted = wanted.iter().filter(|recipients| is_wanted(report, recipients.when));
    wanted.flat_map(|recipients| &recipients.to).collect()
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
