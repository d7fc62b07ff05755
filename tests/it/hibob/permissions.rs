//! What the service user may not see: three states of a value, judged for each person, and people who are not there.

use rollbook::sandbox::hibob::switches::{Audience, NoGroup};

use super::tenant::{Tenant, person, shown};

const INES: &str = "3000000000000000101";
const OTHER: &str = "3000000000000000102";
const LIFECYCLE: [&str; 3] = ["internal.lifecycleStatus", "internal.terminationDate", "employee.lastDayOfWork"];

#[test]
fn a_value_is_there_or_empty_or_not_delivered_and_each_person_is_judged_alone() {
    let tenant = Tenant::open();
    tenant.switch(|switches| _ = switches.withhold_from.insert(OTHER.to_owned(), ["lifecycle".to_owned()].into()));
    let roster = tenant.roster(&LIFECYCLE).unwrap();
    assert_eq!(shown(person(&roster, INES), &LIFECYCLE), ["Leave", "empty", "empty"]);
    assert_eq!(shown(person(&roster, OTHER), &LIFECYCLE), ["not delivered"; 3]);
    let alone = tenant.people(&[OTHER], &LIFECYCLE).unwrap();
    assert_eq!(person(&alone, OTHER), person(&roster, OTHER));
}

#[test]
fn a_category_that_is_withheld_leaves_its_fields_undelivered_and_others_as_they_are() {
    let tenant = Tenant::open();
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let fields = ["internal.status", "work.site"];
    let roster = tenant.roster(&fields).unwrap();
    for record in &roster.records {
        assert_eq!(shown(record, &fields)[0], "not delivered");
    }
    assert_eq!(shown(person(&roster, INES), &fields)[1], "New York");
}

#[test]
fn a_field_that_does_not_exist_is_not_delivered() {
    let roster = Tenant::open().roster(&["work.departement"]).unwrap();
    assert_eq!(shown(person(&roster, INES), &["work.departement"]), ["not delivered"]);
}

#[test]
fn who_is_outside_the_audience_is_not_among_everybody() {
    let tenant = Tenant::with(|switches| switches.audience = Audience::Employed);
    let roster = tenant.roster(&LIFECYCLE).unwrap();
    assert!(roster.records.len() < 300);
    assert!(roster.records.iter().all(|record| shown(record, &LIFECYCLE)[0] == "Employed"));
    let some = tenant.people(&[INES, roster.records[0].id.as_str()], &[]).unwrap();
    assert_eq!(some.records.len(), 1, "nor among some people");
    assert!(some.unreadable.is_empty());
}

#[test]
fn a_service_user_without_a_group_may_be_shown_nobody() {
    let tenant = Tenant::with(|switches| switches.no_group = Some(NoGroup::Empty));
    assert!(tenant.roster(&[]).unwrap().records.is_empty());
}
