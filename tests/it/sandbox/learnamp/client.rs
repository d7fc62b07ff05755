//! A client of the simulated Learn Amp, as an integration would be one.

use reqwest::{Client, Method, RequestBuilder, Response};
use rollbook::sandbox::learnamp::switches::SCOPES;
use rollbook::sandbox::learnamp::{Sandbox, Settings, Switches};
use serde_json::{Value as Json, json};

use crate::sandbox::client::http_client;

/// What was answered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Json,
    response_headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let (status, response_headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Self { status, body: serde_json::from_str(&text).unwrap_or(Json::Null), response_headers }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.response_headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn id(&self) -> u64 {
        assert!(self.status < 300, "{:?}", self.body);
        self.body["id"].as_u64().unwrap()
    }

    /// The addresses of a list of users.
    pub(crate) fn addresses(&self) -> Vec<&str> {
        self.body["users"].as_array().unwrap().iter().map(|user| user["email"].as_str().unwrap()).collect()
    }
}

/// A running sandbox, and who calls it with every scope.
pub(crate) struct Account {
    pub(crate) sandbox: Sandbox,
    client: Client,
    token: String,
}

impl Account {
    /// The Owner alone, and no limit.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = Settings::default();
        settings.switches.calls_per_second = 0;
        change(&mut settings.switches);
        let sandbox = Sandbox::start(settings).await.unwrap();
        let mut account = Self { sandbox, client: http_client(), token: String::new() };
        let withheld = account.sandbox.switches().withhold_scopes;
        let scopes: Vec<&str> = SCOPES.into_iter().filter(|scope| !withheld.contains(*scope)).collect();
        account.token = account.ask(Some(&scopes.join(" "))).await.body["access_token"].as_str().unwrap().to_owned();
        account
    }

    /// Asks for a token with scopes.
    pub(crate) async fn ask(&self, scope: Option<&str>) -> Answer {
        let key = self.sandbox.key();
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", key.id.as_str()),
            ("client_secret", key.secret.as_str()),
        ];
        form.extend(scope.map(|scope| ("scope", scope)));
        self.ask_with(&form).await
    }

    pub(crate) async fn ask_with(&self, form: &[(&str, &str)]) -> Answer {
        Answer::of(self.form(self.bare(Method::POST, "/oauth/token"), form).send().await.unwrap()).await
    }

    /// A body as a form.
    pub(crate) fn form(&self, call: RequestBuilder, form: &[(&str, &str)]) -> RequestBuilder {
        let mut url = reqwest::Url::parse("http://form").unwrap();
        url.query_pairs_mut().extend_pairs(form);
        call.header("content-type", "application/x-www-form-urlencoded").body(url.query().unwrap().to_owned())
    }

    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.base_url()))
    }

    /// A call of a path below `/v1`.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("/v1{path}")).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.call(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        Answer::of(self.call(Method::POST, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Answer {
        Answer::of(self.call(Method::PUT, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> u16 {
        self.call(Method::DELETE, path).send().await.unwrap().status().as_u16()
    }

    /// Somebody new who is not invited, with more fields than the names; the id.
    pub(crate) async fn create(&self, email: &str, more: Json) -> u64 {
        let mut body = new_user(email);
        body["skipInvitation"] = json!(true);
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post("/users", &body).await.id()
    }

    /// Changes fields, with the names that go with every update.
    pub(crate) async fn change(&self, id: u64, email: &str, more: Json) -> Answer {
        let mut body = new_user(email);
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.put(&format!("/users/{id}"), &body).await
    }

    pub(crate) async fn team(&self, body: Json) -> u64 {
        self.post("/teams", &body).await.id()
    }

    /// A call of a path below `/sandbox`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.control_url()))
    }
}

/// The least that a new user needs.
pub(crate) fn new_user(email: &str) -> Json {
    json!({ "email": email, "firstName": "Ada", "lastName": "Koch" })
}
