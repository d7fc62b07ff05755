//! The fields of users, by names of ours in the manner of the API's filters, and the catalogue with them
//! (apis/learnamp.md §4.2).

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::api::Row;
use super::refusal;
use super::wire;
use crate::connector::WriteError;
use crate::connector::rows;
use crate::model::{
    Cell, CustomNames, FieldName, GroupSupport, Section, TargetCatalogue, TargetField, TargetType, Value,
};

pub(super) const EMAIL: &str = "email";
pub(super) const EXTERNAL_ID: &str = "integration_external_id";
pub(super) const PRIMARY_TEAM: &str = "primary_team";
pub(super) const MANAGER: &str = "manager";
pub(super) const OCCUPATION_ROLE: &str = "occupation_role";
const LANGUAGE: &str = "language";
const ROLE: &str = "role";

/// Where custom fields are in a body, and in the long list.
pub(super) const CUSTOM: &str = "customFields";

/// The roles that can be given.
const ROLES: [&str; 6] = ["viewer", "curator", "reporter", "learning_designer", "hr", "admin"];

/// A field of users.
struct Field {
    name: &'static str,
    title: &'static str,
    target_type: TargetType,
    /// Its name in a body; none where no body has it.
    key: Option<&'static str>,
}

const fn field(name: &'static str, title: &'static str, target_type: TargetType, key: &'static str) -> Field {
    Field { name, title, target_type, key: Some(key) }
}

const STANDARD: [Field; 14] = [
    field(EMAIL, "Email", TargetType::Text, "email"),
    field("first_name", "First name", TargetType::Text, "firstName"),
    field("last_name", "Last name", TargetType::Text, "lastName"),
    field(EXTERNAL_ID, "Integration external id", TargetType::Text, "integrationExternalId"),
    field("job_title", "Job title", TargetType::Text, "jobTitle"),
    field(ROLE, "Role", TargetType::Text, "role"),
    field(LANGUAGE, "Language", TargetType::Text, "language"),
    field("location", "Location", TargetType::Text, "location"),
    field("department", "Department (a text, no team)", TargetType::Text, "department"),
    field("hire_date", "Hire date", TargetType::Date, "hireDate"),
    field(OCCUPATION_ROLE, "Occupation role", TargetType::Text, "occupationRole"),
    field(PRIMARY_TEAM, "Primary team", TargetType::Team, "primaryTeamId"),
    Field {
        name: "primary_team_external_id",
        title: "Integration external id of the primary team",
        target_type: TargetType::TeamKey,
        key: None,
    },
    field(MANAGER, "Override manager", TargetType::Person, "managerId"),
];

/// What nobody can be without.
pub(super) const NEEDED: [&str; 3] = [EMAIL, "first_name", "last_name"];

/// Everything there is. Custom fields cannot be listed (apis/learnamp.md §4.2).
pub(super) fn catalogue() -> TargetCatalogue {
    TargetCatalogue {
        fields: STANDARD.iter().map(standard).collect(),
        complete: true,
        custom_names: CustomNames::Any { on_creation: true },
        login: Some(EMAIL.into()),
        groups: GroupSupport { roles: Vec::new(), can_create: true, listed: true, add_only: false },
        key_field: Some(EXTERNAL_ID.into()),
        never_empty: vec![LANGUAGE.into(), ROLE.into()],
        references_need_access: true,
        access_carries_relations: true,
        access_ends_for_good: true,
        fields_with_references: true,
        ..TargetCatalogue::default()
    }
}

fn standard(field: &Field) -> TargetField {
    TargetField {
        name: field.name.into(),
        title: field.title.to_owned(),
        section: Section::Standard,
        target_type: field.target_type,
        choices: if field.name == ROLE { ROLES.map(Arc::from).into() } else { Vec::new() },
        required: NEEDED.contains(&field.name),
        writable: true,
        // Whether the manager that is shown is the override or the team's cannot be told (apis/learnamp.md §4.3).
        listed: field.name != MANAGER,
        on_creation: field.name != OCCUPATION_ROLE,
    }
}

/// The name of a standard field in a body; nothing for a custom field.
pub(super) fn key(name: &str) -> Option<&'static str> {
    STANDARD.iter().find(|field| field.name == name).and_then(|field| field.key)
}

/// Whether the name is that of a standard field.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD.iter().any(|field| field.name == name)
}

/// One field of a user as the long list gives it. The manager is told apart elsewhere.
pub(super) fn read(row: &Row, name: &str) -> Cell {
    let Some(field) = STANDARD.iter().find(|field| field.name == name) else { return custom(row, name) };
    match (field.target_type, field.key) {
        (TargetType::Text, Some("occupationRole")) => named(row, "occupationRole"),
        (TargetType::Text, Some(key)) => rows::text_cell(row, key),
        (TargetType::Date, Some(key)) => rows::day_cell(row, key),
        (TargetType::Team, _) => named(row, "primaryTeam"),
        _ => Cell::NotDelivered,
    }
}

/// A text, or the name of what there is an object of.
fn named(row: &Row, key: &str) -> Cell {
    match row.get(key) {
        Some(Json::Object(inner)) => rows::text_cell(inner, "name"),
        _ => rows::text_cell(row, key),
    }
}

/// The value of a custom field: in a list of names and values, or by name (apis/learnamp.md §4.3: the shape is not
/// documented). A field that a list leaves out has no value.
fn custom(row: &Row, name: &str) -> Cell {
    match row.get(CUSTOM) {
        Some(Json::Array(list)) => {
            let is_it = |one: &&Row| rows::text(one, "name") == Some(name);
            let found = list.iter().filter_map(Json::as_object).find(is_it);
            found.map_or(Cell::Empty, |found| plain(found.get("value")))
        }
        Some(Json::Object(by_name)) => by_name.get(name).map_or(Cell::Empty, |value| match value {
            Json::Object(inner) => plain(inner.get("value")),
            value => plain(Some(value)),
        }),
        _ => Cell::NotDelivered,
    }
}

fn plain(value: Option<&Json>) -> Cell {
    match value {
        None | Some(Json::Null) => Cell::Empty,
        Some(Json::String(text)) => Value::text(text).into(),
        Some(Json::Number(number)) => Value::text(&number.to_string()).into(),
        Some(Json::Bool(value)) => Value::text(&value.to_string()).into(),
        Some(_) => Cell::NotDelivered,
    }
}

/// A value as it is sent; nothing clears.
pub(super) fn encode(name: &FieldName, value: Option<&Value>) -> Result<Json, WriteError> {
    let value = value.filter(|value| !value.as_text().is_some_and(|text| text.trim().is_empty()));
    let is_date = STANDARD.iter().any(|field| field.name == name.as_str() && field.target_type == TargetType::Date);
    match value {
        None if NEEDED.contains(&name.as_str()) => Err(refusal::needed(name.as_str())),
        None => Ok(Json::Null),
        Some(Value::Date(day)) if is_date => Ok(json!(day.to_string())),
        Some(Value::Text(text)) if !is_date => {
            let is_given = name.as_str() != ROLE || ROLES.contains(&&**text);
            if is_given { Ok(json!(**text)) } else { Err(refusal::no_choice(name.as_str(), &ROLES)) }
        }
        Some(_) => Err(refusal::wrong_type(name.as_str())),
    }
}

/// Whether an answer shows what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    Yes,
    No,
    /// The answer does not say.
    Unsaid,
}

impl Kept {
    fn of(kept: bool) -> Self {
        if kept { Self::Yes } else { Self::No }
    }
}

/// Compares what was sent for a field with what the answer shows: several inputs are dropped in silence
/// (apis/learnamp.md §4.2).
pub(super) fn kept(name: &str, sent: &Json, answer: &Row) -> Kept {
    match name {
        MANAGER => kept_manager(sent, answer),
        PRIMARY_TEAM if answer.contains_key("primaryTeam") => {
            Kept::of(wire::id_in(answer, "primaryTeam") == rows::number(sent))
        }
        PRIMARY_TEAM => Kept::Unsaid,
        _ => match (read(answer, name), sent.as_str().map(str::trim)) {
            (Cell::NotDelivered, _) => Kept::Unsaid,
            (Cell::Empty, sent) => Kept::of(sent.is_none_or(str::is_empty)),
            (Cell::Value(Value::Date(day)), sent) => Kept::of(sent == Some(day.to_string().as_str())),
            (Cell::Value(value), Some(sent)) => {
                let same =
                    |held: &str| held.trim() == sent || (name == EMAIL && held.to_lowercase() == sent.to_lowercase());
                Kept::of(value.as_text().is_some_and(same))
            }
            (Cell::Value(_), None) => Kept::No,
        },
    }
}

/// Without an override, the manager of the primary team is shown (apis/learnamp.md §6).
fn kept_manager(sent: &Json, answer: &Row) -> Kept {
    if !answer.contains_key("manager") {
        return Kept::Unsaid;
    }
    let shown = wire::id_in(answer, "manager");
    match rows::number(sent) {
        Some(sent) => Kept::of(shown == Some(sent)),
        None => Kept::of(shown.is_none() || shown == team_manager(answer)),
    }
}

/// Who manages the primary team.
pub(super) fn team_manager(row: &Row) -> Option<u64> {
    wire::id_in(row.get("primaryTeam")?.as_object()?, "manager")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Json) -> Row {
        match value {
            Json::Object(row) => row,
            _ => panic!("an object"),
        }
    }

    #[test]
    fn a_custom_field_is_read_in_either_shape_and_not_delivered_where_there_is_none() {
        let text = |text: &str| Cell::Value(Value::Text(text.into()));
        let list =
            row(json!({ "customFields": [{ "name": "Level", "value": "7" }, { "name": "Badge", "value": null }] }));
        assert_eq!(
            [read(&list, "Level"), read(&list, "Badge"), read(&list, "Other")],
            [text("7"), Cell::Empty, Cell::Empty]
        );
        let object = row(json!({ "customFields": { "Level": 7, "Badge": { "value": "x" } } }));
        assert_eq!([read(&object, "Level"), read(&object, "Badge")], [text("7"), text("x")]);
        assert_eq!(read(&row(json!({ "id": 1 })), "Level"), Cell::NotDelivered);
    }

    #[test]
    fn what_an_answer_shows_is_compared_with_what_was_sent() {
        let answer = row(json!({
            "email": "Ada@x.example", "jobTitle": "Lead", "hireDate": "2026-03-01T00:00:00Z", "location": null,
            "primaryTeam": { "id": 3, "manager": { "id": 9 } }, "manager": { "id": 9 },
        }));
        let kept = |name: &str, sent: Json| kept(name, &sent, &answer);
        assert_eq!(kept("email", json!("ada@X.example")), Kept::Yes);
        assert_eq!([kept("job_title", json!("Lead ")), kept("job_title", json!("lead"))], [Kept::Yes, Kept::No]);
        assert_eq!([kept("hire_date", json!("2026-03-01")), kept("hire_date", json!(null))], [Kept::Yes, Kept::No]);
        assert_eq!([kept("location", json!("")), kept("location", json!("Leeds"))], [Kept::Yes, Kept::No]);
        assert_eq!([kept("primary_team", json!(3)), kept("primary_team", json!(null))], [Kept::Yes, Kept::No]);
        assert_eq!([kept("manager", json!(9)), kept("manager", json!(8))], [Kept::Yes, Kept::No]);
        assert_eq!(kept("manager", json!(null)), Kept::Yes, "the team's manager is shown where there is no other");
        assert_eq!([kept("department", json!("x")), kept("Level", json!("7"))], [Kept::Unsaid; 2]);
    }
}
