//! A simulated portal, and the target that leads to it.

use std::path::PathBuf;

use rollbook::connector::learnupon::LearnUponTarget;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{ConnectorSettings, Target, Write, Written};
use rollbook::model::{Access, FieldName, Membership, User, UserId, UserLayout, Value};
use rollbook::sandbox::learnupon::event::{Change, Day, Event, Invited};
use rollbook::sandbox::learnupon::{People, Sandbox, Settings, Switches};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// A portal. Its clock is the connector's, so that what has passed for one has passed for the other.
pub(crate) struct Portal {
    pub(crate) sandbox: Sandbox,
    folder: TempDir,
}

impl Portal {
    /// With nobody in it, and a custom field of each type but whole numbers.
    pub(crate) async fn empty() -> Self {
        let custom = json!([
            { "id": 7, "type_id": 1, "label": "Employee ID" },
            { "id": 8, "type_id": 2, "label": "Years of service" },
            { "id": 9, "type_id": 4, "label": "Department", "predefined_values": ["Finance", "R&D, Platform", "IT"] },
            { "id": 10, "type_id": 5, "label": "Working time", "predefined_values": ["0.5", "1.0"] },
            { "id": 11, "type_id": 6, "label": "Level", "predefined_values": ["1", "2", "3"] },
            { "id": 12, "type_id": 7, "label": "Hire date" },
        ]);
        Self::of_file(&json!({ "user": [], "customDataFieldDefinitions": custom })).await
    }

    /// As a file says.
    pub(crate) async fn of_file(portal: &Json) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.json");
        std::fs::write(&path, portal.to_string()).unwrap();
        Self::start(folder, People::File(path)).await
    }

    /// The admin and some learners, with the custom fields of a new portal.
    pub(crate) async fn with_people(count: usize) -> Self {
        Self::start(tempfile::tempdir().unwrap(), People::Generated { count, seed: 1 }).await
    }

    async fn start(folder: TempDir, people: People) -> Self {
        let switches = Switches { requests_per_minute: 0, requests_per_week: 0, ..Switches::default() };
        let sandbox = Sandbox::start(Settings { people, switches, ..Settings::default() }).await.unwrap();
        Self { sandbox, folder }
    }

    /// A target that calls as fast as it can.
    pub(crate) fn target(&self) -> LearnUponTarget {
        self.target_with(json!({}))
    }

    pub(crate) fn target_with(&self, more: Json) -> LearnUponTarget {
        let (settings, secrets) = self.settings(more);
        LearnUponTarget::open(&settings, &secrets).unwrap()
    }

    /// The section of a recipe, and the secrets that it names.
    pub(crate) fn settings(&self, more: Json) -> (ConnectorSettings, Secrets) {
        let mut section = json!({
            "portal": "acme", "base_url": self.sandbox.base_url(), "calls_per_minute": 1_000_000,
            "credentials": { "username": "TEST_LU_USERNAME", "password": "TEST_LU_PASSWORD" },
        });
        section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let keys = self.sandbox.keys();
        for (name, key) in [("TEST_LU_USERNAME", &keys.username), ("TEST_LU_PASSWORD", &keys.password)] {
            std::fs::write(self.folder.path().join(name), key).unwrap();
        }
        let secrets = Secrets::new(Some(self.folder.path().to_owned()));
        (ConnectorSettings { name: "learnupon".into(), settings: section, base: PathBuf::new() }, secrets)
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.sandbox.switch(change);
    }

    pub(crate) fn play(&self, event: &Event) -> Option<u64> {
        self.sandbox.play(event).unwrap()
    }

    /// Somebody follows the link of an invitation.
    pub(crate) fn accept(&self, address: &str) -> u64 {
        self.play(&Event::Accept(Invited { invite: address.to_owned() })).unwrap()
    }

    /// An admin changes an account.
    pub(crate) fn change(&self, user: &str, fields: &Json) {
        let fields = fields.as_object().unwrap().clone();
        self.play(&Event::Change(Change { user: user.to_owned(), fields }));
    }

    /// So many days pass for the portal.
    pub(crate) fn days_pass(&self, days: i64) {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        self.play(&Event::Day(Day { date: today.saturating_add(jiff::Span::new().days(days)) }));
    }

    /// How often an endpoint was called.
    pub(crate) fn calls(&self, endpoint: &str) -> u64 {
        self.sandbox.calls().get(endpoint).copied().unwrap_or_default()
    }
}

/// Somebody to be made.
pub(crate) fn creation(access: Access, fields: &[(&str, &str)]) -> Write {
    Write::CreateUser { employee: "1".into(), access, fields: texts(fields), memberships: Vec::new() }
}

/// The same, who is to be in groups.
pub(crate) fn creation_in(access: Access, fields: &[(&str, &str)], memberships: &[Membership]) -> Write {
    Write::CreateUser { employee: "1".into(), access, fields: texts(fields), memberships: memberships.to_vec() }
}

fn texts(fields: &[(&str, &str)]) -> Vec<(FieldName, Value)> {
    fields.iter().map(|(name, value)| ((*name).into(), Value::Text((*value).into()))).collect()
}

/// The user that a write made.
pub(crate) async fn make(target: &dyn Target, write: Write) -> UserId {
    match target.write(&[write]).await.unwrap().remove(0) {
        Ok(Written::User(given)) if given.trouble.is_none() => given.user,
        other => panic!("{other:?}"),
    }
}

/// Everybody, with these fields.
pub(crate) async fn users(target: &dyn Target, fields: &[&str]) -> Vec<User> {
    let fields = fields.iter().map(|name| FieldName::new(*name)).collect();
    target.users(&UserLayout::with_groups(fields)).await.unwrap()
}
