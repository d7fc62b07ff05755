//! Which groups a user should be in: every matching rule adds its group, and `{work.department}` makes one rule for all.

use std::sync::Arc;

use crate::model::{Cell, Reason, Value};
use crate::problem::{Place, Problem, did_you_mean};
use crate::script::{ScriptFailure, Session};
use crate::stage::Compile;
use crate::stage::condition::Truth;
use crate::stage::dead_rule;
use crate::stage::field::Field;
use crate::stage::person::Person;
use crate::stage::rule::{Rule, RuleRows};
use crate::table::Table;

/// Which memberships may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// Those in groups that a rule names. The default.
    Rules,
    /// Those that Rollbook added.
    Added,
    /// None.
    None,
}

/// The group rules of a recipe.
#[derive(Debug)]
pub struct Groups {
    /// In the order of the table.
    pub rules: Vec<GroupRule>,
    /// Which memberships may be removed.
    pub ownership: Ownership,
    /// Whether groups and teams that do not exist are made.
    pub create: bool,
}

/// One rule.
#[derive(Debug)]
pub struct GroupRule {
    /// When.
    pub rule: Rule,
    /// Which group.
    pub group: GroupPattern,
    /// In which role.
    pub role: Arc<str>,
}

/// A group's name or id, which may hold fields.
#[derive(Debug)]
pub struct GroupPattern {
    /// As written.
    pub written: Arc<str>,
    parts: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Text(Arc<str>),
    Field(Field),
}

/// A group that a rule gives a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedGroup<'r> {
    /// The name or id.
    pub name: Arc<str>,
    /// The role.
    pub role: &'r Arc<str>,
    /// The rule.
    pub reason: &'r Reason,
    /// The rule's place in the table.
    pub place: usize,
}

/// What the group rules say of one person.
#[derive(Debug, Default)]
pub struct WantedGroups<'r> {
    /// The groups, in the order of the rules; none twice with one role.
    pub groups: Vec<WantedGroup<'r>>,
    /// Rules that could not be decided: what they would give must not be taken away.
    pub undecided: Vec<&'r GroupRule>,
}

impl Groups {
    /// Compiles the rules of `groups`.
    pub fn compile_rules(table: &Table, cx: &mut Compile<'_>) -> Vec<GroupRule> {
        let mut rules = Vec::new();
        table.check_has("group", cx.problems);
        for rows in RuleRows::of(table) {
            let group = rows.only("group", cx);
            let role = rows.only("role", cx);
            let Some((group, place)) = group else {
                rows.compile("group", cx);
                if table.has_column("group") {
                    let message = "this rule names no group";
                    let problem = Problem::new("missing-group", &rows.first().hole("group"), message);
                    cx.problems.push_if_first(problem.help("fill the group column of its first row"));
                }
                continue;
            };
            let (group, role) =
                (GroupPattern::compile(group, &place, cx), compile_role(role, &rows.first().place(), cx));
            let rule = rows.compile("group", cx);
            let (Some(group), Some(role), Some(rule)) = (group, role, rule) else { continue };
            dead_rule::check_contradiction(&rule, cx);
            rules.push(GroupRule { rule, group, role });
        }
        check_repeated(&rules, cx);
        rules
    }

    /// What the rules give one person.
    ///
    /// # Errors
    /// When a script fails.
    pub fn wanted<'r>(&'r self, person: &Person<'_>, session: &mut Session) -> Result<WantedGroups<'r>, ScriptFailure> {
        let mut wanted = WantedGroups::default();
        for (place, rule) in self.rules.iter().enumerate() {
            match rule.rule.test(person, session)? {
                Truth::No => continue,
                Truth::Unknown => wanted.undecided.push(rule),
                Truth::Yes => match rule.group.name(person) {
                    Name::Unknown => wanted.undecided.push(rule),
                    Name::Nothing => {}
                    Name::Group(name) => wanted.add(name, rule, place),
                },
            }
        }
        Ok(wanted)
    }
}

impl<'r> WantedGroups<'r> {
    fn add(&mut self, name: Arc<str>, rule: &'r GroupRule, place: usize) {
        if !self.groups.iter().any(|known| known.name == name && known.role == &rule.role) {
            self.groups.push(WantedGroup { name, role: &rule.role, reason: &rule.rule.reason, place });
        }
    }
}

/// A group's name for one person.
pub enum Name {
    /// This one.
    Group(Arc<str>),
    /// A field in it is empty, so there is none.
    Nothing,
    /// A field in it was not delivered.
    Unknown,
}

impl GroupPattern {
    fn compile(text: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else {
                return Self::bad(format!("`{text}` has a `{{` without its `}}`"), place, cx);
            };
            if name.trim().is_empty() {
                return Self::bad(format!("the braces in `{text}` name no field"), place, cx);
            }
            if before.contains('}') {
                break;
            }
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            parts.push(Part::Field(cx.field(name, &place.of(text, name))?));
            rest = behind;
        }
        if rest.contains('}') {
            return Self::bad(format!("`{text}` has a `}}` without its `{{`"), place, cx);
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.into()));
        }
        Some(Self { written: text.into(), parts })
    }

    fn bad(message: String, place: &Place, cx: &mut Compile<'_>) -> Option<Self> {
        cx.problems.push(Problem::new("bad-group", place, message).help("write fields as {work.department}"));
        None
    }

    /// The group's name for one person.
    #[must_use]
    pub fn name(&self, person: &Person<'_>) -> Name {
        if let [Part::Text(text)] = &self.parts[..] {
            return Name::Group(Arc::clone(text));
        }
        if let [Part::Field(field)] = &self.parts[..]
            && let Cell::Value(Value::Text(text)) = person.read(&field.at)
        {
            return Name::Group(Arc::clone(text));
        }
        let mut name = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => name.push_str(text),
                Part::Field(field) => match person.read(&field.at) {
                    Cell::NotDelivered => return Name::Unknown,
                    Cell::Empty => return Name::Nothing,
                    Cell::Value(value) => name.push_str(&value.to_string()),
                },
            }
        }
        Name::Group(name.into())
    }

    /// The name where it is the same for everybody.
    #[must_use]
    pub fn fixed(&self) -> Option<&Arc<str>> {
        match &self.parts[..] {
            [Part::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// Whether a group of this name could have come from this pattern: the text fits, and what stands in the place of a
    /// list field is one of the list's values. Fields without a list could be anything, so they name nothing.
    #[must_use]
    pub fn could_be(&self, name: &str) -> bool {
        fits(&self.parts, name)
    }

    /// Whether a name looks as if this pattern had made it: the text around the fields fits, whatever stands in their place.
    /// A field alone looks like nothing.
    #[must_use]
    pub fn looks_like(&self, name: &str) -> bool {
        let literal = |part: &Part| matches!(part, Part::Text(_));
        let starts = match self.parts.first() {
            Some(Part::Text(text)) => name.starts_with(&**text),
            _ => true,
        };
        let ends = match self.parts.last() {
            Some(Part::Text(text)) => name.ends_with(&**text),
            _ => true,
        };
        self.parts.iter().any(literal) && starts && ends
    }

    /// Whether a name could have come from this pattern with any values at all in the place of its fields.
    #[must_use]
    pub fn might_be(&self, name: &str) -> bool {
        let has_field = self.fields().next().is_some();
        has_field && (self.looks_like(name) || !self.parts.iter().any(|part| matches!(part, Part::Text(_))))
    }

    /// The source fields in it.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.parts.iter().filter_map(|part| match part {
            Part::Field(field) => Some(field),
            Part::Text(_) => None,
        })
    }
}

fn fits(parts: &[Part], name: &str) -> bool {
    match parts {
        [] => name.is_empty(),
        [Part::Text(text), rest @ ..] => name.strip_prefix(&**text).is_some_and(|behind| fits(rest, behind)),
        [Part::Field(field), rest @ ..] => {
            field.choice_words().any(|word| name.strip_prefix(word).is_some_and(|behind| fits(rest, behind)))
        }
    }
}

fn compile_role(role: Option<(&str, Place)>, row: &Place, cx: &mut Compile<'_>) -> Option<Arc<str>> {
    let known = &cx.target.groups.roles;
    if cx.target.complete && known.is_empty() {
        let message = "the target has no groups";
        cx.problems.push(Problem::new("no-groups", row, message).help("leave the stage `groups` out of the recipe"));
        return None;
    }
    let Some((role, place)) = role else { return Some(known.first().cloned().unwrap_or_else(|| "member".into())) };
    if cx.target.complete && !known.iter().any(|name| **name == *role) {
        let help = did_you_mean(role, known.iter().map(|name| &**name)).unwrap_or_default();
        cx.problems.push(Problem::new("unknown-role", &place, format!("the target has no role `{role}`")).help(help));
        return None;
    }
    Some(role.into())
}

/// Two rules with the same conditions and the same group: one of them does nothing.
fn check_repeated(rules: &[GroupRule], cx: &mut Compile<'_>) {
    let key = |rule: &GroupRule| {
        let mut conditions: Vec<Arc<str>> =
            rule.rule.conditions.iter().map(|row| Arc::clone(&row.condition.written)).collect();
        conditions.sort();
        (Arc::clone(&rule.group.written), Arc::clone(&rule.role), conditions)
    };
    for (index, rule) in rules.iter().enumerate() {
        if let Some(earlier) = rules[..index].iter().find(|earlier| key(earlier) == key(rule)) {
            let message = format!("this rule says the same as the {}", earlier.rule.reason);
            cx.problems.push(Problem::warning("dead-rule", &rule.rule.place, message).help("delete one of the two"));
        }
    }
}
