//! The sandboxes, over real HTTP: that they behave as the fact sheets say the services do, and break as they are told to.

pub(crate) mod client;
mod faults;
mod gate;
pub(crate) mod leapsome;
pub(crate) mod learnamp;
mod learnupon;
mod metadata;
mod permission;
mod program;
mod search;
mod story;
pub(crate) mod three_sixty;
mod webhooks;
