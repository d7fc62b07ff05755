//! Reports for the tests of this module.

use std::sync::Arc;
use std::time::Duration;

use super::RunReport;
use crate::model::plan::{
    Changes, FieldChange, Mapping, MembershipChange, NewGroup, PersonPlan, PersonRef, ReferenceChange, TableMiss,
    Verdict,
};
use crate::model::{
    Access, Cell, EmployeeId, FieldName, Finding, GroupId, GroupKind, Language, LimitKind, Origin, Outcome,
    OutcomeKind, Privacy, Reason, Tripped, UnreadableRecord, UserId, UserStatus, Value, Whose,
};

/// A reason with a line.
pub(super) fn reason(text: &str, file: &str, line: u32) -> Reason {
    Reason::at(text, &Arc::new(Origin { file: file.into(), line }))
}

/// A person for whom it ended in one way; nothing else is known of them.
pub(super) fn outcome(kind: OutcomeKind, id: usize, name: &str) -> Outcome {
    let address = format!("{}@acme.example", name.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "."));
    Outcome {
        kind,
        person: Box::new(PersonPlan {
            employee: EmployeeId::new(id.to_string()),
            name: name.into(),
            email: Some(address.into()),
            in_roster: true,
            user: Some(UserId::new(format!("u{id}"))),
            new_link: None,
            verdict: Verdict::Unchanged,
            reason: reason("status rule `employed`", "status.csv", 2),
            changes: None,
            findings: Vec::new(),
            no_group_rule: false,
        }),
        held: None,
        failure: None,
    }
}

/// A report about nobody.
pub(super) fn empty() -> RunReport {
    RunReport {
        run: "01JNB4Y6V7".to_owned(),
        recipe: "acme-360learning".to_owned(),
        description: Some("Acme employees, HiBob to 360Learning".to_owned()),
        source: "HiBob".to_owned(),
        target: "360Learning".to_owned(),
        today: "2026-03-02".parse().unwrap(),
        started: "2026-03-02T01:00:00Z".parse().unwrap(),
        finished: "2026-03-02T01:01:04Z".parse().unwrap(),
        timezone: "Europe/Paris".to_owned(),
        employees: 0,
        unreadable: Vec::new(),
        outcomes: Vec::new(),
        tripped: Vec::new(),
        findings: Vec::new(),
        table_misses: Vec::new(),
        new_groups: Vec::new(),
        group_changes: Vec::new(),
        phases: vec![
            ("reading people and users".to_owned(), Duration::from_millis(41_200)),
            ("planning".to_owned(), Duration::from_millis(12)),
            ("applying".to_owned(), Duration::from_millis(21_400)),
        ],
        refused: None,
        interrupted: Vec::new(),
        previous: None,
        title: "Acme → 360Learning".to_owned(),
        language: Language::English,
        privacy: Privacy::default(),
        trend: Vec::new(),
        needed_attention: None,
        calls: Vec::new(),
    }
}

/// A report about these people, all of them read in this run.
pub(super) fn about(outcomes: Vec<Outcome>) -> RunReport {
    RunReport { employees: outcomes.iter().filter(|o| o.person.in_roster).count(), outcomes, ..empty() }
}

/// A report with something of everything.
pub(super) fn full() -> RunReport {
    let mut outcomes = vec![created(), updated()];
    outcomes.extend((0..3).map(held));
    outcomes.extend(troubled());
    outcomes.extend(left_alone());
    RunReport {
        unreadable: vec![UnreadableRecord { position: 17, reason: "it has no `root.id`".to_owned() }],
        tripped: vec![tripped(&outcomes)],
        findings: vec![Finding {
            whose: Whose::Target,
            text: "the group `Alumni` of the groups table does not exist in 360Learning".into(),
            hint: "make the group in 360Learning, or take the row out".into(),
            reason: Some(reason("group rule `alumni`", "groups.csv", 31)),
        }],
        table_misses: vec![TableMiss {
            file: "sites.csv".into(),
            key: "Berlin Mitte".into(),
            people: 12,
            nearest: Some((4, "Berlin".into())),
            row: "Berlin Mitte,,".into(),
        }],
        new_groups: vec![NewGroup {
            kind: GroupKind::Group,
            name: "Finance".into(),
            key: None,
            reason: reason("group rule `departments`", "groups.csv", 3),
        }],
        interrupted: vec!["01JNB1A0QQ".to_owned()],
        previous: Some([(OutcomeKind::Unchanged, 1_412), (OutcomeKind::Created, 2)].into()),
        employees: outcomes.iter().filter(|o| o.person.in_roster).count() + 1,
        ..about(outcomes)
    }
}

fn field(name: &str, before: Cell, after: Option<&str>, line: u32) -> FieldChange {
    let reason = reason(&format!("field row `{name}`"), "standard_fields.csv", line);
    let mapping = Mapping { field: FieldName::new(name), login: name == "mail", reason };
    FieldChange::new(&mapping.into(), before, after.map(|text| Value::Text(text.into())))
}

fn join(group: &str, line: u32) -> Arc<MembershipChange> {
    Arc::new(MembershipChange {
        name: group.into(),
        group: Some(GroupId::new(format!("g-{group}"))),
        role: "learner".into(),
        reason: reason("group rule `departments`", "groups.csv", line),
    })
}

fn text(text: &str) -> Cell {
    Cell::Value(Value::Text(text.into()))
}

fn created() -> Outcome {
    let mut outcome = outcome(OutcomeKind::Created, 101, "Zoë Ångström");
    outcome.person.changes = Some(Box::new(Changes {
        access: Some(Access::Invite),
        fields: vec![field("mail", Cell::NotDelivered, Some("zoe@acme.example"), 2)],
        references: vec![ReferenceChange {
            field: FieldName::new("manager"),
            before: Vec::new(),
            after: vec![PersonRef::User(UserId::new("u102"))],
            reason: reason("field row `manager`", "standard_fields.csv", 9),
        }],
        join: vec![join("Finance", 3)],
        ..Changes::default()
    }));
    outcome
}

fn updated() -> Outcome {
    let mut outcome = outcome(OutcomeKind::Updated, 102, "Amal Ben Salah");
    outcome.person.new_link = Some(reason("same `root.email` and `mail`", "acme.yaml", 21));
    outcome.person.changes = Some(Box::new(Changes {
        status_before: Some(UserStatus::Active),
        fields: vec![
            field("job", text("Analyst"), Some("Lead analyst"), 5),
            field("phone", text("+33 1 23 45 67 89"), None, 6),
        ],
        join: vec![join("Leads", 7)],
        leave: vec![join("Analysts", 6)],
        ..Changes::default()
    }));
    outcome
}

fn held(number: usize) -> Outcome {
    let names = ["Ann Lee", "Bo Chen", "Çağla Öz"];
    let mut outcome = outcome(OutcomeKind::Held, 200 + number, names[number]);
    outcome.person.verdict = Verdict::Deactivate;
    outcome.person.in_roster = number > 0;
    outcome.person.reason = match number {
        0 => Reason::plain("the employee is gone from HiBob"),
        _ => reason("status rule `leavers`", "status.csv", 4),
    };
    outcome.held = Some(Box::default());
    outcome
}

fn tripped(outcomes: &[Outcome]) -> Tripped {
    let held = outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Held);
    Tripped {
        kind: LimitKind::Deactivate,
        field: None,
        count: 3,
        limit: "at most 2, or 5 % of 14 linked users".to_owned(),
        people: held.map(|outcome| (outcome.person.employee.clone(), outcome.person.name.to_string())).collect(),
        approved: false,
        to_approve: 3,
    }
}

fn troubled() -> Vec<Outcome> {
    let mut failed = outcome(OutcomeKind::Failed, 301, "Dov Katz");
    failed.failure = Some(Box::new(Finding {
        whose: Whose::Target,
        text: "360Learning refused the address: it belongs to a deleted user".into(),
        hint: "restore or purge that user in 360Learning".into(),
        reason: None,
    }));
    let twins = [302, 303].map(|id| {
        let mut twin = outcome(OutcomeKind::Conflict, id, if id == 302 { "Eva Roth" } else { "Eva Roth-Klein" });
        twin.person.reason = Reason::plain("two employees have the address `eva@acme.example`");
        twin
    });
    let mut undecided = outcome(OutcomeKind::Undecided, 304, "Fay Wu");
    undecided.person.findings = vec![Finding {
        whose: Whose::Credentials,
        text: "`internal.lifecycleStatus` was not delivered".into(),
        hint: "tick `Lifecycle` in the permission group of the service user".into(),
        reason: Some(reason("status rule `employed`", "status.csv", 2)),
    }];
    let choices =
        [("Gil Amir", "Fin"), ("Hana Sato", "Sales EMEA")].into_iter().enumerate().map(|(index, (name, value))| {
            let mut person = outcome(OutcomeKind::Unchanged, 310 + index, name);
            person.person.findings = vec![Finding {
                whose: Whose::Source,
                text: format!("`{value}` is no choice of `department`, so it was not sent").into(),
                hint: "choose one of the departments that 360Learning has".into(),
                reason: Some(reason("field row `department`", "custom_fields.csv", 4)),
            }];
            person
        });
    [failed, undecided].into_iter().chain(twins).chain(choices).collect()
}

fn left_alone() -> Vec<Outcome> {
    let mut outside: Vec<_> = (0..5).map(|n| outcome(OutcomeKind::OutOfScope, 400 + n, "Outside Person")).collect();
    for person in &mut outside {
        person.person.reason = reason("filter rule `contractors`", "filters.csv", 3);
    }
    let mut waiting = outcome(OutcomeKind::Waiting, 420, "Ines Novák");
    waiting.person.reason = reason("starts on 2026-04-01", "acme.yaml", 33);
    let mut alone = outcome(OutcomeKind::Unchanged, 430, "محمد علي");
    alone.person.no_group_rule = true;
    outside.extend([waiting, alone]);
    outside
}
