//! Secrets are nowhere, and people are not in logs and errors, however much is logged.

use base64::Engine as _;
use rollbook::sandbox::breakage::{Breakage, ServerError};
use rollbook::sandbox::hibob::faults::Faults;
use serde_json::Value as Json;

use super::tenant::{ID, TOKEN, Tenant};
use crate::program::{Ran, TODAY};

/// Everything that one person could be told by.
fn personal(tenant: &Tenant) -> Vec<String> {
    let people: Json = serde_json::from_str(&tenant.program.read("recipes/demo/people.json")).unwrap();
    let people = people["employees"].as_array().unwrap().clone();
    let texts = |key: &str| people.iter().filter_map(|one| one[key].as_str().map(str::to_owned)).collect::<Vec<_>>();
    let mut texts = [texts("email"), texts("displayName")].concat();
    texts.retain(|text| text.len() > 6);
    assert!(texts.len() > 400);
    texts
}

fn assert_silent(tenant: &Tenant, ran: &Ran, personal: &[String], about_people: bool) {
    let header = base64::engine::general_purpose::STANDARD.encode(format!("{ID}:{TOKEN}"));
    for secret in [TOKEN, &header] {
        assert!(!ran.stdout.contains(secret) && !ran.stderr.contains(secret), "a secret is printed");
    }
    for text in personal {
        assert!(!ran.stderr.contains(text.as_str()), "`{text}` is logged");
        assert!(about_people || !ran.stdout.contains(text.as_str()), "`{text}` is printed");
    }
    assert!(tenant.all_calls() > 0);
}

#[test]
fn neither_secrets_nor_people_are_in_anything_that_is_logged() {
    let tenant = Tenant::open();
    let personal = personal(&tenant);
    let cut = Some(Breakage { percent: 60, calls: Some(1) });
    let server_error = Some(ServerError { status: 500, calls: 1 });
    let troubles = [
        Faults::default(),
        Faults { cut, server_error, ..Faults::default() },
        Faults { content_type: Some("text/html".to_owned()), ..Faults::default() },
        Faults { truncate: Some(Breakage { percent: 60, calls: None }), ..Faults::default() },
    ];
    for trouble in troubles {
        for (args, format) in [(["check", "--live"], "text"), (["sync", "--today=2026-11-02"], "json")] {
            tenant.switch(|switches| switches.faults = trouble.clone());
            let mut command = tenant.command(&[args[0], "recipes/demo-live.yaml", args[1]]);
            command.env("ROLLBOOK_LOG", "trace").env("ROLLBOOK_LOG_FORMAT", format);
            assert_silent(&tenant, &Ran::of(command.output().unwrap()), &personal, args[0] == "sync");
        }
    }
}

#[test]
fn an_id_that_is_asked_for_is_not_in_the_error_of_the_call() {
    let tenant = Tenant::with(|switches| switches.field_cap = 1);
    let id = "3000000000000000101";
    let error = tenant.people(&[id], &["work.site"]).unwrap_err();
    assert!(error.to_string().contains("POST /v1/people/{id}"), "{error}");
    assert!(!format!("{error} {error:?} {}", error.help()).contains(id));
}

#[test]
fn the_token_is_in_none_of_the_files_that_a_sync_leaves_behind() {
    let tenant = Tenant::open();
    let mut command = tenant.command(&["sync", "recipes/demo-live.yaml", "--today", TODAY]);
    Ran::of(command.output().unwrap()).expect_code(0);
    let mut folders = vec![tenant.program.path(".rollbook"), tenant.program.path("outbox")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = std::fs::read(&path).unwrap();
            assert!(!content.windows(TOKEN.len()).any(|part| part == TOKEN.as_bytes()), "{}", path.display());
            files += 1;
        }
    }
    assert!(files >= 4, "databases and reports");
}
