//! What people are told at once goes the same way as reports.

use jiff::Timestamp;
use rollbook::connector::secrets::Secrets;
use rollbook::run::Stop;
use rollbook::run::mailing::Post;
use rollbook::run::sending::{Which, send};
use rollbook::run::telling::tell;
use rollbook::store::{Raised, Store};
use serde_json::json;

use super::server::{Kind, MailServer, content};
use crate::world::World;

#[tokio::test]
async fn a_notice_waits_for_the_mail_server_and_arrives_once() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ROLLBOOK_SMTP_URL"), &server.settings()[0].1).unwrap();
    let secrets = Secrets::new(Some(folder.path().to_owned()));
    let post =
        Post { from: "Rollbook <rollbook@acme.example>".to_owned(), outbox: folder.path().join("outbox"), secrets };
    let recipe = World::new().section("notify", "{ to: [it@acme.example, hr@acme.example] }").recipe();
    let store = Store::open("sqlite::memory:").await.unwrap();
    let now = Timestamp::now();
    let raised = Raised { occasion: "run_failed", subject: "full sync".to_owned(), what: "HiBob is gone".to_owned() };
    store.note_alerts(&recipe.name, &[raised], &[], now).await.unwrap();
    let later = Timestamp::from_second(now.as_second() + 61).unwrap();
    server.behave(&json!({ "data": "451 later" }));
    tell(&recipe, &store, &post, later).await.unwrap();
    let sent = send(&recipe.name, &store, &post, &Stop::never(), Which::Waiting).await.unwrap();
    assert_eq!((sent.sent, sent.waiting), (0, 2));
    server.behave(&json!({ "data": null }));
    tell(&recipe, &store, &post, later).await.unwrap();
    let sent = send(&recipe.name, &store, &post, &Stop::never(), Which::Waiting).await.unwrap();
    assert_eq!((sent.sent, sent.waiting), (2, 0));

    let mails = server.arrived();
    assert_eq!(mails.iter().map(|mail| &mail["to"][0]).collect::<Vec<_>>(), ["it@acme.example", "hr@acme.example"]);
    let headers = &mails[0]["headers"];
    let list = headers["List-Id"].as_str().unwrap();
    assert!(list.ends_with(".rollbook.acme.example>"), "{list}");
    assert!(headers["In-Reply-To"].as_str().unwrap().ends_with(".notices@acme.example>"));
    assert_eq!(headers["References"], headers["In-Reply-To"]);
    assert_eq!(headers["Auto-Submitted"], "auto-generated");
    let parts = mails[0]["parts"].as_array().unwrap();
    assert!(content(parts.last().unwrap()).contains("HiBob is gone"));
}
