//! The section `leapsome` of a recipe, and the company that it leads to.

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
    content_base_url: Option<String>,
    calls_per_second: Option<NonZeroU32>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    patch: PatchForm,
    #[serde(default)]
    additional_managers: ManyForm,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCredentials {
    token: String,
    api_secret: Option<String>,
}

/// The body of a change (apis/leapsome.md §0).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PatchForm {
    /// A flat partial object, as Leapsome describes it.
    #[default]
    Flat,
    /// SCIM's own list of operations, as other bases may want it.
    PatchOp,
}

/// How additional managers are written (apis/leapsome.md §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ManyForm {
    /// A list, as the API is described.
    #[default]
    List,
    /// One text with commas, as the help centre has it.
    Text,
}

/// What the connector needs to know, without secrets.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    /// Where the SCIM API is.
    pub(super) scim: String,
    /// Where the Content API is.
    pub(super) content: String,
    /// Names of secrets.
    token: String,
    api_secret: Option<String>,
    pub(super) per_second: NonZeroU32,
    /// Registered e-mail domains in lower case; none where the recipe does not name them.
    pub(super) domains: Vec<String>,
    pub(super) patch: PatchForm,
    pub(super) additional_managers: ManyForm,
}

/// The secrets, looked up and seen to be of the right form.
pub(super) struct Keys {
    pub(super) token: SecretString,
    pub(super) api_secret: Option<SecretString>,
}

impl Settings {
    /// Both of the documented limits are at least this, so that others may call too (apis/leapsome.md §0, §8).
    const PER_SECOND: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
    const HOST: &str = "https://api.leapsome.com";

    pub(super) fn of(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let raw = RawSettings::deserialize(&settings.settings).map_err(|error| ConnectorError::Settings {
            message: format!("the section `leapsome` of the recipe: {error}"),
            help: "give `credentials` with the name of the secret that holds the SCIM token".to_owned(),
        })?;
        let base = raw.base_url.as_deref().unwrap_or(Self::HOST).trim_end_matches('/');
        let host = base.strip_suffix("/scim/v1").unwrap_or(base);
        // An address with a path of its own, such as the one that Microsoft's connector uses, is taken as it is.
        let has_path = host.split_once("://").is_some_and(|(_, rest)| rest.contains('/'));
        let content = raw.content_base_url.as_deref().map(|base| base.trim_end_matches('/').to_owned());
        let usual = if has_path { Self::HOST } else { host };
        Ok(Self {
            scim: if has_path { host.to_owned() } else { format!("{host}/scim/v1") },
            content: content.unwrap_or_else(|| format!("{usual}/v1")),
            token: raw.credentials.token,
            api_secret: raw.credentials.api_secret,
            per_second: raw.calls_per_second.unwrap_or(Self::PER_SECOND),
            domains: raw.domains.iter().map(|domain| domain.trim().trim_start_matches('@').to_lowercase()).collect(),
            patch: raw.patch,
            additional_managers: raw.additional_managers,
        })
    }

    /// Whether an address is of a registered domain, as far as the recipe says which there are.
    pub(super) fn takes(&self, address: &str) -> bool {
        let domain = address.rsplit_once('@').map(|(_, domain)| domain.trim().to_lowercase());
        self.domains.is_empty() || domain.is_some_and(|domain| self.domains.contains(&domain))
    }

    /// The secrets.
    pub(super) fn keys(&self, secrets: &Secrets) -> Result<Keys, ConnectorError> {
        let key = |name: &str, place: &str| {
            let secret = secrets.get(name)?;
            if is_key(secret.expose_secret()) {
                return Ok(secret);
            }
            Err(ConnectorError::Credentials {
                message: format!(
                    "the secret `{name}` has spaces, quotes or other characters that no key of {TITLE} has"
                ),
                help: format!("copy it again from {place}, without anything before or after it"),
            })
        };
        let token = key(&self.token, "Settings > Integrations > HRIS integrations > SCIM")?;
        let api_secret = self.api_secret.as_deref();
        let api_secret = api_secret.map(|name| key(name, "Settings > Integrations and imports > API access"));
        Ok(Keys { token, api_secret: api_secret.transpose()? })
    }
}

/// What comes with copying does not belong into a key.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\'' | b'`'))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn read(more: &Json) -> Result<Settings, String> {
        let mut section = json!({ "credentials": { "token": "TOKEN" } });
        section.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let settings = ConnectorSettings { name: "leapsome".into(), settings: section, base: "recipes".into() };
        Settings::of(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn both_apis_are_on_one_host_unless_an_address_has_a_path_of_its_own() {
        let addresses = |base: &str| {
            let settings = read(&json!({ "base_url": base })).unwrap();
            (settings.scim, settings.content)
        };
        let of = |scim: &str, content: &str| (scim.to_owned(), content.to_owned());
        assert_eq!(
            addresses("http://127.0.0.1:8476/"),
            of("http://127.0.0.1:8476/scim/v1", "http://127.0.0.1:8476/v1")
        );
        assert_eq!(addresses("http://127.0.0.1:8476/scim/v1"), addresses("http://127.0.0.1:8476"));
        let other = of("https://www.leapsome.com/api/scim", "https://api.leapsome.com/v1");
        assert_eq!(addresses("https://www.leapsome.com/api/scim"), other);
        let settings = read(&json!({ "content_base_url": "http://127.0.0.1:1/v1/" })).unwrap();
        assert_eq!((settings.scim, settings.content), of("https://api.leapsome.com/scim/v1", "http://127.0.0.1:1/v1"));
    }

    #[test]
    fn what_is_left_out_is_as_described_and_unknown_keys_are_refused() {
        let settings = read(&json!({})).unwrap();
        assert_eq!((settings.per_second.get(), settings.patch), (20, PatchForm::Flat));
        assert!(settings.takes("ada@anything.example"));
        let settings = read(&json!({ "domains": ["@Acme.example"], "patch": "patch_op" })).unwrap();
        assert!(settings.takes("Ada@ACME.example") && !settings.takes("ada@other.example") && !settings.takes("ada"));
        for wrong in [json!({ "patsh": "flat" }), json!({ "patch": "x" }), json!({ "calls_per_second": 0 })] {
            assert!(read(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_comes_with_copying_is_no_key() {
        for wrong in ["", " abc", "abc\n", "\"abc\"", "Bearer abc", "abc\u{200b}"] {
            assert!(!is_key(wrong), "{wrong:?}");
        }
        assert!(is_key("eyJ0.abc-DEF_/+=:9"));
    }
}
