//! From a value on the wire to a cell: what a field's type makes of what came.
//!
//! Nothing here fails. What does not fit its type stays text, so that people see it in plan and report.

use std::borrow::Cow;
use std::sync::Arc;

use foldhash::HashSet;
use jiff::civil::{Date, DateTime};
use serde_json::{Map, Value as Json};

use super::lists::NamedList;
use super::metadata::Kind;
use crate::model::{Cell, FieldPath, Form, Number, Value};

/// A value as it came, borrowed from the file's buffer.
#[derive(Debug, Clone, Copy)]
pub(in crate::connector) enum Wire<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(&'a str),
    Items(&'a [Cow<'a, str>]),
    Object(&'a Map<String, Json>),
}

/// Why a value is left out, as if it had not been delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum LeftOut {
    /// It is longer than a record may hold; cutting it would write half a text into the target.
    TooLong,
    /// Its list has no such item; a bare number in the place of a department would move people between groups.
    NoSuchItem,
}

/// A field that the layout asks for.
#[derive(Debug)]
pub(in crate::connector) struct Wanted {
    pub(in crate::connector) path: FieldPath,
    pub(in crate::connector) kind: Kind,
    pub(in crate::connector) list: Option<Arc<NamedList>>,
    /// Where in the record it goes, and in which form.
    pub(in crate::connector) slots: Vec<(usize, Form)>,
}

impl Wanted {
    /// The longest text of one value.
    pub(in crate::connector) const LONGEST: usize = 64 << 10;

    /// What the record holds for this value.
    pub(in crate::connector) fn cell(&self, wire: Wire<'_>, form: Form, texts: &mut Texts) -> Result<Cell, LeftOut> {
        self.as_kind(self.kind, wire, form, texts)
    }

    fn as_kind(&self, kind: Kind, wire: Wire<'_>, form: Form, texts: &mut Texts) -> Result<Cell, LeftOut> {
        match wire {
            Wire::Null => Ok(Cell::Empty),
            Wire::Text(text) if text.len() > Self::LONGEST => Err(LeftOut::TooLong),
            Wire::Text(text) if text.trim().is_empty() => Ok(Cell::Empty),
            Wire::Bool(_) | Wire::Number(_) | Wire::Text(_) => match kind {
                Kind::Choice => Ok(Cell::Value(Value::Text(self.item(wire, form, texts)?))),
                Kind::Choices => Ok(Cell::Value(Value::List(Arc::new([self.item(wire, form, texts)?])))),
                _ => Ok(self.scalar(kind, wire, form, texts).into()),
            },
            Wire::Items(items) => self.items(kind, items, form, texts),
            Wire::Object(object) => self.object(kind, object, form, texts),
        }
    }

    fn scalar(&self, kind: Kind, wire: Wire<'_>, form: Form, texts: &mut Texts) -> Option<Value> {
        let fitting = match (kind, wire) {
            (Kind::Key, Wire::Number(Number::Decimal(_)) | Wire::Bool(_)) => return None,
            (Kind::Key, _) => Some(Value::Text(plain(wire).trim().into())),
            (_, _) if form == Form::Id => None,
            (Kind::Person, _) => Some(Value::Person(texts.shared(plain(wire).trim()))),
            (Kind::Number | Kind::Any, Wire::Number(number)) => Some(Value::Number(number)),
            (Kind::Number, Wire::Text(text)) => Number::parse(text).map(Value::Number),
            (Kind::YesNo | Kind::Any, Wire::Bool(yes)) => Some(Value::YesNo(yes)),
            (Kind::YesNo, Wire::Text(text)) => yes_no(text).map(Value::YesNo),
            (Kind::Date, Wire::Text(text)) => date(text).map(Value::Date),
            (Kind::DateTime, Wire::Text(text)) => date_time(text).map(Value::DateTime),
            _ => None,
        };
        fitting.or_else(|| Some(Value::Text(texts.shared(&plain(wire)))))
    }

    /// The label or id of a list item, found by its id or, where a file holds labels, by its label.
    fn item(&self, wire: Wire<'_>, form: Form, texts: &mut Texts) -> Result<Arc<str>, LeftOut> {
        let written = plain(wire);
        let Some(list) = &self.list else { return Ok(texts.shared(written.trim())) };
        let item = list.item(written.trim()).or_else(|| list.labelled(written.trim())).ok_or(LeftOut::NoSuchItem)?;
        Ok(match form {
            Form::Label => Arc::clone(&item.label),
            Form::Id => Arc::clone(&item.id),
        })
    }

    fn items(&self, kind: Kind, items: &[Cow<'_, str>], form: Form, texts: &mut Texts) -> Result<Cell, LeftOut> {
        if items.iter().map(|item| item.len()).sum::<usize>() > Self::LONGEST {
            return Err(LeftOut::TooLong);
        }
        match items {
            // Custom columns give a single choice as an array of one (apis/hibob.md §2.5).
            [only] if !matches!(kind, Kind::Choices | Kind::Any) => self.as_kind(kind, Wire::Text(only), form, texts),
            _ => {
                let items = items.iter().filter(|item| !item.trim().is_empty());
                let list: Arc<[_]> =
                    items.map(|item| self.item(Wire::Text(item), form, texts)).collect::<Result<_, _>>()?;
                Ok((!list.is_empty()).then_some(Value::List(list)).into())
            }
        }
    }

    /// An employee is its id, an amount its number, a wrapped value what it wraps; any other object its JSON text.
    fn object(&self, kind: Kind, object: &Map<String, Json>, form: Form, texts: &mut Texts) -> Result<Cell, LeftOut> {
        let (kind, inner) = match (kind, object.get("id"), object.get("value")) {
            (Kind::Any, Some(id), _) => (Kind::Person, Some(id)),
            (Kind::Person | Kind::Choice | Kind::Choices, Some(id), _) => (kind, Some(id)),
            (_, _, value) => (kind, value),
        };
        match inner {
            Some(Json::Null) => Ok(Cell::Empty),
            Some(Json::Bool(yes)) => self.as_kind(kind, Wire::Bool(*yes), form, texts),
            Some(Json::String(text)) => self.as_kind(kind, Wire::Text(text), form, texts),
            Some(Json::Number(number)) => {
                let text = number.to_string();
                let wire = exact(&text).map_or(Wire::Text(&text), Wire::Number);
                self.as_kind(kind, wire, form, texts)
            }
            _ if kind == Kind::Key || object.is_empty() => Ok(Cell::Empty),
            _ => {
                let text = Json::Object(object.clone()).to_string();
                if text.len() > Self::LONGEST {
                    Err(LeftOut::TooLong)
                } else {
                    Ok(Cell::Value(Value::Text(text.into())))
                }
            }
        }
    }
}

/// Texts of one field that many people share, kept once.
#[derive(Debug, Default)]
pub(in crate::connector) struct Texts {
    known: HashSet<Arc<str>>,
    asked: usize,
    found: usize,
}

impl Texts {
    /// Enough for every list; beyond it texts are simply not shared.
    const MOST: usize = 1 << 14;
    /// How many are looked for before it is judged whether that pays: addresses are different for everybody.
    const TRIAL: usize = 1 << 10;

    fn shared(&mut self, text: &str) -> Arc<str> {
        if self.asked >= Self::TRIAL && self.found * 4 < self.asked {
            self.known = HashSet::default();
            return text.into();
        }
        self.asked += 1;
        if let Some(known) = self.known.get(text) {
            self.found += 1;
            return Arc::clone(known);
        }
        let text: Arc<str> = text.into();
        if self.known.len() < Self::MOST {
            self.known.insert(Arc::clone(&text));
        }
        text
    }
}

/// A number that loses nothing: ids have up to 19 digits, more than a float holds.
pub(in crate::connector) fn exact(text: &str) -> Option<Number> {
    let whole = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if whole { text.parse().ok().map(Number::Whole) } else { Number::parse(text) }
}

/// A scalar as text, as it was written.
fn plain(wire: Wire<'_>) -> Cow<'_, str> {
    match wire {
        Wire::Text(text) => Cow::Borrowed(text),
        Wire::Number(number) => Cow::Owned(number.to_string()),
        Wire::Bool(true) => Cow::Borrowed("true"),
        Wire::Bool(false) => Cow::Borrowed("false"),
        Wire::Null | Wire::Items(_) | Wire::Object(_) => Cow::Borrowed(""),
    }
}

/// The words for yes and no that tables use.
fn yes_no(text: &str) -> Option<bool> {
    let text = text.trim();
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    if ["true", "yes"].iter().any(is) {
        return Some(true);
    }
    ["false", "no"].iter().any(is).then_some(false)
}

/// `2024-02-01`, alone or with a time behind it; nothing looser, or employee numbers would become days.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = text.get(..10)?;
    let alone = matches!(text.as_bytes().get(10), None | Some(b'T' | b' '));
    if alone && day.as_bytes()[4] == b'-' { day.parse().ok() } else { None }
}

/// `2026-03-02T11:13:40.175639`. One with a zone is not taken: HiBob gives none, and dropping it would move the time.
fn date_time(text: &str) -> Option<DateTime> {
    date(text)?;
    let time = text.trim().get(10..)?;
    if time.contains(['+', '-', 'Z', 'z', '[']) { None } else { text.trim().parse().ok() }
}
