//! Why the directory refuses a write, in words that hold no value of anybody.

use crate::connector::WriteError;
use crate::model::{TargetField, Whose};

fn refusal(whose: Whose, message: String, hint: impl Into<String>) -> WriteError {
    WriteError { message, hint: hint.into(), whose }
}

pub(super) fn unknown_field(name: &str) -> WriteError {
    let hint = "take it from the recipe's tables, or add it to `custom_fields` of the directory";
    refusal(Whose::Recipe, format!("the directory has no field `{name}`"), hint)
}

pub(super) fn wrong_type(field: &TargetField) -> WriteError {
    let message = format!("`{}` takes a value of type {}, and this is another", field.name, field.target_type);
    refusal(Whose::Recipe, message, "map another field, or convert the value in the `transform` column")
}

pub(super) fn unknown_choice(field: &TargetField) -> WriteError {
    const READABLE: usize = 12;
    let mut choices = field.choices[..field.choices.len().min(READABLE)].join(", ");
    if field.choices.len() > READABLE {
        choices.push_str(", …");
    }
    let hint = format!("it takes {choices}; give the value in the source a row in the lookup table");
    refusal(Whose::Recipe, format!("`{}` does not take this value", field.name), hint)
}

pub(super) fn required(name: &str) -> WriteError {
    refusal(Whose::Source, format!("a user needs `{name}`"), "enter it in the source, or map another field to it")
}

pub(super) fn taken(field: &str) -> WriteError {
    let hint = format!("change `{field}` of one of the two, or let `identify` find the user by `{field}`");
    refusal(Whose::Target, format!("another user has this `{field}`"), hint)
}

pub(super) fn is_reference(name: &str) -> WriteError {
    let message = format!("`{name}` refers to users and is written on its own");
    refusal(Whose::Recipe, message, "map a field of type person to it")
}

pub(super) fn not_a_reference(name: &str) -> WriteError {
    refusal(Whose::Recipe, format!("`{name}` does not refer to users"), "map a field that is no person to it")
}

pub(super) fn one_user_only(name: &str) -> WriteError {
    refusal(Whose::Recipe, format!("`{name}` refers to one user, and these are several"), "map a single person to it")
}

pub(super) fn own_manager(name: &str) -> WriteError {
    let hint = "enter another person in the source";
    refusal(Whose::Source, format!("`{name}` of a user cannot be that user"), hint)
}

pub(super) fn no_such_team(field: &str) -> WriteError {
    let hint = "spell it exactly as the directory does, or let the recipe make teams with `groups: { create: true }`";
    refusal(Whose::Recipe, format!("there is no team with the name in `{field}`"), hint)
}

pub(super) fn unknown_user() -> WriteError {
    let hint = "check that `database` is the file it was, and run again so that people are found anew";
    refusal(Whose::Target, "the directory has no such user".to_owned(), hint)
}

pub(super) fn unknown_group() -> WriteError {
    let hint = "run again, so that the groups are read anew";
    refusal(Whose::Target, "the directory has no such group".to_owned(), hint)
}

pub(super) fn unknown_role(roles: &[&str]) -> WriteError {
    let hint = format!("write one of {} in the `role` column", roles.join(", "));
    refusal(Whose::Recipe, "groups do not have this role".to_owned(), hint)
}

pub(super) fn nameless_group() -> WriteError {
    refusal(Whose::Recipe, "a group or team needs a name".to_owned(), "check the rule that gives the name")
}
