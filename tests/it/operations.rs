//! The guide for operators is true: its commands print what it shows, and those for other programs exist.

use crate::documents::Document;

#[test]
fn the_commands_in_the_guide_for_operators_work_as_it_says() {
    Document::read("docs/operations.md").with_demo().try_all();
}
