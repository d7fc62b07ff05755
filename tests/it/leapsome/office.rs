//! A company in the sandbox, and targets that write to it.

use std::collections::BTreeMap;

use rollbook::connector::leapsome::LeapsomeTarget;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{ConnectorError, ConnectorSettings, GivenAccess, Target, Write, WriteError, Written};
use rollbook::model::{Access, EmployeeId, FieldName, Membership, User, UserId, UserLayout, UserStatus, Value};
use rollbook::sandbox::faults::{CallFault, Then};
use rollbook::sandbox::leapsome::{Event, Keys, Sandbox, Settings, Switches, User as Kept};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Secrets that stand out wherever they are printed.
pub(crate) const TOKEN: &str = "scim-5d41402abc4b2a76";
pub(crate) const API_SECRET: &str = "api-7d793037a0760186";

/// Custom attributes that the bundled company has.
pub(crate) const SENIORITY: &str = "66aa00000000000000000002";

pub(crate) const CREATE: &str = "POST /scim/v1/Users";
pub(crate) const CHANGE: &str = "PATCH /scim/v1/Users/{userId}";

/// A running sandbox, and a folder with the secrets for it.
pub(crate) struct Office {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl Office {
    /// The bundled company, with its owner only and without limits in time.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let keys = Keys { token: TOKEN.to_owned(), api_secret: API_SECRET.to_owned() };
        let mut settings = Settings { keys, ..Settings::default() };
        (settings.switches.scim_per_second, settings.switches.content_per_second) = (0, 0);
        change(&mut settings.switches);
        let sandbox = Sandbox::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("LEAPSOME_SCIM_TOKEN"), TOKEN).unwrap();
        std::fs::write(folder.path().join("LEAPSOME_API_SECRET"), API_SECRET).unwrap();
        Self { sandbox, folder }
    }

    pub(crate) fn open_target(&self, more: Json) -> Result<LeapsomeTarget, ConnectorError> {
        let mut settings = json!({
            "credentials": { "token": "LEAPSOME_SCIM_TOKEN" },
            "base_url": self.sandbox.base_url(),
            "calls_per_second": 5_000,
        });
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        let settings = ConnectorSettings { name: "leapsome".into(), settings, base: self.folder.path().to_owned() };
        LeapsomeTarget::open(&settings, &Secrets::new(Some(self.folder.path().to_owned())))
    }

    pub(crate) fn target(&self) -> LeapsomeTarget {
        self.open_target(json!({})).unwrap()
    }

    /// One that reads states too.
    pub(crate) fn target_with_content(&self) -> LeapsomeTarget {
        let credentials = json!({ "token": "LEAPSOME_SCIM_TOKEN", "api_secret": "LEAPSOME_API_SECRET" });
        self.open_target(json!({ "credentials": credentials })).unwrap()
    }

    /// A target with another token.
    pub(crate) fn with_secret(&self, name: &str, token: &str) -> Result<LeapsomeTarget, ConnectorError> {
        std::fs::write(self.folder.path().join(name), token).unwrap();
        self.open_target(json!({ "credentials": { "token": name } }))
    }

    /// Something happens by hand; the id of whom or what it is about.
    pub(crate) fn play(&self, event: Json) -> String {
        let event: Event = serde_json::from_value(event).unwrap();
        self.sandbox.play(&event).unwrap().unwrap_or_default()
    }

    /// Somebody whom an administrator made.
    pub(crate) fn add(&self, address: &str, external: &str) -> UserId {
        let name = json!({ "givenName": "Ada", "familyName": "Novak" });
        let mut fields = json!({ "userName": address, "name": name });
        if !external.is_empty() {
            fields["externalId"] = json!(external);
        }
        UserId::new(self.play(json!({ "event": "add", "fields": fields })))
    }

    /// What is kept of a user, by id, address or external id.
    pub(crate) fn kept(&self, name: &str) -> Kept {
        self.sandbox.user(name).unwrap_or_else(|| panic!("nobody is {name}"))
    }

    /// What happens to the next call of an endpoint.
    pub(crate) fn hit(&self, endpoint: &str, then: Then) {
        let fault = CallFault { endpoint: Some(endpoint.to_owned()), after: 0, calls: 1, then };
        self.sandbox.switch(|switches| switches.faults.calls.push(fault));
    }

    /// The calls since they were last forgotten.
    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        self.sandbox.calls()
    }

    /// Those that write.
    pub(crate) fn writes(&self) -> Vec<(String, u64)> {
        self.calls().into_iter().filter(|(call, _)| !call.starts_with("GET ")).collect()
    }
}

pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// A creation of employee 1 by fields.
pub(crate) fn creation(fields: &[(&str, &str)]) -> Write {
    let fields = fields.iter().map(|(name, value)| (FieldName::from(*name), text(value)));
    let employee = EmployeeId::from("1");
    Write::CreateUser { employee, access: Access::Active, fields: fields.collect(), memberships: Vec::new() }
}

/// A change of fields; an empty text clears.
pub(crate) fn update(user: &UserId, fields: &[(&str, &str)]) -> Write {
    let fields = fields.iter().map(|(name, text)| (FieldName::from(*name), Value::text(text))).collect::<Vec<_>>();
    Write::UpdateUser { user: user.clone(), fields }
}

pub(crate) fn refer(user: &UserId, field: &str, to: &[&UserId]) -> Write {
    let to = to.iter().copied().cloned().collect();
    Write::SetReferences { user: user.clone(), field: field.into(), from: Vec::new(), to }
}

pub(crate) fn reactivate(user: &UserId) -> Write {
    let (from, access) = (UserStatus::Inactive, Access::Active);
    Write::Reactivate { user: user.clone(), from, access, memberships: Vec::new() }
}

pub(crate) fn join(user: &UserId, group: &str) -> Write {
    let membership = Membership { group: group.into(), role: "member".into() };
    Write::AddMembership { user: user.clone(), membership }
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

/// Somebody who was made without trouble.
pub(crate) async fn made(target: &dyn Target, fields: &[(&str, &str)]) -> UserId {
    let given = given(target, creation(fields)).await;
    assert_eq!(given.trouble, None);
    given.user
}

/// Writes that all go well.
pub(crate) async fn done(target: &dyn Target, writes: &[Write]) {
    for answer in target.write(writes).await.unwrap() {
        match answer {
            Ok(Written::User(given)) => assert_eq!(given.trouble, None),
            other => _ = other.unwrap(),
        }
    }
}

/// Everybody, as a listing gives them.
pub(crate) async fn listed(target: &dyn Target, fields: &[&str]) -> Vec<User> {
    target.users(&layout(fields)).await.unwrap()
}

pub(crate) fn layout(fields: &[&str]) -> UserLayout {
    UserLayout::with_groups(fields.iter().map(|field| FieldName::from(*field)).collect())
}
