//! An account, and how it is shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::custom::Definition;
use crate::sandbox::learnupon::switches::{CustomDataForm, Switches};

/// An account (apis/learnupon.md §2).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct User {
    /// Its id.
    pub id: u64,
    /// The address.
    pub email: Option<String>,
    /// The user name.
    pub username: Option<String>,
    /// The password as it was sent. Whoever accepted an invitation has one of their own.
    pub password: Option<String>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// Written as `language`.
    pub locale: String,
    /// Whether they may log in.
    pub enabled: bool,
    /// `learner`, `instructor`, `manager` or `admin`.
    pub user_type: String,
    /// The last day of access.
    pub account_expires: Option<Date>,
    /// The time zone, by its Rails name.
    pub timezone_id: Option<String>,
    /// Whether the password has to be changed at the next login.
    pub change_password_on_first_login: bool,
    /// Custom user data by definition.
    pub custom: BTreeMap<u64, Json>,
    /// Permission flags and the ids of other systems, as they were sent.
    pub others: BTreeMap<String, Json>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

impl User {
    /// The account that a portal begins with.
    pub(super) fn admin(now: Timestamp) -> Self {
        Self {
            email: Some("admin@acme.example".to_owned()),
            first_name: Some("Portal".to_owned()),
            last_name: Some("Admin".to_owned()),
            user_type: "admin".to_owned(),
            ..Self::new(now)
        }
    }

    /// Somebody of whom nothing is known yet.
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            id: 0,
            email: None,
            username: None,
            password: None,
            first_name: None,
            last_name: None,
            locale: "en".to_owned(),
            enabled: true,
            user_type: "learner".to_owned(),
            account_expires: None,
            timezone_id: None,
            change_password_on_first_login: false,
            custom: BTreeMap::new(),
            others: BTreeMap::new(),
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether the account's last day is over.
    pub(super) fn expired(&self, today: Date) -> bool {
        self.account_expires.is_some_and(|last| last < today)
    }

    /// What this person logs in with.
    pub(super) fn logins(&self) -> impl Iterator<Item = String> {
        self.email.iter().chain(&self.username).map(|login| login.to_lowercase())
    }

    /// As listings show it: without custom data, `updated_at` from version 1.1 and `timezone_id` from 1.2 on.
    pub(crate) fn listed(&self, version: Version, switches: &Switches) -> Map<String, Json> {
        let mut shown = self.plain();
        if version < Version::V1_2 {
            shown.remove("timezone_id");
        }
        if version < Version::V1_1 {
            shown.remove("updated_at");
        }
        shown.retain(|key, _| !switches.not_listed.contains(key));
        shown
    }

    /// As one user is shown: with custom data.
    pub(crate) fn whole(&self, definitions: &BTreeMap<u64, Definition>, switches: &Switches) -> Map<String, Json> {
        let mut shown = self.plain();
        if switches.custom_data != CustomDataForm::Values {
            let labels = definitions.values().map(|definition| {
                (definition.label.clone(), self.custom.get(&definition.id).cloned().unwrap_or(Json::Null))
            });
            shown.insert("CustomData".to_owned(), Json::Object(labels.collect()));
        }
        if switches.custom_data != CustomDataForm::Labels {
            let value = |(id, value): (&u64, &Json)| json!({ "definition_id": id, "value": value });
            shown.insert("customDataFieldValues".to_owned(), self.custom.iter().map(value).collect());
        }
        shown
    }

    fn plain(&self) -> Map<String, Json> {
        let shown = json!({
            "id": self.id,
            "email": self.email,
            "username": self.username,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "locale": self.locale,
            "enabled": self.enabled,
            "user_type": self.user_type,
            "account_expires": self.account_expires.map(|day| day.to_string()),
            "timezone_id": self.timezone_id,
            "created_at": shown(self.created_at),
            "updated_at": shown(self.updated_at),
            "last_sign_in_at": null,
            "sign_in_count": 0,
            "number_of_enrollments": 0,
            "number_of_enrollments_accessed": 0,
        });
        match shown {
            Json::Object(shown) => shown,
            _ => Map::new(),
        }
    }
}

/// The `version_id` of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    V1,
    V1_1,
    V1_2,
}

impl Version {
    /// One that is not known is the first.
    pub(crate) fn of(text: Option<&str>) -> Self {
        match text {
            Some("1.1") => Self::V1_1,
            Some("1.2") => Self::V1_2,
            _ => Self::V1,
        }
    }
}

/// A time as the API shows it: `2026-03-01T09:30:00Z` (apis/learnupon.md §1).
pub(crate) fn shown(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
