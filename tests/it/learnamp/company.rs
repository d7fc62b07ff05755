//! A company in the sandbox, and targets that write to it.

use std::collections::BTreeMap;

use rollbook::connector::learnamp::LearnAmpTarget;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{ConnectorError, ConnectorSettings, GivenAccess, Target, Write, WriteError, Written};
use rollbook::model::{Access, Cell, FieldName, User, UserId, UserLayout, UserStatus, Value};
use rollbook::sandbox::faults::{CallFault, Then};
use rollbook::sandbox::learnamp::{Change, Sandbox, Settings, Switches, User as Kept};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A secret that stands out wherever it is printed.
pub(crate) const SECRET: &str = "las_5d41402abc4b2a76";

/// A running sandbox, and a folder with the secrets for it.
pub(crate) struct Company {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl Company {
    /// The Owner alone, and no limit.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = Settings::default();
        settings.key.secret = SECRET.to_owned();
        settings.switches.calls_per_second = 0;
        change(&mut settings.switches);
        let sandbox = Sandbox::start(settings).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("LEARNAMP_CLIENT_ID"), &sandbox.key().id).unwrap();
        std::fs::write(folder.path().join("LEARNAMP_CLIENT_SECRET"), &sandbox.key().secret).unwrap();
        Self { sandbox, folder }
    }

    pub(crate) fn open_target(&self, more: Json) -> Result<LearnAmpTarget, ConnectorError> {
        let mut settings = json!({
            "credentials": { "client_id": "LEARNAMP_CLIENT_ID", "client_secret": "LEARNAMP_CLIENT_SECRET" },
            "base_url": self.sandbox.base_url(),
            "calls_per_second": 5_000,
        });
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        let settings = ConnectorSettings { name: "learnamp".into(), settings, base: self.folder.path().to_owned() };
        LearnAmpTarget::open(&settings, &Secrets::new(Some(self.folder.path().to_owned())))
    }

    pub(crate) fn target(&self) -> LearnAmpTarget {
        self.open_target(json!({})).unwrap()
    }

    /// Somebody whom an administrator made.
    pub(crate) fn add(&self, email: &str, more: Json) -> UserId {
        let mut fields = json!({ "email": email, "firstName": "Ada", "lastName": "Koch" });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.change(json!({ "change": "add", "fields": fields })).unwrap()
    }

    /// An administrator does something.
    pub(crate) fn change(&self, change: Json) -> Option<UserId> {
        let change: Change = serde_json::from_value(change).unwrap();
        self.sandbox.change(change).unwrap().map(|id| UserId::new(id.to_string()))
    }

    /// What is kept of a user.
    pub(crate) fn kept(&self, user: &UserId) -> Kept {
        self.sandbox.user(user.as_str()).expect("the user is there")
    }

    /// What happens to the next call of an endpoint.
    pub(crate) fn hit(&self, endpoint: &str, then: Then) {
        let fault = CallFault { endpoint: Some(endpoint.to_owned()), after: 0, calls: 1, then };
        self.sandbox.switch(|switches| switches.faults.calls.push(fault));
    }

    /// The calls that write, since they were last forgotten.
    pub(crate) fn writes(&self) -> BTreeMap<String, u64> {
        let is_write = |call: &str| !call.starts_with("GET ") && !call.ends_with("/oauth/token");
        self.sandbox.calls().into_iter().filter(|(call, _)| is_write(call)).collect()
    }
}

/// A creation by fields.
pub(crate) fn creation(access: Access, email: &str, more: &[(&str, &str)]) -> Write {
    let fields =
        [("email", email), ("first_name", "Ada"), ("last_name", "Koch")].into_iter().chain(more.iter().copied());
    Write::CreateUser { employee: "1".into(), access, fields: fields.map(texts).collect(), memberships: Vec::new() }
}

fn texts((name, text): (&str, &str)) -> (FieldName, Value) {
    (name.into(), Value::Text(text.into()))
}

/// A change of fields; an empty text clears.
pub(crate) fn update(user: &UserId, fields: &[(&str, &str)]) -> Write {
    let fields = fields.iter().map(|(name, text)| (FieldName::from(*name), Value::text(text)));
    Write::UpdateUser { user: user.clone(), fields: fields.collect() }
}

/// A change of the manager; nobody clears.
pub(crate) fn manage(user: &UserId, manager: Option<&UserId>) -> Write {
    let to = manager.into_iter().cloned().collect();
    Write::SetReferences { user: user.clone(), field: "manager".into(), from: Vec::new(), to }
}

pub(crate) fn back(user: &UserId) -> Write {
    Write::Reactivate {
        user: user.clone(),
        from: UserStatus::Inactive,
        access: Access::Invite,
        memberships: Vec::new(),
    }
}

pub(crate) fn end(user: &UserId) -> Write {
    Write::Deactivate { user: user.clone() }
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

/// Everything went well.
pub(crate) async fn all_done(target: &dyn Target, writes: &[Write]) {
    for (answer, write) in target.write(writes).await.unwrap().into_iter().zip(writes) {
        match answer {
            Ok(Written::User(given)) => assert_eq!(given.trouble, None, "{write:?}"),
            Ok(_) => {}
            Err(error) => panic!("{write:?}: {error:?}"),
        }
    }
}

pub(crate) fn layout(fields: &[&str]) -> UserLayout {
    UserLayout::with_groups(fields.iter().map(|field| FieldName::from(*field)).collect())
}

/// Everybody, with these fields, as the listing gives them.
pub(crate) async fn listed(target: &dyn Target, fields: &[&str]) -> Vec<User> {
    target.users(&layout(fields)).await.unwrap()
}

pub(crate) fn text(text: &str) -> Cell {
    Cell::Value(Value::Text(text.into()))
}
