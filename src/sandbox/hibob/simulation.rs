//! Everything that the requests share: the company, the switches, and what has been counted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::api::firewall::Firewall;
use super::api::limit::Limits;
use super::event::{Day, Event, Played};
use super::settings::Settings;
use super::switches::Switches;
use super::tenant::catalogue::Catalogue;
use super::tenant::{Roster, Tenant};
use super::webhook::Webhooks;
use crate::sandbox::SandboxError;
use crate::sandbox::breakage::Ending;
use crate::sandbox::lock::hold;
use crate::sandbox::refusal::Refusal;

/// The simulated HiBob.
#[derive(Debug)]
pub(crate) struct Simulation {
    tenant: Mutex<Tenant>,
    switches: Mutex<Switches>,
    limits: Mutex<Limits>,
    firewall: Mutex<Firewall>,
    calls: Mutex<BTreeMap<String, u64>>,
    pub(crate) webhooks: Webhooks,
    /// The one `Authorization` that is right (apis/hibob.md §1.2).
    authorization: String,
    follows_clock: bool,
}

impl Simulation {
    pub(crate) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        let day = settings.today.unwrap_or_else(clock);
        let user = &settings.service_user;
        let tenant = Tenant::open(settings, day)?;
        settings.switches.check_names(&tenant.catalogue).map_err(SandboxError::Setting)?;
        Ok(Self {
            tenant: Mutex::new(tenant),
            switches: Mutex::new(settings.switches.clone()),
            limits: Mutex::default(),
            firewall: Mutex::default(),
            calls: Mutex::default(),
            webhooks: Webhooks::default(),
            authorization: format!("Basic {}", STANDARD.encode(format!("{}:{}", user.id, user.token))),
            follows_clock: settings.today.is_none(),
        })
    }

    /// Everybody as requests see them now, and the fields there are.
    pub(crate) fn answered(&self) -> (Roster, Arc<Catalogue>) {
        let mut tenant = hold(&self.tenant);
        (tenant.answered(Instant::now()), Arc::clone(&tenant.catalogue))
    }

    /// Everybody as they are.
    pub(crate) fn people(&self) -> Roster {
        Arc::clone(hold(&self.tenant).people())
    }

    pub(crate) fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&hold(&self.tenant).catalogue)
    }

    pub(crate) fn day(&self) -> Date {
        hold(&self.tenant).day()
    }

    pub(crate) fn switches(&self) -> Switches {
        hold(&self.switches).clone()
    }

    /// Sets switches, all or none. Whoever was limited or blocked begins anew where that is what is set.
    pub(crate) fn switch<E>(&self, change: impl FnOnce(&Switches) -> Result<Switches, E>) -> Result<Switches, E> {
        let mut switches = hold(&self.switches);
        let changed = change(&switches)?;
        let limits = |switches: &Switches| {
            (switches.requests_per_minute, switches.other_requests_per_minute, switches.window_seconds)
        };
        if limits(&changed) != limits(&switches) {
            self.limits().clear();
        }
        let firewall = |switches: &Switches| (switches.firewall_after, switches.firewall_seconds);
        if firewall(&changed) != firewall(&switches) {
            self.firewall().clear();
        }
        *switches = changed.clone();
        Ok(changed)
    }

    /// Lets something happen, and tells those who listen.
    pub(crate) fn play(&self, event: &Event) -> Result<Played, Refusal> {
        let switches = self.switches();
        let (person, notices) = hold(&self.tenant).play(event, &switches)?;
        let webhooks = notices.iter().map(|notice| notice.kind.to_owned()).collect();
        self.webhooks.send(&notices, &switches);
        Ok(Played { person, webhooks })
    }

    /// Lets the company's day follow the clock, where nobody has set it.
    pub(crate) fn follow_clock(&self) {
        let today = clock();
        if self.follows_clock && self.day() < today {
            // A day that another call has moved on to meanwhile is refused, which is right.
            let _ = self.play(&Event::Day(Day { date: today }));
        }
    }

    pub(crate) fn is_service_user(&self, authorization: &str) -> bool {
        authorization == self.authorization
    }

    pub(crate) fn count(&self, endpoint: &str) {
        *hold(&self.calls).entry(endpoint.to_owned()).or_default() += 1;
    }

    pub(crate) fn calls(&self) -> BTreeMap<String, u64> {
        hold(&self.calls).clone()
    }

    pub(crate) fn forget_calls(&self) {
        hold(&self.calls).clear();
        self.limits().clear();
        self.firewall().clear();
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        hold(&self.limits)
    }

    pub(crate) fn firewall(&self) -> MutexGuard<'_, Firewall> {
        hold(&self.firewall)
    }

    pub(crate) fn next_ending(&self) -> Ending {
        hold(&self.switches).faults.next_ending()
    }

    pub(crate) fn next_server_error(&self) -> Option<u16> {
        hold(&self.switches).faults.next_server_error()
    }

    pub(crate) fn next_is_limited(&self) -> bool {
        hold(&self.switches).faults.next_is_limited()
    }
}

/// The clock's day, in UTC.
fn clock() -> Date {
    Zoned::new(Timestamp::now(), TimeZone::UTC).date()
}
