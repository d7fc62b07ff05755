//! Promises about users and their fields.

use rollbook::connector::{Target, Write, Written};
use rollbook::model::{Access, Cell, FieldName, TargetType, User, UserStatus, Value};

use super::support::*;

/// A field that no target lists.
const NO_FIELD: &str = "no such field";

pub(crate) async fn a_user_is_made_in_each_form_of_access(target: &dyn Target) {
    let login = login(target).await;
    let forms = [
        (Access::Invite, UserStatus::Invited),
        (Access::ActiveWithEmail, UserStatus::Active),
        (Access::Active, UserStatus::Active),
    ];
    // Where a setting of the target decides who is invited, a recipe's word for it says nothing.
    let by_itself = target.catalogue().await.unwrap().invites_by_itself;
    for (number, (access, status)) in forms.into_iter().enumerate() {
        let creation = creation(target, number, access).await;
        let id = made(write(target, creation).await);
        let user = user(target, &id, std::slice::from_ref(&login)).await;
        assert_eq!(user.status, if by_itself { UserStatus::Active } else { status });
        assert_eq!(user.cells[0], Cell::Value(address(number)));
        assert!(user.memberships.is_empty());
    }
}

pub(crate) async fn every_field_is_kept_changed_and_cleared(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let bare = create(target, 1).await;
    let given: Vec<(FieldName, Value)> =
        plain_fields(&catalogue).iter().map(|field| (field.name.clone(), sample(&catalogue, field, 2))).collect();
    let creation = Write::CreateUser {
        employee: "2".into(),
        access: Access::Active,
        fields: given.clone(),
        memberships: Vec::new(),
    };
    let full = made(write(target, creation).await);
    for (field, (name, value)) in plain_fields(&catalogue).iter().zip(given) {
        assert_eq!(cell(target, &full, &name).await, Cell::Value(value), "{name} as made");
        let changed = sample(&catalogue, field, 5);
        done(target, update(&full, &name, Some(changed.clone()))).await;
        assert_eq!(cell(target, &full, &name).await, Cell::Value(changed), "{name} as changed");
        let stays = field.required || catalogue.never_empty.contains(&name);
        if stays || catalogue.login.as_ref() == Some(&name) {
            // Of somebody who has no other login.
            refused(target, update(&bare, &name, None)).await;
            continue;
        }
        assert_eq!(cell(target, &bare, &name).await, Cell::Empty, "{name} as never given");
        done(target, update(&full, &name, None)).await;
        assert_eq!(cell(target, &full, &name).await, Cell::Empty, "{name} as cleared");
    }
}

pub(crate) async fn long_text_in_any_script_is_kept_as_it_is(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let is_free = |field: &&_| matches!(field, rollbook::model::TargetField { target_type: TargetType::Text, .. });
    let fields = plain_fields(&catalogue);
    let is_login = |field: &rollbook::model::TargetField| catalogue.logins().any(|login| *login == field.name);
    let mut free = fields.iter().filter(is_free).filter(|field| field.choices.is_empty() && !is_login(field));
    let free = free.find(|field| !field.required);
    let name = &free.expect("some field takes any text").name;
    let id = create(target, 1).await;
    for written in ["O'Brien; DROP \"users\" -- %s {}", "Þórður 山田 👩‍👩‍👧 עברית", "é is not é", &"長い".repeat(100)]
    {
        done(target, update(&id, name, Some(text(written)))).await;
        assert_eq!(cell(target, &id, name).await, Cell::Value(text(written)));
    }
}

pub(crate) async fn a_user_without_a_required_field_is_not_made(target: &dyn Target) {
    let complete = person(target, 1).await;
    for left_out in &complete {
        let fields = complete.iter().filter(|field| *field != left_out).cloned().collect();
        refused(
            target,
            Write::CreateUser { employee: "1".into(), access: Access::Invite, fields, memberships: Vec::new() },
        )
        .await;
    }
    assert!(read(target, &[]).await.is_empty());
}

pub(crate) async fn a_login_that_is_taken_is_refused_and_the_batch_goes_on(target: &dyn Target) {
    let login = login(target).await;
    let mut loud = person(target, 1).await;
    for (_, value) in loud.iter_mut().filter(|(name, _)| *name == login) {
        *value = text("PERSON1@Example.com");
    }
    let batch = [
        creation(target, 1, Access::Active).await,
        Write::CreateUser { employee: "9".into(), access: Access::Invite, fields: loud, memberships: Vec::new() },
        creation(target, 2, Access::Active).await,
    ];
    let answers = target.write(&batch).await.unwrap();
    let [Ok(Written::User(first)), Err(refusal), Ok(Written::User(second))] = &answers[..] else {
        panic!("{answers:?}");
    };
    for words in [&refusal.message, &refusal.hint] {
        assert!(!words.to_lowercase().contains("person1"), "an error holds no address: {words}");
    }
    let mut listed: Vec<_> = read(target, &[]).await.into_iter().map(|user| user.id).collect();
    listed.sort();
    let mut expected = vec![first.user.clone(), second.user.clone()];
    expected.sort();
    assert_eq!(listed, expected);
}

pub(crate) async fn a_login_cannot_become_that_of_another_user(target: &dyn Target) {
    let login = login(target).await;
    let (_, second) = (create(target, 1).await, create(target, 2).await);
    refused(target, update(&second, &login, Some(address(1)))).await;
    assert_eq!(cell(target, &second, &login).await, Cell::Value(address(2)));
    done(target, update(&second, &login, Some(text("Person2@example.com")))).await;
    assert_eq!(cell(target, &second, &login).await, Cell::Value(text("Person2@example.com")));
}

pub(crate) async fn an_update_can_be_repeated(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let id = create(target, 1).await;
    let fields: Vec<_> =
        plain_fields(&catalogue).iter().map(|field| (field.name.clone(), Some(sample(&catalogue, field, 3)))).collect();
    let again = Write::UpdateUser { user: id.clone(), fields };
    done(target, again.clone()).await;
    let after_one = read_all(target).await;
    done(target, again).await;
    done(target, Write::UpdateUser { user: id, fields: Vec::new() }).await;
    assert_eq!(read_all(target).await, after_one);
}

pub(crate) async fn what_is_wrong_is_refused_on_its_own_and_answers_keep_their_order(target: &dyn Target) {
    let login = login(target).await;
    let known = create(target, 1).await;
    let before = read_all(target).await;
    let catalogue = target.catalogue().await.unwrap();
    let wrong = if catalogue.custom_names.allow(NO_FIELD) {
        field_of(target, TargetType::Person).await.expect("a reference, which no update takes")
    } else {
        NO_FIELD.into()
    };
    let batch = [
        Write::Deactivate { user: "nobody-here".into() },
        creation(target, 2, Access::Active).await,
        Write::UpdateUser { user: known.clone(), fields: vec![(login.clone(), Some(address(7))), (wrong, None)] },
        update(&"nobody-here".into(), &login, Some(address(8))),
        Write::Reactivate {
            user: "".into(),
            from: UserStatus::Inactive,
            access: Access::Invite,
            memberships: Vec::new(),
        },
        creation(target, 3, Access::Active).await,
        Write::UpdateUser { user: known.clone(), fields: Vec::new() },
    ];
    let answers = target.write(&batch).await.unwrap();
    assert_eq!(answers.len(), batch.len());
    let went: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(went, [false, true, false, false, false, true, true]);
    for (place, number) in [(1, 2), (5, 3)] {
        let id = made(answers[place].clone());
        assert_eq!(cell(target, &id, &login).await, Cell::Value(address(number)));
    }
    let known_now = read_all(target).await.into_iter().find(|user| user.id == known);
    assert_eq!(known_now.as_ref(), before.first(), "a write that is refused changes nothing");
    assert!(target.write(&[]).await.unwrap().is_empty());
}

pub(crate) async fn a_field_refuses_other_types_and_choices(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let id = create(target, 1).await;
    let before = read_all(target).await;
    for field in plain_fields(&catalogue) {
        let other_type = match field.target_type {
            TargetType::Text => Value::YesNo(true),
            _ => text("neither a number nor a date"),
        };
        refused(target, update(&id, &field.name, Some(other_type))).await;
        let no_choice = text("no choice of anybody's");
        let no_choice = match no_choice {
            Value::Text(item) if field.target_type == TargetType::List => Value::List([item].into()),
            text => text,
        };
        if !field.choices.is_empty() {
            refused(target, update(&id, &field.name, Some(no_choice))).await;
        }
    }
    assert_eq!(read_all(target).await, before);
}

pub(crate) async fn access_ends_and_comes_back_and_everything_else_stays(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let fields =
        plain_fields(&catalogue).iter().map(|field| (field.name.clone(), sample(&catalogue, field, 1))).collect();
    // Where an invitation is no account yet, there is no access that could end.
    let access = if catalogue.invited_are_fixed { Access::Active } else { Access::Invite };
    let creation = Write::CreateUser { employee: "1".into(), access, fields, memberships: Vec::new() };
    let id = made(write(target, creation).await);
    let boss = create(target, 2).await;
    if let Some(field) = field_of(target, TargetType::Person).await {
        done(target, Write::SetReferences { user: id.clone(), field, from: Vec::new(), to: vec![boss.clone()] }).await;
    }
    if catalogue.groups.can_create && !catalogue.groups.roles.is_empty() {
        let group = group(target, rollbook::model::GroupKind::Group, "Everyone").await;
        let membership = membership(target, &group, 0).await;
        done(target, Write::AddMembership { user: id.clone(), membership }).await;
    }
    let mut expected = read_all(target).await;
    let place = expected.iter().position(|user| user.id == id).unwrap();
    let had = expected[place].clone();

    let deactivate = Write::Deactivate { user: id.clone() };
    let reactivate = Write::Reactivate {
        user: id.clone(),
        from: UserStatus::Inactive,
        access: Access::Active,
        memberships: Vec::new(),
    };
    for (change, status) in [(deactivate, UserStatus::Inactive), (reactivate, UserStatus::Active)] {
        for time in 0..2 {
            done(target, change.clone()).await;
            let now = read_all(target).await;
            if time == 0 && catalogue.access_carries_relations {
                expected[place] = without_what_goes_with_access(&had, &now[place]);
            }
            expected[place].status = status;
            assert_eq!(now, expected);
        }
    }
    // Those who have access are not invited again.
    done(
        target,
        Write::Reactivate { user: id, from: UserStatus::Inactive, access: Access::Invite, memberships: Vec::new() },
    )
    .await;
    assert_eq!(read_all(target).await, expected);
}

/// A user as before, but for memberships and cells that are gone altogether.
fn without_what_goes_with_access(had: &User, now: &User) -> User {
    let is_gone = |(had, now): &(&Cell, &Cell)| {
        **now == Cell::Empty && matches!(had, Cell::Value(Value::Date(_) | Value::Person(_)))
    };
    let cells = had.cells.iter().zip(now.cells.iter());
    User {
        cells: cells.map(|pair| if is_gone(&pair) { pair.1 } else { pair.0 }.clone()).collect(),
        memberships: if now.memberships.is_empty() { now.memberships.clone() } else { had.memberships.clone() },
        ..had.clone()
    }
}

pub(crate) async fn the_layout_decides_which_cells_are_read(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let fields =
        plain_fields(&catalogue).iter().map(|field| (field.name.clone(), sample(&catalogue, field, 1))).collect();
    made(
        write(
            target,
            Write::CreateUser { employee: "1".into(), access: Access::Active, fields, memberships: Vec::new() },
        )
        .await,
    );
    assert!(read(target, &[]).await[0].cells.is_empty());
    let mut names: Vec<FieldName> = catalogue.fields.iter().map(|field| field.name.clone()).collect();
    let mut cells: Vec<Cell> = read(target, &names).await[0].cells.iter().cloned().collect();
    names.reverse();
    cells.reverse();
    // Where any name may be one, it is not known that there is no such field.
    if !catalogue.custom_names.allow(NO_FIELD) {
        names.push(NO_FIELD.into());
        cells.push(Cell::NotDelivered);
    }
    assert_eq!(read(target, &names).await[0].cells, cells.into_iter().collect());
}

pub(crate) async fn users_are_sorted_and_agree_with_the_catalogue_and_the_accounts(target: &dyn Target) {
    let catalogue = target.catalogue().await.unwrap();
    let login = login(target).await;
    for number in 0..20 {
        let access = [Access::Invite, Access::ActiveWithEmail, Access::Active][number % 3];
        let creation = creation(target, number, access).await;
        made(write(target, creation).await);
    }
    let users = read(target, std::slice::from_ref(&login)).await;
    assert_eq!(users.len(), 20);
    assert!(users.is_sorted_by(|a, b| a.id < b.id));
    let accounts = target.accounts().await.unwrap();
    assert_eq!(accounts.len(), 20);
    for (user, account) in users.iter().zip(accounts) {
        assert_eq!((&user.id, user.status), (&account.id, account.status));
        assert_eq!(user.cells[0], Cell::Value(Value::Text(account.login)));
    }
    assert!(catalogue.field(login.as_str()).is_some_and(|field| field.writable));
    if catalogue.complete {
        let whole = read_all(target).await;
        let tells_all = |user: &&User| user.status != UserStatus::Invited || !catalogue.invited_are_fixed;
        assert!(
            whole.iter().filter(tells_all).flat_map(|user| user.cells.iter()).all(Cell::is_delivered),
            "the target knows all its fields"
        );
    }
}
