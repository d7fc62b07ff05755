//! Leapsome as the target: the real connector against the sandbox, over real sockets. What it shares with every target is the
//! contract, and here is what Leapsome has of its own.

mod check;
mod contract;
mod errors;
mod finding;
mod identity;
mod office;
mod people;
mod reading;
mod secrecy;
mod story;
mod teams;
