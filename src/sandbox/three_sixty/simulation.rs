//! Everything that the requests share: the company, the switches, tokens, and what has been counted.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::api::limit::Limits;
use super::change::Change;
use super::company::Company;
use super::faults::Fate;
use super::record::{Exchange, Record};
use super::settings::{Client, Settings};
use super::switches::Switches;
use crate::sandbox::SandboxError;
use crate::sandbox::lock::hold;
use crate::sandbox::refusal::Refusal;

/// The simulated 360Learning.
#[derive(Debug)]
pub(crate) struct Simulation {
    company: Mutex<Company>,
    switches: Mutex<Switches>,
    limits: Mutex<Limits>,
    calls: Mutex<BTreeMap<String, u64>>,
    record: Mutex<Record>,
    /// Tokens that were given, with the moment they end.
    tokens: Mutex<HashMap<String, Instant>>,
    client: Client,
    /// How many writes were never answered.
    halted: watch::Sender<u32>,
}

impl Simulation {
    pub(crate) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        settings.switches.check().map_err(SandboxError::Setting)?;
        let company = Company::open(settings.company.as_deref(), settings.users, settings.today, &settings.switches)?;
        Ok(Self {
            company: Mutex::new(company),
            switches: Mutex::new(settings.switches.clone()),
            limits: Mutex::default(),
            calls: Mutex::default(),
            record: Mutex::default(),
            tokens: Mutex::default(),
            client: settings.client.clone(),
            halted: watch::Sender::new(0),
        })
    }

    /// The company as it is now: whatever is due has happened.
    pub(crate) fn company(&self) -> MutexGuard<'_, Company> {
        let switches = self.switches();
        let mut company = hold(&self.company);
        company.do_due(&switches);
        company.deactivate_due(&switches);
        company
    }

    pub(crate) fn switches(&self) -> Switches {
        hold(&self.switches).clone()
    }

    /// Sets switches, all or none. Whoever was limited begins anew where that is what is set.
    pub(crate) fn switch<E>(&self, change: impl FnOnce(&Switches) -> Result<Switches, E>) -> Result<Switches, E> {
        let mut switches = hold(&self.switches);
        let changed = change(&switches)?;
        let limits = |switches: &Switches| (switches.reads_per_second, switches.writes_per_second);
        if limits(&changed) != limits(&switches) {
            self.limits().clear();
        }
        if changed.faults.halt != switches.faults.halt {
            self.halted.send_replace(0);
        }
        *switches = changed.clone();
        Ok(changed)
    }

    /// Does something by hand.
    pub(crate) fn change(&self, change: Change) -> Result<Option<String>, Refusal> {
        let switches = self.switches();
        change.make(&mut self.company(), &switches)
    }

    pub(crate) fn is_client(&self, id: &str, secret: &str) -> bool {
        id == self.client.id && secret == self.client.secret
    }

    /// Gives a token (apis/360learning.md §1).
    pub(crate) fn give_token(&self, seconds: u32) -> String {
        let now = Instant::now();
        let mut tokens = hold(&self.tokens);
        tokens.retain(|_, ends| *ends > now);
        let token = format!("tok_{:016x}", RandomState::new().build_hasher().finish());
        tokens.insert(token.clone(), now + Duration::from_secs(seconds.into()));
        token
    }

    pub(crate) fn has_given(&self, token: &str) -> bool {
        hold(&self.tokens).get(token).is_some_and(|ends| *ends > Instant::now())
    }

    /// Takes all tokens back, as when somebody renews the credentials.
    pub(crate) fn forget_tokens(&self) {
        hold(&self.tokens).clear();
    }

    pub(crate) fn count(&self, endpoint: &str) {
        *hold(&self.calls).entry(endpoint.to_owned()).or_default() += 1;
    }

    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        hold(&self.calls).clone()
    }

    pub(crate) fn forget_calls(&self) {
        hold(&self.calls).clear();
        hold(&self.record).clear();
        self.limits().clear();
    }

    pub(crate) fn keep(&self, exchange: Exchange, most: u32) {
        hold(&self.record).keep(exchange, most as usize);
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        hold(&self.record).exchanges()
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        hold(&self.limits)
    }

    pub(crate) fn next_fate(&self, endpoint: &str, is_write: bool) -> Fate {
        hold(&self.switches).faults.next(endpoint, is_write)
    }

    /// What the next bulk operation suffers is used up by it.
    pub(crate) fn bulk_began(&self) {
        let mut switches = hold(&self.switches);
        switches.faults.bulk_rows = 0;
        switches.faults.bulk_stops_after = None;
    }

    /// Tells whoever waits for it that a write is not answered.
    pub(crate) fn halt(&self) {
        self.halted.send_modify(|halted| *halted += 1);
    }

    pub(crate) fn halts(&self) -> watch::Receiver<u32> {
        self.halted.subscribe()
    }
}
