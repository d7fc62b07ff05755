//! HiBob: the paths that Rollbook reads from, with their traps, and a control API beside them that makes things happen.
//!
//! What it simulates is in the fact sheet `apis/hibob.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`], [`faults`] | how it behaves, and what goes wrong |
//! | [`event`] | what can happen in the company |
//! | `tenant` | the company: fields, lists, people, days |
//! | `api` | HiBob's paths, below `/v1` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `webhook` | signed, in order, repeated |
//! | `simulation` | what all of them share |

mod api;
mod control;
pub mod event;
pub mod faults;
mod running;
pub mod settings;
mod simulation;
pub mod switches;
mod tenant;
mod webhook;

pub use self::event::{Event, Played};
pub use self::running::Sandbox;
pub use self::settings::{People, ServiceUser, Settings};
pub use self::switches::Switches;
pub use self::webhook::{Attempt, Delivery, DeliveryState};
