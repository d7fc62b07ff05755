//! Expressions that are followed without Rhai give what Rhai gives.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::Config;

use super::*;

const FUNCTIONS: &str = r#"
fn tidy(text) {
    if text == () {
        return ();
    }
    replace_regex(trim(text), "\\s+", " ")
}
fn both(first, last) {
    let given = tidy(first);
    let family = { let name = tidy(last); name };
    if given == () || family == () {
        return first_of(given, family);
    }
    given + " " + family
}
fn site_of(somebody, other) { first_of(somebody["site"], other) }
fn nothing(text) { let unused = text; }
"#;

const FIELDS: [&str; 4] = ["site", "start", "tongues", "level"];

const LEAVES: [&str; 13] = [
    "value",
    "employee[\"site\"]",
    "employee[\"start\"]",
    "employee[\"tongues\"]",
    "employee[\"level\"]",
    "today",
    "()",
    "\"Paris\"",
    "\" o  B \"",
    "\"2026-03-05\"",
    "7",
    "true",
    "site_of(employee, value)",
];

const ONE: [&str; 24] = [
    "trim(A)",
    "title_case(A)",
    "slug(A)",
    "to_upper(A)",
    "(A).to_lower()",
    "trim(A).to_upper()",
    "join(A, \"|\")",
    "capture(A, \"^(\\\\S+)\")",
    "capture(A, \"o\")",
    "replace_regex(A, \"\\\\s+\", \" \")",
    "replace_regex(A, \"(o)\", \"$1$1\")",
    "replace_regex(A, \"o*\", \"-\")",
    "format_date(A, \"%Y-%m\")",
    "format_date(A, \"DD/MM/YYYY\")",
    "days_until(A)",
    "lookup(\"sites\", A)",
    "lookup(\"sites\", A, \"zone\")",
    "lookup(\"roles\", A)",
    "!(A)",
    "-(A)",
    "tidy(A)",
    "nothing(A)",
    "{ let a = A; return a; }",
    "if A { A }",
];

const TWO: [&str; 19] = [
    "first_of(A, B)",
    "lookup_or(\"sites\", A, B)",
    "lookup_or(\"roles\", A, B)",
    "both(A, B)",
    "site_of(employee, both(A, B))",
    "(A) == (B)",
    "(A) != (B)",
    "(A) < (B)",
    "(A) <= (B)",
    "(A) > (B)",
    "(A) >= (B)",
    "(A) + (B)",
    "(A) - (B)",
    "(A) * (B)",
    "(A) && (B)",
    "(A) || (B)",
    "(A) ?? (B)",
    "if A == B { B } else { A }",
    "{ let a = A; let b = B; first_of(b, a) }",
];

/// A cell that is made of what is followed.
fn cells() -> impl Strategy<Value = String> {
    select(&LEAVES[..]).prop_map(str::to_owned).prop_recursive(3, 12, 2, |inner| {
        prop_oneof![
            3 => (select(&ONE[..]), inner.clone()).prop_map(|(form, a)| form.replace('A', &a)),
            2 => (select(&TWO[..]), inner.clone(), inner).prop_map(|(form, a, b)| {
                form.split('A').map(|part| part.replace('B', &b)).collect::<Vec<_>>().join(&a)
            }),
        ]
    })
}

fn values() -> impl Strategy<Value = Cell> {
    let list = |items: &[&str]| Cell::Value(Value::List(items.iter().map(|item| Arc::from(*item)).collect()));
    let words =
        ["Paris", " london ", "Moon", "Élan  vital", "boss", "2026-03-05", "2026-03-05T10:00:00", "ǅ ß İ", "o-o", " "];
    let mut all: Vec<Cell> = words.iter().map(|word| Cell::Value(Value::Text((*word).into()))).collect();
    all.extend([
        Cell::NotDelivered,
        Cell::Empty,
        Cell::Value(Value::Text("o ".repeat(9_000).into())),
        Cell::Value(Value::Text("x".repeat(16 * 1024).into())),
        Cell::Value(Value::Person("31".into())),
        Cell::Value(Value::Number(Number::Whole(7))),
        Cell::Value(Value::Number(Number::Whole(i64::MIN))),
        Cell::Value(Value::Number(Number::Decimal(7.5))),
        Cell::Value(Value::YesNo(true)),
        Cell::Value(Value::Date(date(2026, 3, 5))),
        Cell::Value(Value::DateTime(date(2026, 3, 2).at(9, 0, 0, 0))),
        list(&["Deutsch", "English"]),
        list(&["a", " "]),
    ]);
    select(all)
}

proptest! {
    #![proptest_config(Config { cases: 64, failure_persistence: None, ..Config::default() })]

    #[test]
    fn what_is_followed_without_rhai_gives_what_rhai_gives(
        cell in cells(),
        people in proptest::collection::vec((values(), proptest::array::uniform4(values())), 1..6),
    ) {
        let (scripts, problems) = scripts(&[("functions.rhai", FUNCTIONS)]);
        prop_assert_eq!(shown(problems.into_sorted()), "");
        let compiled = || compile(&scripts, &cell, &mut Problems::new());
        let (Some(ours), Some(mut rhais)) = (compiled(), compiled()) else { return Ok(()) };
        prop_assert!(ours.plain.is_some(), "`{}` is not followed", cell);
        rhais.plain = None;
        let fields = FIELDS.map(Arc::from);
        let mut sessions = [Session::new(&scripts, &fields), Session::new(&scripts, &fields)];
        for (value, cells) in people.iter().chain(&people) {
            sessions.iter_mut().for_each(|session| session.person(TODAY, cells));
            let [session, by_rhai] = &mut sessions;
            prop_assert_eq!(session.eval(&ours, value), by_rhai.eval(&rhais, value), "{}", cell);
            prop_assert_eq!(session.test(&ours, value), by_rhai.test(&rhais, value), "{}", cell);
            prop_assert_eq!(session.shared.state().marks().spent, by_rhai.shared.state().marks().spent, "{}", cell);
        }
        let [session, by_rhai] = &mut sessions;
        prop_assert_eq!(session.take_misses(), by_rhai.take_misses());
    }
}

#[test]
fn loops_lists_and_closures_are_left_to_rhai() {
    let (scripts, _) = scripts(&[("functions.rhai", FUNCTIONS)]);
    assert!(expression(&scripts, "both(value, employee[\"site\"])").plain.is_some());
    assert!(expression(&scripts, "[1, 2].len()").plain.is_none());
    assert!(expression(&scripts, "[value].map(|item| item)").plain.is_none());
}
