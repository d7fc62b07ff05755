//! Bodies of the control API, in and out.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use super::refusal::Refusal;

/// JSON, indented: people read it with curl.
pub(super) fn answer(status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// What is wrong, and what to do.
pub(super) fn refused(refusal: &Refusal) -> Response {
    answer(StatusCode::BAD_REQUEST, refusal)
}

/// Reads a body.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        Refusal::new(format!("the body is wrong: {error}"), "`GET /sandbox` and docs/sandbox.md say what belongs there")
    })
}

/// What there is, a line for each route.
pub(super) fn listed(routes: &[(&str, &str)]) -> Response {
    let routes = routes.iter().map(|(route, what)| ((*route).to_owned(), json!(what)));
    answer(StatusCode::OK, &Json::Object(routes.collect()))
}

/// There is no such path or method.
pub(super) async fn unknown() -> Response {
    let refusal = Refusal::new("there is no such path or method", "`GET /sandbox` lists what there is");
    answer(StatusCode::NOT_FOUND, &refusal)
}

/// Carries out what a body asks for, one thing or a list of them, and answers what became of each under the word `done`.
/// Of several, those before a refused one have been carried out.
pub(super) fn one_by_one<T: DeserializeOwned, D: Serialize>(
    body: &[u8],
    thing: &str,
    done: &str,
    mut carry_out: impl FnMut(T) -> Result<D, Refusal>,
) -> Response {
    let asked: Vec<Json> = match parse(body) {
        Ok(Json::Array(several)) => several,
        Ok(one) => vec![one],
        Err(refusal) => return refused(&refusal),
    };
    let mut results = Vec::new();
    for (at, one) in asked.into_iter().enumerate() {
        let one = serde_json::from_value::<T>(one).map_err(|error| {
            let help = format!("docs/sandbox.md lists the {thing}s with their keys");
            Refusal::new(format!("{thing} {}: {error}", at + 1), help)
        });
        match one.and_then(&mut carry_out) {
            Ok(result) => results.push(result),
            Err(Refusal { error, help }) => {
                let body = json!({ "error": error, "help": help, thing: at + 1, done: results });
                return answer(StatusCode::BAD_REQUEST, &body);
            }
        }
    }
    answer(StatusCode::OK, &json!({ done: results }))
}

/// Bodies are JSON and say so. A web page of somebody else's can't send that without being asked first.
pub(super) async fn only_json(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() == Method::POST && !kind.starts_with("application/json") {
        return refused(&Refusal::new("the body is not announced as JSON", "send `Content-Type: application/json`"));
    }
    next.run(request).await
}
