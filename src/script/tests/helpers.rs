use super::*;

#[test]
fn lookup_gives_the_value_a_column_or_nothing() {
    assert_eq!(gives(r#"lookup("sites", value)"#, " paris "), "FR");
    assert_eq!(gives(r#"lookup("sites", value, "zone")"#, "London"), "Europe/London");
    assert_eq!(gives(r#"lookup("sites", value)"#, "Rome"), "(empty)");
    assert_eq!(gives(r#"lookup("sites", value, "zone")"#, "Moon"), "(empty)");
    assert_eq!(gives(r#"lookup("roles", value)"#, "anything"), "learner");
    assert_eq!(gives(r#"lookup("roles", 7)"#, ""), "learner");
    assert_eq!(gives(r#"lookup_or("sites", value, "?")"#, "Rome"), "?");
    assert_eq!(gives(r#"lookup_or("sites", value, "?")"#, "Paris"), "FR");
}

#[test]
fn first_of_skips_what_is_empty_and_takes_up_to_eight() {
    assert_eq!(gives(r#"first_of((), " ", [], "a")"#, ""), "a");
    assert_eq!(gives(r#"first_of((), (), (), (), (), (), (), 8)"#, ""), "8");
    assert_eq!(gives("first_of(())", ""), "(empty)");
    assert_eq!(gives(r#"first_of(value, "b")"#, ""), "b");
}

#[test]
fn title_case_knows_names() {
    let cases = [
        ("ANNE-MARIE o'neil", "Anne-Marie O'Neil"),
        ("O’NEIL SMITH-JONES", "O’Neil Smith-Jones"),
        ("vincent van der  berg", "Vincent Van Der  Berg"),
        ("McDonald", "McDonald"),
        ("the boss's son", "The Boss's Son"),
        ("élodie ÉTIENNE", "Élodie Étienne"),
        ("łukasz İNCE", "Łukasz İnce"),
    ];
    for (given, wanted) in cases {
        assert_eq!(gives("title_case(value)", given), wanted);
    }
}

#[test]
fn text_helpers_do_what_they_say() {
    assert_eq!(gives("trim(value)", "  a "), "a");
    assert_eq!(gives("value.trim()", "  a "), "a");
    assert_eq!(gives("slug(value)", " Côte d'Ivoire & Straße! "), "cote-d-ivoire-strasse");
    assert_eq!(gives("slug(value)", "e\u{301}tude"), "etude");
    assert_eq!(gives(r#"split(value, ";")[1]"#, "a; b ;c"), "b");
    assert_eq!(gives(r#"join(split(value, ";"), "/")"#, "a;;b"), "a/b");
    assert_eq!(gives(r#"replace_regex(value, "(\\w+), (\\w+)", "$2 $1")"#, "Doe, Jane"), "Jane Doe");
    assert_eq!(gives("replace_regex(value, `\\s+`, `-`)", "a  b c"), "a-b-c");
    assert_eq!(gives("capture(value, `[0-9]+`)", "room 12"), "12");
    assert_eq!(gives("capture(value, `room ([0-9]+)`)", "room 12"), "12");
    assert_eq!(gives("capture(value, `(a)|(b)`, 1)", "b"), "(empty)");
    assert_eq!(gives("capture(value, `(?<year>[0-9]{4})`, `year`)", "in 2026"), "2026");
    assert_eq!(gives("capture(value, `x`)", "room"), "(empty)");
}

#[test]
fn nothing_passes_through_every_text_helper() {
    for cell in [
        "trim(())",
        "title_case(())",
        "slug(())",
        r#"split((), ",")"#,
        r#"join((), ",")"#,
        r#"lookup("sites", ())"#,
        r#"lookup("sites", (), "zone")"#,
        r#"replace_regex((), "a", "b")"#,
        r#"capture((), "a")"#,
        r#"capture((), "a", 0)"#,
        r#"parse_date((), "DD/MM/YYYY")"#,
        r#"format_date((), "DD/MM/YYYY")"#,
        "add_days((), 1)",
        "days_until(())",
    ] {
        assert_eq!(run(cell, &Cell::Empty), Ok(Cell::Empty), "{cell}");
    }
    assert_eq!(gives(r#"lookup_or("sites", (), "none")"#, ""), "none");
}

#[test]
fn dates_are_read_and_written_in_friendly_and_in_strftime_formats() {
    assert_eq!(run(r#"parse_date(value, "DD/MM/YYYY")"#, &text("02/03/2026")), Ok(Cell::Value(Value::Date(TODAY))));
    assert_eq!(gives(r#"parse_date(value, "d.m.yy")"#, "2.3.26"), "2026-03-02");
    assert_eq!(gives(r#"parse_date(value, "D MMMM YYYY")"#, "2 March 2026"), "2026-03-02");
    assert_eq!(gives(r#"parse_date(value, "%b %d, %Y")"#, "Mar 02, 2026"), "2026-03-02");
    assert_eq!(gives(r#"parse_date(value, "DD/MM/YYYY")"#, "  "), "(empty)");
    assert_eq!(gives(r#"format_date(today, "D MMM YYYY")"#, ""), "2 Mar 2026");
    assert_eq!(gives(r#"format_date(today, "%Y-W%V")"#, ""), "2026-W10");
    assert_eq!(gives(r#"format_date(value, "DD.MM.YY")"#, "2026-12-31"), "31.12.26");
    let failure = run(r#"parse_date(value, "DD/MM/YYYY")"#, &text("31/02/2026")).unwrap_err();
    assert_eq!(failure.message, "the text is no date of the form `DD/MM/YYYY`");
}

#[test]
fn dates_count_and_compare() {
    assert_eq!(gives("add_days(today, 30)", ""), "2026-04-01");
    assert_eq!(gives("today + 1 - 2", ""), "2026-03-01");
    assert_eq!(gives(r#"days_until(value)"#, "2026-03-12"), "10");
    assert_eq!(gives(r#"days_until(value)"#, "2025-03-02"), "-365");
    assert_eq!(gives(r#"today < value"#, "2026-03-03"), "yes");
    assert_eq!(gives(r#"value == today"#, "2026-03-02"), "yes");
    assert_eq!(
        gives("`${today.year}/${today.month}/${today.day} ${today.weekday} ${today}`", ""),
        "2026/3/2 1 2026-03-02"
    );
    assert_eq!(fails("today < value"), "the text is no date like `2026-03-02`; `parse_date` reads other forms");
    assert_eq!(fails("add_days(today, 99999999999)"), "the date is out of range");
    assert_eq!(fails("add_days(5, 1)"), "`add_days` takes a date, not a whole number");
    let evening = Cell::Value(Value::DateTime(TODAY.at(23, 0, 0, 0)));
    let shown = |cell: &str| run(cell, &evening).unwrap().to_string();
    assert_eq!(shown("value <= today"), "yes");
    assert_eq!(shown("add_days(value, 1)"), "2026-03-03T23:00:00");
    assert_eq!(shown(r#"value > "2026-03-02T22:00:00""#), "yes");
    assert_eq!(shown(r#"format_date(value, "%H")"#), "23");
}

#[test]
fn fail_gives_exactly_the_authors_words() {
    let failure = run(r#"fail("no site for " + value)"#, &text("x")).unwrap_err();
    assert_eq!((failure.message.as_str(), failure.own), ("no site for x", true));
    let failure = run(r#"if true { throw "stop" }"#, &Cell::Empty).unwrap_err();
    assert_eq!((failure.message.as_str(), failure.own), ("stop", true));
    assert_eq!(fails("fail(())"), "the script failed without saying why");
}

#[test]
fn every_type_of_value_goes_in_and_comes_out_the_same() {
    for value in [
        Value::Text("a".into()),
        Value::Number(Number::Whole(7)),
        Value::Number(Number::Decimal(7.5)),
        Value::YesNo(true),
        Value::Date(TODAY),
        Value::DateTime(TODAY.at(1, 2, 3, 0)),
        Value::List(["a".into(), "b".into()].into()),
    ] {
        let cell = Cell::Value(value);
        assert_eq!(run("value", &cell), Ok(cell.clone()));
        assert_eq!(run_with("fn same(v) { v }", "same(value)", &cell), Ok(cell));
    }
    assert_eq!(run("value", &Cell::Value(Value::Person("12".into()))), Ok(text("12")));
    assert_eq!(run("value", &Cell::Empty), Ok(Cell::Empty));
    assert_eq!(run("7.0", &Cell::Empty), Ok(Cell::Value(Value::Number(Number::Whole(7)))));
    assert_eq!(run("\"  \"", &Cell::Empty), Ok(Cell::Empty));
    assert_eq!(run("[(), \" \"]", &Cell::Empty), Ok(Cell::Empty));
    assert_eq!(run("'x'", &Cell::Empty), Ok(text("x")));
}

#[test]
fn what_no_field_can_hold_is_a_failure() {
    assert_eq!(fails("#{ a: 1 }"), "the script gave a map, which no field can hold");
    assert_eq!(fails("[[1]]"), "the script gave a list with a list in it");
    assert_eq!(fails("0.0 / 0.0"), "the script gave something that is not a number (NaN or infinite)");
    assert_eq!(fails("|x| x"), "the script gave a function, which no field can hold");
}
