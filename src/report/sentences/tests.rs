use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::model::{Language, TargetType};
use crate::report::language::Words;

fn held<'t>(found: &Recognized<'t>) -> Vec<&'t str> {
    let text = |held: &Held<'t>| match held {
        Held::Text(text) | Held::Cause(text) => *text,
        Held::Day(_) | Held::Own(_) => "",
    };
    found.places.iter().map(|(_, held)| text(held)).collect()
}

fn id(text: &str) -> Option<&'static str> {
    recognize(text).map(|found| found.id)
}

fn said(text: &str) -> [String; 2] {
    [Language::French, Language::German].map(|language| Words::of(language).sentence(text).into_owned())
}

#[test]
fn of_several_that_fit_the_one_with_most_words_of_its_own_is_meant() {
    assert_eq!(id("`phone` is empty, and must not be"), Some("must-not-be-empty"));
    assert_eq!(id("the portal has no such user"), Some("learnupon-no-user"));
    assert_eq!(id("Learn Amp has no such user"), Some("write-no-such-user"));
    assert_eq!(id("at most 20 and 5 % of 400 linked users"), Some("limit-most-and-percent"));
    assert_eq!(id("at most 20"), Some("limit-most"));
    assert_eq!(id("`site` from `work.site`, transformed"), Some("row-from-transformed"));
}

#[test]
fn what_stands_in_a_place_is_whole_whatever_signs_are_in_it() {
    let value = "it's `odd`, and \"quoted\";\nof two lines: { $name }";
    let found = format!("`department` does not take `{value}`");
    assert_eq!(held(&recognize(&found).unwrap()), ["department", value]);
    let found = format!("LearnUpon refuses it (422: {value} (again))");
    assert_eq!(held(&recognize(&found).unwrap()), [format!("422: {value} (again)")]);
}

#[test]
fn what_fits_nothing_stays_as_it_is() {
    for text in ["", "ask the works council first", "`a` is something that nobody wrote", "HiBob is not a cat"] {
        assert_eq!(id(text), None, "{text}");
        assert_eq!(said(text), [text, text]);
    }
}

#[test]
fn a_place_of_its_own_kind_holds_nothing_else() {
    assert_eq!(id("`start` takes a date, and `soon` is none"), Some("wrong-type"));
    assert_eq!(id("`start` takes a holiday, and `soon` is none"), None);
    assert_eq!(id("provisioning `end_date: x`, which was 2026-03-02"), Some("reason-over"));
    assert_eq!(id("provisioning `end_date: x`, which was yesterday"), None);
}

#[test]
fn a_sentence_within_a_sentence_is_said_as_well() {
    insta::assert_debug_snapshot!(
        [
            "the status rule `leavers` can't be decided: HiBob did not deliver `internal.status` (Lifecycle)",
            "provisioning `end_date: work.end`, which was 2026-03-02",
            "not reached: LearnUpon is in trouble (503 at GET /users, several times)",
            "the team `Sales` could not be made: a team needs a name",
            "`start` takes a list of text, and `x` is none",
            "`trim` takes a text, not a list (names.rhai:3)",
            "the plan is stale; since it was saved, this has moved: people in the source; the day",
            "the answer of HiBob to GET /v1/x is not UTF-8 (line 3, column 7)",
        ]
        .map(said)
    );
}

#[test]
fn sentences_within_sentences_come_to_an_end() {
    let text = "not reached: ".repeat(300);
    assert!(said(&text)[0].starts_with("non atteint : "));
    let far_too_long = text.repeat(100);
    assert_eq!(said(&far_too_long)[0], far_too_long);
}

#[test]
fn every_type_of_a_field_can_be_said() {
    use TargetType as T;
    let types = [T::Text, T::Number, T::YesNo, T::Date, T::List, T::Person, T::People, T::Team, T::TeamKey];
    for target_type in types {
        let text = format!("`x` takes a value of type {target_type}, and this is another");
        assert_eq!(id(&text), Some("write-wrong-type"));
    }
}

/// What is said once must not be taken for English of another meaning when it is said again.
#[test]
fn no_sentence_of_another_language_is_one_of_english() {
    for (texts, language) in [
        (include_str!("../texts/sentences.fr.ftl"), Language::French),
        (include_str!("../texts/sentences.de.ftl"), Language::German),
    ] {
        for form in Forms::read(texts).whole {
            let text = form.filled_in(|_| "7".to_owned());
            if let Some(found) = recognize(&text) {
                // Nothing but signs differs: "`x` (names.rhai:3)".
                assert_eq!(found.id, form.id, "{}: {text}", language.code());
            }
        }
    }
}

#[test]
fn every_form_has_words_between_its_places() {
    for form in FORMS.whole.iter().chain(FORMS.within.values().flatten()) {
        let mut inner = form.places.iter().rev().skip(1);
        assert!(inner.all(|(_, words)| !words.is_empty()), "{}: two places stand together", form.id);
    }
    let own = |place: &str| if FORMS.within.contains_key(kind(place)) { kind(place).to_owned() } else { String::new() };
    let same: BTreeSet<_> = FORMS.whole.iter().map(|form| form.filled_in(own)).collect();
    assert_eq!(same.len(), FORMS.whole.len(), "no sentence is there twice");
}

proptest! {
    #[test]
    fn what_was_filled_in_between_backticks_is_found_again(
        at in any::<prop::sample::Index>(),
        values in prop::collection::vec("[A-Za-z0-9 .@_-]{1,20}", 6),
    ) {
        let plain: Vec<&Form> = FORMS.whole.iter().filter(|form| form.quotes_every_place()).collect();
        let form = at.get(&plain);
        let mut next = values.iter();
        let text = form.filled_in(|_| next.next().unwrap().clone());
        let found = recognize(&text).unwrap();
        prop_assert_eq!(found.id, form.id);
        prop_assert_eq!(held(&found), values.iter().take(form.places.len()).map(String::as_str).collect::<Vec<_>>());
    }
}

impl Form {
    fn filled_in(&self, mut value: impl FnMut(&str) -> String) -> String {
        let places = self.places.iter().map(|(place, words)| value(place) + words.as_str());
        places.fold(self.start.clone(), |text, part| text + part.as_str())
    }

    fn quotes_every_place(&self) -> bool {
        let mut before = &self.start;
        !self.places.is_empty()
            && self.places.iter().all(|(place, words)| {
                let quoted = before.ends_with('`') && words.starts_with('`');
                before = words;
                quoted && kind(place) != CAUSE && kind(place) != DAY && !FORMS.within.contains_key(kind(place))
            })
    }
}
