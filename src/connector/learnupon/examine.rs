//! What `check --live` says of a portal, and how long a run will take (apis/learnupon.md §1, §2).

use std::time::Duration;

use super::api::Row;
use super::custom::Definition;
use super::{LearnUponTarget, wire};
use crate::connector::{ConnectorError, Doubt, Examination, Forecast, Load};
use crate::model::{Finding, UserLayout, UserStatus, Whose};

impl LearnUponTarget {
    /// What was found by asking.
    pub(super) async fn examined(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        let described = self.described().await?;
        let mut found = Examination::default();
        let custom = described.definitions.len();
        found.facts.push(format!("{custom} fields of custom user data, {} time zones", described.timezones));
        found.doubts.extend(described.rows.iter().filter_map(|row| unusable(row, &described.catalogue.fields)));
        let used = layout.fields.iter().any(|field| described.custom(field.as_str()).is_some());
        if used {
            let text = "custom user data is in no listing: a first sync asks for each existing user once, and what was \
                        written is remembered from then on";
            found.facts.push(text.to_owned());
        }
        found.facts.push(self.mails());
        found.facts.extend(self.pending().await?);
        found.facts.extend(self.windows_left());
        Ok(found)
    }

    fn mails(&self) -> String {
        if self.settings.sso {
            "single sign-on: nobody is invited, and accounts are made without a password of the person's".to_owned()
        } else {
            "whether an account that is made gets a welcome mail is a setting of the portal: no API shows or changes it"
                .to_owned()
        }
    }

    async fn pending(&self) -> Result<Option<String>, ConnectorError> {
        let now = jiff::Timestamp::now();
        let accounts = self.read_accounts().await?;
        let invited: Vec<_> = accounts.iter().filter(|account| account.status == UserStatus::Invited).collect();
        let ended = invited.iter().filter(|account| account.invitation_ends.is_some_and(|end| end < now)).count();
        Ok((!invited.is_empty()).then(|| {
            format!("{} invitations wait for an answer, {ended} of them too old to be accepted", invited.len())
        }))
    }

    fn windows_left(&self) -> Option<String> {
        let left = self.api.windows.left();
        let (minute, week) = (left.minute?, left.week?);
        Some(format!("{minute} calls left of this minute, {week} of this week"))
    }

    /// How long so many writes take, and whether they fit into what is left of the week.
    pub(super) fn forecasted(&self, load: &Load) -> Forecast {
        let calls = load.creates + load.updates + load.memberships + load.deactivations;
        let calls = u32::try_from(calls).unwrap_or(u32::MAX);
        let per_minute = self.settings.per_minute.get();
        let takes = Duration::from_secs(60).mul_f64(f64::from(calls) / (f64::from(per_minute) * 0.98));
        let left = self.api.windows.left().week;
        let room = left.unwrap_or(u32::MAX).min(self.settings.per_week.get());
        let findings = if calls > room { vec![does_not_fit(calls, room)] } else { Vec::new() };
        Forecast { takes: Some(takes), findings }
    }
}

fn does_not_fit(calls: u32, room: u32) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!(
            "this run makes about {calls} writes, and LearnUpon takes {room} more in this week: it will end before all \
             are done"
        ).into(),
        hint: "whatever is left is done by later runs. See what else uses this portal's API, or ask LearnUpon for a higher \
               limit"
            .into(),
        reason: None,
    }
}

/// A field of the portal that no recipe can use.
fn unusable(row: &Row, fields: &[crate::model::TargetField]) -> Option<Doubt> {
    let label = wire::text(row, "label")?;
    let own = fields.iter().any(|field| field.name.as_str() == label && field.section == crate::model::Section::Custom);
    let message = match (Definition::of(row).is_some(), own) {
        (false, _) => format!("the custom field `{label}` has a type that is not known, and is left out"),
        (true, false) => format!("the custom field `{label}` has the name of a standard field, and is left out"),
        (true, true) => return None,
    };
    Some(Doubt { grave: false, field: None, message, help: "give it another label in the portal".to_owned() })
}
