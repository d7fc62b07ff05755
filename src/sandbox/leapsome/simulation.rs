//! Everything that the requests share: the company, the switches, tokens, and what has been counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::company::Company;
use super::event::Event;
use super::settings::{Keys, Settings};
use super::switches::Switches;
use crate::sandbox::SandboxError;
use crate::sandbox::faults::Fate;
use crate::sandbox::limit::Limit;
use crate::sandbox::line::Line;
use crate::sandbox::lock::hold;
use crate::sandbox::record::{Exchange, Record};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::tokens::Tokens;

/// The simulated Leapsome.
#[derive(Debug)]
pub(crate) struct Simulation {
    company: Mutex<Company>,
    switches: Mutex<Switches>,
    /// Of the two APIs, over everything that the company's integrations do (apis/leapsome.md §0).
    scim: Mutex<Limit>,
    content: Mutex<Limit>,
    line: Line,
    record: Mutex<Record>,
    tokens: Mutex<Tokens<()>>,
    keys: Keys,
    follows_clock: bool,
}

/// Which of the two APIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Api {
    Scim,
    Content,
}

impl Simulation {
    pub(crate) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        settings.switches.check().map_err(SandboxError::Setting)?;
        let day = settings.today.unwrap_or_else(clock);
        let company = Company::open(settings.company.as_deref(), settings.users, day, &settings.switches)?;
        Ok(Self {
            company: Mutex::new(company),
            switches: Mutex::new(settings.switches.clone()),
            scim: Mutex::default(),
            content: Mutex::default(),
            line: Line::default(),
            record: Mutex::default(),
            tokens: Mutex::default(),
            keys: settings.keys.clone(),
            follows_clock: settings.today.is_none(),
        })
    }

    /// The company as it is now.
    pub(crate) fn company(&self) -> MutexGuard<'_, Company> {
        let switches = self.switches();
        let mut company = hold(&self.company);
        let today = clock();
        if self.follows_clock && company.day() < today {
            // A day that is behind is the only one that is refused.
            let _ = company.move_to(today, &switches);
        }
        company
    }

    pub(crate) fn switches(&self) -> Switches {
        hold(&self.switches).clone()
    }

    /// Sets switches, all or none. Whoever was limited begins anew where that is what is set.
    pub(crate) fn switch<E>(&self, change: impl FnOnce(&Switches) -> Result<Switches, E>) -> Result<Switches, E> {
        let mut switches = hold(&self.switches);
        let changed = change(&switches)?;
        let limits = |switches: &Switches| (switches.scim_per_second, switches.content_per_second);
        if limits(&changed) != limits(&switches) {
            self.forget_limits();
        }
        if changed.faults.halt != switches.faults.halt {
            self.line.resume();
        }
        *switches = changed.clone();
        Ok(changed)
    }

    /// Lets something happen by hand.
    pub(crate) fn play(&self, event: &Event) -> Result<Option<String>, Refusal> {
        let switches = self.switches();
        Ok(self.company().play(event, &switches)?)
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Gives a token of the Content API (§6).
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

    /// Takes one call out of an API's limit; false if it is one too many.
    pub(crate) fn take(&self, api: Api) -> bool {
        let switches = self.switches();
        match api {
            Api::Scim => hold(&self.scim).take(switches.scim_per_second),
            Api::Content => hold(&self.content).take(switches.content_per_second),
        }
    }

    pub(crate) fn next_fate(&self, endpoint: &str, is_write: bool) -> Fate {
        hold(&self.switches).faults.next(endpoint, is_write)
    }

    fn forget_limits(&self) {
        hold(&self.scim).clear();
        hold(&self.content).clear();
    }
}

/// The clock's day, in UTC.
fn clock() -> Date {
    Zoned::new(Timestamp::now(), TimeZone::UTC).date()
}
