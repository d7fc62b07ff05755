//! Bodies: JSON, or a form with brackets (apis/learnamp.md §3).

use axum::extract::{Form, FromRequest, Request};
use axum::http::header;
use serde_json::{Map, Value as Json, json};

use crate::sandbox::learnamp::account::denial::{Denial, bad};
use crate::sandbox::learnamp::switches::Bodies;

/// What a body says, whichever it is. Whatever is not understood says nothing.
pub(super) async fn sent(request: Request, bodies: Bodies) -> Result<Map<String, Json>, Denial> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let Form(pairs) =
            Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|_| bad("invalid form"))?;
        return Ok(unfolded(pairs));
    }
    if !kind.starts_with("application/json") || bodies == Bodies::Forms {
        return Ok(Map::new());
    }
    let text = String::from_request(request, &()).await.map_err(|_| bad("invalid body"))?;
    serde_json::from_str(&text).map_err(|_| bad("message body does not match declared format"))
}

/// `a=1`, `b[]=1&b[]=2`, `c[][name]=x&c[][value]=y` as JSON.
fn unfolded(pairs: Vec<(String, String)>) -> Map<String, Json> {
    let mut body = Map::new();
    for (key, value) in pairs {
        let Some((key, rest)) = key.split_once("[]") else {
            body.insert(key, Json::from(value));
            continue;
        };
        let list = body.entry(key).or_insert_with(|| json!([]));
        let Json::Array(list) = list else { continue };
        match rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            None => list.push(Json::from(value)),
            // A key that is there already begins the next one.
            Some(part) => match list.last_mut().and_then(Json::as_object_mut).filter(|last| !last.contains_key(part)) {
                Some(last) => drop(last.insert(part.to_owned(), Json::from(value))),
                None => list.push(json!({ part: value })),
            },
        }
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_with_brackets_says_what_json_says() {
        let pairs = [
            ("firstName", "Ada"),
            ("secondaryTeamIds[]", "3"),
            ("secondaryTeamIds[]", "4"),
            ("customFields[][name]", "Level"),
            ("customFields[][value]", "7"),
            ("customFields[][name]", "Badge"),
            ("customFields[][value]", ""),
        ];
        let body = unfolded(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
        let fields = json!([{ "name": "Level", "value": "7" }, { "name": "Badge", "value": "" }]);
        let said = json!({ "firstName": "Ada", "secondaryTeamIds": ["3", "4"], "customFields": fields });
        assert_eq!(Json::Object(body), said);
    }
}
