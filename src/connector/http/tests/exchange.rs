//! Answers of every kind, and paging.

use serde_json::json as value;

use super::super::answer::Elsewhere;
use super::super::failure::Problem;
use super::super::{ConnectorError, StatusCode, base_url};
use super::*;

#[tokio::test]
async fn successes_come_with_their_status_headers_and_body_or_without_one() {
    let service = Simulated::new(|seen, _| match seen.call.as_str() {
        "POST /created" => json(201, &value!({ "id": 7 })),
        "POST /restored" => json(200, &value!({ "id": 7 })),
        "POST /accepted" => bare(202, ("location", "/operations/1")),
        _ => bare(204, ("x-left", "3")),
    })
    .await;
    let http = service.fixed();
    let answered = async |name| write(&http, Effect::Write, name).await.unwrap();
    assert_eq!(answered("created").await.status, StatusCode::CREATED);
    assert_eq!(answered("restored").await.json::<Json>().unwrap(), value!({ "id": 7 }));
    let accepted = answered("accepted").await;
    assert_eq!((accepted.header("location"), accepted.body.len()), (Some("/operations/1"), 0));
    let gone = answered("gone").await;
    assert_eq!((gone.status, gone.header("X-Left")), (StatusCode::NO_CONTENT, Some("3")));
    assert_eq!(gone.json::<Json>(), None);
}

#[tokio::test]
async fn a_refusal_with_a_code_is_an_answer_and_one_of_the_credentials_a_failure() {
    let service = Simulated::new(|seen, _| {
        let status = seen.call.rsplit('/').next().unwrap().parse().unwrap();
        json(status, &value!({ "error": { "code": "some", "message": "ada@example.com" } }))
    })
    .await;
    for status in [400, 404, 409, 422] {
        let answer = get(&service.fixed(), &status.to_string()).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.json::<Json>().unwrap()["error"]["code"].clone()),
            (status, value!("some"))
        );
    }
    for status in [401, 403] {
        let http = service.fixed();
        let error = ConnectorError::from(get(&http, &status.to_string()).await.unwrap_err());
        assert!(matches!(error, ConnectorError::Credentials { .. }) && !error.to_string().contains("ada"), "{error}");
        get(&http, "400").await.unwrap_err();
    }
    let asked = service.calls().iter().filter(|call| *call == "GET /400").count();
    assert_eq!(asked, 1, "after a refusal nothing more is called");
}

#[tokio::test]
async fn a_refusal_that_a_caller_expects_is_an_answer_and_ends_nothing() {
    let service = Simulated::new(|seen, _| match seen.call.as_str() {
        "GET /scope" => json(403, &value!({ "error": "invalid_scope" })),
        "GET /bulk" => json(503, &value!({ "error": { "code": "off" } })),
        _ => json(200, &value!([])),
    })
    .await;
    let http = service.fixed();
    let expected = [StatusCode::FORBIDDEN, StatusCode::SERVICE_UNAVAILABLE];
    for (name, status) in [("scope", 403), ("bulk", 503), ("fine", 200)] {
        let path = [name];
        let call = Call::get(&path, "/{name}").expecting(&expected);
        assert_eq!(http.exchange(&call, &fast(), 1 << 16).await.unwrap().status.as_u16(), status);
    }
    assert_eq!(service.calls().len(), 3);
}

#[tokio::test]
async fn pages_are_followed_to_the_last_and_never_to_another_server() {
    let service = Simulated::new(|seen, _| {
        let host = seen.headers["host"].to_str().unwrap().to_owned();
        let link = match seen.call.as_str() {
            "GET /users?status%5Beq%5D=a%26b" => format!("<http://{host}/api/users?next=b%2Cc%3D>; rel=\"next\""),
            "GET /users?next=b%2Cc%3D" => "</api/users?next=last>; rel=\"next\"".to_owned(),
            "GET /users?next=last" => "<http://127.0.0.1:1/api/users>; rel=\"next\"".to_owned(),
            other => panic!("{other}"),
        };
        let mut answer = json(200, &value!([]));
        answer.headers_mut().insert("link", link.parse().unwrap());
        answer
    })
    .await;
    let http = service.fixed();
    let call = Call::get(&["users"], "/users").query(&[("status[eq]", "a&b")]);
    let mut answer = http.exchange(&call, &fast(), 1 << 16).await.unwrap();
    for _ in 0..2 {
        let next = answer.next().unwrap().unwrap();
        answer = http.exchange(&Call::next(&next, "/users"), &fast(), 1 << 16).await.unwrap();
    }
    assert_eq!(answer.next(), Err(Elsewhere));
    assert_eq!(service.calls().len(), 3);
}

#[tokio::test]
async fn a_page_for_people_and_a_body_without_end_are_no_answers() {
    let page = |status| Answered::builder().status(status).header("content-type", "text/html").body(Body::from("<p>"));
    let service = Simulated::new(move |seen, _| match seen.call.as_str() {
        "GET /large" => json(200, &value!("x".repeat(1 << 17))),
        "GET /text" => Answered::builder().header("content-type", "text/plain").body(Body::from("no")).unwrap(),
        _ => page(200).unwrap(),
    })
    .await;
    let http = service.fixed();
    assert_eq!(get(&http, "large").await.unwrap_err().problem, Problem::TooLarge { most: 1 << 16 });
    assert_eq!(get(&http, "page").await.unwrap_err().problem, Problem::WebPage(StatusCode::OK));
    assert_eq!(get(&http, "text").await.unwrap_err().problem, Problem::NotJson(StatusCode::OK));
    let written = write(&http, Effect::RepeatableWrite, "page").await.unwrap_err();
    assert_eq!(written.problem, Problem::WebPage(StatusCode::OK));
}

#[tokio::test]
async fn calls_are_counted_by_what_they_do() {
    let service = Simulated::new(|seen, before| match seen.call.as_str() {
        "POST /oauth2/token" => json(200, &value!({ "access_token": "t" })),
        "GET /slow" if before == 0 => json(503, &value!({})),
        _ => json(200, &value!({})),
    })
    .await;
    let http = service.bearer();
    get(&http, "slow").await.unwrap();
    write(&http, Effect::Write, "a").await.unwrap();
    write(&http, Effect::RepeatableWrite, "a").await.unwrap();
    let calls = http.calls();
    assert_eq!((calls.reads, calls.writes, calls.tokens), (2, 2, 1), "each try counts");
}

#[test]
fn an_address_with_a_password_or_of_no_server_is_refused() {
    for wrong in ["", "api.hibob.com", "ftp://host", "https://user:secret@host", "file:///etc"] {
        let error = base_url(wrong).unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
    assert!(base_url("http://127.0.0.1:8080").is_ok() && base_url("https://api.hibob.com/v1").is_ok());
}
