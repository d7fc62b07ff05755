//! The two windows of calls.

use reqwest::{Method, Response};

use super::client::{Portal, told};

async fn call(portal: &Portal) -> Response {
    portal.call(Method::GET, "/timezones").send().await.unwrap()
}

fn left(response: &Response) -> (u32, u32) {
    let header = |window: &str| {
        let name = format!("X-LU-Rate-Limit-Remaining-{window}");
        response.headers()[name].to_str().unwrap().parse().unwrap()
    };
    (header("Minute"), header("Week"))
}

#[tokio::test]
async fn every_answer_says_what_is_left_of_both_windows() {
    let portal = Portal::open().await;
    assert_eq!(left(&call(&portal).await), (299, 359_999));
    assert_eq!(left(&call(&portal).await), (298, 359_998));
}

#[tokio::test]
async fn a_window_that_is_full_answers_429_and_refused_calls_do_not_count() {
    let portal = Portal::with(|switches| (switches.requests_per_minute, switches.retry_after) = (2, true)).await;
    for _ in 0..2 {
        call(&portal).await;
    }
    let refused = call(&portal).await;
    assert_eq!(left(&refused), (0, 359_998));
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    assert!((55..=60).contains(&wait), "{wait}");
    assert_eq!(told(refused).await.0, 429);
    assert_eq!(left(&call(&portal).await), (0, 359_998));
    portal.sandbox.switch(|switches| switches.requests_per_week = 1);
    assert_eq!(left(&call(&portal).await), (1, 0));
    assert_eq!(told(call(&portal).await).await.0, 429, "the week is full, though the minute is not");
}

#[tokio::test]
async fn a_shorter_minute_is_over_sooner() {
    let portal = Portal::with(|switches| (switches.requests_per_minute, switches.minute_ms) = (1, 60)).await;
    call(&portal).await;
    tokio::time::sleep(std::time::Duration::from_millis(120)).await;
    assert_eq!(call(&portal).await.status(), 200);
}
