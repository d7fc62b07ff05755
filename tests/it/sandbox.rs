//! The sandbox, over real HTTP: that it behaves as apis/hibob.md says HiBob does, and breaks as it is told to.

mod client;
mod faults;
mod gate;
mod learnupon;
mod metadata;
mod permission;
mod program;
mod search;
mod story;
mod webhooks;
