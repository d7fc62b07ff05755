//! The server over real sockets: what it takes, what it refuses, and what is in the database afterwards.

mod answers;
mod faults;
mod health;
mod intake;
mod notices;
mod process;
mod served;
mod sockets;
