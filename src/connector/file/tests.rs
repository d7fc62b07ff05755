//! What recipes get to see of people in files, through the door that the engine uses.

use std::path::Path;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::*;
use crate::model::{Cell, Column, Form, Number, Value, ValueType};

const FIELDS: &str = r#"[
    {"id": "root.id", "jsonPath": "id", "type": "employee-reference"},
    {"id": "root.email", "jsonPath": "email", "type": "text"},
    {"id": "work.department", "jsonPath": "work.department", "type": "list", "typeData": {"listId": "department"}},
    {"id": "work.siteId", "jsonPath": "work.siteId", "type": "list_id", "typeData": {"listId": "site"}},
    {"id": "work.level", "jsonPath": "work.level", "type": "hierarchy-list", "typeData": {"listId": "department"}},
    {"id": "work.startDate", "jsonPath": "work.startDate", "type": "date"},
    {"id": "work.number", "jsonPath": "work.number", "type": "number"},
    {"id": "work.isManager", "jsonPath": "work.isManager", "type": "boolean"},
    {"id": "work.seen", "jsonPath": "work.seen", "type": "time"},
    {"id": "work.pay", "jsonPath": "work.pay", "type": "currency"},
    {"id": "work.manager", "jsonPath": "work.manager", "type": "employee-reference"},
    {"id": "work.reportsTo", "jsonPath": "work.reportsTo", "type": "employee"},
    {"id": "work.reportsTo.email", "jsonPath": "work.reportsTo.email", "type": "text"},
    {"id": "about.custom.Spoken languages_X1a2", "jsonPath": "about.custom.Spoken languages_X1a2",
     "type": "multi-list", "typeData": {"listId": "languages"}}
]"#;

const LISTS: &str = r#"{
    "department": {"values": [{"id": "301", "value": "Finance", "children": [{"id": 302, "value": "Treasury"}]}]},
    "site": {"values": [{"id": 26, "value": "Berlin"}]},
    "languages": {"values": [{"id": "1", "value": "German"}, {"id": "2", "value": "French"}]}
}"#;

/// A folder with metadata, lists and the people of a test.
struct Folder {
    folder: TempDir,
    settings: Json,
}

impl Folder {
    fn json(people: &str) -> Self {
        Self::new("people.json", people.as_bytes())
    }

    fn new(name: &str, people: &[u8]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [(name, people), ("fields.json", FIELDS.as_bytes()), ("lists.json", LISTS.as_bytes())] {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        Self { folder, settings: json!({"people": name, "fields": "fields.json", "lists": "lists.json"}) }
    }

    fn without_metadata(mut self) -> Self {
        self.settings = json!({"people": self.settings["people"]});
        self
    }

    fn settings(&self) -> ConnectorSettings {
        settings(self.folder.path(), &self.settings)
    }

    fn roster(&self, columns: &[&str]) -> Result<Roster, ConnectorError> {
        Files::new(&self.settings())?.roster(&layout(columns))
    }

    /// The cells of the first person, without id, address and name.
    fn cells(&self, columns: &[&str]) -> Vec<Cell> {
        let roster = self.roster(columns).expect("a roster");
        let wanted = columns.iter().map(|column| layout(columns).find(&parse(column)).expect("in the layout"));
        wanted.map(|slot| roster.records[0].cell(slot).clone()).collect()
    }

    /// Message and help of a roster that cannot be read, with the folder's name taken out.
    fn error(&self) -> String {
        let error = self.roster(&[]).expect_err("a file at fault");
        let folder = format!("{}/", self.folder.path().display());
        format!("{error}; {}", error.help()).replace(&folder, "")
    }
}

fn settings(base: &Path, settings: &Json) -> ConnectorSettings {
    ConnectorSettings { name: "file".into(), settings: settings.clone(), base: base.to_owned() }
}

fn parse(column: &str) -> Column {
    match column.strip_suffix("@id") {
        Some(path) => Column { path: path.into(), form: Form::Id },
        None => Column { path: column.into(), form: Form::Label },
    }
}

fn layout(columns: &[&str]) -> RecordLayout {
    let mut layout = RecordLayout::new();
    for column in columns {
        layout.slot(parse(column)).expect("room");
    }
    layout
}

fn text(text: &str) -> Cell {
    Cell::Value(Value::Text(text.into()))
}

fn list(items: &[&str]) -> Cell {
    Cell::Value(Value::List(items.iter().map(|item| (*item).into()).collect()))
}

fn demo() -> ConnectorSettings {
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
    let files = json!({"people": "demo/people.json", "fields": "demo/fields.json", "lists": "demo/named-lists.json"});
    settings(&base, &files)
}

#[tokio::test]
async fn the_demo_people_are_read_with_every_field_that_the_metadata_knows() {
    let source = FileSource::open(&demo()).expect("settings");
    let catalogue = source.catalogue().await.expect("a catalogue");
    assert_eq!(catalogue.fields, FileSource::describe(&demo()).expect("a catalogue").fields);
    let paths: Vec<_> = catalogue.fields.keys().map(FieldPath::as_str).collect();
    let roster = source.roster(&layout(&paths)).await.expect("a roster");
    assert_eq!((roster.records.len(), roster.unreadable.len()), (300, 0));
    let first = &roster.records[0];
    let cell = |path: &str| first.cell(layout(&paths).find(&parse(path)).expect("in the layout")).clone();
    assert_eq!(cell("root.id"), text("3000000000000000101"));
    assert_eq!(cell("work.title"), text("VP, Product"));
    assert_eq!(cell("work.manager"), Cell::Empty);
    assert_eq!(cell("work.startDate"), Cell::Value(Value::Date(jiff::civil::date(2019, 5, 15))));
    assert_eq!(cell("work.custom.field_1700000000002"), text("00096"));
    assert!(matches!(cell("about.custom.Spoken languages_X1a2"), Cell::Value(Value::List(items)) if items.len() == 3));
}

#[test]
fn a_field_has_a_value_or_is_empty_or_was_not_delivered() {
    let folder = Folder::json(
        r#"[{"/root/id": {"value": "7"}, "/work/number": {"value": null},
             "work": {"department": "301", "startDate": null, "title": " "}, "about": {"custom": {"Spoken languages_X1a2": []}}}]"#,
    );
    let columns = [
        "work.department",
        "work.startDate",
        "work.number",
        "work.title",
        "about.custom.Spoken languages_X1a2",
        "work.isManager",
        "internal.status",
    ];
    let (empty, absent) = (Cell::Empty, Cell::NotDelivered);
    let expected = [text("Finance"), empty.clone(), empty.clone(), empty.clone(), empty, absent.clone(), absent];
    assert_eq!(folder.cells(&columns), expected);
}

#[test]
fn a_slash_key_counts_more_than_the_nested_copy_in_any_order_wrapped_or_bare() {
    for people in [
        r#"[{"id": "7", "email": "nested", "/root/email": {"value": "slash"}}]"#,
        r#"[{"/root/email": {"value": "slash"}, "email": "nested", "id": "7"}]"#,
        r#"[{"/root/email": "slash", "email": null, "id": "7"}]"#,
        r#"{"more": [{"a": [1]}], "employees": [{"email": "nested", "/root/email": "slash", "id": 7}], "total": 1}"#,
    ] {
        assert_eq!(Folder::json(people).cells(&["root.email", "root.id"]), [text("slash"), text("7")], "{people}");
    }
}

#[test]
fn list_fields_give_labels_and_machine_ids_and_unknown_ids_are_left_out() {
    let folder = Folder::json(
        r#"[{"id": "7", "work": {"department": "301", "siteId": 26, "level": 302},
             "about": {"custom": {"Spoken languages_X1a2": ["2", 1]}}}]"#,
    );
    let columns = ["work.department", "work.department@id", "work.siteId", "work.siteId@id", "work.level"];
    assert_eq!(folder.cells(&columns), [text("Finance"), text("301"), text("Berlin"), text("26"), text("Treasury")]);
    let languages = ["about.custom.Spoken languages_X1a2", "about.custom.Spoken languages_X1a2@id"];
    assert_eq!(folder.cells(&languages), [list(&["French", "German"]), list(&["2", "1"])]);
    let unknown = Folder::json(r#"[{"id": "7", "work": {"department": "999"}}]"#);
    assert_eq!(unknown.cells(&["work.department", "work.department@id"]), [Cell::NotDelivered, Cell::NotDelivered]);
}

#[test]
fn the_label_of_a_list_item_is_shared_by_all_who_hold_it() {
    let people = r#"[{"id": 1, "work": {"department": "301"}}, {"id": 2, "work": {"department": "301"}}]"#;
    let roster = Folder::json(people).roster(&["work.department"]).expect("a roster");
    let labels: Vec<_> = roster.records.iter().filter_map(|record| record.cells[3].value()).collect();
    assert!(matches!(labels[..], [Value::Text(a), Value::Text(b)] if Arc::ptr_eq(a, b)));
}

#[test]
fn values_take_the_type_of_their_field_and_what_does_not_fit_stays_text() {
    let folder = Folder::json(
        r#"[{"id": "7", "work": {"startDate": "2024-02-01", "number": 12.50, "isManager": true,
             "seen": "2026-03-02T11:13:40.175639", "pay": {"value": 1.5, "currency": "EUR"}, "manager": 3000000000000000101}}]"#,
    );
    let columns = ["work.startDate", "work.number", "work.isManager", "work.seen", "work.pay", "work.manager"];
    let expected = [
        Value::Date(jiff::civil::date(2024, 2, 1)),
        Value::Number(Number::Decimal(12.5)),
        Value::YesNo(true),
        Value::DateTime(jiff::civil::date(2026, 3, 2).at(11, 13, 40, 175_639_000)),
        Value::Number(Number::Decimal(1.5)),
        Value::Person("3000000000000000101".into()),
    ];
    assert_eq!(folder.cells(&columns), expected.map(Cell::Value));
    let odd = Folder::json(
        r#"[{"id": "7", "work": {"startDate": "01/02/2024", "number": "n/a", "isManager": "perhaps",
             "seen": "2026-03-02T11:13:40Z", "pay": {"period": 1}, "manager": false}}]"#,
    );
    let expected = ["01/02/2024", "n/a", "perhaps", "2026-03-02T11:13:40Z", r#"{"period":1}"#].map(text);
    assert_eq!(odd.cells(&columns)[..5], expected);
}

#[test]
fn an_employee_object_is_a_person_and_its_own_fields_can_be_read_too() {
    let columns = ["work.reportsTo", "work.reportsTo@id", "work.reportsTo.email"];
    let boss = r#"{"id": 9, "email": "boss@acme.example"}"#;
    let delivered = [Cell::Value(Value::Person("9".into())), text("9"), text("boss@acme.example")];
    let nested = format!(r#"[{{"id": "7", "work": {{"reportsTo": {boss}}}}}]"#);
    assert_eq!(Folder::json(&nested).cells(&columns), delivered);
    let both = format!(r#"[{{"id": "7", "/work/reportsTo": {{"value": {boss}}}, "work": {{"reportsTo": {boss}}}}}]"#);
    assert_eq!(Folder::json(&both).cells(&columns), delivered);
    let nobody = r#"[{"id": "7", "work": {"reportsTo": null}}]"#;
    assert_eq!(Folder::json(nobody).cells(&columns), [Cell::Empty, Cell::Empty, Cell::Empty]);
    let hidden = r#"[{"id": "7", "work": null}]"#;
    assert!(Folder::json(hidden).cells(&columns).iter().all(|cell| !cell.is_delivered()));
}

#[test]
fn a_custom_field_is_found_even_when_its_name_holds_dots() {
    let people = r#"[{"id": "7", "about": {"custom": {"No. of pets_Z9": 2}}}]"#;
    let cells = Folder::json(people).cells(&["about.custom.No. of pets_Z9"]);
    assert_eq!(cells, [Cell::Value(Value::Number(Number::Whole(2)))]);
}

#[test]
fn without_metadata_the_values_decide() {
    let people = r#"[{"id": 7, "work": {"startDate": "2024-02-01", "number": 3, "yes": true, "many": ["a", "b"],
        "reportsTo": {"id": "9"}, "manager": "9"}}]"#;
    let folder = Folder::json(people).without_metadata();
    let columns = ["work.startDate", "work.number", "work.yes", "work.many", "work.reportsTo", "work.manager"];
    let number = Cell::Value(Value::Number(Number::Whole(3)));
    let (yes, person) = (Cell::Value(Value::YesNo(true)), Cell::Value(Value::Person("9".into())));
    assert_eq!(folder.cells(&columns), [text("2024-02-01"), number, yes, list(&["a", "b"]), person, text("9")]);
    assert!(!FileSource::describe(&folder.settings()).expect("a catalogue").complete);
}

#[test]
fn entries_that_are_no_employees_are_reported_by_position_only() {
    let people = r#"[{"id": "1"}, {"email": "ada@acme.example"}, null, "ada", [1], {"id": 1}, {"id": " "}, {"id": 1.5}, {"id": "2"}]"#;
    let roster = Folder::json(people).roster(&[]).expect("a roster");
    assert_eq!(roster.records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["2"]);
    let found: Vec<_> = roster.unreadable.iter().map(|entry| format!("{} {}", entry.position, entry.reason)).collect();
    let expected = [
        "1 has the employee id of an entry after it; neither is used",
        "2 has no employee id",
        "3 is not an employee",
        "4 is not an employee",
        "5 is not an employee",
        "6 has the employee id of an entry before it; neither is used",
        "7 has no employee id",
        "8 has no employee id",
    ];
    assert_eq!(found, expected);
}

#[tokio::test]
async fn some_people_are_picked_and_an_unreadable_entry_counts_where_somebody_is_not_found() {
    let folder = Folder::json(r#"[{"id": "1"}, {"id": "2"}, {"id": "2"}, {"id": "3"}]"#);
    let source = FileSource::open(&folder.settings()).unwrap();
    let people = async |ids: &[&str]| {
        let ids: Vec<EmployeeId> = ids.iter().map(|id| EmployeeId::from(*id)).collect();
        let roster = source.people(&ids, &layout(&[])).await.unwrap();
        let found: Vec<String> = roster.records.iter().map(|record| record.id.to_string()).collect();
        (found.join(" "), roster.unreadable.len())
    };
    assert_eq!(people(&["3", "1", "3"]).await, ("1 3".to_owned(), 0));
    assert_eq!(people(&["1", "2"]).await, ("1".to_owned(), 2), "the second may be either of the entries");
    assert_eq!(people(&["", "../people.json"]).await, (String::new(), 2));
    assert_eq!(people(&[]).await, (String::new(), 0));
}

#[test]
fn a_text_without_end_is_left_out_and_the_person_stays() {
    let people = format!(r#"[{{"id": "7", "work": {{"title": "{}"}}}}]"#, "x".repeat(65 * 1024));
    assert_eq!(Folder::json(&people).cells(&["work.title"]), [Cell::NotDelivered]);
}

#[test]
fn people_are_read_whole_wherever_the_buffer_ends() {
    let person =
        |id: usize| format!(r#"{{"id": {id}, "pad": "{}", "email": "é{id}@acme.example"}}"#, "é\\\"".repeat(id % 97));
    let people: Vec<_> = (0..20_000).map(person).collect();
    let roster = Folder::json(&format!("[{}]", people.join(",\n"))).roster(&[]).expect("a roster");
    assert_eq!((roster.records.len(), roster.unreadable.len()), (20_000, 0));
    assert_eq!(roster.records[19_999].cells[1], text("é19999@acme.example"));
}

#[test]
fn a_csv_gives_the_same_people() {
    let csv = "\u{feff}root.id;work.department;work.number;work.isManager;about.custom.Spoken languages_X1a2;work.startDate\r\n\
               #7;301;1001;Yes;1|2;2024-02-01\r\n;;;;;\r\n8;\"Sales; EMEA\";;no;;soon\r\n";
    let folder = Folder::new("people.csv", csv.as_bytes());
    let columns =
        ["work.department", "work.number", "work.isManager", "about.custom.Spoken languages_X1a2", "work.site"];
    let roster = folder.roster(&columns).expect("a roster");
    assert_eq!(roster.records.iter().map(|record| record.id.as_str()).collect::<Vec<_>>(), ["#7", "8"]);
    let yes = |yes| Cell::Value(Value::YesNo(yes));
    let number = Cell::Value(Value::Number(Number::Whole(1001)));
    let first = [text("Finance"), number, yes(true), list(&["German", "French"]), Cell::NotDelivered];
    let cells = |person: usize| roster.records[person].cells.iter().skip(3).cloned().collect::<Vec<_>>();
    assert_eq!(cells(0), first);
    assert_eq!(
        cells(1),
        [Cell::NotDelivered, Cell::Empty, yes(false), Cell::Empty, Cell::NotDelivered],
        "the list of departments has no `Sales; EMEA`"
    );
}

#[test]
fn a_csv_row_that_is_no_person_is_reported_with_its_line() {
    let folder = Folder::new("people.csv", b"root.id,root.email\n1,a@b.c\n2\n\n,x@b.c\n1,y@b.c\n");
    let roster = folder.roster(&[]).expect("a roster");
    let found: Vec<_> = roster.unreadable.iter().map(|entry| format!("{} {}", entry.position, entry.reason)).collect();
    let expected = [
        "1 has the employee id of an entry after it; neither is used",
        "2 has 1 cells where the header row has 2 (line 3)",
        "3 has no employee id (line 5)",
        "4 has the employee id of an entry before it; neither is used (line 6)",
    ];
    assert_eq!((roster.records.len(), found), (0, expected.map(str::to_owned).to_vec()));
}

#[test]
fn the_catalogue_of_a_csv_is_its_header_row_typed_by_the_metadata_where_there_is_any() {
    let folder = Folder::new("people.csv", b"root.id,work.department,shoe size\n");
    let catalogue = FileSource::describe(&folder.settings()).expect("a catalogue");
    assert_eq!((catalogue.fields.len(), catalogue.complete), (3, true));
    let department = catalogue.field("work.department").expect("the field");
    assert_eq!(department.choices.as_ref().map(Vec::len), Some(2));
    assert_eq!(catalogue.field("shoe size").and_then(|field| field.value_type), None);
    let catalogue = FileSource::describe(&folder.without_metadata().settings()).expect("a catalogue");
    assert_eq!((catalogue.field("work.department").and_then(|f| f.value_type), catalogue.complete), (None, true));
}

#[test]
fn the_catalogue_of_json_is_the_metadata_with_categories_types_and_choices() {
    let catalogue = FileSource::describe(&demo()).expect("a catalogue");
    assert!(catalogue.complete);
    let status = catalogue.field("internal.lifecycleStatus").expect("the field");
    assert_eq!((status.category.as_deref(), status.value_type), (Some("Lifecycle"), Some(ValueType::Text)));
    let department = catalogue.field("work.department").and_then(|field| field.choices.as_ref()).expect("choices");
    assert!(department.iter().any(|choice| &*choice.label == "Old Operations" && choice.archived));
}

#[test]
fn people_that_cannot_be_read_say_where_and_what_to_do_without_their_data() {
    let again = "export it again, and wait until the export has finished";
    let by_hand = "export it again as JSON; a file edited by hand often has a comma or a quote too many";
    let utf8 = "save it as UTF-8; in Excel choose `CSV UTF-8`";
    let api = "save the answer of HiBob's API as it is; the README shows the forms that are read";
    let page = "the address it was saved from answered with a page for people; save the answer of HiBob's API";
    let cases: [(&[u8], &str, &str); 13] = [
        (b"", "is empty", again),
        (b"\xEF\xBB\xBF \n", "is empty", again),
        (b"{\n \"employees\": [\n {\"id\": \"1\", \"email\": \"ada", "is cut off at line 3, column 26", again),
        (b"[{\"id\": \"1\"}\n", "is cut off at line 2, column 1", again),
        (b"[{\"id\": \"1\"},\n {\"id\": ada}]", "is not JSON from line 2, column 9 on", by_hand),
        (b"[{\"id\": \"1\"}]\nada", "is not JSON from line 2, column 1 on", by_hand),
        (b"[{\"id\": \"1\"},]", "is not JSON from line 1, column 14 on", by_hand),
        (b"<!doctype html>", "holds a web page, not JSON", page),
        (b"\xFF\xFE[\0]\0", "is UTF-16, not UTF-8", utf8),
        (b"[\n{\"id\": \"1\", \"email\": \"ad\xE9\"}]", "is not UTF-8 (line 2, column 25)", utf8),
        (b"{\"key\": \"denied\"}", "does not hold `employees` (line 1, column 1)", api),
        (b"{\"employees\": {}}", "does not hold a list under `employees` (line 1, column 15)", api),
        (b"\"ada\"", "does not hold people (line 1, column 6)", api),
    ];
    for (people, message, help) in cases {
        let expected = format!("`people.json` {message}; {help}");
        assert_eq!(Folder::new("people.json", people).error(), expected);
    }
}

#[test]
fn an_entry_as_large_as_a_file_is_refused_instead_of_held() {
    let people = format!("[{{\"id\": \"1\", \"pad\": \"{}\"}}]", "x".repeat(5 << 20));
    let error = Folder::json(&people).error();
    assert!(error.starts_with("`people.json` holds an entry of more than 4 MiB at line 1, column 2;"), "{error}");
}

#[test]
fn a_csv_that_cannot_be_read_says_what_to_do() {
    let cases: [(&[u8], &str); 5] = [
        (
            b"root.id,work.site,work.site\n",
            "has two columns `work.site`; rename or remove one of them in the header row",
        ),
        (b"1,Ada,Ada\n", "has no column `root.id`; the headers are field ids; `root.id` tells people apart"),
        (b"", "is empty; export it again, and wait until the export has finished"),
        (b"root.id\nJos\xE9\n", "is not UTF-8 (line 2); save it as UTF-8; in Excel choose `CSV UTF-8`"),
        (b"PK\x03\x04", "is an Excel workbook, not CSV; save the sheet as `CSV UTF-8`, and name that file"),
    ];
    for (people, message) in cases {
        assert_eq!(Folder::new("people.csv", people).error(), format!("`people.csv` {message}"));
    }
}

#[test]
fn files_that_are_not_there_and_folders_are_told_apart() {
    let folder = Folder::json("[]");
    let error = |people: &str| {
        let settings = settings(folder.folder.path(), &json!({"people": people}));
        let error = FileSource::describe(&settings).expect_err("no people");
        assert!(matches!(error, ConnectorError::Unavailable { .. }));
        error.to_string().replace(&format!("{}/", folder.folder.path().display()), "")
    };
    assert_eq!(error("poeple.json"), "there is no file `poeple.json`");
    assert_eq!(error("away/people.json"), "there is no file `away/people.json`, nor the folder it should be in");
    std::fs::create_dir(folder.folder.path().join("demo")).expect("a folder");
    assert_eq!(error("demo"), "`demo` is a folder, not a file");
}

#[test]
fn settings_with_unknown_keys_or_without_people_are_refused() {
    for wrong in [json!({"people": "a.json", "feilds": "b.json"}), json!({"fields": "b.json"}), json!("a.json")] {
        let error = FileSource::open(&settings(Path::new("."), &wrong)).expect_err("wrong settings");
        assert!(matches!(error, ConnectorError::Settings { .. }), "{error}");
    }
}
