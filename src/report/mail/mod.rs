//! The report as a mail, and how it leaves: over SMTP, or into a folder. The only module that names the mail library.
//!
//! Errors say what went wrong and what to do, and never hold an address, a password or a server's own words.

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

mod attached;
mod content;
mod message;
mod outbox;
mod smtp;

#[cfg(test)]
mod tests;

pub use content::Content;
pub use smtp::SmtpSettings;

use super::html::{LONGEST as LONGEST_PAGE, html_of};
use super::tables::Forms;
use super::text::text_of;
use super::view::View;
use super::{Attention, RunReport};

/// How many bytes the plain text of a mail may have: several hundred people.
const MOST_TEXT: usize = 200_000;

/// A mail, before it has the form that travels.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// The run or digest it is about; names the files of the folder.
    pub name: String,
    /// Who sends it: `Rollbook <rollbook@acme.example>`.
    pub from: String,
    /// Who gets it.
    pub to: Vec<String>,
    /// The subject, in any script.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The page, where there is one beside the text.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// The `Message-ID`, without angle brackets. The same run gives the same id, so a mail sent twice is shown once.
    pub message_id: String,
    /// The `Date`.
    pub date: Timestamp,
    /// Further headers: name and value.
    pub headers: Vec<(String, String)>,
}

/// A file in a mail.
#[derive(Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// What is in it.
    pub content: Content,
}

/// How mails leave.
#[derive(Debug, Clone)]
pub enum Mailer {
    /// Over SMTP.
    Smtp(SmtpSettings),
    /// As files in a folder.
    Folder(PathBuf),
}

/// Where a mail went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The mail server took it.
    Smtp,
    /// It is in this file.
    File(PathBuf),
}

/// Why a mail did not leave.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// Something that should be a mail address is none.
    #[error("{role} is not a mail address")]
    Address {
        /// "the sender", "recipient 2".
        role: String,
    },
    /// The mail has nobody to go to.
    #[error("the mail has no recipients")]
    NoRecipients,
    /// A header or a media type that no mail can have.
    #[error("the mail cannot be built: {0}")]
    Build(String),
    /// The SMTP URL is not usable.
    #[error("the SMTP URL is not usable: {0}")]
    Settings(&'static str),
    /// The mail server did not take it.
    #[error("the mail server did not take the mail: {0}")]
    Smtp(SmtpFailure),
    /// The folder did not take it.
    #[error("cannot write the report to `{}`: {}", path.display(), cause.kind())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// What kept a mail server from taking a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmtpFailure {
    /// Nobody answered in time.
    #[error("it did not answer in time")]
    Timeout,
    /// There was no connection, or it broke.
    #[error("there is no connection to it")]
    Connection,
    /// No encrypted connection.
    #[error("an encrypted connection was not possible")]
    Tls,
    /// It answered with a code that says no.
    #[error("it answered with code {0}")]
    Refused(u16),
    /// It did something that the protocol does not know.
    #[error("it gave an answer that is not understood")]
    Protocol,
}

impl MailError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address { .. } => "write it as `name@company.example` or `Name <name@company.example>`",
            Self::NoRecipients => "name somebody in `report: { to: [...] }`",
            Self::Build(_) => "report this as a mistake in Rollbook",
            Self::Settings(_) => "write it as `smtps://user:password@host` or `smtp://user:password@host:587`",
            Self::Smtp(failure) => failure.help(),
            Self::Folder { .. } => {
                "see that the folder of `--outbox` can be made and written to, and that the disk has room"
            }
        }
    }
}

impl SmtpFailure {
    fn help(self) -> &'static str {
        match self {
            Self::Timeout | Self::Connection => "see that host and port in `ROLLBOOK_SMTP_URL` are right and reachable",
            Self::Tls => {
                "use `smtps://` for port 465 and `smtp://` for 587, and see that the server's certificate is valid; \
                 `?tls=none` sends without encryption and without a password"
            }
            Self::Refused(530 | 534 | 535) => "see that user and password in `ROLLBOOK_SMTP_URL` are right",
            Self::Refused(550 | 551 | 553) => {
                "see that the sender and the recipients of the report may be used with this server"
            }
            Self::Refused(400..=499) => "nothing: it is tried again later",
            Self::Refused(_) | Self::Protocol => "see in the mail server's log why it refused",
        }
    }
}

impl Mailer {
    /// SMTP where there is a URL, the folder where there is none.
    ///
    /// # Errors
    /// When the URL is not usable.
    pub fn from_settings(smtp_url: Option<&str>, outbox: &Path) -> Result<Self, MailError> {
        match smtp_url.map(str::trim).filter(|url| !url.is_empty()) {
            Some(url) => Ok(Self::Smtp(SmtpSettings::parse(url)?)),
            None => Ok(Self::Folder(outbox.to_owned())),
        }
    }

    /// Sends a mail, or writes it to the folder.
    ///
    /// # Errors
    /// When it did not leave; nothing of it is in the folder then.
    pub async fn send(&self, mail: &Mail) -> Result<Sent, MailError> {
        match self {
            Self::Smtp(settings) => settings.send(&message::build(mail)?).await.map(|()| Sent::Smtp),
            Self::Folder(folder) => outbox::write(folder, mail).await.map(Sent::File),
        }
    }
}

impl Mail {
    /// The mail of a report, with the tables attached that are wanted and for which there is room. The report is let go while
    /// they grow. What is not there is said, with where it is.
    ///
    /// # Errors
    /// When the sender is not an address.
    pub fn of(report: RunReport, from: &str, to: &[String], attach: Forms) -> Result<Self, MailError> {
        let domain = message::domain(from)?;
        let recipe = message::slug(&report.recipe);
        let thread = format!("<{recipe}.reports@{domain}>");
        let report = report.kept_private();
        let attention = Attention::of(&report);
        let mut view = View::with(&report, &attention);
        let (name, date) = (report.run.clone(), report.finished);
        let room = attached::room_beside(MOST_TEXT + LONGEST_PAGE);
        let attached = attached::attach(report, &attention, attach, room)
            .map_err(|error| MailError::Build(error.kind().to_string()))?;
        view.facts.extend(attached.notes);
        Ok(Self {
            message_id: format!("{}.{recipe}@{domain}", message::slug(&name)),
            name,
            from: from.to_owned(),
            to: to.to_vec(),
            text: view.within(MOST_TEXT, text_of),
            subject: view.subject.clone(),
            html: Some(html_of(view)),
            attachments: attached.files,
            date,
            headers: vec![
                ("Auto-Submitted".to_owned(), "auto-generated".to_owned()),
                ("List-Id".to_owned(), format!("{} <{recipe}.rollbook.{domain}>", recipe)),
                // No mail has this id; it is what keeps the reports of one recipe together.
                ("In-Reply-To".to_owned(), thread.clone()),
                ("References".to_owned(), thread),
            ],
        })
    }

    /// A message about a recipe, as plain text.
    ///
    /// # Errors
    /// When the sender is not an address.
    pub fn notice(
        recipe: &str,
        subject: &str,
        text: &str,
        from: &str,
        to: &[String],
        date: Timestamp,
    ) -> Result<Self, MailError> {
        let domain = message::domain(from)?;
        let name = format!("{}-notice-{}", message::slug(recipe), date.strftime("%Y%m%d-%H%M%S"));
        Ok(Self {
            message_id: format!("{name}@{domain}"),
            name,
            from: from.to_owned(),
            to: to.to_vec(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            html: None,
            attachments: Vec::new(),
            date,
            headers: vec![("Auto-Submitted".to_owned(), "auto-generated".to_owned())],
        })
    }

    /// The mail as it travels and as it is kept in an `.eml` file.
    ///
    /// # Errors
    /// When an address or a header cannot be used.
    pub fn to_eml(&self) -> Result<Vec<u8>, MailError> {
        Ok(message::build(self)?.whole())
    }
}

impl std::fmt::Debug for Mail {
    /// Without addresses and without what is in it: both are personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mail").field("name", &self.name).field("recipients", &self.to.len()).finish_non_exhaustive()
    }
}
