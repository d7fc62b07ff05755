//! The limit, as the service sees it.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json as value;

use super::super::pace::{Limit, Owner, shared};
use super::*;

#[tokio::test]
async fn two_clients_of_one_account_share_its_limit() {
    let service = Simulated::new(|_, _| json(200, &value!({}))).await;
    let (first, second) = (service.fixed(), service.fixed());
    let base = service.base();
    let owner = Owner { service: "Some service", base: &base, account: "company", limit: "reads" };
    let paces = [0, 1].map(|_| shared(&owner, Limit::per_second(NonZeroU32::new(50).unwrap())));
    let began = Instant::now();
    let path = ["users"];
    let calls = (0..30).map(|number| {
        let http = if number % 2 == 0 { &first } else { &second };
        let pace = &paces[number % 2];
        async move { http.exchange(&Call::get(&path, "/users"), pace, 1 << 10).await.map(|_| ()) }
    });
    for answered in join_all(calls).await {
        answered.unwrap();
    }
    // A lower bound only: a slow machine takes longer.
    assert!(began.elapsed() >= Duration::from_millis(29 * 20), "{:?}", began.elapsed());
}
