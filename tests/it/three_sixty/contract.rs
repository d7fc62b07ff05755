//! The contract of targets. A platform is never empty: its owner is there, and new users are in the default group. Both are
//! taken out of what is seen, so that the rest can be held against the promises.

use std::sync::Arc;

use async_trait::async_trait;
use rollbook::connector::three_sixty::ThreeSixtyTarget;
use rollbook::connector::{Account, ConnectorError, Pace, Target, Wanted, Write, WriteError, WriteKind, Written};
use rollbook::model::{Group, GroupId, TargetCatalogue, User, UserId, UserLayout};

use super::platform::Platform;
use crate::contract::target_contract;

target_contract!(fixture);

async fn fixture() -> (SeenEmpty, Platform) {
    let platform = Platform::open().await;
    let owner = UserId::new(platform.sandbox.users()[0].id.clone());
    let default_group = GroupId::new(platform.sandbox.default_group());
    (SeenEmpty { target: platform.target(), owner, default_group }, platform)
}

struct SeenEmpty {
    target: ThreeSixtyTarget,
    owner: UserId,
    default_group: GroupId,
}

impl SeenEmpty {
    fn seen(&self, users: Vec<User>) -> Vec<User> {
        let of_the_recipe = |user: User| {
            let memberships = user.memberships.iter().filter(|held| held.group != self.default_group).cloned();
            User { memberships: memberships.collect::<Arc<[_]>>(), ..user }
        };
        users.into_iter().filter(|user| user.id != self.owner).map(of_the_recipe).collect()
    }
}

#[async_trait]
impl Target for SeenEmpty {
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        self.target.catalogue().await
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.target.groups().await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(self.seen(self.target.users(layout).await?))
    }

    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(self.seen(self.target.details(users, layout).await?))
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        Ok(self.seen(self.target.find(wanted, layout).await?))
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
