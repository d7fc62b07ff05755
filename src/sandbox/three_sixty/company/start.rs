//! How a company begins: out of a file, with invented users beside it.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use super::custom_field::{FieldType, TargetType};
use super::denial::{Denial, invalid, missing};
use super::draft::Draft;
use super::group::{Group, Role};
use super::id::{Id, Ids, Kind};
use super::mapping::Target;
use super::user::Status;
use super::{Clock, Company, noon};
use crate::sandbox::SandboxError;
use crate::sandbox::three_sixty::change::Add;
use crate::sandbox::three_sixty::settings::Users;
use crate::sandbox::three_sixty::switches::Switches;

/// The company that recipes and tests begin with.
const BUNDLED: &str = include_str!("start.json");

/// The file of a company.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Start {
    owner: Draft,
    groups: Vec<StartGroup>,
    #[serde(default)]
    custom_fields: Vec<StartField>,
    #[serde(default)]
    users: Vec<Add>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartGroup {
    name: String,
    /// By name; the first group has none and is the root.
    parent: Option<String>,
    #[serde(default)]
    public: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartField {
    name: String,
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    authorized_values: Vec<String>,
}

impl Company {
    /// A company out of a file, the bundled one if none is named.
    pub(crate) fn open(
        file: Option<&Path>,
        users: Users,
        today: Option<Date>,
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
        let clock = today.and_then(noon).map_or(Clock::Real, Clock::Still);
        let mut company = Self::empty(clock, start.groups.first().ok_or_else(|| wrong("no group".to_owned()))?);
        company.fill(start, switches).map_err(wrong)?;
        if let Users::Generated(count) = users {
            company.invent(count, switches).map_err(|denial| wrong(denial.code.to_owned()))?;
        }
        Ok(company)
    }

    fn empty(clock: Clock, root: &StartGroup) -> Self {
        let mut ids = Ids::default();
        let id = ids.next(Kind::Group);
        let root = Group { id, name: root.name.clone(), public: false, parent_id: None, custom: None };
        Self {
            ids,
            root: id,
            groups: [(id, root)].into(),
            users: BTreeMap::new(),
            by_mail: [].into(),
            by_username: [].into(),
            custom_fields: BTreeMap::new(),
            mappings: BTreeMap::new(),
            operations: Vec::new(),
            mails: Vec::new(),
            clock,
        }
    }

    fn fill(&mut self, start: Start, switches: &Switches) -> Result<(), String> {
        for group in start.groups.into_iter().skip(1) {
            let parent = group.parent.as_deref().and_then(|name| self.group_named(name));
            let parent = parent.ok_or_else(|| format!("the group `{}` has no parent above it", group.name))?;
            self.add_group(group.name, group.public, parent, u32::MAX).map_err(|denial| denial.code.to_owned())?;
        }
        for field in start.custom_fields {
            let wrong = |denial: Denial| format!("custom field `{}`: {}", field.name, denial.code);
            let id = self.add_custom_field(&field.name, TargetType::Users, field.kind, u32::MAX).map_err(wrong)?.id;
            self.authorize(id, field.authorized_values).map_err(wrong)?;
        }
        let owner = self.add_active(start.owner, switches).map_err(|denial| format!("the owner: {}", denial.code))?;
        let root = self.root;
        if let Some(owner) = self.users.get_mut(&owner) {
            owner.roles.insert((root, Role::Owner));
        }
        for (number, user) in start.users.into_iter().enumerate() {
            self.add(user, switches).map_err(|denial| format!("user {}: {}", number + 1, denial.code))?;
        }
        Ok(())
    }

    /// Somebody whom an administrator made by hand, with everything that belongs to them.
    pub(crate) fn add(&mut self, add: Add, switches: &Switches) -> Result<Id, Denial> {
        let id = self.add_active(add.fields, switches)?;
        for group in &add.groups {
            let group = self.group_named(group).ok_or(missing("groupNotFound"))?;
            self.join(group, Role::Learner, id, switches)?;
        }
        for manager in &add.managers {
            let manager = self.find(manager).ok_or(missing("managerNotFound"))?;
            self.manage(id, manager)?;
        }
        for (field, value) in &add.values {
            self.set_value(id, field, Some(value))?;
        }
        for (platform, value) in add.external_ids {
            self.map(Target { platform, target_type: "user".to_owned(), target_id: id, value }, switches)?;
        }
        match add.status {
            Status::Active => {}
            Status::Invited => self.set_status(id, Status::Invited),
            Status::Deleted => self.delete(id, switches)?,
        }
        Ok(id)
    }

    fn add_active(&mut self, draft: Draft, switches: &Switches) -> Result<Id, Denial> {
        draft.check(Timestamp::MIN, true)?;
        let taken = |text: &Option<Option<String>>| text.iter().flatten().any(|text| self.find(text).is_some());
        if taken(&draft.mail) || taken(&draft.username) {
            return Err(invalid("mailAlreadyUsed"));
        }
        let id = self.add_user();
        self.write(id, draft, switches)?;
        self.set_status(id, Status::Active);
        Ok(id)
    }

    fn set_status(&mut self, id: Id, status: Status) {
        if let Some(user) = self.users.get_mut(&id) {
            user.status = status;
        }
    }

    /// Sets one custom value, by the name or id of its field.
    pub(crate) fn set_value(&mut self, user: Id, field: &str, value: Option<&str>) -> Result<(), Denial> {
        let named = |one: &&super::custom_field::CustomField| one.name == field || one.id.to_string() == field;
        let id = self.custom_fields.values().find(named).ok_or(missing("customFieldNotFound"))?.id;
        let mut values = self.values_of(user)?;
        values.retain(|one| one.custom_field_id != id);
        let kind = self.custom_field(id)?.kind;
        values.extend(value.map(|value| super::custom_field::FieldValue {
            custom_field_id: id,
            kind,
            value: value.to_owned(),
        }));
        self.replace_values(user, values)
    }

    /// A group by id or name; the first of several.
    pub(crate) fn group_named(&self, text: &str) -> Option<Id> {
        let id = text.parse().ok().filter(|id| self.groups.contains_key(id));
        id.or_else(|| self.groups.values().find(|group| group.name == text).map(|group| group.id))
    }

    /// So many users, active and in the second group: the one below the root that new users begin in.
    fn invent(&mut self, count: usize, switches: &Switches) -> Result<(), Denial> {
        let group = self.groups.keys().nth(1).copied().unwrap_or(self.root);
        for number in 1..=count {
            let draft = Draft::of_names(&format!("User {number}"), "Sandbox", &format!("user{number}@users.example"));
            let id = self.add_active(draft, switches)?;
            self.join(group, Role::Learner, id, switches)?;
        }
        Ok(())
    }
}
