//! The `learnamp` target: users and teams of one Learn Amp company, by its public API (apis/learnamp.md).
//!
//! ```yaml
//! target:
//!   learnamp:
//!     credentials: { client_id: LEARNAMP_CLIENT_ID, client_secret: LEARNAMP_CLIENT_SECRET }   # names of secrets
//!     base_url: https://api-eu2.learnamp.com    # optional: another pod, a sandbox, a proxy
//!     calls_per_second: 2                       # optional: no limit is published
//!     scopes: [public]                          # optional: for an old key that has no scopes of its own
//!     bodies: form                              # optional: where JSON is not understood
//! ```
//!
//! # Calls
//!
//! | case | calls | why not fewer |
//! | --- | --- | --- |
//! | everybody | a call for each page of users, and of teams | pages of the size that Learn Amp grants |
//! | the user of one person | one listing by external id; where that finds nobody, one by address (two where it has capitals), and `GET /v1/users/{id}` for the linked user, who is listed by address too where custom fields are read: 5 at most | one filter a call, of which it is not known whether it minds case (§4.1) |
//! | the same by any other field | as everybody | the other filters find parts of names |
//! | somebody new | `POST /v1/users`, and one `PUT /v1/users/{id}` where there is a manager or an occupation role | a creation with a manager who is not there yet would be refused; there is no bulk create |
//! | any number of changed fields, the team and the manager | one `PUT /v1/users/{id}` | there is no bulk update |
//! | somebody back, with fields and team | one `PUT /v1/users/{id}` with `reactivate`, and one with the manager in the second pass | where the flag is refused or does nothing, `PUT …/reactivate` and one `PUT` |
//! | access ends | `PUT /v1/users/{id}/deactivate` | |
//! | a new team, another name, a key | one `POST` or `PUT /v1/teams` | |
//! | a create that broke off, or whose external id or address is taken | `GET /v1/users/by_integration_external_id/{extId}` and a `PUT` for what is missing | what is there decides, not the text of an error |
//! | a field that is refused | the same call again without it | a refusal is for the whole call |
//! | nothing changed | the reads of "everybody" alone | what was written is remembered |
//!
//! # What is so
//!
//! - The manager that is shown is the override, or else whoever manages the primary team: the answer does not say which.
//!   What was last written is remembered, and the team's managers are never touched.
//! - Ending access takes away what nothing gives back (§7). It is the last thing in a run, not before the last day, and
//!   team, manager and the reports of a manager are sent again after somebody is back.
//! - `create: invite` and `active_with_email` mail when the user is made, `active` never: no call invites later (§5). Whoever
//!   is back is not invited either.
//! - Whoever is not invited yet counts as active: they wait for nothing, and with single sign-on they can log in.
//! - Several inputs are dropped in silence: each answer is compared with what was sent, and a difference is that person's
//!   trouble. How fields are cleared is not documented: with `null`, and where that leaves the value, with an empty text.
//! - Custom fields cannot be listed. A name that Learn Amp does not have is a 404, as for a user who is gone: the two are told
//!   apart by asking for the user.
//!
//! Reading order: [`LearnAmpTarget`], `settings`, `fields` (the catalogue, and what answers show), `read`, `find`, `write` (whose
//! writes go together), `change` (an update to its end), `write_user`, `write_team`, `refusal` (what errors mean), `api` (the
//! calls), `wire` (their bodies), `seen`, `examine`.

mod api;
mod change;
mod examine;
mod fields;
mod find;
mod read;
mod refusal;
mod seen;
mod settings;
mod wire;
mod write;
mod write_team;
mod write_user;

use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::api::Api;
use self::seen::Seen;
use self::settings::{Key, Settings};
use super::secrets::Secrets;
use super::{
    Account, Calls, ConnectorError, ConnectorSettings, Examination, Forecast, Load, Pace, Target, Wanted, Write,
    WriteError, WriteKind, Written,
};
use crate::model::{Group, TargetCatalogue, User, UserId, UserLayout};

/// What people call it.
const TITLE: &str = "Learn Amp";

/// The `learnamp` target.
#[derive(Debug)]
pub struct LearnAmpTarget {
    api: Api,
    settings: Settings,
    key: Key,
    seen: Mutex<Seen>,
    /// Whether an empty text clears a field where `null` did not.
    clears_with_text: AtomicBool,
    /// Whether access is given again by a call of its own, because the flag in an update does nothing.
    reactivates_apart: AtomicBool,
    /// Why nothing more can be written, once that is known.
    failure: Mutex<Option<(ConnectorError, WriteError)>>,
}

impl LearnAmpTarget {
    /// A target for a company. Nothing is called yet.
    ///
    /// # Errors
    /// When the settings make no sense, or a secret is not there or not of the right form.
    pub fn open(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let settings = Settings::of(settings)?;
        let key = settings.key(secrets)?;
        Ok(Self {
            api: Api::new(&settings, &key, &settings.scopes.join(" "))?,
            settings,
            key,
            seen: Mutex::default(),
            clears_with_text: AtomicBool::new(false),
            reactivates_apart: AtomicBool::new(false),
            failure: Mutex::default(),
        })
    }

    /// What there is, which is known without the network.
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
}

#[async_trait]
impl Target for LearnAmpTarget {
    fn calls(&self) -> Option<Calls> {
        Some(self.api.calls())
    }

    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(fields::catalogue())
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.read_teams().await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.read_users(layout).await
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(self.read_details(users, layout))
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.find_users(wanted, layout).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        self.read_accounts().await
    }

    /// Small parts, so that little has to be looked up after a kill; enough of them for an API that takes a second.
    fn pace(&self, kind: WriteKind) -> Pace {
        match kind {
            WriteKind::Groups => Pace { batch: 10, concurrency: 1 },
            _ => Pace { batch: 8, concurrency: 3 },
        }
    }

    async fn forecast(&self, load: &Load) -> Result<Forecast, ConnectorError> {
        Ok(Forecast { takes: Some(self.time_of(load)), findings: Vec::new() })
    }

    async fn examine(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        self.examined(layout).await
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        self.write_all(writes).await
    }
}

/// For logs: what a target cost in calls, when it is done with.
impl Drop for LearnAmpTarget {
    fn drop(&mut self) {
        let calls = self.api.calls();
        if calls.reads + calls.writes > 0 {
            tracing::info!(reads = calls.reads, writes = calls.writes, tokens = calls.tokens, "calls of Learn Amp");
        }
    }
}
