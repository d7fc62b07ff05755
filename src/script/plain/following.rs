//! Following the steps of an expression for one person.

use jiff::civil::Date;
use jiff::fmt::strtime;

use crate::model::Cell;
use crate::table::{Found, ValueTables};

use super::super::dates::{self, Day};
use super::super::helpers::{slug, title_case};
use super::super::patterns::{EACH, replaced};
use super::value::{Held, Text};
use super::{Helper, Plain, Step};

/// What an expression reads.
pub(in super::super) struct Reads<'a> {
    pub(in super::super) value: &'a Cell,
    /// The fields of the person, and where among them those of the expression stand.
    pub(in super::super) cells: &'a [Cell],
    pub(in super::super) places: &'a [usize],
    pub(in super::super) today: Date,
    pub(in super::super) tables: &'a ValueTables,
    /// What the person's patterns may still go through.
    pub(in super::super) budget: usize,
}

impl Plain {
    /// The result, or not delivered, and what patterns went through for it; `None` where Rhai has to tell.
    pub(in super::super) fn follow(&self, reads: &Reads<'_>) -> Option<(Cell, usize)> {
        let mut way = Way { reads, locals: Vec::new(), spent: 0 };
        let cell = match way.step(&self.root) {
            Ok(held) | Err(Stop::Given(held)) => held.into_cell(),
            Err(Stop::NotDelivered) => Cell::NotDelivered,
            Err(Stop::Unusual) => return None,
        };
        Some((cell, way.spent))
    }
}

/// Why a step gives nothing to the one that asked.
enum Stop<'a> {
    /// `return`
    Given(Held<'a>),
    NotDelivered,
    Unusual,
}

type Stepped<'a> = Result<Held<'a>, Stop<'a>>;

struct Way<'a> {
    reads: &'a Reads<'a>,
    locals: Vec<Held<'a>>,
    spent: usize,
}

impl<'a> Way<'a> {
    fn step(&mut self, step: &'a Step) -> Stepped<'a> {
        Ok(match step {
            Step::Nothing => Held::Nothing,
            Step::Text(text) => Held::Text(Text::Shared(text)),
            Step::YesNo(yes) => Held::YesNo(*yes),
            Step::Whole(number) => Held::Whole(*number),
            Step::Today => Held::Date(self.reads.today),
            Step::Value => match self.reads.value {
                Cell::NotDelivered => Held::Nothing,
                cell => usual(Held::of(cell))?,
            },
            Step::Field(at) => self.field(*at)?,
            Step::Local(at) => usual(self.locals.get(*at).cloned())?,
            Step::Helper(helper, arguments) => self.helper(helper, arguments)?,
            Step::Operator(operator, sides) => {
                let (left, right) = (self.step(&sides[0])?, self.step(&sides[1])?);
                usual(left.operate(*operator, right))?
            }
            Step::IsNothing(step) => Held::YesNo(match &**step {
                Step::Local(at) => matches!(usual(self.locals.get(*at))?, Held::Nothing),
                step => matches!(self.step(step)?, Held::Nothing),
            }),
            Step::Not(step) => Held::YesNo(!self.truth(step)?),
            Step::Negative(step) => match self.step(step)? {
                Held::Whole(number) => Held::Whole(usual(number.checked_neg())?),
                _ => return Err(Stop::Unusual),
            },
            Step::All(parts) => Held::YesNo(!self.some(parts, false)?),
            Step::Any(parts) => Held::YesNo(self.some(parts, true)?),
            Step::FirstGiven(parts) => self.first_given(parts)?,
            Step::If(parts) => {
                let [condition, then, otherwise] = &**parts;
                let way = if self.truth(condition)? { then } else { otherwise };
                self.step(way)?
            }
            Step::Let(step) => {
                let held = self.step(step)?;
                self.locals.push(held);
                Held::Nothing
            }
            Step::Block(steps) => self.block(steps)?,
            Step::Function(arguments, body) => self.function(arguments, body)?,
            Step::Return(step) => return Err(Stop::Given(self.step(step)?)),
        })
    }

    fn field(&self, at: usize) -> Stepped<'a> {
        match self.reads.places.get(at).and_then(|place| self.reads.cells.get(*place)) {
            Some(Cell::NotDelivered) => Err(Stop::NotDelivered),
            cell => usual(cell.and_then(Held::of)),
        }
    }

    fn truth(&mut self, step: &'a Step) -> Result<bool, Stop<'a>> {
        match self.step(step)? {
            Held::YesNo(yes) => Ok(yes),
            _ => Err(Stop::Unusual),
        }
    }

    /// Whether one of the parts is this; those behind it are not looked at.
    fn some(&mut self, parts: &'a [Step], is: bool) -> Result<bool, Stop<'a>> {
        for part in parts {
            if self.truth(part)? == is {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn first_given(&mut self, parts: &'a [Step]) -> Stepped<'a> {
        for part in parts {
            match self.step(part)? {
                Held::Nothing => {}
                held => return Ok(held),
            }
        }
        Ok(Held::Nothing)
    }

    fn block(&mut self, steps: &'a [Step]) -> Stepped<'a> {
        let locals = self.locals.len();
        let mut last = Held::Nothing;
        for step in steps {
            last = self.step(step)?;
        }
        self.locals.truncate(locals);
        Ok(last)
    }

    fn function(&mut self, arguments: &'a [Step], body: &'a Step) -> Stepped<'a> {
        let locals = self.locals.len();
        for argument in arguments {
            let held = self.step(argument)?;
            self.locals.push(held);
        }
        let given = self.step(body);
        self.locals.truncate(locals);
        match given {
            Err(Stop::Given(held)) => Ok(held),
            given => given,
        }
    }

    fn helper(&mut self, helper: &'a Helper, arguments: &'a [Step]) -> Stepped<'a> {
        match (helper, arguments) {
            (Helper::FirstOf, arguments) => self.first_of(arguments),
            (Helper::LookupOr { table }, [key, default]) => {
                let (key, default) = (self.step(key)?, self.step(default)?);
                let found = match &key {
                    Held::Nothing => None,
                    Held::Text(key) => Some(self.find(table, key.as_str(), None)?),
                    _ => return Err(Stop::Unusual),
                };
                usual(match found {
                    Some(Found::Row { value: Some(value), .. } | Found::Star { value: Some(value), .. }) => {
                        Some(Held::Text(Text::Shared(value)))
                    }
                    _ => Some(default),
                })
            }
            (Helper::Join { separator }, [list]) => match self.step(list)? {
                Held::List(items) => usual(Held::made(items.join(separator))),
                held @ (Held::Text(_) | Held::Nothing) => Ok(held),
                _ => Err(Stop::Unusual),
            },
            (Helper::DaysUntil, [date]) => match day(self.step(date)?)? {
                Some(day) => Ok(Held::Whole(dates::days_between(self.reads.today, day.date()))),
                None => Ok(Held::Nothing),
            },
            (Helper::FormatDate { format }, [date]) => {
                let text = match day(self.step(date)?)? {
                    None => return Ok(Held::Nothing),
                    Some(Day::Date(date)) => strtime::format(format, date),
                    Some(Day::DateTime(date_time)) => strtime::format(format, date_time),
                };
                usual(text.ok().and_then(Held::made))
            }
            (helper, [text]) => match self.step(text)? {
                Held::Text(text) => self.on_text(helper, text),
                Held::Nothing if !matches!(helper, Helper::Upper | Helper::Lower) => Ok(Held::Nothing),
                _ => Err(Stop::Unusual),
            },
            _ => Err(Stop::Unusual),
        }
    }

    /// The helpers that take a text.
    fn on_text(&mut self, helper: &'a Helper, text: Text<'a>) -> Stepped<'a> {
        let held = match helper {
            Helper::Trim => Some(Held::Text(text.part(str::trim))),
            Helper::TitleCase => Held::made(title_case(text.as_str())),
            Helper::Slug => Held::made(slug(text.as_str())),
            Helper::Upper => changed(text, str::to_uppercase),
            Helper::Lower => changed(text, str::to_lowercase),
            Helper::Lookup { table, column } => match self.find(table, text.as_str(), *column)? {
                Found::Row { value, .. } | Found::Star { value, .. } => {
                    Some(value.map_or(Held::Nothing, |value| Held::Text(Text::Shared(value))))
                }
                Found::Missing => text.as_str().trim().is_empty().then_some(Held::Nothing),
            },
            Helper::Capture { pattern, group } => {
                self.spend(text.as_str())?;
                let found = pattern.captures(text.as_str()).and_then(|captures| captures.get(*group));
                let range = found.map(|found| found.range());
                Some(range.map_or(Held::Nothing, |range| Held::Text(text.part(|text| &text[range]))))
            }
            Helper::ReplaceRegex { pattern, by } => {
                self.spend(text.as_str())?;
                match replaced(text.as_str(), pattern, by).ok() {
                    Some(None) => Some(Held::Text(text)),
                    Some(Some(made)) => Held::made(made),
                    None => None,
                }
            }
            _ => None,
        };
        usual(held)
    }

    fn first_of(&mut self, arguments: &'a [Step]) -> Stepped<'a> {
        let mut first = Held::Nothing;
        for argument in arguments {
            let held = self.step(argument)?;
            if first.is_blank() && !held.is_blank() {
                first = held;
            }
        }
        Ok(first)
    }

    fn find(&self, table: &str, key: &str, column: Option<usize>) -> Result<Found<'a>, Stop<'a>> {
        let table = self.reads.tables.get(table).ok_or(Stop::Unusual)?;
        Ok(table.get(key, column))
    }

    /// Counts what a pattern goes through.
    fn spend(&mut self, text: &str) -> Result<(), Stop<'a>> {
        self.spent += text.len() + EACH;
        if self.spent > self.reads.budget { Err(Stop::Unusual) } else { Ok(()) }
    }
}

fn usual<'a, T>(given: Option<T>) -> Result<T, Stop<'a>> {
    given.ok_or(Stop::Unusual)
}

/// Another form of the text; itself, where that makes no difference.
fn changed<'a>(text: Text<'a>, form: impl FnOnce(&str) -> String) -> Option<Held<'a>> {
    let other = form(text.as_str());
    if other == text.as_str() { Some(Held::Text(text)) } else { Held::made(other) }
}

fn day<'a>(held: Held<'_>) -> Result<Option<Day>, Stop<'a>> {
    Ok(Some(match held {
        Held::Nothing => return Ok(None),
        Held::Date(date) => Day::Date(date),
        Held::DateTime(date_time) => Day::DateTime(date_time),
        Held::Text(text) if text.as_str().trim().is_empty() => return Ok(None),
        Held::Text(text) => dates::day(text.as_str()).map_err(|_| Stop::Unusual)?,
        _ => return Err(Stop::Unusual),
    }))
}
