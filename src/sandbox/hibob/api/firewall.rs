//! The firewall before the service: who keeps being refused is blocked (apis/hibob.md §6).

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use axum::http::StatusCode;

use crate::sandbox::hibob::switches::Switches;

/// How far back refusals count.
const SPAN: Duration = Duration::from_secs(10);

/// The most refusals that are remembered.
const MEMORY: usize = 10_000;

/// What has been refused lately, and who is blocked.
#[derive(Debug, Default)]
pub(crate) struct Firewall {
    refused: VecDeque<(Instant, String, StatusCode)>,
    /// Blocked credentials; every call comes from this machine, so that its address is blocked as a whole.
    blocked: HashMap<String, Instant>,
    address_blocked: Option<Instant>,
}

impl Firewall {
    /// Whether a call is blocked, whatever it asks for.
    pub(super) fn blocks(&mut self, authorization: &str) -> bool {
        let now = Instant::now();
        self.blocked.retain(|_, until| *until > now);
        self.address_blocked = self.address_blocked.filter(|until| *until > now);
        self.address_blocked.is_some() || self.blocked.contains_key(authorization)
    }

    /// Takes note of an answer.
    pub(super) fn saw(&mut self, authorization: &str, status: StatusCode, switches: &Switches) {
        if switches.firewall_after == 0 || ![StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&status) {
            return;
        }
        let now = Instant::now();
        self.refused.push_back((now, authorization.to_owned(), status));
        while self.refused.len() > MEMORY || self.refused.front().is_some_and(|(at, ..)| *at + SPAN < now) {
            self.refused.pop_front();
        }
        let until = now + Duration::from_secs(switches.firewall_seconds.into());
        let after = switches.firewall_after as usize;
        let unauthorized = self.refused.iter().filter(|(.., status)| *status == StatusCode::UNAUTHORIZED).count();
        if unauthorized >= after {
            self.address_blocked = Some(until);
        }
        if self.refused.iter().filter(|(_, one, _)| one == authorization).count() >= after {
            self.blocked.insert(authorization.to_owned(), until);
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}
