//! Everything that the requests share: the portal, the switches, and what has been counted.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde_json::{Map, Value as Json};

use super::api::limit::Limits;
use super::event::Event;
use super::faults::Failure;
use super::portal::{Fault, Portal};
use super::settings::Settings;
use super::switches::Switches;
use crate::sandbox::SandboxError;
use crate::sandbox::lock::hold;
use crate::sandbox::refusal::Refusal;

/// The simulated LearnUpon.
#[derive(Debug)]
pub(crate) struct Simulation {
    portal: Mutex<Portal>,
    switches: Mutex<Switches>,
    limits: Mutex<Limits>,
    calls: Mutex<BTreeMap<String, u64>>,
    /// The one `Authorization` that is right (apis/learnupon.md §1).
    authorization: String,
    follows_clock: bool,
}

impl Simulation {
    pub(crate) fn open(settings: &Settings) -> Result<Self, SandboxError> {
        let day = settings.today.unwrap_or_else(clock);
        let keys = &settings.keys;
        Ok(Self {
            portal: Mutex::new(Portal::open(settings, day)?),
            switches: Mutex::new(settings.switches.clone()),
            limits: Mutex::default(),
            calls: Mutex::default(),
            authorization: format!("Basic {}", STANDARD.encode(format!("{}:{}", keys.username, keys.password))),
            follows_clock: settings.today.is_none(),
        })
    }

    pub(crate) fn portal(&self) -> MutexGuard<'_, Portal> {
        hold(&self.portal)
    }

    pub(crate) fn switches(&self) -> Switches {
        hold(&self.switches).clone()
    }

    /// Sets switches, all or none. Whoever was limited begins anew where that is what is set.
    pub(crate) fn switch<E>(&self, change: impl FnOnce(&Switches) -> Result<Switches, E>) -> Result<Switches, E> {
        let mut switches = hold(&self.switches);
        let changed = change(&switches)?;
        let limits = |switches: &Switches| {
            (switches.requests_per_minute, switches.minute_ms, switches.requests_per_week, switches.week_seconds)
        };
        if limits(&changed) != limits(&switches) {
            self.limits().clear();
        }
        *switches = changed.clone();
        Ok(changed)
    }

    /// Lets something happen. The id of the user, invitation or definition that it is about, where it is about one.
    pub(crate) fn play(&self, event: &Event) -> Result<Option<u64>, Refusal> {
        let switches = self.switches();
        let mut portal = self.portal();
        let user = |portal: &Portal, name: &str| portal.user_named(name).map(|user| user.id).ok_or(Fault::NotFound);
        let invite = |portal: &Portal, name: &str| portal.invite_named(name).map(|one| one.id).ok_or(Fault::NotFound);
        let happened = match event {
            Event::Accept(which) => {
                invite(&portal, &which.invite).and_then(|id| portal.accept(id, &switches)).map(Some)
            }
            Event::Reject(which) => invite(&portal, &which.invite).and_then(|id| portal.reject(id).map(|()| Some(id))),
            Event::Add(add) => portal.create(&with_password(&add.fields), &silent(&switches)).map(Some),
            Event::Change(change) => {
                user(&portal, &change.user).and_then(|id| portal.update(id, &change.fields, &switches)).map(Some)
            }
            Event::Delete(whom) => user(&portal, &whom.user).and_then(|id| portal.delete(id).map(|()| Some(id))),
            Event::Define(definition) => portal.define(definition.clone()).map(Some),
            Event::Undefine(label) => portal.undefine(&label.label).map(|()| None),
            Event::Rule(rule) => portal.add_rule(rule.clone(), &switches).map(|()| None),
            Event::Day(day) => portal.move_to(day.date).map(|()| None),
        };
        Ok(happened?)
    }

    /// Lets the portal's day follow the clock, where nobody has set it.
    pub(crate) fn follow_clock(&self) {
        let today = clock();
        let mut portal = self.portal();
        if self.follows_clock && portal.day() < today {
            // A day that is behind is the only one that is refused.
            let _ = portal.move_to(today);
        }
    }

    pub(crate) fn is_authorized(&self, authorization: &str) -> bool {
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
    }

    pub(crate) fn limits(&self) -> MutexGuard<'_, Limits> {
        hold(&self.limits)
    }

    pub(crate) fn next_failure(&self, endpoint: &str) -> Option<Failure> {
        hold(&self.switches).faults.next_failure(endpoint)
    }
}

/// What an admin makes on the screens needs no password.
fn with_password(fields: &Map<String, Json>) -> Map<String, Json> {
    let mut fields = fields.clone();
    fields.entry("password").or_insert_with(|| Json::from("made-by-hand"));
    fields
}

fn silent(switches: &Switches) -> Switches {
    Switches { mail_on_create: false, ..switches.clone() }
}

/// The clock's day, in UTC.
fn clock() -> Date {
    Zoned::new(Timestamp::now(), TimeZone::UTC).date()
}
