//! Everything that the requests share: the company, the switches, tokens, and what has been counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use super::change::Change;
use super::company::Company;
use super::settings::{Client, Settings};
use super::switches::{BulkFaults, Switches};
use crate::sandbox::SandboxError;
use crate::sandbox::faults::Fate;
use crate::sandbox::limit::Limit;
use crate::sandbox::line::Line;
use crate::sandbox::lock::hold;
use crate::sandbox::record::{Exchange, Record};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::tokens::Tokens;

/// The simulated 360Learning.
#[derive(Debug)]
pub(crate) struct Simulation {
    company: Mutex<Company>,
    switches: Mutex<Switches>,
    /// Of reads, over everything that the company's integrations do (apis/360learning.md §2).
    reads: Mutex<Limit>,
    writes: Mutex<Limit>,
    line: Line,
    record: Mutex<Record>,
    tokens: Mutex<Tokens<()>>,
    client: Client,
}

impl Simulation {
    pub(crate) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        settings.switches.check().map_err(SandboxError::Setting)?;
        let company = Company::open(settings.company.as_deref(), settings.users, settings.today, &settings.switches)?;
        Ok(Self {
            company: Mutex::new(company),
            switches: Mutex::new(settings.switches.clone()),
            reads: Mutex::default(),
            writes: Mutex::default(),
            line: Line::default(),
            record: Mutex::default(),
            tokens: Mutex::default(),
            client: settings.client.clone(),
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
            self.forget_limits();
        }
        if changed.faults.halt != switches.faults.halt {
            self.line.resume();
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
        hold(&self.tokens).give(seconds, ())
    }

    pub(crate) fn has_given(&self, token: &str) -> bool {
        hold(&self.tokens).good_for(token).is_some()
    }

    pub(crate) fn forget_tokens(&self) {
        hold(&self.tokens).forget();
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        self.line.calls()
    }

    pub(crate) fn forget_calls(&self) {
        self.line.forget_calls();
        hold(&self.record).clear();
        self.forget_limits();
    }

    pub(crate) fn keep(&self, exchange: Exchange, most: u32) {
        hold(&self.record).keep(exchange, most as usize);
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        hold(&self.record).exchanges()
    }

    /// Takes one call out of its limit; false if it is one too many.
    pub(crate) fn take(&self, is_write: bool, per_second: u32) -> bool {
        hold(if is_write { &self.writes } else { &self.reads }).take(per_second)
    }

    fn forget_limits(&self) {
        hold(&self.reads).clear();
        hold(&self.writes).clear();
    }

    pub(crate) fn next_fate(&self, endpoint: &str, is_write: bool) -> Fate {
        hold(&self.switches).faults.next(endpoint, is_write)
    }

    /// What the next bulk operation suffers is used up by it.
    pub(crate) fn bulk_began(&self) {
        hold(&self.switches).bulk_faults = BulkFaults::default();
    }
}
