//! The `leapsome` target: users, managers, custom attributes and teams of a Leapsome company, by its SCIM API, and the state of
//! invitations by its Content API (apis/leapsome.md).
//!
//! ```yaml
//! target:
//!   leapsome:
//!     credentials: { token: LEAPSOME_SCIM_TOKEN, api_secret: LEAPSOME_API_SECRET }   # names of secrets; the second may be left out
//!     domains: [ acme.example ]         # optional: registered e-mail domains; addresses of others are not sent
//!     calls_per_second: 20              # optional: Leapsome takes 30 from all that call it
//!     base_url: https://api.leapsome.com            # optional: a sandbox, a proxy
//!     content_base_url: https://api.leapsome.com/v1 # optional: where the Content API is elsewhere
//!     patch: flat                       # optional: patch_op where a base wants SCIM's own operations
//!     additional_managers: list         # optional: text where they are wanted with commas
//! ```
//!
//! # What it takes, in calls
//!
//! | what | writes | reads | why it is not less |
//! | --- | --- | --- | --- |
//! | everybody, and the teams | | users / 1000, teams / 1000; with `api_secret` a token, and the waiting / 1000 for each of three states | pages; the SCIM API shows access alone |
//! | the user of one person | | 1 for one who is linked; else 1 by external id, and 1 by address (2 where it has capitals); with `api_secret` 1 more, and the teams once where the recipe has group rules | a path takes one id, a filter one address, of which it is not known whether it minds case (§2.1) |
//! | the same by any other field | | as everybody | only addresses are filtered by |
//! | somebody new | 1 `POST`, 1 `PATCH` with everything else, managers too | | a creation takes six fields, and no manager (§2.2) |
//! | changed fields, managers, access again | 1 `PATCH` for all of them together | | there is no bulk call (§0) |
//! | address and External ID change both | 2 `PATCH` | | in one step Leapsome makes a second user of them (§4) |
//! | somebody is back, with other managers | 1 `PATCH`, +1 for the managers | | others may refer to that person, who has to be back before |
//! | access ends | 1 `PATCH` | | |
//! | extra teams | 1 `PATCH` for 100 people of a team | | as many members are taken (§3) |
//! | a new team that people join | 1 `POST` | | |
//! | a new department, division or cost centre | | | naming it in the first user's field makes it (§2.3) |
//! | a creation of somebody who is there, or whose answer was lost | as for a change, where something differs | 1, or 2 | `201 {}` tells nothing (§2.2) |
//! | a 401 or 403 | | 1 | the two are swapped, and a 401 is also a team that is not there (§1) |
//!
//! An unchanged run reads the pages and writes nothing.
//!
//! # Where Leapsome is its own
//!
//! - Whether and when somebody is invited is a setting of the company: `provisioning.create` says nothing here. People are
//!   deactivated, never deleted.
//! - What Leapsome does not know, it leaves out without a word: each answer is held against what was wanted.
//! - Department, division and cost centre are fields that name a team, spelt exactly; other teams are joined. Nobody can be
//!   taken out of a team alone: such people are reported.
//! - An address that somebody else has is reported, and nobody is made or taken over.
//! - A path is an id, or else an External ID: who is answered is always looked at.
//! - How a value is emptied is not documented: `null` is sent, and what stays is said.
//!
//! Reading order: [`LeapsomeTarget`], `settings`, `fields` (what stands where), `api` and `content` (the calls), `read`,
//! `find`, `write` (who writes what), `check`, `create`, `change`, `teams`, `seen`, `examine`, `refusal` (what goes wrong, in words).

mod api;
mod change;
mod check;
mod content;
mod create;
mod examine;
mod fields;
mod find;
mod read;
mod refusal;
mod seen;
mod settings;
mod teams;
mod write;

use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::api::Api;
use self::content::Content;
use self::seen::Seen;
use self::settings::Settings;
use super::secrets::Secrets;
use super::{
    Account, Calls, ConnectorError, ConnectorSettings, Examination, Forecast, Load, Pace, Target, Wanted, Write,
    WriteError, WriteKind, Written,
};
use crate::model::{Group, TargetCatalogue, User, UserId, UserLayout};

/// What people call it.
const TITLE: &str = "Leapsome";

/// A Leapsome company.
#[derive(Debug)]
pub struct LeapsomeTarget {
    api: Api,
    /// Only with its secret.
    content: Option<Content>,
    settings: Settings,
    seen: Mutex<Seen>,
    /// Held while somebody is the first in a team.
    first_in_team: tokio::sync::Mutex<()>,
    /// Why nothing more can be written, once that is known.
    failure: Mutex<Option<(ConnectorError, WriteError)>>,
}

impl LeapsomeTarget {
    /// A target for a company. Nothing is called yet.
    ///
    /// # Errors
    /// When the settings make no sense, or a secret is not there or not of the right form.
    pub fn open(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let settings = Settings::of(settings)?;
        let keys = settings.keys(secrets)?;
        Ok(Self {
            api: Api::new(&settings, &keys)?,
            content: keys.api_secret.as_ref().map(|secret| Content::new(&settings, secret)).transpose()?,
            settings,
            seen: Mutex::default(),
            first_in_team: tokio::sync::Mutex::default(),
            failure: Mutex::default(),
        })
    }

    /// What is known without the network: everything. Custom attributes cannot be listed.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn describe(settings: &ConnectorSettings) -> Result<TargetCatalogue, ConnectorError> {
        Settings::of(settings).map(|_| fields::catalogue())
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps why nothing more can be written, and gives it as the reason why this was not.
    fn failed(&self, error: ConnectorError) -> WriteError {
        let not_reached = refusal::not_reached(&error);
        self.failure().get_or_insert((error, not_reached)).1.clone()
    }

    fn failure(&self) -> MutexGuard<'_, Option<(ConnectorError, WriteError)>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The reason why nothing more is written, if there is one.
    fn not_reached(&self) -> Option<WriteError> {
        self.failure().as_ref().map(|(_, not_reached)| not_reached.clone())
    }
}

#[async_trait]
impl Target for LeapsomeTarget {
    fn calls(&self) -> Option<Calls> {
        Some(self.api.calls())
    }

    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(fields::catalogue())
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.listed_groups().await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.read_users(layout).await
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(self.details_of(users, layout))
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.find_users(wanted, layout).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        self.read_accounts().await
    }

    fn pace(&self, kind: WriteKind) -> Pace {
        match kind {
            WriteKind::Groups => Pace { batch: 10, concurrency: 1 },
            // Small parts: what was done is recorded soon. Together they keep more calls waiting than the limit takes.
            WriteKind::Users | WriteKind::References => Pace { batch: 4, concurrency: 12 },
            // As many of a team as there are go together.
            WriteKind::Memberships => Pace { batch: 20_000, concurrency: 1 },
        }
    }

    async fn forecast(&self, load: &Load) -> Result<Forecast, ConnectorError> {
        Ok(self.forecasted(load))
    }

    async fn examine(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        self.examined(layout).await
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        self.write_all(writes).await
    }
}

/// For logs: what a target cost in calls, when it is done with.
impl Drop for LeapsomeTarget {
    fn drop(&mut self) {
        let calls = self.api.calls();
        if calls.reads + calls.writes > 0 {
            tracing::info!(reads = calls.reads, writes = calls.writes, "calls of Leapsome");
        }
    }
}
