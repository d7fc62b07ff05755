//! 360Learning's ids: 24 hex digits. Whatever else is asked for is not there, and is not worth a call.

use super::refusal;
use crate::connector::WriteError;
use crate::model::{GroupId, UserId};

/// Whether a text has the form of an id.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A user id that may exist.
pub(super) fn user(id: &UserId) -> Result<&str, WriteError> {
    Some(id.as_str()).filter(|id| is_id(id)).ok_or_else(|| refusal::of_code("userNotFound"))
}

/// A group id that may exist.
pub(super) fn group(id: &GroupId) -> Result<&str, WriteError> {
    Some(id.as_str()).filter(|id| is_id(id)).ok_or_else(|| refusal::of_code("groupNotFound"))
}
