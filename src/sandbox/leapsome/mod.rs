//! Leapsome: the SCIM API by which people are written, the Content API by which their status is read, with their traps, and
//! a control API beside them.
//!
//! What it simulates is in the fact sheet `apis/leapsome.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`] | how it behaves, and what goes wrong |
//! | [`event`] | what can happen in Leapsome by hand |
//! | [`snapshot`] | a user with everything that belongs to them |
//! | `company` | the state: users, teams, custom attributes, the day |
//! | `api` | Leapsome's paths, below `/scim/v1` and `/v1` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `simulation` | what all of them share |

mod api;
mod company;
mod control;
pub mod event;
mod running;
pub mod settings;
mod simulation;
pub mod snapshot;
pub mod switches;

pub use self::company::team::Kind;
pub use self::company::user::Status;
pub use self::company::{Attribute, Mail};
pub use self::event::Event;
pub use self::running::Sandbox;
pub use self::settings::{Keys, Settings, Users};
pub use self::snapshot::{Team, User};
pub use self::switches::Switches;
