//! What every target must keep, whoever stands behind it.
//!
//! `target_contract!(fixture)` makes one test of each promise. `fixture` is an async function that gives an empty
//! target and whatever it lives on (a folder, a server). The promises go by the target's own catalogue: what a target
//! does not have (teams, managers, groups that can be made) is not asked of it.

pub(crate) mod found;
pub(crate) mod groups;
pub(crate) mod references;
pub(crate) mod support;
pub(crate) mod users;

macro_rules! target_contract {
    ($fixture:path) => {
        $crate::contract::target_contract! { $fixture;
            users::a_user_is_made_in_each_form_of_access,
            users::every_field_is_kept_changed_and_cleared,
            users::long_text_in_any_script_is_kept_as_it_is,
            users::a_user_without_a_required_field_is_not_made,
            users::a_login_that_is_taken_is_refused_and_the_batch_goes_on,
            users::a_login_cannot_become_that_of_another_user,
            users::an_update_can_be_repeated,
            users::what_is_wrong_is_refused_on_its_own_and_answers_keep_their_order,
            users::a_field_refuses_other_types_and_choices,
            users::access_ends_and_comes_back_and_everything_else_stays,
            users::the_layout_decides_which_cells_are_read,
            users::users_are_sorted_and_agree_with_the_catalogue_and_the_accounts,
            found::a_user_is_found_by_id_and_by_login_in_any_case,
            found::a_user_is_found_by_a_key_and_by_any_field_that_is_listed,
            found::several_are_found_at_once_and_each_of_them_once,
            found::who_is_not_there_is_not_found,
            found::who_was_invited_or_has_no_access_is_found,
            found::who_is_found_has_everything,
            groups::a_group_is_the_one_with_exactly_its_name,
            groups::a_membership_is_added_and_removed_and_both_can_be_repeated,
            groups::a_role_can_change_and_roles_that_are_unknown_are_refused,
            groups::a_team_is_set_by_its_exact_name_and_cleared,
            references::a_reference_to_one_user_is_set_changed_and_cleared,
            references::a_reference_to_several_users_keeps_their_order,
            references::nobody_is_their_own_manager_and_refused_references_change_nothing,
        }
    };
    ($fixture:path; $($module:ident :: $promise:ident,)*) => {
        $(
            #[tokio::test]
            async fn $promise() {
                let (target, _alive) = $fixture().await;
                $crate::contract::$module::$promise(&target).await;
            }
        )*
    };
}
pub(crate) use target_contract;
