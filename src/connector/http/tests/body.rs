//! Bodies that are read by a thread outside of the runtime.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use reqwest::Client;
use tokio::runtime::Runtime;

use super::super::body::reader;

/// The start of an answer from a service that then says nothing more, and the connection on which it could.
async fn begun() -> (reqwest::Response, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let service = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut asked = [0; 1024];
        assert!(connection.read(&mut asked).unwrap() > 0);
        connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\nhalf").unwrap();
        connection
    });
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = Client::builder().no_proxy().read_timeout(Duration::from_secs(600)).build().unwrap();
    let answer = client.get(format!("http://{address}")).send().await.unwrap();
    (answer, service.join().unwrap())
}

#[test]
fn a_reader_is_given_the_whole_body_and_then_its_end() {
    let runtime = Runtime::new().unwrap();
    let (reader, mut service) = runtime.block_on(async {
        let (answer, service) = begun().await;
        (reader(answer), service)
    });
    service.write_all(b" way").unwrap();
    assert_eq!(std::io::read_to_string(reader).unwrap(), "half way");
}

#[test]
fn a_reader_of_a_run_that_is_over_ends_with_an_error() {
    let runtime = Runtime::new().unwrap();
    let (mut reader, _service) = runtime.block_on(async {
        let (answer, service) = begun().await;
        (reader(answer), service)
    });
    let mut half = [0; 4];
    reader.read_exact(&mut half).unwrap();
    assert_eq!(&half, b"half");
    let waiting = thread::spawn(move || reader.read(&mut half).map_err(|error| error.kind()));
    drop(runtime);
    assert_eq!(waiting.join().expect("no panic"), Err(std::io::ErrorKind::ConnectionReset));
}
