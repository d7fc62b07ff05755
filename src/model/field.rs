//! What a source can give and what a target can take: data that connectors declare and recipes are checked against.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use super::text_newtype;

text_newtype! {
    /// A source field by the source's own id, such as `work.department` or `about.custom.Spoken languages_X1a2`.
    /// The id is opaque: only whole ids are ever compared.
    FieldPath
}

text_newtype! {
    /// A target field by the target's own name or id, such as `mail`.
    FieldName
}

/// The type of a source field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ValueType {
    /// Text, and the labels of single-choice lists.
    Text,
    /// Whole or decimal number.
    Number,
    /// Yes or no.
    YesNo,
    /// Calendar day.
    Date,
    /// Day and time.
    DateTime,
    /// Several texts.
    List,
    /// Reference to an employee.
    Person,
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::YesNo => "yes/no",
            Self::Date => "date",
            Self::DateTime => "date-time",
            Self::List => "list of text",
            Self::Person => "person",
        })
    }
}

/// One item of a source's list field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The machine value (`250000301`).
    pub id: Arc<str>,
    /// What people read (`Finance`).
    pub label: Arc<str>,
    /// No longer offered, but people may still hold it.
    pub archived: bool,
}

/// One field that a source can give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceField {
    /// The id that recipes use.
    pub path: FieldPath,
    /// The name on the source's own screens.
    pub name: String,
    /// `None` where the source does not say (a CSV without metadata): values are judged one by one.
    pub value_type: Option<ValueType>,
    /// The permission category that must be ticked in the source, in its own words ("Lifecycle").
    pub category: Option<String>,
    /// The items of a list field.
    pub choices: Option<Vec<Choice>>,
}

/// Every field a source offers.
#[derive(Debug, Clone)]
pub struct SourceCatalogue {
    /// What people call the source ("HiBob"): the words of findings and explanations.
    pub title: Arc<str>,
    /// The fields by id.
    pub fields: BTreeMap<FieldPath, SourceField>,
    /// Whether a field that is not listed does not exist. `false` where the source has no metadata at hand.
    pub complete: bool,
}

impl SourceCatalogue {
    /// A source of which nothing but its name is known: any field may exist.
    #[must_use]
    pub fn open(title: &str) -> Self {
        Self { title: title.into(), fields: BTreeMap::new(), complete: false }
    }

    /// The field with exactly this id.
    #[must_use]
    pub fn field(&self, path: &str) -> Option<&SourceField> {
        self.fields.get(path)
    }
}

/// Standard or custom: the two kinds of field that targets know and that rule tables keep apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Section {
    /// Every tenant of the target has it.
    Standard,
    /// Defined by the customer in the target.
    Custom,
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Standard => "standard",
            Self::Custom => "custom",
        })
    }
}

/// What a target field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TargetType {
    /// Text.
    Text,
    /// Number.
    Number,
    /// Yes or no.
    YesNo,
    /// Calendar day.
    Date,
    /// Several texts.
    List,
    /// Another user, such as the manager; written in a second pass.
    Person,
    /// Several other users, such as additional managers; written in a second pass.
    People,
    /// The name of a flat team.
    Team,
    /// The key of that team in another system, by which it is found when its name has changed. It belongs to the team, and is
    /// never written to a user.
    TeamKey,
}

impl TargetType {
    /// Whether the field refers to other users, and is therefore written in the second pass.
    #[must_use]
    pub fn refers_to_users(self) -> bool {
        matches!(self, Self::Person | Self::People)
    }
}

impl fmt::Display for TargetType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::YesNo => "yes/no",
            Self::Date => "date",
            Self::List => "list of text",
            Self::Person => "user",
            Self::People => "users",
            Self::Team => "team",
            Self::TeamKey => "key of the team",
        })
    }
}

/// One field that a target can take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetField {
    /// The name or id that recipes use.
    pub name: FieldName,
    /// What the target's own screens call it.
    pub title: String,
    /// Standard or custom.
    pub section: Section,
    /// What it takes.
    pub target_type: TargetType,
    /// Where not empty, the only values it takes, spelt exactly so.
    pub choices: Vec<Arc<str>>,
    /// A user cannot be created without it.
    pub required: bool,
    /// `false` for what the target sets itself; such fields can be identified by, not written.
    pub writable: bool,
    /// Whether listing all users gives it for all of them. What listings leave out is remembered from what was last read or
    /// written.
    pub listed: bool,
    /// Whether a user can be made with it. Where not, it is written in the second pass.
    pub on_creation: bool,
}

/// Whether a target has groups, and in which roles people can be in them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupSupport {
    /// The roles a member can have; the first is the default. Empty where the target has no groups.
    pub roles: Vec<Arc<str>>,
    /// Whether groups can be created through the target's API.
    pub can_create: bool,
    /// Whether listing all users gives their memberships. Where it does not, they are remembered.
    pub listed: bool,
    /// Whether people can only be added: whoever should leave a group is reported, and taken out by hand.
    pub add_only: bool,
}

/// Which names the custom fields of a target can have.
#[derive(Debug, Clone, Copy, Default)]
pub enum CustomNames {
    /// Those that the catalogue lists.
    #[default]
    Listed,
    /// Any: the target cannot be asked which there are. They hold text.
    Any {
        /// Whether a user can be made with them.
        on_creation: bool,
    },
    /// Any of a form.
    Like {
        /// Whether a user can be made with them.
        on_creation: bool,
        /// Whether a name is of that form.
        fits: fn(&str) -> bool,
        /// The form, in words: "the id of a custom attribute, 24 hexadecimal digits".
        form: &'static str,
    },
}

impl CustomNames {
    /// Whether a custom field that is not listed can have this name.
    #[must_use]
    pub fn allow(self, name: &str) -> bool {
        match self {
            Self::Listed => false,
            Self::Any { .. } => true,
            Self::Like { fits, .. } => fits(name),
        }
    }

    /// Whether a user can be made with fields that are not listed.
    #[must_use]
    pub fn on_creation(self) -> bool {
        match self {
            Self::Listed => true,
            Self::Any { on_creation } | Self::Like { on_creation, .. } => on_creation,
        }
    }
}

/// Every field a target takes, and what else it can do.
#[derive(Debug, Clone, Default)]
pub struct TargetCatalogue {
    /// The fields, in the target's order.
    pub fields: Vec<TargetField>,
    /// Whether a custom field that is not listed does not exist; `false` before the target was asked.
    pub complete: bool,
    /// Which custom fields there can be besides those that are listed.
    pub custom_names: CustomNames,
    /// The field people log in with: unique among users, and watched by the brake.
    pub login: Option<FieldName>,
    /// Further fields that people may log in with, such as a user name; unique and watched in the same way.
    pub other_logins: Vec<FieldName>,
    /// Groups.
    pub groups: GroupSupport,
    /// The field in which the target keeps the employee's id. It is written for whoever is identified by it, whether or
    /// not a row of the recipe fills it.
    pub key_field: Option<FieldName>,
    /// Fields that the target gives a value of its own where none is given: they cannot be cleared.
    pub never_empty: Vec<FieldName>,
    /// Whether an invited user can be made active without doing anything themselves.
    pub can_activate: bool,
    /// Whether somebody who is invited cannot be changed before they accept.
    pub invited_are_fixed: bool,
    /// Whether a reference can only lead to a user who has access.
    pub references_need_access: bool,
    /// Whether somebody whose access ends loses groups, and is nobody's manager any more.
    pub access_carries_relations: bool,
    /// Whether ending access destroys what giving it again does not bring back. Nobody's is ended before their last day then.
    pub access_ends_for_good: bool,
    /// Whether a setting of the target decides who is invited, and when, so that a recipe cannot.
    pub invites_by_itself: bool,
    /// Whether one call takes a user's fields and references together.
    pub fields_with_references: bool,
}

impl TargetCatalogue {
    /// Whether listing all users leaves nothing out.
    #[must_use]
    pub fn lists_everything(&self) -> bool {
        let open = !matches!(self.custom_names, CustomNames::Listed);
        !open && self.groups.listed && self.fields.iter().all(|field| field.listed)
    }

    /// Whether listing all users gives a field for all of them.
    #[must_use]
    pub fn lists(&self, name: &FieldName) -> bool {
        match self.field(name.as_str()) {
            Some(field) => field.listed,
            None => !self.custom_names.allow(name.as_str()),
        }
    }

    /// Every field that people log in with, the main one first.
    pub fn logins(&self) -> impl Iterator<Item = &FieldName> {
        self.login.iter().chain(&self.other_logins)
    }

    /// The field with exactly this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&TargetField> {
        self.fields.iter().find(|field| field.name.as_str() == name)
    }
}
