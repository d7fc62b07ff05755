//! From the name an author writes to a place in a record: `work.department`, `work.department@id`, `seniority`,
//! `work.manager.email`.

use std::sync::Arc;

use crate::model::{Choice, Column, CustomNames, FieldPath, Form, Section, Slot, SourceField, ValueType};
use crate::problem::{Place, Problem, did_you_mean, nearest};
use crate::stage::Compile;

/// Where to read a field: in the person's own record, or by following references to another's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldRef {
    /// References to follow first, such as `work.manager`.
    pub hops: Box<[Slot]>,
    /// The cell in the record that is reached.
    pub slot: Slot,
}

/// A source field that a recipe uses, and what is known of it.
#[derive(Debug, Clone)]
pub struct Field {
    /// As the author wrote it.
    pub written: Arc<str>,
    /// Where to read it.
    pub at: FieldRef,
    /// Its type, where the source says.
    pub value_type: Option<ValueType>,
    /// Label or machine id.
    pub form: Form,
    /// The items of a list field.
    pub choices: Option<Arc<[Choice]>>,
}

impl Field {
    /// Whether one of the items fits what an author wrote, without case; `None` where the items are not known.
    #[must_use]
    pub fn has_choice(&self, written: &str) -> Option<bool> {
        let choices = self.choices.as_ref()?;
        let wanted = written.trim().to_lowercase();
        Some(choices.iter().any(|choice| self.shown(choice).to_lowercase() == wanted))
    }

    /// The items in the form that the field has here.
    pub fn choice_words(&self) -> impl Iterator<Item = &str> + Clone {
        self.choices.iter().flat_map(|choices| choices.iter()).map(|choice| self.shown(choice))
    }

    /// The same without archived items, which nobody can be given any more.
    pub fn current_choice_words(&self) -> impl Iterator<Item = &str> {
        let choices = self.choices.iter().flat_map(|choices| choices.iter());
        choices.filter(|choice| !choice.archived).map(|choice| self.shown(choice))
    }

    /// The other form of an item, where that is what an author wrote: its machine id for a label, and the reverse.
    #[must_use]
    pub fn other_form(&self, written: &str) -> Option<&str> {
        let wanted = written.trim().to_lowercase();
        self.choices.iter().flat_map(|choices| choices.iter()).find_map(|choice| match self.form {
            Form::Id => (choice.label.to_lowercase() == wanted).then_some(&*choice.id),
            Form::Label => (choice.id.to_lowercase() == wanted).then_some(&*choice.label),
        })
    }

    fn shown<'a>(&self, choice: &'a Choice) -> &'a str {
        match self.form {
            Form::Label => &choice.label,
            Form::Id => &choice.id,
        }
    }
}

/// The most references that one name may follow (`work.manager.work.manager.email` follows two).
const MOST_HOPS: usize = 4;

impl Compile<'_> {
    /// Finds a field by what the author wrote; what cannot be found becomes a problem at `place`.
    pub fn field(&mut self, written: &str, place: &Place) -> Option<Field> {
        let mut hops = Vec::new();
        let mut rest = written.trim();
        loop {
            if let Some((path, form)) = self.own_field(rest) {
                return self.finish(written, place, &hops, &path, form);
            }
            let Some((reference, suffix)) = self.reference(rest).filter(|_| hops.len() < MOST_HOPS) else {
                return self.unknown(written, rest, place);
            };
            hops.push(self.slot(&reference, Form::Label, place)?);
            rest = suffix;
        }
    }

    fn finish(&mut self, written: &str, place: &Place, hops: &[Slot], path: &FieldPath, form: Form) -> Option<Field> {
        let slot = self.slot(path, form, place)?;
        let known = self.source.field(path.as_str());
        let value_type = match form {
            Form::Label => known.and_then(|field| field.value_type),
            Form::Id => known.and_then(id_type),
        };
        let choices = known.and_then(|field| field.choices.as_deref()).map(Arc::from);
        for (followed, hop) in hops.iter().enumerate() {
            self.references.insert(FieldRef { hops: hops[..followed].into(), slot: *hop });
        }
        let at = FieldRef { hops: hops.into(), slot };
        Some(Field { written: written.trim().into(), at, value_type, form, choices })
    }

    fn slot(&mut self, path: &FieldPath, form: Form, place: &Place) -> Option<Slot> {
        let slot = self.layout.slot(Column { path: path.clone(), form });
        match slot {
            Some(slot) => _ = self.slots_used.insert(slot),
            None => {
                let message = "a recipe can use at most 65,535 source fields";
                self.problems.push(Problem::new("too-many-fields", place, message));
            }
        }
        slot
    }

    /// The field meant by a name without references.
    fn own_field(&self, name: &str) -> Option<(FieldPath, Form)> {
        if let Some(path) = self.known_path(name) {
            return Some((path, Form::Label));
        }
        let path = self.known_path(name.strip_suffix("@id")?)?;
        Some((path, Form::Id))
    }

    fn known_path(&self, name: &str) -> Option<FieldPath> {
        if let Some(path) = self.short_names.get(name) {
            return Some(path.clone());
        }
        if self.source.field(name).is_some() {
            return Some(name.into());
        }
        let open = !self.source.complete && name.contains('.') && !name.contains('@') && self.reference(name).is_none();
        open.then(|| name.into())
    }

    /// Splits `work.manager.email` into the reference and what is read of the other employee. What follows may be a whole
    /// field id, or the end of a basic one (`email` for `root.email`).
    fn reference<'n>(&self, name: &'n str) -> Option<(FieldPath, &'n str)> {
        name.match_indices('.').map(|(at, _)| (&name[..at], &name[at + 1..])).find_map(|(head, tail)| {
            let path = self.short_names.get(head).cloned().unwrap_or_else(|| head.into());
            let is_person = match self.source.field(path.as_str()) {
                Some(field) => field.value_type == Some(ValueType::Person),
                None => !self.source.complete && KNOWN_REFERENCES.contains(&path.as_str()),
            };
            is_person.then_some((path, basic_field(tail)))
        })
    }

    /// `rest` is what is left of the name behind the references that it follows.
    fn unknown(&mut self, written: &str, rest: &str, place: &Place) -> Option<Field> {
        let wanted = written.trim();
        let (message, help) = match self.no_reference(rest) {
            Some(words) => words,
            None => (format!("the source has no field `{wanted}`"), self.nearest_field(wanted, rest)),
        };
        let general = "`rollbook fields RECIPE` lists the fields of the source";
        self.problems
            .push(Problem::new("unknown-field", place, message).help(help.unwrap_or_else(|| general.to_owned())));
        None
    }

    /// `work.title.email`, where the title is nobody.
    fn no_reference(&self, name: &str) -> Option<(String, Option<String>)> {
        let heads = name.match_indices('.').map(|(at, _)| &name[..at]);
        let (head, value_type) = heads.into_iter().find_map(|head| {
            let path = self.short_names.get(head).map_or(head, FieldPath::as_str);
            Some((head, self.source.field(path)?.value_type?))
        })?;
        let message = format!("`{name}` leads nowhere: `{head}` holds {value_type}, and not a person");
        (value_type != ValueType::Person)
            .then(|| (message, Some("only fields of a person are read this way".to_owned())))
    }

    fn nearest_field(&self, wanted: &str, rest: &str) -> Option<String> {
        let known = self.source.fields.keys().map(FieldPath::as_str).chain(self.short_names.keys().map(String::as_str));
        let (bare, form) = rest.strip_suffix("@id").map_or((rest, ""), |bare| (bare, "@id"));
        let before = wanted.strip_suffix(rest)?;
        let short = BASIC.iter().map(|(short, _)| *short).filter(|_| !before.is_empty());
        let near = nearest(bare, known.chain(short))?;
        Some(format!("did you mean `{before}{near}{form}`?"))
    }

    /// Finds a field that holds a day; any other type becomes a problem.
    pub fn day_field(&mut self, written: &str, place: &Place) -> Option<Field> {
        let field = self.field(written, place)?;
        match field.value_type {
            None | Some(ValueType::Date | ValueType::DateTime) => Some(field),
            Some(other) => {
                let message = format!("`{written}` holds {other}, and a day is needed here");
                self.problems.push(Problem::new("bad-type", place, message).help("name a date field"));
                None
            }
        }
    }

    /// Finds a target field by name; what cannot be found becomes a problem at `place`.
    ///
    /// Before the target was asked, a field that it does not list may be one of the customer's own, in any place but the
    /// table of standard fields.
    pub fn target_field(
        &mut self,
        name: &str,
        section: Option<Section>,
        place: &Place,
    ) -> Option<crate::model::TargetField> {
        if let Some(field) = self.target.field(name) {
            return Some(field.clone());
        }
        let standard_known = section == Some(Section::Standard) && !self.target.fields.is_empty();
        if !self.target.complete && !standard_known {
            return Some(open_field(name, section.unwrap_or(Section::Standard)));
        }
        if section != Some(Section::Standard) && self.target.custom_names.allow(name) {
            let on_creation = self.target.custom_names.on_creation();
            return Some(crate::model::TargetField { on_creation, ..open_field(name, Section::Custom) });
        }
        let known = self.target.fields.iter().map(|field| field.name.as_str());
        let help = did_you_mean(name, known).unwrap_or_else(|| match self.target.custom_names {
            CustomNames::Like { form, .. } if section != Some(Section::Standard) => {
                format!("name a custom field of the target by {form}")
            }
            _ => "`rollbook fields RECIPE` lists the fields of the target".to_owned(),
        });
        let message = format!("the target has no field `{name}`");
        self.problems.push(Problem::new("unknown-target-field", place, message).help(help));
        None
    }
}

/// References of a source whose metadata is not at hand (apis/hibob.md §2.4).
const KNOWN_REFERENCES: [&str; 3] = ["work.manager", "work.reportsTo", "work.secondLevelManager"];

/// What a target field is taken for while the target's own list is not at hand.
fn open_field(name: &str, section: Section) -> crate::model::TargetField {
    use crate::model::{TargetField, TargetType};
    let target_type = match (section, name) {
        (Section::Standard, "manager") => TargetType::Person,
        _ => TargetType::Text,
    };
    TargetField {
        name: name.into(),
        title: name.to_owned(),
        section,
        target_type,
        choices: Vec::new(),
        required: false,
        writable: true,
        listed: section == Section::Standard,
        on_creation: true,
    }
}

/// Machine ids are text, except of fields that are no lists: there `@id` changes nothing.
fn id_type(field: &SourceField) -> Option<ValueType> {
    match (&field.choices, field.value_type) {
        (Some(_), Some(ValueType::List)) | (None, _) => field.value_type,
        (Some(_), _) => Some(ValueType::Text),
    }
}

/// The ends of basic fields that are enough after a reference, and the whole.
const BASIC: [(&str, &str); 6] = [
    ("id", "root.id"),
    ("email", "root.email"),
    ("firstName", "root.firstName"),
    ("surname", "root.surname"),
    ("displayName", "root.displayName"),
    ("fullName", "root.fullName"),
];

/// `email` stands for `root.email` after a reference.
fn basic_field(tail: &str) -> &str {
    BASIC.iter().find(|(short, _)| *short == tail).map_or(tail, |(_, long)| long)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_basic_field_is_enough_after_a_reference() {
        assert_eq!(basic_field("email"), "root.email");
        assert_eq!(basic_field("work.site"), "work.site");
    }
}
