use super::*;

fn session(scripts: &Scripts, expression: &Expression) -> (Session, Vec<Arc<str>>) {
    let fields: Vec<Arc<str>> = expression.fields().iter().map(|(field, _)| Arc::clone(field)).collect();
    (Session::new(scripts, &fields), fields)
}

/// Runs a cell for a person who has these fields; others were not delivered.
fn for_person(file: &str, cell: &str, person: &[(&str, &str)], value: &Cell) -> Result<Cell, ScriptFailure> {
    let (scripts, problems) = scripts(&[("a.rhai", file)]);
    assert_eq!(shown(problems.into_sorted()), "");
    let expression = expression(&scripts, cell);
    let (mut session, fields) = session(&scripts, &expression);
    let cells: Vec<Cell> = fields
        .iter()
        .map(|field| person.iter().find(|(name, _)| **name == **field).map_or(Cell::NotDelivered, |(_, v)| text(v)))
        .collect();
    session.person(TODAY, &cells);
    session.eval(&expression, value)
}

#[test]
fn a_script_reads_the_employee_also_in_functions() {
    let file =
        "fn full(e) { let p = e; `${p[\"root.firstName\"]} ${last(e)}` }\nfn last(who) { who[\"root.surname\"] }";
    let person = [("root.firstName", "Jane"), ("root.surname", "Doe")];
    assert_eq!(for_person(file, "full(employee)", &person, &Cell::Empty), Ok(text("Jane Doe")));
    let cell = "[1].map(|n| employee[\"root.surname\"] + n)[0]";
    assert_eq!(for_person("", cell, &person, &Cell::Empty), Ok(text("Doe1")));
}

#[test]
fn a_field_that_was_not_delivered_makes_the_result_not_delivered() {
    let not_delivered = Ok(Cell::NotDelivered);
    for cell in [
        "employee[\"work.site\"]",
        "first_of(employee[\"work.site\"], \"none\")",
        "employee[\"work.site\"] ?? \"none\"",
        "let s = 1; try { s = employee[\"work.site\"]; } catch { s = \"none\" } s",
        "let s = 1; try { s = site(employee); } catch (e) { s = `${e}` } s",
        "let s = \"\"; try { s = employee[\"work.site\"]; } catch { } \"kept\"",
        "[1].map(|n| employee[\"work.site\"])",
        "employee[\"work.site\"] == () && fail(\"no\")",
    ] {
        let file = "fn site(e) { e[\"work.site\"] }";
        assert_eq!(for_person(file, cell, &[("root.id", "1")], &text("v")), not_delivered, "{cell}");
        // The next run is not touched by it.
        assert!(for_person(file, cell, &[("work.site", "Paris")], &text("v")) != not_delivered, "{cell}");
    }
}

#[test]
fn a_value_that_was_not_delivered_matters_only_to_scripts_that_read_it() {
    assert_eq!(run("value", &Cell::NotDelivered), Ok(Cell::NotDelivered));
    assert_eq!(run("first_of(value, 1)", &Cell::NotDelivered), Ok(Cell::NotDelivered));
    assert_eq!(run("[1].map(|n| value)", &Cell::NotDelivered), Ok(Cell::NotDelivered));
    assert_eq!(run("fail(value)", &Cell::NotDelivered), Ok(Cell::NotDelivered));
    assert_eq!(run("\"constant\"", &Cell::NotDelivered), Ok(text("constant")));
    assert_eq!(run("let value = 1; value", &Cell::NotDelivered), Ok(Cell::Value(Value::Number(Number::Whole(1)))));
}

#[test]
fn conditions_give_true_false_or_not_delivered() {
    let (scripts, _) = scripts(&[]);
    let yes = expression(&scripts, "value == \"a\"");
    let mut session = Session::new(&scripts, &[]);
    session.person(TODAY, []);
    assert_eq!(session.test(&yes, &text("a")), Ok(Some(true)));
    assert_eq!(session.test(&yes, &text("b")), Ok(Some(false)));
    assert_eq!(session.test(&yes, &Cell::NotDelivered), Ok(None));
    let other = expression(&scripts, "value");
    let failure = session.test(&other, &text("secret")).unwrap_err();
    assert_eq!(failure.message, "the condition gave a text, not true or false");
}

#[test]
fn one_run_leaves_nothing_behind_for_the_next() {
    let (scripts, _) = scripts(&[]);
    let first = expression(&scripts, "let left = 5; value = \"changed\"; left");
    let second = expression(&scripts, "value");
    let mut session = Session::new(&scripts, &[]);
    session.person(TODAY, []);
    for _ in 0..3 {
        assert_eq!(session.eval(&first, &text("a")).unwrap().to_string(), "5");
        assert_eq!(session.eval(&second, &text("b")), Ok(text("b")));
    }
}

#[test]
fn today_is_each_persons_own() {
    let (scripts, _) = scripts(&[]);
    let expression = expression(&scripts, "days_until(\"2026-03-10\") + today.day");
    let mut session = Session::new(&scripts, &[]);
    for day in [TODAY, date(2026, 3, 5)] {
        session.person(day, []);
        assert_eq!(session.eval(&expression, &Cell::Empty).unwrap().to_string(), "10");
    }
}

#[test]
fn a_value_that_no_row_knows_is_counted_once_a_person() {
    let (scripts, _) = scripts(&[]);
    let looks = expression(&scripts, "lookup(\"sites\", value); lookup(\"sites\", value, \"zone\")");
    let answered =
        expression(&scripts, "lookup_or(\"sites\", value, 1); lookup(\"roles\", value); lookup(\"sites\", \"Moon\")");
    let mut session = Session::new(&scripts, &[]);
    for value in ["Rome", "Rome", "Oslo", "Paris", " "] {
        session.person(TODAY, []);
        session.eval(&looks, &text(value)).unwrap();
        session.eval(&looks, &text(value)).unwrap();
        session.eval(&answered, &text(value)).unwrap();
    }
    let misses: Vec<_> =
        session.take_misses().into_iter().map(|((table, key), n)| format!("{table} {key} {n}")).collect();
    assert_eq!(misses, ["sites Oslo 1", "sites Rome 2"]);
    assert!(session.take_misses().is_empty());
}

#[test]
fn an_expression_says_what_it_reads() {
    let file = "fn site(e) { lookup(\"sites\", e[\"work.site\"], \"zone\") }\nfn other(m) { m[\"not.a.field\"] }";
    let (scripts, _) = scripts(&[("a.rhai", file)]);
    let calls = expression(&scripts, "let x = employee[\"seniority\"]; site(employee)");
    let names: Vec<&str> = calls.fields().iter().map(|(field, _)| &**field).collect();
    assert_eq!(names, ["seniority", "work.site"]);
    assert_eq!(calls.fields()[1].1.origin().to_string(), "a.rhai:1");
    assert_eq!(calls.tail_lookup(), Some(("sites", Some("zone"))));
    assert_eq!(calls.lookups().iter().map(|name| &**name).collect::<Vec<_>>(), ["sites"]);
    assert!(!calls.reads_value());
    let own = expression(&scripts, "lookup_or(\"roles\", value, other(#{}))");
    assert_eq!(own.tail_lookup(), Some(("roles", None)));
    assert!(own.fields().is_empty() && own.reads_value());
    assert_eq!(expression(&scripts, "trim(value)").tail_lookup(), None);
}

#[test]
fn what_was_asked_before_gives_the_same_and_counts_the_same() {
    let (scripts, problems) = scripts(&[("a.rhai", "")]);
    assert_eq!(shown(problems.into_sorted()), "");
    let expression = expression(&scripts, "`${value} ${employee[\"root.surname\"]} ${today.day}`");
    let (mut session, _) = session(&scripts, &expression);
    let mut ask = |today: Date, surname: &str, value: &str| {
        session.person(today, &[text(surname)]);
        session.eval(&expression, &text(value))
    };
    for _ in 0..3 {
        assert_eq!(ask(TODAY, "Doe", "Jane"), Ok(text(&format!("Jane Doe {}", TODAY.day()))));
        assert_eq!(ask(TODAY, "Roe", "Jane"), Ok(text(&format!("Jane Roe {}", TODAY.day()))));
        assert_eq!(ask(date(2026, 5, 9), "Doe", "Jane"), Ok(text("Jane Doe 9")));
    }
}
