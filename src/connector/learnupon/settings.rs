//! The section `learnupon` of a recipe, and the portal that it leads to.

use std::num::NonZeroU32;

use secrecy::SecretString;
use serde::Deserialize;

use super::TITLE;
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, ConnectorSettings};

/// As it stands in the recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    credentials: RawCredentials,
    portal: String,
    base_url: Option<String>,
    #[serde(default)]
    login: Login,
    #[serde(default)]
    sso: bool,
    calls_per_minute: Option<NonZeroU32>,
    calls_per_week: Option<NonZeroU32>,
    invitation_hours: Option<NonZeroU32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCredentials {
    username: String,
    password: String,
}

/// What people log in with: the portal's unique key (apis/learnupon.md §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Login {
    #[default]
    Email,
    Username,
}

/// What the connector needs to know, without secrets.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) base_url: String,
    /// Names of secrets.
    username: String,
    password: String,
    pub(super) login: Login,
    /// People log in elsewhere: nothing is mailed, and nobody is invited.
    pub(super) sso: bool,
    pub(super) per_minute: NonZeroU32,
    pub(super) per_week: NonZeroU32,
    pub(super) invitation: Invitation,
}

/// How long an invitation can be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invitation {
    pub(super) hours: u32,
    /// Whether the recipe says so, so that LearnUpon has to be told.
    pub(super) is_own: bool,
}

/// The pair of API keys.
pub(super) struct Keys {
    pub(super) username: SecretString,
    pub(super) password: SecretString,
}

impl Settings {
    /// Seen with one client; not published (apis/learnupon.md §1, "Rate limits").
    const PER_MINUTE: NonZeroU32 = NonZeroU32::new(300).expect("not zero");
    const PER_WEEK: NonZeroU32 = NonZeroU32::new(360_000).expect("not zero");
    /// apis/learnupon.md §6.
    const INVITATION_HOURS: u32 = 72;

    pub(super) fn of(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let raw = RawSettings::deserialize(&settings.settings).map_err(|error| ConnectorError::Settings {
            message: format!("the section `learnupon` of the recipe: {error}"),
            help: "give `portal`, and `credentials` with the names of the secrets that hold the two API keys"
                .to_owned(),
        })?;
        let base = raw.base_url.unwrap_or_else(|| format!("https://{}.learnupon.com", raw.portal));
        let base = base.trim_end_matches('/');
        let hours = raw.invitation_hours.map(NonZeroU32::get);
        Ok(Self {
            base_url: base.strip_suffix("/api/v1").unwrap_or(base).to_owned(),
            username: raw.credentials.username,
            password: raw.credentials.password,
            login: raw.login,
            sso: raw.sso,
            per_minute: raw.calls_per_minute.unwrap_or(Self::PER_MINUTE),
            per_week: raw.calls_per_week.unwrap_or(Self::PER_WEEK),
            invitation: Invitation { hours: hours.unwrap_or(Self::INVITATION_HOURS), is_own: hours.is_some() },
        })
    }

    /// The keys, looked up and seen to be of the right form.
    pub(super) fn keys(&self, secrets: &Secrets) -> Result<Keys, ConnectorError> {
        let key = |name: &str| {
            let secret = secrets.get(name)?;
            if is_key(secrecy::ExposeSecret::expose_secret(&secret)) {
                return Ok(secret);
            }
            Err(ConnectorError::Credentials {
                message: format!(
                    "the secret `{name}` has spaces, quotes or other characters that no key of {TITLE} has"
                ),
                help: "copy it again from Settings > Integrations > API Keys, without anything before or after it"
                    .to_owned(),
            })
        };
        Ok(Keys { username: key(&self.username)?, password: key(&self.password)? })
    }
}

/// What comes with copying does not belong into a key.
fn is_key(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`' | b':'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_portal_names_its_address_and_another_address_counts_before_it() {
        let settings = |more: serde_json::Value| {
            let mut section = json!({ "portal": "acme", "credentials": { "username": "A", "password": "B" } });
            section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let settings = ConnectorSettings { name: "learnupon".into(), settings: section, base: "recipes".into() };
            Settings::of(&settings).map(|settings| settings.base_url).map_err(|error| error.to_string())
        };
        assert_eq!(settings(json!({})).unwrap(), "https://acme.learnupon.com");
        let sandbox = settings(json!({ "base_url": "http://127.0.0.1:8474/api/v1/" }));
        assert_eq!(sandbox.unwrap(), "http://127.0.0.1:8474");
        assert!(settings(json!({ "ssso": true })).unwrap_err().contains("ssso"));
    }

    #[test]
    fn what_comes_with_copying_is_no_key() {
        for wrong in [" abc", "abc\n", "\"abc\"", "a:b", "abc\u{200b}"] {
            assert!(!is_key(wrong), "{wrong:?}");
        }
        assert!(is_key("0123abc-DEF_"));
    }
}
