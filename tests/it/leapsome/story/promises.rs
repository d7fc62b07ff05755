//! What the page of Leapsome's own HiBob connector says, and which example or test shows that this program does it.

use crate::author::repository;

/// What is said, and the examples of the recipe and the tests that show it.
const PROMISES: [(&str, &[&str]); 30] = [
    (
        "a new employee gets an account",
        &[
            "someone new gets an account with every default attribute",
            "the_first_sync_makes_everybody_with_two_calls_each_and_departments_become_teams",
        ],
    ),
    (
        "an invite is sent if auto-invite is on, and by hand otherwise",
        &["whoever_is_new_is_invited_only_where_leapsome_says_so"],
    ),
    (
        "departments become teams, and their people are assigned",
        &["the_first_sync_makes_everybody_with_two_calls_each_and_departments_become_teams"],
    ),
    (
        "direct and secondary managers are assigned by HiBob's reporting lines",
        &["the_second_level_manager_becomes_an_additional_manager_where_that_is_switched_on_and_stays_when_off_again"],
    ),
    (
        "all of it is updated by changes in HiBob",
        &["a_move_changes_department_manager_and_title_in_one_call_and_hand_made_teams_stay"],
    ),
    (
        "HiBob overrides what is changed by hand",
        &["what was typed by hand in Leapsome is overwritten by HiBob", "what_is_typed_in_leapsome_is_overwritten"],
    ),
    (
        "teams added by hand stay",
        &[
            "teams that were joined by hand stay, whatever rules say",
            "a_move_changes_department_manager_and_title_in_one_call_and_hand_made_teams_stay",
        ],
    ),
    ("synced teams are overwritten when somebody moves", &["a move to another department is another team"]),
    (
        "teams have to be spelt exactly, or duplicates would come into being",
        &["a_team_that_is_spelt_differently_is_reported_and_no_second_one_is_made"],
    ),
    ("Employee ID fills External ID", &["someone new gets an account with every default attribute"]),
    ("First Name fills Firstname", &["someone new gets an account with every default attribute"]),
    ("Last Name fills Lastname", &["someone new gets an account with every default attribute"]),
    ("the address fills Email", &["someone new gets an account with every default attribute"]),
    ("Status activates and deactivates", &["someone whose status is not Active any more loses access"]),
    ("Work Start Date fills Start Date", &["someone new gets an account with every default attribute"]),
    ("Position fills Title", &["someone new gets an account with every default attribute"]),
    (
        "Reports to fills Primary Manager",
        &["the_first_sync_makes_everybody_with_two_calls_each_and_departments_become_teams"],
    ),
    ("Site fills Location", &["someone new gets an account with every default attribute"]),
    ("Department fills Team", &["someone new gets an account with every default attribute"]),
    (
        "Second Level Manager fills Additional Manager once that is activated",
        &["the_second_level_manager_becomes_an_additional_manager_where_that_is_switched_on_and_stays_when_off_again"],
    ),
    ("Termination Date fills Termination Date", &["the termination date is written before the last day has come"]),
    (
        "Legal Gender fills Gender",
        &[
            "someone new gets an account with every default attribute",
            "a gender that no row of the table knows is reported and not sent",
        ],
    ),
    ("Birthday fills Birthday", &["someone new gets an account with every default attribute"]),
    ("custom attributes are synced too", &["someone new gets an account with every default attribute"]),
    ("some people are excluded by a condition", &["a contractor is excluded by a rule"]),
    (
        "whoever is Active again is reactivated if that is switched on",
        &["a_leaver_loses_access_and_comes_back_as_the_same_user_where_the_recipe_lets_them"],
    ),
    (
        "only the status Active has an account; any other loses access",
        &[
            "someone who is hired and has not begun gets no account, since the status is not Active",
            "someone on parental leave loses access, as any status but Active does",
            "someone on garden leave loses access",
        ],
    ),
    (
        "an address that is taken by another user is not created",
        &[
            "an_address_that_another_employees_user_has_is_reported_and_nobody_is_made",
            "an_address_that_somebody_else_has_is_reported_and_nobody_is_made_or_taken_over",
        ],
    ),
    ("nobody is deleted", &["a leaver loses access and is not deleted"]),
    (
        "credentials with characters added by accident are told so",
        &[
            "secrets_with_what_comes_from_copying_are_refused_without_being_told",
            "a_wrong_token_ends_everything_and_says_where_the_right_one_is_under_either_code",
        ],
    ),
];

#[test]
fn everything_that_the_page_says_is_shown_by_an_example_or_a_test() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let examples = read("recipes/leapsome.test.yaml");
    let files = ["story/life", "story/year", "people", "identity", "errors", "secrecy", "teams"];
    let tests = files.map(|name| read(&format!("tests/it/leapsome/{name}.rs"))).concat();
    for (promise, shown_by) in PROMISES {
        assert!(!shown_by.is_empty(), "{promise}");
        for name in shown_by {
            let is_example = examples.contains(&format!("- name: {name}\n"));
            let is_test = tests.contains(&format!("fn {name}()"));
            assert!(is_example || is_test, "{promise}: nothing is called `{name}`");
        }
    }
}
