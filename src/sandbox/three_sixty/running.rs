//! A sandbox that runs: started, talked to, stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::change::Change;
use super::company::Mail;
use super::settings::{Client, MOST_USERS, Settings, Users};
use super::simulation::Simulation;
use super::snapshot::{self, User};
use super::switches::Switches;
use super::{api, control};
use crate::sandbox::SandboxError;
use crate::sandbox::record::Exchange;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::serving::{Port, Serving};

/// A simulated 360Learning on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    client: Client,
    simulation: Arc<Simulation>,
    serving: Serving,
}

impl Sandbox {
    /// Starts a sandbox. Requests are answered from then on.
    ///
    /// # Errors
    /// A file cannot be read, a setting makes no sense, or the port is taken.
    pub async fn start(settings: Settings) -> Result<Self, SandboxError> {
        if matches!(settings.users, Users::Generated(count) if count > MOST_USERS) {
            let refusal = Refusal::new("too many users", format!("a sandbox holds up to {MOST_USERS}"));
            return Err(SandboxError::Setting(refusal));
        }
        let port = Port::take(settings.port).await?;
        let simulation = Arc::new(Simulation::open(&settings)?);
        let router = control::router().merge(api::router(&simulation)).with_state(Arc::clone(&simulation));
        Ok(Self { client: settings.client, simulation, serving: port.serve(router) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// What stands for `https://app.360learning.com` in a recipe's `base_url`.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Where the control API is.
    #[must_use]
    pub fn control_url(&self) -> String {
        format!("http://{}/sandbox", self.address())
    }

    /// Who may call.
    #[must_use]
    pub fn credentials(&self) -> &Client {
        &self.client
    }

    /// The id of the group that new users begin in: the first one below the root, or the root.
    #[must_use]
    pub fn default_group(&self) -> String {
        let company = self.simulation.company();
        let groups = company.groups();
        groups.keys().nth(1).copied().unwrap_or(company.root()).to_string()
    }

    /// Everybody, in the order in which they were made.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        snapshot::of(&self.simulation.company())
    }

    /// Does something by hand. The id of what was made, where something was.
    ///
    /// # Errors
    /// It cannot be done; nothing has changed.
    pub fn change(&self, change: Change) -> Result<Option<String>, Refusal> {
        self.simulation.change(change)
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

    /// Calls by endpoint, such as `PUT /api/v2/users/{userId}/activate`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.simulation.calls()
    }

    /// Counts from 0 again, and forgets limits and recorded calls.
    pub fn forget_calls(&self) {
        self.simulation.forget_calls();
    }

    /// Takes all tokens back.
    pub fn forget_tokens(&self) {
        self.simulation.forget_tokens();
    }

    /// The latest calls, where the switch `record` asks for them.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.simulation.exchanges()
    }

    /// The mails that would have been sent.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.simulation.company().mails().to_vec()
    }

    /// Waits until a write is not answered, because of the fault `halt`.
    pub async fn halted(&self) {
        self.simulation.line().halted().await;
    }

    /// Stops it: answers that are on their way have a moment to end, and the port is free afterwards.
    pub async fn stop(mut self) {
        self.serving.stop().await;
    }
}
