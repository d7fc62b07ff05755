//! A client of the simulated Leapsome, as an integration would be one.

use reqwest::{Client, Method, RequestBuilder, Response};
use rollbook::sandbox::leapsome::{Sandbox, Settings, Switches, User, Users};
use serde_json::{Value as Json, json};

use crate::sandbox::client::http_client;

/// The company's day.
pub(crate) const TODAY: &str = "2026-11-02";

/// The extension that holds what work is like.
pub(crate) const WORK: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// A custom attribute that the bundled company begins with.
pub(crate) const SENIORITY: &str = "66aa00000000000000000002";

/// What was answered.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
    pub(crate) body: Json,
}

impl Answer {
    pub(crate) async fn of(response: Response) -> Self {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        Self { status, body: serde_json::from_str(&text).unwrap_or(Json::Null), text }
    }

    pub(crate) fn id(&self) -> String {
        self.body["id"].as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

/// A running sandbox, and who calls it.
pub(crate) struct Company {
    pub(crate) sandbox: Sandbox,
    client: Client,
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
        (settings.switches.scim_per_second, settings.switches.content_per_second) = (0, 0);
        change(&mut settings.switches);
        Self { sandbox: Sandbox::start(settings).await.unwrap(), client: http_client() }
    }

    /// A call of any path, without credentials.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.base_url()))
    }

    /// A call of a path below `/scim/v1`.
    pub(crate) fn scim(&self, method: Method, path: &str) -> RequestBuilder {
        self.bare(method, &format!("/scim/v1{path}")).bearer_auth(&self.sandbox.keys().token)
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        Answer::of(self.scim(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn tell(&self, method: Method, path: &str, body: &Json) -> Answer {
        Answer::of(self.scim(method, path).json(body).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Json) -> Answer {
        self.tell(Method::POST, path, body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Json) -> Answer {
        self.tell(Method::PATCH, path, body).await
    }

    /// Somebody new with an external id; their id.
    pub(crate) async fn create(&self, address: &str, external: &str) -> String {
        let name = json!({ "givenName": "Ada", "familyName": "Novak" });
        let answer = self.post("/Users", &json!({ "userName": address, "externalId": external, "name": name })).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.id()
    }

    /// Other values of what work is like, by id and address.
    pub(crate) async fn work(&self, id: &str, address: &str, work: &Json) -> Answer {
        let answer = self.patch(&format!("/Users/{id}"), &json!({ "userName": address, WORK: work })).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    /// A token of the Content API.
    pub(crate) async fn token(&self) -> String {
        let path = format!("/v1/token?secret={}", self.sandbox.keys().api_secret);
        let answer = Answer::of(self.bare(Method::GET, &path).send().await.unwrap()).await;
        answer.body["token"].as_str().unwrap().to_owned()
    }

    /// Employees by a query.
    pub(crate) async fn employees(&self, query: &str) -> Answer {
        let call = self.bare(Method::GET, &format!("/v1/employees{query}")).bearer_auth(self.token().await);
        Answer::of(call.send().await.unwrap()).await
    }

    /// A call of a path below `/sandbox`.
    pub(crate) fn control(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.sandbox.control_url()))
    }

    /// Lets something happen through the control API.
    pub(crate) async fn play(&self, event: &Json) -> Answer {
        let answer = Answer::of(self.control(Method::POST, "/events").json(event).send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    }

    /// Somebody with everything.
    pub(crate) fn user(&self, name: &str) -> User {
        self.sandbox.user(name).unwrap_or_else(|| panic!("nobody is {name}"))
    }
}
