//! A client of the sandbox, as an integration would be one.

use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{People, Sandbox, Settings, Switches};
use serde_json::{Value as Json, json};

/// The day that the bundled people are of.
pub(crate) const TODAY: &str = "2026-11-02";

/// A running sandbox, and who calls it.
pub(crate) struct Tenant {
    pub(crate) sandbox: Sandbox,
    client: Client,
}

impl Tenant {
    /// The bundled company, with everybody in the audience.
    pub(crate) async fn open() -> Self {
        Self::with(|switches| switches.audience = Audience::All).await
    }

    /// The bundled company as a new tenant has it, but for what is switched.
    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = settings();
        change(&mut settings.switches);
        Self::start(settings).await
    }

    pub(crate) async fn generated(count: usize, seed: u64) -> Self {
        let mut settings = Settings { people: People::Generated { count, seed }, ..settings() };
        settings.switches.audience = Audience::All;
        Self::start(settings).await
    }

    pub(crate) async fn start(settings: Settings) -> Self {
        let client = http_client();
        Self { sandbox: Sandbox::start(settings).await.unwrap(), client }
    }

    pub(crate) fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.sandbox.switch(change);
    }

    /// A call of a path below `/v1`, by the service user.
    pub(crate) fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let user = self.sandbox.service_user();
        self.anonymous(method, path).basic_auth(&user.id, Some(&user.token))
    }

    /// The same by nobody.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.base_url()))
    }

    /// A call of a path below `/sandbox`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.control_url()))
    }

    /// A good answer to a GET.
    pub(crate) async fn get(&self, path: &str) -> Json {
        let response = self.call(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.json().await.unwrap()
    }

    pub(crate) async fn try_search(&self, body: &Json) -> Response {
        self.call(Method::POST, "/people/search").json(body).send().await.unwrap()
    }

    /// The employees of a good answer.
    pub(crate) async fn search(&self, body: &Json) -> Vec<Json> {
        let response = self.try_search(body).await;
        assert_eq!(response.status(), StatusCode::OK);
        let mut answer: Json = response.json().await.unwrap();
        answer["employees"].as_array_mut().unwrap().drain(..).collect()
    }

    /// One person, with these fields.
    pub(crate) async fn person(&self, id: &str, fields: &[&str]) -> Json {
        let filters = json!([{ "fieldPath": "root.id", "operator": "equals", "values": [id] }]);
        let mut found = self.search(&json!({ "fields": fields, "filters": filters, "showInactive": true })).await;
        assert_eq!(found.len(), 1, "{id}");
        found.remove(0)
    }

    /// Lets something happen through the control API; the answer to it.
    pub(crate) async fn play(&self, event: &Json) -> Json {
        let response = self.control(Method::POST, "/events").json(event).send().await.unwrap();
        let (status, answer) = (response.status(), response.json().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{answer}");
        answer
    }

    /// What is wrong with an event.
    pub(crate) async fn refused(&self, event: &Json) -> String {
        let response = self.control(Method::POST, "/events").json(event).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let answer: Json = response.json().await.unwrap();
        format!("{}; {}", answer["error"].as_str().unwrap(), answer["help"].as_str().unwrap())
    }
}

/// A client that talks to this machine only.
pub(crate) fn http_client() -> Client {
    // Whoever was first has installed the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().unwrap()
}

pub(crate) fn settings() -> Settings {
    Settings { today: Some(TODAY.parse().unwrap()), ..Settings::default() }
}

/// The values of one key.
pub(crate) fn texts(employees: &[Json], key: &str) -> Vec<String> {
    employees.iter().map(|one| one[key].as_str().unwrap_or_default().to_owned()).collect()
}
