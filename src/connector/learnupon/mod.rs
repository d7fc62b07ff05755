//! The `learnupon` target: learners, custom user data and groups of one portal or sub-portal (apis/learnupon.md).
//!
//! ```yaml
//! target:
//!   learnupon:
//!     portal: acme                                                            # acme.learnupon.com
//!     credentials: { username: LEARNUPON_USERNAME, password: LEARNUPON_PASSWORD }   # names of secrets
//!     login: email              # or username: the portal's unique key
//!     sso: false                # true: nothing is mailed, nobody is invited
//!     calls_per_minute: 300     # shared by everything that uses the portal's API
//!     calls_per_week: 360000
//!     invitation_hours: 72
//!     base_url: https://acme.learnupon.com                                    # a sandbox, a proxy
//! ```
//!
//! # Calls
//!
//! | case | calls | why not fewer |
//! | --- | --- | --- |
//! | catalogue | `GET /users/customuserdata`, `GET /timezones` | two closed lists under two addresses |
//! | everybody | a call for 500 users, for 500 invitations, for 500 groups, and where the recipe has group rules for 500 members of each group that has some and for 500 group managers | no listing has another one's content; a group's members are only listed for that group |
//! | a user of whom custom data is not remembered | `GET /users/{id}` | no listing has custom data (§2.1), and there is no bulk read |
//! | the user of one person | `GET /users/{id}` for one who is linked, `GET /users/search` for each login that no found user has (twice where it has capitals), the invitations where nobody has the address, and where the recipe has group rules `GET /group_memberships` and `GET /group_managers` of the user: 3 for one who is linked | a search has one login; it is not known whether it minds case |
//! | the same by a field that is no login | as everybody | there is no such search, and none of custom data |
//! | new, with access at once | `POST /users` | takes every field and all custom data in one call; there is no bulk create (§4) |
//! | new, invited | `POST /portal_invite` | takes names, custom data and one group |
//! | an invitation is accepted | one `GET` and one `PUT /users/{id}`, where something is missing | the user has a new id, and an invitation takes no language, time zone or user name |
//! | changed fields, access again, access ends | `PUT /users/{id}`, one for all of them together | there is no bulk update |
//! | a membership to add or remove | `POST` / `DELETE /group_memberships/0` | each takes one pair; the `/0` form spares looking ids up |
//! | a group manager to add or remove | `POST` / `DELETE /group_managers/{id}` | each takes one pair |
//! | a new group | `POST /groups` | |
//! | an invitation to withdraw | `DELETE /group_invites/{id}` | |
//! | a create that is refused as a duplicate, or that broke off | `GET /users/search` or the invitations, and `PUT /users/{id}` for the former | texts of errors are no contract: what is there decides |
//! | nothing changed | the reads of "catalogue" and "everybody" alone | what was written is remembered |
//!
//! All calls of a portal share its minute and its week. They are made evenly, 2 % below the minute's limit, and more slowly
//! where the headers say that others use it too.
//!
//! # What is so
//!
//! Somebody who is invited is no user (§2.3): the id is `invite:123`, only the login shows, nothing can be changed, and ending
//! access withdraws the invitation. Once it is accepted they are found by their address, with a new id. Whoever refused is not
//! asked again, and an invitation that is too old waits until somebody withdraws it under Users > Pending Users: the next run then
//! sends another. Groups that an invited person should be in are given when they accept; the invitation names the first.
//!
//! Whether an account that is made gets a welcome mail is a setting of the portal (§2.3): `active` and `active_with_email` do
//! the same here. Users are disabled, never deleted. Memberships that a dynamic rule made show as the role `automatic`, which
//! no recipe can name: they are never ours.
//!
//! Reading order: [`LearnUponTarget`], `settings`, `fields` and `custom` (the catalogue), `read`, `find`, `write` with `write_user` and
//! `write_group`, `refusal` (what errors mean), `api` (the calls), `wire` (their answers), `windows` (the limits), `seen`,
//! `examine`.

mod api;
mod custom;
mod examine;
mod fields;
mod find;
mod password;
mod read;
mod refusal;
mod seen;
mod settings;
mod windows;
mod wire;
mod write;
mod write_group;
mod write_user;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use self::api::{Api, Row};
use self::custom::Definition;
use self::seen::{Seen, Who};
use self::settings::Settings;
use super::secrets::Secrets;
use super::{
    Account, Calls, ConnectorError, ConnectorSettings, Examination, Forecast, Load, Pace, Target, Wanted, Write,
    WriteError, WriteKind, Written,
};
use crate::model::{Cell, Group, TargetCatalogue, User, UserId, UserLayout};

/// What people call it.
const TITLE: &str = "LearnUpon";

/// The `learnupon` target.
#[derive(Debug)]
pub struct LearnUponTarget {
    api: Api,
    settings: Settings,
    /// What the portal says of its fields, once it was asked.
    described: tokio::sync::OnceCell<Arc<Described>>,
    seen: Mutex<Seen>,
    /// Why nothing more can be written, once that is known.
    failure: Mutex<Option<(ConnectorError, WriteError)>>,
}

/// What the portal says of its fields.
#[derive(Debug)]
struct Described {
    catalogue: TargetCatalogue,
    definitions: Vec<Definition>,
    /// The definitions as they came, for what is wrong with them.
    rows: Vec<Row>,
    timezones: usize,
}

impl Described {
    /// The custom field of this name.
    fn custom(&self, name: &str) -> Option<&Definition> {
        let field = self.catalogue.field(name)?;
        self.definitions.iter().find(|definition| definition.field == *field)
    }

    /// One field of a user who was read whole.
    fn cell(&self, row: &Row, field: &str) -> Cell {
        match self.custom(field) {
            Some(definition) => definition.read(row),
            None => fields::read(row, field),
        }
    }
}

impl LearnUponTarget {
    /// A target for a portal. Nothing is called yet.
    ///
    /// # Errors
    /// When the settings make no sense, or a secret is not there or not of the right form.
    pub fn open(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let settings = Settings::of(settings)?;
        let api = Api::new(&settings, &settings.keys(secrets)?)?;
        Ok(Self {
            api,
            settings,
            described: tokio::sync::OnceCell::new(),
            seen: Mutex::default(),
            failure: Mutex::default(),
        })
    }

    /// What is known without the network: the standard fields.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn describe(settings: &ConnectorSettings) -> Result<TargetCatalogue, ConnectorError> {
        Settings::of(settings).map(|settings| fields::described(settings.login))
    }

    async fn described(&self) -> Result<Arc<Described>, ConnectorError> {
        let ask = async || {
            let (rows, timezones) = tokio::try_join!(self.api.definitions(), self.api.timezones())?;
            let definitions: Vec<Definition> = rows.iter().filter_map(Definition::of).collect();
            let catalogue = fields::asked(self.settings.login, &definitions, &timezones);
            Ok(Arc::new(Described { catalogue, definitions, rows, timezones: timezones.len() }))
        };
        self.described.get_or_try_init(ask).await.cloned()
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
impl Target for LearnUponTarget {
    fn calls(&self) -> Option<Calls> {
        Some(self.api.calls())
    }

    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(self.described().await?.catalogue.clone())
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.read_groups().await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.read_users(layout).await
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let users: Vec<Who> = users.iter().filter_map(Who::of).collect();
        self.read_details(&users, layout).await
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.find_users(wanted, layout).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        self.read_accounts().await
    }

    /// Small parts, so that little has to be looked up after a kill; enough of them for an API that takes a second.
    fn pace(&self, _: WriteKind) -> Pace {
        Pace { batch: 20, concurrency: 2 }
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
