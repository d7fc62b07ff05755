//! Teams: the value of a field, or joined (apis/leapsome.md §2.3, §3).

use rollbook::connector::{Target, Write};
use rollbook::model::{GroupKind, Membership, UserId};
use serde_json::json;

use super::office::*;

const JOIN: &str = "PATCH /scim/v1/Groups/{groupId}";

async fn announce(target: &dyn Target, name: &str) {
    let write = Write::CreateGroup { kind: GroupKind::Team, name: name.into(), key: None };
    one(target, write).await.unwrap();
}

fn team(office: &Office, name: &str) -> String {
    office.sandbox.teams().into_iter().find(|team| team.name == name).unwrap().id
}

#[tokio::test]
async fn a_new_department_needs_no_call_and_is_made_once_by_whoever_is_first_in_it() {
    let office = Office::open().await;
    let target = office.target();
    let people: Vec<UserId> =
        (0..20).map(|number| office.add(&format!("p{number}@acme.example"), &number.to_string())).collect();
    let data = [("department", "Data")];
    let error = one(&target, update(&people[0], &data)).await.unwrap_err();
    assert!(error.hint.contains("create: true"), "{error:?}");
    announce(&target, "Data").await;
    assert_eq!(office.writes(), [], "naming it makes it");
    let writes: Vec<Write> = people.iter().map(|user| update(user, &data)).collect();
    done(&target, &writes).await;
    let made = office.sandbox.teams().into_iter().filter(|team| team.name == "Data").collect::<Vec<_>>();
    assert_eq!((made.len(), made[0].members), (1, 20));
    assert_eq!(office.writes(), [(CHANGE.to_owned(), 20)]);
}

#[tokio::test]
async fn people_join_a_team_a_hundred_at_a_time_and_by_team() {
    let office = Office::open().await;
    let target = office.target();
    let people: Vec<UserId> =
        (0..150).map(|number| office.add(&format!("p{number}@acme.example"), &number.to_string())).collect();
    listed(&target, &[]).await;
    office.sandbox.forget_calls();
    let (club, council) = (team(&office, "Book club"), team(&office, "Works council"));
    let writes: Vec<Write> = people.iter().flat_map(|user| [join(user, &club), join(user, &council)]).collect();
    done(&target, &writes).await;
    assert_eq!(office.writes(), [(JOIN.to_owned(), 4)], "two for each of two teams");
    let members = |name: &str| office.sandbox.teams().into_iter().find(|team| team.name == name).unwrap().members;
    assert_eq!((members("Book club"), members("Works council")), (150, 151), "whoever was in stays in");
}

#[tokio::test]
async fn nobody_is_taken_out_and_what_is_not_there_is_refused() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    let club = team(&office, "Book club");
    let membership = Membership { group: club.as_str().into(), role: "member".into() };
    let leave = Write::RemoveMembership { user: ada.clone(), membership };
    assert!(one(&target, leave).await.unwrap_err().hint.contains("by hand"));
    let gone = one(&target, join(&ada, "65c1000000000000000000ff")).await.unwrap_err();
    assert!(gone.message.contains("no such team"), "{gone:?}");
    let nobody: UserId = "64b7000000000000000000ff".into();
    assert!(one(&target, join(&nobody, &club)).await.unwrap_err().message.contains("no such user"));
    let calls = office.calls();
    assert!(calls["GET /scim/v1/ServiceProviderConfig"] >= 1, "a 401 is looked into: {calls:?}");
}

#[tokio::test]
async fn a_team_in_a_field_is_no_membership_and_one_that_was_joined_by_hand_is() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    announce(&target, "Data").await;
    done(&target, &[update(&ada, &[("department", "Data")])]).await;
    office.play(json!({ "event": "join", "user": "1", "team": "Book club" }));
    let user = listed(&target, &["department"]).await.into_iter().find(|user| user.id == ada).unwrap();
    let joined: Vec<&str> = user.memberships.iter().map(|joined| joined.group.as_str()).collect();
    assert_eq!(joined, [team(&office, "Book club")]);
    let kinds: Vec<_> = target
        .groups()
        .await
        .unwrap()
        .into_iter()
        .filter(|group| &*group.name == "Data")
        .map(|group| group.kind)
        .collect();
    assert_eq!(kinds, [GroupKind::Team, GroupKind::Group], "each team can be named in either way");
}
