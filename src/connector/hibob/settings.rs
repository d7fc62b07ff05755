//! The section `hibob` of a recipe, and the account that it leads to.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, ConnectorSettings};

/// As it stands in the recipe. `fields` are short names, which the recipe itself resolves.
#[derive(Debug, Deserialize)]
pub(super) struct RawSettings {
    credentials: RawCredentials,
    base_url: Option<String>,
    /// How people are read.
    #[serde(default)]
    pub(super) read: Read,
}

#[derive(Debug, Deserialize)]
struct RawCredentials {
    id: String,
    token: String,
}

/// How everybody is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Read {
    /// In one answer; in parts where that breaks off.
    #[default]
    Whole,
    /// Ids first, then the details of 200 people at a time.
    InParts,
}

/// A service user, and where it is one.
pub(super) struct Account {
    pub(super) base_url: String,
    pub(super) id: SecretString,
    pub(super) token: SecretString,
}

impl RawSettings {
    pub(super) fn of(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        Self::deserialize(&settings.settings).map_err(|error| ConnectorError::Settings {
            message: format!("the section `hibob` of the recipe: {error}"),
            help: "give `credentials` with the names of the secrets that hold id and token".to_owned(),
        })
    }

    /// The account, with its secrets looked up and seen to be of the right form.
    pub(super) fn account(&self, secrets: &Secrets) -> Result<Account, ConnectorError> {
        let base = self.base_url.as_deref().unwrap_or("https://api.hibob.com").trim_end_matches('/');
        let secret = |name: &str| {
            let secret = secrets.get(name)?;
            match stray(secret.expose_secret()) {
                None => Ok(secret),
                Some(what) => Err(ConnectorError::Credentials {
                    message: format!("the secret `{name}` {what}"),
                    help: "copy it again from Bob, without anything before or after it".to_owned(),
                }),
            }
        };
        Ok(Account {
            base_url: base.strip_suffix("/v1").unwrap_or(base).to_owned(),
            id: secret(&self.credentials.id)?,
            token: secret(&self.credentials.token)?,
        })
    }
}

/// What does not belong into an id or a token, and often comes with copying.
fn stray(secret: &str) -> Option<&'static str> {
    let quoted = |sign| secret.starts_with(sign) || secret.ends_with(sign);
    match secret {
        _ if secret.starts_with(char::is_whitespace) || secret.ends_with(char::is_whitespace) => {
            Some("begins or ends with a space or an empty line")
        }
        _ if secret.contains(char::is_whitespace) => Some("has a space or a line end in it"),
        _ if quoted('"') || quoted('\'') || quoted('`') => Some("has quotes around it"),
        _ if !secret.is_ascii() || secret.bytes().any(|byte| byte.is_ascii_control()) => {
            Some("has characters in it that no id or token has")
        }
        _ if secret.contains(':') => Some("has a colon in it, as if id and token stood together"),
        _ => None,
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_with_copying_is_named() {
        for (secret, what) in [
            (" abc", "begins or ends with a space"),
            ("abc\n", "begins or ends with a space"),
            ("Basic abc", "has a space"),
            ("\"abc\"", "has quotes"),
            ("SERVICE-1:abc", "has a colon"),
            ("abc\u{200b}", "has characters"),
        ] {
            assert!(stray(secret).is_some_and(|found| found.starts_with(what)), "{secret:?}");
        }
        assert_eq!(stray("SERVICE-1001"), None);
    }
}
