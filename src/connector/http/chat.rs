//! A message to a chat, by an incoming webhook as Slack has them: whoever knows the address may post, so it is a secret.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::connector::ConnectorError;

/// How long posting may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// Posts a text.
///
/// # Errors
/// When the address is none, or the chat did not take it. The address is never shown.
pub async fn post_to_chat(address: &SecretString, text: &str) -> Result<(), ConnectorError> {
    let url = Url::parse(address.expose_secret().trim()).ok().filter(is_private).ok_or_else(|| {
        let message = "the secret of `notify: { webhook: … }` is not the address of a chat's webhook".to_owned();
        ConnectorError::Settings { message, help: "write it as https://host/path, as the chat shows it".to_owned() }
    })?;
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().map_err(|_| {
        let message = "this machine has no certificates to check a server's by".to_owned();
        ConnectorError::Unavailable { message, help: "install the package `ca-certificates`".to_owned() }
    })?;
    let body = json!({ "text": text }).to_string();
    match client.post(url).header(CONTENT_TYPE, "application/json").body(body).send().await {
        Ok(answer) if answer.status().is_success() => Ok(()),
        Ok(answer) => Err(ConnectorError::Unavailable {
            message: format!("the chat answered {} to a message", answer.status().as_u16()),
            help: "see in the chat's settings that the webhook is there and may post".to_owned(),
        }),
        // The library's own words hold the address.
        Err(_) => Err(ConnectorError::Unavailable {
            message: "the chat did not answer".to_owned(),
            help: "see that the address of its webhook is right and reachable from here".to_owned(),
        }),
    }
}

/// Nobody on the way can read the address, which is all that it takes to post.
fn is_private(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let this_machine =
        host == "localhost" || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|host| host.is_loopback());
    url.has_host() && (url.scheme() == "https" || (url.scheme() == "http" && this_machine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_can_read_on_the_way_is_an_address() {
        let fits = |text| Url::parse(text).is_ok_and(|url| is_private(&url));
        for address in ["https://hooks.chat.example/T/B/x?sig=1", "http://127.0.0.1:81/x", "http://[::1]/x"] {
            assert!(fits(address), "{address}");
        }
        for other in ["http://hooks.chat.example/T", "ftp://127.0.0.1/x", "mailto:a@b.example", "hooks.chat.example"] {
            assert!(!fits(other), "{other}");
        }
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_not_repeated() {
        let error = post_to_chat(&"hunter2 secret".into(), "x").await.unwrap_err();
        assert!(!format!("{error} {} {error:?}", error.help()).contains("hunter2"));
    }
}
