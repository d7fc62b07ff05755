//! Files that are not there, or not text.

use super::{edited, notes};
use crate::author::Author;

const STATUS: &str = "tables/status.csv";

/// The bytes of a text in UTF-16, little end first, with its mark.
fn utf16(text: &str) -> Vec<u8> {
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// The bytes of a text in Latin-1.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

fn text_of(file: &str) -> String {
    std::fs::read_to_string(Author::small().path(file)).unwrap()
}

/// The small recipe with one of its files in other bytes.
fn in_bytes(file: &str, bytes: impl Fn(&str) -> Vec<u8>) -> Author {
    Author::small().write(file, bytes(&text_of(file)))
}

#[test]
fn a_file_that_is_missing_is_named_where_it_is_asked_for() {
    insta::assert_snapshot!(notes([
        ("the recipe", Author::small().remove("recipe.yaml")),
        ("the folder of tables", Author::small().remove("tables")),
        ("a table", Author::small().remove(STATUS)),
        ("a script", Author::small().remove("names.rhai")),
        ("people", Author::small().remove("people.json")),
        ("fields", Author::small().remove("fields.json")),
        ("lists", Author::small().remove("lists.json")),
        ("people that are a folder", edited("recipe.yaml", "people: people.json", "people: tables")),
        ("a folder of tables that is a file", edited("recipe.yaml", "tables: tables", "tables: names.rhai")),
        ("a script that is a folder", Author::small().remove("names.rhai").write("names.rhai/a", "")),
        ("examples, which nobody has to write", Author::small().remove("recipe.test.yaml")),
    ]));
}

#[test]
fn a_file_in_another_encoding_is_named_with_what_to_do() {
    let umlaut = |text: &str| latin1(&text.replace("Garden leave", "Fünf"));
    insta::assert_snapshot!(notes([
        ("a table in UTF-16", in_bytes(STATUS, utf16)),
        ("a table in Latin-1", in_bytes(STATUS, umlaut)),
        ("a table that is a workbook", in_bytes(STATUS, |_| b"PK\x03\x04\x14\0\x06\0".to_vec())),
        ("a recipe in UTF-16", in_bytes("recipe.yaml", utf16)),
        (
            "a recipe in Latin-1",
            in_bytes("recipe.yaml", |text| latin1(&text.replace("version: 1", "# für Acme\nversion: 1")))
        ),
        ("a script in Latin-1", in_bytes("names.rhai", |text| latin1(&text.replace("people", "Leute für")))),
        ("examples in UTF-16", in_bytes("recipe.test.yaml", utf16)),
        ("people in UTF-16", in_bytes("people.json", utf16)),
        ("people cut off", in_bytes("people.json", |text| text.as_bytes()[..10].to_vec())),
        ("people of another form", in_bytes("people.json", |_| b"{ \"rows\": [] }".to_vec())),
        ("fields that are no JSON", in_bytes("fields.json", |_| b"root.id".to_vec())),
    ]));
}

#[test]
fn what_spreadsheets_write_is_read() {
    let excel = |text: &str| {
        let text: String = format!("\u{feff}{}", text.replace(',', ";").replace('\n', "\r\n"));
        text.into_bytes()
    };
    let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
    insta::assert_snapshot!(notes([
        ("semicolons, a byte-order mark and Windows line ends", in_bytes(STATUS, excel)),
        ("tabs", in_bytes(STATUS, |text| text.replace(',', "\t").into_bytes())),
        ("a recipe with a byte-order mark", in_bytes("recipe.yaml", marked)),
        ("a recipe with Windows line ends", in_bytes("recipe.yaml", |text| text.replace('\n', "\r\n").into_bytes())),
        ("a script with a byte-order mark", in_bytes("names.rhai", marked)),
        ("examples with a byte-order mark", in_bytes("recipe.test.yaml", marked)),
        ("columns beyond the last", in_bytes(STATUS, |text| text.replace('\n', ",,\n").into_bytes())),
        (
            "the place of a mistake behind a byte-order mark",
            in_bytes("recipe.yaml", marked).edit("recipe.yaml", "version: 1", "versoin: 1")
        ),
        (
            "the place of a mistake behind letters of two bytes",
            edited(STATUS, "leavers,internal.lifecycleStatus", "Übergänge,internal.lifecycleStats")
        ),
    ]));
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_not_read() {
    let pipe = |file: &str| {
        let author = Author::small().remove(file);
        let made = std::process::Command::new("mkfifo").arg(author.path(file)).status().unwrap();
        assert!(made.success(), "a pipe in the place of {file}");
        author
    };
    let device = |file: &str| {
        let author = Author::small().remove(file);
        std::os::unix::fs::symlink("/dev/zero", author.path(file)).unwrap();
        author
    };
    insta::assert_snapshot!(notes([
        ("a recipe that is a pipe", pipe("recipe.yaml")),
        ("a table that is a pipe", pipe(STATUS)),
        ("a script that is a pipe", pipe("names.rhai")),
        ("examples that are a pipe", pipe("recipe.test.yaml")),
        ("a recipe that is a device", device("recipe.yaml")),
        ("a table that is a device", device(STATUS)),
        ("a script that is a device", device("names.rhai")),
    ]));
}

#[test]
fn what_is_too_large_is_said_to_be_so() {
    let large = |file: &str, mebibytes: usize| Author::small().append(file, &"# \n".repeat((mebibytes << 20) / 3 + 1));
    let scripts: Vec<String> = (0..101).map(|number| format!("s{number}.rhai")).collect();
    let many = edited("recipe.yaml", "[ names.rhai ]", &format!("[ names.rhai, {} ]", scripts.join(", ")));
    let many = scripts.iter().fold(many, |author, script| author.write(script, "// nothing"));
    insta::assert_snapshot!(notes([
        ("a recipe", large("recipe.yaml", 4)),
        ("examples", large("recipe.test.yaml", 4)),
        ("a script", large("names.rhai", 1)),
        ("a table", large(STATUS, 20)),
        ("too many scripts", many),
    ]));
}
