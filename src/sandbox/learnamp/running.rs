//! A sandbox that runs: started, talked to, stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::account::{Mail, Team, User};
use super::change::Change;
use super::settings::{Key, MOST_PEOPLE, People, Settings};
use super::simulation::Simulation;
use super::switches::Switches;
use super::{api, control};
use crate::sandbox::SandboxError;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::serving::{Port, Serving};

/// A simulated Learn Amp on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    key: Key,
    simulation: Arc<Simulation>,
    serving: Serving,
}

impl Sandbox {
    /// Starts a sandbox. Requests are answered from then on.
    ///
    /// # Errors
    /// A file cannot be read, a setting makes no sense, or the port is taken.
    pub async fn start(settings: Settings) -> Result<Self, SandboxError> {
        if matches!(settings.people, People::Generated { count, .. } if count > MOST_PEOPLE) {
            let refusal = Refusal::new("too many people", format!("a sandbox holds up to {MOST_PEOPLE}"));
            return Err(SandboxError::Setting(refusal));
        }
        let port = Port::take(settings.port).await?;
        let simulation = Arc::new(Simulation::open(&settings)?);
        let router = control::router().merge(api::router(&simulation)).with_state(Arc::clone(&simulation));
        Ok(Self { key: settings.key, simulation, serving: port.serve(router) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// What stands for `https://api.learnamp.com` in a recipe's `base_url`.
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
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Everybody, in the order in which they were made.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.simulation.account().users.values().cloned().collect()
    }

    /// One user, by id, address or external id.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        let account = self.simulation.account();
        account.user_named(name).and_then(|id| account.users.get(&id)).cloned()
    }

    /// Every team, in the order in which they were made.
    #[must_use]
    pub fn teams(&self) -> Vec<Team> {
        self.simulation.account().teams.values().cloned().collect()
    }

    /// One team, by id, name or external id.
    #[must_use]
    pub fn team(&self, name: &str) -> Option<Team> {
        let account = self.simulation.account();
        account.team_named(name).and_then(|id| account.teams.get(&id)).cloned()
    }

    /// Every invitation that went out, the oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.simulation.account().mails.clone()
    }

    /// Does something by hand. The id of what was made, where something was.
    ///
    /// # Errors
    /// It cannot be done; nothing has changed.
    pub fn change(&self, change: Change) -> Result<Option<u64>, Refusal> {
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

    /// Calls by endpoint, such as `PUT /v1/users/{id}/deactivate`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.simulation.line().calls()
    }

    /// Counts from 0 again, and forgets what the limit holds.
    pub fn forget_calls(&self) {
        self.simulation.forget_calls();
    }

    /// Takes all tokens back.
    pub fn forget_tokens(&self) {
        self.simulation.forget_tokens();
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
