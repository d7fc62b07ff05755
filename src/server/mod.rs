//! What the world calls: HiBob's webhooks, health and metrics.
//!
//! A delivery is taken in this order: a body of bounded size, its signature over the raw bytes, JSON, the schema, and one
//! transaction that it shares with all that wait. It is answered after the commit, and whom it is about is due: see
//! `run` for what follows.
//!
//! Reading order: [`connections`] (sockets), [`router`] (from request to answer), `hooks` (paths), `body`, `signature`,
//! `payload`, [`intake`] (the group commit), `reply`, `health`; [`Limits`] for all of them. Then who works: [`serve()`] (the
//! whole), `crews` (who works on which recipe), `served` (a recipe), `worker` (people), `timetable` (full syncs), `pause`,
//! `notifier` (what people are told).

mod body;
pub mod connections;
mod crews;
mod health;
mod hooks;
pub mod intake;
mod limits;
mod mailroom;
mod notifier;
mod pause;
mod payload;
mod recipes;
mod reply;
pub mod router;
mod serve;
mod served;
mod signals;
mod signature;
mod timetable;
mod worker;

pub use hooks::{HookError, Hooks};
pub use limits::Limits;
pub use recipes::ReadError;
pub use serve::{Recipes, ServeError, Settings, serve};
