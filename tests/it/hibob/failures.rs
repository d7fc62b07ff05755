//! What HiBob's failures look like (apis/hibob.md §1.5): each with what somebody reads, and how often HiBob was asked.

use insta::assert_snapshot;
use rollbook::sandbox::breakage::{Breakage, ServerError};
use rollbook::sandbox::hibob::switches::{ErrorBodies, NoGroup};
use serde_json::json;

use super::tenant::{SEARCH, TOKEN, Tenant, layout, people_of, stable, told};

const FIELDS: &str = "GET /v1/company/people/fields";

#[test]
fn wrong_credentials_stop_at_the_first_answer_and_are_never_sent_again() {
    let tenant = Tenant::open();
    let source = tenant.open_at(&tenant.sandbox.base_url(), "another-token", json!({})).unwrap();
    let error = tenant.wait(source.roster(&layout(&[]))).unwrap_err();
    assert_snapshot!(told(&error), @r"
    HiBob does not accept the credentials (401 at GET /v1/company/people/fields)
    → see whether id and token are those of the same user, whole and without quotes or spaces; then run `rollbook check --live`. Nothing was tried again, as repeats lead to a block
    ");
    assert_eq!(tenant.all_calls(), 1);
    tenant.wait(source.roster(&layout(&[]))).unwrap_err();
    people_of(&tenant, &*source, &["1"], &[]).unwrap_err();
    assert_eq!(tenant.all_calls(), 1, "what was refused is not asked again");
}

#[test]
fn a_service_user_without_a_group_is_told_what_to_do_after_one_call() {
    let tenant = Tenant::with(|switches| switches.no_group = Some(NoGroup::Forbidden));
    assert_snapshot!(tenant.refusal(), @r"
    HiBob does not allow this (403 at GET /v1/company/people/fields)
    → put the service user into a permission group, and see whether access is limited to certain IP addresses; after many refusals it is also blocked for some minutes. Then run `rollbook check --live`. Nothing was tried again
    ");
    assert_eq!(tenant.all_calls(), 1);
}

#[test]
fn a_sync_with_wrong_credentials_changes_nothing_and_calls_once() {
    let tenant = Tenant::open();
    let mut command = tenant.command(&["sync", "recipes/demo-live.yaml"]);
    let ran = crate::program::Ran::of(command.env("HIBOB_TOKEN", "another-token").output().unwrap()).expect_code(3);
    let (report, said) = ran.stderr.split_once('\n').unwrap();
    assert!(report.starts_with("report: outbox/"), "that it could not begin is reported: {report}");
    assert_snapshot!(stable(said), @r"
    error: HiBob does not accept the credentials (401 at GET /v1/company/people/fields)
      help: see whether id and token are those of the same user, whole and without quotes or spaces; then run `rollbook check --live`. Nothing was tried again, as repeats lead to a block
    ");
    assert_eq!(tenant.all_calls(), 1);
    assert!(!ran.stderr.contains(TOKEN) && !ran.stderr.contains("another-token"));
}

#[test]
fn a_block_by_the_firewall_is_told_as_a_refusal() {
    let tenant = Tenant::with(|switches| switches.firewall_after = 1);
    let refused = || {
        let source = tenant.open_at(&tenant.sandbox.base_url(), "another-token", json!({})).unwrap();
        told(&tenant.wait(source.catalogue()).unwrap_err())
    };
    assert!(refused().contains("401"));
    let blocked = refused();
    assert!(blocked.contains("(403 at") && blocked.contains("blocked for some minutes"), "{blocked}");
    assert_eq!(tenant.all_calls(), 2);
}

#[test]
fn a_page_of_html_with_200_names_the_path() {
    let tenant = Tenant::open();
    let wrong = tenant.sandbox.base_url().replace("/v1", "/hibob/v1");
    let source = tenant.open_at(&wrong, TOKEN, json!({})).unwrap();
    let error = tenant.wait(source.roster(&layout(&[]))).unwrap_err();
    assert_snapshot!(told(&error), @r"
    HiBob answered GET /v1/company/people/fields with a web page instead of data (200)
    → the path does not exist there, or a proxy stands between: see whether `base_url` is right
    ");
    tenant.switch(|switches| switches.faults.content_type = Some("text/html".to_owned()));
    assert_snapshot!(tenant.refusal(), @r"
    HiBob answered GET /v1/company/people/fields with a web page instead of data (200)
    → the path does not exist there, or a proxy stands between: see whether `base_url` is right
    ");
    tenant.switch(|switches| switches.faults.content_type = Some("text/plain".to_owned()));
    assert_snapshot!(tenant.refusal(), @r"
    HiBob answered GET /v1/company/people/fields with something that is no JSON (200)
    → see whether `base_url` is right, and whether a proxy stands between
    ");
}

#[test]
fn what_hibob_says_of_a_bad_request_is_passed_on() {
    let tenant = Tenant::with(|switches| switches.field_cap = 1);
    assert_snapshot!(tenant.refusal(), @r"
    HiBob rejects the call POST /v1/people/search (400): bad_request, more than 1 fields
    → this is most likely a mistake in the program: please report it with this message
    ");
    assert_eq!(tenant.calls(SEARCH), 1, "the same request would be as bad again");
    tenant.switch(|switches| switches.error_bodies = ErrorBodies::Long);
    assert_snapshot!(tenant.refusal(), @r"
    HiBob rejects the call POST /v1/people/search (400): bad_request, more than 1 fields
    → this is most likely a mistake in the program: please report it with this message
    ");
    tenant.switch(|switches| switches.error_bodies = ErrorBodies::Empty);
    assert_snapshot!(tenant.refusal(), @r"
    HiBob rejects the call POST /v1/people/search (400)
    → this is most likely a mistake in the program: please report it with this message
    ");
}

#[test]
fn an_unknown_person_is_nobody_and_no_error() {
    let found = Tenant::open().people(&["999"], &[]).unwrap();
    assert!(found.records.is_empty() && found.unreadable.is_empty());
}

#[test]
fn a_server_in_trouble_is_asked_again_and_the_run_goes_on() {
    let tenant = Tenant::with(|switches| switches.faults.server_error = Some(ServerError { status: 502, calls: 2 }));
    assert_eq!(tenant.roster(&[]).unwrap().records.len(), 300);
    assert_eq!(tenant.calls(FIELDS), 3);
}

#[test]
fn a_server_that_stays_in_trouble_ends_the_run() {
    let tenant = Tenant::with(|switches| switches.faults.server_error = Some(ServerError { status: 503, calls: 99 }));
    assert_snapshot!(tenant.refusal(), @r"
    HiBob is in trouble (503 at GET /v1/company/people/fields, several times)
    → nothing was changed; run again later
    ");
    assert_eq!(tenant.calls(FIELDS), 5);
}

#[test]
fn an_answer_that_is_cut_off_once_is_read_again() {
    for percent in [0, 60, 99] {
        let tenant = Tenant::open();
        let source = tenant.source(json!({}));
        tenant.wait(source.catalogue()).unwrap();
        let cut = Breakage { percent, calls: Some(1) };
        tenant.switch(|switches| switches.faults.cut = Some(cut));
        assert_eq!(tenant.wait(source.roster(&layout(&[]))).unwrap().records.len(), 300);
        tenant.switch(|switches| switches.faults.truncate = Some(cut));
        assert_eq!(tenant.wait(source.roster(&layout(&[]))).unwrap().records.len(), 300);
        assert_eq!(tenant.calls(SEARCH), 4, "at {percent} %");
    }
}

#[test]
fn an_answer_that_is_always_cut_off_is_an_error_whether_as_a_whole_or_in_parts() {
    let tenant = Tenant::open();
    let source = tenant.source(json!({}));
    tenant.wait(source.catalogue()).unwrap();
    tenant.switch(|switches| switches.faults.cut = Some(Breakage { percent: 60, calls: None }));
    let error = tenant.wait(source.roster(&layout(&[]))).unwrap_err();
    assert_snapshot!(told(&error), @r"
    the answer of HiBob to POST /v1/people/search was cut off, more than once
    → nothing was changed; run again later, and see whether a proxy limits answers in time or size
    ");
    tenant.switch(|switches| {
        switches.faults.cut = None;
        switches.faults.truncate = Some(Breakage { percent: 60, calls: None });
    });
    let error = tenant.wait(source.roster(&layout(&[]))).unwrap_err();
    assert_snapshot!(told(&error), @r"
    the answer of HiBob to POST /v1/people/search was cut off, more than once
    → nothing was changed; run again later, and see whether a proxy limits answers in time or size
    ");
    let error = people_of(&tenant, &*source, &["3000000000000000101"], &[]).unwrap_err();
    assert_snapshot!(told(&error), @r"
    the answer of HiBob to POST /v1/people/search was cut off, more than once
    → nothing was changed; run again later, and see whether a proxy limits answers in time or size
    ");
}

#[test]
fn nothing_listens_where_the_recipe_says_hibob_is() {
    let tenant = Tenant::open();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let source = tenant.open_at(&format!("http://{free}"), TOKEN, json!({})).unwrap();
    let error = tenant.wait(source.catalogue()).unwrap_err();
    assert_snapshot!(stable(&told(&error)), @r"
    HiBob cannot be reached at 127.0.0.1:PORT: nothing listens there
    → see whether `base_url` is right and this machine may connect there; then run again
    ");
}
