//! Sending one body to the receiver.

use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Url, header};
use secrecy::{ExposeSecret as _, SecretString};

use super::signature;
use crate::sandbox::refusal::Refusal;

/// How long a receiver may take; not documented, and assumed to be ten seconds (apis/hibob.md §5.6).
const PATIENCE: Duration = Duration::from_secs(10);

/// Where bodies go.
#[derive(Debug, Clone)]
pub(super) struct Receiver {
    client: Client,
    url: Url,
    secret: SecretString,
}

impl Receiver {
    pub(super) fn new(url: &str, secret: SecretString) -> Result<Self, Refusal> {
        const HELP: &str = "give an address such as http://127.0.0.1:8080/webhooks/hibob";
        let parsed: Url = url.parse().map_err(|_| Refusal::new("the webhook's address is no URL", HELP))?;
        if parsed.scheme() != "http" {
            return Err(Refusal::new("webhooks of the sandbox go to http addresses only", HELP));
        }
        // Whoever was first has installed the same one; without one there is no client.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // The environment's proxy has no business between two programs on one machine.
        let client = Client::builder().timeout(PATIENCE).redirect(Policy::none()).no_proxy().build();
        let client =
            client.map_err(|error| Refusal::new(format!("no HTTP client: {error}"), "start the sandbox again"))?;
        Ok(Self { client, url: parsed, secret })
    }

    /// Posts JSON with its signature. Anything but a good status is an error in a few words.
    pub(super) async fn post(&self, body: &str) -> Result<(), String> {
        self.send(body, "application/json", true).await
    }

    /// The check of an endpoint: plain text first, and JSON if that fails (§5.2).
    pub(super) async fn ping(&self, signed: bool) -> Result<(), String> {
        match self.send("Ping test", "text/plain", signed).await {
            Ok(()) => Ok(()),
            Err(_) => self.send(r#"{"text":"Ping test"}"#, "application/json", signed).await,
        }
    }

    async fn send(&self, body: &str, kind: &str, signed: bool) -> Result<(), String> {
        let mut request = self.client.post(self.url.clone()).header(header::CONTENT_TYPE, kind);
        let signature = signature::sign(self.secret.expose_secret(), body.as_bytes()).filter(|_| signed);
        if let Some(signature) = signature {
            request = request.header(signature::HEADER, signature);
        }
        match request.body(body.to_owned()).send().await {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(format!("answered {}", response.status().as_u16())),
            Err(error) if error.is_timeout() => Err("did not answer in time".to_owned()),
            Err(_) => Err("can't be reached".to_owned()),
        }
    }
}
