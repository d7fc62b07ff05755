//! The fields that users of the directory have: the standard ones, and those that a recipe's settings add.

use std::sync::{Arc, LazyLock};

use crate::model::{FieldName, GroupSupport, Section, TargetCatalogue, TargetField, TargetType};

/// The field that people log in with.
pub(super) const LOGIN: &str = "mail";

/// The roles in a group; the first is the default.
pub(super) const ROLES: [&str; 2] = ["member", "manager"];

/// The languages that `lang` takes.
const LANGUAGES: [&str; 8] = ["en", "fr", "de", "es", "pt", "ja", "it", "nl"];

/// Name, title and type of each standard field. All but the last are columns of the same name.
const STANDARD: [(&str, &str, TargetType); 21] = [
    ("external_id", "External id", TargetType::Text),
    (LOGIN, "E-mail", TargetType::Text),
    ("user_name", "User name", TargetType::Text),
    ("first_name", "First name", TargetType::Text),
    ("last_name", "Last name", TargetType::Text),
    ("display_name", "Display name", TargetType::Text),
    ("job_title", "Job title", TargetType::Text),
    ("department", "Department", TargetType::Text),
    ("organization", "Organization", TargetType::Text),
    ("location", "Location", TargetType::Text),
    ("phone", "Phone", TargetType::Text),
    ("lang", "Language", TargetType::Text),
    ("time_zone", "Time zone", TargetType::Text),
    ("employee_number", "Employee number", TargetType::Text),
    ("hire_date", "Hire date", TargetType::Date),
    ("leave_date", "Leave date", TargetType::Date),
    ("birth_date", "Birth date", TargetType::Date),
    ("gender", "Gender", TargetType::Text),
    ("primary_team", "Primary team", TargetType::Team),
    ("manager", "Manager", TargetType::Person),
    ("additional_managers", "Additional managers", TargetType::People),
];

/// The columns of the users table that hold fields: first the standard fields that are columns, in the
/// catalogue's order, then the key of each field that has one.
pub(super) static COLUMNS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let fields = STANDARD.iter().filter(|(_, _, kind)| *kind != TargetType::People).map(|(name, ..)| *name);
    fields.chain(KEYED.iter().map(|keyed| keyed.key)).collect()
});

/// A field by which users are found, upper and lower case being the same.
pub(super) struct Keyed {
    /// The field.
    pub(super) field: &'static str,
    /// The column with its value in lower case.
    pub(super) key: &'static str,
    /// Whether no two users may share a value.
    pub(super) unique: bool,
}

impl Keyed {
    /// The form in which two values are the same.
    pub(super) fn key_of(value: &str) -> String {
        value.trim().to_lowercase()
    }
}

/// The fields that have a key.
pub(super) const KEYED: [Keyed; 4] = [
    Keyed { field: LOGIN, key: "mail_key", unique: true },
    Keyed { field: "user_name", key: "user_name_key", unique: true },
    Keyed { field: "external_id", key: "external_id_key", unique: false },
    Keyed { field: "employee_number", key: "employee_number_key", unique: false },
];

/// Whether a name is taken by a standard field.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD.iter().any(|(standard, ..)| *standard == name)
}

/// Everything the directory takes: the standard fields, then these.
pub(super) fn catalogue(custom: Vec<TargetField>) -> TargetCatalogue {
    TargetCatalogue {
        fields: STANDARD.iter().map(standard).chain(custom).collect(),
        complete: true,
        login: Some(LOGIN.into()),
        other_logins: vec!["user_name".into()],
        groups: GroupSupport { roles: ROLES.map(Arc::from).to_vec(), can_create: true, listed: true, add_only: false },
        ..TargetCatalogue::default()
    }
}

fn standard((name, title, target_type): &(&str, &str, TargetType)) -> TargetField {
    TargetField {
        name: FieldName::from(*name),
        title: (*title).to_owned(),
        section: Section::Standard,
        target_type: *target_type,
        choices: if *name == "lang" { LANGUAGES.map(Arc::from).to_vec() } else { Vec::new() },
        required: *name == LOGIN,
        writable: true,
        listed: true,
        on_creation: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_standard_field_but_the_additional_managers_is_the_column_at_its_place() {
        let catalogue = catalogue(Vec::new());
        for (place, field) in catalogue.fields.iter().enumerate() {
            if field.target_type != TargetType::People {
                assert_eq!(COLUMNS[place], field.name.as_str());
            }
        }
    }
}
