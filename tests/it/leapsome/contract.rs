//! The contract of targets. A company is never empty: its owner is there, and is taken out of what is seen.

use async_trait::async_trait;
use rollbook::connector::leapsome::LeapsomeTarget;
use rollbook::connector::{Account, ConnectorError, Pace, Target, Wanted, Write, WriteError, WriteKind, Written};
use rollbook::model::{Group, TargetCatalogue, User, UserId, UserLayout};

use super::office::Office;
use crate::contract::target_contract;

target_contract!(fixture);

async fn fixture() -> (WithoutOwner, Office) {
    let office = Office::with(|switches| switches.domains.clear()).await;
    let owner = UserId::new(office.sandbox.users()[0].id.clone());
    (WithoutOwner { target: office.target(), owner }, office)
}

struct WithoutOwner {
    target: LeapsomeTarget,
    owner: UserId,
}

#[async_trait]
impl Target for WithoutOwner {
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        self.target.catalogue().await
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.target.groups().await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let users = self.target.users(layout).await?;
        Ok(users.into_iter().filter(|user| user.id != self.owner).collect())
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        self.target.details(users, layout).await
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let found = self.target.find(wanted, layout).await?;
        Ok(found.into_iter().filter(|user| user.id != self.owner).collect())
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        let accounts = self.target.accounts().await?;
        Ok(accounts.into_iter().filter(|account| account.id != self.owner).collect())
    }

    fn pace(&self, kind: WriteKind) -> Pace {
        self.target.pace(kind)
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        self.target.write(writes).await
    }
}
