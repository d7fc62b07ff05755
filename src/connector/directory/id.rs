//! The ids that the directory gives: a letter for the kind, and a number that is never used again.

use crate::model::{GroupId, GroupKind, UserId};

/// `7` → `u_000007`.
pub(super) fn user(number: i64) -> UserId {
    UserId::new(written('u', number))
}

/// The number of a user, if this can be the id of one.
pub(super) fn user_number(id: &UserId) -> Option<i64> {
    number('u', id.as_str())
}

/// `7` → `g_000007`, or `t_000007` for a team.
pub(super) fn group(kind: GroupKind, number: i64) -> GroupId {
    GroupId::new(written(letter(kind), number))
}

/// The number of a group, if this can be the id of one; teams have no members, but are a field's value.
pub(super) fn group_number(id: &GroupId) -> Option<i64> {
    number(letter(GroupKind::Group), id.as_str())
}

fn letter(kind: GroupKind) -> char {
    match kind {
        GroupKind::Group => 'g',
        GroupKind::Team => 't',
    }
}

fn written(letter: char, number: i64) -> String {
    format!("{letter}_{number:06}")
}

/// Only the spelling that the directory itself uses is an id.
fn number(letter: char, id: &str) -> Option<i64> {
    let digits = id.strip_prefix(letter)?.strip_prefix('_')?;
    let plain = digits.len() == 6 || (digits.len() > 6 && !digits.starts_with('0'));
    (plain && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_and_anything_else_is_none() {
        for number in [1, 999_999, 1_000_000] {
            assert_eq!(user_number(&user(number)), Some(number));
        }
        for foreign in ["", "7", "u_7", "u_-00007", "g_000007", "u_0000007", "u_99999999999999999999"] {
            assert_eq!(user_number(&foreign.into()), None, "{foreign}");
        }
        assert_eq!(group_number(&group(GroupKind::Team, 7)), None);
    }
}
