//! Promises about the users of some people: found by any one of what is wanted, and with everything.

use std::collections::BTreeSet;

use rollbook::connector::{Target, Wanted, Write};
use rollbook::model::{Access, EmployeeId, FieldName, GroupKind, TargetType, User, UserId, UserLayout, Value};

use super::support::*;

/// Who is found, with every field.
async fn found(target: &dyn Target, wanted: &[Wanted]) -> Vec<User> {
    target.find(wanted, &UserLayout::with_groups(every_field(target).await)).await.unwrap()
}

/// These users, with every field.
async fn whole(target: &dyn Target, ids: &[&UserId]) -> Vec<User> {
    let mut users = read_all(target).await;
    users.retain(|user| ids.contains(&&user.id));
    assert_eq!(users.len(), ids.len());
    users
}

fn by_id(user: &UserId) -> Wanted {
    Wanted { user: Some(user.clone()), fields: Vec::new() }
}

fn by(field: &FieldName, value: Value) -> Wanted {
    Wanted { user: None, fields: vec![(field.clone(), value)] }
}

/// The write that makes the person with this number, with a value in every field.
async fn full(target: &dyn Target, number: usize) -> Write {
    let catalogue = target.catalogue().await.unwrap();
    let given = plain_fields(&catalogue);
    let fields = given.iter().map(|field| (field.name.clone(), sample(&catalogue, field, number))).collect();
    let employee = EmployeeId::new(number.to_string());
    Write::CreateUser { employee, access: Access::Active, fields, memberships: Vec::new() }
}

/// The field in which the target keeps the key of somebody else, if it has one that is written like any other.
async fn key_field(target: &dyn Target) -> Option<FieldName> {
    let catalogue = target.catalogue().await.unwrap();
    let key = catalogue.key_field.clone()?;
    plain_fields(&catalogue).iter().any(|field| field.name == key).then_some(key)
}

pub(crate) async fn a_user_is_found_by_id_and_by_login_in_any_case(target: &dyn Target) {
    let login = login(target).await;
    let (first, second) = (create(target, 1).await, create(target, 2).await);
    let expected = whole(target, &[&second]).await;
    assert_eq!(found(target, &[by_id(&second)]).await, expected);
    for written in ["person2@example.com", "PERSON2@Example.com", " person2@example.com "] {
        assert_eq!(found(target, &[by(&login, text(written))]).await, expected, "{written:?}");
    }
    done(target, update(&first, &login, Some(text("Person1@Example.com")))).await;
    assert_eq!(found(target, &[by(&login, address(1))]).await, whole(target, &[&first]).await);
}

pub(crate) async fn a_user_is_found_by_a_key_and_by_any_field_that_is_listed(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    create(target, 1).await;
    let holder = made(write(target, full(target, 2).await).await);
    let is_free = |field: &&rollbook::model::TargetField| {
        field.target_type == TargetType::Text && field.choices.is_empty() && field.listed && !field.required
    };
    let mut fields: BTreeSet<FieldName> =
        plain_fields(&catalogue).iter().filter(is_free).map(|field| field.name.clone()).collect();
    fields.extend(key_field(target).await);
    for name in fields {
        let value = sample(&catalogue, catalogue.field(name.as_str()).unwrap(), 77);
        assert!(found(target, &[by(&name, value.clone())]).await.is_empty(), "nobody has this `{name}`");
        done(target, update(&holder, &name, Some(value.clone()))).await;
        assert_eq!(found(target, &[by(&name, value)]).await, whole(target, &[&holder]).await, "by `{name}`");
    }
}

pub(crate) async fn several_are_found_at_once_and_each_of_them_once(target: &dyn Target) {
    let login = login(target).await;
    let mut made = Vec::new();
    for number in 0..6 {
        made.push(create(target, number).await);
    }
    let both = Wanted { user: Some(made[4].clone()), fields: vec![(login.clone(), address(4))] };
    let two_users = Wanted { user: Some(made[1].clone()), fields: vec![(login.clone(), address(5))] };
    let wanted = [both, two_users, by(&login, address(1)), by(&login, address(99))];
    let users = found(target, &wanted).await;
    assert_eq!(users, whole(target, &[&made[1], &made[4], &made[5]]).await);
    assert!(users.is_sorted_by(|a, b| a.id < b.id));
}

pub(crate) async fn who_is_not_there_is_not_found(target: &dyn Target) {
    let login = login(target).await;
    create(target, 1).await;
    assert!(found(target, &[]).await.is_empty());
    assert!(found(target, &[Wanted::default()]).await.is_empty());
    assert!(found(target, &[by(&login, address(11)), by(&login, text("person"))]).await.is_empty());
    for odd in
        ["nobody-here", "", ".", "..", "a/b", "1?x=y", "%2e", "0", "99999999999999999999", "000000000000000000000000"]
    {
        assert!(found(target, &[by_id(&odd.into())]).await.is_empty(), "{odd:?}");
        assert!(found(target, &[by(&login, text(odd))]).await.is_empty(), "{odd:?}");
    }
    let injected = text("x@example.com\" or \"1\" eq \"1&mail=person1@example.com");
    assert!(found(target, &[by(&login, injected)]).await.is_empty());
}

pub(crate) async fn who_was_invited_or_has_no_access_is_found(target: &dyn Target) {
    let login = login(target).await;
    let invitation = creation(target, 1, Access::Invite).await;
    let (invited, left) = (made(write(target, invitation).await), create(target, 2).await);
    done(target, Write::Deactivate { user: left.clone() }).await;
    let expected = whole(target, &[&invited, &left]).await;
    assert_eq!(found(target, &[by_id(&invited), by_id(&left)]).await, expected);
    assert_eq!(found(target, &[by(&login, address(1)), by(&login, address(2))]).await, expected);
}

pub(crate) async fn who_is_found_has_everything(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let fields =
        plain_fields(&catalogue).iter().map(|field| (field.name.clone(), sample(&catalogue, field, 3))).collect();
    let creation = Write::CreateUser { employee: "3".into(), access: Access::Active, fields, memberships: Vec::new() };
    let id = made(write(target, creation).await);
    let others = [create(target, 1).await, create(target, 2).await];
    for kind in [TargetType::Person, TargetType::People] {
        if let Some(field) = field_of(target, kind).await {
            let to = if kind == TargetType::Person { &others[..1] } else { &others[..] }.to_vec();
            done(target, Write::SetReferences { user: id.clone(), field, from: Vec::new(), to }).await;
        }
    }
    if catalogue.groups.can_create && !catalogue.groups.roles.is_empty() {
        for name in ["Everyone", "Sales"] {
            let group = group(target, GroupKind::Group, name).await;
            let membership = membership(target, &group, 0).await;
            done(target, Write::AddMembership { user: id.clone(), membership }).await;
        }
    }
    assert_eq!(found(target, &[by_id(&id)]).await, whole(target, &[&id]).await);
    let login = login(target).await;
    let without_fields = target.find(&[by_id(&id), by(&login, address(1))], &UserLayout::with_groups(Vec::new())).await;
    let without_fields = without_fields.unwrap();
    assert_eq!(without_fields.len(), 2);
    assert!(without_fields.iter().all(|user| user.cells.is_empty()), "what is compared is not what is read");
}
