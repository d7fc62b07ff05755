//! Mails that wait leave: over one connection for each recipe, by one process at a time. What is not taken is tried again.
//!
//! Between the moment in which the server has taken a mail and the record of it there is nothing but writing that record,
//! which is tried until it is done. A process that is killed there leaves a mail that is sent again, with the same
//! `Message-ID`.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::mailing::{Post, Way};
use super::redelivery::fate;
use super::{RunError, Stop};
use crate::report::mail::{Concern, Line, MailError, NotTaken, SmtpSettings};
use crate::store::{Fate, Outgoing, Sender, Store, StoreError};

/// So many lines lost one after the other, each with a mail in hand, and it is not those mails.
const LINES: usize = 2;

/// How long whoever has the mails is waited for, and how often.
const TAKING: (Duration, u32) = (Duration::from_millis(100), 20);

/// How long it is tried to write down that a mail was sent, and how often.
const RECORDING: (Duration, u32) = (Duration::from_secs(1), 300);

/// Which mails are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those whose time has come.
    Due,
    /// All that wait: somebody has just begun a run. But not sooner than their time those that were refused for good.
    Waiting,
}

/// What came of sending.
#[derive(Debug, Default)]
pub struct Sent {
    /// Mails that the server has taken.
    pub sent: usize,
    /// Mails that are tried again.
    pub waiting: usize,
    /// Mails that are not tried any more.
    pub given_up: usize,
    /// What the last of them failed at.
    pub trouble: Option<MailError>,
    /// Whether another process has the mails in hand.
    pub by_another: bool,
}

/// Sends what is to be sent of a recipe now, if there is a mail server. It ends in bounded time, and between two mails when
/// it is asked to.
///
/// # Errors
/// When the state database cannot be used.
pub async fn send(recipe: &str, store: &Store, post: &Post, stop: &Stop, which: Which) -> Result<Sent, RunError> {
    let waiting = async |which| {
        let now = Timestamp::now();
        let unrefused = if which == Which::Due { now } else { Timestamp::MAX };
        store.outgoing(recipe, now, unrefused).await
    };
    if matches!(post.way(), Way::Folder) || waiting(which).await?.is_empty() {
        return Ok(Sent::default());
    }
    let Some(sender) = take(recipe, store).await? else {
        return Ok(Sent { by_another: true, ..Sent::default() });
    };
    let mut round = Round { recipe, store, stop, sender, sent: Sent::default() };
    // Read again: who had them until a moment ago may have sent them.
    let mut due = waiting(which).await?;
    while !due.is_empty() && !stop.is_asked() {
        match post.way() {
            Way::Server(Ok(server)) => round.send(&due, &server).await?,
            Way::Server(Err(error)) => round.postpone(&due, error).await?,
            Way::Folder => break,
        }
        // What others have put there meanwhile they leave to whoever sends.
        due = waiting(Which::Due).await?;
    }
    Ok(round.sent)
}

/// Takes the mails of a recipe; whoever has them may be about to let them go.
async fn take(recipe: &str, store: &Store) -> Result<Option<Sender>, StoreError> {
    let (pause, times) = TAKING;
    for _ in 0..times {
        if let Some(sender) = store.sender(recipe).await? {
            return Ok(Some(sender));
        }
        sleep(pause).await;
    }
    Ok(None)
}

/// One go at what is due.
struct Round<'a> {
    recipe: &'a str,
    store: &'a Store,
    stop: &'a Stop,
    sender: Sender,
    sent: Sent,
}

impl Round<'_> {
    async fn send(&mut self, due: &[Outgoing], server: &SmtpSettings) -> Result<(), RunError> {
        let (mut line, mut lost, mut mail) = (Line::to(server), 0, None);
        for (at, outgoing) in due.iter().enumerate() {
            if self.stop.is_asked() {
                break;
            }
            let (sender, content) = self.content(outgoing, &mut mail).await?;
            let taken = tokio::select! {
                biased;
                taken = line.send(sender, &outgoing.address, content) => taken,
                // Somebody else may have taken over: what is in hand is let go at once. But never between the server's answer
                // and its record.
                () = self.sender.lost() => return Err(StoreError::Lost { recipe: self.recipe.to_owned() }.into()),
            };
            let Err(NotTaken { failure, concern }) = taken else {
                self.was_sent(outgoing).await?;
                lost = 0;
                continue;
            };
            lost = if concern == Concern::Line { lost + 1 } else { 0 };
            if concern == Concern::Everybody || lost == LINES {
                return self.postpone(&due[at..], failure.into()).await;
            }
            self.postpone(std::slice::from_ref(outgoing), failure.into()).await?;
        }
        line.close().await;
        Ok(())
    }

    /// A mail's sender and text; read once for all of its recipients.
    async fn content<'m>(
        &self,
        outgoing: &Outgoing,
        mail: &'m mut Option<(String, String, String)>,
    ) -> Result<(&'m str, &'m str), RunError> {
        if mail.as_ref().is_none_or(|(id, ..)| *id != outgoing.mail) {
            // Let go before the next one is read: either may be large.
            *mail = None;
            let (sender, content) = self.store.mail_content(&outgoing.mail).await?;
            *mail = Some((outgoing.mail.clone(), sender, content));
        }
        Ok(mail.as_ref().map_or(("", ""), |(_, sender, content)| (sender, content)))
    }

    /// Writes down that the server has it. Nothing else may come in between, and only a kill or a database that is gone for
    /// long can.
    async fn was_sent(&mut self, outgoing: &Outgoing) -> Result<(), RunError> {
        let (pause, times) = RECORDING;
        let mut tries = 0;
        while let Err(error) = self.store.end_outgoing(&[(outgoing, Fate::Sent)], Timestamp::now()).await {
            tries += 1;
            if tries == times {
                return Err(error.into());
            }
            tracing::warn!(recipe.name = %self.recipe, %error, help = error.help(), "a mail was sent, which cannot be written down yet");
            sleep(pause).await;
        }
        tracing::info!(recipe.name = %self.recipe, mail.id = %outgoing.mail, "a mail was sent");
        self.sent.sent += 1;
        Ok(())
    }

    /// Writes down that mails failed, and when they are tried again.
    async fn postpone(&mut self, due: &[Outgoing], error: MailError) -> Result<(), RunError> {
        let now = Timestamp::now();
        let fates: Vec<(&Outgoing, Fate)> =
            due.iter().map(|outgoing| (outgoing, fate(outgoing, &error, now))).collect();
        self.store.end_outgoing(&fates, now).await?;
        let given_up = fates.iter().filter(|(_, fate)| matches!(fate, Fate::GivenUp { .. })).count();
        let waiting = fates.len() - given_up;
        let help = error.help();
        if given_up > 0 {
            tracing::error!(recipe.name = %self.recipe, given_up, %error, help, "mails were not sent, and are given up");
        }
        if waiting > 0 {
            tracing::warn!(recipe.name = %self.recipe, waiting, %error, help, "mails were not sent, and are tried again");
        }
        self.sent.given_up += given_up;
        self.sent.waiting += waiting;
        self.sent.trouble = Some(error);
        Ok(())
    }
}
