//! What can be seen of a mapping before anybody is synchronised: rows of a value table whose result the target cannot take,
//! rows that no value of the source can reach, and list values of the source that the target does not have.

use std::sync::Arc;

use super::{convert, takes_several};
use crate::model::{TargetField, Value, ValueType};
use crate::problem::{Place, Problem};
use crate::script::Expression;
use crate::stage::Compile;
use crate::stage::field::Field;

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
    if let (true, Some(field)) = (looks_up_the_value(written), source) {
        check_reachable(table, field, cx);
    }
}

/// Whether the key of the lookup is the source field itself, unchanged: `lookup("sites", value)`.
fn looks_up_the_value(written: &str) -> bool {
    let after_table = written.trim_start().strip_prefix("lookup").and_then(|rest| rest.split_once(','));
    let key = after_table.and_then(|(_, rest)| rest.split([',', ')']).next());
    key.is_some_and(|key| key.trim() == "value")
}

/// A row whose key no value of the source's list can be.
fn check_reachable(table: &crate::table::ValueTable, field: &Field, cx: &mut Compile<'_>) {
    if field.choices.is_none() || field.value_type == Some(ValueType::List) {
        return;
    }
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
