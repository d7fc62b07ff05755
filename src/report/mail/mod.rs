//! The report as a mail, and the ways it leaves: over SMTP, or into a folder. The only module that names the mail library.
//! When it leaves, and what becomes of it if it does not, is `run`'s.
//!
//! Errors say what went wrong and what to do, and never hold an address, a password or a server's own words.

use std::io;
use std::path::PathBuf;

use jiff::Timestamp;

mod attached;
mod content;
mod folder;
mod headers;
mod message;
mod smtp;
mod smtp_url;

#[cfg(test)]
mod tests;

pub use content::Content;
pub use folder::write as write_to_folder;
pub use message::{Packed, bare_address, sort_out};
pub use smtp::{Concern, Line, NotTaken, SmtpFailure};
pub use smtp_url::SmtpSettings;

use headers::{List, Thread};

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

/// A message about a recipe, before it is a mail.
pub struct Note<'a> {
    /// The recipe's name.
    pub recipe: &'a str,
    /// What it is, in a word of its id: `notice`, `test`.
    pub kind: &'static str,
    /// In one line.
    pub subject: &'a str,
    /// Everything, in lines.
    pub text: &'a str,
    /// Who sends it.
    pub from: &'a str,
    /// Who gets it.
    pub to: &'a [String],
    /// When; together with recipe and kind it tells one note from another.
    pub date: Timestamp,
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
    Smtp(#[from] SmtpFailure),
    /// The folder did not take it.
    #[error("cannot write the report to `{}`: {}", path.display(), cause.kind())]
    Folder {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
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

impl Mail {
    /// The mail of a report, with the tables attached that are wanted and for which there is room. The report is let go while
    /// they grow. What is not there is said, with where it is.
    ///
    /// # Errors
    /// When the sender is not an address.
    pub fn of(report: RunReport, from: &str, to: &[String], attach: Forms) -> Result<Self, MailError> {
        let list = List::of(&report.recipe, from)?;
        let language = report.language.code().to_owned();
        let attention = Attention::of(&report);
        let mut view = View::with(&report, &attention);
        let (name, date) = (report.run.clone(), report.finished);
        let room = attached::room_beside(MOST_TEXT + LONGEST_PAGE);
        let attached = attached::attach(report, &attention, attach, room)
            .map_err(|error| MailError::Build(error.kind().to_string()))?;
        view.facts.extend(attached.notes);
        Ok(Self {
            message_id: list.message_id(&name),
            name,
            from: from.to_owned(),
            to: to.to_vec(),
            text: view.within(MOST_TEXT, text_of),
            subject: view.subject.clone(),
            html: Some(html_of(view)),
            attachments: attached.files,
            date,
            headers: [list.headers(Thread::Reports), vec![("Content-Language".to_owned(), language)]].concat(),
        })
    }

    /// A message about a recipe, as plain text.
    ///
    /// # Errors
    /// When the sender is not an address.
    pub fn note(note: &Note<'_>) -> Result<Self, MailError> {
        let list = List::of(note.recipe, note.from)?;
        let name = format!("{}-{}-{}", list.token(), note.kind, note.date.strftime("%Y%m%d-%H%M%S-%3f"));
        Ok(Self {
            message_id: list.message_id(&name),
            name,
            from: note.from.to_owned(),
            to: note.to.to_vec(),
            subject: note.subject.to_owned(),
            text: note.text.to_owned(),
            html: None,
            attachments: Vec::new(),
            date: note.date,
            headers: list.headers(Thread::Notices),
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
