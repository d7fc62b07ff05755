//! Learn Amp as the target: the real connector against the sandbox, over real sockets.

mod check;
mod company;
mod contract;
mod errors;
mod finding;
mod people;
mod reading;
mod story;
mod teams;
