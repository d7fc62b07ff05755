//! The README is true: its recipe works, its commands do what it shows, and nothing is missing from its tables.

use std::path::Path;
use std::process::Command;

use crate::documents::{Document, text_of};

#[test]
fn the_recipe_and_the_commands_in_the_readme_work_on_a_fresh_clone() {
    let folder = Document::read("README.md").with_demo().try_all();
    assert!(folder.path().join(".rollbook/first.db").exists(), "the recipe in the README was synchronized");
}

#[test]
fn the_recipe_in_the_readme_is_short() {
    let readme = text_of("README.md");
    let recipe = readme.split("```yaml file=recipes/first.yaml\n").nth(1).unwrap();
    assert!(recipe.split("```").next().unwrap().lines().count() <= 15);
}

#[test]
fn ci_ends_with_the_test_command_of_the_readme() {
    let (readme, ci) = (text_of("README.md"), text_of(".ci/run"));
    assert!(readme.contains("\n$ cargo test\n"));
    assert_eq!(ci.trim_end().lines().last(), Some("cargo test --locked"));
}

#[test]
fn the_readme_lists_every_command_setting_and_exit_code() {
    let readme = text_of("README.md");
    let help = Command::new(env!("CARGO_BIN_EXE_rollbook")).arg("--help").current_dir(Path::new("/")).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    for line in help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty()) {
        let command = line.split_whitespace().next().unwrap();
        // Wrapped help texts are indented further.
        if line.starts_with("   ") || command == "help" {
            continue;
        }
        assert!(readme.contains(&format!("| `rollbook {command}")), "`{command}` is not in the README");
    }
    for word in help.split(|letter: char| letter.is_whitespace() || "[]=,".contains(letter)) {
        let is_setting =
            word.starts_with("ROLLBOOK_") || (word.starts_with("--") && !["--help", "--version"].contains(&word));
        assert!(!is_setting || readme.contains(&format!("`{word}`")), "`{word}` is not in the README");
    }
    let codes = help.split("Exit codes:").nth(1).unwrap().split_whitespace().filter(|word| word.parse::<u8>().is_ok());
    for code in codes {
        assert!(readme.contains(&format!("{code} ")), "exit code {code} is not in the README");
    }
}

#[test]
fn links_in_the_documents_lead_somewhere() {
    for document in [
        "README.md",
        "docs/authors.md",
        "docs/operations.md",
        "docs/sandbox.md",
        "docs/hibob-setup.md",
        "docs/reports.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
        let text = text_of(document);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            if path.contains("://") {
                continue;
            }
            let there = if path.is_empty() { folder.clone() } else { folder.parent().unwrap().join(path) };
            assert!(there.exists(), "{document}: `{link}` leads nowhere");
            if !heading.is_empty() {
                let headings = std::fs::read_to_string(&there).unwrap();
                let known = headings.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line) == heading);
                assert!(known, "{document}: `{link}` leads to no heading");
            }
        }
    }
}

/// A heading as a link names it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = words.chars().filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-'));
    kept.map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}
