//! One person: the value of each field as JSON text, in one piece, so that a hundred thousand of them are small and an
//! answer is copied rather than built.

use serde_json::Value as Json;

use super::lifecycle::Row;

/// A person. A field without text was never delivered; `null` is known to be empty (apis/hibob.md §2.1).
#[derive(Debug, Clone)]
pub(crate) struct Person {
    text: Box<str>,
    /// Where the value of each field ends in the text.
    ends: Box<[u32]>,
    /// The lifecycle, where it is more than the fields say.
    rows: Option<Box<[Row]>>,
}

impl Person {
    /// A person of values by field number; what is missing is not delivered.
    pub(crate) fn new<'v>(width: usize, value: impl Fn(usize) -> Option<&'v Json>) -> Self {
        Self::of_texts(width, |field, text| {
            if let Some(value) = value(field) {
                text.push_str(&value.to_string());
            }
        })
    }

    /// A person whose values are written as JSON one after the other.
    pub(crate) fn of_texts(width: usize, mut write: impl FnMut(usize, &mut String)) -> Self {
        let mut text = String::new();
        let ends = (0..width).map(|field| {
            write(field, &mut text);
            u32::try_from(text.len()).unwrap_or(u32::MAX)
        });
        let ends = ends.collect();
        Self { text: text.into(), ends, rows: None }
    }

    /// A field's value as JSON text.
    pub(crate) fn raw(&self, field: usize) -> Option<&str> {
        let end = *self.ends.get(field)? as usize;
        let start = if field == 0 { 0 } else { self.ends[field - 1] as usize };
        self.text.get(start..end).filter(|text| !text.is_empty())
    }

    /// A field's value.
    pub(crate) fn value(&self, field: usize) -> Json {
        self.raw(field).and_then(|raw| serde_json::from_str(raw).ok()).unwrap_or(Json::Null)
    }

    /// A field's value, if it is a text.
    pub(crate) fn text(&self, field: usize) -> Option<String> {
        match self.value(field) {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// Whether a field holds exactly this text.
    pub(crate) fn is(&self, field: usize, text: &str) -> bool {
        let Some(raw) = self.raw(field) else { return false };
        let quoted = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        match quoted {
            Some(plain) if !plain.contains('\\') => plain == text,
            Some(_) => self.text(field).is_some_and(|value| value == text),
            None => false,
        }
    }

    /// The same person with other values.
    pub(crate) fn with(&self, changes: &[(usize, Json)]) -> Self {
        let width = changes.iter().map(|(field, _)| field + 1).max().unwrap_or(0).max(self.ends.len());
        let changed =
            Self::of_texts(width, |field, text| match changes.iter().rev().find(|(changed, _)| *changed == field) {
                Some((_, value)) => text.push_str(&value.to_string()),
                None => text.push_str(self.raw(field).unwrap_or_default()),
            });
        Self { rows: self.rows.clone(), ..changed }
    }

    pub(crate) fn rows(&self) -> Option<&[Row]> {
        self.rows.as_deref()
    }

    pub(crate) fn set_rows(&mut self, rows: Vec<Row>) {
        self.rows = Some(rows.into());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_not_delivered_is_told_from_what_is_empty() {
        let values = [Some(json!("Zoë \"Z\"")), None, Some(json!(null)), Some(json!(["a"]))];
        let person = Person::new(values.len(), |field| values[field].as_ref());
        assert!(person.is(0, "Zoë \"Z\"") && !person.is(0, "Zoë"));
        assert_eq!([person.raw(1), person.raw(2), person.raw(9)], [None, Some("null"), None]);
        let person = person.with(&[(1, json!(7)), (5, json!(true))]);
        assert_eq!([person.raw(1), person.raw(3), person.raw(4)], [Some("7"), Some("[\"a\"]"), None]);
        assert_eq!(person.value(5), json!(true));
    }
}
