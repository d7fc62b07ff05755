//! A user as Leapsome keeps one.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a title is that nobody gave (apis/leapsome.md §2.4).
pub(crate) const USUAL_TITLE: &str = "Colleague";

/// A user. Managers and teams are ids.
#[derive(Debug, Clone)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) external_id: Option<String>,
    pub(crate) user_name: String,
    pub(crate) given_name: Option<String>,
    pub(crate) family_name: Option<String>,
    pub(crate) display_name: Option<String>,
    pub(crate) title: String,
    pub(crate) photo: Option<String>,
    pub(crate) status: Status,
    /// Whether an invitation was ever sent.
    pub(crate) invited: bool,
    /// Whether one was ever accepted.
    pub(crate) accepted: bool,
    pub(crate) super_admin: bool,
    pub(crate) manager: Option<String>,
    pub(crate) additional_managers: Vec<String>,
    pub(crate) department: Option<String>,
    pub(crate) division: Option<String>,
    pub(crate) cost_center: Option<String>,
    /// Teams joined through the API or by hand, beside the three above.
    pub(crate) joined: BTreeSet<String>,
    pub(crate) level: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) start_date: Option<Date>,
    pub(crate) end_date: Option<Date>,
    pub(crate) birthday: Option<Date>,
    pub(crate) gender: Option<String>,
    /// Custom attributes by id.
    pub(crate) attributes: BTreeMap<String, String>,
    /// Pay, which the Content API tells whoever asks for employees (§6).
    pub(crate) salary: u32,
    pub(crate) created: Timestamp,
    pub(crate) modified: Timestamp,
    pub(crate) version: u32,
}

/// What state somebody is in, as the Content API says it (apis/leapsome.md §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// There, and never invited.
    Created,
    /// Invited, and not yet there.
    Invited,
    /// Working with it.
    Active,
    /// Without access.
    Deactivated,
    /// Deleted.
    Removed,
    /// Invited before the first day.
    PreBoardingInvited,
    /// There before the first day.
    PreBoardingActive,
}

impl User {
    pub(crate) fn new(id: String, user_name: String, salary: u32, now: Timestamp) -> Self {
        Self {
            id,
            external_id: None,
            user_name,
            given_name: None,
            family_name: None,
            display_name: None,
            title: USUAL_TITLE.to_owned(),
            photo: None,
            status: Status::Created,
            invited: false,
            accepted: false,
            super_admin: false,
            manager: None,
            additional_managers: Vec::new(),
            department: None,
            division: None,
            cost_center: None,
            joined: BTreeSet::new(),
            level: None,
            location: None,
            start_date: None,
            end_date: None,
            birthday: None,
            gender: None,
            attributes: BTreeMap::new(),
            salary,
            created: now,
            modified: now,
            version: 1,
        }
    }

    /// Whether somebody may work with it, or could after an invitation.
    pub(crate) fn active(&self) -> bool {
        !matches!(self.status, Status::Deactivated | Status::Removed)
    }

    /// What somebody comes back as (§4).
    pub(crate) fn back(&self) -> Status {
        match (self.accepted, self.invited) {
            (true, _) => Status::Active,
            (false, true) => Status::Invited,
            (false, false) => Status::Created,
        }
    }

    /// Every team, those of the three kinds first.
    pub(crate) fn teams(&self) -> BTreeSet<&String> {
        [&self.department, &self.division, &self.cost_center].into_iter().flatten().chain(&self.joined).collect()
    }

    /// Given name and family name, as far as there are any.
    pub(crate) fn formatted(&self) -> Option<String> {
        let parts: Vec<&str> =
            [&self.given_name, &self.family_name].into_iter().flatten().map(String::as_str).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }
}
