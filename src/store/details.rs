//! What there is to say about a person's outcome beyond its columns, as one short JSON text.
//!
//! A first sync has thirty changes for everybody, each for one of a hundred reasons: a reason is written once a run,
//! and the texts hold its number.

use std::sync::Arc;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::database::{Row, Transaction};
use super::error::Unreadable;
use super::outcomes::{origin_of, verdict_of};
use super::{RunId, bulk, shared};
use crate::model::plan::{
    Changes, FieldChange, Mapping, MembershipChange, PersonRef, Reason, ReferenceChange, Verdict,
};
use crate::model::{Access, Cell, FieldName, Finding, GroupId, Outcome, OutcomeKind, UserId, UserStatus, Value, Whose};

/// The reasons that a run's outcomes give, each with its number.
#[derive(Default)]
pub(super) struct Reasons {
    all: Vec<Reason>,
    numbers: HashMap<Reason, usize>,
    /// Those of the fields that were read back, so that people share them.
    mappings: HashMap<(usize, FieldName, bool), Arc<Mapping>>,
}

/// What the columns do not say.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Details {
    /// Only where it does not follow from how it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_link: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<KeptChanges>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<KeptChanges>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<KeptFinding>,
    #[serde(skip_serializing_if = "Option::is_none")]
    failure: Option<KeptFinding>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    no_group_rule: bool,
}

/// [`Changes`], with the number of each reason at the end of its list.
#[derive(Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct KeptChanges {
    #[serde(skip_serializing_if = "Option::is_none")]
    status_before: Option<UserStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<Access>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<KeptField>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<(FieldName, Vec<UserId>, Vec<PersonRef>, usize)>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    join: Vec<KeptMembership>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leave: Vec<KeptMembership>,
}

/// Field, before, after, login, reason. Nearly all of a first sync are short: nothing is known of before.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum KeptField {
    Short(FieldName, KeptValue, usize),
    Whole(FieldName, Cell, Option<Value>, bool, usize),
}

/// A text is kept as it is, since most values are texts.
#[derive(PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum KeptValue {
    Text(Arc<str>),
    Other(Option<Value>),
}

/// Name, group, role, reason.
type KeptMembership = (Arc<str>, Option<GroupId>, Arc<str>, usize);

/// Whose move, text, hint, reason.
type KeptFinding = (Whose, Arc<str>, Arc<str>, Option<usize>);

/// What of an outcome is in its details.
pub(super) struct Told {
    pub(super) verdict: Verdict,
    pub(super) new_link: Option<Reason>,
    pub(super) changes: Option<Box<Changes>>,
    pub(super) held: Option<Box<Changes>>,
    pub(super) findings: Vec<Finding>,
    pub(super) failure: Option<Finding>,
    pub(super) no_group_rule: bool,
}

impl Details {
    pub(super) fn of(outcome: &Outcome, reasons: &mut Reasons) -> Self {
        let person = &outcome.person;
        Self {
            verdict: (verdict_of(outcome.kind) != Some(person.verdict)).then_some(person.verdict),
            new_link: person.new_link.as_ref().map(|reason| reasons.number(reason)),
            changes: person.changes.as_deref().map(|changes| KeptChanges::of(changes, reasons)),
            held: outcome.held.as_deref().map(|changes| KeptChanges::of(changes, reasons)),
            findings: person.findings.iter().map(|finding| keep_finding(finding, reasons)).collect(),
            failure: outcome.failure.as_ref().map(|finding| keep_finding(finding, reasons)),
            no_group_rule: person.no_group_rule,
        }
    }

    /// The JSON text, or nothing if there is nothing more to say.
    pub(super) fn text(&self) -> Result<Option<String>, sqlx::Error> {
        if *self == Self::default() {
            return Ok(None);
        }
        serde_json::to_string(self).map(Some).map_err(|error| sqlx::Error::Encode(Box::new(error)))
    }

    /// Back from the text.
    pub(super) fn told(text: Option<&str>, kind: OutcomeKind, reasons: &mut Reasons) -> Result<Told, Unreadable> {
        let unreadable = || Unreadable("outcomes.details");
        let details: Self = text.map_or(Ok(Self::default()), serde_json::from_str).map_err(|_| unreadable())?;
        let mut changes = |kept: Option<KeptChanges>| kept.map(|kept| kept.changes(reasons).map(Box::new)).transpose();
        let (changed, held) = (changes(details.changes)?, changes(details.held)?);
        let findings = details.findings.into_iter().map(|kept| finding(kept, reasons));
        Ok(Told {
            verdict: details.verdict.or_else(|| verdict_of(kind)).ok_or_else(unreadable)?,
            new_link: details.new_link.map(|number| reasons.reason(number)).transpose()?,
            changes: changed,
            held,
            findings: findings.collect::<Result<_, _>>()?,
            failure: details.failure.map(|kept| finding(kept, reasons)).transpose()?,
            no_group_rule: details.no_group_rule,
        })
    }
}

impl KeptChanges {
    fn of(changes: &Changes, reasons: &mut Reasons) -> Self {
        let field = |change: &FieldChange, reasons: &mut Reasons| {
            let reason = reasons.number(change.reason());
            KeptField::of(change, reason)
        };
        let reference = |change: &ReferenceChange, reasons: &mut Reasons| {
            let reason = reasons.number(&change.reason);
            (change.field.clone(), change.before.clone(), change.after.clone(), reason)
        };
        let membership = |change: &Arc<MembershipChange>, reasons: &mut Reasons| {
            let reason = reasons.number(&change.reason);
            (Arc::clone(&change.name), change.group.clone(), Arc::clone(&change.role), reason)
        };
        Self {
            status_before: changes.status_before,
            replaces: changes.replaces.clone(),
            access: changes.access,
            fields: changes.fields.iter().map(|change| field(change, reasons)).collect(),
            references: changes.references.iter().map(|change| reference(change, reasons)).collect(),
            join: changes.join.iter().map(|change| membership(change, reasons)).collect(),
            leave: changes.leave.iter().map(|change| membership(change, reasons)).collect(),
        }
    }

    fn changes(self, reasons: &mut Reasons) -> Result<Changes, Unreadable> {
        let fields: Result<_, _> = self.fields.into_iter().map(|field| field.change(reasons)).collect();
        let membership = |(name, group, role, reason): KeptMembership| {
            Ok(Arc::new(MembershipChange { name, group, role, reason: reasons.reason(reason)? }))
        };
        let references = self.references.into_iter().map(|(field, before, after, reason)| {
            Ok(ReferenceChange { field, before, after, reason: reasons.reason(reason)? })
        });
        Ok(Changes {
            status_before: self.status_before,
            replaces: self.replaces,
            access: self.access,
            fields: fields?,
            references: references.collect::<Result<_, _>>()?,
            join: self.join.into_iter().map(membership).collect::<Result<_, _>>()?,
            leave: self.leave.into_iter().map(membership).collect::<Result<_, _>>()?,
        })
    }
}

impl KeptField {
    fn of(change: &FieldChange, reason: usize) -> Self {
        let (field, after) = (change.field().clone(), change.after.clone());
        if change.login() || change.before().is_delivered() {
            return Self::Whole(field, change.before().clone(), after, change.login(), reason);
        }
        let after = match after {
            Some(Value::Text(text)) => KeptValue::Text(text),
            other => KeptValue::Other(other),
        };
        Self::Short(field, after, reason)
    }

    fn change(self, reasons: &mut Reasons) -> Result<FieldChange, Unreadable> {
        let (field, before, after, login, reason) = match self {
            Self::Short(field, KeptValue::Text(text), reason) => {
                (field, Cell::NotDelivered, Some(Value::Text(text)), false, reason)
            }
            Self::Short(field, KeptValue::Other(after), reason) => (field, Cell::NotDelivered, after, false, reason),
            Self::Whole(field, before, after, login, reason) => (field, before, after, login, reason),
        };
        Ok(FieldChange::new(&reasons.mapping(field, login, reason)?, before, after))
    }
}

fn keep_finding(finding: &Finding, reasons: &mut Reasons) -> KeptFinding {
    let reason = finding.reason.as_ref().map(|reason| reasons.number(reason));
    (finding.whose, Arc::clone(&finding.text), Arc::clone(&finding.hint), reason)
}

fn finding((whose, text, hint, reason): KeptFinding, reasons: &Reasons) -> Result<Finding, Unreadable> {
    let reason = reason.map(|number| reasons.reason(number)).transpose()?;
    Ok(Finding { whose, text, hint, reason })
}

impl Reasons {
    /// What finds those of a run.
    pub(super) const OF_RUN: &str = "SELECT text, file, line FROM reasons WHERE run_id = $1 ORDER BY number";

    /// Those that were found.
    pub(super) fn read(rows: &[Row]) -> Result<Self, sqlx::Error> {
        let mut reasons = Self::default();
        for row in rows {
            let text = shared(row.get(0)?);
            reasons.number(&Reason { text, origin: origin_of(row.get(1)?, row.get(2)?)? });
        }
        Ok(reasons)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Saves those from a number on.
    pub(super) async fn save(
        &self,
        transaction: &mut Transaction,
        run: &RunId,
        from: usize,
    ) -> Result<(), sqlx::Error> {
        let new: Vec<(usize, &Reason)> = self.all.iter().enumerate().skip(from).collect();
        let head = "INSERT INTO reasons (run_id, number, text, file, line) ";
        bulk::execute(transaction, head, &new, "", |row, (number, reason)| {
            let origin = reason.origin.as_deref();
            row.push(Arc::clone(run.shared()))
                .push(i64::try_from(*number).unwrap_or(i64::MAX))
                .push(Arc::clone(&reason.text))
                .push(origin.map(|origin| Arc::clone(&origin.file)))
                .push(origin.map(|origin| i64::from(origin.line)));
        })
        .await
    }

    fn number(&mut self, reason: &Reason) -> usize {
        if let Some(number) = self.numbers.get(reason) {
            return *number;
        }
        self.all.push(reason.clone());
        self.numbers.insert(reason.clone(), self.all.len() - 1);
        self.all.len() - 1
    }

    fn mapping(&mut self, field: FieldName, login: bool, number: usize) -> Result<Arc<Mapping>, Unreadable> {
        let reason = self.reason(number)?;
        let mapping = self.mappings.entry((number, field.clone(), login));
        Ok(Arc::clone(mapping.or_insert_with(|| Arc::new(Mapping { field, login, reason }))))
    }

    fn reason(&self, number: usize) -> Result<Reason, Unreadable> {
        self.all.get(number).cloned().ok_or(Unreadable("outcomes.details"))
    }
}
