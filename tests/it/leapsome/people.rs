//! Making, changing, ending and giving back, with as few calls as there can be (apis/leapsome.md §2.2, §2.3, §4).

use jiff::civil::date;
use rollbook::connector::{Target as _, Write, Written};
use rollbook::model::Value;
use rollbook::sandbox::leapsome::Status;
use rollbook::sandbox::leapsome::switches::{ClearedBy, ManyForm, PatchForm, Unknown};
use serde_json::json;

use super::office::*;

const ADA: [(&str, &str); 4] =
    [("user_name", "ada@acme.example"), ("external_id", "1"), ("first_name", "Ada"), ("last_name", "Novak")];

fn calls(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(call, count)| ((*call).to_owned(), *count)).collect()
}

#[tokio::test]
async fn somebody_new_is_made_in_one_call_and_filled_in_one_more_with_managers_and_everything() {
    let office = Office::open().await;
    let target = office.target();
    let boss = office.add("boss@acme.example", "9");
    let ada = made(&target, &ADA).await;
    assert_eq!(office.writes(), calls(&[(CREATE, 1)]));
    let mut fields =
        update(&ada, &[("level", "L4"), ("location", "Berlin"), ("gender", "female"), (SENIORITY, "Senior")]);
    if let Write::UpdateUser { fields, .. } = &mut fields {
        fields.push(("start_date".into(), Some(Value::Date(date(2026, 3, 1)))));
    }
    let writes = [fields, refer(&ada, "manager", &[&boss]), refer(&ada, "additional_managers", &[&boss])];
    done(&target, &writes).await;
    assert_eq!(office.writes(), calls(&[(CHANGE, 1), (CREATE, 1)]), "everything together");
    let kept = office.kept("1");
    assert_eq!(
        (kept.level.as_deref(), kept.start_date, kept.manager.as_deref()),
        (Some("L4"), Some(date(2026, 3, 1)), Some("boss@acme.example"))
    );
    assert_eq!(
        (kept.additional_managers, kept.attributes[SENIORITY].as_str()),
        (vec!["boss@acme.example".to_owned()], "Senior")
    );
    assert_eq!(kept.status, Status::Created, "who is invited is a setting of the company");
}

#[tokio::test]
async fn a_change_sends_the_address_always_and_both_names_and_nothing_that_stays() {
    let office = Office::with(|switches| switches.record = 100).await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    done(&target, &[update(&ada, &[("last_name", "Lee"), ("title", "Analyst")])]).await;
    let sent = office.sandbox.exchanges().into_iter().find(|one| one.endpoint == CHANGE).unwrap().request;
    let name = json!({ "givenName": "Ada", "familyName": "Lee" });
    assert_eq!(sent, Some(json!({ "userName": "ada@acme.example", "name": name, "title": "Analyst" })));
}

#[tokio::test]
async fn access_ends_in_one_call_and_is_given_back_with_the_fields_in_one() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    office.play(json!({ "event": "invite", "user": "1" }));
    office.play(json!({ "event": "accept", "user": "1" }));
    listed(&target, &["user_name"]).await;
    done(&target, &[Write::Deactivate { user: ada.clone() }]).await;
    assert_eq!((office.kept("1").status, office.writes()), (Status::Deactivated, calls(&[(CHANGE, 1)])));
    done(&target, &[reactivate(&ada), update(&ada, &[("title", "Analyst")])]).await;
    assert_eq!(office.writes(), calls(&[(CHANGE, 2)]));
    assert_eq!((office.kept("1").status, office.kept("1").title.as_str()), (Status::Active, "Analyst"));
}

#[tokio::test]
async fn a_value_that_is_emptied_is_sent_as_null_and_what_stays_is_said() {
    let office = Office::open().await;
    let target = office.target();
    let (ada, boss) = (office.add("ada@acme.example", "1"), office.add("boss@acme.example", "9"));
    let fill = [
        update(&ada, &[("level", "L4")]),
        refer(&ada, "manager", &[&boss]),
        refer(&ada, "additional_managers", &[&boss]),
    ];
    let empty = [update(&ada, &[("level", "")]), refer(&ada, "manager", &[]), refer(&ada, "additional_managers", &[])];
    done(&target, &fill).await;
    done(&target, &empty).await;
    let kept = office.kept("1");
    assert_eq!((kept.level, kept.manager, kept.additional_managers.len()), (None, None, 0));
    done(&target, &fill).await;
    office.sandbox.switch(|switches| switches.cleared_by = ClearedBy::Nothing);
    for answer in target.write(&empty).await.unwrap() {
        let error = answer.unwrap_err();
        assert!(error.message.contains("did not take") && error.hint.contains("by hand"), "{error:?}");
    }
    let title = one(&target, update(&ada, &[("title", "")])).await.unwrap_err();
    assert!(title.message.contains("needs `title`"), "{title:?}");
}

#[tokio::test]
async fn what_leapsome_leaves_out_without_a_word_is_that_persons_trouble_and_the_rest_is_done() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    let unknown = "66aa000000000000000000ff";
    let stranger = "64b7000000000000000000ff".into();
    let writes = [update(&ada, &[("level", "L4"), (unknown, "x")]), refer(&ada, "manager", &[&stranger])];
    let answers = target.write(&writes).await.unwrap();
    let errors: Vec<_> = answers.into_iter().map(Result::unwrap_err).collect();
    assert!(errors[0].message.contains(unknown) && errors[0].hint.contains("custom attribute"), "{errors:?}");
    assert!(errors[1].message.contains("`manager`") && errors[1].hint.contains("run again"), "{errors:?}");
    assert_eq!(office.kept("1").level.as_deref(), Some("L4"));
}

#[tokio::test]
async fn a_base_that_wants_scims_own_operations_is_sent_them() {
    let office = Office::with(|switches| switches.patch = PatchForm::PatchOp).await;
    let target = office.open_target(json!({ "patch": "patch_op" })).unwrap();
    let (ada, boss) = (office.add("ada@acme.example", "1"), office.add("boss@acme.example", "9"));
    let writes = [
        update(&ada, &[("level", "L4"), ("first_name", "Eda"), ("title", "Analyst")]),
        refer(&ada, "manager", &[&boss]),
    ];
    done(&target, &writes).await;
    let kept = office.kept("1");
    assert_eq!(
        (kept.level.as_deref(), kept.given_name.as_deref(), kept.title.as_str()),
        (Some("L4"), Some("Eda"), "Analyst")
    );
    done(&target, &[update(&ada, &[("level", "")]), Write::Deactivate { user: ada.clone() }]).await;
    assert_eq!((office.kept("1").level, office.kept("1").status), (None, Status::Deactivated));
}

#[tokio::test]
async fn additional_managers_go_with_commas_where_the_recipe_says_so() {
    let office = Office::with(|switches| switches.additional_managers = ManyForm::Text).await;
    let (ada, bo) = (office.add("ada@acme.example", "1"), office.add("bo@acme.example", "2"));
    let owner = rollbook::model::UserId::new(office.kept("owner@acme.example").id);
    let error = one(&office.target(), refer(&ada, "additional_managers", &[&bo])).await.unwrap_err();
    assert!(error.hint.contains("additional_managers: text"), "{error:?}");
    let target = office.open_target(json!({ "additional_managers": "text" })).unwrap();
    done(&target, &[refer(&ada, "additional_managers", &[&bo, &owner])]).await;
    assert_eq!(office.kept("1").additional_managers.len(), 2);
    done(&target, &[refer(&ada, "additional_managers", &[])]).await;
    assert!(office.kept("1").additional_managers.is_empty());
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_anything_is_called() {
    let office = Office::open().await;
    let target = office.open_target(json!({ "domains": ["acme.example"] })).unwrap();
    let ada = office.add("ada@acme.example", "1");
    listed(&target, &[]).await;
    office.sandbox.forget_calls();
    for (write, says) in [
        (creation(&[("user_name", "ada@other.example")]), "not registered"),
        (creation(&[("first_name", "Ada")]), "needs `user_name`"),
        (update(&ada, &[("gender", "unknown")]), "does not take this value"),
        (update(&ada, &[("birthday", "soon")]), "type date"),
        (update(&ada, &[("shoe_size", "38")]), "no field `shoe_size`"),
        (update(&ada, &[("last_name", "")]), "together"),
        (refer(&ada, "manager", &[&ada]), "their own manager"),
        (refer(&ada, "title", &[&ada]), "does not refer"),
    ] {
        let error = one(&target, write).await.unwrap_err();
        assert!(error.message.contains(says) && !error.hint.is_empty(), "{error:?}");
    }
    assert_eq!(office.writes(), []);
}

#[tokio::test]
async fn a_refused_value_is_one_persons_trouble_in_words_and_others_go_on() {
    let office =
        Office::with(|switches| (switches.unknown_manager, switches.bad_value) = (Unknown::Refuse, Unknown::Refuse))
            .await;
    let target = office.target();
    let (ada, bo) = (office.add("ada@acme.example", "1"), office.add("bo@acme.example", "2"));
    let stranger = "64b7000000000000000000ff".into();
    let answers = target.write(&[refer(&ada, "manager", &[&stranger]), update(&bo, &[("level", "L1")])]).await.unwrap();
    assert!(answers[0].is_err() && answers[1] == Ok(Written::Done), "{answers:?}");
}
