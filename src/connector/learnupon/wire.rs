//! What LearnUpon's answers mean: lists under keys that are not consistent, errors under statuses that may be odd
//! (apis/learnupon.md §1).

use serde_json::Value as Json;

use crate::connector::http::answer::Answer;
use crate::connector::http::failure::harmless;
pub(super) use crate::connector::rows::{day, day_cell, id, moment, number, records, text, text_cell};

/// What LearnUpon says of something that it does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    /// The status of HTTP, or the code in the body where that says more.
    pub(super) code: u16,
    /// Its words, without anything of a person.
    pub(super) message: String,
}

impl Said {
    pub(super) fn not_found(&self) -> bool {
        self.code == 404
    }
}

/// The body of an answer, or the error that it is.
pub(super) fn reply(answer: &Answer) -> Result<Json, Said> {
    let body: Json = answer.json().unwrap_or(Json::Null);
    let status = answer.status.as_u16();
    let text = |key: &str| body.get(key).and_then(Json::as_str).unwrap_or_default();
    // A good answer has none of these, whatever its status says.
    let code = body.get("response_code").and_then(number).and_then(|code| u16::try_from(code).ok());
    let is_error =
        text("response_type").eq_ignore_ascii_case("error") || (code.is_some() && body.get("message").is_some());
    if answer.status.is_success() && !is_error {
        return Ok(body);
    }
    let code = if answer.status.is_success() { code.unwrap_or(status) } else { status };
    Err(Said { code, message: harmless(text("message")) })
}
