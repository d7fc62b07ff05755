//! Who may send the mails of a recipe: one process at a time. The right goes with the process, however it ends, as that of
//! a replica does; no clock decides that somebody is dead.

use std::path::Path;

use super::{file, key};
use crate::store::replica::Life;
use crate::store::{Place, Store, StoreError};

/// The right to send the mails of a recipe. Dropping it, or dying, gives it back.
#[derive(Debug)]
#[must_use = "another process may send the same mails when this is dropped"]
pub struct Sender {
    life: Life,
}

impl Store {
    /// Takes the mails of a recipe to send them; nothing while another process has them.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn sender(&self, recipe: &str) -> Result<Option<Sender>, StoreError> {
        let life = match &self.place {
            Place::File(path) => locked(path, recipe)?,
            Place::Memory(held) => held.send(recipe).map(|_held| Life::Memory { _held }),
            Place::Server(server) => {
                let mut session = server.session().await.map_err(|error| self.failed(error))?;
                let taken = super::session::try_alone(&mut session, &key("mail", recipe)).await;
                taken.map_err(|error| self.failed(error))?.then(|| Life::session(session))
            }
        };
        Ok(life.map(|life| Sender { life }))
    }
}

impl Sender {
    /// Waits until the right is lost, which may be for ever.
    pub async fn lost(&self) {
        self.life.lost().await;
    }
}

fn locked(database: &Path, recipe: &str) -> Result<Option<Life>, StoreError> {
    Ok(file::sending(database, recipe)?.map(|_locked| Life::File { _locked }))
}
