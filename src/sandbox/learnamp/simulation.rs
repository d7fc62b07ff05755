//! Everything that the requests share: the account, the switches, tokens, and what has been counted.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use super::account::Account;
use super::change::Change;
use super::settings::{Key, Settings};
use super::switches::Switches;
use crate::sandbox::SandboxError;
use crate::sandbox::faults::Fate;
use crate::sandbox::limit::Limit;
use crate::sandbox::line::Line;
use crate::sandbox::lock::hold;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::tokens::Tokens;

/// The simulated Learn Amp.
#[derive(Debug)]
pub(super) struct Simulation {
    account: Mutex<Account>,
    switches: Mutex<Switches>,
    limit: Mutex<Limit>,
    line: Line,
    /// Tokens with their scopes.
    tokens: Mutex<Tokens<BTreeSet<String>>>,
    key: Key,
}

impl Simulation {
    pub(super) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        settings.switches.check().map_err(SandboxError::Setting)?;
        Ok(Self {
            account: Mutex::new(Account::open(&settings.people, &settings.switches)?),
            switches: Mutex::new(settings.switches.clone()),
            limit: Mutex::default(),
            line: Line::default(),
            tokens: Mutex::default(),
            key: settings.key.clone(),
        })
    }

    pub(super) fn account(&self) -> MutexGuard<'_, Account> {
        hold(&self.account)
    }

    pub(super) fn switches(&self) -> Switches {
        hold(&self.switches).clone()
    }

    /// Sets switches, all or none. Whoever was limited begins anew where that is what is set.
    pub(super) fn switch<E>(&self, change: impl FnOnce(&Switches) -> Result<Switches, E>) -> Result<Switches, E> {
        let mut switches = hold(&self.switches);
        let changed = change(&switches)?;
        if changed.calls_per_second != switches.calls_per_second {
            hold(&self.limit).clear();
        }
        if changed.faults.halt != switches.faults.halt {
            self.line.resume();
        }
        *switches = changed.clone();
        Ok(changed)
    }

    /// Does something by hand.
    pub(super) fn change(&self, change: Change) -> Result<Option<u64>, Refusal> {
        let switches = self.switches();
        change.make(&mut self.account(), &switches)
    }

    pub(super) fn is_key(&self, id: &str, secret: &str) -> bool {
        id == self.key.id && secret == self.key.secret
    }

    pub(super) fn give_token(&self, seconds: u32, scopes: BTreeSet<String>) -> String {
        hold(&self.tokens).give(seconds, scopes)
    }

    pub(super) fn scopes_of(&self, token: &str) -> Option<BTreeSet<String>> {
        hold(&self.tokens).good_for(token).cloned()
    }

    pub(super) fn forget_tokens(&self) {
        hold(&self.tokens).forget();
    }

    /// Takes one call out of the limit; false if it is one too many.
    pub(super) fn take_call(&self) -> bool {
        let per_second = hold(&self.switches).calls_per_second;
        hold(&self.limit).take(per_second)
    }

    pub(super) fn line(&self) -> &Line {
        &self.line
    }

    pub(super) fn forget_calls(&self) {
        self.line.forget_calls();
        hold(&self.limit).clear();
    }

    pub(super) fn next_fate(&self, endpoint: &str, is_write: bool) -> Fate {
        hold(&self.switches).faults.next(endpoint, is_write)
    }
}
