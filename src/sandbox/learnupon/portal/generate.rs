//! Invented learners. The same seed gives the same people, with the addresses that the sandbox's HiBob gives its own.

use super::Portal;
use super::user::User;
use crate::sandbox::names::{FIRST, LAST};
use crate::sandbox::numbers::Numbers;

pub(super) fn generate(portal: &mut Portal, count: usize, seed: u64) {
    let now = portal.now();
    for number in 0..count {
        let mut numbers = Numbers::of(seed.rotate_left(31), number);
        let (first, last) = (FIRST[numbers.below(FIRST.len())], LAST[numbers.below(LAST.len())]);
        portal.put_user(User {
            email: Some(format!("{}.{}.{number}@acme.example", first.1, last.1)),
            first_name: Some(first.0.to_owned()),
            last_name: Some(last.0.to_owned()),
            password: Some("kept-from-before".to_owned()),
            ..User::new(now)
        });
    }
}
