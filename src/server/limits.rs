//! What strangers may take of this machine.

use std::time::Duration;

/// How many at once, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; others wait in the system's queue.
    pub connections: usize,
    /// How long the head of a request may take, and how long a connection may be idle.
    pub head: Duration,
    /// How long a body may take.
    pub body: Duration,
    /// How many deliveries may wait to be saved; the next one is turned away.
    pub waiting: usize,
    /// How long a delivery may wait to be saved.
    pub saving: Duration,
    /// How long answers may take once the server stops.
    pub farewell: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 1_024,
            head: Duration::from_secs(15),
            // HiBob itself is not known to wait for longer than ten seconds (apis/hibob.md §5.6).
            body: Duration::from_secs(10),
            waiting: 8_192,
            saving: Duration::from_secs(8),
            farewell: Duration::from_secs(10),
        }
    }
}
