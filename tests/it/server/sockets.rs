//! What HTTP clients never do, and others do.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use rollbook::server::Limits;

use super::served::{PATH, SECRET, Served, event, sign};

/// A short patience, so that a test need not have a long one.
fn impatient() -> Limits {
    Limits { head: Duration::from_millis(300), body: Duration::from_millis(300), ..Limits::default() }
}

/// A connection that does as it is told.
struct Raw(TcpStream);

impl Raw {
    fn open(served: &Served) -> Self {
        let stream = TcpStream::connect(served.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        Self(stream)
    }

    fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// Everything that comes until the server closes, which it must.
    async fn answer(mut self) -> String {
        tokio::task::spawn_blocking(move || {
            let mut text = Vec::new();
            // A reset is an end too: the server need not read what it has refused.
            let _ = self.0.read_to_end(&mut text);
            assert!(self.0.take_error().unwrap().is_none());
            String::from_utf8(text).unwrap()
        })
        .await
        .unwrap()
    }
}

/// The head of a signed delivery whose body has so many bytes.
fn head(body: &str, length: usize) -> String {
    let signature = sign(SECRET, body.as_bytes());
    format!("POST {PATH} HTTP/1.1\r\nHost: x\r\nBob-Signature: {signature}\r\nContent-Length: {length}\r\n\r\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_breaks_off_is_not_saved() {
    let served = Served::start().await;
    let body = event("employee.updated", "7");
    let cut = Raw::open(&served).send(head(&body, body.len())).send(&body[..100]);
    cut.0.shutdown(Shutdown::Write).unwrap();
    let answer = cut.answer().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");
    drop(Raw::open(&served).send(head(&body, body.len())).send(&body[..100]));
    assert_eq!(served.deliver(event("employee.updated", "8")).await, 200);
    assert_eq!(served.deliveries().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_does_not_come_is_answered_and_not_waited_for() {
    let served = Served::with(impatient()).await;
    let body = event("employee.updated", "7");
    let answer = Raw::open(&served).send(head(&body, body.len())).send(&body[..100]).answer().await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    served.expect_nothing_saved();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_does_not_come_ends_its_connection() {
    let served = Served::with(impatient()).await;
    let answer = Raw::open(&served).send(format!("POST {PATH} HTTP/1.1\r\nHost:")).answer().await;
    assert!(!answer.contains("200"), "{answer}");
    let silent = Raw::open(&served).answer().await;
    assert_eq!(silent, "", "nobody holds a connection without a word");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_declared_too_large_is_refused_before_it_comes() {
    let served = Served::start().await;
    let answer = Raw::open(&served).send(head("", (1 << 20) + 1)).answer().await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_without_end_and_what_is_no_http_are_refused() {
    let served = Served::start().await;
    let endless = format!("POST {PATH} HTTP/1.1\r\nX: {}", "x".repeat(40_000));
    let answer = Raw::open(&served).send(endless).answer().await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    for strange in ["\0\u{1}\u{2}\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let answer = Raw::open(&served).send(strange).answer().await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    served.expect_nothing_saved();
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_beyond_the_limit_wait_until_another_ends() {
    let served = Served::with(Limits { connections: 2, ..Limits::default() }).await;
    let (one, another) = (Raw::open(&served), Raw::open(&served));
    let mut third = Raw::open(&served).send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    third.0.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(third.0.read(&mut [0; 8]).is_err(), "nothing is answered while both places are taken");
    third.0.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    drop(one);
    assert!(third.answer().await.starts_with("HTTP/1.1 200"));
    drop(another);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_who_never_finish_do_not_keep_one_who_does() {
    let served = Served::start().await;
    let body = event("employee.updated", "7");
    let slow: Vec<Raw> = (0..200).map(|_| Raw::open(&served).send(head(&body, body.len())).send(&body[..50])).collect();
    assert_eq!(served.deliver(body).await, 200);
    drop(slow);
}
