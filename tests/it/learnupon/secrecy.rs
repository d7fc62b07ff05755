//! Passwords and people never reach an error.

use rollbook::connector::Target;
use rollbook::model::Access;
use rollbook::sandbox::learnupon::faults::Failure;

use super::portal::{Portal, creation};

#[tokio::test]
async fn what_learnupon_says_is_told_without_addresses_and_passwords() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let said = "person7@acme.example (4711471147) has the password hunter2hunter2 invalid";
    for status in [400, 422] {
        let failure = Failure { message: Some(said.to_owned()), ..Failure::status("POST /api/v1/users", status, 1) };
        portal.switch(|switches| switches.faults.failures = vec![failure]);
        let write = creation(Access::Active, &[("email", "person7@acme.example"), ("first_name", "Zoranka")]);
        let answer = format!("{:?}", target.write(&[write]).await.unwrap());
        for secret in ["person7", "4711471147", "Zoranka"] {
            assert!(!answer.contains(secret), "{answer}");
        }
    }
    assert!(!format!("{target:?}").contains(portal.sandbox.keys().password.as_str()));
}
