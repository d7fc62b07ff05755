//! The simulated LearnUpon, over real HTTP: that it behaves as apis/learnupon.md says, and breaks as it is told to.

pub(crate) mod client;
mod faults;
mod groups;
mod invites;
mod users;
mod windows;
