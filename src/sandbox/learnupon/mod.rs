//! LearnUpon: the paths of one portal that Rollbook calls, with their traps, and a control API beside them that makes
//! things happen.
//!
//! What it simulates is in the fact sheet `apis/learnupon.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`], [`faults`] | how it behaves, and what goes wrong |
//! | [`event`] | what can happen in the portal by hand |
//! | `portal` | users, groups, invitations, custom user data, mails |
//! | `api` | LearnUpon's paths, below `/api/v1` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `simulation` | what all of them share |

mod api;
mod control;
pub mod event;
pub mod faults;
mod portal;
mod running;
pub mod settings;
mod simulation;
pub mod switches;

pub use self::event::Event;
pub use self::portal::{Definition, Group, GroupManager, Invite, InviteStatus, Mail, MailKind, Membership, Rule, User};
pub use self::running::Sandbox;
pub use self::settings::{Keys, People, Settings};
pub use self::switches::Switches;
