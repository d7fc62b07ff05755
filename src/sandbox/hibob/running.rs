//! A sandbox that runs: started, talked to, stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;

use super::event::{Event, Played};
use super::settings::{MOST_PEOPLE, People, ServiceUser, Settings};
use super::simulation::Simulation;
use super::switches::Switches;
use super::webhook::Delivery;
use super::{api, control};
use crate::sandbox::SandboxError;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::serving::{Port, Serving};

/// A simulated HiBob on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    service_user: ServiceUser,
    simulation: Arc<Simulation>,
    serving: Serving,
    webhook: Result<(), Refusal>,
}

impl Sandbox {
    /// Starts a sandbox. Requests are answered from then on.
    ///
    /// # Errors
    /// A file cannot be read, a setting makes no sense, or the port is taken. A webhook whose receiver fails the ping
    /// is no error: see [`Sandbox::webhook`].
    pub async fn start(settings: Settings) -> Result<Self, SandboxError> {
        check(&settings)?;
        let port = Port::take(settings.port).await?;
        let simulation = Arc::new(Simulation::open(&settings)?);
        let webhook = match settings.webhook {
            Some(webhook) => simulation.webhooks.connect(webhook, &settings.switches).await,
            None => Ok(()),
        };
        let router: Router = control::router().merge(api::router(&simulation)).with_state(Arc::clone(&simulation));
        Ok(Self { service_user: settings.service_user, simulation, serving: port.serve(router), webhook })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// What stands for `https://api.hibob.com/v1` in a recipe's `base_url`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address())
    }

    /// Where the control API is.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}/sandbox", self.address())
    }

    /// Who may call.
    #[must_use]
    pub fn service_user(&self) -> &ServiceUser {
        &self.service_user
    }

    /// Whether the webhook of the settings could be set up.
    ///
    /// # Errors
    /// The receiver failed the ping; no webhook is sent.
    pub fn webhook(&self) -> Result<(), &Refusal> {
        self.webhook.as_ref().copied()
    }

    /// How many people there are.
    #[must_use]
    pub fn people(&self) -> usize {
        self.simulation.people().len()
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// It cannot happen; nothing has changed.
    pub fn play(&self, event: &Event) -> Result<Played, Refusal> {
        self.simulation.play(event)
    }

    /// How it behaves now.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.simulation.switches()
    }

    /// Sets switches.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        let changed: Result<_, std::convert::Infallible> = self.simulation.switch(|switches| {
            let mut switches = switches.clone();
            change(&mut switches);
            Ok(switches)
        });
        let Ok(_) = changed;
    }

    /// Calls by endpoint, such as `POST /v1/people/search`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.simulation.calls()
    }

    /// The webhooks that were sent.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.simulation.webhooks.deliveries()
    }

    /// Stops it: answers that are on their way have a moment to end, and the port is free afterwards.
    pub async fn stop(mut self) {
        self.serving.stop().await;
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.simulation.webhooks.disconnect();
    }
}

fn check(settings: &Settings) -> Result<(), SandboxError> {
    let refuse = |error: &str, help: &str| Err(SandboxError::Setting(Refusal::new(error, help)));
    if matches!(settings.people, People::Generated { count, .. } if count > MOST_PEOPLE) {
        return refuse("too many people", "a sandbox holds up to 1000000");
    }
    if settings.service_user.id.contains(':') {
        return refuse("the service user's id has a colon in it", "Basic authentication has no room for one");
    }
    Ok(())
}
