use super::*;

const BROKEN: &str = r#"// Names.
const LIMIT = 3;

fn full_name(first, last) {
    let name = titel_case(first) + " " + lst;
    name.trim(1)
}

fn site(e) {
    print(e);
    lookup("site", e["work.site"], "zone");
    lookup("sites", e["work.site"], "zones");
    lookup(e, 1)
}

fn pick(value) {
    if value == today { eval("1") }
    employee["work.site"]
}

fn lists(l) {
    l.map("site");
    l.map(|x| x.lenn());
    capture(l, "(");
    parse_date(l, "DD/MM");
    format_date(l, "hh");
    Fn("site").call(l)
}

fn trim(text) { text }
"#;

#[test]
fn everything_wrong_with_a_broken_script_is_named_at_its_place() {
    let syntax = "fn ok(a) { a }\nfn broken(a) {\n    let x = ;\n}\n";
    let again = "fn site(x) { x }\nfn open() { \"abc }\n";
    let twice = "fn pick(x) { x }\n";
    let import = "import \"x\" as y;\n";
    let (_, problems) = scripts(&[
        ("scripts/a.rhai", BROKEN),
        ("scripts/b.rhai", syntax),
        ("scripts/c.rhai", again),
        ("scripts/d.rhai", twice),
        ("scripts/e.rhai", import),
    ]);
    insta::assert_snapshot!(shown(problems.into_sorted()));
}

#[test]
fn everything_wrong_with_a_cell_is_named_at_its_place() {
    let (scripts, _) = scripts(&[
        ("scripts/a.rhai", "fn first(e, n) { let x = e[n]; x + e.work.site }\nfn pass(e) { first(e, 1) + [e].len() }"),
        ("scripts/b.rhai", "fn half( {"),
    ]);
    let mut problems = Problems::new();
    for cell in [
        "lookup(\"sties\", value)",
        "trmi(vlaue)",
        "lookup(\"sites\")",
        "employee.work.site",
        "employee[value]",
        "trim(employee)",
        "pass(employee)",
        "value.first(1)",
        "employee = 5; today = 3; value = 1",
        "fn f() { 1 } f()",
        "half(value) + 1",
        "value +",
        "if value == \"a { 1 }",
        "  ",
        "let t = \"sites\"; lookup(t, value)",
        "value.call(1)",
        "sleep(5); exit(1); timestamp()",
    ] {
        compile(&scripts, cell, &mut problems);
    }
    insta::assert_snapshot!(shown(problems.into_sorted()));
}

#[test]
fn places_are_found_through_the_doubled_quotes_of_a_csv_cell() {
    let (scripts, mut problems) = scripts(&[]);
    let csv = "from,to\na,\"lookup(\"\"sites\"\", vlaue,\n  \"\"zoen\"\")\"\n";
    let table = Table::read(Path::new("fields.csv"), csv.as_bytes(), &mut problems).unwrap();
    let cell = table.rows().next().unwrap().cell("to").unwrap();
    assert!(scripts.expression(cell.text, &cell.place, &mut problems).is_none());
    insta::assert_snapshot!(shown(problems.into_sorted()));
}

#[test]
fn functions_that_nothing_reaches_are_warned_about() {
    let (scripts, _) =
        scripts(&[("a.rhai", "fn used() { below() }\nfn below() { [1].map(|x| x) }\nfn unused() { 1 }")]);
    expression(&scripts, "used()");
    insta::assert_snapshot!(shown(scripts.unused_functions()));
}

#[test]
fn what_authors_write_every_day_compiles() {
    let (scripts, problems) =
        scripts(&[("a.rhai", "/// Doc.\nfn clean(v) { v = trim(v); v }\nfn twice(f, v) { clean(clean(v)) }")]);
    assert!(problems.is_empty());
    for cell in [
        "if value == \"x\" { \"a\" } else { \"b\" }",
        "switch value { \"a\" => 1, \"b\" if today > \"2026-01-01\" => 2, _ => 3 }",
        "value.to_upper()",
        "value.len > 3 && !value.contains(\"x\")",
        "value?.len",
        "clean(value).split(\" \")[0]",
        "let out = []; for w in value.split(\",\") { out.push(w); } out",
        "split(value, \",\").filter(|w| w != \"\").map(|w| clean(w))",
        "`${value}-${today.year}`",
        "type_of(value) == \"string\"",
        "value in [\"a\", \"b\"]",
        "#{ a: 1 }[value]",
        "employee[\"a.b\"].to_upper().len()",
        "[value].map(clean)[0]",
        "(value ?? \"x\").sub_string(0, 1)",
        "min(1, 2) + max(3, 4) + PI().to_int()",
    ] {
        expression(&scripts, cell);
    }
}
