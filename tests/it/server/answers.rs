//! One answer a test, and what follows from it.

use reqwest::Method;
use rollbook::server::Limits;
use rollbook::stage::service::Events;
use serde_json::json;

use super::served::{PATH, SECRET, Served, event, sign};

const UPDATED: &str = "employee.updated";

#[tokio::test]
async fn a_signed_delivery_is_saved_and_its_person_is_due() {
    let served = Served::start().await;
    assert_eq!(served.deliver(event(UPDATED, "7")).await, 200);
    assert_eq!(served.deliveries(), [("acme".to_owned(), UPDATED.to_owned(), Some("7".to_owned()))]);
    assert_eq!(served.due(), [("acme".to_owned(), "7".to_owned(), 1)]);
}

#[tokio::test]
async fn both_pings_are_answered_signed_or_not_and_nothing_follows() {
    let served = Served::start().await;
    for ping in ["Ping test", r#"{"text":"Ping test"}"#] {
        assert_eq!(served.deliver(ping).await, 200);
        let unsigned = served.client.post(served.url(PATH)).body(ping).send().await.unwrap();
        assert_eq!(unsigned.status(), 200);
    }
    served.expect_nothing_saved();
}

#[tokio::test]
async fn what_is_not_signed_or_signed_otherwise_is_refused() {
    let served = Served::start().await;
    let body = event(UPDATED, "7");
    let right = sign(SECRET, body.as_bytes());
    let post = || served.client.post(served.url(PATH)).body(body.clone());
    for (forged, why) in [
        (post(), "no signature"),
        (post().header("Bob-Signature", ""), "an empty one"),
        (post().header("Bob-Signature", sign("another secret", body.as_bytes())), "another secret"),
        (post().header("Bob-Signature", sign(SECRET, event(UPDATED, "8").as_bytes())), "of another body"),
        (post().header("Bob-Signature", &right).header("Bob-Signature", &right), "two of them"),
        (post().header("Bob-Signature", format!("sha512={right}")), "with a prefix"),
    ] {
        assert_eq!(forged.send().await.unwrap().status(), 401, "{why}");
    }
    served.expect_nothing_saved();
    assert_eq!(post().header("Bob-Signature", right).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn what_is_signed_and_malformed_is_refused_with_the_place_and_without_the_value() {
    let served = Served::start().await;
    for (body, said) in [
        ("".to_owned(), "the body is not JSON"),
        ("{\"type\":".to_owned(), "the body is not JSON"),
        ("\u{feff}{}".to_owned(), "the body is not JSON"),
        ("[1,2]".to_owned(), "the body is not a webhook of HiBob"),
        ("[".repeat(100_000), "the body is not JSON"),
        (event(UPDATED, "no id at all"), "the body is not a webhook of HiBob: see `/data/employeeId`"),
        (json!({ "type": UPDATED }).to_string(), "the body is not a webhook of HiBob"),
    ] {
        let answer = served.delivery(body).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        let text = answer.text().await.unwrap();
        assert!(text.starts_with(said) && !text.contains("no id"), "{text}");
    }
    assert_eq!(served.deliver(vec![b'"', 0xff, b'"']).await, 400, "not UTF-8");
    served.expect_nothing_saved();
}

#[tokio::test]
async fn a_body_of_a_mebibyte_is_read_and_no_larger_one() {
    let served = Served::start().await;
    let mut body = event("candidate.hired", "7");
    body.push_str(&" ".repeat((1 << 20) - body.len()));
    assert_eq!(served.deliver(body.clone()).await, 200);
    body.push(' ');
    assert_eq!(served.deliver(body.clone()).await, 413);
    let pieces = futures_util::stream::iter(body.into_bytes().chunks(60_000).map(<[u8]>::to_vec).collect::<Vec<_>>());
    let pieces = futures_util::StreamExt::map(pieces, Ok::<_, std::io::Error>);
    let without_length = served.client.post(served.url(PATH)).body(reqwest::Body::wrap_stream(pieces));
    assert_eq!(without_length.send().await.unwrap().status(), 413);
    assert_eq!(served.deliveries().len(), 1);
}

#[tokio::test]
async fn other_paths_and_other_methods_are_not_answered() {
    let served = Served::start().await;
    for path in ["/", "/hooks", "/hooks/acme/", "/hooks/acme%2f", "/HOOKS/ACME", "//hooks/acme"] {
        let sent = served.client.post(served.url(path)).body("Ping test").send().await.unwrap();
        assert_eq!(sent.status(), 404, "{path}");
    }
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::HEAD, Method::PATCH, Method::OPTIONS] {
        let sent = served.client.request(method.clone(), served.url(PATH)).send().await.unwrap();
        assert_eq!((sent.status().as_u16(), &sent.headers()["allow"]), (405, &"POST".parse().unwrap()), "{method}");
    }
    let with_query = served.client.post(served.url(&format!("{PATH}?from=bob"))).body("Ping test").send().await;
    assert_eq!(with_query.unwrap().status(), 200, "a query changes nothing");
    served.expect_nothing_saved();
}

#[tokio::test]
async fn a_replayed_delivery_does_no_harm() {
    let served = Served::start().await;
    for _ in 0..3 {
        assert_eq!(served.deliver(event(UPDATED, "7")).await, 200);
    }
    assert_eq!(served.deliveries().len(), 3, "HiBob gives no id by which two could be told from one sent twice");
    assert_eq!(served.due(), [("acme".to_owned(), "7".to_owned(), 3)], "one person to look at");
}

#[tokio::test]
async fn what_does_not_count_is_kept_and_makes_nobody_due() {
    let served = Served::start().await;
    let some = Events::Of(["employee.left".to_owned()].into());
    served.open(&[("acme", PATH, some)]);
    for kind in ["candidate.hired", "employee.rehired", UPDATED] {
        assert_eq!(served.deliver(event(kind, "7")).await, 200);
    }
    assert_eq!((served.deliveries().len(), served.due().len()), (3, 0));
    assert_eq!(served.deliver(event("employee.left", "8")).await, 200);
    assert_eq!(served.due(), [("acme".to_owned(), "8".to_owned(), 1)]);
}

#[tokio::test]
async fn both_versions_and_every_form_of_an_id_make_the_same_person_due() {
    let served = Served::start().await;
    for body in [
        json!({ "type": UPDATED, "data": { "employeeId": "7", "fieldUpdates": [{ "id": "work.site" }] } }),
        json!({ "type": UPDATED, "version": "v2", "data": { "employeeId": 7, "fieldUpdatesIds": ["work.site"] } }),
        json!({ "type": UPDATED, "creationDate": "2026-03-02", "employee": { "id": "7", "firstName": "Ada" } }),
        json!({ "type": "table.entry.created", "data": { "employeeId": "7", "tableId": "work", "id": null, "effectiveDate": "2026-04-17" } }),
    ] {
        assert_eq!(served.deliver(body.to_string()).await, 200, "{body}");
    }
    assert_eq!(served.due(), [("acme".to_owned(), "7".to_owned(), 4)]);
}

#[tokio::test]
async fn recipes_are_replaced_while_it_runs() {
    let served = Served::closed(Limits::default()).await;
    let waiting = served.delivery(event(UPDATED, "7")).send().await.unwrap();
    assert_eq!((waiting.status().as_u16(), waiting.headers().contains_key("retry-after")), (503, true));
    served.open(&[("acme", PATH, Events::All), ("globex", "/hooks/globex", Events::All)]);
    assert_eq!(served.deliver(event(UPDATED, "7")).await, 200);
    served.open(&[("globex", PATH, Events::All)]);
    assert_eq!(served.deliver(event(UPDATED, "7")).await, 200);
    let due: Vec<String> = served.due().into_iter().map(|(recipe, ..)| recipe).collect();
    assert_eq!(due, ["acme", "globex"]);
}
