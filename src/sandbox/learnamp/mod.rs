//! Learn Amp: the paths of its API that keep people and teams in step, with their traps, and a control API beside them.
//!
//! What it simulates is in the fact sheet `apis/learnamp.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`] | how it behaves, and what goes wrong |
//! | [`change`] | what an administrator does by hand |
//! | `account` | the state: users, teams, custom fields, mails |
//! | `api` | Learn Amp's paths: tokens, and everything below `/v1` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `simulation` | what all of them share |

mod account;
mod api;
pub mod change;
mod control;
mod running;
pub mod settings;
mod simulation;
pub mod switches;

pub use self::account::{Mail, Status, Team, User};
pub use self::change::Change;
pub use self::running::Sandbox;
pub use self::settings::{Key, People, Settings};
pub use self::switches::Switches;
