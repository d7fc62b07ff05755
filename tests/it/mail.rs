//! Mails from the program to a real mail server: what arrives, what is tried again, and what a kill leaves.

mod arriving;
mod kills;
mod notices;
mod office;
mod refused;
mod server;
mod trial;
