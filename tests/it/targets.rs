//! The guide to the targets: what it says of a recipe holds.

use crate::documents::Document;

#[test]
fn every_block_of_the_guide_to_the_targets_holds() {
    Document::read("docs/targets.md").try_all();
}
