//! Deliveries signed beforehand, sent over connections that are kept, each answer timed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use sha2::Sha512;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Connections, each with one delivery under way at a time.
const CONNECTIONS: usize = 100;
/// Different deliveries; they come again and again.
const DIFFERENT: usize = 20_000;
/// Whom they are about.
const PEOPLE: usize = 2_000;

/// How deliveries are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rate {
    /// The next one as soon as the last is answered.
    AsFastAsTaken,
    /// So many a second, whether answers come or not. A delivery that must wait for a connection waits from its moment on.
    PerSecond(u32),
}

/// Where deliveries go, and the deliveries.
pub(crate) struct Flood {
    address: SocketAddr,
    path: &'static str,
    deliveries: Vec<(Bytes, String)>,
}

/// What came of them.
pub(crate) struct Answers {
    pub(crate) took: Duration,
    /// How long each took, the quickest first.
    pub(crate) times: Vec<Duration>,
    /// Answers other than 200, and connections that broke.
    pub(crate) refused: usize,
}

impl Flood {
    pub(crate) fn new(address: SocketAddr, path: &'static str, secret: &str) -> Self {
        let key = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).expect("a key may have any length");
        let delivery = |number: usize| {
            let employee = 3_000_000_000_000_000_000 + (number % PEOPLE) as u64;
            let body = format!(
                r#"{{"companyId":700001,"type":"employee.updated","triggeredBy":"system","triggeredAt":"2026-03-02T00:00:04.{number:06}","version":"v2","data":{{"employeeId":"{employee}","fieldUpdates":[{{"id":"work.department"}}]}}}}"#
            );
            let mut mac = key.clone();
            mac.update(body.as_bytes());
            (body.into(), STANDARD.encode(mac.finalize().into_bytes()))
        };
        Self { address, path, deliveries: (0..DIFFERENT).map(delivery).collect() }
    }

    /// Sends for so long, and waits for the last answers.
    pub(crate) async fn send(self: &Arc<Self>, rate: Rate, time: Duration) -> Answers {
        let start = Instant::now();
        let mut connections = JoinSet::new();
        for number in 0..CONNECTIONS {
            let flood = Arc::clone(self);
            connections.spawn(async move { flood.connection(number, rate, start, time).await });
        }
        let mut answers = Answers { took: Duration::ZERO, times: Vec::new(), refused: 0 };
        while let Some(ended) = connections.join_next().await {
            let (times, refused) = ended.expect("a connection does not panic");
            answers.times.extend(times);
            answers.refused += refused;
        }
        answers.took = start.elapsed();
        answers.times.sort_unstable();
        answers
    }

    async fn connection(&self, number: usize, rate: Rate, start: Instant, time: Duration) -> (Vec<Duration>, usize) {
        let (mut times, mut refused) = (Vec::new(), 0);
        let mut sender = self.connect().await;
        for turn in (number..).step_by(CONNECTIONS) {
            let asked = match rate {
                Rate::AsFastAsTaken => Instant::now(),
                Rate::PerSecond(rate) => start + Duration::from_nanos(1_000_000_000 / u64::from(rate) * turn as u64),
            };
            if asked >= start + time {
                break;
            }
            tokio::time::sleep_until(asked.into()).await;
            match self.deliver(&mut sender, turn).await {
                Some(StatusCode::OK) => times.push(asked.elapsed()),
                Some(_) => refused += 1,
                None => {
                    refused += 1;
                    sender = self.connect().await;
                }
            }
        }
        (times, refused)
    }

    async fn connect(&self) -> SendRequest<Full<Bytes>> {
        let stream = TcpStream::connect(self.address).await.expect("the server takes connections");
        stream.set_nodelay(true).expect("a socket takes an option");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("the server speaks HTTP");
        tokio::spawn(connection);
        sender
    }

    /// One delivery; nothing if the connection broke.
    async fn deliver(&self, sender: &mut SendRequest<Full<Bytes>>, turn: usize) -> Option<StatusCode> {
        let (body, signature) = &self.deliveries[turn % DIFFERENT];
        let request = Request::post(self.path).header("Host", "bench").header("Bob-Signature", signature);
        let request = request.body(Full::new(body.clone())).expect("a request is well formed");
        sender.ready().await.ok()?;
        let answer = sender.send_request(request).await.ok()?;
        let status = answer.status();
        answer.into_body().collect().await.ok()?;
        Some(status)
    }
}
