//! What says who is calling: fixed credentials, or a token that is asked for and renewed.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::body::Form;
use super::failure::Failure;

/// What says who is calling.
pub(in crate::connector) enum Authorization {
    /// The same with every call.
    Fixed(HeaderValue),
    /// A token.
    Bearer(Bearer),
}

impl Authorization {
    /// A user name and a password, or an id and a token.
    pub(in crate::connector) fn basic(id: &SecretString, token: &SecretString) -> Self {
        let pair = format!("{}:{}", id.expose_secret(), token.expose_secret());
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair);
        let mut value = HeaderValue::from_str(&format!("Basic {encoded}")).expect("base64 is plain ASCII");
        value.set_sensitive(true);
        Self::Fixed(value)
    }

    /// A token that never changes. One that no header can hold is refused by the service as any wrong one is.
    pub(in crate::connector) fn token(token: &SecretString) -> Self {
        let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
        let mut value = value.unwrap_or(HeaderValue::from_static("Bearer"));
        value.set_sensitive(true);
        Self::Fixed(value)
    }

    /// A token that this call gives (OAuth 2, client credentials). It is asked for before the first call, shortly before
    /// it expires, and once after the service no longer knows it.
    pub(in crate::connector) fn bearer(call: TokenCall) -> Self {
        Self::Bearer(Bearer { call, state: Mutex::default() })
    }
}

/// The call that gives a token.
pub(in crate::connector) struct TokenCall {
    /// The parts of its path below the base.
    pub(in crate::connector) path: &'static [&'static str],
    /// The path as errors show it.
    pub(in crate::connector) shown: &'static str,
    /// How its body is written.
    pub(in crate::connector) form: Form,
    /// The body, with the secrets in it.
    pub(in crate::connector) body: SecretString,
}

/// A token, as long as it is good.
pub(in crate::connector) struct Bearer {
    pub(super) call: TokenCall,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// When a token could last not be had, and why: shared by all who were waiting for it.
    failed: Option<(Instant, Failure)>,
}

/// A token that the service gave.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) value: HeaderValue,
    renew: Option<Instant>,
}

impl Bearer {
    /// The token to call with: the one there is, or another where there is none, it is about to expire, or it is the one
    /// that the service no longer knows. Those who come while one is being got wait for it.
    pub(super) async fn token<F>(
        &self,
        no_longer_known: Option<&HeaderValue>,
        get: impl FnOnce() -> F,
    ) -> Result<HeaderValue, Failure>
    where
        F: Future<Output = Result<Token, Failure>>,
    {
        let asked = Instant::now();
        let mut state = self.state.lock().await;
        let is_good = |token: &&Token| {
            no_longer_known != Some(&token.value) && token.renew.is_none_or(|renew| Instant::now() < renew)
        };
        if let Some(token) = state.token.as_ref().filter(is_good) {
            return Ok(token.value.clone());
        }
        if let Some((at, failure)) = &state.failed
            && *at >= asked
        {
            return Err(failure.clone());
        }
        state.token = None;
        match get().await {
            Ok(token) => Ok(state.token.insert(token).value.clone()),
            Err(failure) => {
                state.failed = Some((Instant::now(), failure.clone()));
                Err(failure)
            }
        }
    }
}

impl Token {
    /// How long before its end a token is renewed at the latest: longer than a call may be under way.
    const MARGIN: Duration = Duration::from_secs(60);

    /// From the answer of the token call; nothing where it holds no token.
    pub(super) fn parse(body: &[u8], now: Instant) -> Option<Self> {
        let granted: Granted = serde_json::from_slice(body).ok()?;
        let mut value = HeaderValue::from_str(&format!("Bearer {}", granted.access_token)).ok()?;
        value.set_sensitive(true);
        let renew = granted.expires_in.and_then(|lifetime| now.checked_add(lifetime - Self::MARGIN.min(lifetime / 10)));
        Some(Self { value, renew })
    }
}

#[derive(Deserialize)]
struct Granted {
    #[serde(alias = "token")]
    access_token: String,
    #[serde(default, alias = "expiresIn", deserialize_with = "seconds")]
    expires_in: Option<Duration>,
}

/// A number, or a text that holds one (apis/360learning.md §1). Anything else says nothing.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let written = serde_json::Value::deserialize(deserializer)?;
    let seconds = written.as_f64().or_else(|| written.as_str()?.trim().parse().ok());
    Ok(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()))
}

impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fixed(_) => "Fixed",
            Self::Bearer(_) => "Bearer",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Option<Duration>> {
        let now = Instant::now();
        Token::parse(text.as_bytes(), now).map(|token| token.renew.map(|renew| renew - now))
    }

    #[test]
    fn a_token_is_renewed_a_minute_before_its_end_or_a_tenth_of_its_life() {
        for hour in [r#"3600"#, r#""3600""#, "3600.0"] {
            let renew = parse(&format!(r#"{{ "access_token": "t", "expires_in": {hour} }}"#));
            assert_eq!(renew, Some(Some(Duration::from_secs(3540))), "{hour}");
        }
        assert_eq!(parse(r#"{ "access_token": "t", "expires_in": 10 }"#), Some(Some(Duration::from_secs(9))));
        for unknown in ["null", "-5", "1e999", r#""soon""#, "{}", "1e300"] {
            let text = format!(r#"{{ "access_token": "t", "expires_in": {unknown} }}"#);
            assert!(matches!(parse(&text), Some(None) | None), "{unknown}");
        }
        assert_eq!(parse(r#"{ "access_token": "t" }"#), Some(None));
        // As apis/leapsome.md §6 has it.
        assert_eq!(parse(r#"{ "token": "t", "expiresIn": 18000 }"#), Some(Some(Duration::from_secs(17_940))));
        for no_token in ["", "[]", r#"{ "error": "x" }"#, r#"{ "access_token": "a\nb" }"#] {
            assert_eq!(parse(no_token), None, "{no_token}");
        }
    }

    #[test]
    fn credentials_are_never_shown() {
        let secret = |text: &str| SecretString::from(text);
        let basic = Authorization::basic(&secret("id"), &secret("word"));
        assert_eq!(format!("{basic:?}"), "Fixed");
        let Authorization::Fixed(value) = basic else { panic!("basic is fixed") };
        assert_eq!((format!("{value:?}").as_str(), value.as_bytes()), ("Sensitive", &b"Basic aWQ6d29yZA=="[..]));
        let Authorization::Fixed(value) = Authorization::token(&secret("word")) else { panic!("it is fixed") };
        assert_eq!((format!("{value:?}").as_str(), value.as_bytes()), ("Sensitive", &b"Bearer word"[..]));
    }
}
