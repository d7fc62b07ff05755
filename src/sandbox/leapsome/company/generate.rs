//! Invented people. The same seed gives the same, with the addresses that the sandbox's HiBob gives its own.

use super::Company;
use super::id::Of;
use super::user::{Status, User};
use crate::sandbox::names::{FIRST, LAST};
use crate::sandbox::numbers::Numbers;

impl Company {
    pub(super) fn generate(&mut self, count: usize, seed: u64) {
        let now = self.now();
        for number in 0..count {
            let mut numbers = Numbers::of(seed.rotate_left(31), number);
            let (first, last) = (FIRST[numbers.below(FIRST.len())], LAST[numbers.below(LAST.len())]);
            let address = format!("{}.{}.{number}@acme.example", first.1, last.1);
            let id = self.ids.next(Of::User);
            let mut user = User::new(id, address, 40_000, now);
            (user.given_name, user.family_name) = (Some(first.0.to_owned()), Some(last.0.to_owned()));
            user.display_name = user.formatted();
            (user.status, user.invited, user.accepted) = (Status::Active, true, true);
            self.put(user);
        }
    }
}
