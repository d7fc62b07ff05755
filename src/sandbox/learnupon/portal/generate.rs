//! Invented learners.

use super::Portal;
use super::user::User;
use crate::sandbox::names::invented;

pub(super) fn generate(portal: &mut Portal, count: usize, seed: u64) {
    let now = portal.now();
    for number in 0..count {
        let invented = invented(seed, number);
        portal.put_user(User {
            email: Some(invented.email),
            first_name: Some(invented.first.to_owned()),
            last_name: Some(invented.last.to_owned()),
            password: Some("kept-from-before".to_owned()),
            ..User::new(now)
        });
    }
}
