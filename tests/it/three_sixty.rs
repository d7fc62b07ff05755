//! 360Learning as the target: the real connector against the sandbox, over real sockets.

mod check;
mod contract;
mod failures;
mod finding;
mod groups;
mod people;
mod platform;
mod rate;
mod reading;
mod story;
