//! What `check --live` says of HiBob: what the service user may see, and what to tick in Bob where it may not.

use std::time::Instant;

use super::HiBobSource;
use super::wire::metadata::Metadata;
use crate::connector::{ConnectorError, Doubt, Examination, Source as _};
use crate::model::{Cell, Column, FieldPath, Form, Record, RecordLayout, Slot};

/// Where in Bob it is said which fields a group may view (apis/hibob.md §1.4).
const VIEW: &str = "in Bob, open the permission group of the service user > People's data";

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
    for (index, column) in layout.columns()[..asked].iter().enumerate() {
        found.doubts.extend(delivered(column, index, records, metadata));
    }
    found.doubts.dedup_by(|a, b| a.field == b.field);
    found.doubts.extend(status.visibility(records));
    Ok(found)
}

/// A field that was not delivered for everybody. One that does not exist is a mistake of the recipe, and said there.
fn delivered(column: &Column, index: usize, records: &[Record], metadata: &Metadata) -> Option<Doubt> {
    let field = metadata.field(column.path.as_str())?;
    let without = records.iter().filter(|record| record.cells.get(index) == Some(&Cell::NotDelivered)).count();
    let category = field.category().unwrap_or("(unknown)");
    let (path, name) = (&column.path, field.name());
    let (message, help) = match without {
        0 => return None,
        all if all == records.len() => (
            format!("`{path}` ({name}) is delivered for nobody"),
            format!("{VIEW} > People > {category}, and tick \"View selected employees' {category} sections\""),
        ),
        some => (
            format!("`{path}` ({name}) is not delivered for {some} of {} people", records.len()),
            format!(
                "{VIEW} > People > {category}: if several groups hold the service user, tick \"View selected employees' \
                 {category} sections\" in each; if the field is a list, a person may hold an item that is no longer in it"
            ),
        ),
    };
    Some(Doubt { grave: without == records.len(), field: Some(path.clone()), message, help })
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
