//! A small mail to everybody whom a recipe names, sent at once, for whoever wants to know whether mail arrives. Nothing of
//! it is kept.

use std::path::PathBuf;

use jiff::Timestamp;

use super::mailing::{Post, Way};
use crate::recipe::{Recipe, ReportWhen};
use crate::report::mail::{Line, Mail, MailError, Note, SmtpSettings, bare_address, write_to_folder};

/// Somebody whom a recipe names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The address, as it is written first.
    pub address: String,
    /// What goes there.
    pub kinds: Vec<&'static str>,
}

/// How it went.
#[derive(Debug)]
pub enum Tried {
    /// The mail server was asked, for each of those who were named.
    Server(Vec<(Named, Result<(), MailError>)>),
    /// There is no mail server: it is in this file.
    Folder(PathBuf),
}

/// Everybody whom a recipe names, once for each address.
#[must_use]
pub fn named(recipe: &Recipe) -> Vec<Named> {
    let mut all: Vec<Named> = Vec::new();
    let mut name = |address: &String, kind: &'static str| {
        let is_same = |named: &&mut Named| bare_address(&named.address) == bare_address(address);
        match all.iter_mut().find(is_same) {
            Some(named) if named.kinds.contains(&kind) => {}
            Some(named) => named.kinds.push(kind),
            None => all.push(Named { address: address.clone(), kinds: vec![kind] }),
        }
    };
    for recipients in &recipe.report.recipients {
        recipients.to.iter().for_each(|address| name(address, reports(recipients.when)));
    }
    recipe.notify.iter().flat_map(|notify| &notify.to).for_each(|address| name(address, "what goes wrong"));
    all
}

fn reports(when: ReportWhen) -> &'static str {
    match when {
        ReportWhen::Always => "every report",
        ReportWhen::Changes => "reports with changes or problems",
        ReportWhen::Problems => "reports with problems",
        ReportWhen::Failed => "reports of runs that failed",
    }
}

/// Sends a small mail to these.
///
/// # Errors
/// When there is nobody, the mail cannot be made, or the folder does not take it. What a server says of somebody is in the
/// result.
pub async fn try_out(recipe: &Recipe, named: Vec<Named>, post: &Post) -> Result<Tried, MailError> {
    let to: Vec<String> = named
        .iter()
        .filter(|named| bare_address(&named.address).is_some())
        .map(|named| named.address.clone())
        .collect();
    let subject = format!("Rollbook: a test of the mail of {}", recipe.name);
    let text = text(recipe, &named);
    let (recipe, from) = (&*recipe.name, &*post.from);
    let note = Note { recipe, kind: "test", subject: &subject, text: &text, from, to: &to, date: Timestamp::now() };
    let mail = Mail::note(&note)?;
    match post.way() {
        Way::Folder => write_to_folder(&post.outbox, &mail).await.map(Tried::Folder),
        Way::Server(server) => send(&mail, named, &server?).await.map(Tried::Server),
    }
}

fn text(recipe: &Recipe, named: &[Named]) -> String {
    let lines = named.iter().map(|named| format!("- {}: {}\n", named.address, named.kinds.join(", ")));
    format!(
        "This is a test of the mail of the recipe `{}`; nothing was run. By its mail goes:\n{}",
        recipe.name,
        lines.collect::<String>()
    )
}

async fn send(
    mail: &Mail,
    named: Vec<Named>,
    server: &SmtpSettings,
) -> Result<Vec<(Named, Result<(), MailError>)>, MailError> {
    let packed = mail.pack()?;
    let (mut line, mut tried) = (Line::to(server), Vec::with_capacity(named.len()));
    for one in named {
        let sent = match bare_address(&one.address) {
            Some(address) => line.send(&packed.sender, &address, &packed.content).await.map_err(|no| no.failure.into()),
            None => Err(MailError::Address { role: "this".to_owned() }),
        };
        tried.push((one, sent));
    }
    line.close().await;
    Ok(tried)
}
