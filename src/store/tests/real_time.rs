//! People who are due, what becomes of them, and what is done on time.

use std::collections::BTreeSet;

use super::*;
use crate::model::{EmployeeId, OutcomeKind, UserId};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + seconds).unwrap()
}

fn ids(employees: &[&str]) -> Vec<EmployeeId> {
    employees.iter().map(|employee| EmployeeId::from(*employee)).collect()
}

async fn mark(store: &Store, employees: &[&str], due: i64, now: i64) {
    store.mark_due("acme", &ids(employees), at(due), at(now)).await.unwrap();
}

/// Claims in the order of their employees.
async fn claim(store: &Store, replica: &str, now: i64, most: usize) -> Vec<Claim> {
    let mut claims = store.claim("acme", replica, at(now), most).await.unwrap();
    claims.sort_by(|one, other| one.employee.cmp(&other.employee));
    claims
}

fn employees(claims: &[Claim]) -> Vec<&str> {
    claims.iter().map(|claim| claim.employee.as_str()).collect()
}

async fn end(store: &Store, replica: &str, now: i64, endings: Vec<(Claim, Ending)>) {
    store.looked_at("acme", replica, at(now), &LookedAt { endings, ..LookedAt::default() }).await.unwrap();
}

async fn those_longest_due_are_claimed_by_one_replica_alone(fresh: Fresh) {
    let store = fresh.store().await;
    mark(&store, &["late"], 30, 0).await;
    mark(&store, &["early", "next"], 10, 0).await;
    mark(&store, &["not yet"], 99, 0).await;
    assert_eq!(store.next_due("acme").await.unwrap(), Some(at(10)));
    assert_eq!(employees(&claim(&store, "r1", 40, 2).await), ["early", "next"]);
    assert_eq!(employees(&claim(&store, "r2", 40, 9).await), ["late"]);
    assert_eq!(employees(&claim(&store, "r2", 40, 9).await), [""; 0]);
    assert_eq!(store.next_due("acme").await.unwrap(), Some(at(99)));
    assert_eq!(store.next_due("globex").await.unwrap(), None);
}

async fn of_many_replicas_at_once_none_is_given_whom_another_has(fresh: Fresh) {
    let store = fresh.store().await;
    let people: Vec<EmployeeId> = (0..300).map(|number| number.to_string().as_str().into()).collect();
    store.mark_due("acme", &people, at(0), at(0)).await.unwrap();
    let take = |replica: usize| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut taken = Vec::new();
            loop {
                let claims = claim(&store, &format!("r{replica}"), 1, 7).await;
                if claims.is_empty() {
                    return taken;
                }
                taken.extend(claims.into_iter().map(|claim| claim.employee));
            }
        })
    };
    let mut all = Vec::new();
    for taking in (0..4).map(take).collect::<Vec<_>>() {
        all.extend(taking.await.unwrap());
    }
    assert_eq!(all.len(), 300);
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), 300);
}

async fn who_was_marked_again_meanwhile_is_looked_at_again(fresh: Fresh) {
    let store = fresh.store().await;
    mark(&store, &["1", "2"], 0, 0).await;
    let claims = claim(&store, "r1", 1, 9).await;
    mark(&store, &["2"], 5, 5).await;
    end(&store, "r1", 6, claims.into_iter().map(|claim| (claim, Ending::Done(at(20)))).collect()).await;
    assert_eq!(employees(&claim(&store, "r1", 19, 9).await), [""; 0]);
    assert_eq!(employees(&claim(&store, "r1", 20, 9).await), ["2"]);
}

async fn a_claim_that_another_replica_has_taken_over_is_left_alone(fresh: Fresh) {
    let store = fresh.store().await;
    mark(&store, &["1"], 0, 0).await;
    let mine = claim(&store, "r1", 1, 9).await;
    end(&store, "r1", 2, vec![(mine[0].clone(), Ending::Again(at(2)))]).await;
    assert_eq!(employees(&claim(&store, "r2", 3, 9).await), ["1"]);
    for ending in [Ending::Done(at(3)), Ending::Failed(at(3), String::new()), Ending::Parked(String::new())] {
        end(&store, "r1", 4, vec![(mine[0].clone(), ending)]).await;
        assert_eq!(employees(&claim(&store, "r3", 99, 9).await), [""; 0]);
    }
    assert_eq!(store.backlog("acme", at(99)).await.unwrap().due, 1);
}

async fn who_fails_is_tried_again_then_parked_then_given_another_chance(fresh: Fresh) {
    let store = fresh.store().await;
    mark(&store, &["1", "2"], 0, 0).await;
    let claims = claim(&store, "r1", 1, 1).await;
    end(&store, "r1", 2, vec![(claims[0].clone(), Ending::Failed(at(10), "no".to_owned()))]).await;
    let other = claim(&store, "r1", 3, 9).await;
    assert_eq!(other.len(), 1, "who failed waits");
    let again = claim(&store, "r1", 10, 9).await;
    assert_eq!((again[0].attempts, again[0].marked), (1, at(0)));
    end(&store, "r1", 11, vec![(again[0].clone(), Ending::Parked("never".to_owned()))]).await;

    let parked = store.parked("acme").await.unwrap();
    let expected =
        Parked { employee: again[0].employee.clone(), attempts: 2, trouble: "never".to_owned(), marked: at(0) };
    assert_eq!(parked, [expected]);
    let backlog = store.backlog("acme", at(12)).await.unwrap();
    assert_eq!(backlog, Backlog { due: 1, parked: 1, oldest: Some(at(0)) });
    assert_eq!(claim(&store, "r1", 99, 9).await, []);
    assert_eq!(store.unpark("acme", at(50)).await.unwrap(), 1);
    assert_eq!(claim(&store, "r1", 50, 9).await[0].attempts, 0);
    assert_eq!(store.backlog("globex", at(0)).await.unwrap(), Backlog::default());
}

async fn a_day_that_has_come_makes_a_person_due(fresh: Fresh) {
    let store = fresh.store().await;
    let days = [("1".into(), at(100)), ("2".into(), at(200)), ("3".into(), at(300))];
    store.replace_days("acme", &days).await.unwrap();
    let days = vec![("2".into(), None), ("3".into(), Some(at(100))), ("4".into(), Some(at(400)))];
    store.looked_at("acme", "r1", at(1), &LookedAt { days, ..LookedAt::default() }).await.unwrap();
    assert_eq!(store.wake("acme", at(99)).await.unwrap(), 0);
    assert_eq!(store.wake("acme", at(250)).await.unwrap(), 2);
    assert_eq!(employees(&claim(&store, "r1", 250, 9).await), ["1", "3"]);
    store.replace_days("acme", &[]).await.unwrap();
    assert_eq!(store.wake("acme", at(999)).await.unwrap(), 0);
}

async fn what_limits_count_is_counted_from_its_last_time_on_until_real_time_is_resumed(fresh: Fresh) {
    let store = fresh.store().await;
    let counted = |kind: &str, employee: &str| (kind.to_owned(), EmployeeId::from(employee));
    let handled = Handled { employee: "1".into(), kind: OutcomeKind::Updated, outcome_json: "{}".to_owned() };
    let looked = LookedAt {
        handled: vec![handled],
        counted: vec![counted("deactivate", "1"), counted("deactivate", "2"), counted("change_login", "1")],
        ..LookedAt::default()
    };
    store.looked_at("acme", "r1", at(10), &looked).await.unwrap();
    let paused = BTreeSet::from(["deactivate".to_owned()]);
    let looked = LookedAt { counted: vec![counted("deactivate", "1")], paused: paused.clone(), ..LookedAt::default() };
    store.looked_at("acme", "r1", at(20), &looked).await.unwrap();
    store.looked_at("acme", "r1", at(30), &LookedAt { paused: paused.clone(), ..LookedAt::default() }).await.unwrap();

    let (changes, stopped) = store.changes_since("acme", at(15)).await.unwrap();
    assert_eq!((changes, stopped), (vec![counted("deactivate", "1")], paused));
    assert_eq!(store.changes_since("acme", at(5)).await.unwrap().0.len(), 3);
    assert_eq!(store.pauses("acme").await.unwrap(), [("deactivate".to_owned(), at(20))]);
    assert!(store.resume("acme").await.unwrap());
    assert!(!store.resume("acme").await.unwrap());
    assert_eq!(store.changes_since("acme", at(5)).await.unwrap(), (vec![], BTreeSet::new()));
}

async fn a_full_sync_settles_those_who_waited_and_nobody_who_was_marked_since(fresh: Fresh) {
    let store = fresh.store().await;
    mark(&store, &["1", "2", "3", "4"], 0, 0).await;
    let waiting = store.waiting("acme").await.unwrap();
    mark(&store, &["2", "5"], 1, 1).await;
    let claimed = claim(&store, "r1", 0, 1).await;
    let failed: BTreeSet<EmployeeId> = ids(&["3"]).into_iter().collect();
    store.looked_at_everybody("globex", waiting.clone(), &failed).await.unwrap();
    store.looked_at_everybody("acme", waiting, &failed).await.unwrap();
    end(&store, "r1", 2, vec![(claimed[0].clone(), Ending::Again(at(2)))]).await;
    let mut left: BTreeSet<&str> = ["2", "3", "5"].into();
    left.insert(claimed[0].employee.as_str());
    assert_eq!(employees(&claim(&store, "r1", 9, 9).await), left.into_iter().collect::<Vec<_>>());
}

async fn what_is_remembered_of_a_few_people_is_read_without_the_others(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    let link =
        |number: u32| Link { employee: number.to_string().as_str().into(), user: format!("u{number}").as_str().into() };
    let owned = |user: &str, what| Owned { user: user.into(), what };
    let batch = Batch {
        links: (0..1_200).map(link).collect(),
        intents: vec![Intent { employee: "1".into(), login: None }, Intent { employee: "9".into(), login: None }],
        owned: vec![
            owned("u1", OwnedWhat::Membership("g2".into(), "learner".into())),
            owned("u1", OwnedWhat::Membership("g1".into(), "learner".into())),
            owned("u1", OwnedWhat::Reference("manager".into(), "u2".into())),
            owned("u2", OwnedWhat::Membership("g1".into(), "learner".into())),
        ],
        ..Batch::default()
    };
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.count_links("acme").await.unwrap(), 1_200);
    let people: BTreeSet<EmployeeId> = ids(&["1", "2", "nobody"]).into_iter().collect();
    let users: BTreeSet<UserId> = ["u2".into(), "u7".into()].into();
    assert_eq!(store.links_of("acme", &people, &users).await.unwrap(), [link(1), link(2), link(7)]);
    let everybody = (0..1_200).map(|number| link(number).employee).collect();
    assert_eq!(store.links_of("acme", &everybody, &users).await.unwrap().len(), 1_200);
    assert_eq!(store.intents_of("acme", &people).await.unwrap(), batch.intents[..1]);
    let ours = store.owned_of("acme", "membership", &["u1".into(), "u7".into()].into()).await.unwrap();
    let groups: OwnedList = [("g1".into(), "learner".into()), ("g2".into(), "learner".into())].into();
    assert_eq!(ours, [("u1".into(), groups)].into());
    let references = store.owned_of("acme", "reference", &["u1".into()].into()).await.unwrap();
    assert_eq!(references, [("u1".into(), [("manager".into(), "u2".into())].into())].into());
}

async fn a_slot_is_done_once_and_never_undone(fresh: Fresh) {
    let store = fresh.store().await;
    assert_eq!(store.slots_done("acme", at(5)).await.unwrap(), at(5), "a new recipe has missed nothing");
    store.slots_are_done("acme", at(20)).await.unwrap();
    store.slots_are_done("acme", at(10)).await.unwrap();
    assert_eq!(store.slots_done("acme", at(99)).await.unwrap(), at(20));
}

async fn the_last_run_by_hand_is_one_that_came_to_its_end(fresh: Fresh) {
    let store = fresh.store().await;
    assert_eq!(store.last_by_hand("acme").await.unwrap(), None);
    let by_hand = begin(&store, 0).await.run;
    store.note_progress(&by_hand, "updating users 7 of 9").await.unwrap();
    store.finish_run(&by_hand, &super::end()).await.unwrap();
    let on_time = NewRun { started_by: StartedBy::Schedule, ..new_run(60) };
    let on_time = store.begin_run(&on_time).await.unwrap().run;
    store.finish_run(&on_time, &super::end()).await.unwrap();
    begin(&store, 120).await;
    assert_eq!(store.last_by_hand("acme").await.unwrap(), Some(new_run(0).started));
}

async fn what_became_of_people_long_ago_is_forgotten_and_what_came_later_is_not(fresh: Fresh) {
    let store = fresh.store().await;
    let handled = |number: usize| Handled {
        employee: EmployeeId::from(number.to_string().as_str()),
        kind: OutcomeKind::Unchanged,
        outcome_json: "{}".to_owned(),
    };
    // More than go in one portion.
    let old = LookedAt { handled: (0..700).map(handled).collect(), ..LookedAt::default() };
    store.looked_at("acme", "r1", at(0), &old).await.unwrap();
    let new = LookedAt { handled: (0..3).map(handled).collect(), ..LookedAt::default() };
    store.looked_at("acme", "r1", at(100), &new).await.unwrap();
    assert_eq!(store.prune_handled(at(50)).await.unwrap(), 700);
    assert_eq!(store.prune_handled(at(50)).await.unwrap(), 0);
    assert_eq!(store.prune_handled(at(101)).await.unwrap(), 3);
}

on_both!(
    what_became_of_people_long_ago_is_forgotten_and_what_came_later_is_not,
    those_longest_due_are_claimed_by_one_replica_alone,
    of_many_replicas_at_once_none_is_given_whom_another_has,
    who_was_marked_again_meanwhile_is_looked_at_again,
    a_claim_that_another_replica_has_taken_over_is_left_alone,
    who_fails_is_tried_again_then_parked_then_given_another_chance,
    a_day_that_has_come_makes_a_person_due,
    what_limits_count_is_counted_from_its_last_time_on_until_real_time_is_resumed,
    a_full_sync_settles_those_who_waited_and_nobody_who_was_marked_since,
    what_is_remembered_of_a_few_people_is_read_without_the_others,
    a_slot_is_done_once_and_never_undone,
    the_last_run_by_hand_is_one_that_came_to_its_end,
);
