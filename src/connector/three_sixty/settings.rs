//! The section `360learning` of a recipe, and the account that it leads to.

use std::num::NonZeroU32;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::id::is_id;
use crate::connector::http::pace::Limit;
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, ConnectorSettings};

/// As it stands in the recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settings {
    credentials: RawCredentials,
    base_url: Option<String>,
    /// The group that new users join who are to join no other: none is made without a group (apis/360learning.md §3.3).
    pub(super) default_group: String,
    /// The platform under which employee ids are kept as external ids.
    #[serde(default = "hibob")]
    pub(super) platform: String,
    #[serde(default = "ten")]
    writes_per_second: NonZeroU32,
    #[serde(default = "fifty")]
    reads_per_second: NonZeroU32,
}

/// How many calls a second may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rates {
    pub(super) writes: NonZeroU32,
    pub(super) reads: NonZeroU32,
}

impl Rates {
    /// How long so many writes take.
    pub(super) fn time_of_writes(self, calls: usize) -> Duration {
        time_of(calls, self.writes)
    }

    /// How long so many reads take.
    pub(super) fn time_of_reads(self, calls: usize) -> Duration {
        time_of(calls, self.reads)
    }
}

/// A little of the limit is left unused: see [`Limit`].
fn time_of(calls: usize, per_second: NonZeroU32) -> Duration {
    Limit::per_second(per_second).distance().saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCredentials {
    client_id: String,
    client_secret: String,
}

/// API credentials.
pub(super) struct Account {
    pub(super) id: SecretString,
    pub(super) secret: SecretString,
}

fn hibob() -> String {
    "hibob".to_owned()
}

// The limits of a company (apis/360learning.md §2).
fn ten() -> NonZeroU32 {
    NonZeroU32::new(10).expect("not zero")
}

fn fifty() -> NonZeroU32 {
    NonZeroU32::new(50).expect("not zero")
}

impl Settings {
    pub(super) fn of(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let refused = |message: String, help: &str| ConnectorError::Settings { message, help: help.to_owned() };
        let read = Self::deserialize(&settings.settings).map_err(|error| {
            let help = "give `credentials` with the names of the secrets that hold client id and client secret, and the \
                        id of the `default_group`";
            refused(format!("the section `360learning` of the recipe: {error}"), help)
        })?;
        if !is_id(&read.default_group) {
            let help =
                "open the group in 360Learning: its id, 24 digits and letters, stands in the address of the page";
            return Err(refused(
                format!("`default_group` is `{}`, which is no id of a group", read.default_group),
                help,
            ));
        }
        if read.platform.trim().is_empty() {
            return Err(refused("`platform` is empty".to_owned(), "name it, such as `hibob`, or leave the key out"));
        }
        Ok(read)
    }

    /// Where the API is.
    pub(super) fn api(&self) -> String {
        let base = self.base_url.as_deref().unwrap_or("https://app.360learning.com").trim_end_matches('/');
        format!("{}/api/v2", base.strip_suffix("/api/v2").unwrap_or(base))
    }

    pub(super) fn rates(&self) -> Rates {
        Rates { writes: self.writes_per_second, reads: self.reads_per_second }
    }

    /// The credentials, with their secrets looked up and seen to be whole.
    pub(super) fn account(&self, secrets: &Secrets) -> Result<Account, ConnectorError> {
        let secret = |name: &str| {
            let secret = secrets.get(name)?;
            let text = secret.expose_secret();
            if text.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control() || byte == b'"') {
                return Err(ConnectorError::Credentials {
                    message: format!("the secret `{name}` has a space, a quote or a line end in it"),
                    help: "copy it again from 360Learning, without anything before or after it".to_owned(),
                });
            }
            Ok(secret)
        };
        Ok(Account { id: secret(&self.credentials.client_id)?, secret: secret(&self.credentials.client_secret)? })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn read(more: &[(&str, Json)]) -> Result<Settings, String> {
        let mut settings = json!({
            "credentials": { "client_id": "ID", "client_secret": "SECRET" },
            "default_group": "65aa00000000000000000001",
        });
        for (key, value) in more {
            settings[*key] = value.clone();
        }
        let settings = ConnectorSettings { name: "360learning".into(), settings, base: ".".into() };
        Settings::of(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_left_out_is_the_european_host_the_platform_hibob_and_the_documented_limits() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings.api(), "https://app.360learning.com/api/v2");
        let Rates { writes, reads } = settings.rates();
        assert_eq!((&*settings.platform, writes.get(), reads.get()), ("hibob", 10, 50));
        let american = read(&[("base_url", json!("https://app.us.360learning.com/api/v2/"))]).unwrap();
        assert_eq!(american.api(), "https://app.us.360learning.com/api/v2");
    }

    #[test]
    fn what_makes_no_sense_is_refused_before_anything_is_called() {
        for (key, value) in [
            ("default_group", json!("Everybody")),
            ("platform", json!(" ")),
            ("writes_per_second", json!(0)),
            ("unknown", json!(1)),
        ] {
            assert!(read(&[(key, value)]).is_err(), "{key}");
        }
    }
}
