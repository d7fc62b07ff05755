//! What Learn Amp's own pages about HiBob say, and which example or test shows that this program does it.
//!
//! Real time is said of it too, and needs `rollbook serve`. What is for people to do on screens of HiBob or Learn Amp is in
//! `docs/hibob-setup.md`.

use crate::author::repository;

/// What is said, and the examples of the recipe and the tests that show it.
const PROMISES: [(&str, &[&str]); 22] = [
    (
        "all users of HiBob are synced",
        &["the_first_sync_makes_everybody_with_flat_teams_managers_and_an_invitation_each"],
    ),
    (
        "new users in HiBob are added",
        &[
            "a new HiBob user is added to Learn Amp with every field of the default mapping",
            "somebody_new_is_made_and_invited_on_the_hire_date_and_not_before",
        ],
    ),
    (
        "changes of details are reflected",
        &[
            "a changed title, department and site reach the user",
            "a_change_of_fields_department_and_manager_is_one_call",
        ],
    ),
    (
        "one can choose when new users are invited",
        &[
            "someone who was hired is made and invited on the hire date, not before",
            "on the hire date the user is made, even while HiBob still says Hired",
            "new_users_are_invited_at_once_or_never_where_the_recipe_says_so",
        ],
    ),
    (
        "id → id: HiBob's is kept as the integration external id",
        &[
            "a changed address finds the same user by the external id",
            "a_user_who_was_there_is_found_by_the_address_once_and_gets_the_employee_id",
        ],
    ),
    (
        "Display Name → full_name: no field of the API; it helps where there is no first name",
        &["a record with a display name alone gets its first word as the first name"],
    ),
    ("First Name → first_name", &["a new HiBob user is added to Learn Amp with every field of the default mapping"]),
    ("Surname → last_name", &["a new HiBob user is added to Learn Amp with every field of the default mapping"]),
    (
        "Email → email",
        &[
            "a user who was there before is found by the address once, and gets the employee id",
            "a_new_address_is_a_change_of_the_same_user_who_is_not_invited_again",
        ],
    ),
    ("Title → job_title", &["what is emptied in HiBob is cleared in Learn Amp"]),
    ("Site → location", &["a changed title, department and site reach the user"]),
    ("Department → Primary_team", &["a changed title, department and site reach the user"]),
    ("Start Date → hire_date", &["a new HiBob user is added to Learn Amp with every field of the default mapping"]),
    (
        "Termination date → leave_date: no field of the API; access ends by it",
        &[
            "someone on garden leave keeps access until the last day",
            "after the last day access ends",
            "garden_leave_keeps_access_until_the_last_day_and_then_it_ends_last_in_the_run",
        ],
    ),
    (
        "Manager → Override_manager, of each user",
        &[
            "the_first_sync_makes_everybody_with_flat_teams_managers_and_an_invitation_each",
            "the_reports_of_a_manager_who_leaves_are_pointed_at_whoever_hibob_names",
        ],
    ),
    (
        "other data can be synced in place of or beside the defaults",
        &[
            "custom_fields_that_no_answer_shows_are_written_once",
            "the_program_checks_the_recipe_tests_its_examples_and_asks_learn_amp",
        ],
    ),
    (
        "team managers are not synced, and what is configured in Learn Amp works beside override managers",
        &["parents_and_team_managers_that_were_set_by_hand_survive_every_sync"],
    ),
    (
        "there is a flat team for each department",
        &["the_first_sync_makes_everybody_with_flat_teams_managers_and_an_invitation_each"],
    ),
    (
        "parent and child links that were made in Learn Amp are kept",
        &[
            "parents_and_team_managers_that_were_set_by_hand_survive_every_sync",
            "a_team_that_is_called_otherwise_stays_the_same_team_with_parent_and_manager",
        ],
    ),
    (
        "\"Import all from HiBob\" brings everything up to date",
        &[
            "a_second_sync_of_an_unchanged_company_only_reads_pages",
            "a_person_whom_learn_amp_refuses_is_reported_and_the_others_go_on",
        ],
    ),
    (
        "users are created and updated in HiBob, not in Learn Amp",
        &[
            "a_user_who_was_there_is_found_by_the_address_once_and_gets_the_employee_id",
            "the_owner_and_users_who_are_nobody_in_hibob_are_left_alone",
        ],
    ),
    (
        "every lifecycle status must be selected, so that nothing is left out of sync, and the logic is on Learn Amp's side",
        &[
            "someone on parental leave keeps access",
            "a leaver who never had a user gets none",
            "someone who comes back gets their user back",
            "whoever_comes_back_gets_team_and_manager_and_manages_again",
        ],
    ),
];

#[test]
fn everything_that_the_pages_say_is_shown_by_an_example_or_a_test() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let (examples, tests) = (read("recipes/learnamp.test.yaml"), read("tests/it/learnamp/story/life.rs"));
    for (promise, shown_by) in PROMISES {
        assert!(!shown_by.is_empty(), "nothing shows that {promise}");
        for name in shown_by {
            let found = examples.contains(&format!("- name: {name}\n")) || tests.contains(&format!("fn {name}()"));
            assert!(found, "`{name}`, which is to show that {promise}, is neither an example nor a test");
        }
    }
}
