//! The fields of the simulated company, and its lists (apis/hibob.md §3.1, §3.2).

use std::collections::{BTreeSet, HashMap};

use serde_json::{Map, Value as Json, json};

use crate::sandbox::SandboxError;

const FIELDS: &[u8] = include_bytes!("../../../../recipes/demo/fields.json");
const LISTS: &[u8] = include_bytes!("../../../../recipes/demo/named-lists.json");

/// Ids of the fields that the sandbox itself understands.
pub(crate) mod field {
    pub(crate) const ID: &str = "root.id";
    pub(crate) const EMAIL: &str = "root.email";
    pub(crate) const FIRST_NAME: &str = "root.firstName";
    pub(crate) const SURNAME: &str = "root.surname";
    pub(crate) const DISPLAY_NAME: &str = "root.displayName";
    pub(crate) const DEPARTMENT: &str = "work.department";
    pub(crate) const SITE: &str = "work.site";
    pub(crate) const SITE_ID: &str = "work.siteId";
    pub(crate) const START_DATE: &str = "work.startDate";
    pub(crate) const MANAGER: &str = "work.manager";
    pub(crate) const REPORTS_TO: &str = "work.reportsTo";
    pub(crate) const SECOND_LEVEL: &str = "work.secondLevelManager";
    pub(crate) const IS_MANAGER: &str = "work.isManager";
    pub(crate) const STATUS: &str = "internal.status";
    pub(crate) const LIFECYCLE: &str = "internal.lifecycleStatus";
    pub(crate) const TERMINATION: &str = "internal.terminationDate";
    pub(crate) const LAST_DAY: &str = "employee.lastDayOfWork";
}

/// What a file holds, and its name for messages.
pub(crate) type NamedFile = (Result<Vec<u8>, SandboxError>, String);

/// One field.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) id: String,
    /// Where it stands in an employee.
    pub(crate) json_path: String,
    pub(crate) category: String,
    pub(crate) kind: String,
    pub(crate) list: Option<String>,
    metadata: Json,
}

/// Every field by number, and every list.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    fields: Vec<Field>,
    numbers: HashMap<String, usize>,
    lists: Map<String, Json>,
    labels: HashMap<String, HashMap<String, String>>,
}

impl Catalogue {
    /// The bundled company's.
    pub(crate) fn bundled() -> Result<Self, SandboxError> {
        Self::parse(FIELDS, "the bundled fields", LISTS, "the bundled lists")
    }

    /// Reads the files that are given, with the bundled ones for the others.
    pub(crate) fn of_files(fields: Option<NamedFile>, lists: Option<NamedFile>) -> Result<Self, SandboxError> {
        let open = |file: Option<NamedFile>, bundled: &[u8], name: &str| match file {
            Some((content, name)) => content.map(|content| (content, name)),
            None => Ok((bundled.to_vec(), name.to_owned())),
        };
        let (fields, fields_name) = open(fields, FIELDS, "the bundled fields")?;
        let (lists, lists_name) = open(lists, LISTS, "the bundled lists")?;
        Self::parse(&fields, &fields_name, &lists, &lists_name)
    }

    /// Reads field metadata and named lists in HiBob's own form.
    pub(crate) fn parse(
        fields: &[u8],
        fields_name: &str,
        lists: &[u8],
        lists_name: &str,
    ) -> Result<Self, SandboxError> {
        let fields: Vec<Json> =
            read(fields, fields_name, "a JSON array as `GET /v1/company/people/fields` answers it")?;
        let lists: Map<String, Json> =
            read(lists, lists_name, "an object of lists by name, as `GET /v1/company/named-lists` answers it")?;
        let mut catalogue =
            Self { fields: Vec::new(), numbers: HashMap::new(), labels: HashMap::new(), lists: Map::new() };
        for metadata in fields {
            let Some(field) = Field::parse(metadata) else { continue };
            catalogue.enter(field);
        }
        for (name, list) in &lists {
            let mut labels = HashMap::new();
            collect(list, &mut labels);
            catalogue.labels.insert(name.clone(), labels);
        }
        catalogue.lists = lists;
        match catalogue.number(field::ID) {
            Some(_) => Ok(catalogue),
            None => Err(SandboxError::Input {
                name: fields_name.to_owned(),
                message: "there is no field `root.id`".to_owned(),
                help: "field metadata names every field of the company; the identity is one of them".to_owned(),
            }),
        }
    }

    fn enter(&mut self, field: Field) -> usize {
        if let Some(number) = self.number(&field.id) {
            return number;
        }
        self.numbers.insert(field.id.clone(), self.fields.len());
        self.fields.push(field);
        self.fields.len() - 1
    }

    /// The number of a field that a person has, whether or not the metadata knows it: it becomes a text field then.
    pub(crate) fn learn(&mut self, id: &str) -> usize {
        if let Some(number) = self.number(id) {
            return number;
        }
        let category = id.split('.').next().unwrap_or(id);
        let json_path = id.strip_prefix("root.").unwrap_or(id);
        let field = Field::parse(json!({
            "id": id, "categoryId": category, "category": category, "categoryDisplayName": category, "name": id,
            "description": null, "jsonPath": json_path, "type": "text", "typeData": {}, "historical": false,
        }));
        field.map_or(0, |field| self.enter(field))
    }

    pub(crate) fn number(&self, id: &str) -> Option<usize> {
        self.numbers.get(id).copied()
    }

    pub(crate) fn field(&self, number: usize) -> &Field {
        &self.fields[number]
    }

    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The permission categories.
    pub(crate) fn categories(&self) -> BTreeSet<&str> {
        self.fields.iter().map(|field| field.category.as_str()).collect()
    }

    /// The metadata answer: a bare array (§3.1).
    pub(crate) fn metadata(&self) -> Json {
        self.fields.iter().map(|field| field.metadata.clone()).collect()
    }

    pub(crate) fn lists(&self) -> &Map<String, Json> {
        &self.lists
    }

    /// The label of a list item.
    pub(crate) fn label(&self, list: &str, id: &str) -> Option<&str> {
        self.labels.get(list)?.get(id).map(String::as_str)
    }

    /// The id of an item that is given by its id or its label.
    pub(crate) fn item(&self, list: &str, wanted: &str) -> Option<&str> {
        let labels = self.labels.get(list)?;
        let exact = labels.get_key_value(wanted).map(|(id, _)| id);
        exact.or_else(|| labels.iter().find(|(_, label)| *label == wanted).map(|(id, _)| id)).map(String::as_str)
    }

    /// The ids of a list's items that are not archived, as JSON.
    pub(crate) fn current_items(&self, list: &str) -> Vec<(String, &str)> {
        let items = self.lists.get(list).and_then(|list| list.get("values").or_else(|| list.get("items")));
        let current =
            items.and_then(Json::as_array).into_iter().flatten().filter(|item| item["archived"] != json!(true));
        current
            .map(|item| (item["id"].to_string(), self.label(list, &as_text(&item["id"])).unwrap_or_default()))
            .collect()
    }

    /// The labels of a list, in order, for messages.
    pub(crate) fn choices(&self, list: &str) -> Vec<&str> {
        let mut labels: Vec<&str> =
            self.labels.get(list).into_iter().flat_map(|labels| labels.values()).map(String::as_str).collect();
        labels.sort_unstable();
        labels
    }
}

impl Field {
    fn parse(metadata: Json) -> Option<Self> {
        let text = |key: &str| metadata.get(key).and_then(Json::as_str).map(str::to_owned);
        let id = text("id")?;
        Some(Self {
            json_path: text("jsonPath").unwrap_or_else(|| id.strip_prefix("root.").unwrap_or(&id).to_owned()),
            category: text("categoryId").or_else(|| text("category")).unwrap_or_default(),
            kind: text("type").unwrap_or_default(),
            list: metadata["typeData"]["listId"].as_str().map(str::to_owned),
            id,
            metadata,
        })
    }

    /// Whether a request without `fields` gets it: basic info, About, Employment and Work, never custom fields (§2.1).
    pub(crate) fn is_default(&self) -> bool {
        ["root", "about", "employment", "work"].contains(&self.category.as_str())
            && !self.id.split('.').any(|part| part == "custom" || part == "customColumns")
    }
}

/// Every item of a list with its children, by id as text (§3.2).
fn collect(list: &Json, labels: &mut HashMap<String, String>) {
    for items in ["values", "items", "children"].iter().filter_map(|key| list.get(key).and_then(Json::as_array)) {
        for item in items {
            let label = item.get("value").or_else(|| item.get("name")).and_then(Json::as_str).unwrap_or_default();
            labels.insert(as_text(&item["id"]), label.to_owned());
            collect(item, labels);
        }
    }
}

/// An id as text, whether it is a number or a text.
pub(crate) fn as_text(id: &Json) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn read<T: serde::de::DeserializeOwned>(text: &[u8], name: &str, wanted: &str) -> Result<T, SandboxError> {
    serde_json::from_slice(text).map_err(|error| SandboxError::Input {
        name: name.to_owned(),
        message: format!("line {}, column {}: not readable", error.line(), error.column()),
        help: format!("this file holds {wanted}"),
    })
}
