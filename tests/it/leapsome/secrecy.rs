//! The token, the API secret in its address, and pay reach no error, no log and no file.

use rollbook::connector::Target as _;
use rollbook::sandbox::faults::Then;
use serde_json::json;

use super::office::*;

/// What must be seen nowhere.
fn is_clean(text: &str) {
    for secret in [TOKEN, API_SECRET, "scim-5d41", "api-7d79"] {
        assert!(!text.contains(secret), "a secret is in: {text}");
    }
}

#[tokio::test]
async fn whatever_goes_wrong_with_the_content_api_the_secret_in_its_address_is_told_nowhere() {
    let fates = [
        Then::Refuse { status: 401, code: "no".to_owned() },
        Then::Refuse { status: 403, code: "no".to_owned() },
        Then::Refuse { status: 404, code: "no".to_owned() },
        Then::Refuse { status: 400, code: format!("secret {API_SECRET}") },
    ];
    for then in fates {
        let office = Office::open().await;
        let target = office.target_with_content();
        office.hit("GET /v1/token", then);
        let error = target.accounts().await.unwrap_err();
        is_clean(&format!("{error:?} {error} {} {target:?}", error.help()));
    }
    let office = Office::open().await;
    let nowhere = json!({ "credentials": { "token": "LEAPSOME_SCIM_TOKEN", "api_secret": "LEAPSOME_API_SECRET" },
        "content_base_url": "http://127.0.0.1:9/v1" });
    let target = office.open_target(nowhere).unwrap();
    let error = target.accounts().await.unwrap_err();
    is_clean(&format!("{error:?} {error} {}", error.help()));
}

#[tokio::test]
async fn secrets_with_what_comes_from_copying_are_refused_without_being_told() {
    let office = Office::open().await;
    for (name, secret) in
        [("A", format!("Bearer {TOKEN}")), ("B", format!("\"{TOKEN}\"")), ("C", format!("{TOKEN}\u{200b}"))]
    {
        let error = office.with_secret(name, &secret).unwrap_err();
        assert!(
            error.to_string().contains(&format!("`{name}`")) && error.help().contains("copy it again"),
            "{error:?}"
        );
        is_clean(&format!("{error:?}"));
    }
}
