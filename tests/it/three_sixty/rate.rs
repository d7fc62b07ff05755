//! The limits of a company, shared by everything in the process.

use std::time::{Duration, Instant};

use rollbook::connector::{Target as _, Write};
use serde_json::json;

use super::platform::*;

#[tokio::test]
async fn two_targets_of_one_company_stay_below_its_limit_together() {
    let platform = Platform::with(|switches| switches.writes_per_second = 20).await;
    let users: Vec<_> = (0..60)
        .map(|number| platform.add(json!({ "fields": { "mail": format!("p{number}@acme.example") } })))
        .collect();
    let targets = [(); 2].map(|()| platform.open_target(json!({ "writes_per_second": 20 })).unwrap());
    let writes: Vec<Vec<Write>> =
        users.chunks(30).map(|users| users.iter().map(|user| update(user, &[("job", "Cook")])).collect()).collect();
    let began = Instant::now();
    let calls = targets.iter().zip(&writes).map(|(target, writes)| target.write(writes));
    for answers in futures_util::future::join_all(calls).await {
        assert!(answers.unwrap().iter().all(Result::is_ok));
    }
    // A lower bound: a slow machine takes longer. Together they are no faster than the limit allows one of them to be.
    assert!(began.elapsed() >= Duration::from_millis(59 * 50), "{:?}", began.elapsed());
    assert_eq!(platform.writes(), 60, "none was refused and made again");
}
