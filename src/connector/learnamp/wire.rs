//! What Learn Amp's answers mean, and how requests are written (apis/learnamp.md §3, §4.3, §8).

use std::fmt;

use serde_json::Value as Json;

use super::api::Row;
use crate::connector::http::StatusCode;
use crate::connector::http::answer::Answer;
use crate::connector::http::failure::harmless;

/// What Learn Amp says of something that it does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: StatusCode,
    /// Its words, without anything of a person.
    pub(super) words: String,
    /// The fields that it names, each with its words. Not every refusal names some (apis/learnamp.md §8).
    pub(super) fields: Vec<(String, String)>,
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.status.as_str())?;
        if self.words.is_empty() { Ok(()) } else { write!(f, ": {}", self.words) }
    }
}

impl Said {
    /// Whether it speaks of a field, by its name in the API or in words.
    pub(super) fn names(&self, key: &str) -> bool {
        if !self.fields.is_empty() {
            return self.fields.iter().any(|(field, _)| plain(field).starts_with(&stem(key)));
        }
        // What is said of a manager's address is not said of the user's.
        plain(&self.words).replace("manageremail", "manager").contains(&stem(key))
    }

    /// What it says of a field, or at all.
    pub(super) fn about(&self, key: &str) -> &str {
        let own = self.fields.iter().find(|(field, _)| plain(field).starts_with(&stem(key)));
        own.map_or(self.words.as_str(), |(_, words)| words)
    }
}

/// `managerId` and `managerEmail` are both about the manager, `primaryTeamId` about the primary team.
fn stem(key: &str) -> String {
    plain(key.strip_suffix("Id").filter(|stem| *stem != "integrationExternal").unwrap_or(key))
}

/// A name or a sentence without what spellings differ in.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|sign| sign.to_ascii_lowercase()).collect()
}

/// The body of a good answer, or what Learn Amp says against it.
pub(super) fn reply(answer: &Answer) -> Result<Json, Said> {
    let body: Json = answer.json().unwrap_or(Json::Null);
    if answer.status.is_success() {
        return Ok(body);
    }
    let words = body.get("error").or_else(|| body.get("message")).and_then(Json::as_str).unwrap_or_default();
    let full = body.get("fullErrors").and_then(Json::as_object).into_iter().flatten();
    let fields = full.map(|(field, why)| (field.clone(), harmless(&all_of(why)))).collect();
    Err(Said { status: answer.status, words: harmless(words), fields })
}

fn all_of(why: &Json) -> String {
    match why {
        Json::String(why) => why.clone(),
        Json::Array(several) => several.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

/// A record by itself, or under the one key of an object.
pub(super) fn record(body: Json) -> Option<Row> {
    let Json::Object(mut row) = body else { return None };
    if row.contains_key("id") {
        return Some(row);
    }
    let inner = ["user", "team"].into_iter().find_map(|key| row.remove(key))?;
    inner.as_object().filter(|row| row.contains_key("id")).cloned()
}

/// The id of what a field leads to, such as the manager.
pub(super) fn id_in(row: &Row, key: &str) -> Option<u64> {
    row.get(key)?.as_object().and_then(|inner| crate::connector::rows::id(inner, "id"))
}

/// A body as the pairs of a form: `a=1`, `b[]=1`, `c[][name]=x`; nothing is an empty text (apis/learnamp.md §3).
pub(super) fn form(body: &Row) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (key, value) in body {
        fold_out(key, value, &mut pairs);
    }
    pairs
}

fn fold_out(key: &str, value: &Json, pairs: &mut Vec<(String, String)>) {
    match value {
        Json::Null => pairs.push((key.to_owned(), String::new())),
        Json::String(text) => pairs.push((key.to_owned(), text.clone())),
        Json::Array(several) => several.iter().for_each(|one| fold_out(&format!("{key}[]"), one, pairs)),
        Json::Object(object) => object.iter().for_each(|(part, one)| fold_out(&format!("{key}[{part}]"), one, pairs)),
        other => pairs.push((key.to_owned(), other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(words: &str, fields: &[(&str, &str)]) -> Said {
        let fields = fields.iter().map(|(field, why)| ((*field).to_owned(), (*why).to_owned())).collect();
        Said { status: StatusCode::BAD_REQUEST, words: words.to_owned(), fields }
    }

    #[test]
    fn the_field_that_a_refusal_is_about_is_found_in_either_shape() {
        let full = said("email has already been taken", &[("email", "has already been taken")]);
        assert!(full.names("email") && !full.names("firstName"));
        let plain = said("managerEmail does not match an active user", &[]);
        assert!(plain.names("managerId") && !plain.names("primaryTeamId") && !plain.names("email"));
        let words = said("Primary team is invalid", &[]);
        assert!(words.names("primaryTeamId") && !words.names("managerId"));
        assert!(said("x", &[("integrationExternalId", "has already been taken")]).names("integrationExternalId"));
    }

    #[test]
    fn a_form_says_what_json_says() {
        let body = json!({ "a": 1, "b": null, "c": [{ "name": "x", "value": "y" }], "d": true });
        let pairs = form(body.as_object().unwrap());
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "1"), ("b", ""), ("c[][name]", "x"), ("c[][value]", "y"), ("d", "true")]);
    }

    #[test]
    fn a_record_is_found_bare_or_under_its_name() {
        for body in [json!({ "id": 7, "name": "x" }), json!({ "user": { "id": 7 } })] {
            assert_eq!(record(body).unwrap()["id"], 7);
        }
        assert_eq!(record(json!({ "users": [] })), None);
    }
}
