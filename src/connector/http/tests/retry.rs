//! What is tried again, and what is not.

use serde_json::json as value;

use super::super::failure::{Problem, Why};
use super::super::{ConnectorError, StatusCode};
use super::*;

#[tokio::test]
async fn a_write_that_may_not_be_repeated_is_not_and_it_is_said_that_nobody_knows() {
    for answer in [cut as fn(u16) -> Answered, |_| json(502, &value!({}))] {
        let service = Simulated::new(move |_, _| answer(201)).await;
        let http = service.fixed();
        let failure = write(&http, Effect::Write, "users").await.unwrap_err();
        assert_eq!(failure.problem, Problem::Unsure);
        let error = ConnectorError::from(failure).to_string();
        assert!(error.contains("not known whether it was done"), "{error}");
        assert_eq!(service.calls().len(), 1);
    }
}

#[tokio::test]
async fn reads_and_repeatable_writes_are_tried_again_when_they_break() {
    for effect in [Effect::Read, Effect::RepeatableWrite] {
        let service = Simulated::new(|_, before| match before {
            0 => cut(200),
            1 => json(500, &value!({})),
            _ => json(200, &value!({})),
        })
        .await;
        write(&service.fixed(), effect, "users").await.unwrap();
        assert_eq!(service.calls().len(), 3);
    }
}

#[tokio::test]
async fn after_a_429_every_write_is_made_again_when_the_service_wants_it() {
    let service = Simulated::new(|_, before| match before {
        0 => json(429, &value!({ "error": "tooManyRequests" })),
        1 => bare(429, ("retry-after", "0")),
        _ => json(201, &value!({})),
    })
    .await;
    let answer = write(&service.fixed(), Effect::Write, "users").await.unwrap();
    assert_eq!((answer.status, service.calls().len()), (StatusCode::CREATED, 3));
}

#[tokio::test]
async fn a_write_that_never_reached_the_service_is_no_unknown_one() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let service = Simulated { address: free.local_addr().unwrap(), seen: Arc::default() };
    drop(free);
    let failure = write(&service.fixed(), Effect::Write, "users").await.unwrap_err();
    assert!(matches!(failure.problem, Problem::Unreachable { why: Why::Closed, .. }), "{failure:?}");
}
