//! What `check --live` says of HiBob: what the service user may see, and what to tick in Bob where it may not.

use std::collections::BTreeMap;
use std::time::Instant;

use super::HiBobSource;
use super::wire::metadata::Metadata;
use crate::connector::{ConnectorError, Doubt, Examination, Source as _};
use crate::model::{Cell, Column, FieldPath, Form, Record, RecordLayout, Slot};

/// Where in Bob it is said which fields a group may view (apis/hibob.md §1.4).
const VIEW: &str = "in Bob, open the permission group of the service user > People's data";

/// A category that the metadata does not name.
const UNKNOWN: &str = "(unknown)";

/// Reads everybody once, as a run would, and looks at what came.
pub(super) async fn examine(source: &HiBobSource, layout: &RecordLayout) -> Result<Examination, ConnectorError> {
    let described = source.described().await?;
    let mut layout = layout.clone();
    let asked = layout.columns().len();
    let status = Statuses::add_to(&mut layout);
    let began = Instant::now();
    let roster = source.roster(&layout).await?;
    let took = began.elapsed();
    let (records, metadata) = (&roster.records[..], &described.metadata);
    let mut found = Examination { people: records.len(), ..Examination::default() };
    found.facts.push(format!("{} fields, {} lists", metadata.len(), described.lists.len()));
    found.facts.push(format!("{} people, read in {:.1} s", records.len(), took.as_secs_f64()));
    if records.is_empty() {
        found.doubts.push(Doubt {
            grave: true,
            field: None,
            message: "the service user sees nobody".to_owned(),
            help: format!(
                "{VIEW}, and choose under \"Access data for\" the people by condition; is the user in the group at all?"
            ),
        });
        return Ok(found);
    }
    if !roster.unreadable.is_empty() {
        found.facts.push(format!("{} entries that are no employees", roster.unreadable.len()));
    }
    found.doubts.extend(Delivery::of(&layout.columns()[..asked], records, metadata).doubts());
    found.doubts.extend(status.visibility(records));
    Ok(found)
}

/// Fields that were not delivered for everybody, by category: that is what is ticked in Bob.
struct Delivery {
    people: usize,
    gaps: BTreeMap<Gap, Vec<FieldName>>,
}

/// What fields have in common that were not delivered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    category: String,
    /// How many people are without.
    without: usize,
    /// Whether these people have other fields of the category, so that it is the list item that is unknown.
    unknown_item: bool,
}

/// A field's id, and what Bob calls it.
type FieldName = (FieldPath, String);

impl Delivery {
    /// A field that does not exist is a mistake of the recipe, and said there.
    fn of(columns: &[Column], records: &[Record], metadata: &Metadata) -> Self {
        let lacks = |record: &Record, index: usize| record.cells.get(index) == Some(&Cell::NotDelivered);
        let category = |path: &FieldPath| metadata.field(path.as_str())?.category().map_or_else(|| Some(UNKNOWN), Some);
        let mut gaps: BTreeMap<Gap, Vec<FieldName>> = BTreeMap::new();
        for (index, column) in columns.iter().enumerate() {
            let Some(field) = metadata.field(column.path.as_str()) else { continue };
            let concerned: Vec<&Record> = records.iter().filter(|record| lacks(record, index)).collect();
            if concerned.is_empty() {
                continue;
            }
            let siblings =
                |other: &Column| other.path != column.path && category(&other.path) == category(&column.path);
            let siblings: Vec<usize> =
                columns.iter().enumerate().filter(|(_, other)| siblings(other)).map(|(index, _)| index).collect();
            let has_another = |record: &&Record| siblings.iter().any(|sibling| !lacks(record, *sibling));
            let unknown_item = field.list.is_some() && concerned.iter().all(has_another);
            let gap = Gap {
                category: field.category().unwrap_or(UNKNOWN).to_owned(),
                without: concerned.len(),
                unknown_item,
            };
            let fields = gaps.entry(gap).or_default();
            if fields.last().is_none_or(|(path, _)| *path != column.path) {
                fields.push((column.path.clone(), field.name().to_owned()));
            }
        }
        Self { people: records.len(), gaps }
    }

    fn doubts(self) -> impl Iterator<Item = Doubt> {
        let people = self.people;
        self.gaps.into_iter().map(move |(gap, fields)| gap.doubt(&fields, people))
    }
}

impl Gap {
    fn doubt(&self, fields: &[FieldName], people: usize) -> Doubt {
        let names: Vec<String> = fields.iter().map(|(path, name)| format!("`{path}` ({name})")).collect();
        let (names, are) = (names.join(", "), if fields.len() == 1 { "is" } else { "are" });
        let Self { category, without, .. } = self;
        let grave = *without == people;
        let message = if grave {
            format!("{names} {are} delivered for nobody")
        } else {
            format!("{names} {are} not delivered for {without} of {people} people")
        };
        let help = match self {
            Self { unknown_item: true, .. } => {
                "most likely these people hold an item that is no longer in its list: in Bob, choose another for them"
                    .to_owned()
            }
            _ if grave => {
                format!("{VIEW} > People > {category}, and tick \"View selected employees' {category} sections\"")
            }
            _ => format!(
                "these people are seen by another permission group than the others: {VIEW} > People > {category}, and \
                 tick \"View selected employees' {category} sections\" in each group of the service user"
            ),
        };
        Doubt { grave, field: fields.first().map(|(path, _)| path.clone()), message, help }
    }
}

/// Where a record says whether the person is here (apis/hibob.md §4.1).
struct Statuses {
    status: Option<Slot>,
    lifecycle: Option<Slot>,
}

impl Statuses {
    fn add_to(layout: &mut RecordLayout) -> Self {
        let mut slot = |path: &str| layout.slot(Column { path: FieldPath::from(path), form: Form::Id });
        Self { status: slot("internal.status"), lifecycle: slot("internal.lifecycleStatus") }
    }

    /// Whether people who have left, and those who have not begun, are to be seen. Without them nobody is ever
    /// deactivated for leaving (apis/hibob.md §0.3, §1.4).
    fn visibility(&self, records: &[Record]) -> Option<Doubt> {
        let holds = |slot: Option<Slot>, texts: &[&str]| {
            let cells = records.iter().filter_map(move |record| record.cell(slot?).value()?.as_text());
            cells.filter(|text| texts.iter().any(|other| text.eq_ignore_ascii_case(other))).count()
        };
        let known = records.iter().any(|record| self.lifecycle.is_some_and(|slot| record.cell(slot).is_delivered()));
        let inactive = holds(self.status, &["inactive"]) + holds(self.lifecycle, &["terminated"]);
        let future = holds(self.lifecycle, &["hired"]);
        let who = match (known, inactive, future) {
            (false, ..) | (true, 1.., 1..) => return None,
            (true, 0, 0) => "people who have left, nor people who have not begun,",
            (true, 0, _) => "people who have left",
            (true, _, 0) => "people who have not begun yet",
        };
        Some(Doubt {
            grave: false,
            field: None,
            message: format!("there are no {who} among the people that the service user sees"),
            help: format!(
                "if there are such people: {VIEW} > \"Access data for\", choose people by condition, and let \"Lifecycle \
                 status\" be any, not only Employed; \"Everyone\" means active people only"
            ),
        })
    }
}
