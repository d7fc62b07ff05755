//! Sentences of the engine and the connectors, recognized: which one it is, and what stands in its places.
//!
//! They are written where they arise, in English, and are kept like that in the state database. `texts/sentences.en.ftl` has
//! each of them with names for what differs, and the other languages say the same with the same names. Text that is not
//! there stays as it is: that of vendors, and of authors' scripts.
//!
//! What stands in a place is taken as it is, but for three kinds of place. One called [`CAUSE`], or beginning so, holds a
//! sentence of its own. One called [`DAY`] holds a day. One that has messages `in-PLACE-…` holds one of those and nothing
//! else (`{ $type }`: `in-type-text`), or some of them between semicolons; with a dash behind its name it can stand in a
//! sentence twice (`{ $what }`, `{ $what-else }`).

use std::collections::HashMap;
use std::sync::LazyLock;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::parser::parse;
use jiff::civil::Date;

#[cfg(test)]
mod in_code;
#[cfg(test)]
mod tests;

/// The place that holds a sentence of its own, which may be somebody else's.
const CAUSE: &str = "why";
/// The place that holds a day.
const DAY: &str = "day";
/// What the ids of what may stand in a place begin with.
const WITHIN: &str = "in-";
/// What stands between several of those.
const BETWEEN: &str = "; ";
/// What is longer than this, in bytes, is no sentence.
const LONGEST: usize = 4_000;

/// A sentence that was recognized.
pub(super) struct Recognized<'t> {
    pub(super) id: &'static str,
    /// What stands in its places, by their names.
    pub(super) places: Vec<(&'static str, Held<'t>)>,
}

/// What stands in a place.
pub(super) enum Held<'t> {
    /// A name, a number, a vendor's words.
    Text(&'t str),
    /// A day.
    Day(Date),
    /// A sentence.
    Cause(&'t str),
    /// What only this place holds.
    Own(Vec<Recognized<'t>>),
}

/// One sentence: the words it begins with, and each place with the words behind it.
struct Form {
    id: &'static str,
    start: String,
    places: Vec<(&'static str, String)>,
}

/// All sentences: those that begin with words of their own first, as others might take these for part of a name, and of
/// them those with most words.
struct Forms {
    whole: Vec<Form>,
    /// What may stand in a place, by the place.
    within: HashMap<&'static str, Vec<Form>>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::read(include_str!("texts/sentences.en.ftl")));

/// Which sentence a text is.
pub(super) fn recognize(text: &str) -> Option<Recognized<'_>> {
    (text.len() <= LONGEST).then(|| FORMS.first(&FORMS.whole, text)).flatten()
}

impl Forms {
    fn read(texts: &'static str) -> Self {
        let mut forms = Self { whole: Vec::new(), within: HashMap::new() };
        for entry in parse(texts).unwrap_or_else(|(resource, _)| resource).body {
            let Entry::Message(message) = entry else { continue };
            let Some(form) = message.value.map(|pattern| Form::of(message.id.name, pattern)) else { continue };
            match form.id.strip_prefix(WITHIN) {
                Some(place) => forms.within.entry(kind(place)).or_default().push(form),
                None => forms.whole.push(form),
            }
        }
        let lists = forms.within.values_mut().chain([&mut forms.whole]);
        lists.for_each(|forms| forms.sort_by_key(|form| (form.start.is_empty(), std::cmp::Reverse(form.own_words()))));
        forms
    }

    /// The first form that a text has, with what its places hold.
    fn first<'t>(&self, forms: &[Form], text: &'t str) -> Option<Recognized<'t>> {
        forms.iter().find_map(|form| {
            let places = form.read(text, &|place, text| self.held(place, text))?;
            Some(Recognized { id: form.id, places })
        })
    }

    /// What a place holds; `None` where it cannot hold that.
    fn held<'t>(&self, place: &str, text: &'t str) -> Option<Held<'t>> {
        let forms = match (kind(place), self.within.get(kind(place))) {
            (CAUSE, _) => return Some(Held::Cause(text)),
            (DAY, _) => return text.parse().ok().map(Held::Day),
            (_, None) => return Some(Held::Text(text)),
            (_, Some(forms)) => forms,
        };
        let several = || text.split(BETWEEN).map(|text| self.first(forms, text)).collect::<Option<_>>();
        self.first(forms, text).map(|only| vec![only]).or_else(several).map(Held::Own)
    }
}

impl Form {
    fn of(id: &'static str, pattern: Pattern<&'static str>) -> Self {
        let mut form = Self { id, start: String::new(), places: Vec::new() };
        for element in pattern.elements {
            match element {
                PatternElement::TextElement { value }
                | PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::StringLiteral { value }),
                } => form.places.last_mut().map_or(&mut form.start, |(_, words)| words).push_str(value),
                PatternElement::Placeable {
                    expression: Expression::Inline(InlineExpression::VariableReference { id }),
                } => form.places.push((id.name, String::new())),
                // A test of the texts sees to it that there is nothing else.
                PatternElement::Placeable { .. } => {}
            }
        }
        form
    }

    fn own_words(&self) -> usize {
        self.start.len() + self.places.iter().map(|(_, words)| words.len()).sum::<usize>()
    }

    /// Whether a text has this form as far as words go, with what stands in the places: the shortest in each, from the left.
    #[cfg(test)]
    fn taken_apart<'t>(&self, text: &'t str) -> Option<Vec<(&'static str, Held<'t>)>> {
        self.read(text, &|_, text| Some(Held::Text(text)))
    }

    /// What stands in the places, if a text has this form: the shortest in each, from the left, of what each can hold.
    fn read<'t>(
        &self,
        text: &'t str,
        held: &impl Fn(&str, &'t str) -> Option<Held<'t>>,
    ) -> Option<Vec<(&'static str, Held<'t>)>> {
        let rest = text.strip_prefix(self.start.as_str())?;
        let Some((_, end)) = self.places.last() else { return rest.is_empty().then(Vec::new) };
        let mut found = filled(&self.places, rest.strip_suffix(end.as_str())?, held)?;
        found.reverse();
        Some(found)
    }
}

/// What stands in places, the last first. The words behind the last of them are not in the text.
fn filled<'t>(
    places: &[(&'static str, String)],
    text: &'t str,
    held: &impl Fn(&str, &'t str) -> Option<Held<'t>>,
) -> Option<Vec<(&'static str, Held<'t>)>> {
    let ((place, words), behind) = places.split_first()?;
    if behind.is_empty() {
        return Some(vec![(*place, held(place, text)?)]);
    }
    text.match_indices(words.as_str()).find_map(|(at, _)| {
        let here = held(place, &text[..at])?;
        let mut found = filled(behind, &text[at + words.len()..], held)?;
        found.push((*place, here));
        Some(found)
    })
}

/// A place's name without what tells it from others of its kind.
fn kind(place: &str) -> &str {
    place.split('-').next().unwrap_or(place)
}
