//! A sandbox that runs: started, talked to, stopped.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;

use super::event::Event;
use super::portal::{Group, GroupManager, Invite, Mail, Membership, User};
use super::settings::{Keys, MOST_PEOPLE, People, Settings};
use super::simulation::Simulation;
use super::switches::Switches;
use super::{api, control};
use crate::sandbox::SandboxError;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::serving::{Port, Serving};

/// A simulated portal on 127.0.0.1. It stops when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    keys: Keys,
    simulation: Arc<Simulation>,
    serving: Serving,
}

impl Sandbox {
    /// Starts a sandbox. Requests are answered from then on.
    ///
    /// # Errors
    /// A file cannot be read, a setting makes no sense, or the port is taken.
    pub async fn start(settings: Settings) -> Result<Self, SandboxError> {
        check(&settings)?;
        let port = Port::take(settings.port).await?;
        let simulation = Arc::new(Simulation::open(&settings)?);
        let router: Router = control::router().merge(api::router(&simulation)).with_state(Arc::clone(&simulation));
        Ok(Self { keys: settings.keys, simulation, serving: port.serve(router) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.serving.address()
    }

    /// What stands for `https://acme.learnupon.com` in a recipe's `base_url`.
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
        &self.keys
    }

    /// Lets something happen by hand. The id of what it is about, where it is about one user, invitation or field.
    ///
    /// # Errors
    /// It cannot happen; nothing has changed.
    pub fn play(&self, event: &Event) -> Result<Option<u64>, Refusal> {
        self.simulation.play(event)
    }

    /// Every account, by id.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.simulation.portal().users.values().cloned().collect()
    }

    /// One account, by id, address or user name.
    #[must_use]
    pub fn user(&self, name: &str) -> Option<User> {
        self.simulation.portal().user_named(name).cloned()
    }

    /// Every group, by id.
    #[must_use]
    pub fn groups(&self) -> Vec<Group> {
        self.simulation.portal().groups.values().cloned().collect()
    }

    /// Who is in which group, by user.
    #[must_use]
    pub fn memberships(&self) -> Vec<Membership> {
        self.simulation.portal().memberships.values().cloned().collect()
    }

    /// Who manages which group.
    #[must_use]
    pub fn managers(&self) -> Vec<GroupManager> {
        self.simulation.portal().managers.values().cloned().collect()
    }

    /// Every invitation, the oldest first.
    #[must_use]
    pub fn invites(&self) -> Vec<Invite> {
        self.simulation.portal().invites.values().cloned().collect()
    }

    /// Every mail that went out, the oldest first.
    #[must_use]
    pub fn mails(&self) -> Vec<Mail> {
        self.simulation.portal().mails.clone()
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

    /// Calls by endpoint, such as `POST /api/v1/users`.
    #[must_use]
    pub fn calls(&self) -> BTreeMap<String, u64> {
        self.simulation.calls()
    }

    /// Counts from 0 again, and forgets what the windows hold.
    pub fn forget_calls(&self) {
        self.simulation.forget_calls();
    }

    /// Stops it: answers that are on their way have a moment to end, and the port is free afterwards.
    pub async fn stop(mut self) {
        self.serving.stop().await;
    }
}

fn check(settings: &Settings) -> Result<(), SandboxError> {
    let refuse = |error: &str, help: &str| Err(SandboxError::Setting(Refusal::new(error, help)));
    if matches!(settings.people, People::Generated { count, .. } if count > MOST_PEOPLE) {
        return refuse("too many people", "a sandbox holds up to 200000");
    }
    if settings.keys.username.contains(':') {
        return refuse("the first key has a colon in it", "Basic authentication has no room for one");
    }
    Ok(())
}
