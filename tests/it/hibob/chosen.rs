//! Some people by their ids: in one call, as the service user sees them, whatever the ids are.

use rollbook::model::{EmployeeId, Roster};
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{Event, People, Settings};
use serde_json::json;

use super::tenant::{SEARCH, Tenant, layout, people_of, person, shown};

const INES: &str = "3000000000000000101";
const ALONE: &str = "POST /v1/people/{identifier}";
const LISTS: &str = "GET /v1/company/named-lists";
const FIELDS: [&str; 6] = [
    "root.email",
    "work.department",
    "work.department@id",
    "work.manager",
    "about.custom.Spoken languages_X1a2",
    "internal.lifecycleStatus",
];

fn ids(roster: &Roster) -> Vec<&str> {
    roster.records.iter().map(|record| record.id.as_str()).collect()
}

#[test]
fn several_people_come_with_one_call_and_as_they_are_among_everybody() {
    let tenant = Tenant::open();
    let everybody = tenant.roster(&FIELDS).unwrap();
    let source = tenant.source(json!({}));
    let wanted: Vec<&str> = ids(&everybody).into_iter().step_by(37).collect();
    let before = tenant.calls(SEARCH);
    let some = people_of(&tenant, &*source, &wanted, &FIELDS).unwrap();
    assert_eq!(some.records.len(), wanted.len());
    for record in &some.records {
        assert_eq!(record, person(&everybody, record.id.as_str()));
    }
    assert_eq!(some.categories, everybody.categories);
    for record in some.records.iter().take(3) {
        people_of(&tenant, &*source, &[record.id.as_str()], &FIELDS).unwrap();
    }
    assert_eq!(tenant.calls(SEARCH), before + 4);
    assert_eq!(tenant.calls(LISTS), 2, "once for each source, not for each person");
}

#[test]
fn leavers_and_starters_are_found_and_who_is_not_there_is_left_out() {
    let tenant = Tenant::open();
    let fields = ["internal.lifecycleStatus"];
    let everybody = tenant.roster(&fields).unwrap();
    let with = |status: &str| {
        let found = everybody.records.iter().find(|record| shown(record, &fields)[0] == status);
        found.unwrap_or_else(|| panic!("somebody is {status}")).id.as_str()
    };
    let (left, starter) = (with("Terminated"), with("Hired"));
    let some = tenant.people(&[left, "999", starter, left], &fields).unwrap();
    let mut found = ids(&some);
    found.sort_unstable();
    let mut expected = vec![left, starter];
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(some.unreadable.is_empty());
}

#[test]
fn nobody_wanted_is_no_call() {
    let tenant = Tenant::open();
    for nobody in [&[][..], &["", " ", "\n", "1\u{0}", &"1".repeat(2_000)]] {
        let some = tenant.people(nobody, &[]).unwrap();
        assert!(some.records.is_empty() && some.unreadable.is_empty());
    }
    assert_eq!(tenant.calls(SEARCH), 0);
}

#[test]
fn an_odd_id_is_data_and_disturbs_nobody_else() {
    let tenant = Tenant::open();
    let odd =
        ["search", ".", "..", "a/b", "x?y", "../people", "%2e", "ümlaut @", "\"]}", "ins.novk.0@acme.example", INES];
    assert_eq!(ids(&tenant.people(&odd, &[]).unwrap()), [INES]);
    assert_eq!((tenant.calls(SEARCH), tenant.calls(ALONE)), (1, 0));
    tenant.switch(|switches| switches.refuse_filters = true);
    assert_eq!(ids(&tenant.people(&odd, &[]).unwrap()), [INES], "asked for one by one as well");
    assert_eq!(tenant.calls(SEARCH), 2, "no id leads to another call than that for a person");
}

#[test]
fn where_filters_are_refused_each_person_is_asked_for_alone() {
    let tenant = Tenant::open();
    let everybody = tenant.roster(&FIELDS).unwrap();
    tenant.switch(|switches| switches.refuse_filters = true);
    let wanted: Vec<&str> = ids(&everybody).into_iter().take(3).chain(["999"]).collect();
    let some = tenant.people(&wanted, &FIELDS).unwrap();
    assert_eq!(some.records.len(), 3);
    for record in &some.records {
        assert_eq!(record, person(&everybody, record.id.as_str()));
    }
    assert_eq!(tenant.calls(ALONE), 4);
}

#[test]
fn more_than_one_part_of_people_takes_a_call_for_each_part() {
    let tenant = Tenant::open();
    let everybody = tenant.roster(&[]).unwrap();
    let before = tenant.calls(SEARCH);
    let some = tenant.people(&ids(&everybody), &[]).unwrap();
    assert_eq!(some.records.len(), 300);
    assert_eq!(tenant.calls(SEARCH), before + 2);
}

#[test]
fn a_record_that_cannot_be_read_is_not_lost() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.json");
    let twice =
        json!({ "employees": [{ "id": "1" }, { "id": "2", "displayName": "A" }, { "id": "2" }, { "id": "3" }] });
    std::fs::write(&file, twice.to_string()).unwrap();
    let mut settings = Settings { people: People::File(file), ..Settings::default() };
    settings.switches.audience = Audience::All;
    let tenant = Tenant::start(settings);
    let some = tenant.people(&["1", "2"], &[]).unwrap();
    assert_eq!((ids(&some), some.unreadable.len()), (vec!["1"], 2));
    let readable = tenant.people(&["1", "3"], &[]).unwrap();
    assert_eq!((readable.records.len(), readable.unreadable.len()), (2, 0));
}

#[test]
fn a_change_is_seen_when_hibob_shows_it_and_not_before() {
    let tenant = Tenant::open();
    let source = tenant.source(json!({}));
    let name = || {
        let some = tenant.wait(source.people(&[EmployeeId::from(INES)], &layout(&["root.surname"]))).unwrap();
        shown(person(&some, INES), &["root.surname"]).remove(0)
    };
    let change = |surname: &str| {
        let event = json!({ "event": "change", "person": INES, "fields": { "root.surname": surname } });
        tenant.sandbox.play(&serde_json::from_value::<Event>(event).unwrap()).unwrap();
    };
    change("Koch");
    assert_eq!(name(), "Koch");
    tenant.switch(|switches| switches.stale_ms = 3_600_000);
    change("Bauer");
    assert_eq!(name(), "Koch", "what HiBob answers right after a change may be what was");
}
