//! What can be seen of a mapping before anybody is synchronised: rows of a value table whose result the target cannot take,
//! rows that no value of the source can reach, values of the source that no row answers for, and list values of the source
//! that the target does not have.

use std::sync::Arc;

use super::{convert, takes_several};
use crate::model::{TargetField, Value, ValueType};
use crate::problem::{Place, Problem};
use crate::script::Expression;
use crate::stage::Compile;
use crate::stage::field::Field;
use crate::table::{Found, ValueTable};

/// Checks a transform whose own result is a lookup.
pub(super) fn check(
    expression: &Expression,
    written: &str,
    target: &TargetField,
    source: Option<&Field>,
    cx: &mut Compile<'_>,
) {
    let Some((name, column)) = expression.tail_lookup() else { return };
    let tables = Arc::clone(cx.tables);
    let Some(table) = tables.get(name) else { return };
    let column = column.and_then(|column| table.column(column));
    for row in table.rows() {
        let cell = row.cell(column);
        if cell.text.is_empty() {
            continue;
        }
        if let Err(mismatch) = convert::convert(&Value::Text(cell.text.into()), target) {
            let message = format!("{}, which it looks up here", mismatch.text);
            cx.problems.push(Problem::warning("lookup-result", &cell.place, message).help(mismatch.hint));
        }
    }
    if let (true, Some(field)) = (looks_up_the_value(written), source.filter(|field| has_one_of_a_list(field))) {
        check_reachable(table, field, cx);
        if !written.trim_start().starts_with("lookup_or") {
            check_answered(table, field, cx);
        }
    }
}

/// Whether a field holds one value, of a list whose items are known.
fn has_one_of_a_list(field: &Field) -> bool {
    field.choices.is_some() && field.value_type != Some(ValueType::List)
}

/// Whether the key of the lookup is the source field itself, unchanged: `lookup("sites", value)`.
fn looks_up_the_value(written: &str) -> bool {
    let after_table = written.trim_start().strip_prefix("lookup").and_then(|rest| rest.split_once(','));
    let key = after_table.and_then(|(_, rest)| rest.split([',', ')']).next());
    key.is_some_and(|key| key.trim() == "value")
}

/// A row whose key no value of the source's list can be.
fn check_reachable(table: &ValueTable, field: &Field, cx: &mut Compile<'_>) {
    for row in table.rows() {
        let (key, place) = (row.key(), row.key_place());
        if key == "*" || key.is_empty() || field.has_choice(key) != Some(false) {
            continue;
        }
        let message = format!("this row is never reached: `{}` has no value `{key}` in the source", field.written);
        let near = crate::problem::nearest(key, field.choice_words());
        let help = near.map_or_else(
            || "delete the row, or put its key right".to_owned(),
            |word| format!("did you mean `{word}`?"),
        );
        cx.problems.push(Problem::warning("dead-row", &place, message).help(help));
    }
}

/// So many values without a row are named; of the others only the number.
const MOST_NAMED: usize = 5;

/// Values of the source's list that no row answers for. Said once, however many target fields look them up.
fn check_answered(table: &ValueTable, field: &Field, cx: &mut Compile<'_>) {
    let missing: Vec<&str> = field
        .current_choice_words()
        .filter(|word| !word.trim().is_empty() && table.get(word, None) == Found::Missing)
        .collect();
    let Some(first) = missing.first() else { return };
    let named: Vec<String> = missing.iter().take(MOST_NAMED).map(|word| format!("`{word}`")).collect();
    let more = match missing.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!("no row answers for these values of `{}`: {}{more}", field.written, named.join(", "));
    let help = format!("add a row for each, such as `{}`, or one for `*`, all others", table.paste_row(first));
    cx.problems.push(Problem::warning("no-row", &table.table().header_place(), message).help(help));
}

/// A source list mapped straight to a target list: values that the target does not have are known beforehand.
pub(super) fn check_source_choices(field: &Field, target: &TargetField, place: &Place, cx: &mut Compile<'_>) {
    let (Some(choices), false) = (&field.choices, target.choices.is_empty()) else { return };
    if takes_several(target.target_type) != (field.value_type == Some(ValueType::List)) {
        return;
    }
    let missing: Vec<&str> = choices
        .iter()
        .filter(|choice| !choice.archived && !target.choices.contains(&choice.label))
        .map(|choice| &*choice.label)
        .collect();
    if missing.is_empty() {
        return;
    }
    let message =
        format!("`{}` does not take these values of `{}`: {}", target.name, field.written, missing.join(", "));
    let help = "make the spellings the same, or add a value table and `lookup` in the transform";
    cx.problems.push(Problem::warning("choice-mismatch", place, message).help(help));
}
