//! The `360learning` target: users, managers, custom fields and groups of a 360Learning platform, by its API v2
//! (apis/360learning.md).
//!
//! ```yaml
//! target:
//!   360learning:
//!     credentials: { client_id: L360_CLIENT_ID, client_secret: L360_CLIENT_SECRET }   # names of secrets
//!     default_group: 65aa00000000000000000001   # for new users who are to join no other group
//!     platform: hibob                           # optional: where employee ids are kept as external ids
//!     base_url: https://app.us.360learning.com  # optional: the American host, a sandbox, a proxy
//!     writes_per_second: 10                     # optional: less where others share the company's limits
//!     reads_per_second: 50
//! ```
//!
//! # What it takes, in calls
//!
//! | what | writes | reads | why it is not less |
//! | --- | --- | --- | --- |
//! | reading all | | users / 500, mappings / 5000, groups / 500, custom fields / 1000, 1 per custom field | page sizes; one more for the deactivated where the first listing has none |
//! | details of a user of whom nothing is remembered | | 3 | custom values, managers and roles have one call each, and no listing |
//! | the user of one person | | 1 for the external id, 1 for the user, then as details; where these are not the user's, 1 for each login (4 where it has capitals and nobody is found), and 1 for the external id of each who is found | mappings and users are listed apart; it is not known whether filters mind case, or leave out the deactivated |
//! | the same by any other field | | as reading all, then as details | there is no such filter |
//! | somebody new | 1, +1 to activate, +1 for custom values, +1 for the external id | | a creation takes neither status nor custom values nor external id; it takes one group and the planned date |
//! | somebody back | as somebody new | 2, +1 where custom values are written | the creation restores; it needs the address of the account, and keeps custom values |
//! | invited → active | 1 | | |
//! | a change of standard fields, any number, with the planned date | 1 | | |
//! | a change of custom fields, any number | 1 | 1 | all values are replaced by each call, so those of others are read |
//! | a change of the external id | 1 | | |
//! | a manager | 1 per pair that differs | | there is no call for several |
//! | groups | 1 per 20,000 that are joined, 1 per 20,000 that are left; a single one, 1 | 1 per 0.1 to 2 s, 1 for results | bulk operations; nobody's creation takes more than one group |
//! | leaving a group with public groups below | | 1 | leaving it would take those away too |
//! | access ends | 1 | | |
//!
//! An unchanged run reads everything once and writes nothing: what listings leave out is remembered by the engine.
//!
//! # Where 360Learning is its own
//!
//! - An invitation is a mail from the creation (`invite`); `active` creates silently and activates, `active_with_email` lets
//!   the mail go out and activates.
//! - A deactivated account keeps its fields and custom values, and loses groups, the people it manages, and its planned date.
//! - Public groups share learners with the groups above them. A group is therefore not left while its user is in a public
//!   group below it: that would either end the other membership, or be undone by it.
//! - Only the role `learner` is given and taken.
//!
//! Reading order: [`ThreeSixtyTarget`], `settings`, `fields` (what goes where), [`api`] (the calls), `wire` (what
//! comes back), `read`, `find`, `write` (who writes what), `account` (users), `mapping`, `custom`, `references`, `memberships` and
//! `bulk`, `groups` (the tree), `examine`, `trouble` and `refusal` (what goes wrong, in words).

mod account;
mod api;
mod bulk;
mod custom;
mod examine;
mod fields;
mod find;
mod groups;
mod id;
mod mapping;
mod memberships;
mod read;
mod references;
mod refusal;
mod settings;
mod trouble;
mod wire;
mod write;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;

use self::api::Api;
use self::custom::CustomField;
use self::groups::Tree;
use self::mapping::Mappings;
use self::read::Listed;
use self::settings::{Rates, Settings};
use self::wire::RawStatus;
use super::http::failure::harmless;
use super::secrets::Secrets;
use super::{
    Account, Calls, ConnectorError, ConnectorSettings, Examination, Forecast, Load, Pace, Target, Wanted, Write,
    WriteError, WriteKind, Written,
};
use crate::model::{Group, GroupId, GroupKind, TargetCatalogue, User, UserId, UserLayout};

/// Calls of one kind that are under way at once: enough to fill the limit where an answer takes a second and more.
const AT_ONCE: usize = 16;

/// A 360Learning platform.
#[derive(Debug)]
pub struct ThreeSixtyTarget {
    api: Api,
    rates: Rates,
    default_group: String,
    /// The custom fields, once they were read.
    custom: tokio::sync::Mutex<Option<Arc<[CustomField]>>>,
    /// The groups, once they were read.
    tree: tokio::sync::Mutex<Option<Arc<Tree>>>,
    /// Who was listed last.
    listed: Mutex<Option<Arc<Listed>>>,
    /// Whose external ids are known.
    mappings: Mappings,
    /// The addresses of those whose access has ended: by them they are restored.
    deactivated: Mutex<HashMap<Arc<str>, Logins>>,
}

/// Somebody new: the creation, their access, their custom values, their external id.
const WRITES_OF_A_CREATION: usize = 4;

/// What somebody logs in with.
#[derive(Debug, Clone)]
struct Logins {
    mail: Option<Arc<str>>,
    username: Option<Arc<str>>,
}

/// What a user may hold already of what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    /// The user is new.
    Nothing,
    /// It must be looked up.
    Unknown,
}

impl ThreeSixtyTarget {
    /// A target for a platform. Nothing is called yet.
    ///
    /// # Errors
    /// When the settings make no sense, or a secret is not there or not of the right form.
    pub fn open(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let settings = Settings::of(settings)?;
        let api = Api::new(&settings, &settings.account(secrets)?)?;
        Ok(Self {
            api,
            rates: settings.rates(),
            default_group: settings.default_group,
            custom: tokio::sync::Mutex::default(),
            tree: tokio::sync::Mutex::default(),
            listed: Mutex::default(),
            mappings: Mappings::default(),
            deactivated: Mutex::default(),
        })
    }

    /// What is known without the network: the standard fields.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn describe(settings: &ConnectorSettings) -> Result<TargetCatalogue, ConnectorError> {
        Settings::of(settings).map(|_| fields::catalogue(None))
    }

    async fn custom(&self) -> Result<Arc<[CustomField]>, trouble::Trouble> {
        let mut known = self.custom.lock().await;
        if let Some(custom) = &*known {
            return Ok(Arc::clone(custom));
        }
        let read: Arc<[CustomField]> = custom::read(&self.api).await?.into();
        Ok(Arc::clone(known.insert(read)))
    }

    async fn tree(&self) -> Result<Arc<Tree>, trouble::Trouble> {
        let mut known = self.tree.lock().await;
        if let Some(tree) = &*known {
            return Ok(Arc::clone(tree));
        }
        let read = Arc::new(Tree::new(self.api.groups().await?));
        Ok(Arc::clone(known.insert(read)))
    }

    /// Who was listed last, if anybody was.
    fn listed(&self) -> Option<Arc<Listed>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps the addresses of those whose access has ended, and drops those of who has access again.
    fn noticed(&self, users: impl Iterator<Item = wire::RawUser>) {
        let mut deactivated = self.deactivated.lock().unwrap_or_else(PoisonError::into_inner);
        for user in users {
            match user.status {
                RawStatus::Deleted => {
                    deactivated.insert(user.id, Logins { mail: user.mail, username: user.username });
                }
                RawStatus::Active | RawStatus::Invited => _ = deactivated.remove(&user.id),
            }
        }
    }

    /// The groups have changed, or may have.
    async fn forget_tree(&self) {
        *self.tree.lock().await = None;
    }
}

#[async_trait]
impl Target for ThreeSixtyTarget {
    fn calls(&self) -> Option<Calls> {
        Some(self.api.calls())
    }

    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(fields::catalogue(Some(&self.custom().await?)))
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.forget_tree().await;
        let tree = self.tree().await?;
        let group = |group: &wire::RawGroup| Group {
            id: GroupId::new(Arc::clone(&group.id)),
            name: Arc::clone(&group.name),
            key: None,
            kind: GroupKind::Group,
        };
        Ok(tree.groups().iter().map(group).collect())
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(read::users(self, layout).await?)
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(read::details(self, users, layout, self.listed().as_deref()).await?)
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        find::users(self, wanted, layout).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        Ok(read::accounts(self).await?)
    }

    fn pace(&self, kind: WriteKind) -> Pace {
        match kind {
            WriteKind::Groups => Pace { batch: 10, concurrency: 1 },
            // Small parts: what was done is recorded soon. Together they keep more calls waiting than the limit takes.
            WriteKind::Users | WriteKind::References => Pace { batch: 4, concurrency: 12 },
            WriteKind::Memberships => Pace { batch: bulk::MOST, concurrency: Api::OPERATIONS },
        }
    }

    async fn forecast(&self, load: &Load) -> Result<Forecast, ConnectorError> {
        Ok(Forecast { takes: Some(self.rates.time_of_writes(writes_of(load))), findings: Vec::new() })
    }

    async fn examine(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        examine::examine(self, layout).await
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        write::write(self, writes).await
    }
}

/// Writes at the most, by the table above: not everybody is activated, or has custom values.
fn writes_of(load: &Load) -> usize {
    let bulk = load.memberships.div_ceil(bulk::MOST);
    load.creates * WRITES_OF_A_CREATION + load.updates + load.references + bulk + load.deactivations
}

/// For logs: what a target cost in calls, when it is done with.
impl Drop for ThreeSixtyTarget {
    fn drop(&mut self) {
        let calls = self.api.calls();
        if calls.reads + calls.writes > 0 {
            tracing::info!(reads = calls.reads, writes = calls.writes, tokens = calls.tokens, "calls of 360Learning");
        }
    }
}
