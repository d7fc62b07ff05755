//! What arrives, as another program reads it.

use serde_json::{Value as Json, json};

use super::office::{arrived_at, demo_to, sync};
use super::server::{Kind, MailServer, content};

const TWO: &str = "to: [ hr@acme.example, it@acme.example ], when: always";

/// One sync of the demo, and the two mails that come of it.
fn a_report_arrives_whole(kind: Kind) {
    let Some(mut server) = MailServer::start(kind) else { return };
    let program = demo_to(TWO);
    let sender = ("ROLLBOOK_MAIL_FROM", "\"Öz, Çağla 🎓\" <rollbook@acme.example>".to_owned());
    sync(&program, &[server.settings(), vec![sender]].concat()).expect_code(0).says("the report was mailed");
    let mails = server.arrived();
    let [first, second] = &mails[..] else { panic!("one for each: {mails:?}") };
    assert_eq!((&first["to"], &second["to"]), (&json!(["hr@acme.example"]), &json!(["it@acme.example"])));
    for same in ["id", "headers", "parts", "connection", "sender"] {
        assert_eq!(first[same], second[same], "{same}");
    }
    assert_eq!(first["encrypted"], kind == Kind::StartTls || kind == Kind::Wrapped);
    assert_eq!(first["login"] == true, kind != Kind::Open);
    assert_eq!((&first["ascii"], &first["defects"]), (&true.into(), &json!([])));
    assert_eq!(first["people"]["From"], json!([["Öz, Çağla 🎓", "rollbook@acme.example"]]));
    assert_eq!(first["people"]["To"], json!([["", "hr@acme.example"], ["", "it@acme.example"]]));
    assert_eq!(first["sender"], "rollbook@acme.example");

    let show = |format| program.run(&["runs", "latest", "--format", format]).expect_code(0).stdout;
    let parts = first["parts"].as_array().unwrap();
    let of = |wanted: &str| parts.iter().find(|part| part["type"] == wanted).unwrap_or_else(|| panic!("no {wanted}"));
    assert_eq!(content(of("text/csv")), show("csv"), "byte for byte");
    let unfolded = |text: &str| text.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(unfolded(&content(of("text/html"))), show("html").trim_end());
    assert!(!content(of("text/plain")).is_empty());
    assert_eq!(of("text/csv")["disposition"], "attachment");
    assert!(parts.iter().all(|part| part["defects"] == json!([])));
    assert!(!program.path("outbox").exists());
}

#[test]
fn a_report_arrives_whole_where_nobody_is_asked_for_a_password() {
    a_report_arrives_whole(Kind::Open);
}

#[test]
fn a_report_arrives_whole_with_a_password() {
    a_report_arrives_whole(Kind::Login);
}

#[test]
fn a_report_arrives_whole_by_starttls() {
    a_report_arrives_whole(Kind::StartTls);
}

#[test]
fn a_report_arrives_whole_encrypted_from_the_first_byte() {
    a_report_arrives_whole(Kind::Wrapped);
}

#[test]
fn mails_of_a_recipe_are_a_list_and_a_thread_and_each_run_has_its_id() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to("to: [ hr@acme.example ], when: always");
    sync(&program, &server.settings()).expect_code(0);
    sync(&program, &server.settings()).expect_code(0);
    let mails = server.arrived();
    let [first, second] = &mails[..] else { panic!("one for each run: {mails:?}") };
    assert_ne!(first["id"], second["id"]);
    let header = |mail: &Json, name: &str| mail["headers"][name].as_str().unwrap_or_default().to_owned();
    for mail in [first, second] {
        assert_eq!(header(mail, "List-Id"), "demo <demo.rollbook.localhost.localdomain>");
        assert_eq!(header(mail, "In-Reply-To"), "<demo.reports@localhost.localdomain>");
        assert_eq!(header(mail, "References"), header(mail, "In-Reply-To"));
        assert_eq!(header(mail, "Auto-Submitted"), "auto-generated");
        assert_eq!(header(mail, "Content-Language"), "en");
        assert!(header(mail, "Date").ends_with("+0000"), "{}", header(mail, "Date"));
    }
}

#[test]
fn a_subject_is_read_back_in_any_script_and_at_any_length() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let titles = [
        "أكمي ← منصة التعلم",
        "אקמה 🎉👩‍👩‍👧 日本語の会社",
        &"Zoë’s Größe ".repeat(5),
        "quoted \"x\", <y@z>; (w) \\ =?utf-8?q?not_this?=",
    ];
    for title in titles {
        let title = title.trim();
        let quoted = title.replace('\\', "\\\\").replace('"', "\\\"");
        let program = demo_to(&format!("to: [ hr@acme.example ], when: always, title: \"{quoted}\""));
        sync(&program, &server.settings()).expect_code(0).says("the report was mailed");
        let mail = server.arrived().remove(0);
        let subject = mail["headers"]["Subject"].as_str().unwrap();
        assert!(subject.contains(title), "{subject}");
        assert_eq!((&mail["ascii"], &mail["defects"]), (&true.into(), &json!([])));
    }
}

#[test]
fn each_address_gets_one_mail_however_many_kinds_fit_and_none_if_none_does() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to(
        "to: { always: [ hr@acme.example ], changes: [ HR@Acme.Example, it@acme.example ], failed: [ boss@acme.example ] }",
    );
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server), ["hr@acme.example", "it@acme.example"]);
}

#[test]
fn a_run_that_could_not_begin_is_reported() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to("to: { failed: [ it@acme.example ] }");
    sync(&program, &server.settings()).expect_code(0);
    program.write("recipes/demo/people.json", "{ \"employees\": [");
    sync(&program, &server.settings()).expect_code(3);
    assert_eq!(arrived_at(&mut server), ["it@acme.example"]);
    program.run(&["runs"]).expect_code(0).shows("failed");
}
