//! Why a write is not done, in words for the person who can put it right. No value of anybody is in them.
//!
//! LearnUpon's texts are no contract (apis/learnupon.md §1, "Errors"): they only choose the hint. What was written is
//! always looked up, never guessed from a text.

use super::TITLE;
use super::wire::Said;
use crate::connector::{ConnectorError, WriteError};
use crate::model::{TargetField, Whose};

/// What LearnUpon may say, what it means, what to do, and whose move it is. The first whose word is in the message counts.
const MEANINGS: [(&[&str], &str, &str, Whose); 8] = [
    (
        &["another portal", "realm"],
        "the address belongs to somebody in another portal of the same realm",
        "in that realm's top-level portal, switch on \"Allow user creation if user already exists\", or let the recipe \
         invite people (`provisioning: { create: invite }`)",
        Whose::Target,
    ),
    (
        &["mandatory", "required", "can't be blank", "cannot be blank", "missing"],
        "something is missing that LearnUpon needs",
        "map the field in the recipe's tables, or make the custom field optional in the portal (Settings > Custom User \
         Data)",
        Whose::Recipe,
    ),
    (
        &["password"],
        "the portal does not take the password that was made up",
        "see the portal's password rules under Settings, and report this with the message",
        Whose::Target,
    ),
    (
        &["limit", "licen", "quota", "maximum"],
        "the portal has no room for more users",
        "free some, or have the plan extended",
        Whose::Target,
    ),
    (
        &["already", "taken", "in use", "duplicate", "exists"],
        "LearnUpon says that this exists already, and it cannot be found",
        "look in the portal for the address or name under Users and Pending Users, and settle there whose it is",
        Whose::Target,
    ),
    (
        &["email is invalid", "invalid email"],
        "LearnUpon does not take the address",
        "put the address right in the source",
        Whose::Source,
    ),
    (
        &["username"],
        "LearnUpon does not take the user name",
        "it takes 6 to 30 letters, digits and + - . , $ # @ _",
        Whose::Recipe,
    ),
    (
        &["invalid", "not included", "format"],
        "LearnUpon does not take one of the values",
        "see which field it is, and what it takes, with `rollbook fields`; then change the value in the source or in a \
         value table",
        Whose::Recipe,
    ),
];

/// What LearnUpon said of a write.
pub(super) fn said(said: &Said) -> WriteError {
    if said.not_found() {
        return unknown_user();
    }
    let words = said.message.to_lowercase();
    let known = MEANINGS.iter().find(|(signs, ..)| signs.iter().any(|sign| words.contains(sign)));
    let (meaning, hint, whose) = match known {
        Some((_, meaning, hint, whose)) => (*meaning, *hint, *whose),
        None => (
            "LearnUpon refuses it",
            "look at this person in the portal; if nothing is wrong there, report this",
            Whose::Target,
        ),
    };
    let quoted = if said.message.is_empty() { String::new() } else { format!(": {}", said.message) };
    WriteError { message: format!("{meaning} ({}{quoted})", said.code), hint: hint.to_owned(), whose }
}

/// A call that broke off.
pub(super) fn broke_off(error: &ConnectorError) -> WriteError {
    WriteError { message: error.to_string(), hint: error.help().to_owned(), whose: Whose::Target }
}

/// A login that another account has.
pub(super) fn taken(field: &str) -> WriteError {
    WriteError {
        message: format!("another user of {TITLE} has this `{field}`"),
        hint: format!(
            "if it is the same person, let `identify` find users by `{field}`; else change it for one of the two"
        ),
        whose: Whose::Target,
    }
}

pub(super) fn unknown_field(name: &str) -> WriteError {
    WriteError {
        message: format!("the portal has no field `{name}`"),
        hint:
            "take it from the recipe's tables, or make it in the portal under Settings > Custom User Data: no API can"
                .to_owned(),
        whose: Whose::Recipe,
    }
}

pub(super) fn wrong_type(field: &TargetField) -> WriteError {
    WriteError {
        message: format!("`{}` takes a value of type {}, and this is another", field.name, field.target_type),
        hint: "map another field, or convert the value in the `transform` column".to_owned(),
        whose: Whose::Recipe,
    }
}

pub(super) fn no_whole_number(field: &TargetField) -> WriteError {
    WriteError {
        message: format!("`{}` takes whole numbers, and this is none", field.name),
        hint: "round the value in the `transform` column, or put it right in the source".to_owned(),
        whose: Whose::Source,
    }
}

pub(super) fn no_choice(field: &TargetField) -> WriteError {
    const READABLE: usize = 12;
    let mut choices = field.choices[..field.choices.len().min(READABLE)].join(", ");
    if field.choices.len() > READABLE {
        choices.push_str(", …");
    }
    WriteError {
        message: format!("`{}` does not take this value", field.name),
        hint: format!("it takes {choices}; give the value in the source a row in the value table"),
        whose: Whose::Recipe,
    }
}

pub(super) fn needed(field: &str) -> WriteError {
    WriteError {
        message: format!("a user needs `{field}`"),
        hint: "fill it in the source, or map another field to it".to_owned(),
        whose: Whose::Source,
    }
}

pub(super) fn unknown_user() -> WriteError {
    WriteError {
        message: "the portal has no such user".to_owned(),
        hint: "run again, so that people are found anew".to_owned(),
        whose: Whose::Target,
    }
}

pub(super) fn unknown_group() -> WriteError {
    WriteError {
        message: "the portal has no such group".to_owned(),
        hint: "run again, so that groups are read anew".to_owned(),
        whose: Whose::Target,
    }
}

pub(super) fn unknown_role() -> WriteError {
    WriteError {
        message: "groups do not have this role".to_owned(),
        hint: "write `member` or `manager` in the `role` column".to_owned(),
        whose: Whose::Recipe,
    }
}

pub(super) fn nameless_group() -> WriteError {
    WriteError {
        message: "a group needs a title".to_owned(),
        hint: "check the rule that gives the name".to_owned(),
        whose: Whose::Recipe,
    }
}

pub(super) fn no_teams() -> WriteError {
    WriteError { message: format!("{TITLE} has no teams"), hint: "use groups".to_owned(), whose: Whose::Recipe }
}

pub(super) fn not_accepted() -> WriteError {
    WriteError {
        message: "this person has not accepted the invitation yet, and is no user until then".to_owned(),
        hint: "nothing is to be done: the run after they accept it writes what is missing".to_owned(),
        whose: Whose::Target,
    }
}

pub(super) fn no_references(field: &str) -> WriteError {
    WriteError {
        message: format!("`{field}` refers to users, and {TITLE} has no such field"),
        hint: "let the person manage a group (`role` manager), or write the name to a custom field".to_owned(),
        whose: Whose::Recipe,
    }
}

/// Somebody who is to manage a group and is of another type.
pub(super) fn no_manager() -> WriteError {
    WriteError {
        message: "only users of the type manager can manage a group".to_owned(),
        hint: "change the user type in LearnUpon under Users > Edit, or map `user_type` in the recipe".to_owned(),
        whose: Whose::Target,
    }
}

/// A membership that a dynamic rule made, and that a group rule of the recipe asks for.
pub(super) fn kept_by_rule() -> WriteError {
    WriteError {
        message: "a dynamic rule of the portal keeps this person in the group already".to_owned(),
        hint: "choose one owner for the group: take it out of the recipe's group table, or end the dynamic rule"
            .to_owned(),
        whose: Whose::Recipe,
    }
}

/// A membership that a dynamic rule made is not ours to remove.
pub(super) fn not_ours() -> WriteError {
    WriteError {
        message: "a dynamic rule of the portal put this person into the group".to_owned(),
        hint: "change or end the rule in LearnUpon under Groups > Dynamic rules".to_owned(),
        whose: Whose::Target,
    }
}

/// After a call for which nothing could be said of anything.
pub(super) fn not_reached(error: &ConnectorError) -> WriteError {
    WriteError { message: format!("not reached: {error}"), hint: error.help().to_owned(), whose: Whose::Target }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_known_text_leads_to_its_own_hint_and_the_right_side() {
        let meant = |message: &str| {
            let error = said(&Said { code: 422, message: message.to_owned() });
            assert!(error.message.contains("422") && error.message.contains(message) && !error.hint.is_empty());
            error.whose
        };
        assert_eq!(meant("user already exists in another portal of this realm"), Whose::Target);
        assert_eq!(meant("custom data field Contract is mandatory"), Whose::Recipe);
        assert_eq!(meant("Email is invalid"), Whose::Source);
        assert_eq!(meant("language is not included in the list"), Whose::Recipe);
        assert_eq!(meant("password is too short"), Whose::Target);
        assert_eq!(meant("the dog ate it"), Whose::Target);
        assert!(said(&Said { code: 404, message: String::new() }).message.contains("no such user"));
    }
}
