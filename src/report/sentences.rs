//! Sentences of the engine and the connectors, recognized: which one it is, and what stands in its places.
//!
//! They are written where they arise, in English, and are kept like that in the state database. `texts/sentences.en.ftl` has
//! each of them with names for what differs, and the other languages say the same with the same names.

use std::sync::LazyLock;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};
use fluent_syntax::parser::parse;
use regex::{Regex, RegexSet};

/// The place that holds a sentence of its own.
pub(super) const CAUSE: &str = "why";

/// A sentence that was recognized.
pub(super) struct Recognized<'t> {
    pub(super) id: &'static str,
    /// What stands in its places, by their names.
    pub(super) places: Vec<(&'static str, &'t str)>,
}

/// One sentence.
struct Form {
    id: &'static str,
    shape: Regex,
    /// Names of its places, in order.
    places: Vec<&'static str>,
}

struct Forms {
    /// Those with most words of their own first.
    forms: Vec<Form>,
    all: RegexSet,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| Forms::read(include_str!("texts/sentences.en.ftl")));

/// Which sentence a text is.
pub(super) fn recognize(text: &str) -> Option<Recognized<'_>> {
    let form = &FORMS.forms[FORMS.all.matches(text).into_iter().next()?];
    let found = form.shape.captures(text)?;
    let places =
        form.places.iter().enumerate().filter_map(|(index, name)| Some((*name, found.get(index + 1)?.as_str())));
    Some(Recognized { id: form.id, places: places.collect() })
}

impl Forms {
    fn read(texts: &'static str) -> Self {
        let resource = parse(texts).unwrap_or_else(|(resource, _)| resource);
        let mut forms: Vec<(usize, String, &'static str, Vec<&'static str>)> = Vec::new();
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let Some(pattern) = message.value else { continue };
            let (mut words, mut shape, mut places) = (0, String::new(), Vec::new());
            for element in pattern.elements {
                match element {
                    PatternElement::TextElement { value } => {
                        words += value.len();
                        shape.push_str(&regex::escape(value));
                    }
                    PatternElement::Placeable {
                        expression: Expression::Inline(InlineExpression::VariableReference { id }),
                    } => {
                        shape.push_str("(.*?)");
                        places.push(id.name);
                    }
                    // The test of the texts sees to it that there is nothing else.
                    PatternElement::Placeable { .. } => {}
                }
            }
            forms.push((words, format!("(?s)^{shape}$"), message.id.name, places));
        }
        forms.sort_by_key(|(words, ..)| std::cmp::Reverse(*words));
        let all = RegexSet::new(forms.iter().map(|(_, shape, ..)| shape)).expect("escaped words are a pattern");
        let forms = forms.into_iter().map(|(_, shape, id, places)| {
            let shape = Regex::new(&shape).expect("escaped words are a pattern");
            Form { id, shape, places }
        });
        Self { forms: forms.collect(), all }
    }
}
