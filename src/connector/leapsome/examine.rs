//! What `check --live` says of a company, and how long a run will take (apis/leapsome.md §2 to §6).

use std::collections::BTreeMap;
use std::time::Duration;

use super::content::Content;
use super::fields::{self, END_DATE, EXTERNAL_ID, USER_NAME};
use super::{LeapsomeTarget, teams};
use crate::connector::http::pace::Limit;
use crate::connector::{ConnectorError, Doubt, Examination, Forecast, Load};
use crate::model::{Cell, User, UserLayout, UserStatus};

/// Calls that somebody new takes at the most: being made, and everything that a creation does not take.
const CALLS_OF_A_CREATION: usize = 2;

impl LeapsomeTarget {
    /// What was found by asking.
    pub(super) async fn examined(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        self.api.config().await.map_err(|trouble| trouble.into_error("/scim/v1/ServiceProviderConfig"))?;
        let mut asked = layout.clone();
        let (login, key) = (asked.place(&USER_NAME.into()), asked.place(&EXTERNAL_ID.into()));
        self.listed_groups().await?;
        let users = self.read_users(&asked).await?;
        let mut found = Examination::default();
        found.facts.push(self.sizes(&users));
        found.facts.extend(self.states().await?);
        found.facts.push(INVITATIONS.to_owned());
        if layout.fields.iter().any(|field| field.as_str() == END_DATE) {
            found.facts.push(END_DATES.to_owned());
        }
        found.facts.extend(domains(&users, login));
        found.facts.extend(without_key(&users, key));
        found.doubts.extend(self.unregistered(&users, login));
        found.doubts.extend(twice(&users, key));
        found.doubts.extend(self.spelt_alike());
        found.doubts.extend(unknown_attributes(&users, layout));
        Ok(found)
    }

    fn sizes(&self, users: &[User]) -> String {
        let active = users.iter().filter(|user| user.status != UserStatus::Inactive).count();
        let teams = self.seen().teams.as_ref().map_or(0, std::collections::HashMap::len);
        format!("the SCIM token works: {} users, {active} of them with access, {teams} teams", users.len())
    }

    async fn states(&self) -> Result<Option<String>, ConnectorError> {
        let Some(content) = &self.content else {
            let text = "without `api_secret` it cannot be told who was never invited or has not accepted: the SCIM API shows \
                        access alone";
            return Ok(Some(text.to_owned()));
        };
        let waiting = content.waiting().await?;
        let counted: Vec<String> =
            Content::counted(&waiting).into_iter().map(|(status, count)| format!("{count} {status}")).collect();
        let said = if counted.is_empty() { "nobody".to_owned() } else { counted.join(", ") };
        Ok(Some(format!("the API secret works: waiting to begin: {said}")))
    }

    /// Addresses that could not be written today.
    fn unregistered(&self, users: &[User], login: usize) -> Option<Doubt> {
        let others = users.iter().filter(|user| {
            let address = user.cell(login).value().and_then(|value| value.as_text());
            user.status != UserStatus::Inactive && address.is_some_and(|address| !self.settings.takes(address))
        });
        let count = others.count();
        (count > 0).then(|| Doubt {
            grave: false,
            field: None,
            message: format!("{count} users have addresses of domains that `domains` does not name"),
            help: "add the domain to `domains` if it is registered in Leapsome: addresses of others are not sent"
                .to_owned(),
        })
    }

    /// Teams whose names differ only in case or spaces: one was made by mistake.
    fn spelt_alike(&self) -> Vec<Doubt> {
        let mut spellings: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for name in self.seen().teams.iter().flat_map(std::collections::HashMap::values) {
            let folded = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            spellings.entry(folded).or_default().push(format!("`{name}`"));
        }
        let several = spellings.into_values().filter(|names| names.len() > 1);
        let doubt = |mut names: Vec<String>| {
            names.sort();
            Doubt {
                grave: false,
                field: None,
                message: format!("the teams {} differ only in their spelling", names.join(" and ")),
                help: "spell the team in Leapsome exactly as in the source, and delete the other: names are compared \
                       letter by letter"
                    .to_owned(),
            }
        };
        several.map(doubt).collect()
    }

    /// How long so many writes take.
    pub(super) fn forecasted(&self, load: &Load) -> Forecast {
        let calls = load.creates * CALLS_OF_A_CREATION
            + load.updates.max(load.references.saturating_sub(load.creates))
            + load.memberships.div_ceil(teams::MOST)
            + load.deactivations;
        let distance = Limit::per_second(self.settings.per_second).distance();
        let takes: Duration = distance.saturating_mul(u32::try_from(calls).unwrap_or(u32::MAX));
        Forecast { takes: Some(takes), findings: Vec::new() }
    }
}

const INVITATIONS: &str = "whether people are invited when they are made is Leapsome's own setting, which no API shows or \
                           changes: \"Automatically send Leapsome invite emails to provisioned employees\" under Settings > \
                           Integrations; without it invite them from Company > Employees";

const END_DATES: &str = "Leapsome can deactivate people by itself once their termination date has passed, a company setting \
                         that no API shows: with it on, both it and this recipe end access, so choose one of the two";

/// The domains that there are addresses of.
fn domains(users: &[User], login: usize) -> Option<String> {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for user in users.iter().filter(|user| user.status != UserStatus::Inactive) {
        let address = user.cell(login).value().and_then(|value| value.as_text());
        if let Some((_, domain)) = address.and_then(|address| address.rsplit_once('@')) {
            *counted.entry(domain.to_lowercase()).or_default() += 1;
        }
    }
    let listed: Vec<String> = counted.iter().take(10).map(|(domain, count)| format!("{domain} ({count})")).collect();
    let text = "addresses are only taken of domains that are registered in Leapsome; its users have";
    (!listed.is_empty()).then(|| format!("{text} {}", listed.join(", ")))
}

fn without_key(users: &[User], key: usize) -> Option<String> {
    let without = users.iter().filter(|user| user.cell(key).value().is_none()).count();
    (without > 0).then(|| {
        format!(
            "{without} users have no External ID; whoever is found by address gets one first, so that a later change of \
             address does not make a second user"
        )
    })
}

/// Users with the External ID of another.
fn twice(users: &[User], key: usize) -> Option<Doubt> {
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for user in users {
        if let Some(id) = user.cell(key).value().and_then(|value| value.as_text()) {
            *ids.entry(id).or_default() += 1;
        }
    }
    let several = ids.values().filter(|count| **count > 1).count();
    (several > 0).then(|| Doubt {
        grave: false,
        field: None,
        message: format!("{several} External IDs belong to more than one user each"),
        help: "merge such users under Settings > Users & Teams: of two users with one id neither is taken for the \
               employee's"
            .to_owned(),
    })
}

/// Custom attributes that nobody has: the id may be wrong, and Leapsome would leave them out without a word.
fn unknown_attributes(users: &[User], layout: &UserLayout) -> Vec<Doubt> {
    let attributes =
        layout.fields.iter().enumerate().filter(|(_, field)| fields::is_attribute(field.as_str()) && !users.is_empty());
    let nobodys = attributes.filter(|(place, _)| !users.iter().any(|user| matches!(user.cell(*place), Cell::Value(_))));
    let doubt = |(_, field): (usize, &crate::model::FieldName)| {
        Doubt {
        grave: false,
        field: None,
        message: format!("no user has a value in the custom attribute `{field}`: it may not exist"),
        help: "see whether this is the id of a custom attribute under Settings > Users & Teams: attributes have to be made \
               there first, and unknown ids are left out without a word"
            .to_owned(),
    }
    };
    nobodys.map(doubt).collect()
}
