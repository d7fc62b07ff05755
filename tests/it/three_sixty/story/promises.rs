//! What 360Learning's own HiBob connector is said to do, and which example or test shows that this program does it.
//!
//! Real time and notifications are said of it too, and need `rollbook serve`.

use crate::author::repository;

/// What is said, and the examples of the recipe and the tests that show it.
const PROMISES: [(&str, &[&str]); 18] = [
    (
        "people who are not there are added",
        &["a HiBob user who is not in 360Learning yet is added", "the_first_full_sync_adds_everybody_with_everything"],
    ),
    (
        "people who are there are edited",
        &[
            "a user who is in 360Learning already is edited with what HiBob says",
            "a_change_of_several_fields_is_one_call",
        ],
    ),
    (
        "people who are inactive are deactivated",
        &[
            "a user who is inactive in HiBob is deactivated",
            "a leaver is deactivated",
            "a_leaver_is_deactivated_and_whoever_comes_back_gets_everything_again",
        ],
    ),
    (
        "a full synchronization is of all users",
        &["the_first_full_sync_adds_everybody_with_everything", "a_second_sync_of_an_unchanged_company_only_reads"],
    ),
    (
        "users of the two systems are matched",
        &[
            "the external id comes first, so that a changed address finds the same user",
            "a user made by hand is found by the address, whatever its capitals, and gets the employee id",
            "a_user_made_by_hand_is_matched_by_address_keeps_what_is_theirs_and_gets_the_mapping",
        ],
    ),
    (
        "data of HiBob drives activation and deactivation",
        &[
            "someone on garden leave loses access",
            "people on leave keep their access, whatever HiBob lets them do",
            "a planned termination becomes the planned deactivation in 360Learning, and access stays until then",
        ],
    ),
    (
        "HiBob fields fill standard fields",
        &["what was typed by hand in 360Learning is overwritten by HiBob, in one direction only"],
    ),
    (
        "HiBob fields fill custom fields",
        &[
            "custom fields are filled by their names, as texts and dates",
            "a_change_of_a_custom_field_keeps_those_of_others",
        ],
    ),
    ("only people who match filters are synchronized", &["a filter leaves test accounts out"]),
    (
        "rules assign people to groups",
        &["everybody is in the default group, and each rule that matches adds one group"],
    ),
    (
        "data is transformed into what a field expects",
        &[
            "a locale becomes one of the languages that 360Learning accepts",
            "keys of tables are found whatever their capitals and spaces",
        ],
    ),
    (
        "a full synchronization is followed by a detailed report by mail",
        &["a_full_sync_is_followed_by_a_detailed_report"],
    ),
    (
        "people who exist only in 360Learning are left alone",
        &["the_owner_is_never_deactivated_and_users_who_are_nobody_in_hibob_are_left_alone"],
    ),
    (
        "whoever was deleted and is still active in HiBob is back",
        &[
            "whoever was deleted in 360Learning and still works here comes back",
            "whoever_was_deleted_by_hand_and_still_works_here_comes_back",
        ],
    ),
    (
        "one default group takes everybody whom no rule matches",
        &["someone whom no other rule matches is in the default group only"],
    ),
    (
        "only the role of a learner and only groups of rules are touched",
        &[
            "groups that no rule names are never touched, whoever added somebody to them",
            "a_user_made_by_hand_is_matched_by_address_keeps_what_is_theirs_and_gets_the_mapping",
        ],
    ),
    (
        "a public group brings its parents along",
        &["another_department_and_site_change_fields_groups_and_what_public_groups_bring_along"],
    ),
    (
        "the manager is resolved to a user",
        &["the manager is a person in HiBob and a user in 360Learning", "a_chain_of_managers_is_moved_pair_by_pair"],
    ),
];

#[test]
fn everything_that_the_connector_is_said_to_do_is_shown_by_an_example_or_a_test() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let examples = read("recipes/360learning.test.yaml");
    let tests = ["whole", "life"].map(|name| read(&format!("tests/it/three_sixty/story/{name}.rs"))).concat();
    for (promise, shown_by) in PROMISES {
        assert!(!shown_by.is_empty(), "nothing shows that {promise}");
        for name in shown_by {
            let found = examples.contains(&format!("- name: {name}\n")) || tests.contains(&format!("fn {name}()"));
            assert!(found, "`{name}`, which is to show that {promise}, is neither an example nor a test");
        }
    }
}
