//! A client of the simulated 360Learning, as an integration would be one.

use reqwest::{Client, Method, RequestBuilder, Response};
use rollbook::sandbox::three_sixty::{Sandbox, Settings, Switches, User, Users};
use serde_json::{Value as Json, json};

use crate::sandbox::client::http_client;

/// The day of the company.
pub(crate) const TODAY: &str = "2026-11-02";

/// The ids that the bundled company begins with.
pub(crate) const ROOT: &str = "65aa00000000000000000001";
pub(crate) const EVERYBODY: &str = "65aa00000000000000000002";
pub(crate) const DEPARTMENTS: &str = "65aa00000000000000000003";
/// Public, below `DEPARTMENTS`, which is private.
pub(crate) const ENGINEERING: &str = "65aa00000000000000000004";
pub(crate) const OWNER: &str = "65bb00000000000000000001";
/// A custom field with a closed list.
pub(crate) const SITE: &str = "65cc00000000000000000001";
pub(crate) const DEPARTMENT: &str = "65cc00000000000000000002";
/// A custom field that holds dates.
pub(crate) const START_DATE: &str = "65cc00000000000000000005";

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Json,
    pub(crate) link: Option<String>,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let text = response.text().await.unwrap();
        Self { status, body: serde_json::from_str(&text).unwrap_or(Json::Null), link }
    }

    /// Status and code, of an error in the shape with an object.
    pub(crate) fn code(&self) -> (u16, &str) {
        (self.status, self.body["error"]["code"].as_str().unwrap_or_default())
    }

    pub(crate) fn id(&self) -> String {
        self.body["_id"].as_str().unwrap().to_owned()
    }
}

/// A running sandbox, and who calls it.
pub(crate) struct Company {
    pub(crate) sandbox: Sandbox,
    client: Client,
    token: String,
}

impl Company {
    /// The bundled company without limits.
    pub(crate) async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Switches)) -> Self {
        Self::of(Users::None, change).await
    }

    pub(crate) async fn of(users: Users, change: impl FnOnce(&mut Switches)) -> Self {
        let mut settings = Settings { users, today: Some(TODAY.parse().unwrap()), ..Settings::default() };
        settings.switches.reads_per_second = 0;
        settings.switches.writes_per_second = 0;
        settings.switches.bulk_wait_ms = 0;
        change(&mut settings.switches);
        let mut company =
            Self { sandbox: Sandbox::start(settings).await.unwrap(), client: http_client(), token: String::new() };
        company.token = company.new_token().await;
        company
    }

    pub(crate) async fn new_token(&self) -> String {
        let client = self.sandbox.credentials();
        let body =
            json!({ "grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret });
        let answer = Answer::of(self.bare(Method::POST, "/oauth2/token").json(&body).send().await.unwrap()).await;
        answer.body["access_token"].as_str().unwrap().to_owned()
    }

    /// A call of a path below `/api/v2`, without any header.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/api/v2{path}", self.sandbox.base_url()))
    }

    /// The same with token and version.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, path).bearer_auth(&self.token).header("360-api-version", "v2.0")
    }

    pub(crate) async fn call(&self, method: Method, path: &str) -> Answer {
        Answer::of(self.request(method, path).send().await.unwrap()).await
    }

    pub(crate) async fn tell(&self, method: Method, path: &str, body: &Json) -> Answer {
        Answer::of(self.request(method, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path).await
    }

    pub(crate) async fn put(&self, path: &str, body: &Json) -> Answer {
        self.tell(Method::PUT, path, body).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        self.tell(Method::POST, path, body).await
    }

    /// Every page from a path on: how many there were, and what was on them.
    pub(crate) async fn pages(&self, path: &str) -> (usize, Vec<Json>) {
        let mut answer = self.get(path).await;
        let (mut pages, mut all) = (1, answer.body.as_array().unwrap().clone());
        while let Some(link) = answer.link.take() {
            let next = link.strip_prefix('<').unwrap().strip_suffix(">; rel=\"next\"").unwrap();
            let path = next.strip_prefix(&format!("{}/api/v2", self.sandbox.base_url())).unwrap();
            answer = self.get(path).await;
            all.extend(answer.body.as_array().unwrap().clone());
            pages += 1;
        }
        (pages, all)
    }

    /// Somebody new in the default group; the id.
    pub(crate) async fn create(&self, mail: &str) -> String {
        let answer = self.post("/users?sendInvitationEmail=false", &new_user(mail)).await;
        assert_eq!(answer.status, 201, "{:?}", answer.body);
        answer.id()
    }

    pub(crate) async fn delete(&self, user: &str) {
        assert_eq!(self.call(Method::DELETE, &format!("/users/{user}")).await.status, 204);
    }

    /// A call of a path below `/sandbox`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.control_url()))
    }

    /// Somebody with everything.
    pub(crate) fn user(&self, id: &str) -> User {
        self.sandbox.users().into_iter().find(|user| user.id == id).unwrap()
    }
}

/// The least that a new user needs.
pub(crate) fn new_user(mail: &str) -> Json {
    json!({ "mail": mail, "membership": { "groupId": EVERYBODY, "role": "learner" } })
}
