//! How an account begins: with its Owner alone, with invented people beside it, or out of a file.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::team::TeamDraft;
use super::user::{Status, User};
use super::{Account, Denial};
use crate::sandbox::SandboxError;
use crate::sandbox::learnamp::change::{Add, Define};
use crate::sandbox::learnamp::settings::People;
use crate::sandbox::learnamp::switches::Switches;
use crate::sandbox::names::invented;

/// The file of an account.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    owner: Map<String, Json>,
    #[serde(default)]
    teams: Vec<Map<String, Json>>,
    #[serde(default)]
    custom_fields: Option<Vec<Define>>,
    #[serde(default)]
    users: Vec<Add>,
}

/// What an account has that no file describes.
const CUSTOM_FIELDS: [&str; 4] = ["Employee number", "Level", "Cost centre", "Contract"];

impl Account {
    pub(crate) fn open(people: &People, switches: &Switches) -> Result<Self, SandboxError> {
        let mut account = Self::default();
        account.custom_fields.extend(CUSTOM_FIELDS.map(|name| (name.to_owned(), false)));
        let owner = json!({ "email": "owner@acme.example", "firstName": "Olive", "lastName": "Owner" });
        match people {
            People::File(path) => account.load(path, switches)?,
            People::Owner => account.own(owner.as_object(), switches).map_err(|denial| wrong("the Owner", &denial))?,
            People::Generated { count, seed } => {
                account.own(owner.as_object(), switches).map_err(|denial| wrong("the Owner", &denial))?;
                account.invent(*count, *seed);
            }
        }
        Ok(account)
    }

    fn own(&mut self, fields: Option<&Map<String, Json>>, switches: &Switches) -> Result<(), Denial> {
        let mut user = self.drafted(User::new(self.last_id + 1), fields.unwrap_or(&Map::new()), switches)?;
        user.id = self.new_id();
        "owner".clone_into(&mut user.role);
        user.status = Status::Confirmed;
        self.owner = user.id;
        self.put(user);
        Ok(())
    }

    fn invent(&mut self, count: usize, seed: u64) {
        for number in 0..count {
            let invented = invented(seed, number);
            let user = User {
                email: invented.email,
                first_name: invented.first.to_owned(),
                last_name: invented.last.to_owned(),
                status: Status::Confirmed,
                ..User::new(self.new_id())
            };
            self.put(user);
        }
    }

    fn load(&mut self, path: &Path, switches: &Switches) -> Result<(), SandboxError> {
        let name = path.display().to_string();
        let text = std::fs::read(path).map_err(|error| SandboxError::unreadable(&name, &error))?;
        let file: File = serde_json::from_slice(&text).map_err(|error| SandboxError::Input {
            name: name.clone(),
            message: error.to_string(),
            help: HELP.to_owned(),
        })?;
        let wrong = |denial| wrong(&name, &denial);
        self.own(Some(&file.owner), switches).map_err(wrong)?;
        if let Some(fields) = file.custom_fields {
            self.custom_fields = fields.into_iter().map(|field| (field.name, field.required)).collect();
        }
        for team in &file.teams {
            let draft = TeamDraft::of(team).map_err(wrong)?;
            self.create_team(draft, switches).map_err(wrong)?;
        }
        for user in file.users {
            self.add(&user, switches).map_err(wrong)?;
        }
        Ok(())
    }

    /// Somebody new by hand: nothing is mailed.
    pub(crate) fn add(&mut self, add: &Add, switches: &Switches) -> Result<u64, Denial> {
        let mut fields = add.fields.clone();
        fields.insert("skipInvitation".to_owned(), json!(true));
        let id = self.create(&fields, switches)?;
        self.set_status(id, add.status)?;
        Ok(id)
    }
}

const HELP: &str =
    "the file holds an object with `owner`, `teams`, `customFields` and `users`; docs/sandbox.md shows one";

fn wrong(name: &str, denial: &Denial) -> SandboxError {
    SandboxError::Input { name: name.to_owned(), message: denial.words(), help: HELP.to_owned() }
}
