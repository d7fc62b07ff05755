//! Looking for the users of some people: what is looked for, and how they are picked out of everybody where a target has
//! no call that finds them.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::HashSet;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{ConnectorError, Target};
use crate::model::{FieldName, Known, Unlisted, User, UserId, UserLayout, Value};

/// One person whose users are looked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wanted {
    /// The user who is linked to the person, if one is.
    pub user: Option<UserId>,
    /// What identifies the person's user, and logins that are about to be written: any one of them is enough.
    pub fields: Vec<(FieldName, Value)>,
}

/// What is looked for, of all the people together.
#[derive(Debug, Default)]
pub(in crate::connector) struct Sought<'w> {
    /// Users by their ids.
    pub(in crate::connector) users: BTreeSet<&'w UserId>,
    /// Fields, and the values of which a user must have one: as they are compared, and as they were given.
    pub(in crate::connector) fields: BTreeMap<&'w FieldName, BTreeMap<String, &'w Value>>,
}

impl<'w> Sought<'w> {
    pub(in crate::connector) fn of(wanted: &'w [Wanted]) -> Self {
        let mut sought = Self { users: wanted.iter().filter_map(|one| one.user.as_ref()).collect(), ..Self::default() };
        for (field, value) in wanted.iter().flat_map(|one| &one.fields) {
            sought.fields.entry(field).or_default().insert(folded(value), value);
        }
        sought.fields.values_mut().for_each(|values| _ = values.remove(""));
        sought.fields.retain(|_, values| !values.is_empty());
        sought
    }

    /// Whether nothing but users and these fields is looked for.
    pub(in crate::connector) fn is_by(&self, fields: &[&str]) -> bool {
        self.fields.keys().all(|field| fields.contains(&field.as_str()))
    }

    /// The texts that are looked for in a field which no two users share, but for those that somebody was found with.
    pub(in crate::connector) fn texts_beyond<'f>(
        &self,
        field: &str,
        found: impl IntoIterator<Item = &'f str>,
    ) -> Vec<String> {
        let found: HashSet<String> = found.into_iter().map(fold).collect();
        let values = self.fields.iter().filter(|(name, _)| name.as_str() == field).flat_map(|(_, values)| values);
        let beyond = values.filter(|(folded, _)| !found.contains(*folded));
        beyond.filter_map(|(_, value)| value.as_text()).map(|text| text.trim().to_owned()).collect()
    }

    pub(in crate::connector) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.fields.is_empty()
    }

    /// The layout, and behind its fields those that are compared.
    pub(in crate::connector) fn added_to(&self, layout: &UserLayout) -> UserLayout {
        let mut added = layout.clone();
        for field in self.fields.keys() {
            added.place(field);
        }
        added
    }

    /// Whether a user of this layout may be somebody's who is looked for.
    pub(in crate::connector) fn may_be(&self, user: &User, layout: &UserLayout) -> bool {
        let holds = |(field, values): (&&FieldName, &BTreeMap<String, &Value>)| {
            let value = layout.find(field).and_then(|place| user.cell(place).value());
            value.is_some_and(|value| values.contains_key(&folded(value)))
        };
        self.users.contains(&user.id) || self.fields.iter().any(holds)
    }
}

/// The loosest form in which anybody compares identifying values: without case and outer spaces.
fn folded(value: &Value) -> String {
    value.as_text().map_or_else(|| fold(&value.to_string()), fold)
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A text as it is looked for where a service may mind case: as it is written, and in lower case where that differs.
pub(in crate::connector) fn spellings(text: &str) -> impl Iterator<Item = String> {
    let lower = text.to_lowercase();
    let other = (lower != text).then_some(lower);
    [text.to_owned()].into_iter().chain(other)
}

/// Asks the same about several, so many at the same time, in any order.
pub(in crate::connector) async fn each<T, R, E, Asked>(
    at_once: usize,
    wanted: Vec<T>,
    ask: impl Fn(T) -> Asked,
) -> Result<Vec<R>, E>
where
    Asked: Future<Output = Result<R, E>>,
{
    stream::iter(wanted.into_iter().map(ask)).buffer_unordered(at_once).try_collect().await
}

/// Everybody is listed once, and those who may be meant are asked about for what listings leave out.
pub(in crate::connector) async fn among_everybody<T: Target + ?Sized>(
    target: &T,
    wanted: &[Wanted],
    layout: &UserLayout,
) -> Result<Vec<User>, ConnectorError> {
    let sought = Sought::of(wanted);
    if sought.is_empty() {
        return Ok(Vec::new());
    }
    let compared = sought.added_to(layout);
    let users = target.users(&compared).await?.into_iter();
    let found = users.filter(|user| sought.may_be(user, &compared)).map(|user| narrowed(user, layout));
    completed(target, found.collect(), layout).await
}

/// The users with what listings leave out, in the order in which they come. Who is gone by then stays as listed.
pub(in crate::connector) async fn completed<T: Target + ?Sized>(
    target: &T,
    mut listed: Vec<User>,
    layout: &UserLayout,
) -> Result<Vec<User>, ConnectorError> {
    let Some(unlisted) = Unlisted::of(&target.catalogue().await?, layout).filter(|_| !listed.is_empty()) else {
        return Ok(listed);
    };
    let ids: Vec<UserId> = listed.iter().map(|user| user.id.clone()).collect();
    for whole in target.details(&ids, layout).await? {
        if let Some(user) = listed.iter_mut().find(|user| user.id == whole.id) {
            *user = Known::read(&whole, &unlisted).completed(user, &unlisted);
        }
    }
    Ok(listed)
}

/// The user with the cells of the layout alone, which come first.
fn narrowed(user: User, layout: &UserLayout) -> User {
    match layout.fields.len() {
        width if width < user.cells.len() => User { cells: user.cells.iter().take(width).cloned().collect(), ..user },
        _ => user,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cell, Number, UserStatus};

    fn user(id: &str, cells: [Cell; 2]) -> User {
        User { id: id.into(), status: UserStatus::Inactive, cells: cells.into_iter().collect(), memberships: [].into() }
    }

    #[test]
    fn any_one_of_the_values_is_enough_whatever_its_case_and_type() {
        let text = |text: &str| Value::Text(text.into());
        let wanted = [
            Wanted { user: Some("u9".into()), fields: Vec::new() },
            Wanted { user: None, fields: vec![("mail".into(), text("ÄNN@b.example")), ("number".into(), text("7"))] },
        ];
        let sought = Sought::of(&wanted);
        let layout = sought.added_to(&UserLayout::with_groups(vec!["mail".into()]));
        assert_eq!(layout.fields, ["mail".into(), "number".into()]);
        let number = |number| Cell::Value(Value::Number(Number::Whole(number)));
        let fits = |id: &str, cells| sought.may_be(&user(id, cells), &layout);
        assert!(fits("u1", [Cell::Value(text(" änn@B.example ")), Cell::Empty]));
        assert!(fits("u1", [Cell::Empty, number(7)]) && fits("u9", [Cell::Empty, Cell::NotDelivered]));
        assert!(!fits("u1", [Cell::Value(text("7")), number(8)]) && !fits("u8", [Cell::NotDelivered, Cell::Empty]));
    }
}
