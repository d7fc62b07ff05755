//! What 360Learning refuses, in words: for each documented code what happened, what to do, and whose move it is.

use crate::connector::WriteError;
use crate::model::Whose;

/// Where people are sent who have to look at an account.
const LOOK: &str = "look at both accounts in 360Learning; one of them may be deactivated";

/// Code, what happened, what to do, whose move it is (apis/360learning.md §3 to §7).
const CODES: &[(&str, &str, &str, Whose)] = &[
    ("mailInvalid", "360Learning does not take this mail address", "correct the address", Whose::Source),
    ("mailAlreadyUsed", "another account has this mail address", LOOK, Whose::Target),
    ("mailUsedTooManyTimes", "several accounts have this mail address", LOOK, Whose::Target),
    ("usernameAlreadyUsed", "another account has this user name", LOOK, Whose::Target),
    (
        "usernameNotAllowed",
        "360Learning does not take this user name",
        "a user name has lower-case letters, digits and signs, and no spaces; and the platform must allow login by user \
         name: if it does not, leave the row `username` out",
        Whose::Recipe,
    ),
    (
        "mailAndUsernameUndefined",
        "there is neither a mail address nor a user name",
        "fill the address of this person, or leave such people out with a filter",
        Whose::Source,
    ),
    (
        "userShouldHaveAtLeastOneValidIdentifier",
        "the account would have neither a mail address nor a user name",
        "fill the address of this person; 360Learning keeps nobody without one",
        Whose::Source,
    ),
    (
        "loginIdentifierMultipleUsersFound",
        "the mail address belongs to one account and the user name to another",
        LOOK,
        Whose::Target,
    ),
    (
        "deactivationDateInvalid",
        "the planned deactivation date is not in the future",
        "let the row `toBeDeactivatedAt` give an empty value for days that are past",
        Whose::Recipe,
    ),
    (
        "notMemberOfPrimaryGroup",
        "the user is not in their primary group",
        "choose another primary group for this user in 360Learning",
        Whose::Target,
    ),
    ("analystUnavailable", "the platform has no role `analyst`", "use the role `learner`", Whose::Recipe),
    (
        "groupNotFound",
        "360Learning has no such group, or not any more",
        "correct the id in the table of groups, or that of `default_group`; `rollbook check --live` names it",
        Whose::Recipe,
    ),
    (
        "userNotFound",
        "360Learning has no such user, or not any more",
        "run again: the account is looked for by external id and mail address, and made if it is not there",
        Whose::Target,
    ),
    (
        "userDeleted",
        "the account is deactivated in 360Learning",
        "run again; if it stays so, somebody or something else deactivates it",
        Whose::Target,
    ),
    (
        "managerDeleted",
        "the manager's account is deactivated in 360Learning",
        "give the manager access, or this person another manager",
        Whose::Target,
    ),
    (
        "managerNotFound",
        "the manager has no account in 360Learning any more",
        "run again: the manager's account is made first",
        Whose::Target,
    ),
    (
        "invalidUpdateOnDeletedUser",
        "the account is deactivated, and takes no planned date",
        "run again: it is given access first",
        Whose::Target,
    ),
    (
        "ownerDeactivationNotAllowed",
        "this is the owner of the platform, who cannot be deactivated",
        "let 360Learning name another owner, or put this account on the list `never_touch`",
        Whose::Target,
    ),
    (
        "userIsCompanyOwner",
        "this is the owner of the platform, who cannot be deactivated",
        "let 360Learning name another owner, or put this account on the list `never_touch`",
        Whose::Target,
    ),
    (
        "unauthorizedValue",
        "a custom field takes only the values of its list, and this is none of them",
        "add the value to the list in 360Learning, or translate it with a value table",
        Whose::Recipe,
    ),
    (
        "wrongTypeValue",
        "a custom field takes a value of another type",
        "see the types with `rollbook fields`, and correct the row of custom_fields",
        Whose::Recipe,
    ),
    (
        "multipleValuesForSingleCustomField",
        "a custom field would have two values",
        "name each custom field once in custom_fields",
        Whose::Recipe,
    ),
    (
        "customFieldNotFound",
        "a custom field is gone from 360Learning",
        "make it again, or take its row out of custom_fields",
        Whose::Recipe,
    ),
    (
        "mappingAlreadyExists",
        "the account has an external id already",
        "see which one in 360Learning, and take it away if it is wrong",
        Whose::Target,
    ),
    (
        "targetAlreadyMapped",
        "the account has an external id already",
        "see which one in 360Learning, and take it away if it is wrong",
        Whose::Target,
    ),
    (
        "valueAlreadyUsed",
        "another account has this employee id as its external id",
        "find the other account by its external id; if both are one person, deactivate one and take its external id away",
        Whose::Target,
    ),
    (
        "reservedPlatformName",
        "360Learning keeps the name of the platform for itself",
        "set `platform` in the recipe to another name, such as `hibob-rollbook`",
        Whose::Recipe,
    ),
    (
        "resourceNotFound",
        "360Learning has no such user any more",
        "run again: the account is looked for again, and made if it is not there",
        Whose::Target,
    ),
    ("mappingIdNotFound", "the external id is gone", "run again: it is written anew", Whose::Target),
    (
        "maxGroupsLimitReached",
        "the platform has as many groups as it may have",
        "delete groups that nobody needs, or ask 360Learning for more",
        Whose::Target,
    ),
    (
        "parentGroupNotFound",
        "the group above the new one is gone",
        "run again; the new group is made below the one above all others",
        Whose::Target,
    ),
    ("userNotFoundInGroup", "the user is not in this group", "nothing is to be done", Whose::Target),
    (
        "inputTooLong",
        "too many memberships were sent at once",
        "please report this: it is a mistake in the program",
        Whose::Target,
    ),
    (
        "invalidInput",
        "the memberships were not understood",
        "please report this: it is a mistake in the program",
        Whose::Target,
    ),
];

fn refused(message: impl Into<String>, hint: impl Into<String>, whose: Whose) -> WriteError {
    WriteError { message: message.into(), hint: hint.into(), whose }
}

/// The words for a documented code.
pub(super) fn of_code(code: &str) -> WriteError {
    match CODES.iter().find(|(known, ..)| *known == code) {
        Some((_, message, hint, whose)) => refused(*message, *hint, *whose),
        None => refused(
            format!("360Learning refuses this with the code `{code}`"),
            "look the code up in 360Learning's API reference, and report it, so that it is told in words here",
            Whose::Target,
        ),
    }
}

/// The words for what a row of a bulk operation says: a text for people, with a code in it.
pub(super) fn of_row(message: &str) -> WriteError {
    match CODES.iter().find(|(code, ..)| message.contains(code)) {
        Some((code, ..)) => of_code(code),
        None => refused(
            format!("360Learning refuses this membership: {}", super::harmless(message)),
            "see whether user and group are there, and active; the next run tries again",
            Whose::Target,
        ),
    }
}

/// A row of a bulk operation of which nothing was said.
pub(super) fn no_result() -> WriteError {
    refused(
        "360Learning did not say what became of this membership",
        "the next run sees whether it is there, and tries again",
        Whose::Target,
    )
}

/// A bulk operation that does not end.
pub(super) fn no_end() -> WriteError {
    refused(
        "360Learning has not finished changing groups after half an hour",
        "it may still do so; the next run tries again",
        Whose::Target,
    )
}

pub(super) fn unknown_field(name: &str) -> WriteError {
    refused(
        format!("360Learning has no field `{name}`"),
        "see the fields there are with `rollbook fields`",
        Whose::Recipe,
    )
}

pub(super) fn is_reference(name: &str) -> WriteError {
    refused(
        format!("`{name}` refers to users and is written on its own"),
        "give it a field of type person",
        Whose::Recipe,
    )
}

pub(super) fn no_reference(name: &str) -> WriteError {
    refused(format!("`{name}` does not refer to users"), "the field for managers is `managers`", Whose::Recipe)
}

pub(super) fn own_manager() -> WriteError {
    refused("nobody is their own manager", "give this person another manager", Whose::Source)
}

pub(super) fn wrong_type(name: &str, wanted: &str) -> WriteError {
    refused(
        format!("`{name}` takes a value of type {wanted}, and this is another"),
        "convert it in the row's transform",
        Whose::Recipe,
    )
}

pub(super) fn unknown_choice(name: &str) -> WriteError {
    refused(
        format!("`{name}` takes only the values of its list, and this is none of them"),
        "see the list with `rollbook fields`, and translate the value with a value table",
        Whose::Recipe,
    )
}

pub(super) fn never_empty(name: &str) -> WriteError {
    refused(
        format!("`{name}` cannot be cleared: every user of 360Learning has one"),
        "give the row a default, or `keep` as its `when_empty`",
        Whose::Recipe,
    )
}

pub(super) fn nameless_group() -> WriteError {
    refused("a group needs a name", "see which row of the table of groups gives an empty name", Whose::Recipe)
}

pub(super) fn no_teams() -> WriteError {
    refused("360Learning has groups and no teams", "use the table of groups", Whose::Recipe)
}

pub(super) fn unknown_role(role: &str) -> WriteError {
    refused(
        format!("the role `{role}` is not given or taken here"),
        "use the role `learner`; other roles are given by hand in 360Learning, and stay",
        Whose::Recipe,
    )
}

pub(super) fn no_root() -> WriteError {
    refused(
        "the group above all others was not found, so no group can be made below it",
        "see whether the credentials have the scope groups:read",
        Whose::Credentials,
    )
}

pub(super) fn no_login() -> WriteError {
    refused(
        "the account has neither a mail address nor a user name, so that it cannot be restored",
        "restore it by hand in 360Learning",
        Whose::Target,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_words_of_its_own_and_something_to_do() {
        for (code, message, hint, _) in CODES {
            assert_eq!(CODES.iter().filter(|(other, ..)| other == code).count(), 1, "{code} is there once");
            assert!(!message.is_empty() && !hint.is_empty() && !message.contains(code), "{code}");
        }
    }

    #[test]
    fn a_row_with_a_code_in_its_text_has_the_words_of_the_code() {
        assert_eq!(of_row("Error: userDeleted (65bb)").message, of_code("userDeleted").message);
        let said = of_row("no ada@x.example in 65bb00000000000000000001").message;
        assert_eq!(said, "360Learning refuses this membership: no (address) in (number)");
    }
}
