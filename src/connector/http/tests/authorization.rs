//! Tokens: got once for all, renewed, and given up.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::json as value;

use super::super::failure::Problem;
use super::super::{ConnectorError, StatusCode};
use super::*;

const TOKEN: &str = "POST /oauth2/token";

/// A service that knows only the newest of the tokens that it gave, once `forgets` calls have come.
async fn forgetful(lifetime: u64, forgets: usize) -> Simulated {
    let given = AtomicUsize::new(0);
    let taken = AtomicUsize::new(0);
    Simulated::new(move |seen, _| {
        if seen.call == TOKEN {
            let token = format!("t{}", given.fetch_add(1, Ordering::SeqCst) + 1);
            return json(200, &value!({ "token_type": "Bearer", "access_token": token, "expires_in": lifetime }));
        }
        let newest = format!("Bearer t{}", given.load(Ordering::SeqCst));
        let is_forgotten =
            seen.headers["authorization"] == "Bearer t1" && taken.fetch_add(1, Ordering::SeqCst) >= forgets;
        if seen.headers["authorization"] == newest && !is_forgotten {
            json(200, &value!({}))
        } else {
            json(401, &value!({ "error": "invalid_token" }))
        }
    })
    .await
}

fn tokens(service: &Simulated) -> usize {
    service.calls().iter().filter(|call| *call == TOKEN).count()
}

#[tokio::test]
async fn one_token_serves_everybody_and_the_headers_go_with_every_call() {
    let service = forgetful(3600, usize::MAX).await;
    let http = service.bearer();
    for answer in join_all((0..20).map(|_| get(&http, "users"))).await {
        answer.unwrap();
    }
    assert_eq!(tokens(&service), 1);
    let seen = service.seen();
    assert_eq!(seen[0].body, r#"{"client_secret":"s3cret"}"#);
    assert!(!seen[0].headers.contains_key("authorization"));
    assert!(seen.iter().all(|seen| seen.headers["api-version"] == "v2.0"));
}

#[tokio::test]
async fn a_token_that_is_forgotten_is_renewed_once_for_all_who_were_calling_with_it() {
    let service = forgetful(3600, 5).await;
    let http = service.bearer();
    for answer in join_all((0..20).map(|_| write(&http, Effect::Write, "users"))).await {
        answer.unwrap();
    }
    assert_eq!(tokens(&service), 2);
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    let service = forgetful(1, usize::MAX).await;
    let http = service.bearer();
    get(&http, "users").await.unwrap();
    tokio::time::sleep(Duration::from_millis(950)).await;
    get(&http, "users").await.unwrap();
    assert_eq!(service.calls(), [TOKEN, "GET /users", TOKEN, "GET /users"], "no call was refused");
}

#[tokio::test]
async fn a_second_401_in_a_row_ends_everything() {
    let service = Simulated::new(|seen, before| match seen.call.as_str() {
        TOKEN => json(200, &value!({ "access_token": format!("t{before}") })),
        _ => json(401, &value!({ "error": "invalid_token" })),
    })
    .await;
    let http = service.bearer();
    let failure = get(&http, "users").await.unwrap_err();
    assert_eq!(failure.problem, Problem::Refused(StatusCode::UNAUTHORIZED));
    get(&http, "users").await.unwrap_err();
    assert_eq!(service.calls(), [TOKEN, "GET /users", TOKEN, "GET /users"]);
}

#[tokio::test]
async fn a_401_on_the_token_call_is_asked_once_and_shows_no_secret() {
    let service = Simulated::new(|_, _| json(401, &value!({ "error": "invalid_client" }))).await;
    let http = service.bearer();
    for failure in join_all((0..5).map(|_| get(&http, "users"))).await {
        let error = ConnectorError::from(failure.unwrap_err());
        assert!(error.to_string().contains("401 at POST /oauth2/token"), "{error}");
        assert_eq!(error.help(), "use another key");
    }
    assert_eq!(service.calls(), [TOKEN]);
}

#[tokio::test]
async fn those_who_wait_for_a_token_that_cannot_be_had_share_the_failure() {
    let service = Simulated::new(|seen, before| match (seen.call.as_str(), before) {
        (TOKEN, 0) => json(200, &value!({ "no": "token" })),
        (TOKEN, _) => json(200, &value!({ "access_token": "t" })),
        _ => json(200, &value!({})),
    })
    .await;
    let http = service.bearer();
    for failure in join_all((0..5).map(|_| get(&http, "users"))).await {
        assert_eq!(failure.unwrap_err().problem, Problem::NoToken);
    }
    get(&http, "users").await.unwrap();
    assert_eq!(tokens(&service), 2, "who comes later asks again");
}

#[tokio::test]
async fn a_token_server_in_trouble_is_asked_again() {
    let service = Simulated::new(|seen, before| match (seen.call.as_str(), before) {
        (TOKEN, 0) => json(503, &value!({})),
        (TOKEN, _) => json(200, &value!({ "access_token": "t" })),
        _ => json(200, &value!({})),
    })
    .await;
    get(&service.bearer(), "users").await.unwrap();
    assert_eq!(tokens(&service), 2);
}
