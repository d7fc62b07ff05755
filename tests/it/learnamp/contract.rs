//! The contract of targets. A company is never empty: its Owner is there, and is taken out of what is seen. Nobody is active
//! with a mail before they have followed it: whoever is to be does so at once.

use std::sync::Arc;

use async_trait::async_trait;
use rollbook::connector::learnamp::LearnAmpTarget;
use rollbook::connector::{Account, ConnectorError, Pace, Target, Wanted, Write, WriteError, WriteKind, Written};
use rollbook::model::{Access, Group, TargetCatalogue, User, UserId, UserLayout};
use serde_json::json;

use super::company::Company;
use crate::contract::target_contract;

target_contract!(fixture);

async fn fixture() -> (WithoutOwner, Arc<Company>) {
    // The promises know no list of languages or skills.
    let company = Company::with(|switches| {
        switches.languages.clear();
        switches.occupation_roles.clear();
        switches.hr_package = true;
    })
    .await;
    let owner = UserId::new(company.sandbox.users()[0].id.to_string());
    let company = Arc::new(company);
    (WithoutOwner { target: company.target(), owner, company: Arc::clone(&company) }, company)
}

struct WithoutOwner {
    target: LearnAmpTarget,
    owner: UserId,
    company: Arc<Company>,
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
        let answers = self.target.write(writes).await?;
        for (write, answer) in writes.iter().zip(&answers) {
            if let (Write::CreateUser { access: Access::ActiveWithEmail, .. }, Ok(Written::User(given))) =
                (write, answer)
            {
                let accepts = json!({ "change": "status", "user": given.user.as_str(), "status": "confirmed" });
                self.company.change(accepts);
            }
        }
        Ok(answers)
    }
}
