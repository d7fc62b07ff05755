//! What a body says about a user: absent fields stay, `null` clears, empty texts are refused (apis/360learning.md §3.4).

use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::denial::{BAD_REQUEST, Denial, invalid};
use super::id::Id;
use super::user::{LANGUAGES, Profile};

/// Fields of a user as they are told, by their names in the API.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Draft {
    #[serde(deserialize_with = "told")]
    pub(crate) mail: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    pub(crate) username: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    lang: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    first_name: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    last_name: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    phone: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    job: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    organization: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    custom: Option<Option<String>>,
    #[serde(deserialize_with = "told")]
    pub(crate) primary_group_id: Option<Option<Id>>,
    #[serde(deserialize_with = "told")]
    pub(crate) to_be_deactivated_at: Option<Option<Timestamp>>,
    /// Pictures are not simulated: none can be uploaded, so that none is ever found (§3.4).
    #[serde(deserialize_with = "told")]
    pub(crate) profile_image_id: Option<Option<Id>>,
}

/// Tells `null` from what is absent.
pub(super) fn told<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl Draft {
    pub(super) fn of_names(first: &str, last: &str, mail: &str) -> Self {
        let told = |text: &str| Some(Some(text.to_owned()));
        Self { first_name: told(first), last_name: told(last), mail: told(mail), ..Self::default() }
    }

    /// Sees to the rules that need nobody else: lengths, the language, the forms of address and user name.
    pub(super) fn check(&self, now: Timestamp, usernames: bool) -> Result<(), Denial> {
        let texts =
            [&self.first_name, &self.last_name, &self.phone, &self.job, &self.organization, &self.custom, &self.lang];
        let texts = texts.into_iter().chain([&self.mail, &self.username]);
        if texts.flatten().flatten().any(String::is_empty) || self.lang == Some(None) {
            return Err(BAD_REQUEST);
        }
        if self.lang.iter().flatten().any(|lang| !LANGUAGES.contains(&lang.as_str())) {
            return Err(BAD_REQUEST);
        }
        if self.mail.iter().flatten().any(|mail| !is_address(mail)) {
            return Err(invalid("mailInvalid"));
        }
        if self.username.iter().flatten().any(|name| !usernames || !is_user_name(name)) {
            return Err(invalid("usernameNotAllowed"));
        }
        if self.to_be_deactivated_at.iter().flatten().any(|moment| *moment <= now) {
            return Err(invalid("deactivationDateInvalid"));
        }
        if self.profile_image_id.iter().flatten().next().is_some() {
            return Err(invalid("mediaNotFound"));
        }
        Ok(())
    }

    /// Whether nothing is cleared: there is nothing to clear in a new user.
    pub(super) fn clears_nothing(&self) -> bool {
        let texts =
            [&self.first_name, &self.last_name, &self.phone, &self.job, &self.organization, &self.custom, &self.mail];
        !texts.into_iter().chain([&self.username]).any(|text| *text == Some(None))
            && self.primary_group_id != Some(None)
            && self.to_be_deactivated_at != Some(None)
    }

    /// Writes what is told over a profile.
    pub(super) fn write(self, profile: &mut Profile, lower_case_mails: bool) {
        let lower = |mail: String| if lower_case_mails { mail.to_lowercase() } else { mail };
        put(&mut profile.mail, self.mail.map(|mail| mail.map(lower)));
        put(&mut profile.username, self.username);
        put(&mut profile.first_name, self.first_name);
        put(&mut profile.last_name, self.last_name);
        put(&mut profile.phone, self.phone);
        put(&mut profile.job, self.job);
        put(&mut profile.organization, self.organization);
        put(&mut profile.custom, self.custom);
        put(&mut profile.primary_group_id, self.primary_group_id);
        put(&mut profile.to_be_deactivated_at, self.to_be_deactivated_at);
        if let Some(Some(lang)) = self.lang {
            profile.lang = lang;
        }
    }
}

fn put<T>(into: &mut Option<T>, told: Option<Option<T>>) {
    if let Some(told) = told {
        *into = told;
    }
}

fn is_address(mail: &str) -> bool {
    let whole = !mail.chars().any(|sign| sign.is_whitespace() || sign.is_control());
    let parts = mail.split_once('@');
    whole && parts.is_some_and(|(name, host)| !name.is_empty() && !host.contains('@') && host.contains('.'))
}

/// Lower-case letters, digits and the usual signs of the local part of an address (§3.4).
fn is_user_name(name: &str) -> bool {
    name.chars()
        .all(|sign| sign.is_ascii_lowercase() || sign.is_ascii_digit() || "!#$%&'*+-/=?^_`{|}~.@".contains(sign))
}
