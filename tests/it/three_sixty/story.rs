//! The starter recipe from end to end: people in the simulated HiBob, accounts in the simulated 360Learning, and the program
//! between them.

mod acme;
mod described;
mod kills;
mod life;
mod promises;
mod whole;
