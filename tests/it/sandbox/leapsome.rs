//! The simulated Leapsome, over real HTTP: that it behaves as apis/leapsome.md says, and breaks as it is told to.

pub(crate) mod client;
mod content;
mod faults;
mod gate;
mod groups;
mod life;
mod users;
