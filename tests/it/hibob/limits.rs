//! The limits of calls, in time and in size: HiBob's own, and ours.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use insta::assert_snapshot;
use rollbook::model::Roster;
use rollbook::sandbox::hibob::People;
use rollbook::sandbox::hibob::switches::Audience;
use serde_json::json;

use super::tenant::{SEARCH, TOKEN, Tenant, layout, told};

/// People whose details come in three parts.
fn in_parts(tenant: &Tenant) -> Roster {
    tenant.wait(tenant.source(json!({ "read": "in_parts" })).roster(&layout(&[]))).unwrap()
}

fn several_parts() -> Tenant {
    Tenant::of(People::Generated { count: 450, seed: 3 }, |switches| switches.audience = Audience::All)
}

#[test]
fn a_call_too_many_waits_for_the_reset_that_hibob_names_and_goes_on() {
    let tenant = several_parts();
    tenant.switch(|switches| (switches.requests_per_minute, switches.window_seconds) = (3, 2));
    assert_eq!(in_parts(&tenant).records.len(), 450);
    assert_eq!(tenant.calls(SEARCH), 5, "ids, two parts, one refusal, the last part");
}

#[test]
fn without_a_limit_of_its_own_a_429_is_waited_for_too() {
    for retry_after in [false, true] {
        let tenant = Tenant::with(|switches| {
            (switches.faults.rate_limited, switches.window_seconds) = (1, 1);
            switches.retry_after = retry_after;
        });
        assert_eq!(tenant.roster(&[]).unwrap().records.len(), 300);
    }
}

#[test]
fn a_wait_that_is_too_long_is_told_with_its_end() {
    let tenant = Tenant::with(|switches| (switches.faults.rate_limited, switches.window_seconds) = (9, 7_200));
    let told = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
        .unwrap()
        .replace_all(&tenant.refusal(), "TIME")
        .into_owned();
    assert_snapshot!(told, @r"
    HiBob is called too often (GET /v1/company/people/fields, until TIME UTC)
    → run again later; see what else uses the same service user
    ");
    assert_eq!(tenant.all_calls(), 1);
}

#[test]
fn an_answer_that_is_far_too_large_is_not_kept() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[");
        // It ends when nobody listens any longer.
        while stream.write_all(&[b' '; 1 << 16]).is_ok() {}
    });
    let tenant = Tenant::open();
    let source = tenant.open_at(&format!("http://{address}"), TOKEN, json!({})).unwrap();
    assert_snapshot!(told(&tenant.wait(source.catalogue()).unwrap_err()), @r"
    the answer of HiBob to GET /v1/company/people/fields is larger than 64 MiB
    → this is far more than HiBob's largest; see whether `base_url` is right
    ");
}

#[test]
fn a_company_that_is_too_large_for_one_answer_is_read_in_parts() {
    let tenant = several_parts();
    let fields = ["root.email", "work.department", "work.reportsTo"];
    let whole = tenant.roster(&fields).unwrap();
    assert_eq!(tenant.calls(SEARCH), 1);
    let parts = tenant.wait(tenant.source(json!({ "read": "in_parts" })).roster(&layout(&fields))).unwrap();
    assert_eq!(tenant.calls(SEARCH), 1 + 4, "ids, and 450 people by 200");
    let sorted = |mut roster: Roster| {
        roster.records.sort_by(|a, b| a.id.cmp(&b.id));
        roster.records
    };
    assert_eq!(sorted(parts), sorted(whole), "both ways give the same people");
}

#[test]
fn a_whole_answer_that_never_comes_through_is_asked_for_in_parts_by_itself() {
    let tenant = several_parts();
    let source = tenant.source(json!({}));
    tenant.wait(source.catalogue()).unwrap();
    let twice = rollbook::sandbox::breakage::Breakage { percent: 60, calls: Some(2) };
    tenant.switch(|switches| switches.faults.cut = Some(twice));
    assert_eq!(tenant.wait(source.roster(&layout(&[]))).unwrap().records.len(), 450);
    assert_eq!(tenant.calls(SEARCH), 2 + 4);
}
