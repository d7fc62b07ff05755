//! Memberships: by bulk operations, row by row, one by one, and in a tree that shares its learners.

use rollbook::connector::{Target as _, Write, Written};
use rollbook::model::{Membership, UserId};
use rollbook::sandbox::faults::Then;
use serde_json::json;

use super::platform::*;

const BULK_JOIN: &str = "POST /bulk/groups/memberships";
const BULK_LEAVE: &str = "DELETE /bulk/groups/memberships";
const JOIN: &str = "POST /groups/{groupId}/{role}/{userId}";
const LEAVE: &str = "DELETE /groups/{groupId}/{role}/{userId}";

fn people(platform: &Platform, count: usize) -> Vec<UserId> {
    let person = |number| platform.add(json!({ "fields": { "mail": format!("person{number}@acme.example") } }));
    (0..count).map(person).collect()
}

fn is_in(platform: &Platform, user: &UserId, group: &str) -> bool {
    platform.kept(user).learns_in().contains(&group)
}

fn went(answers: &[Result<Written, rollbook::connector::WriteError>]) -> Vec<bool> {
    answers.iter().map(Result::is_ok).collect()
}

fn joins(people: &[UserId], group: &Membership) -> Vec<Write> {
    people.iter().map(|user| join(user, group)).collect()
}

#[tokio::test]
async fn many_memberships_are_one_call_to_join_and_one_to_leave() {
    let platform = Platform::open().await;
    let people = people(&platform, 40);
    let target = platform.target();
    let (paris, joiners) = (platform.group(&target, "Paris").await, platform.group(&target, "New joiners").await);
    assert!(went(&target.write(&joins(&people, &paris)).await.unwrap()).iter().all(|went| *went));
    let moves: Vec<Write> = people.iter().flat_map(|user| [join(user, &joiners), leave(user, &paris)]).collect();
    assert!(went(&target.write(&moves).await.unwrap()).iter().all(|went| *went));
    for user in &people {
        assert!(is_in(&platform, user, "New joiners") && !is_in(&platform, user, "Paris"));
    }
    let calls = platform.calls();
    assert_eq!((calls[BULK_JOIN], calls[BULK_LEAVE], platform.writes()), (2, 1, 3));
}

#[tokio::test]
async fn a_single_membership_is_a_single_call() {
    let platform = Platform::open().await;
    let user = &people(&platform, 1)[0];
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    for _ in 0..2 {
        assert_eq!(one(&target, join(user, &paris)).await, Ok(Written::Done));
    }
    assert!(is_in(&platform, user, "Paris"));
    for _ in 0..2 {
        assert_eq!(one(&target, leave(user, &paris)).await, Ok(Written::Done));
    }
    assert!(!is_in(&platform, user, "Paris"));
    let calls = platform.calls();
    assert_eq!((calls[JOIN], calls[LEAVE], platform.writes()), (2, 2, 4));
}

#[tokio::test]
async fn a_row_that_fails_is_the_error_of_that_membership_alone() {
    let platform = Platform::open().await;
    let mut people = people(&platform, 4);
    people.push(platform.add(json!({ "fields": { "mail": "g@acme.example" }, "status": "deleted" })));
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    platform.sandbox.switch(|switches| switches.bulk_faults.rows = 2);
    let answers = target.write(&joins(&people, &paris)).await.unwrap();
    assert_eq!(went(&answers), [false, false, true, true, false]);
    assert_eq!(answers[4].as_ref().unwrap_err().message, "the account is deactivated in 360Learning");
    for (user, answer) in people.iter().zip(&answers) {
        assert_eq!(is_in(&platform, user, "Paris"), answer.is_ok());
        assert!(answer.as_ref().err().is_none_or(|error| !error.hint.is_empty()));
    }
}

#[tokio::test]
async fn an_operation_that_stops_halfway_has_done_what_its_results_say() {
    let platform = Platform::open().await;
    let people = people(&platform, 5);
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    platform.sandbox.switch(|switches| switches.bulk_faults.stops_after = Some(3));
    let answers = target.write(&joins(&people, &paris)).await.unwrap();
    assert_eq!(went(&answers), [true, true, true, false, false]);
}

#[tokio::test]
async fn a_membership_that_is_there_already_is_done_whatever_its_row_says() {
    for again in [true, false] {
        let platform = Platform::with(|switches| switches.bulk_joins_again = again).await;
        let people = people(&platform, 3);
        let target = platform.target();
        let paris = platform.group(&target, "Paris").await;
        for _ in 0..2 {
            assert_eq!(went(&target.write(&joins(&people, &paris)).await.unwrap()), [true; 3]);
        }
        let leaves: Vec<Write> = people.iter().map(|user| leave(user, &paris)).collect();
        for _ in 0..2 {
            assert_eq!(went(&target.write(&leaves).await.unwrap()), [true; 3]);
        }
    }
}

#[tokio::test]
async fn without_bulk_operations_memberships_are_changed_one_by_one() {
    for withheld in [false, true] {
        let platform = Platform::with(|switches| match withheld {
            true => _ = switches.withhold_scopes.insert("groups:bulk".to_owned()),
            false => switches.bulk = false,
        })
        .await;
        let people = people(&platform, 5);
        let target = platform.target();
        let paris = platform.group(&target, "Paris").await;
        assert_eq!(went(&target.write(&joins(&people, &paris)).await.unwrap()), [true; 5]);
        assert!(people.iter().all(|user| is_in(&platform, user, "Paris")));
        assert_eq!(platform.calls()[JOIN], 5);
    }
}

#[tokio::test]
async fn bulk_operations_in_trouble_are_begun_again() {
    let platform = Platform::open().await;
    let people = people(&platform, 3);
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    platform.hit("POST /api/v2/bulk/groups/memberships", Then::Fail { status: 503, done: false });
    assert_eq!(went(&target.write(&joins(&people, &paris)).await.unwrap()), [true; 3]);
    assert_eq!((platform.calls()[BULK_JOIN], platform.writes()), (2, 2));
}

#[tokio::test]
async fn operations_wait_until_the_company_has_a_place_for_them() {
    let platform = Platform::with(|switches| switches.bulk_at_once = 1).await;
    let people = people(&platform, 9);
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    let writes: Vec<Vec<Write>> = people.chunks(3).map(|people| joins(people, &paris)).collect();
    for answers in futures_util::future::join_all(writes.iter().map(|writes| target.write(writes))).await {
        assert_eq!(went(&answers.unwrap()), [true; 3]);
    }
}

#[tokio::test]
async fn a_group_is_not_left_while_its_user_is_in_a_public_group_below() {
    let platform = Platform::open().await;
    let people = people(&platform, 3);
    let target = platform.target();
    let (above, below) = (platform.group(&target, "Departments").await, platform.group(&target, "Engineering").await);
    target.write(&joins(&people, &below)).await.unwrap();
    assert!(people.iter().all(|user| is_in(&platform, user, "Departments")), "a public group brings those above");
    // Stays below, leaves both, was taken out of the one below by hand.
    platform.change(json!({ "change": "leave", "user": people[2].as_str(), "group": "Engineering" }));
    let leaves =
        [leave(&people[0], &above), leave(&people[1], &above), leave(&people[1], &below), leave(&people[2], &above)];
    assert_eq!(went(&target.write(&leaves).await.unwrap()), [true; 4]);
    let held = |user: &UserId| (is_in(&platform, user, "Departments"), is_in(&platform, user, "Engineering"));
    assert_eq!([held(&people[0]), held(&people[1]), held(&people[2])], [(true, true), (false, false), (false, false)]);
}

#[tokio::test]
async fn other_roles_in_a_group_are_left_to_those_who_gave_them() {
    let platform = Platform::open().await;
    let user = &people(&platform, 1)[0];
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    platform.change(json!({ "change": "join", "user": user.as_str(), "group": "Paris", "role": "coach" }));
    one(&target, join(user, &paris)).await.unwrap();
    one(&target, leave(user, &paris)).await.unwrap();
    let roles: Vec<_> = platform.kept(user).groups.into_iter().filter(|held| held.name == "Paris").collect();
    assert_eq!(roles.len(), 1, "{roles:?}");
    let coach = Membership { role: "coach".into(), ..paris.clone() };
    assert!(one(&target, leave(user, &coach)).await.unwrap_err().hint.contains("learner"));
    let detailed = target.details(std::slice::from_ref(user), &layout(&[])).await.unwrap();
    assert!(!detailed[0].memberships.contains(&paris) && !detailed[0].memberships.contains(&coach));
}
