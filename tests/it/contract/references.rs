//! Promises about fields that refer to other users.

use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, FieldName, TargetType, UserId, Value};

use super::support::*;

fn set(user: &UserId, field: &FieldName, to: &[&UserId]) -> Write {
    Write::SetReferences {
        user: user.clone(),
        field: field.clone(),
        from: Vec::new(),
        to: to.iter().copied().cloned().collect(),
    }
}

fn person(id: &UserId) -> Cell {
    Cell::Value(Value::Person(id.shared().clone()))
}

fn people(ids: &[&UserId]) -> Cell {
    Cell::Value(Value::List(ids.iter().map(|id| id.shared().clone()).collect()))
}

pub(crate) async fn a_reference_to_one_user_is_set_changed_and_cleared(target: &dyn Target) {
    let Some(field) = field_of(target, TargetType::Person).await else { return };
    let (user, first, second) = (create(target, 1).await, create(target, 2).await, create(target, 3).await);
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    for manager in [&first, &first, &second] {
        done(target, set(&user, &field, &[manager])).await;
        assert_eq!(cell(target, &user, &field).await, person(manager));
    }
    for _ in 0..2 {
        done(target, set(&user, &field, &[])).await;
        assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    }
    refused(target, set(&user, &field, &[&first, &second])).await;
}

pub(crate) async fn a_reference_to_several_users_keeps_their_order(target: &dyn Target) {
    let Some(field) = field_of(target, TargetType::People).await else { return };
    let (user, first, second) = (create(target, 1).await, create(target, 2).await, create(target, 3).await);
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    for managers in [[&second, &first], [&second, &first], [&first, &second]] {
        done(target, set(&user, &field, &managers)).await;
        assert_eq!(cell(target, &user, &field).await, people(&managers));
    }
    done(target, set(&user, &field, &[&first, &first])).await;
    assert_eq!(cell(target, &user, &field).await, people(&[&first]));
    done(target, set(&user, &field, &[])).await;
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
}

pub(crate) async fn nobody_is_their_own_manager_and_refused_references_change_nothing(target: &dyn Target) {
    let login = login(target).await;
    let (user, manager) = (create(target, 1).await, create(target, 2).await);
    refused(target, set(&user, &login, &[&manager])).await;
    refused(target, set(&user, &"no such field".into(), &[&manager])).await;
    for target_type in [TargetType::Person, TargetType::People] {
        let Some(field) = field_of(target, target_type).await else { continue };
        done(target, set(&user, &field, &[&manager])).await;
        let before = cell(target, &user, &field).await;
        refused(target, set(&user, &field, &[&user])).await;
        refused(target, set(&user, &field, &[&"nobody-here".into()])).await;
        refused(target, set(&"nobody-here".into(), &field, &[&manager])).await;
        refused(target, update(&user, &field, None)).await;
        assert_eq!(cell(target, &user, &field).await, before);
    }
}
