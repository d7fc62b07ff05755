//! Values that somebody gives for a field, as HiBob would keep them (apis/hibob.md §2.4, "Value formats").

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::Tenant;
use super::catalogue::{Field, as_text, field};
use crate::sandbox::refusal::Refusal;

/// What HiBob works out itself.
const CALCULATED: [&str; 3] = [field::REPORTS_TO, field::SECOND_LEVEL, field::IS_MANAGER];

impl Tenant {
    /// The number of a field that may be given, and the value as it is kept.
    pub(super) fn value(&self, id: &str, given: &Json) -> Result<(usize, Json), Refusal> {
        let number = self.catalogue.number(id).ok_or_else(|| self.unknown_field(id))?;
        if CALCULATED.contains(&id) {
            return Err(Refusal::new(format!("`{id}` is calculated"), "change `work.manager`; the rest follows"));
        }
        if id == field::ID {
            return Err(Refusal::new("`root.id` never changes", "leave it out; whoever is hired gets one"));
        }
        let field = self.catalogue.field(number);
        if given.is_null() {
            return Ok((number, if field.kind == "multi-list" { json!([]) } else { Json::Null }));
        }
        self.kept(field, given).map(|value| (number, value))
    }

    fn kept(&self, field: &Field, given: &Json) -> Result<Json, Refusal> {
        let wrong = |wanted: &str| {
            Refusal::new(format!("`{}` is not {wanted}", field.id), format!("give {wanted}, or null to empty it"))
        };
        match field.kind.as_str() {
            "boolean" if given.is_boolean() => Ok(given.clone()),
            "boolean" => Err(wrong("true or false")),
            "number" if given.is_number() => Ok(given.clone()),
            "number" => Err(wrong("a number")),
            "date" => match given.as_str().map(str::parse::<Date>) {
                Some(Ok(date)) => Ok(json!(date.to_string())),
                _ => Err(wrong("a date such as \"2026-11-02\"")),
            },
            "list" | "hierarchy-list" => self.item(field, given).map(Json::String),
            "list_id" => {
                let item = self.item(field, given)?;
                Ok(item.parse::<i64>().map_or(Json::String(item), Json::from))
            }
            "multi-list" => {
                let items = given.as_array().ok_or_else(|| wrong("a list of items"))?;
                items.iter().map(|item| self.item(field, item).map(Json::String)).collect()
            }
            "employee-reference" => {
                let wanted = given.as_str().ok_or_else(|| wrong("somebody's id or address"))?;
                Ok(json!(self.person_id(self.place(wanted)?)))
            }
            "text" | "text-area" if !given.is_string() => Err(wrong("a text")),
            _ => Ok(given.clone()),
        }
    }

    fn item(&self, field: &Field, given: &Json) -> Result<String, Refusal> {
        let (list, wanted) = (field.list.as_deref().unwrap_or_default(), as_text(given));
        self.catalogue.item(list, &wanted).map(str::to_owned).ok_or_else(|| {
            let choices = self.catalogue.choices(list);
            let shown = choices.iter().take(20).copied().collect::<Vec<_>>().join(", ");
            Refusal::new(format!("`{}` has no such item", field.id), format!("the list `{list}` has: {shown}"))
        })
    }

    fn unknown_field(&self, id: &str) -> Refusal {
        let near = self.catalogue.fields().iter().map(|field| (strsim::jaro_winkler(&field.id, id), &field.id));
        let help = match near.max_by(|a, b| a.0.total_cmp(&b.0)) {
            Some((likeness, near)) if likeness > 0.85 => format!("did you mean `{near}`?"),
            _ => "`GET /v1/company/people/fields` lists the fields there are".to_owned(),
        };
        Refusal::new(format!("there is no field `{id}`"), help)
    }
}
