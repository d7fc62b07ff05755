//! A client of the simulated portal, as an integration would be one.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use rollbook::sandbox::learnupon::{Sandbox, Settings, Switches};
use serde_json::{Value as Json, json};

use crate::sandbox::client::http_client;

/// The portal's day.
pub(crate) const TODAY: &str = "2026-11-02";

/// A running portal, and who calls it.
pub(crate) struct Portal {
    pub(crate) sandbox: Sandbox,
    client: Client,
}

impl Portal {
    /// A portal with its admin alone.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    /// The same, but for what is switched.
    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = Settings { today: Some(TODAY.parse().unwrap()), ..Settings::default() };
        change(&mut settings.switches);
        Self::start(settings).await
    }

    pub(crate) async fn start(settings: Settings) -> Self {
        let client = http_client();
        Self { sandbox: Sandbox::start(settings).await.unwrap(), client }
    }

    /// A call of a path below `/api/v1`, with the keys.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let keys = self.sandbox.keys();
        self.anonymous(method, path).basic_auth(&keys.username, Some(&keys.password))
    }

    /// The same without keys.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v1{path}", self.sandbox.base_url()))
    }

    /// A call of a path below `/sandbox`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.control_url()))
    }

    /// A good answer to a GET.
    pub(crate) async fn get(&self, path: &str) -> Json {
        good(self.call(Method::GET, path).send().await.unwrap()).await
    }

    /// A good answer to a body.
    pub(crate) async fn send(&self, method: Method, path: &str, body: &Json) -> Json {
        good(self.call(method, path).json(body).send().await.unwrap()).await
    }

    /// The status and the message of an error.
    pub(crate) async fn refused(&self, method: Method, path: &str, body: &Json) -> (u16, String) {
        told(self.call(method, path).json(body).send().await.unwrap()).await
    }

    /// A user of an address, with more fields.
    pub(crate) async fn create(&self, email: &str, more: &Json) -> u64 {
        let mut user = json!({ "email": email, "password": "not a good one" });
        user.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.send(Method::POST, "/users", &json!({ "User": user })).await["id"].as_u64().unwrap()
    }

    /// One user as the API shows them.
    pub(crate) async fn user(&self, id: u64) -> Json {
        self.get(&format!("/users/{id}")).await["user"][0].clone()
    }

    /// Lets something happen through the control API.
    pub(crate) async fn play(&self, event: &Json) -> Json {
        good(self.control(Method::POST, "/events").json(event).send().await.unwrap()).await
    }
}

async fn good(response: Response) -> Json {
    let (status, text) = (response.status(), response.text().await.unwrap());
    assert_eq!(status, StatusCode::OK, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// What an error says, which is always in the same form (apis/learnupon.md §1).
pub(crate) async fn told(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Json = response.json().await.unwrap();
    assert_eq!((&body["response_type"], body["response_code"].is_u64()), (&json!("ERROR"), true));
    (status, body["message"].as_str().unwrap().to_owned())
}
