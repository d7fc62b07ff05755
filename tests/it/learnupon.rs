//! The target `learnupon` against the simulated portal: what it shares with every target is the contract, and here is what
//! LearnUpon has of its own.

mod access;
mod custom;
mod errors;
mod finding;
mod groups;
mod invitations;
mod kill;
mod limits;
mod live;
mod portal;
mod program;
mod reading;
mod secrecy;
mod story;

use rollbook::connector::learnupon::LearnUponTarget;

use self::portal::Portal;
use crate::contract::target_contract;

target_contract!(fixture);

async fn fixture() -> (LearnUponTarget, Portal) {
    let portal = Portal::empty().await;
    (portal.target(), portal)
}
