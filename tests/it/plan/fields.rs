//! What a user's fields should hold.

use rollbook::model::Whose;
use rollbook::model::plan::Verdict;

use crate::world::World;

#[test]
fn only_what_differs_is_written() {
    let world =
        World::new().fields("job_title,title\nlocation,site").pair("1", "title: Cook, site: Rome", "job_title: Cook");
    let plan = world.plan();
    assert_eq!((plan.field("1", "job_title"), plan.field("1", "location").as_deref()), (None, Some("Rome")));
    let change = &plan.person("1").changes.as_ref().unwrap().fields[0];
    assert_eq!(change.reason().to_string(), "`location` from `site` (standard_fields.csv:5)");
}

#[test]
fn what_was_not_delivered_changes_nothing_and_is_reported_once_with_the_permission() {
    let rows = "job_title,title,,Staff,clear\ndepartment,dept\nlocation,dept@id,,,clear";
    let plan = World::new()
        .fields(rows)
        .pair("1", "title: ?, dept: ?", "job_title: Cook, department: Sales, location: x")
        .plan();
    assert_eq!(plan.verdict("1"), Verdict::Unchanged);
    let told = "credentials or permissions: HiBob did not deliver `work.title`, `work.department` for anybody; nothing that \
                depends on it was changed → tick the permission category \"Work\" in the service user's permission group, \
                for everybody the recipe covers";
    assert_eq!(plan.general(), [told], "fields of one category together");
}

#[test]
fn a_field_that_only_some_people_lack_may_also_hold_an_item_that_its_list_has_lost() {
    let world = World::new().fields("department,dept").pair("1", "dept: ?", "").pair("2", "dept: Sales", "");
    let general = world.plan().general();
    assert!(matches!(&general[..], [one] if one.contains("1 of 2 people")), "{general:#?}");
    let finding = &world.plan().plan.findings[0];
    assert!(finding.hint.contains("\"Work\"") && finding.hint.contains("no longer in it"), "{}", finding.hint);
}

#[test]
fn an_empty_value_clears_keeps_or_refuses_as_the_row_says() {
    let plan = |when: &str| {
        let world = World::new().fields(&format!("job_title,title,,,{when}")).pair("1", "title:", "job_title: Cook");
        let plan = world.plan();
        (plan.verdict("1"), plan.field("1", "job_title"))
    };
    assert_eq!(plan(""), (Verdict::Unchanged, None));
    assert_eq!(plan("keep"), (Verdict::Unchanged, None));
    assert_eq!(plan("clear"), (Verdict::Update, Some(String::new())));
    assert_eq!(plan("error"), (Verdict::Fail, None));
}

#[test]
fn a_field_that_the_target_could_not_read_is_never_cleared() {
    let world = World::new().fields("job_title,title,,,clear").pair("1", "title:", "job_title: ?");
    assert_eq!(world.plan().verdict("1"), Verdict::Unchanged);
}

#[test]
fn what_people_log_in_with_is_never_cleared() {
    let world = World::new().only_fields("mail,title,,,clear").pair("1", "title:", "");
    let plan = world.plan();
    assert_eq!((plan.verdict("1"), plan.finding("1").whose), (Verdict::Unchanged, Whose::Source));
}

#[test]
fn a_default_takes_the_place_of_an_empty_value_only() {
    let world = World::new().fields("job_title,title,,Staff");
    let plan = world.person("empty", "title:").person("given", "title: Cook").plan();
    assert_eq!(plan.field("empty", "job_title").as_deref(), Some("Staff"));
    assert_eq!(plan.field("given", "job_title").as_deref(), Some("Cook"));
}

#[test]
fn a_row_without_a_source_is_a_constant_or_what_its_transform_gives() {
    let rows = "organization,,,Acme\njob_title,,\"employee[\"\"work.title\"\"] + \"\"!\"\"\"";
    let plan = World::new().fields(rows).person("1", "title: Cook").plan();
    assert_eq!(plan.field("1", "organization").as_deref(), Some("Acme"));
    assert_eq!(plan.field("1", "job_title").as_deref(), Some("Cook!"));
}

#[test]
fn a_field_for_new_users_only_is_left_alone_afterwards() {
    let world = World::new().fields("lang,title,,,,on_create").person("new", "title: fr");
    let plan = world.pair("here", "title: fr", "lang: de").pair("back", "title: fr", "inactive, lang: de").plan();
    assert_eq!(plan.field("new", "lang").as_deref(), Some("fr"));
    assert_eq!(plan.verdict("here"), Verdict::Unchanged);
    assert_eq!((plan.verdict("back"), plan.field("back", "lang")), (Verdict::Reactivate, None));
}

#[test]
fn a_value_that_the_target_does_not_take_is_reported_with_both_spellings_and_the_rest_goes_on() {
    let world = World::new().custom("shirt,title").fields("location,site").pair("1", "title: s, site: Rome", "");
    let plan = world.plan();
    assert_eq!((plan.field("1", "shirt"), plan.field("1", "location").as_deref()), (None, Some("Rome")));
    let finding = plan.finding("1");
    assert_eq!(finding.whose, Whose::Recipe);
    assert!(finding.text.contains("`s`") && finding.hint.contains("`S`"), "{finding:?}");
    assert_eq!(finding.reason.as_ref().unwrap().origin.as_ref().unwrap().to_string(), "custom_fields.csv:2");
}

#[test]
fn a_transform_that_refuses_one_person_leaves_them_alone_and_the_others_go_on() {
    let world = World::new().fields("job_title,title,checked(value)\nlocation,site");
    let world = world.script("fn checked(title) { if title == \"?!\" { fail(\"no title\") } title }");
    let plan = world.pair("1", "title: ?!, site: Rome", "").pair("2", "title: Cook, site: Rome", "").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Fail, Verdict::Update));
    assert_eq!(
        (plan.finding("1").whose, plan.finding("1").text.as_ref()),
        (Whose::Source, "no title (functions.rhai:1)")
    );
    assert!(plan.person("1").changes.is_none());
}

#[test]
fn a_mistake_in_a_script_is_the_recipes_move() {
    let world =
        World::new().fields("job_title,title,value.len() + level(value)").script("fn level(title) { title - 1 }");
    assert_eq!(world.person("1", "title: Cook").plan().finding("1").whose, Whose::Recipe);
}

#[test]
fn whoever_has_no_address_is_not_made_and_is_told_why() {
    let plan = World::new().person("empty", "mail:").person("here", "").plan();
    assert_eq!((plan.verdict("empty"), plan.finding("empty").whose), (Verdict::Undecided, Whose::Source));
    assert!(plan.finding("empty").text.contains("`mail` is empty"));
    assert_eq!(plan.verdict("here"), Verdict::Create);
}

#[test]
fn whose_address_was_not_delivered_is_a_matter_of_permissions() {
    let world = World::new().section("identify", "[ { employee: root.id, user: external_id } ]");
    let plan = world.person("1", "mail: ?").plan();
    assert_eq!((plan.verdict("1"), plan.finding("1").whose), (Verdict::Undecided, Whose::Credentials));
}

#[test]
fn types_are_converted_to_what_the_target_takes() {
    let world = World::new().fields("hire_date,start\nemployee_number,level").custom("tongues,languages\nlevel,title");
    let plan = world.person("1", "start: 2026-03-02, level: 7, languages: de|fr, title: 1.5").plan();
    let field = |name: &str| plan.field("1", name).unwrap();
    assert_eq!((field("hire_date").as_str(), field("employee_number").as_str()), ("2026-03-02", "7"));
    assert_eq!((field("tongues").as_str(), field("level").as_str()), ("de, fr", "1.5"));
}

#[test]
fn a_value_that_no_row_knows_is_listed_with_the_nearest_row_and_a_row_to_paste() {
    let world = World::new().values("places", "from,to,zone\nBerlin,Berlin HQ,CET\nRome,Roma,CET");
    let world = world.fields("location,site,\"lookup(\"\"places\"\", value)\"");
    let plan = world.person("1", "site: Berln").person("2", "site: Berln").person("3", "site: rome ").plan();
    let [miss] = &plan.plan.table_misses[..] else { panic!("{:#?}", plan.plan.table_misses) };
    assert_eq!((&*miss.file, &*miss.key, miss.people), ("places.csv", "Berln", 2));
    assert_eq!(miss.nearest, Some((2, "Berlin".into())));
    assert_eq!(&*miss.row, "Berln,,");
    assert_eq!(plan.field("3", "location").as_deref(), Some("Roma"), "keys compare without case and outer spaces");
    assert_eq!(plan.field("1", "location"), None);
}

#[test]
fn a_field_read_through_a_person_who_was_not_delivered_changes_nothing() {
    let world = World::new().fields("phone,manager.email,,,clear");
    let plan = world.pair("1", "manager: 9", "phone: 12").pair("2", "manager: 1", "").plan();
    assert_eq!(plan.verdict("1"), Verdict::Unchanged);
    assert_eq!(plan.field("2", "phone").as_deref(), Some("1@acme.example"));
}
