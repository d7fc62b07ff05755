//! `rollbook serve` as a whole: the real program, HiBob's sandbox that calls it, and a directory.

mod faults;
mod life;
pub(crate) mod office;
mod replicas;
mod times;
mod told;
