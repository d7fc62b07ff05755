use super::*;

#[test]
fn an_endless_loop_ends_in_words() {
    assert_eq!(fails("loop { }"), "the script took more than 200000 steps; is there a loop that never ends?");
    assert_eq!(
        fails("let n = 0; while true { n += 1 } n"),
        "the script took more than 200000 steps; is there a loop that never ends?"
    );
}

#[test]
fn deep_recursion_ends_in_words() {
    let failure = run_with("\nfn deeper(n) {\n  deeper(n + 1)\n}", "deeper(1)", &Cell::Empty).unwrap_err();
    assert_eq!(failure.message, "functions call each other more than 32 deep");
    // Rhai does not say in which function it had enough.
    assert_eq!(failure.origin, None);
}

#[test]
fn the_deepest_script_that_compiles_does_not_overflow_the_stack_of_a_thread() {
    for (open, close) in [
        ("trim(", ")"),
        ("[", "]"),
        ("(1 + ", ")"),
        ("if true { ", " }"),
        ("[1].map(|x| ", ")"),
        ("switch n { _ => ", " }"),
        ("#{ a: ", " }"),
        ("for i in [1] { ", " }"),
        ("try { ", " } catch { }"),
        ("`${", "}`"),
    ] {
        let file =
            |depth: usize| format!("fn deeper(n) {{ {}deeper(n + 1){} }}", open.repeat(depth), close.repeat(depth));
        let (scripts, _) = (1..34)
            .rev()
            .map(|depth| scripts(&[("a.rhai", &file(depth))]))
            .find(|(_, problems)| problems.is_empty())
            .unwrap();
        let expression = expression(&scripts, "deeper(1)");
        let failure = Session::new(&scripts, &[]).eval(&expression, &Cell::Empty).unwrap_err();
        assert_eq!(failure.message, "functions call each other more than 32 deep", "{open}");
    }
}

#[test]
fn texts_lists_and_maps_that_grow_end_in_words() {
    let text = "a text has more than 16384 bytes";
    let list = "a list has more than 1000 items";
    assert_eq!(fails("let s = \"ab\"; loop { s += s } s"), text);
    assert_eq!(fails("let s = \"ab\"; for i in 0..20 { s = s + s } s"), text);
    assert_eq!(fails("let s = \"\"; s.pad(100000, 'x'); s"), text);
    assert_eq!(fails("let l = []; loop { l.push(1) } l"), list);
    assert_eq!(fails("let l = [1]; for i in 0..20 { l = l + l } l"), list);
    assert_eq!(fails("let l = []; l.pad(100000, 1); l"), list);
    assert_eq!(fails("let m = #{}; for i in 0..1000 { m.set(`k${i}`, i) } m"), "a map has more than 200 entries");
    assert_eq!(fails("let l = [1]; loop { l[0] = l }"), list);
    assert_eq!(fails("let l = [[1]]; for i in 0..30 { l = [l, l] } l"), list);
}

#[test]
fn helpers_bound_what_they_give() {
    let long = "let s = \"a\"; for i in 0..13 { s += s } ";
    let cases = [
        ("replace_regex(s, `a`, s)", "`replace_regex` gives a text of more than 16384 bytes"),
        ("replace_regex(s, `.*`, `$0$0$0`)", "`replace_regex` gives a text of more than 16384 bytes"),
        ("s.replace(\"a\", s); s", "`replace` gives a text of more than 16384 bytes"),
        ("s.replace('a', s); s", "`replace` gives a text of more than 16384 bytes"),
        ("join([s, s, s, s], s)", "`join` gives a text of more than 16384 bytes"),
        ("split(s, \"a\")", "`split` gives more than 1000 pieces"),
        ("split(s, \"\")", "`split` needs a separator that is not empty"),
    ];
    for (cell, words) in cases {
        let message = fails(&format!("{long} {cell}"));
        assert!(message == words || message.contains("more than 16384"), "{cell}: {message}");
    }
    assert_eq!(gives("let s = value; s.replace(\"a\", \"bb\"); s", "aXa"), "bbXbb");
}

#[test]
fn too_many_variables_and_too_deep_nesting_end_in_words() {
    let many: String = (0..200).map(|n| format!("let v{n} = {n}; ")).collect();
    assert_eq!(fails(&format!("{many} v0")), "the script has more than 100 variables");
    let mut problems = Problems::new();
    let (scripts, _) = scripts(&[]);
    let deep = format!("{}1{}", "(1 + ".repeat(70), ")".repeat(70));
    assert!(compile(&scripts, &deep, &mut problems).is_none());
    assert!(shown(problems.into_sorted()).contains("nested too deeply"));
}

#[test]
fn mistakes_are_told_without_the_persons_data() {
    assert_eq!(fails("parse_int(value)"), "error parsing integer number");
    assert_eq!(fails("value - 1"), "`-` does not work with a text and a whole number");
    assert_eq!(fails("value[100]"), "the text has 6 letters, and another one was asked for");
    assert_eq!(fails("let l = [1]; l[5]"), "the list has 1 items, and another one was asked for");
    assert_eq!(fails("1 / 0"), "division by zero");
    assert_eq!(fails("9223372036854775807 + 1"), "addition overflow");
    assert_eq!(fails("slug([value])"), "`slug` takes a text, not a list");
    assert_eq!(fails("value.zone"), "this value has no such property");
    assert_eq!(fails("if value { 1 }"), "true or false is needed here, not a text");
    assert_eq!(fails("for x in value.len() { }"), "`for` goes through a list, a map or a range");
    assert_eq!(fails("capture(value, \"(\" + \"x\")"), "the pattern is no regular expression: unclosed group");
    assert_eq!(fails("capture(value, \"x\", 3)"), "the pattern has no group 3");
    assert_eq!(fails("today.hour"), "this value has no such property");
    for cell in ["parse_int(value)", "value - 1", "value[100]", "value.zone", "to_float(value)", "parse_float(value)"] {
        let message = run(cell, &text("secret")).map_or_else(|failure| failure.message, |_| String::new());
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn a_caught_mistake_can_be_answered() {
    let cell = r#"let d = "none"; try { d = parse_date(value, "DD.MM.YYYY"); } catch { } d"#;
    assert_eq!(gives(cell, "x"), "none");
    let cell = r#"let d = ""; try { d = slug([1]); } catch (e) { d = `${e}`; } d"#;
    assert_eq!(gives(cell, "x"), "`slug` takes a text, not a list");
}

#[test]
fn patterns_have_a_budget() {
    let endless = "let s = \"a\"; for i in 0..13 { s += s } loop { capture(s, `(a|b)*c`) }";
    assert_eq!(fails(endless), "the patterns of this script go through too much text");
    let endless = "let n = 0; loop { n += 1; capture(value, `x{${n}}`) }";
    assert_eq!(fails(endless), "the patterns of this script go through too much text");
    assert_eq!(fails("capture(value, `\\w{500}` + value)"), "the pattern is too large");
}

#[test]
fn a_failure_in_a_function_names_its_line() {
    let file = "fn outer(v) {\n  inner(v)\n}\n\nfn inner(v) {\n  let n = 0;\n  slug([v])\n}";
    let failure = run_with(file, "outer(value)", &text("x")).unwrap_err();
    assert_eq!(failure.to_string(), "`slug` takes a text, not a list (names.rhai:7)");
    let failure = run_with(file.replace("slug([v])", "fail(v)").as_str(), "outer(value)", &text("x")).unwrap_err();
    assert_eq!(failure.to_string(), "x (names.rhai:7)");
    assert_eq!(run("slug([1])", &Cell::Empty).unwrap_err().origin, None);
}
