//! The fields of a user: their names in recipes, where they stand in Leapsome's objects, and the catalogue with them
//! (apis/leapsome.md §2.3, §2.4).

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::api::Row;
use crate::connector::rows::{day, text_cell};
use crate::model::{
    Cell, CustomNames, FieldName, GroupSupport, Section, TargetCatalogue, TargetField, TargetType, UserStatus, Value,
};

/// The extension that holds what work is like.
pub(super) const WORK: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

pub(super) const USER_NAME: &str = "user_name";
pub(super) const EXTERNAL_ID: &str = "external_id";
pub(super) const FIRST_NAME: &str = "first_name";
pub(super) const LAST_NAME: &str = "last_name";
pub(super) const END_DATE: &str = "end_date";
pub(super) const MANAGER: &str = "manager";
pub(super) const ADDITIONAL_MANAGERS: &str = "additional_managers";
const TITLE: &str = "title";
const GENDER: &str = "gender";

/// The one role that people have in a team.
pub(super) const MEMBER: &str = "member";

/// What a title is that nobody gave (§2.4).
const USUAL_TITLE: &str = "Colleague";

/// Where a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the user itself.
    User(&'static str),
    /// In the name.
    Name(&'static str),
    /// In the extension.
    Work(&'static str),
}

/// Name, title on Leapsome's screens, type, place. Creating takes what does not stand in the extension (§2.2).
const STANDARD: [(&str, &str, TargetType, Place); 17] = [
    (USER_NAME, "Email", TargetType::Text, Place::User("userName")),
    (EXTERNAL_ID, "External ID", TargetType::Text, Place::User("externalId")),
    (FIRST_NAME, "Firstname", TargetType::Text, Place::Name("givenName")),
    (LAST_NAME, "Lastname", TargetType::Text, Place::Name("familyName")),
    ("display_name", "Displayed name", TargetType::Text, Place::User("displayName")),
    (TITLE, "Title", TargetType::Text, Place::User("title")),
    ("department", "Department", TargetType::Team, Place::Work("department")),
    ("division", "Division", TargetType::Team, Place::Work("division")),
    ("cost_center", "Cost Center", TargetType::Team, Place::Work("costCenter")),
    ("level", "Level", TargetType::Text, Place::Work("level")),
    ("location", "Location", TargetType::Text, Place::Work("location")),
    ("start_date", "Start Date", TargetType::Date, Place::Work("startDate")),
    (END_DATE, "Termination Date", TargetType::Date, Place::Work("endDate")),
    ("birthday", "Birthday", TargetType::Date, Place::Work("birthday")),
    (GENDER, "Gender", TargetType::Text, Place::Work("gender")),
    (MANAGER, "Primary Manager", TargetType::Person, Place::Work("manager")),
    (ADDITIONAL_MANAGERS, "Additional Managers", TargetType::People, Place::Work("additionalManagers")),
];

/// What `gender` takes (§2.3).
const GENDERS: [&str; 3] = ["male", "female", "diverse"];

/// Everything that Leapsome takes. Custom attributes cannot be listed: they are written by id (§2.3).
pub(super) fn catalogue() -> TargetCatalogue {
    let form = "the id of a custom attribute, 24 digits and letters a to f, from Users & Teams";
    TargetCatalogue {
        fields: STANDARD.iter().map(standard).collect(),
        complete: true,
        custom_names: CustomNames::Like { on_creation: false, fits: is_attribute, form },
        login: Some(USER_NAME.into()),
        groups: GroupSupport { roles: vec![MEMBER.into()], can_create: true, listed: true, add_only: true },
        key_field: Some(EXTERNAL_ID.into()),
        never_empty: [TITLE, FIRST_NAME, LAST_NAME].map(FieldName::from).to_vec(),
        invites_by_itself: true,
        fields_with_references: true,
        ..TargetCatalogue::default()
    }
}

fn standard((name, title, target_type, place): &(&str, &str, TargetType, Place)) -> TargetField {
    TargetField {
        name: FieldName::from(*name),
        title: (*title).to_owned(),
        section: Section::Standard,
        target_type: *target_type,
        choices: if *name == GENDER { GENDERS.map(Arc::from).to_vec() } else { Vec::new() },
        required: *name == USER_NAME,
        writable: true,
        listed: true,
        on_creation: !matches!(place, Place::Work(_)),
    }
}

/// Whether a text has the form of an id: of a custom attribute, of a user, of a team.
pub(super) fn is_attribute(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|sign| sign.is_ascii_digit() || (b'a'..=b'f').contains(&sign))
}

fn place(name: &str) -> Option<(Place, TargetType)> {
    STANDARD.iter().find(|(known, ..)| *known == name).map(|(_, _, target_type, place)| (*place, *target_type))
}

/// The type of a field; nothing where there is no such field.
pub(super) fn type_of(name: &str) -> Option<TargetType> {
    place(name).map(|(_, target_type)| target_type).or_else(|| is_attribute(name).then_some(TargetType::Text))
}

/// Whether a field takes only some values, and this is none of them.
pub(super) fn refuses(name: &str, text: &str) -> bool {
    name == GENDER && !GENDERS.contains(&text)
}

/// Whether somebody can be made with a field.
pub(super) fn on_creation(name: &str) -> bool {
    place(name).is_some_and(|(place, _)| !matches!(place, Place::Work(_)))
}

/// Puts a value, as Leapsome takes it, where its field stands.
pub(super) fn put(body: &mut Row, name: &str, value: Json) {
    let inside = |body: &mut Row, outer: &str, key: &str, value: Json| {
        let held = body.entry(outer).or_insert_with(|| Json::Object(Map::new()));
        held[key] = value;
    };
    match place(name) {
        Some((Place::User(key), _)) => _ = body.insert(key.to_owned(), value),
        Some((Place::Name(key), _)) => inside(body, "name", key, value),
        Some((Place::Work(key), _)) => inside(body, WORK, key, value),
        None => inside(body, WORK, name, value),
    }
}

/// What a user holds in a field. What is not there is empty, but for custom attributes.
pub(super) fn read(user: &Row, name: &str) -> Cell {
    let work = user.get(WORK).and_then(Json::as_object);
    let Some((place, target_type)) = place(name) else {
        return work.map_or(Cell::NotDelivered, |work| text_cell(work, name));
    };
    match (place, target_type) {
        (_, TargetType::Person) => Cell::from(manager(user).map(Value::Person)),
        (_, TargetType::People) => people(work),
        (Place::User(key), _) => text(user, key),
        (Place::Name(key), _) => user.get("name").and_then(Json::as_object).map_or(Cell::Empty, |name| text(name, key)),
        (Place::Work("location"), _) if work.is_none_or(|work| !work.contains_key("location")) => {
            text(user, "location")
        }
        (Place::Work(key), TargetType::Date) => match work.map_or(Cell::Empty, |work| text(work, key)) {
            Cell::Value(Value::Text(text)) => {
                day(&text).map_or(Cell::NotDelivered, |day| Cell::Value(Value::Date(day)))
            }
            other => other,
        },
        (Place::Work(key), _) => work.map_or(Cell::Empty, |work| text(work, key)),
    }
}

/// A title that nobody gave is none.
pub(super) fn is_usual_title(name: &str, cell: &Cell) -> bool {
    name == TITLE && *cell == Cell::Value(Value::Text(USUAL_TITLE.into()))
}

fn text(row: &Row, key: &str) -> Cell {
    match text_cell(row, key) {
        Cell::NotDelivered if !row.contains_key(key) => Cell::Empty,
        cell => cell,
    }
}

/// A manager is written as a text and read as an object, in one of two places (§2.4).
fn manager(user: &Row) -> Option<Arc<str>> {
    let work = user.get(WORK).and_then(|work| work.get("manager")).and_then(id_in);
    work.or_else(|| user.get("manager").and_then(id_in)).map(Arc::from)
}

fn people(work: Option<&Row>) -> Cell {
    let listed = work.and_then(|work| work.get("additionalManagers")).and_then(Json::as_array);
    let ids: Vec<Arc<str>> = listed.into_iter().flatten().filter_map(id_in).map(Arc::from).collect();
    if ids.is_empty() { Cell::Empty } else { Cell::Value(Value::List(ids.into())) }
}

fn id_in(person: &Json) -> Option<&str> {
    let keys = ["managerId", "value", "id"];
    let id = person.as_str().or_else(|| keys.iter().find_map(|key| person.get(key)?.as_str()));
    id.filter(|id| !id.is_empty())
}

/// Whether somebody has access. The SCIM API says no more (§4).
pub(super) fn status(user: &Row) -> UserStatus {
    match user.get("active") {
        Some(Json::Bool(false)) => UserStatus::Inactive,
        Some(Json::String(text)) if text.eq_ignore_ascii_case("false") => UserStatus::Inactive,
        _ => UserStatus::Active,
    }
}

/// The ids of the teams that somebody is in.
pub(super) fn teams(user: &Row) -> impl Iterator<Item = &str> {
    let groups = user.get("groups").and_then(Json::as_array).into_iter().flatten();
    groups.filter_map(|group| group.get("value").and_then(Json::as_str).or_else(|| group.as_str()))
}

/// The names of the teams that are the value of a field.
pub(super) fn teams_in_fields(user: &Row) -> impl Iterator<Item = &str> {
    let work = user.get(WORK).and_then(Json::as_object);
    let keys = STANDARD.iter().filter_map(|(_, _, target_type, place)| match place {
        Place::Work(key) if *target_type == TargetType::Team => Some(*key),
        _ => None,
    });
    keys.filter_map(move |key| work?.get(key)?.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(user: Json) -> Row {
        let Json::Object(row) = user else { panic!("an object") };
        row
    }

    #[test]
    fn what_is_put_into_a_body_stands_where_leapsome_wants_it() {
        let mut body = Row::new();
        for (name, value) in [
            (USER_NAME, json!("a@x.example")),
            (FIRST_NAME, json!("Ada")),
            (LAST_NAME, json!("Lee")),
            ("start_date", json!("2026-03-01")),
            (MANAGER, Json::Null),
            ("66aa00000000000000000001", json!("Band 3")),
        ] {
            put(&mut body, name, value);
        }
        let work = json!({ "startDate": "2026-03-01", "manager": null, "66aa00000000000000000001": "Band 3" });
        let wanted = json!({ "userName": "a@x.example", "name": { "givenName": "Ada", "familyName": "Lee" },
            WORK: work });
        assert_eq!(Json::Object(body), wanted);
    }

    #[test]
    fn managers_are_read_from_either_place_and_what_is_missing_is_empty() {
        let person = |id: &str| Cell::Value(Value::Person(id.into()));
        assert_eq!(read(&row(json!({ WORK: { "manager": { "managerId": "m" } } })), MANAGER), person("m"));
        assert_eq!(read(&row(json!({ "manager": { "value": "m" } })), MANAGER), person("m"));
        let both = row(json!({ WORK: { "additionalManagers": [{ "managerId": "b" }, "a", {}] } }));
        assert_eq!(read(&both, ADDITIONAL_MANAGERS), Cell::Value(Value::List(["b".into(), "a".into()].into())));
        let nothing = row(json!({ "id": "x" }));
        let cells = STANDARD.iter().map(|(name, ..)| read(&nothing, name));
        assert!(cells.into_iter().all(|cell| cell == Cell::Empty));
        assert_eq!(read(&nothing, "66aa00000000000000000001"), Cell::NotDelivered);
    }

    #[test]
    fn days_are_read_from_either_form() {
        let user = |day: &str| row(json!({ WORK: { "endDate": day } }));
        let day = Cell::Value(Value::Date(jiff::civil::date(2027, 2, 28)));
        assert_eq!(read(&user("2027-02-28"), END_DATE), day);
        assert_eq!(read(&user("2027-02-28T00:00:00.000Z"), END_DATE), day);
        assert_eq!(read(&user("soon"), END_DATE), Cell::NotDelivered);
    }
}
