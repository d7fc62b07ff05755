use super::*;
use crate::problem::{Style, render};

fn read(bytes: &[u8]) -> (Option<Table>, String) {
    let mut problems = Problems::new();
    let table = Table::read(Path::new("lookup_tables/acme/sites.csv"), bytes, &mut problems);
    (table, shown(problems))
}

fn shown(problems: Problems) -> String {
    problems.into_sorted().iter().map(|problem| render(problem, Style::Plain)).collect::<Vec<_>>().join("\n")
}

fn good(text: &str) -> Table {
    let (table, problems) = read(text.as_bytes());
    assert_eq!(problems, "");
    table.unwrap()
}

fn cells(table: &Table) -> Vec<Vec<String>> {
    let columns = table.columns().len();
    table.rows().map(|row| (0..columns).map(|column| row.text(column).to_owned()).collect()).collect()
}

fn values(text: &str) -> (ValueTable, String) {
    let mut problems = Problems::new();
    let table = ValueTable::compile(good(text), false, &mut problems).unwrap();
    (table, shown(problems))
}

fn answer<'t>(table: &'t ValueTable, key: &str) -> Option<&'t str> {
    match table.get(key, None) {
        Found::Row { value, .. } | Found::Star { value, .. } => value.map(|value| &**value),
        Found::Missing => None,
    }
}

#[test]
fn a_file_as_a_spreadsheet_writes_it_is_read() {
    let table =
        good("\u{FEFF}# sites; of Acme\r\n\r\nfrom ; to;comment;;\r\nParis; FR ;\"a; b\";;\r\n;;;;\r\n\"Köln\";DE;;;");
    assert_eq!(cells(&table), [["Paris", "FR", "a; b"], ["Köln", "DE", ""]]);
    assert_eq!(table.rows().map(|row| row.line()).collect::<Vec<_>>(), [4, 6]);
    assert_eq!(table.rows().next().unwrap().origin().to_string(), "sites.csv:4");
}

#[test]
fn a_cell_is_placed_at_its_text_inside_the_quotes() {
    let table = good("from,to\n  \" a \"\"b\"\" \",\"two\nlines\"\nnext,x\n");
    let row = table.rows().next().unwrap();
    let from = row.cell("from").unwrap();
    assert_eq!(from.text, "a \"b\"");
    assert_eq!(&table.file.text[from.place.span.clone()], "a \"\"b\"\"");
    assert_eq!(from.place.line_column(), (2, 5));
    assert_eq!(row.cell("to").unwrap().text, "two\nlines");
    assert_eq!(row.cell("other"), None);
    assert_eq!(table.rows().nth(1).unwrap().line(), 4);
}

#[test]
fn quotes_line_breaks_and_stray_quotes_are_read_as_the_standard_says() {
    let table = good("a,b,c\n1,\"2,\"\"x\"\"\",3\n\"\",é,\" \"\n\"l1\nl2\",b\",c d\n");
    assert_eq!(cells(&table), [["1", "2,\"x\"", "3"], ["", "é", ""], ["l1\nl2", "b\"", "c d"]]);
}

#[test]
fn rows_that_are_not_enabled_do_not_exist() {
    let table = good("from,to,enabled\na,1,yes\nb,2,No\nc,3,\nd,4,0\ne,5,X\n");
    assert_eq!(cells(&table).concat().join(" "), "a 1 yes c 3  e 5 X");
}

#[test]
fn everything_wrong_with_a_broken_table_is_named_at_its_place() {
    let (table, problems) = read(
        b"from,to,,from,enabled\nParis,FR,,\nLyon,FR,,,yes,extra\nNice,\"FR,,,\n\"Lille\" x,FR,,,yse\nBrest,FR,,,yes\nMetz,\"FR\n",
    );
    assert_eq!(cells(&table.unwrap()).concat().join(" "), "Lille FR   yse Brest FR   yes");
    insta::assert_snapshot!(problems);
}

#[test]
fn unknown_and_missing_columns_are_named() {
    let mut table = good("rule,efect,operator,comment,enabled\n");
    let mut problems = Problems::new();
    table.check_columns(&["rule", "value"], &["effect", "field", "operator"], &mut problems);
    insta::assert_snapshot!(shown(problems));
}

#[test]
fn other_encodings_are_named_with_the_first_wrong_byte() {
    let latin = read(b"from,to\nK\xF6ln,DE\n").1;
    let utf16: Vec<u8> = "\u{FEFF}from,to\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let binary = read(b"from,to\nPK\0\0,1\n").1;
    insta::assert_snapshot!([latin, read(&utf16).1, binary].join("\n"));
}

#[test]
fn an_empty_file_and_a_header_without_names_are_problems() {
    insta::assert_snapshot!([read(b"").1, read(b"# nothing\n\n").1, read(b";;\n").1].join("\n"));
}

#[test]
fn every_bound_is_a_problem() {
    let code = |text: &str| {
        let problems = read(text.as_bytes()).1;
        problems.split(']').next().unwrap_or_default().replace("problem[", "")
    };
    assert_eq!(code(&"x".repeat(MAX_BYTES + 1)), "table-too-large");
    assert_eq!(code(&",a".repeat(MAX_COLUMNS + 1)), "too-many-columns");
    assert_eq!(code(&format!("a\n{}\n", "é".repeat(MAX_CELL_CHARS + 1))), "cell-too-long");
    assert_eq!(code(&format!("a\n{}", "1\n".repeat(MAX_ROWS + 1))), "too-many-rows");
    assert_eq!(code(&format!("a\n{}x", ",".repeat(1_000_000))), "too-many-cells");
}

#[test]
fn a_file_that_is_wrong_on_every_line_is_not_read_to_its_end() {
    let (_, problems) = read(format!("a,b\n{}", "1\n".repeat(1000)).as_bytes());
    assert_eq!(problems.matches("too-few-cells").count(), 100);
    assert!(problems.contains("the rest of the file was not read"), "{problems}");
}

#[test]
fn keys_compare_without_case_and_outer_spaces_and_the_star_answers_for_the_rest() {
    let (table, problems) = values("from,to,zone\nÉcole,school,Europe/Paris\n*,other,\nuk,Britain,\n");
    assert_eq!(problems, "");
    assert_eq!(answer(&table, " éCOLE "), Some("school"));
    assert_eq!(answer(&table, "UK"), Some("Britain"));
    assert_eq!(answer(&table, "Mars"), Some("other"));
    let zone = table.column("zone");
    assert_eq!(zone, Some(1));
    assert!(matches!(table.get("uk", zone), Found::Row { value: None, row: 2 }));
    assert!(matches!(table.get("Mars", zone), Found::Star { value: None, row: 1 }));
    assert_eq!(table.column("comment"), None);
    assert_eq!(&**table.name(), "sites");
}

#[test]
fn exact_keys_compare_to_the_letter() {
    let mut problems = Problems::new();
    let table = ValueTable::compile(good("from,to\nuk,a\nUK,b\n"), true, &mut problems).unwrap();
    assert!(problems.is_empty());
    assert_eq!(answer(&table, "UK"), Some("b"));
    assert_eq!(answer(&table, "Uk"), None);
}

#[test]
fn keys_that_collide_and_empty_keys_are_warned_about() {
    let (table, problems) = values("from,to\nUK,Britain\nuk,Kingdom\n,nothing\n*,a\n*,b\n");
    assert_eq!(answer(&table, "uk"), Some("Britain"));
    insta::assert_snapshot!(problems);
}

#[test]
fn a_value_table_needs_from_and_to() {
    let mut problems = Problems::new();
    assert!(ValueTable::compile(good("key,to\na,b\n"), false, &mut problems).is_none());
    insta::assert_snapshot!(shown(problems));
}

#[test]
fn a_missing_key_gets_its_nearest_row_and_a_row_to_paste() {
    let (table, _) = values("to;from;zone\nFR;Marseille;x\nDE;Berlin;y\n");
    assert_eq!(table.nearest("Marseile"), Some((2, "Marseille")));
    assert_eq!(table.nearest("Tokyo"), None);
    assert_eq!(table.paste_row("a;b \"c\""), ";\"a;b \"\"c\"\"\";");
    assert_eq!(table.paste_row("Tokyo"), ";Tokyo;");
}

#[test]
fn rows_give_their_values_with_places() {
    let (table, _) = values("from,to,zone\nParis,\"FR\",CET\n");
    let row = table.rows().next().unwrap();
    assert_eq!((row.key(), row.key_place().line_column()), ("Paris", (2, 1)));
    assert_eq!((row.cell(None).text, row.cell(None).place.line_column()), ("FR", (2, 8)));
    assert_eq!((row.cell(Some(1)).text, row.line()), ("CET", 2));
}
