//! A platform in the sandbox, and targets that write to it.

use std::collections::BTreeMap;

use rollbook::connector::secrets::Secrets;
use rollbook::connector::three_sixty::ThreeSixtyTarget;
use rollbook::connector::{ConnectorError, ConnectorSettings, GivenAccess, Target, Write, WriteError, Written};
use rollbook::model::{Access, EmployeeId, FieldName, Membership, User, UserId, UserLayout, Value};
use rollbook::sandbox::faults::{CallFault, Then};
use rollbook::sandbox::three_sixty::change::{Add, Change};
use rollbook::sandbox::three_sixty::{Sandbox, Settings, Switches, User as Kept};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A secret that stands out wherever it is printed.
pub(crate) const SECRET: &str = "cs_5d41402abc4b2a76";

/// A running sandbox, and a folder with the secrets for it.
pub(crate) struct Platform {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl Platform {
    /// The bundled company, with its owner only and without limits in time.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        Self::of(Settings::default(), change).await
    }

    /// Another company than the bundled one.
    pub(crate) async fn of(mut settings: Settings, change: impl FnOnce(&mut Switches)) -> Self {
        settings.client.secret = SECRET.to_owned();
        settings.switches.writes_per_second = 0;
        settings.switches.reads_per_second = 0;
        settings.switches.usernames = true;
        settings.switches.bulk_wait_ms = 10;
        change(&mut settings.switches);
        let sandbox = Sandbox::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("L360_CLIENT_ID"), &sandbox.credentials().id).unwrap();
        std::fs::write(folder.path().join("L360_CLIENT_SECRET"), &sandbox.credentials().secret).unwrap();
        Self { sandbox, folder }
    }

    pub(crate) fn settings(&self, more: Json) -> ConnectorSettings {
        let mut settings = json!({
            "credentials": { "client_id": "L360_CLIENT_ID", "client_secret": "L360_CLIENT_SECRET" },
            "base_url": self.sandbox.base_url(),
            "default_group": self.sandbox.default_group(),
            "writes_per_second": 5_000,
            "reads_per_second": 5_000,
        });
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        ConnectorSettings { name: "360learning".into(), settings, base: self.folder.path().to_owned() }
    }

    pub(crate) fn open_target(&self, more: Json) -> Result<ThreeSixtyTarget, ConnectorError> {
        ThreeSixtyTarget::open(&self.settings(more), &Secrets::new(Some(self.folder.path().to_owned())))
    }

    pub(crate) fn target(&self) -> ThreeSixtyTarget {
        self.open_target(json!({})).unwrap()
    }

    /// Somebody whom an administrator made, with whatever belongs to them.
    pub(crate) fn add(&self, more: Json) -> UserId {
        let add: Add = serde_json::from_value(more).unwrap();
        UserId::new(self.sandbox.change(Change::Add(add)).unwrap().unwrap())
    }

    pub(crate) fn change(&self, change: Json) {
        let change: Change = serde_json::from_value(change).unwrap();
        self.sandbox.change(change).unwrap();
    }

    /// What is kept of a user.
    pub(crate) fn kept(&self, user: &UserId) -> Kept {
        self.sandbox.users().into_iter().find(|kept| kept.id == user.as_str()).expect("the user is there")
    }

    /// The id of a group by its name.
    pub(crate) async fn group(&self, target: &dyn Target, name: &str) -> Membership {
        let groups = target.groups().await.unwrap();
        let group = groups.into_iter().find(|group| &*group.name == name).expect("the group is there");
        Membership { group: group.id, role: "learner".into() }
    }

    /// What happens to the next call of an endpoint.
    pub(crate) fn hit(&self, endpoint: &str, then: Then) {
        let fault = CallFault { endpoint: Some(endpoint.to_owned()), after: 0, calls: 1, then };
        self.sandbox.switch(|switches| switches.faults.calls.push(fault));
    }

    /// The calls since they were last forgotten, by endpoint without what all have in common.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        self.sandbox.calls().into_iter().map(|(call, count)| (call.replace("/api/v2/", "/"), count)).collect()
    }

    /// How many of them write.
    pub(crate) fn writes(&self) -> u64 {
        let is_write = |call: &str| !call.starts_with("GET ") && !call.ends_with("/oauth2/token");
        self.calls().into_iter().filter(|(call, _)| is_write(call)).map(|(_, count)| count).sum()
    }
}

/// A creation by fields.
pub(crate) fn creation(access: Access, fields: &[(&str, &str)], memberships: &[Membership]) -> Write {
    let fields = fields.iter().map(|(name, text)| (FieldName::from(*name), Value::Text((*text).into())));
    Write::CreateUser {
        employee: EmployeeId::from("1"),
        access,
        fields: fields.collect(),
        memberships: memberships.to_vec(),
    }
}

/// A change of fields; an empty text clears.
pub(crate) fn update(user: &UserId, fields: &[(&str, &str)]) -> Write {
    let fields = fields.iter().map(|(name, text)| (FieldName::from(*name), Value::text(text))).collect::<Vec<_>>();
    Write::UpdateUser { user: user.clone(), fields }
}

pub(crate) fn join(user: &UserId, membership: &Membership) -> Write {
    Write::AddMembership { user: user.clone(), membership: membership.clone() }
}

pub(crate) fn leave(user: &UserId, membership: &Membership) -> Write {
    Write::RemoveMembership { user: user.clone(), membership: membership.clone() }
}

pub(crate) async fn one(target: &dyn Target, write: Write) -> Result<Written, WriteError> {
    let mut answers = target.write(&[write]).await.unwrap();
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

pub(crate) async fn given(target: &dyn Target, write: Write) -> GivenAccess {
    match one(target, write).await.unwrap() {
        Written::User(given) => given,
        other => panic!("no access was given: {other:?}"),
    }
}

/// Everybody but the owner, with these fields, as a listing gives them.
pub(crate) async fn listed(target: &dyn Target, fields: &[&str]) -> Vec<User> {
    target.users(&layout(fields)).await.unwrap()
}

pub(crate) fn layout(fields: &[&str]) -> UserLayout {
    UserLayout::with_groups(fields.iter().map(|field| FieldName::from(*field)).collect())
}
