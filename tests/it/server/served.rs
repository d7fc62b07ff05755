//! A server with one recipe or two, and HiBob as it calls them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Client, RequestBuilder, Response};
use rollbook::connector::secrets::Secrets;
use rollbook::metrics::Metrics;
use rollbook::server::connections::serve;
use rollbook::server::intake::Intake;
use rollbook::server::router::Gateway;
use rollbook::server::{Hooks, Limits};
use rollbook::stage::service::{Events, RealTime};
use rollbook::store::Store;
use serde_json::json;
use sha2::Sha512;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// What HiBob signs with here.
pub(crate) const SECRET: &str = "bob-demo-secret";
/// Where `acme` is called.
pub(crate) const PATH: &str = "/hooks/acme";

/// A running server on a database of its own.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) gateway: Gateway,
    pub(crate) metrics: Metrics,
    pub(crate) client: Client,
    folder: TempDir,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl Served {
    /// With the recipe `acme`, which counts everything at once.
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default()).await
    }

    pub(crate) async fn with(limits: Limits) -> Self {
        let served = Self::closed(limits).await;
        served.open(&[("acme", PATH, Events::All)]);
        served
    }

    /// Before the recipes have been read.
    pub(crate) async fn closed(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("BOB"), SECRET).unwrap();
        let store = Store::open(&format!("sqlite://{}", folder.path().join("state.db").display())).await.unwrap();
        let (intake, _) = Intake::start(store.clone(), &limits);
        let metrics = Metrics::new();
        let gateway = Gateway::new(store, intake, metrics.clone(), &limits);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let router = gateway.router();
        let server = tokio::spawn(async move { serve(listener, router, &limits, async { drop(stopped.await) }).await });
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self { address, gateway, metrics, client, folder, stop, server }
    }

    /// Serves these recipes from now on: name, path, and which events count.
    pub(crate) fn open(&self, recipes: &[(&str, &str, Events)]) {
        let section = |path: &str, events: &Events| RealTime {
            path: path.to_owned(),
            secret: "BOB".to_owned(),
            settle: Duration::ZERO,
            events: events.clone(),
        };
        let recipes: Vec<(Arc<str>, RealTime)> =
            recipes.iter().map(|(name, path, events)| ((*name).into(), section(path, events))).collect();
        let secrets = Secrets::new(Some(self.folder.path().to_owned()));
        let hooks = Hooks::of(recipes.iter().map(|(name, section)| (name, Some(section))), &secrets);
        self.gateway.open(hooks.unwrap());
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A signed delivery to `acme`.
    pub(crate) fn delivery(&self, body: impl Into<Vec<u8>>) -> RequestBuilder {
        let body = body.into();
        self.client.post(self.url(PATH)).header("Bob-Signature", sign(SECRET, &body)).body(body)
    }

    /// Delivers, and gives the status.
    pub(crate) async fn deliver(&self, body: impl Into<Vec<u8>>) -> u16 {
        self.delivery(body).send().await.unwrap().status().as_u16()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    /// Stops the server, and waits until it has ended.
    pub(crate) async fn stop(self) -> TempDir {
        drop(self.stop);
        self.server.await.unwrap();
        self.folder
    }

    /// Deliveries in the database: recipe, type, employee.
    pub(crate) fn deliveries(&self) -> Vec<(String, String, Option<String>)> {
        self.rows("SELECT recipe, kind, employee FROM deliveries ORDER BY id", |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
    }

    /// Who is due: recipe, employee, marks.
    pub(crate) fn due(&self) -> Vec<(String, String, i64)> {
        self.rows("SELECT recipe, employee, marks FROM due ORDER BY recipe, employee", |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
    }

    /// Expects that nothing was written.
    #[track_caller]
    pub(crate) fn expect_nothing_saved(&self) {
        assert_eq!((self.deliveries().len(), self.due().len()), (0, 0));
    }

    fn rows<T>(&self, sql: &str, read: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>) -> Vec<T> {
        let database = rusqlite::Connection::open(self.folder.path().join("state.db")).unwrap();
        let mut statement = database.prepare(sql).unwrap();
        statement.query_map([], |row| read(row)).unwrap().map(Result::unwrap).collect()
    }
}

/// `Bob-Signature` of a body (apis/hibob.md §5.3).
pub(crate) fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    STANDARD.encode(mac.finalize().into_bytes())
}

/// A body of version 2.
pub(crate) fn event(kind: &str, employee: &str) -> String {
    json!({
        "companyId": 700_001,
        "type": kind,
        "triggeredBy": "system",
        "triggeredAt": "2026-03-02T00:00:04.120331",
        "version": "v2",
        "data": { "employeeId": employee },
    })
    .to_string()
}
