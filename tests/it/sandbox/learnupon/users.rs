//! Accounts and custom user data.

use reqwest::{Method, StatusCode};
use rollbook::sandbox::learnupon::switches::{BadValue, CustomDataForm, ListKeys, UpdateAnswer};
use rollbook::sandbox::learnupon::{People, Settings};
use serde_json::{Value as Json, json};

use super::client::{Portal, TODAY, told};

#[tokio::test]
async fn a_user_is_made_read_and_changed_and_what_is_not_sent_stays() {
    let portal = Portal::open().await;
    let more = json!({ "first_name": "Ada", "last_name": "Lee", "language": "en_gb", "timezone_id": "Paris",
                       "CustomData": { "Department": "Finance", "Hire date": "2026-03-01" } });
    let id = portal.create("ada@acme.example", &more).await;
    let user = portal.user(id).await;
    assert_eq!(
        (&user["locale"], &user["language"]),
        (&json!("en_gb"), &Json::Null),
        "written and read under two names"
    );
    assert_eq!(user["CustomData"]["Department"], "Finance");
    let by_id = json!({ "use_definition_ids": 1, "232": "Legal" });
    let change = json!({ "User": { "last_name": "Lee-Kim", "enabled": false, "CustomData": by_id } });
    portal.send(Method::PUT, &format!("/users/{id}"), &change).await;
    let user = portal.user(id).await;
    let now = (&user["first_name"], &user["last_name"], &user["enabled"], &user["CustomData"]["Department"]);
    assert_eq!(now, (&json!("Ada"), &json!("Lee-Kim"), &json!(false), &json!("Legal")));
    assert_eq!(user["CustomData"]["Hire date"], "2026-03-01");
}

#[tokio::test]
async fn a_body_without_its_wrapper_and_a_user_without_login_or_password_are_refused() {
    let portal = Portal::open().await;
    let user = json!({ "email": "ada@acme.example", "password": "long enough" });
    assert_eq!(portal.refused(Method::POST, "/users", &user).await.0, 400);
    for lacks in ["email", "password"] {
        let mut user = user.clone();
        user.as_object_mut().unwrap().remove(lacks);
        assert_eq!(portal.refused(Method::POST, "/users", &json!({ "User": user })).await.0, 400, "without {lacks}");
    }
    let short = json!({ "User": { "email": "ada@acme.example", "password": "12345" } });
    assert!(portal.refused(Method::POST, "/users", &short).await.1.contains("too short"));
    assert_eq!(portal.sandbox.users().len(), 1, "the admin alone");
}

#[tokio::test]
async fn closed_lists_take_their_own_spelling_only() {
    let portal = Portal::open().await;
    let id = portal.create("ada@acme.example", &json!({})).await;
    let wrong = [
        ("language", "en_GB"),
        ("timezone_id", "Europe/Paris"),
        ("user_type", "boss"),
        ("account_expires", "02.11.2026"),
        ("email", "nowhere"),
        ("username", "ab"),
    ];
    for (field, value) in wrong {
        let change = json!({ "User": { field: value } });
        assert_eq!(portal.refused(Method::PUT, &format!("/users/{id}"), &change).await.0, 400, "{field}");
    }
    let zones = portal.get("/timezones").await;
    assert!(zones["timezones"].as_array().unwrap().contains(&json!({ "id": "Paris", "name": "Paris" })));
}

#[tokio::test]
async fn each_type_of_custom_field_takes_its_values_and_one_bad_value_decides_as_switched() {
    let portal = Portal::open().await;
    let id = portal.create("ada@acme.example", &json!({})).await;
    let path = format!("/users/{id}");
    let good = json!({ "Employee ID": "7", "Years of service": "2.5", "Employee number": 12, "Department": "R&D, Platform",
                       "Working time": "0.8", "Level": "3", "Hire date": "2026-02-28" });
    portal.send(Method::PUT, &path, &json!({ "User": { "CustomData": good } })).await;
    let bad = [
        ("Years of service", json!("two")),
        ("Employee number", json!("1.5")),
        ("Department", json!("finance")),
        ("Working time", json!("0.80")),
        ("Level", json!("6")),
        ("Hire date", json!("28/02/2026")),
        ("No such field", json!("x")),
    ];
    for (label, value) in &bad {
        let change = json!({ "User": { "first_name": "Never", "CustomData": { *label: value } } });
        assert_eq!(portal.refused(Method::PUT, &path, &change).await.0, 400, "{label}");
    }
    assert_eq!(portal.user(id).await["first_name"], Json::Null);
    portal.sandbox.switch(|switches| switches.bad_custom_value = BadValue::Ignore);
    let change = json!({ "User": { "first_name": "Ada", "CustomData": { "Level": "6", "Job title": "Dean" } } });
    portal.send(Method::PUT, &path, &change).await;
    let user = portal.user(id).await;
    let now = (&user["first_name"], &user["CustomData"]["Level"], &user["CustomData"]["Job title"]);
    assert_eq!(now, (&json!("Ada"), &json!("3"), &json!("Dean")));
}

#[tokio::test]
async fn nobody_is_made_without_mandatory_custom_data_and_it_cannot_be_cleared() {
    let portal = Portal::open().await;
    portal.play(&json!({ "event": "define", "type_id": 1, "label": "Contract", "mandatory": true })).await;
    let bare = json!({ "User": { "email": "ada@acme.example", "password": "long enough" } });
    assert!(portal.refused(Method::POST, "/users", &bare).await.1.contains("Contract"));
    let id = portal.create("ada@acme.example", &json!({ "CustomData": { "Contract": "fixed" } })).await;
    let clear = json!({ "User": { "CustomData": { "Contract": "" } } });
    assert_eq!(portal.refused(Method::PUT, &format!("/users/{id}"), &clear).await.0, 400);
}

#[tokio::test]
async fn lists_come_in_pages_without_custom_data_and_ignore_filters_they_do_not_know() {
    let settings = Settings {
        people: People::Generated { count: 1_200, seed: 1 },
        today: Some(TODAY.parse().unwrap()),
        ..Settings::default()
    };
    let portal = Portal::start(settings).await;
    let mut seen = 0;
    for page in 1..=3 {
        let path = format!("/users?version_id=1.2&group_id=77&page={page}");
        let response = portal.call(Method::GET, &path).send().await.unwrap();
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!((header("LU-Current-Page"), header("LU-Records-Per-Page")), (page.to_string(), "500".to_owned()));
        assert_eq!(header("LU-Has-Next-Page"), if page < 3 { "true" } else { "false" });
        let users: Json = response.json().await.unwrap();
        let users = users["user"].as_array().unwrap().clone();
        seen += users.len();
        assert!(users[0].get("CustomData").is_none() && users[0].get("timezone_id").is_some());
    }
    assert_eq!(seen, 1_201, "an unknown filter leaves nobody out");
    let old = portal.get("/users").await["user"][0].clone();
    assert!(old.get("updated_at").is_none() && old.get("timezone_id").is_none());
    assert!(portal.get("/users?version_id=1.1").await["user"][0].get("updated_at").is_some());
    assert_eq!(portal.get("/users?login_enabled=false").await["user"], json!([]));
}

#[tokio::test]
async fn search_is_exact_has_custom_data_and_answers_404_for_nobody() {
    let portal = Portal::open().await;
    portal.create("ada@acme.example", &json!({ "username": "ada.lee", "CustomData": { "Level": "2" } })).await;
    let found = portal.get("/users/search?email=ADA@acme.example").await;
    assert_eq!(found["user"][0]["CustomData"]["Level"], "2");
    assert_eq!(portal.get("/users/search?username=ada.lee").await["user"].as_array().unwrap().len(), 1);
    assert_eq!(portal.refused(Method::GET, "/users/search?email=ad@acme.example", &json!({})).await.0, 404);
    portal.sandbox.switch(|switches| switches.empty_search = true);
    assert_eq!(portal.get("/users/search?email=ad@acme.example").await["user"], json!([]));
    portal.sandbox.switch(|switches| switches.search_ignores_case = false);
    assert_eq!(portal.get("/users/search?email=ADA@acme.example").await["user"], json!([]));
}

#[tokio::test]
async fn an_address_is_changed_by_id_and_by_the_old_address_and_never_taken_twice() {
    let portal = Portal::open().await;
    let id = portal.create("ada@acme.example", &json!({})).await;
    portal.create("bo@acme.example", &json!({})).await;
    portal.send(Method::PUT, &format!("/users/{id}"), &json!({ "User": { "email": "lee@acme.example" } })).await;
    let rename = json!({ "User": { "email": "lee@acme.example", "new_email": "ada.lee@acme.example" } });
    portal.send(Method::PUT, "/users/0", &rename).await;
    assert_eq!(portal.user(id).await["email"], "ada.lee@acme.example");
    let taken = json!({ "User": { "email": "BO@acme.example" } });
    assert_eq!(portal.refused(Method::PUT, &format!("/users/{id}"), &taken).await.0, 422);
    portal.sandbox.switch(|switches| switches.duplicate_status = 400);
    let twice = json!({ "User": { "email": "bo@acme.example", "password": "long enough" } });
    assert_eq!(portal.refused(Method::POST, "/users", &twice).await.0, 400);
}

#[tokio::test]
async fn an_address_of_the_realm_is_taken_until_the_portal_allows_it() {
    let portal = Portal::with(|switches| switches.realm = ["ada@acme.example".to_owned()].into()).await;
    let user = json!({ "User": { "email": "Ada@acme.example", "password": "long enough" } });
    assert!(portal.refused(Method::POST, "/users", &user).await.1.contains("another portal"));
    portal.sandbox.switch(|switches| switches.allow_realm_users = true);
    portal.send(Method::POST, "/users", &user).await;
}

#[tokio::test]
async fn access_ends_the_day_after_the_last_and_comes_back_with_a_later_one() {
    let portal = Portal::open().await;
    let id = portal.create("ada@acme.example", &json!({ "account_expires": "2026-11-03" })).await;
    portal.play(&json!({ "event": "day", "date": "2026-11-03" })).await;
    assert_eq!(portal.user(id).await["enabled"], true);
    portal.play(&json!({ "event": "day", "date": "2026-11-04" })).await;
    assert_eq!(portal.user(id).await["enabled"], false);
    let again = json!({ "User": { "enabled": true } });
    portal.send(Method::PUT, &format!("/users/{id}"), &again).await;
    assert_eq!(portal.user(id).await["enabled"], false, "the day has passed");
    let later = json!({ "User": { "enabled": true, "account_expires": "" } });
    portal.send(Method::PUT, &format!("/users/{id}"), &later).await;
    assert_eq!(portal.user(id).await["enabled"], true);
}

#[tokio::test]
async fn answers_take_the_forms_that_were_seen() {
    let portal = Portal::with(|switches| {
        switches.keys = ListKeys::Plural;
        switches.misspelt_definitions = true;
        switches.custom_data = CustomDataForm::Values;
        switches.update_answer = UpdateAnswer::Nothing;
    })
    .await;
    let id = portal.create("ada@acme.example", &json!({ "CustomData": { "Level": "2" } })).await;
    let found = portal.get(&format!("/users/{id}")).await;
    assert_eq!(found["users"][0]["customDataFieldValues"], json!([{ "definition_id": 237, "value": "2" }]));
    assert!(found["users"][0].get("CustomData").is_none());
    assert_eq!(found["customDataFieldDefintions"][1]["type_id"], 4);
    let definitions = portal.get("/users/customuserdata").await;
    assert_eq!(definitions["customDataFieldDefintions"].as_array().unwrap().len(), 10);
    assert_eq!(portal.send(Method::PUT, &format!("/users/{id}"), &json!({ "User": {} })).await, json!({}));
}

#[tokio::test]
async fn delete_takes_the_account_and_wrong_keys_and_paths_are_refused() {
    let portal = Portal::open().await;
    let id = portal.create("ada@acme.example", &json!({})).await;
    portal.send(Method::DELETE, &format!("/users/{id}"), &json!({})).await;
    assert_eq!(portal.refused(Method::GET, &format!("/users/{id}"), &json!({})).await.0, 404);
    assert_eq!(told(portal.anonymous(Method::GET, "/users").send().await.unwrap()).await.0, 401);
    assert_eq!(portal.refused(Method::GET, "/people", &json!({})).await.0, 401, "a wrong path looks like wrong keys");
    let page = portal.control(Method::GET, "/nowhere").send().await.unwrap();
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_portal_comes_out_of_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("portal.json");
    let portal = json!({ "user": [{ "id": 7, "email": "ada@acme.example", "locale": "de", "enabled": false }],
                         "groups": [{ "title": "Everyone" }],
                         "customDataFieldDefinitions": [{ "id": 5, "type_id": 1, "label": "Key" }] });
    std::fs::write(&path, portal.to_string()).unwrap();
    let portal = Portal::start(Settings { people: People::File(path), ..Settings::default() }).await;
    let user = portal.user(7).await;
    assert_eq!((&user["locale"], &user["enabled"]), (&json!("de"), &json!(false)));
    assert_eq!(portal.get("/groups").await["groups"][0]["title"], "Everyone");
    assert_eq!(portal.get("/users/customuserdata").await["customDataFieldDefinitions"][0]["label"], "Key");
}
