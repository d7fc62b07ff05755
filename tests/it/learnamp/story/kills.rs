//! The program is killed at each of its calls that write, before it is done or after, or loses an answer; the next run
//! finishes the work, and nothing is done twice.

use std::process::Stdio;
use std::time::Duration;

use rollbook::sandbox::faults::{CallFault, Halt, Then};
use rollbook::sandbox::learnamp::User;
use serde_json::json;

use super::acme::{Acme, NOTHING, RECIPE};
use crate::program::TODAY;

/// What is compared: ids differ where users were made in another order.
fn shape(acme: &Acme) -> Vec<(User, Option<String>, Option<String>)> {
    let mut shape: Vec<_> = acme
        .amp
        .users()
        .into_iter()
        .map(|user| {
            let (manager, team) = (acme.manager(&user.email), acme.team(&user.email));
            (User { id: 0, manager: None, primary_team: None, ..user }, manager, team)
        })
        .collect();
    shape.sort_by(|(a, ..), (b, ..)| a.email.cmp(&b.email));
    shape
}

/// Kills a sync when a call has come that is never answered. False if it ended before.
fn killed_at(acme: &Acme, halt: Halt) -> bool {
    acme.amp.switch(|switches| switches.faults.halt = Some(halt));
    let args = ["sync", RECIPE, "--today", TODAY];
    let mut sync = acme.command(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let halted = acme.runtime.block_on(async {
        loop {
            tokio::select! {
                () = acme.amp.halted() => return true,
                () = tokio::time::sleep(Duration::from_millis(20)) => {}
            }
            if sync.try_wait().unwrap().is_some() {
                return false;
            }
        }
    });
    sync.kill().unwrap();
    sync.wait().unwrap();
    acme.amp.switch(|switches| switches.faults.halt = None);
    halted
}

/// Prepares a company anew for each kill, and expects it to end as it does without one.
fn every_kill_is_finished_by_the_next_run(prepare: impl Fn() -> Acme) {
    let uninterrupted = prepare();
    uninterrupted.sync();
    let (expected, mails) = (shape(&uninterrupted), uninterrupted.amp.mails().len());
    uninterrupted.sync().shows(NOTHING);
    let uninterrupted = prepare();
    uninterrupted.sync();
    let writes = u32::try_from(uninterrupted.write_count()).unwrap();
    assert!(writes > 3, "there is something to kill");
    let mut kills = 0;
    for at in 0..writes {
        for done in [false, true] {
            let acme = prepare();
            if !killed_at(&acme, Halt { writes: at, done }) {
                continue;
            }
            kills += 1;
            acme.sync();
            let place = format!("killed at write {at} of {writes}, {}", if done { "done" } else { "not done" });
            assert_eq!(shape(&acme), expected, "{place}");
            assert_eq!(acme.amp.mails().len(), mails, "{place}: nobody is invited twice");
            acme.sync().shows(NOTHING);
        }
    }
    assert!(kills >= writes, "{kills} kills at {writes} writes");
}

#[test]
fn a_first_sync_that_is_killed_at_any_write_is_finished_by_the_next() {
    every_kill_is_finished_by_the_next_run(Acme::small);
}

#[test]
fn a_sync_of_changes_that_is_killed_at_any_write_is_finished_by_the_next() {
    every_kill_is_finished_by_the_next_run(|| {
        let acme = Acme::synced();
        acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }));
        acme.sync();
        acme.by_hand(json!({ "change": "edit_team", "team": "Legal", "fields": { "name": "Lawyers" } }));
        acme.play(&json!({ "event": "rehire", "person": "omar@acme.example", "date": "2026-11-02" }));
        let moved = json!({ "event": "move", "person": "ada@acme.example", "department": "Marketing", "manager": "bo@acme.example" });
        acme.play(&moved);
        acme.play(&json!({ "event": "terminate", "person": "cleo@acme.example", "date": "2026-10-31" }));
        acme
    });
}

#[test]
fn a_write_that_fails_on_the_way_done_or_not_is_finished_by_the_same_run_or_the_next() {
    let uninterrupted = Acme::small();
    uninterrupted.sync();
    let (expected, mails) = (shape(&uninterrupted), uninterrupted.amp.mails().len());
    let fates = [
        Then::CutBefore,
        Then::CutAfter,
        Then::Fail { status: 502, done: false },
        Then::Fail { status: 504, done: true },
    ];
    for endpoint in ["POST /v1/users", "PUT /v1/users/{id}", "POST /v1/teams"] {
        for then in fates.clone() {
            let place = format!("{endpoint}: {then:?}");
            let acme = Acme::small();
            let fault = CallFault { endpoint: Some(endpoint.to_owned()), after: 0, calls: 1, then };
            acme.amp.switch(|switches| switches.faults.calls.push(fault));
            let code = acme.run(&["sync", RECIPE, "--today", TODAY]).code;
            assert!(matches!(code, Some(0 | 1)), "{place}: exit code {code:?}");
            assert_eq!(acme.amp.switches().faults.calls, [], "{place}: it was hit");
            acme.sync();
            assert_eq!(shape(&acme), expected, "{place}");
            assert_eq!(acme.amp.mails().len(), mails, "{place}: nobody is invited twice");
        }
    }
}
