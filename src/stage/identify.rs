//! Whose user is whose: after the remembered link, fields of the employee are compared with fields of the user, in order.

use crate::model::{Cell, FieldName, Reason, Value};
use crate::problem::{Place, Problem};
use crate::stage::Compile;
use crate::stage::field::Field;
use crate::stage::person::Person;

/// One way to find a person's user.
#[derive(Debug)]
pub struct IdentifyRule {
    /// The employee's field.
    pub employee: Field,
    /// The user's field, and its place in the user layout.
    pub user: FieldName,
    /// Its place in [`crate::model::User::cells`].
    pub place: usize,
    /// Whether case and outer spaces count.
    pub ignore_case: bool,
    /// "identified by `root.email` = `mail`".
    pub reason: Reason,
}

/// One entry of `identify:` as the author writes it, with its places.
pub struct RawIdentify<'r> {
    /// `employee`
    pub employee: (&'r str, Place),
    /// `user`
    pub user: (&'r str, Place),
    /// `ignore_case`
    pub ignore_case: bool,
}

impl IdentifyRule {
    /// Compiles one entry.
    pub fn compile(raw: &RawIdentify<'_>, cx: &mut Compile<'_>) -> Option<Self> {
        let employee = cx.field(raw.employee.0, &raw.employee.1);
        let user = cx.target_field(raw.user.0, None, &raw.user.1)?;
        if user.target_type.refers_to_users() {
            let message = format!("people can't be identified by `{}`, which refers to other users", user.name);
            cx.problems.push(Problem::new("bad-identify", &raw.user.1, message));
            return None;
        }
        let place = cx.user_layout.place(&user.name);
        let text = format!("identified by `{}` = `{}`", raw.employee.0, raw.user.0);
        let reason = Reason::at(text, &raw.employee.1.origin());
        Some(Self { employee: employee?, user: user.name, place, ignore_case: raw.ignore_case, reason })
    }

    /// Whether the source said what to look for, be it that there is nothing.
    #[must_use]
    pub fn is_delivered(&self, person: &Person<'_>) -> bool {
        person.read(&self.employee.at).is_delivered()
    }

    /// What to look for in the users' field; nothing where the employee has no value.
    #[must_use]
    pub fn key(&self, person: &Person<'_>) -> Option<String> {
        person.read(&self.employee.at).value().map(|value| self.fold(value))
    }

    /// What a user is found under.
    #[must_use]
    pub fn user_key(&self, cell: &Cell) -> Option<String> {
        cell.value().map(|value| self.fold(value))
    }

    fn fold(&self, value: &Value) -> String {
        let text = match value.as_text() {
            Some(text) => text.trim().to_owned(),
            None => value.to_string(),
        };
        if self.ignore_case { text.to_lowercase() } else { text }
    }
}
