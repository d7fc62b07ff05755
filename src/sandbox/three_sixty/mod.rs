//! 360Learning: the paths of API v2 that keep people in step, with their traps, and a control API beside them.
//!
//! What it simulates is in the fact sheet `apis/360learning.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`] | how it behaves, and what goes wrong |
//! | [`change`] | what an administrator does by hand |
//! | [`snapshot`] | a user with everything that belongs to them |
//! | `company` | the state: users, groups, custom fields, mappings, bulk operations |
//! | `api` | 360Learning's paths, below `/api/v2` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `simulation` | what all of them share |

mod api;
pub mod change;
mod company;
mod control;
mod running;
pub mod settings;
mod simulation;
pub mod snapshot;
pub mod switches;

pub use self::change::Change;
pub use self::running::Sandbox;
pub use self::settings::{Client, Settings, Users};
pub use self::snapshot::User;
pub use self::switches::Switches;
