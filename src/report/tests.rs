//! What people read, and the promise that everybody is in it once.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::sample::{about, empty, full, outcome, reason};
use super::view::Shown;
use super::*;
use crate::model::plan::{Changes, FieldChange, Mapping};
use crate::model::{EmployeeId, LimitKind, Whose};

fn sheet_of(report: &RunReport) -> String {
    let mut sheet = Vec::new();
    write_sheet(report, &mut sheet).unwrap();
    String::from_utf8(sheet).unwrap()
}

/// The rows of the sheet after the headers, read back.
fn rows_of(report: &RunReport) -> Vec<Vec<String>> {
    let sheet = sheet_of(report);
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    // Between two quotes nothing ends a cell; a doubled quote inside leaves and enters again.
    let mut quoted = false;
    let mut before = ' ';
    for c in sheet.trim_start_matches('\u{feff}').chars() {
        match c {
            '"' => {
                if before == '"' && !quoted {
                    cell.push('"');
                }
                quoted = !quoted;
            }
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            c => cell.push(c),
        }
        before = c;
    }
    rows.split_off(1)
}

fn failed(text: &str) -> Outcome {
    let mut person = outcome(OutcomeKind::Failed, 9, "Ann");
    let finding = Finding { whose: Whose::Target, text: text.into(), hint: "ask".into(), reason: None };
    person.failure = Some(Box::new(finding));
    person
}

#[test]
fn the_text_leads_with_what_needs_attention_and_then_tells_everything() {
    insta::assert_snapshot!("text", text(&full()));
}

#[test]
fn the_sheet_has_a_row_for_everybody() {
    insta::assert_snapshot!("sheet", sheet_of(&full()).replace('\r', ""));
}

#[test]
fn the_summary_fits_on_a_terminal() {
    let summary = summary(&full());
    assert!(summary.lines().count() <= 25);
    insta::assert_snapshot!("summary", summary);
}

#[test]
fn the_summary_stays_short_whatever_went_wrong() {
    let mut report = about((0..40).map(|n| failed(&format!("cause {}", "x".repeat(n)))).collect());
    report.outcomes.extend(OutcomeKind::ALL.into_iter().enumerate().map(|(n, kind)| outcome(kind, 100 + n, "Bo")));
    assert!(summary(&report).lines().count() <= 25);
}

#[test]
fn a_run_that_changed_nothing_says_so_in_the_first_line() {
    let report = about(vec![outcome(OutcomeKind::Unchanged, 1, "Ann"), outcome(OutcomeKind::Unchanged, 2, "Bo")]);
    assert_eq!(subject(&report), "[Acme → 360Learning] nothing to change");
    let first = "Nothing had to be changed: 2 records were read, all is as it should be.";
    assert_eq!(text(&report).lines().next(), Some(first));
    assert!(html(&report).contains(&format!(">{first}</h1>")));
}

#[test]
fn a_quiet_run_that_needs_attention_does_not_look_well() {
    let report = about(vec![outcome(OutcomeKind::Conflict, 1, "Ann"), outcome(OutcomeKind::Unchanged, 2, "Bo")]);
    assert_eq!(subject(&report), "[Acme → 360Learning] nothing changed, 1 needs attention");
    assert_eq!(headline(&report), "Nothing was changed. 1 needs attention.");
}

#[test]
fn the_subject_counts_what_was_done() {
    let kinds = [(OutcomeKind::Created, 1_200), (OutcomeKind::Updated, 30), (OutcomeKind::Failed, 3)];
    let people = kinds.into_iter().flat_map(|(kind, count)| std::iter::repeat_n(kind, count)).enumerate();
    let report = about(people.map(|(id, kind)| outcome(kind, id, "Ann")).collect());
    assert_eq!(subject(&report), "[Acme → 360Learning] 1,200 created, 30 updated, 3 need attention");
    assert_eq!(headline(&report), "1,200 people were created and 30 updated. 3 need attention.");
}

#[test]
fn a_refused_run_says_so_first_and_what_was_not_reached() {
    let refused = Some("HiBob delivered no people at all\nX-Injected: yes".to_owned());
    let report = RunReport { refused, employees: 1_000, ..empty() };
    let subject = subject(&report);
    assert_eq!(subject, "[Acme → 360Learning] refused: HiBob delivered no people at all X-Injected: yes");
    assert!(headline(&report).starts_with("The run was refused and nothing was changed: HiBob delivered no people"));
    assert!(text(&report).contains("1,000 records were read; the run ended before 1,000 of them."));
}

#[test]
fn a_run_that_stopped_half_way_does_not_claim_that_nothing_changed() {
    let mut half = outcome(OutcomeKind::Failed, 2, "Bo");
    half.person.changes = Some(Box::new(Changes { access: Some(crate::model::Access::Invite), ..Changes::default() }));
    let report = RunReport { refused: Some("the token was withdrawn".to_owned()), ..about(vec![half]) };
    assert_eq!(subject(&report), "[Acme → 360Learning] stopped: the token was withdrawn");
    assert!(text(&report).contains("Changed in part before it failed (1)"));
    assert!(!headline(&report).to_lowercase().contains("nothing was changed"));
}

#[test]
fn people_with_the_same_trouble_are_one_group_with_what_is_their_own() {
    let attention = Attention::of(&full());
    let group = attention.groups.iter().find(|group| group.what.contains("no choice")).unwrap();
    assert_eq!(group.what, "`…` is no choice of `department`, so it was not sent");
    let own: Vec<_> = group.affected.iter().map(|person| (&*person.name, &*person.detail)).collect();
    assert_eq!(own, [("Gil Amir", "`Fin`"), ("Hana Sato", "`Sales EMEA`")]);
}

#[test]
fn who_needs_attention_is_known_without_finding_out_why() {
    let report = full();
    let attention = Attention::of(&report);
    let people: std::collections::BTreeSet<_> = attention.by_employee().into_keys().collect();
    assert_eq!(Attention::people(&report), people);
    assert_eq!(people.len(), 9);
}

#[test]
fn attention_comes_in_the_order_of_weight() {
    let report = RunReport { refused: Some("stopped by hand".to_owned()), ..full() };
    let causes: Vec<_> = Attention::of(&report).groups.iter().map(|group| group.cause).collect();
    let expected = [
        Cause::Refused,
        Cause::Held,
        Cause::Failed,
        Cause::Conflict,
        Cause::Undecided,
        Cause::Finding(Whose::Source),
        Cause::Finding(Whose::Target),
        Cause::TableMiss,
        Cause::Unreadable,
    ];
    assert_eq!(causes, expected);
}

#[test]
fn what_is_held_is_shown_with_the_change_it_is_about() {
    let mut person = outcome(OutcomeKind::Held, 7, "Ann");
    let change = |field: &str, login| {
        let mapping = Mapping { field: field.into(), login, reason: reason("row", "standard_fields.csv", 2) };
        FieldChange::new(&mapping.into(), crate::model::Cell::Empty, crate::model::Value::text("new"))
    };
    person.held =
        Some(Box::new(Changes { fields: vec![change("job", false), change("mail", true)], ..Changes::default() }));
    let tripped = Tripped {
        kind: LimitKind::ChangeLogin,
        field: None,
        count: 1,
        limit: "5 % of 10".to_owned(),
        people: vec![(EmployeeId::new("7"), "Ann".to_owned())],
        approved: false,
        to_approve: 1,
    };
    let report = RunReport { tripped: vec![tripped], ..about(vec![person]) };
    let groups = Attention::of(&report).groups;
    assert_eq!(groups[0].affected[0].detail, "mail: (empty) → new");
    assert_eq!(groups[0].paste.as_deref(), Some("--approve change_login=1"));
    assert_eq!(rows_of(&report)[0][10], "job: (empty) → new; mail: (empty) → new");
}

#[test]
fn an_approved_limit_needs_no_attention() {
    let mut report = full();
    report.tripped[0].approved = true;
    assert!(Attention::of(&report).groups.iter().all(|group| group.cause != Cause::Held));
    assert!(text(&report).contains("Approved for this run and let through: --approve deactivate=3"));
}

#[test]
fn a_name_with_markup_is_only_a_name() {
    let mut report = about(vec![outcome(OutcomeKind::Conflict, 1, "<script>alert('1')</script>\u{202e}")]);
    report.description = Some("<img src=x onerror=alert(1)>".to_owned());
    let page = html(&report);
    assert!(!page.contains("<script") && !page.contains("<img") && !page.contains('\u{202e}'));
    assert!(page.contains("&#60;script&#62;alert("));
}

#[test]
fn the_page_fetches_nothing() {
    let page = html(&full());
    for fetched in ["http://", "https://", "src=", "url(", "@import", "<link"] {
        assert!(!page.contains(fetched), "{fetched}");
    }
}

#[test]
fn long_lists_end_with_how_many_more_there_are() {
    let people = (0..Shown::ALL.changed + 1_234).map(|id| outcome(OutcomeKind::Updated, id, "Ann")).collect();
    let report = about(people);
    for rendered in [text(&report), html(&report)] {
        assert!(rendered.contains("and 1,234 more in what is attached"));
    }
    assert_eq!(rows_of(&report).len(), Shown::ALL.changed + 1_234);
}

#[test]
fn thousands_of_causes_do_not_make_a_mail_of_thousands_of_causes() {
    let word = |n: usize| "abcdefghij".chars().cycle().skip(n % 10).take(n / 10 + 1).collect::<String>();
    let people = (0..1_500).map(|n| {
        let mut person = failed(&format!("no {}", word(n)));
        person.person.employee = EmployeeId::new(n.to_string());
        person
    });
    let mut report = about(people.collect());
    report.unreadable = (1..3_000)
        .map(|position| UnreadableRecord { position, reason: format!("its id came before, in record {position}") })
        .collect();
    assert_eq!(Attention::of(&report).groups.len(), 1_501);
    assert!(text(&report).contains("and 1,401 more causes in what is attached"));
    assert!(html(&report).contains("more causes in what is attached"));
}

#[test]
fn the_page_is_never_so_long_that_mail_programs_cut_it() {
    let long = |letter: &str| letter.repeat(2_000);
    let word = |n: usize| "abcdefghij".chars().cycle().skip(n % 10).take(n / 10 + 1).collect::<String>();
    let kinds = OutcomeKind::ALL.into_iter().cycle().take(1_500).enumerate();
    let people = kinds.map(|(n, kind)| {
        let mut person = match kind {
            OutcomeKind::Failed => failed(&format!("{} no {}", long("&"), word(n))),
            kind => outcome(kind, n, &long("<")),
        };
        person.person.employee = EmployeeId::new(n.to_string());
        person.person.name = long("\u{5b57}").into();
        person.person.reason = reason(&format!("rule {} {}", word(n), long("\"")), "status.csv", 4);
        person.person.changes = Some(Box::new(Changes { fields: vec![change("job"); 90], ..Changes::default() }));
        person.person.no_group_rule = true;
        person
    });
    let mut report = RunReport { description: Some(long("d")), ..about(people.collect()) };
    report.table_misses = (0..2_000).map(|n| miss(&format!("{n}{}", long("v")))).collect();
    let page = html(&report);
    assert!(page.len() <= 100_000, "{}", page.len());
    assert!(page.ends_with("</html>"), "it is whole");
    assert!(page.contains("more in what is attached"), "it says where the rest is");
    assert!(html(&full()).len() <= 100_000);
}

fn change(field: &str) -> FieldChange {
    let mapping = Mapping { field: field.into(), login: false, reason: reason("row", "standard_fields.csv", 2) };
    let after = crate::model::Value::Text("<b>&".repeat(500).into());
    FieldChange::new(&mapping.into(), crate::model::Cell::Empty, Some(after))
}

fn miss(key: &str) -> TableMiss {
    TableMiss { file: "sites.csv".into(), key: key.into(), people: 1, nearest: None, row: format!("{key},").into() }
}

#[test]
fn a_formula_in_a_name_stays_text_in_the_sheet() {
    let rows = rows_of(&about(vec![outcome(OutcomeKind::Unchanged, 1, "=HYPERLINK(\"x\",\"y\")")]));
    assert_eq!(rows[0][1], "'=HYPERLINK(\"x\",\"y\")");
}

#[test]
fn a_line_end_in_a_name_makes_no_second_line() {
    let report = about(vec![outcome(OutcomeKind::Failed, 1, "Ann\nTotals\r\n\u{1b}[2J")]);
    assert!(text(&report).contains("Ann Totals"));
    assert!(!text(&report).contains('\u{1b}') && !summary(&report).contains('\u{1b}'));
}

fn any_kind() -> impl Strategy<Value = OutcomeKind> {
    prop::sample::select(OutcomeKind::ALL.to_vec())
}

proptest! {
    #[test]
    fn totals_add_up_and_everybody_is_in_the_sheet_once(
        people in prop::collection::vec((any_kind(), any::<bool>()), 0..60),
        unreadable in 0_usize..5,
        not_reached in 0_usize..3,
    ) {
        let outcomes = people.iter().enumerate().map(|(id, (kind, in_roster))| {
            let mut outcome = outcome(*kind, id, "Ann");
            outcome.person.in_roster = *in_roster;
            outcome
        });
        let mut report = about(outcomes.collect());
        let read = report.employees + unreadable;
        report.employees = read + not_reached;
        report.unreadable = (1..=unreadable).map(|position| UnreadableRecord { position, reason: "no id".to_owned() }).collect();

        let totals = Totals::of(&report);
        prop_assert_eq!(totals.read(), read);
        prop_assert_eq!(totals.not_reached, not_reached);
        prop_assert_eq!(totals.read() + totals.gone(), people.len() + unreadable);
        let by_kind: BTreeMap<_, _> = totals.by_kind();
        prop_assert_eq!(by_kind.values().sum::<usize>(), people.len());

        let rows = rows_of(&report);
        prop_assert_eq!(rows.len(), people.len() + unreadable);
        let mut ids: Vec<_> = rows.iter().map(|row| row[0].clone()).filter(|id| !id.is_empty()).collect();
        ids.sort();
        ids.dedup();
        prop_assert_eq!(ids.len(), people.len());
    }
}
