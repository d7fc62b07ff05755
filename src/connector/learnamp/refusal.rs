//! Why a write is not done, in words for the person who can put it right. No value of anybody is in them.

use super::TITLE;
use super::fields::{self, CUSTOM};
use super::wire::Said;
use crate::connector::http::StatusCode;
use crate::connector::{ConnectorError, WriteError};
use crate::model::Whose;

fn error(whose: Whose, message: String, hint: &str) -> WriteError {
    WriteError { message, hint: hint.to_owned(), whose }
}

/// What Learn Amp says against a write as a whole (apis/learnamp.md §8).
pub(super) fn said(said: &Said) -> WriteError {
    match said.status {
        StatusCode::NOT_FOUND => unknown_user(),
        StatusCode::FORBIDDEN => error(
            Whose::Credentials,
            format!("the API key may not do this ({said})"),
            "`rollbook check --live` names the scope that is missing: the account Owner gives it under Company Settings > API",
        ),
        StatusCode::GONE | StatusCode::NOT_ACCEPTABLE => error(
            Whose::Target,
            format!("{TITLE} does not answer this call any more ({said})"),
            "its API may have changed: report this with the message",
        ),
        _ => error(
            Whose::Target,
            format!("{TITLE} refuses it ({said})"),
            "look at this person in Learn Amp; if nothing is wrong there, report this with the message",
        ),
    }
}

/// What Learn Amp says against one field.
pub(super) fn field(name: &str, said: &Said) -> WriteError {
    let about = said.about(if fields::is_standard(name) { fields::key(name).unwrap_or(name) } else { CUSTOM });
    let message = format!("{TITLE} does not take `{name}` ({}: {about})", said.status.as_str());
    let taken = about.contains("taken") || about.contains("exist") && about.contains("already");
    let (whose, hint) = match name {
        fields::EMAIL if taken => (
            Whose::Target,
            "another user has this address, maybe a deactivated one: settle in Learn Amp whose it is. If it is the same \
             person, let `identify` find users by `email`",
        ),
        fields::EXTERNAL_ID if taken => (
            Whose::Target,
            "another user has this employee's id: clear it there, in Learn Amp, where it does not belong",
        ),
        fields::EMAIL => (Whose::Source, "put the address right in the source"),
        fields::MANAGER => {
            (Whose::Target, "the manager may be deactivated or gone: run again, so that people are found anew")
        }
        fields::PRIMARY_TEAM => (Whose::Target, "the team may be gone: run again, so that teams are read anew"),
        "role" => (
            Whose::Recipe,
            "map another role; the role `hr` is part of some packages only, and the Owner's cannot be changed",
        ),
        "occupation_role" => (Whose::Recipe, "it takes the names of roles in Learn Amp's skills matrix, exactly"),
        "language" => (Whose::Recipe, "it takes codes such as `en`, `en-US`, `de`, `pt-BR`: use a value table"),
        name if !fields::is_standard(name) => (
            Whose::Source,
            "the custom field may need a value in Learn Amp: fill it in the source, or let it be empty there",
        ),
        _ => (
            Whose::Recipe,
            "see what Learn Amp says of it; then change the value in the source or its row in the table",
        ),
    };
    WriteError { message, hint: hint.to_owned(), whose }
}

/// The name of a custom field that the account does not have (apis/learnamp.md §4.2: 404, as for a user).
pub(super) fn unknown_custom(name: &str) -> WriteError {
    error(
        Whose::Recipe,
        format!("{TITLE} has no custom field `{name}`"),
        "write the name in the table exactly as it stands in Learn Amp, or make the field there",
    )
}

/// A field that the answer shows otherwise than it was sent.
pub(super) fn not_kept(name: &str, cleared: bool) -> WriteError {
    let what =
        if cleared { "was to be cleared and is still filled" } else { "was sent and is not what the answer shows" };
    let hint = if fields::is_standard(name) {
        "look at this person in Learn Amp, and set it there by hand; the next run tries again"
    } else {
        "see whether custom fields are switched on for the company, and whether the field takes this value"
    };
    error(Whose::Target, format!("`{name}` {what}"), hint)
}

/// Somebody who was to have access again and has not.
pub(super) fn not_back() -> WriteError {
    error(
        Whose::Target,
        "the user is still deactivated".to_owned(),
        "reactivate this person in Learn Amp by hand; the next run does the rest",
    )
}

pub(super) fn is_owner() -> WriteError {
    error(
        Whose::Target,
        format!("this user is the Owner of the {TITLE} account, who cannot be deactivated"),
        "make somebody else the Owner in Learn Amp, or put the address into `limits.never_touch`",
    )
}

pub(super) fn needed(field: &str) -> WriteError {
    error(Whose::Source, format!("a user needs `{field}`"), "fill it in the source, or map another field to it")
}

/// An address that somebody got a moment ago.
pub(super) fn address_taken() -> WriteError {
    error(
        Whose::Source,
        "another user was just made with this address".to_owned(),
        "two records in the source have one address: put it right in one of them",
    )
}

pub(super) fn wrong_type(field: &str) -> WriteError {
    error(
        Whose::Recipe,
        format!("`{field}` does not take a value of this type"),
        "`rollbook fields` says what it takes: convert the value in the `transform` column",
    )
}

pub(super) fn no_choice(field: &str, choices: &[&str]) -> WriteError {
    let hint = format!("it takes {}; give the value a row in the value table", choices.join(", "));
    error(Whose::Recipe, format!("`{field}` does not take this value"), &hint)
}

pub(super) fn unknown_user() -> WriteError {
    error(Whose::Target, format!("{TITLE} has no such user"), "run again, so that people are found anew")
}

pub(super) fn unknown_field(name: &str) -> WriteError {
    error(
        Whose::Recipe,
        format!("{TITLE} has no field `{name}` that can be written"),
        "`rollbook fields` lists those there are",
    )
}

pub(super) fn unknown_team() -> WriteError {
    error(
        Whose::Target,
        format!("{TITLE} has no team of this name"),
        "run again, so that teams are read anew; with `groups: { create: true }` missing ones are made",
    )
}

pub(super) fn own_manager() -> WriteError {
    error(Whose::Source, "nobody can be their own manager".to_owned(), "put the manager right in the source")
}

pub(super) fn several_managers() -> WriteError {
    error(Whose::Recipe, format!("{TITLE} has one override manager for each user"), "map a field that names one person")
}

pub(super) fn no_groups() -> WriteError {
    error(Whose::Recipe, format!("{TITLE} has no groups"), "use the field `primary_team`")
}

pub(super) fn nameless_team() -> WriteError {
    error(Whose::Recipe, "a team needs a name".to_owned(), "check the row that gives it")
}

/// A call that broke off.
pub(super) fn broke_off(broken: &ConnectorError) -> WriteError {
    error(Whose::Target, broken.to_string(), broken.help())
}

/// After a call for which nothing could be said of anything.
pub(super) fn not_reached(broken: &ConnectorError) -> WriteError {
    let whose = if matches!(broken, ConnectorError::Credentials { .. }) { Whose::Credentials } else { Whose::Target };
    error(whose, format!("not reached: {broken}"), broken.help())
}

/// A team that the answer shows otherwise than it was sent.
pub(super) fn team_not_kept() -> WriteError {
    error(
        Whose::Target,
        "the team was to be changed and is not what the answer shows".to_owned(),
        "change the name or the integration external id of the team in Learn Amp by hand; the next run tries again",
    )
}
