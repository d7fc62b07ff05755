//! From HiBob to Learn Amp with the program and the recipe that `rollbook init learnamp` writes: both simulated, over real
//! sockets, through a year in a company.

mod acme;
mod kills;
mod life;
mod promises;
