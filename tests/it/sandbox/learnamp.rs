//! The simulated Learn Amp, over real HTTP: that it behaves as apis/learnamp.md says, and breaks as it is told to.

pub(crate) mod client;
mod gate;
mod life;
mod teams;
mod users;
