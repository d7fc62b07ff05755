//! A server on loopback: started, and stopped when it is dropped.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::SandboxError;

/// How long answers may take to end when it stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// A port of 127.0.0.1 that is held, before anything is answered on it.
#[derive(Debug)]
pub(super) struct Port {
    listener: TcpListener,
    address: SocketAddr,
}

impl Port {
    /// Takes a port; 0 takes any that is free.
    pub(super) async fn take(port: u16) -> Result<Self, SandboxError> {
        let failed = |error| SandboxError::Port { port, error };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// Answers from now on.
    pub(super) fn serve(self, router: Router) -> Serving {
        let Self { listener, address } = self;
        let (running, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(async move {
            // It is told to stop by the other end going away, and it never ends otherwise.
            let stopped = async { drop(stopped.await) };
            let _ = axum::serve(listener, router).with_graceful_shutdown(stopped).await;
        });
        Serving { address, running: Some(running), server }
    }
}

/// A server that answers.
#[derive(Debug)]
pub(super) struct Serving {
    address: SocketAddr,
    /// As long as this is held, it runs.
    running: Option<oneshot::Sender<()>>,
    server: JoinHandle<()>,
}

impl Serving {
    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: answers that are on their way have a moment to end, and the port is free afterwards.
    pub(super) async fn stop(&mut self) {
        self.running = None;
        // Whoever reads slowly is cut off when `self` goes.
        let _ = tokio::time::timeout(PATIENCE, &mut self.server).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        if self.running.take().is_some() {
            self.server.abort();
        }
    }
}
