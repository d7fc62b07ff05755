//! What `check --live` says of an account, and how long a run will take (apis/learnamp.md §2, §5, §7).

use std::collections::BTreeMap;
use std::time::Duration;

use super::api::{Api, Row};
use super::fields::{self, CUSTOM};
use super::seen::{SeenUser, status};
use super::settings::{PUBLIC, SCOPES};
use super::{LearnAmpTarget, TITLE};
use crate::connector::http::pace::Limit;
use crate::connector::{ConnectorError, Doubt, Examination, Load, rows};
use crate::model::{UserLayout, UserStatus};

/// Where scopes are given.
const SCREEN: &str = "the account Owner gives it in Learn Amp under Company Settings > API";

impl LearnAmpTarget {
    /// What was found by asking.
    pub(super) async fn examined(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        let mut found = Examination::default();
        let lacks = self.scopes(&mut found).await?;
        if !lacks.contains(&"teams:read") {
            self.teams(&mut found, &lacks).await?;
        }
        if !lacks.contains(&"users:read") {
            self.people(layout, &mut found, &lacks).await?;
        }
        found.facts.push(
            "ending access takes a person out of all teams, deletes their tasks, event enrolments, objectives and purchase \
             requests, and hands their teams and override reports to the Owner, for good: it is done last in a run, and not \
             before the last day"
                .to_owned(),
        );
        found.facts.push(
            "no API invites anybody later: `create: invite` mails when the user is made, `create: active` never, and \
             `start: on_start_date` makes the user on that day"
                .to_owned(),
        );
        Ok(found)
    }

    /// Asks for a token with each scope by itself: a key that lacks one is given none (apis/learnamp.md §2).
    async fn scopes(&self, found: &mut Examination) -> Result<Vec<&'static str>, ConnectorError> {
        let mut lacks = Vec::new();
        if self.settings.scopes.iter().any(|scope| scope == PUBLIC) || self.is_granted(PUBLIC).await? {
            found.doubts.push(Doubt {
                grave: false,
                field: None,
                message: format!("the API key has the catch-all scope `{PUBLIC}`: it may do everything"),
                help: format!("make a key with these scopes alone: {}; {SCREEN}", names()),
            });
        }
        for (scope, what_for) in SCOPES {
            if self.settings.scopes.iter().any(|asked| asked == scope) && !self.is_granted(scope).await? {
                lacks.push(scope);
                found.doubts.push(Doubt {
                    grave: true,
                    field: None,
                    message: format!("the API key lacks the scope `{scope}`, {what_for}"),
                    help: SCREEN.to_owned(),
                });
            }
        }
        Ok(lacks)
    }

    /// Whether the key is given a token with a scope.
    async fn is_granted(&self, scope: &str) -> Result<bool, ConnectorError> {
        Api::new(&self.settings, &self.key, scope)?.is_given_a_token().await
    }

    /// The calls of a key that lacks a scope are made with those it has.
    fn api_with(&self, lacks: &[&str]) -> Result<Api, ConnectorError> {
        let has: Vec<&str> =
            self.settings.scopes.iter().map(String::as_str).filter(|scope| !lacks.contains(scope)).collect();
        Api::new(&self.settings, &self.key, &has.join(" "))
    }

    async fn teams(&self, found: &mut Examination, lacks: &[&str]) -> Result<(), ConnectorError> {
        let teams = self.api_with(lacks)?.teams().await?;
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        teams
            .iter()
            .filter_map(|team| rows::text(team, "name"))
            .for_each(|name| *by_name.entry(name).or_default() += 1);
        let keyed = teams.iter().filter(|team| rows::text(team, "integrationExternalId").is_some()).count();
        found.facts.push(format!("{} teams, {keyed} of them with an integration external id", teams.len()));
        for (name, _) in by_name.into_iter().filter(|(_, count)| *count > 1) {
            found.doubts.push(Doubt {
                grave: false,
                field: None,
                message: format!("there are several teams called `{name}`: nobody is put into one of them by name"),
                help: "rename or delete all but one in Learn Amp".to_owned(),
            });
        }
        Ok(())
    }

    async fn people(&self, layout: &UserLayout, found: &mut Examination, lacks: &[&str]) -> Result<(), ConnectorError> {
        let users = self.api_with(lacks)?.users().await?;
        let count = |fits: &dyn Fn(&Row) -> bool| users.iter().filter(|row| fits(row)).count();
        let deactivated = count(&|row| status(row) == UserStatus::Inactive);
        let invited = count(&|row| status(row) == UserStatus::Invited);
        let not_invited = count(&is_not_invited);
        found.facts.push(format!(
            "{} users: {} confirmed, {invited} with an invitation that waits, {not_invited} not invited yet, {deactivated} \
             deactivated",
            users.len(),
            users.len() - deactivated - invited - not_invited
        ));
        if not_invited > 0 {
            found.facts.push(format!(
                "{not_invited} users are not invited yet, and no API invites them: an administrator does it in Learn Amp under \
                 Users, where they are to log in with a password"
            ));
        }
        let without_id = count(&|row| rows::text(row, "integrationExternalId").is_none());
        if without_id > 0 {
            found.facts.push(format!(
                "{without_id} users have no integration external id: the first sync finds them by their address, and writes it"
            ));
        }
        match count(&|row| SeenUser::of(row).is_owner) {
            0 => {}
            owners => found.facts.push(format!(
                "{owners} of the users is the Owner, who cannot be deactivated and whose role cannot be changed: put the \
                 address into `limits.never_touch`"
            )),
        }
        let uses_custom = layout.fields.iter().any(|name| !fields::is_standard(name.as_str()));
        if uses_custom && !users.is_empty() && !users.iter().any(|row| row.contains_key(CUSTOM)) {
            found.doubts.push(Doubt {
                grave: false,
                field: None,
                message: format!("the recipe fills custom fields, and {TITLE} shows none of anybody"),
                help: "where custom fields are switched off for the company, they are ignored without a word: see in Learn Amp \
                       under Company Settings whether they are on, and look at one person after the first sync"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// At the most: fields and manager of somebody who is there go together.
    pub(super) fn time_of(&self, load: &Load) -> Duration {
        let calls = load.creates + load.updates + load.references + load.deactivations;
        let distance = Limit::per_second(self.settings.per_second).distance();
        distance.saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX))
    }
}

fn names() -> String {
    SCOPES.map(|(scope, _)| scope).join(" ")
}

fn is_not_invited(row: &Row) -> bool {
    let label = row.get("status").and_then(|status| status.as_object()).and_then(|status| rows::text(status, "status"));
    label.is_some_and(|label| label.to_lowercase().contains("not") && label.to_lowercase().contains("invited"))
}
