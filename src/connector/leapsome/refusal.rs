//! Why a write is not done, in words for the person who can put it right. No value of anybody is in them.
//!
//! Only the body of a 404 is described (apis/leapsome.md §1): what a refusal means is told from its status and from what was
//! sent. Leapsome's words, where there are some, are quoted.

use super::TITLE;
use super::api::Said;
use crate::connector::{ConnectorError, WriteError};
use crate::model::Whose;

/// What a change asked for, as far as a refusal may be about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Asked {
    /// An address, or another one.
    pub(super) address: bool,
    /// That access ends.
    pub(super) end: bool,
}

fn refused(message: impl Into<String>, hint: impl Into<String>, whose: Whose) -> WriteError {
    WriteError { message: message.into(), hint: hint.into(), whose }
}

/// What Leapsome said of making or changing somebody.
pub(super) fn said(said: &Said, asked: Asked) -> WriteError {
    let (meaning, hint, whose) = match said.status {
        401 | 403 => (
            "Leapsome does not let the SCIM token do this, though it knows it",
            "make a new token as a Super-Admin under Settings > Integrations > HRIS integrations > SCIM",
            Whose::Credentials,
        ),
        404 => return unknown_user(),
        409 => return taken(&format!(" (409{})", said.quoted())),
        _ if asked.end => (
            "Leapsome does not end this person's access",
            "a Super-Admin cannot be deactivated: give this person another role under Settings > Users & Teams first, or \
             put the address on the list `never_touch`",
            Whose::Target,
        ),
        _ if asked.address => (
            "Leapsome does not take the address, or another of the values",
            "see whether the domain of the address is one of the company's registered e-mail domains in Leapsome, and whether \
             the address in the source is spelt right; `domains` in the recipe names the registered ones",
            Whose::Source,
        ),
        _ => (
            "Leapsome does not take one of the values",
            "see in Leapsome which of this person's values are another; if nothing is wrong there, report this",
            Whose::Target,
        ),
    };
    refused(format!("{meaning} ({}{})", said.status, said.quoted()), hint, whose)
}

/// A call that broke off.
pub(super) fn broke_off(error: &ConnectorError) -> WriteError {
    refused(error.to_string(), error.help(), Whose::Target)
}

/// After a call for which nothing could be said of anything.
pub(super) fn not_reached(error: &ConnectorError) -> WriteError {
    let whose = match error {
        ConnectorError::Credentials { .. } => Whose::Credentials,
        _ => Whose::Target,
    };
    refused(format!("not reached: {error}"), error.help(), whose)
}

/// An address that belongs to somebody else.
pub(super) fn taken(quoted: &str) -> WriteError {
    refused(
        format!("another user of {TITLE} has this address or External ID{quoted}"),
        "see whose it is with Settings > Users & Teams > Actions > Export: if it is the same person, give that user this \
         employee's id as External ID or let `identify` find users by `user_name`; else change the address of one of the two",
        Whose::Target,
    )
}

/// Somebody who is said to be there, and cannot be found.
pub(super) fn hidden() -> WriteError {
    refused(
        format!("{TITLE} says that somebody has this address or External ID, and shows nobody who has"),
        "look for both with Settings > Users & Teams > Actions > Export, among those without access too, and settle there \
         whose they are",
        Whose::Target,
    )
}

/// An address of a domain that the recipe does not name.
pub(super) fn other_domain(domains: &[String]) -> WriteError {
    refused(
        "the address is of a domain that is not registered in Leapsome",
        format!(
            "`domains` names {}: put the address right in the source, or have the domain registered in Leapsome and add it \
             there",
            domains.join(", ")
        ),
        Whose::Source,
    )
}

/// What was sent and is not there: Leapsome leaves out what it does not know without a word (§8).
pub(super) fn left_out(fields: &[&str], hint: &str) -> WriteError {
    let named: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    refused(format!("{TITLE} answered well and did not take {}", named.join(", ")), hint, Whose::Target)
}

/// What to do about a field that was left out.
pub(super) fn about_left_out(field: &str, cleared: bool) -> &'static str {
    if cleared {
        return "empty it by hand under Settings > Users & Teams: how it is emptied through the API is not documented, and \
                `null` did not do it";
    }
    match field {
        super::fields::MANAGER | super::fields::ADDITIONAL_MANAGERS => {
            "see whether the manager is there under Settings > Users & Teams; if additional managers never arrive, try \
             `additional_managers: text` in the recipe's `leapsome` section"
        }
        field if super::fields::is_attribute(field) => {
            "see whether there is a custom attribute with this id under Settings > Users & Teams: Leapsome leaves out unknown \
             ones without a word"
        }
        _ => "see under Settings > Users & Teams what the field holds now, and whether it takes this value",
    }
}

/// An answer that says the opposite of what access should be.
pub(super) fn access_is_otherwise(active: bool) -> WriteError {
    let (message, hint) = if active {
        (
            format!("{TITLE} answered well and shows this person as inactive all the same"),
            "if people who were never invited show as inactive, name the Content API's secret as `api_secret`, so that the \
             two can be told apart; else see the person under Settings > Users & Teams",
        )
    } else {
        (
            format!("{TITLE} answered well and shows this person as active all the same"),
            "a Super-Admin cannot be deactivated: give this person another role under Settings > Users & Teams first",
        )
    };
    refused(message, hint, Whose::Target)
}

/// An answer about somebody else: where address and External ID change in one step a second user is made (§4).
pub(super) fn somebody_else() -> WriteError {
    refused(
        format!("{TITLE} answered with another user than the one that was changed"),
        "see under Settings > Users & Teams whether there are two users of this person, and merge them there",
        Whose::Target,
    )
}

pub(super) fn unknown_user() -> WriteError {
    refused(format!("{TITLE} has no such user any more"), "run again, so that people are found anew", Whose::Target)
}

pub(super) fn unknown_field(name: &str) -> WriteError {
    refused(
        format!("{TITLE} has no field `{name}`"),
        "see the fields there are with `rollbook fields`; custom attributes go by their id from Settings > Users & Teams",
        Whose::Recipe,
    )
}

pub(super) fn wrong_type(name: &str, wanted: crate::model::TargetType) -> WriteError {
    refused(
        format!("`{name}` takes a value of type {wanted}, and this is another"),
        "map another field, or convert the value in the `transform` column",
        Whose::Recipe,
    )
}

pub(super) fn no_choice(name: &str) -> WriteError {
    refused(
        format!("`{name}` does not take this value"),
        "see what it takes with `rollbook fields`, and give the value in the source a row in the value table",
        Whose::Recipe,
    )
}

pub(super) fn needed(name: &str) -> WriteError {
    refused(format!("a user needs `{name}`"), "fill it in the source, or map another field to it", Whose::Source)
}

pub(super) fn half_a_name() -> WriteError {
    refused(
        "Leapsome takes first and last name together, and one of them is empty",
        "fill both in the source, or give the row a `default`",
        Whose::Source,
    )
}

pub(super) fn unknown_team(name: &str) -> WriteError {
    refused(
        format!("{TITLE} has no team for `{name}`, spelt exactly as it is given"),
        "make the team in Leapsome, or set `create: true` under `groups`; spaces and upper and lower case count",
        Whose::Target,
    )
}

pub(super) fn nameless_team() -> WriteError {
    refused("a team needs a name of up to 128 characters", "check the rule that gives the name", Whose::Recipe)
}

pub(super) fn unknown_group() -> WriteError {
    refused(
        format!("{TITLE} has no such team, or the token may not change it"),
        "run again, so that teams are read anew",
        Whose::Target,
    )
}

pub(super) fn unknown_role() -> WriteError {
    refused("people are in teams as members only", "leave the `role` column empty", Whose::Recipe)
}

/// Nobody can be taken out of a team alone (§3).
pub(super) fn cannot_leave() -> WriteError {
    refused(
        format!("{TITLE} takes nobody out of a team"),
        "take this person out by hand under Settings > Users & Teams",
        Whose::Target,
    )
}

pub(super) fn own_manager() -> WriteError {
    refused("nobody is their own manager", "give this person another manager in the source", Whose::Source)
}

pub(super) fn unknown_manager(name: &str) -> WriteError {
    refused(
        format!("the user whom `{name}` should lead to is not in {TITLE} any more"),
        "run again, so that people are found anew",
        Whose::Target,
    )
}

pub(super) fn no_reference(name: &str) -> WriteError {
    refused(
        format!("`{name}` does not refer to other users"),
        "managers go into `manager` and `additional_managers`",
        Whose::Recipe,
    )
}

pub(super) fn one_manager() -> WriteError {
    refused(
        "there is one primary manager, and these are several",
        "let the others go into `additional_managers`",
        Whose::Recipe,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_leads_to_the_right_side_with_something_to_do_and_leapsomes_words() {
        let error = |status, asked| {
            let error = said(&Said { status, message: "The dog ate it".to_owned() }, asked);
            assert!(!error.hint.is_empty() && (status == 404 || error.message.contains("The dog ate it")), "{error:?}");
            error
        };
        let nothing = Asked::default();
        assert_eq!(error(401, nothing).whose, Whose::Credentials);
        assert!(error(404, nothing).message.contains("no such user"));
        assert!(error(409, nothing).hint.contains("Export"));
        assert!(error(400, Asked { end: true, ..nothing }).hint.contains("Super-Admin"));
        assert!(error(400, Asked { address: true, ..nothing }).hint.contains("domain"));
        assert_eq!(error(422, nothing).whose, Whose::Target);
    }
}
