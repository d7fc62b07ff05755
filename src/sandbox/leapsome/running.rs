//! A sandbox that runs: started, talked to, stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use super::company::Mail;
use super::event::Event;
use super::settings::{Keys, MOST_USERS, Settings, Users};
use super::simulation::Simulation;
use super::snapshot::{self, Team, User};
use super::switches::Switches;
use super::{api, control};
use crate::sandbox::SandboxError;
use crate::sandbox::record::Exchange;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::serving::{Port, Serving};

/// A simulated Leapsome on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    simulation: Arc<Simulation>,
    serving: Serving,
}

impl Sandbox {
    /// Starts a sandbox. Requests are answered from then on.
    ///
    /// # Errors
    /// A file cannot be read, a setting makes no sense, or the port is taken.
    pub async fn start(settings: Settings) -> Result<Self, SandboxError> {
        if matches!(settings.users, Users::Generated { count, .. } if count > MOST_USERS) {
            let refusal = Refusal::new("too many users", format!("a sandbox holds up to {MOST_USERS}"));
            return Err(SandboxError::Setting(refusal));
        }
        let port = Port::take(settings.port).await?;
        let simulation = Arc::new(Simulation::open(&settings)?);
        let router = control::router().merge(api::router(&simulation)).with_state(Arc::clone(&simulation));
        Ok(Self { simulation, serving: port.serve(router) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// What stands for `https://api.leapsome.com` in a recipe's `base_url`.
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
    pub fn keys(&self) -> &Keys {
        self.simulation.keys()
    }

    /// Lets something happen by hand. The id of what it is about, where it is about one user, team or attribute.
    ///
    /// # Errors
    /// It cannot happen; nothing has changed.
    pub fn play(&self, event: &Event) -> Result<Option<String>, Refusal> {
        self.simulation.play(event)
    }

    /// Everybody, in the order in which they were made.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        snapshot::users(&self.simulation.company())
    }

    /// One user, by id, address or external id.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        let company = self.simulation.company();
        let id = company.named(name)?.id.clone();
        snapshot::user(&company, &id)
    }

    /// Every team.
    #[must_use]
    pub fn teams(&self) -> Vec<Team> {
        snapshot::teams(&self.simulation.company())
    }

    /// The mails that would have been sent, the oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.simulation.company().mails().to_vec()
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

    /// Calls by endpoint, such as `PATCH /scim/v1/Users/{userId}`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.simulation.calls()
    }

    /// Counts from 0 again, and forgets limits and recorded calls.
    pub fn forget_calls(&self) {
        self.simulation.forget_calls();
    }

    /// Takes all tokens of the Content API back.
    pub fn forget_tokens(&self) {
        self.simulation.forget_tokens();
    }

    /// The latest calls, where the switch `record` asks for them.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.simulation.exchanges()
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
