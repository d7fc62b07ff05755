//! A user.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A user (apis/learnamp.md §4.2, §4.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The id.
    pub id: u64,
    /// The address they log in with.
    pub email: String,
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The id of another system, which no other user has.
    pub integration_external_id: Option<String>,
    /// What they do.
    pub job_title: Option<String>,
    /// `viewer`, `curator` and so on, or `owner`.
    pub role: String,
    /// The language of their screens.
    pub language: String,
    /// A role of the skills matrix.
    pub occupation_role: Option<String>,
    /// The first day of work.
    pub hire_date: Option<Date>,
    /// Where they work.
    pub location: Option<String>,
    /// Free text: not a team.
    pub department: Option<String>,
    /// The override manager.
    pub manager: Option<u64>,
    /// The primary team.
    pub primary_team: Option<u64>,
    /// Other teams.
    pub secondary_teams: BTreeSet<u64>,
    /// Custom fields by name.
    pub custom: BTreeMap<String, String>,
    /// How far they have come.
    pub status: Status,
}

/// How far a user has come (apis/learnamp.md §4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Nobody has invited them.
    NotInvited,
    /// Somebody has planned to, on the screens.
    InviteScheduled,
    /// The mail is out.
    InvitePending,
    /// They have logged in.
    Confirmed,
    /// They have no access.
    Deactivated,
}

impl Status {
    /// What the filter calls it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotInvited => "not_invited",
            Self::InviteScheduled => "invite_scheduled",
            Self::InvitePending => "invite_pending",
            Self::Confirmed => "confirmed",
            Self::Deactivated => "deactivated",
        }
    }

    /// What people read.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::NotInvited => "Not yet invited",
            Self::InviteScheduled => "Invite scheduled",
            Self::InvitePending => "Invite pending",
            Self::Confirmed => "Confirmed",
            Self::Deactivated => "Deactivated",
        }
    }

    /// The prose beside it, which nobody should read anything out of.
    pub(crate) fn time(self) -> &'static str {
        match self {
            Self::NotInvited => "",
            Self::InviteScheduled => "Goes out Monday",
            Self::InvitePending => "Sent 1 Mar 26",
            Self::Confirmed => "2 months ago",
            Self::Deactivated => "Yesterday",
        }
    }
}

impl User {
    /// Somebody of whom nothing is known yet.
    pub(super) fn new(id: u64) -> Self {
        Self {
            id,
            email: String::new(),
            first_name: String::new(),
            last_name: String::new(),
            integration_external_id: None,
            job_title: None,
            role: "viewer".to_owned(),
            language: "en".to_owned(),
            occupation_role: None,
            hire_date: None,
            location: None,
            department: None,
            manager: None,
            primary_team: None,
            secondary_teams: BTreeSet::new(),
            custom: BTreeMap::new(),
            status: Status::NotInvited,
        }
    }

    /// The primary team and the others.
    pub(crate) fn teams(&self) -> impl Iterator<Item = u64> {
        self.primary_team.into_iter().chain(self.secondary_teams.iter().copied())
    }

    pub(crate) fn is_deactivated(&self) -> bool {
        self.status == Status::Deactivated
    }
}
