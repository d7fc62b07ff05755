//! Custom user data (apis/learnupon.md §2.1).

use rollbook::connector::Target;
use rollbook::model::{Access, Cell, Number, Section, TargetType, UserId, UserLayout, Value};
use rollbook::sandbox::learnupon::switches::CustomDataForm;
use serde_json::json;

use super::portal::{Portal, creation, make};
use crate::contract::support::{refused, update};

#[tokio::test]
async fn the_catalogue_has_every_field_of_the_portal_with_its_type_and_choices() {
    let portal = Portal::with_people(0).await;
    portal.switch(|switches| switches.misspelt_definitions = true);
    let catalogue = portal.target().catalogue().await.unwrap();
    assert!(catalogue.complete && !catalogue.lists_everything());
    let custom: Vec<_> = catalogue.fields.iter().filter(|field| field.section == Section::Custom).collect();
    assert_eq!(custom.len(), 10);
    let level = catalogue.field("Level").unwrap();
    let choices: Vec<&str> = level.choices.iter().map(|choice| &**choice).collect();
    assert_eq!((level.target_type, &choices[..]), (TargetType::Text, &["1", "2", "3", "4", "5"][..]));
    assert_eq!(catalogue.field("Employee number").unwrap().target_type, TargetType::Number);
    assert!(catalogue.field("timezone_id").unwrap().choices.iter().any(|zone| &**zone == "Eastern Time (US & Canada)"));
    assert!(catalogue.field("language").unwrap().choices.iter().any(|code| &**code == "fi_fl"));
}

#[tokio::test]
async fn values_are_written_by_definition_id_so_that_a_label_may_change() {
    let portal = Portal::empty().await;
    let target = portal.target();
    target.catalogue().await.unwrap();
    let define = |label: &str| {
        let definition =
            json!({ "event": "define", "id": 9, "type_id": 4, "label": label, "predefined_values": ["IT"] });
        portal.play(&serde_json::from_value(definition).unwrap());
    };
    define("Team");
    make(&target, creation(Access::Active, &[("email", "ada@acme.example"), ("Department", "IT")])).await;
    assert_eq!(portal.sandbox.user("ada@acme.example").unwrap().custom[&9], json!("IT"));
}

#[tokio::test]
async fn a_value_outside_the_choices_is_never_sent() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &[("email", "ada@acme.example")])).await;
    for (field, value) in [("Department", "it"), ("Level", "4"), ("language", "en_GB"), ("timezone_id", "Europe/Paris")]
    {
        let refusal = refused(&target, update(&ada, &field.into(), Some(Value::Text(value.into())))).await;
        assert!(refusal.message.contains(field) && refusal.hint.contains("it takes"), "{refusal:?}");
    }
    assert_eq!(portal.calls("PUT /api/v1/users/{id}"), 0);
}

#[tokio::test]
async fn a_whole_number_field_takes_whole_numbers_only() {
    let portal = Portal::with_people(0).await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &[("email", "ada@acme.example")])).await;
    let number = |text| Some(Value::Number(Number::parse(text).unwrap()));
    refused(&target, update(&ada, &"Employee number".into(), number("7.5"))).await;
    target.write(&[update(&ada, &"Employee number".into(), number("7"))]).await.unwrap()[0].as_ref().unwrap();
    assert_eq!(portal.sandbox.user("ada@acme.example").unwrap().custom[&236], json!("7"));
}

#[tokio::test]
async fn details_are_read_in_each_form_and_of_nobody_who_is_gone() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let fields = [("email", "ada@acme.example"), ("Department", "R&D, Platform"), ("Level", "2")];
    let ada = make(&target, creation(Access::Active, &fields)).await;
    let layout = UserLayout::with_groups(["email", "Department", "Hire date"].map(Into::into).to_vec());
    for form in [CustomDataForm::Both, CustomDataForm::Labels, CustomDataForm::Values] {
        portal.switch(|switches| switches.custom_data = form);
        let read = target.details(&[ada.clone(), UserId::new("999")], &layout).await.unwrap();
        let cells: Vec<&Cell> = read[0].cells.iter().collect();
        let text = |text: &str| Cell::Value(Value::Text(text.into()));
        assert_eq!(cells, [&text("ada@acme.example"), &text("R&D, Platform"), &Cell::Empty], "{form:?}");
        assert_eq!(read.len(), 1);
    }
}
