//! The section `learnamp` of a recipe, and the account that it leads to.

use std::num::NonZeroU32;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::TITLE;
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, ConnectorSettings};

/// As it stands in the recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    credentials: RawCredentials,
    base_url: Option<String>,
    calls_per_second: Option<NonZeroU32>,
    scopes: Option<Vec<String>>,
    #[serde(default)]
    bodies: Bodies,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCredentials {
    client_id: String,
    client_secret: String,
}

/// How requests are written (apis/learnamp.md §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Bodies {
    #[default]
    Json,
    Form,
}

/// The scopes that a sync needs (apis/learnamp.md §2), each with what for.
pub(super) const SCOPES: [(&str, &str); 8] = [
    ("users:read", "to read who is there"),
    ("users:create", "to make users"),
    ("users:update", "to change users and their managers"),
    ("users:deactivate", "to end access"),
    ("users:reactivate", "to give access again"),
    ("teams:read", "to read which teams there are"),
    ("teams:create", "to make teams"),
    ("teams:update", "to rename teams"),
];

/// The scope of keys that were made before there were others (apis/learnamp.md §2).
pub(super) const PUBLIC: &str = "public";

/// What the connector needs to know, without secrets.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) base_url: String,
    /// Names of secrets.
    client_id: String,
    client_secret: String,
    pub(super) per_second: NonZeroU32,
    /// What a token is asked for.
    pub(super) scopes: Vec<String>,
    pub(super) bodies: Bodies,
}

/// An API key.
#[derive(Debug, Clone)]
pub(super) struct Key {
    pub(super) id: SecretString,
    pub(super) secret: SecretString,
}

impl Settings {
    /// The first of the pods (apis/learnamp.md §1).
    const BASE: &str = "https://api.learnamp.com";
    /// No limit is published (apis/learnamp.md §8).
    const PER_SECOND: NonZeroU32 = NonZeroU32::new(2).expect("not zero");

    pub(super) fn of(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let raw = RawSettings::deserialize(&settings.settings).map_err(|error| ConnectorError::Settings {
            message: format!("the section `learnamp` of the recipe: {error}"),
            help: "give `credentials` with the names of the secrets that hold client id and client secret".to_owned(),
        })?;
        let base = raw.base_url.unwrap_or_else(|| Self::BASE.to_owned());
        let base = base.trim_end_matches('/');
        let scopes = raw.scopes.unwrap_or_else(|| SCOPES.map(|(scope, _)| scope.to_owned()).into());
        if scopes.is_empty() || scopes.iter().any(|scope| scope.is_empty() || scope.contains(char::is_whitespace)) {
            return Err(ConnectorError::Settings {
                message: "`scopes` is no list of scopes".to_owned(),
                help: "leave it out, or name scopes such as `users:read`, each on its own".to_owned(),
            });
        }
        Ok(Self {
            base_url: base.strip_suffix("/v1").unwrap_or(base).to_owned(),
            client_id: raw.credentials.client_id,
            client_secret: raw.credentials.client_secret,
            per_second: raw.calls_per_second.unwrap_or(Self::PER_SECOND),
            scopes,
            bodies: raw.bodies,
        })
    }

    /// The key, looked up and seen to be whole.
    pub(super) fn key(&self, secrets: &Secrets) -> Result<Key, ConnectorError> {
        let secret = |name: &str| {
            let secret = secrets.get(name)?;
            if secret.expose_secret().bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'')) {
                return Ok(secret);
            }
            Err(ConnectorError::Credentials {
                message: format!("the secret `{name}` has a space, a quote or a line end in it"),
                help: format!("copy it again from {TITLE}, without anything before or after it"),
            })
        };
        Ok(Key { id: secret(&self.client_id)?, secret: secret(&self.client_secret)? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn read(more: &[(&str, Json)]) -> Result<Settings, String> {
        let mut settings = json!({ "credentials": { "client_id": "ID", "client_secret": "SECRET" } });
        for (key, value) in more {
            settings[*key] = value.clone();
        }
        let settings = ConnectorSettings { name: "learnamp".into(), settings, base: ".".into() };
        Settings::of(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_is_the_first_pod_two_calls_a_second_and_what_a_sync_needs() {
        let settings = read(&[]).unwrap();
        assert_eq!((settings.base_url.as_str(), settings.per_second.get()), ("https://api.learnamp.com", 2));
        assert_eq!((settings.scopes.len(), settings.bodies), (SCOPES.len(), Bodies::Json));
        let other = read(&[("base_url", json!("https://api-eu2.learnamp.com/v1/"))]).unwrap();
        assert_eq!(other.base_url, "https://api-eu2.learnamp.com");
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_anything_is_called() {
        for (key, value) in [
            ("calls_per_second", json!(0)),
            ("scopes", json!([])),
            ("scopes", json!(["users:read users:update"])),
            ("bodies", json!("xml")),
            ("unknown", json!(1)),
        ] {
            assert!(read(&[(key, value)]).is_err(), "{key}");
        }
    }
}
