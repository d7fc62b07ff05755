//! What the world calls: HiBob's webhooks, health and metrics.
//!
//! A delivery is taken in this order: a body of bounded size, its signature over the raw bytes, JSON, the schema, and one
//! transaction that it shares with all that wait. It is answered after the commit, and whom it is about is due: see
//! `run` for what follows.
//!
//! Reading order: [`connections`] (sockets), [`router`] (from request to answer), `hooks` (paths), `body`, `signature`,
//! `payload`, [`intake`] (the group commit), `reply`, `health`.

mod body;
pub mod connections;
mod health;
mod hooks;
pub mod intake;
mod payload;
mod reply;
pub mod router;
mod signature;

pub use hooks::{HookError, Hooks};
