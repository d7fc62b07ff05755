//! What a recipe wants kept out of its reports: taken out once, before anything is written, so that every form agrees.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::RunReport;
use super::attention::with_values_hidden;
use crate::model::plan::{Changes, FieldChange, PersonPlan};
use crate::model::{EmployeeId, FieldName, Finding, Outcome, Privacy, SheetColumn, Value};

/// What stands where a value is not shown.
pub(super) const HIDDEN: &str = "•••";

impl RunReport {
    /// The report without what its recipe wants kept out. Doing it twice changes nothing more.
    #[must_use]
    pub fn kept_private(mut self) -> Self {
        let Privacy { left_out, masked, .. } = &self.privacy;
        let keeps = Keeps {
            masked,
            names: left_out.contains(&SheetColumn::Name),
            addresses: left_out.contains(&SheetColumn::Email),
            hidden: Value::Text(HIDDEN.into()),
        };
        if keeps.nothing() {
            return self;
        }
        self.outcomes.iter_mut().for_each(|outcome| keeps.outcome(outcome));
        self.findings.iter_mut().for_each(|finding| keeps.finding(finding));
        for (employee, name) in self.tripped.iter_mut().flat_map(|tripped| &mut tripped.people) {
            if keeps.names {
                *name = name_of(employee).to_string();
            }
        }
        self
    }
}

/// What is kept out.
struct Keeps<'p> {
    masked: &'p BTreeSet<FieldName>,
    names: bool,
    addresses: bool,
    hidden: Value,
}

impl Keeps<'_> {
    fn nothing(&self) -> bool {
        self.masked.is_empty() && !self.names && !self.addresses
    }

    fn outcome(&self, outcome: &mut Outcome) {
        self.person(&mut outcome.person);
        outcome.held.iter_mut().for_each(|changes| self.changes(changes));
        outcome.failure.iter_mut().for_each(|finding| self.finding(finding));
    }

    fn person(&self, person: &mut PersonPlan) {
        if self.names {
            person.name = name_of(&person.employee);
        }
        if self.addresses {
            person.email = None;
            if person.name.contains('@') {
                person.name = name_of(&person.employee);
            }
            if person.reason.text.contains('@') {
                person.reason.text = self.without_addresses(&person.reason.text).into();
            }
        }
        person.changes.iter_mut().for_each(|changes| self.changes(changes));
        person.findings.iter_mut().for_each(|finding| self.finding(finding));
    }

    fn changes(&self, changes: &mut Changes) {
        changes.fields.iter_mut().filter(|change| self.hides(change)).for_each(|change| change.hide(&self.hidden));
    }

    fn hides(&self, change: &FieldChange) -> bool {
        let field = change.field();
        let holds_address = || {
            let values = change.before().value().into_iter().chain(&change.after);
            change.login() || values.into_iter().any(|value| matches!(value, Value::Text(text) if text.contains('@')))
        };
        self.masked.contains(field)
            || (self.names && field.as_str().to_lowercase().contains("name"))
            || (self.addresses && holds_address())
    }

    fn finding(&self, finding: &mut Finding) {
        let reason = finding.reason.as_ref().map_or("", |reason| &reason.text);
        let is_about = |text: &str| self.masked.iter().any(|field| text.contains(&format!("`{field}`")));
        if is_about(&finding.text) || is_about(reason) {
            let is_field = |piece: &str| self.masked.iter().any(|field| piece.trim_matches('`') == field.as_str());
            finding.text = with_values_hidden(&finding.text, HIDDEN, is_field).into();
            finding.hint = with_values_hidden(&finding.hint, HIDDEN, is_field).into();
        }
        if self.addresses {
            finding.text = self.without_addresses(&finding.text).into();
            finding.hint = self.without_addresses(&finding.hint).into();
        }
    }

    fn without_addresses(&self, text: &str) -> String {
        with_values_hidden(text, HIDDEN, |piece| !piece.contains('@'))
    }
}

/// How somebody is called whose name is kept out.
fn name_of(employee: &EmployeeId) -> Arc<str> {
    Arc::clone(employee.shared())
}

#[cfg(test)]
mod tests {
    use super::super::sample::full;
    use super::super::{html, text, write_sheet};
    use super::*;
    use crate::model::{Cell, OutcomeKind, Reason, Whose};

    /// The report in every form.
    fn forms(report: &RunReport) -> [String; 3] {
        let mut sheet = Vec::new();
        write_sheet(report, &mut sheet).unwrap();
        [text(report), html(report), String::from_utf8(sheet).unwrap()]
    }

    fn private(privacy: Privacy) -> RunReport {
        let mut report = full();
        let updated = report.outcomes.iter_mut().find(|outcome| outcome.kind == OutcomeKind::Updated).unwrap();
        let phone = updated.person.changes.as_mut().unwrap().fields.last_mut().unwrap();
        *phone = FieldChange::new(
            &Arc::new(crate::model::plan::Mapping {
                field: FieldName::new("birthday"),
                login: false,
                reason: Reason::plain("`birthday` from `home.birthDate`"),
            }),
            Cell::Value(Value::Text("1990-05-04".into())),
            Value::text("1990-04-05"),
        );
        updated.person.findings.push(Finding {
            whose: Whose::Source,
            text: "the script of `birthday` says: 4.5.1990 is no date".into(),
            hint: "write `1990-05-04`".into(),
            reason: None,
        });
        RunReport { privacy, ..report }.kept_private()
    }

    #[test]
    fn values_of_masked_fields_are_in_no_form_and_that_they_changed_is() {
        let masked = [FieldName::new("birthday")].into();
        let report = private(Privacy { masked, ..Privacy::default() });
        for form in forms(&report) {
            assert!(!form.contains("1990"), "{form}");
            assert!(form.contains("birthday: ••• → •••") || form.contains("birthday"), "{form}");
            assert!(form.contains("Lead analyst"), "other fields are shown");
        }
        assert_eq!(report.clone().kept_private(), report);
    }

    #[test]
    fn a_name_that_is_left_out_is_in_no_form() {
        let report = private(Privacy { left_out: [SheetColumn::Name].into(), ..Privacy::default() });
        for form in &forms(&report)[..2] {
            for name in ["Zoë", "Amal", "Ann Lee", "Dov Katz", "Outside Person"] {
                assert!(!form.contains(name), "{name}: {form}");
            }
        }
    }

    #[test]
    fn an_address_that_is_left_out_is_in_no_form() {
        let report = private(Privacy { left_out: [SheetColumn::Email].into(), ..Privacy::default() });
        for form in &forms(&report)[..2] {
            assert!(!form.contains("@acme"), "{form}");
        }
    }

    #[test]
    fn with_counts_alone_nobody_is_named_in_the_mail() {
        let report = private(Privacy { counts_only: true, ..Privacy::default() });
        for form in &forms(&report)[..2] {
            for name in ["Zoë", "Amal", "Ann Lee", "Dov Katz", "Outside Person", "@acme"] {
                assert!(!form.contains(name), "{name}: {form}");
            }
            assert!(form.contains("3 people would lose access"), "counts are there");
        }
    }
}
