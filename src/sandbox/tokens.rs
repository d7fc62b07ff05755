//! Tokens that are good for a while.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant};

/// Tokens that were given, each with the moment it ends and what it is good for.
#[derive(Debug)]
pub(super) struct Tokens<T>(HashMap<String, (Instant, T)>);

impl<T> Default for Tokens<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T> Tokens<T> {
    /// Gives one.
    pub(super) fn give(&mut self, seconds: u32, good_for: T) -> String {
        let now = Instant::now();
        self.0.retain(|_, (ends, _)| *ends > now);
        let token = format!("tok_{:016x}", RandomState::new().build_hasher().finish());
        self.0.insert(token.clone(), (now + Duration::from_secs(seconds.into()), good_for));
        token
    }

    /// What a token is good for, if it was given and is not over.
    pub(super) fn good_for(&self, token: &str) -> Option<&T> {
        self.0.get(token).filter(|(ends, _)| *ends > Instant::now()).map(|(_, good_for)| good_for)
    }

    /// Takes all tokens back, as when somebody renews the credentials.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}
