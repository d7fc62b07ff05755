//! `rollbook serve` as a whole: the real program, HiBob's sandbox that calls it, and a directory.

mod faults;
mod life;
mod office;
mod replicas;
mod times;
mod told;
