//! The guide for recipe authors is true: everything in it is tried.

use crate::documents::Document;

#[test]
fn every_file_command_and_fragment_in_the_guide_works_as_it_says() {
    Document::read("docs/authors.md").try_all();
}
