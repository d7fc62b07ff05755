//! Short words for the promises: make a person, write, read somebody back.

use rollbook::connector::{Target, Write, WriteError, Written};
use rollbook::model::{Access, Cell, EmployeeId, FieldName, Group, GroupId, GroupKind, Membership, Number};
use rollbook::model::{Known, TargetCatalogue, TargetField, TargetType, Unlisted, User, UserId, UserLayout, Value};

/// A text value.
pub(crate) fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// The field people log in with.
pub(crate) async fn login(target: &dyn Target) -> FieldName {
    target.catalogue().await.unwrap().login.expect("people log in with some field")
}

/// The address of the person with this number.
pub(crate) fn address(number: usize) -> Value {
    text(&format!("person{number}@example.com"))
}

/// A value that the field takes; two different numbers give two values, where the type has so many.
pub(crate) fn sample(catalogue: &TargetCatalogue, field: &TargetField, number: usize) -> Value {
    let choice = |number: usize| field.choices.get(number % field.choices.len().max(1)).cloned();
    match field.target_type {
        TargetType::Text if catalogue.logins().any(|login| *login == field.name) => address(number),
        TargetType::Text => choice(number).map_or_else(|| text(&format!("Zoë Ōta {number}")), Value::Text),
        TargetType::Number => Value::Number(Number::parse(&format!("{number}.5")).unwrap()),
        TargetType::YesNo => Value::YesNo(number.is_multiple_of(2)),
        TargetType::Date => {
            Value::Date(jiff::civil::date(2096, 2, 29).saturating_add(jiff::Span::new().days(number as i64)))
        }
        TargetType::List => {
            let item = |number| choice(number).unwrap_or_else(|| format!("“{number}”, и").into());
            Value::List([item(number), item(number + 1)].into())
        }
        other => panic!("`{}` refers to something else ({other})", field.name),
    }
}

/// The fields that a sample can be written to at once.
pub(crate) fn plain_fields(catalogue: &TargetCatalogue) -> Vec<TargetField> {
    let is_plain =
        |kind: TargetType| !kind.refers_to_users() && !matches!(kind, TargetType::Team | TargetType::TeamKey);
    catalogue.fields.iter().filter(|field| field.writable && is_plain(field.target_type)).cloned().collect()
}

/// Everything a new user must have, for the person with this number.
pub(crate) async fn person(target: &dyn Target, number: usize) -> Vec<(FieldName, Value)> {
    let catalogue = target.catalogue().await.unwrap();
    let is_needed = |field: &&TargetField| field.required || catalogue.login.as_ref() == Some(&field.name);
    let needed = plain_fields(&catalogue);
    needed.iter().filter(is_needed).map(|field| (field.name.clone(), sample(&catalogue, field, number))).collect()
}

/// The write that makes the person with this number.
pub(crate) async fn creation(target: &dyn Target, number: usize, access: Access) -> Write {
    let employee = EmployeeId::new(number.to_string());
    Write::CreateUser { employee, access, fields: person(target, number).await, memberships: Vec::new() }
}

/// Makes the person with this number, with access at once.
pub(crate) async fn create(target: &dyn Target, number: usize) -> UserId {
    let creation = creation(target, number, Access::Active).await;
    made(write(target, creation).await)
}

/// The user that a write made.
pub(crate) fn made(answer: Result<Written, WriteError>) -> UserId {
    match answer {
        Ok(Written::User(given)) => given.user,
        other => panic!("no user was made: {other:?}"),
    }
}

/// Carries out one write.
pub(crate) async fn write(target: &dyn Target, write: Write) -> Result<Written, WriteError> {
    let mut answers = target.write(&[write]).await.unwrap();
    assert_eq!(answers.len(), 1);
    answers.remove(0)
}

/// Carries out one write that changes what is there.
pub(crate) async fn done(target: &dyn Target, one: Write) {
    match write(target, one.clone()).await {
        Ok(Written::Done) => {}
        Ok(Written::User(given)) if given.trouble.is_none() && matches!(one, Write::Reactivate { .. }) => {}
        other => panic!("{one:?} gave {other:?}"),
    }
}

/// Carries out one write that must be refused, with something to do about it.
pub(crate) async fn refused(target: &dyn Target, one: Write) -> WriteError {
    let refusal = write(target, one.clone()).await.expect_err(&format!("{one:?}"));
    assert!(!refusal.message.is_empty() && !refusal.hint.is_empty());
    refusal
}

/// Changes one field.
pub(crate) fn update(user: &UserId, field: &FieldName, value: Option<Value>) -> Write {
    Write::UpdateUser { user: user.clone(), fields: vec![(field.clone(), value)] }
}

/// Every user, with these fields: as listed, and completed by what listings leave out.
pub(crate) async fn read(target: &dyn Target, fields: &[FieldName]) -> Vec<User> {
    let layout = UserLayout::with_groups(fields.to_vec());
    let mut users = target.users(&layout).await.unwrap();
    let Some(unlisted) = Unlisted::of(&target.catalogue().await.unwrap(), &layout) else { return users };
    let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
    for whole in target.details(&ids, &layout).await.unwrap() {
        let user = users.iter_mut().find(|user| user.id == whole.id).expect("only who was asked for is answered");
        *user = Known::read(&whole, &unlisted).completed(user, &unlisted);
    }
    users
}

/// Every field that belongs to users.
pub(crate) async fn every_field(target: &dyn Target) -> Vec<FieldName> {
    let fields = target.catalogue().await.unwrap().fields.into_iter();
    fields.filter(|field| field.target_type != TargetType::TeamKey).map(|field| field.name).collect()
}

/// Every user, with every field.
pub(crate) async fn read_all(target: &dyn Target) -> Vec<User> {
    read(target, &every_field(target).await).await
}

/// One user, with these fields.
pub(crate) async fn user(target: &dyn Target, id: &UserId, fields: &[FieldName]) -> User {
    read(target, fields).await.into_iter().find(|user| user.id == *id).expect("a user that was made is listed")
}

/// One field of one user.
pub(crate) async fn cell(target: &dyn Target, id: &UserId, field: &FieldName) -> Cell {
    user(target, id, std::slice::from_ref(field)).await.cells[0].clone()
}

/// Makes a group or team.
pub(crate) async fn group(target: &dyn Target, kind: GroupKind, name: &str) -> GroupId {
    match write(target, Write::CreateGroup { kind, name: name.into(), key: None }).await {
        Ok(Written::Group(id)) => id,
        other => panic!("no group was made: {other:?}"),
    }
}

/// The groups with one of these names, or the teams, the most recently listed last.
pub(crate) async fn groups_named(target: &dyn Target, kind: GroupKind, names: &[&str]) -> Vec<Group> {
    let fits = |group: &Group| group.kind == kind && names.contains(&&*group.name);
    target.groups().await.unwrap().into_iter().filter(fits).collect()
}

/// A place in a group in one of the target's roles.
pub(crate) async fn membership(target: &dyn Target, group: &GroupId, role: usize) -> Membership {
    Membership { group: group.clone(), role: target.catalogue().await.unwrap().groups.roles[role].clone() }
}

/// The first field of a type that the target takes.
pub(crate) async fn field_of(target: &dyn Target, target_type: TargetType) -> Option<FieldName> {
    let fields = target.catalogue().await.unwrap().fields;
    fields.into_iter().find(|field| field.writable && field.target_type == target_type).map(|field| field.name)
}
