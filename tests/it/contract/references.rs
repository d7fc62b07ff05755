//! Promises about fields that refer to other users.

use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, FieldName, TargetType, UserId, Value};

use super::support::*;

/// Points a field at these, from where it points now.
async fn set(target: &dyn Target, user: &UserId, field: &FieldName, to: &[&UserId]) -> Write {
    let held = read(target, std::slice::from_ref(field)).await.into_iter().find(|held| held.id == *user);
    let from = match held.map(|held| held.cells[0].clone()) {
        Some(Cell::Value(Value::Person(one))) => vec![UserId::new(one)],
        Some(Cell::Value(Value::List(several))) => several.iter().map(|one| UserId::new(one.clone())).collect(),
        _ => Vec::new(),
    };
    Write::SetReferences { user: user.clone(), field: field.clone(), from, to: to.iter().copied().cloned().collect() }
}

fn person(id: &UserId) -> Cell {
    Cell::Value(Value::Person(id.shared().clone()))
}

/// The users a field refers to; where they are no part of a listing, each is a pair of its own, and they have no order.
async fn people(target: &dyn Target, user: &UserId, field: &FieldName, expected: &[&UserId]) {
    let mut ids: Vec<_> = expected.iter().map(|id| id.shared().clone()).collect();
    let catalogue = target.catalogue().await.unwrap();
    if catalogue.field(field.as_str()).is_some_and(|field| !field.listed) {
        ids.sort();
    }
    assert_eq!(cell(target, user, field).await, Cell::Value(Value::List(ids.into())));
}

pub(crate) async fn a_reference_to_one_user_is_set_changed_and_cleared(target: &dyn Target) {
    let Some(field) = field_of(target, TargetType::Person).await else { return };
    let (user, first, second) = (create(target, 1).await, create(target, 2).await, create(target, 3).await);
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    for manager in [&first, &first, &second] {
        done(target, set(target, &user, &field, &[manager]).await).await;
        assert_eq!(cell(target, &user, &field).await, person(manager));
    }
    for _ in 0..2 {
        done(target, set(target, &user, &field, &[]).await).await;
        assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    }
    refused(target, set(target, &user, &field, &[&first, &second]).await).await;
}

pub(crate) async fn a_reference_to_several_users_keeps_their_order(target: &dyn Target) {
    let Some(field) = field_of(target, TargetType::People).await else { return };
    let (user, first, second) = (create(target, 1).await, create(target, 2).await, create(target, 3).await);
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
    for managers in [[&second, &first], [&second, &first], [&first, &second]] {
        done(target, set(target, &user, &field, &managers).await).await;
        people(target, &user, &field, &managers).await;
    }
    done(target, set(target, &user, &field, &[&first, &first]).await).await;
    people(target, &user, &field, &[&first]).await;
    done(target, set(target, &user, &field, &[]).await).await;
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
}

pub(crate) async fn nobody_is_their_own_manager_and_refused_references_change_nothing(target: &dyn Target) {
    let login = login(target).await;
    let (user, manager) = (create(target, 1).await, create(target, 2).await);
    refused(target, set(target, &user, &login, &[&manager]).await).await;
    refused(target, set(target, &user, &"no such field".into(), &[&manager]).await).await;
    for target_type in [TargetType::Person, TargetType::People] {
        let Some(field) = field_of(target, target_type).await else { continue };
        done(target, set(target, &user, &field, &[&manager]).await).await;
        let before = cell(target, &user, &field).await;
        refused(target, set(target, &user, &field, &[&user]).await).await;
        refused(target, set(target, &user, &field, &[&"nobody-here".into()]).await).await;
        refused(target, set(target, &"nobody-here".into(), &field, &[&manager]).await).await;
        refused(target, update(&user, &field, None)).await;
        assert_eq!(cell(target, &user, &field).await, before);
    }
}
