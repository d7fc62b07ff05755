//! The guide for HiBob's administrator is true: its commands print what it shows.

use super::tenant::{Tenant, stable};
use crate::documents::text_of;

/// What the guide shows below the command in the block of this kind.
fn shown(kind: &str) -> String {
    let guide = text_of("docs/hibob-setup.md");
    let block = guide.split(&format!("```{kind}\n$ rollbook check recipes/demo-live.yaml --live\n")).nth(1).unwrap();
    stable(block.split("```").next().unwrap())
}

#[test]
fn the_guide_ends_in_a_check_that_prints_what_it_shows() {
    let tenant = Tenant::open();
    let ran = tenant.check_live().expect_code(0);
    assert_eq!(stable(&ran.stdout), shown("console"));
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let ran = tenant.check_live().expect_code(2);
    assert_eq!(stable(&ran.stdout) + "# exit 2\n", shown("console withheld"));
}

#[test]
fn the_guide_names_what_the_check_can_say() {
    let guide = text_of("docs/hibob-setup.md");
    let connector = ["hibob/api.rs", "hibob/examine.rs", "hibob/settings.rs", "http/failure.rs"];
    let sources: String = connector.map(|file| text_of(&format!("src/connector/{file}"))).concat();
    let rows = guide.split("| it says | what to do |").nth(1).unwrap().lines().filter(|line| line.starts_with("| `"));
    for row in rows {
        for part in row.split('|').nth(1).unwrap().split('`').skip(1).step_by(2).flat_map(|text| text.split('…')) {
            let words = part.trim().trim_matches(['(', ')']).trim();
            let words = words
                .trim_start_matches("is ")
                .trim_end_matches(|sign: char| sign.is_ascii_digit() || sign == '(')
                .trim();
            // How many people it is stands in the middle of the first, and the second is said by the recipe's own check.
            let is_general =
                words.starts_with("not delivered") || words == "the source has no field" || words.is_empty();
            assert!(is_general || sources.contains(words), "`{words}` is nowhere said");
        }
    }
}
