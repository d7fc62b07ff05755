//! Readable values: labels, and dates as the service user's locale has them (apis/hibob.md §0.4, §2.1).

use std::sync::Arc;

use serde_json::Value as Json;

use crate::sandbox::hibob::switches::DateFormat;
use crate::sandbox::hibob::tenant::catalogue::{Catalogue, as_text};

/// Writes values for reading.
#[derive(Debug)]
pub(super) struct Readable {
    catalogue: Arc<Catalogue>,
    dates: DateFormat,
}

impl Readable {
    pub(super) fn new(catalogue: Arc<Catalogue>, dates: DateFormat) -> Self {
        Self { catalogue, dates }
    }

    /// Writes a value as JSON: a text, whatever it was before, but for objects.
    pub(super) fn write(&self, field: usize, raw: &str, out: &mut String) {
        let field = self.catalogue.field(field);
        let value: Json = serde_json::from_str(raw).unwrap_or(Json::Null);
        let label = |item: &Json| {
            let id = as_text(item);
            field.list.as_deref().and_then(|list| self.catalogue.label(list, &id)).map_or(id, str::to_owned)
        };
        let text = match (&value, field.kind.as_str()) {
            (Json::Object(_), _) => return out.push_str(raw),
            (Json::Array(items), _) => items.iter().map(label).collect::<Vec<_>>().join(", "),
            (Json::String(text), "date") => self.date(text),
            (value, "list" | "hierarchy-list" | "list_id") => label(value),
            (value, _) => as_text(value),
        };
        out.push_str(&Json::from(text).to_string());
    }

    fn date(&self, text: &str) -> String {
        let parts: Vec<&str> = text.splitn(3, '-').collect();
        match (self.dates, &parts[..]) {
            (DateFormat::DayFirst, [year, month, day]) => format!("{day}/{month}/{year}"),
            (DateFormat::MonthFirst, [year, month, day]) => format!("{month}/{day}/{year}"),
            _ => text.to_owned(),
        }
    }
}
