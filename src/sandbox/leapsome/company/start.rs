//! How a company begins: out of a file, with invented users beside it.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::denial::Denial;
use super::id::Ids;
use super::team::Teams;
use super::user::Status;
use super::{Attribute, Company};
use crate::sandbox::SandboxError;
use crate::sandbox::leapsome::event::NewTeam;
use crate::sandbox::leapsome::settings::Users;
use crate::sandbox::leapsome::switches::Switches;

/// The company that recipes and tests begin with.
const BUNDLED: &str = include_str!("start.json");

/// The file of a company.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    users: Vec<StartUser>,
    #[serde(default)]
    teams: Vec<NewTeam>,
    #[serde(default)]
    attributes: Vec<Attribute>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartUser {
    /// As `PATCH` takes them.
    fields: Map<String, Json>,
    #[serde(default = "StartUser::active")]
    status: Status,
    #[serde(default)]
    super_admin: bool,
    /// Teams by name, beside department, division and cost centre.
    #[serde(default)]
    teams: Vec<String>,
}

impl StartUser {
    fn active() -> Status {
        Status::Active
    }
}

impl Company {
    /// A company out of a file, the bundled one if none is named.
    pub(crate) fn open(
        file: Option<&Path>,
        users: Users,
        day: Date,
        switches: &Switches,
    ) -> Result<Self, SandboxError> {
        let name = file.map_or_else(|| "the bundled company".to_owned(), |path| path.display().to_string());
        let wrong = |message: String| SandboxError::Input {
            name: name.clone(),
            message,
            help: "docs/sandbox.md shows the form of such a file".to_owned(),
        };
        let text = match file {
            Some(path) => std::fs::read_to_string(path).map_err(|error| SandboxError::unreadable(&name, &error))?,
            None => BUNDLED.to_owned(),
        };
        let start: Start = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        let mut company = Self {
            ids: Ids::default(),
            users: BTreeMap::new(),
            by_name: HashMap::new(),
            by_external_id: HashMap::new(),
            removed: Vec::new(),
            teams: Teams::default(),
            attributes: BTreeMap::new(),
            levels: Vec::new(),
            mails: Vec::new(),
            day,
        };
        company.fill(start, switches).map_err(|denial| wrong(denial.words().to_owned()))?;
        if let Users::Generated { count, seed } = users {
            company.generate(count, seed);
        }
        Ok(company)
    }

    fn fill(&mut self, start: Start, switches: &Switches) -> Result<(), Denial> {
        for attribute in start.attributes {
            self.ids.skip(&attribute.id);
            self.define(attribute)?;
        }
        for team in start.teams {
            self.teams.make(&mut self.ids, &team.name, team.kind, team.external_id)?;
        }
        let any_domain = Switches { domains: std::collections::BTreeSet::new(), ..switches.clone() };
        for one in start.users {
            let id = self.add(&one.fields, &any_domain)?;
            for name in one.teams {
                let team = self.teams.named(&name).map(|team| team.id.clone()).ok_or(Denial::UnknownGroup)?;
                self.join(&id, &team);
            }
            if let Some(user) = self.users.get_mut(&id) {
                user.status = one.status;
                user.invited = one.status != Status::Created;
                user.accepted = !matches!(one.status, Status::Created | Status::Invited);
                user.super_admin = one.super_admin;
            }
        }
        Ok(())
    }
}
