//! Parts of a recipe, put where they belong in a copy of the demo.

use std::path::Path;

use super::console::rollbook;
use super::{copy_demo, write};

/// Keys of a recipe take the place of those of the recipe with this name.
pub(super) fn recipe(name: &str, fragment: &str, place: &str) {
    let folder = demo();
    let path = folder.path().join(format!("recipes/{name}.yaml"));
    let demo = std::fs::read_to_string(&path).unwrap();
    let keys: Vec<&str> = sections(fragment).into_iter().map(|(key, _)| key).collect();
    let kept = sections(&demo).into_iter().filter(|(key, _)| !keys.contains(key)).map(|(_, text)| text);
    let spliced = kept.collect::<String>() + fragment;
    write(&path, &spliced, false);
    check(folder.path(), place);
}

/// A table takes the place of the demo's.
pub(super) fn table(name: &str, fragment: &str, place: &str) {
    let folder = demo();
    write(&folder.path().join(format!("lookup_tables/demo/{name}.csv")), fragment, false);
    check(folder.path(), place);
}

/// Examples of the demo hold.
pub(super) fn examples(fragment: &str, place: &str) {
    let folder = demo();
    write(&folder.path().join("recipes/demo.test.yaml"), fragment, false);
    let (output, code) = rollbook(&["test"], folder.path());
    assert_eq!(code, 0, "{place}: {output}");
}

fn demo() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy_demo(folder.path());
    std::fs::remove_file(folder.path().join("recipes/demo.test.yaml")).unwrap();
    folder
}

fn check(folder: &Path, place: &str) {
    let (output, code) = rollbook(&["check"], folder);
    assert_eq!(code, 0, "{place}: {output}");
}

/// A recipe's sections: each key that begins a line, with everything up to the next.
fn sections(recipe: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in recipe.lines() {
        let key = line.split_once(':').map(|(key, _)| key);
        let key = key.filter(|key| key.starts_with(|letter: char| letter.is_ascii_lowercase()));
        match (key, sections.last_mut()) {
            (Some(key), _) => sections.push((key, format!("{line}\n"))),
            (None, Some((_, text))) => text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    sections
}
