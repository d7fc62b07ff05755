//! The words of a language: the texts in `texts/`, and numbers, days and times as its people write them.

use std::borrow::Cow;
use std::sync::LazyLock;
use std::time::Duration;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use jiff::Timestamp;
use jiff::civil::Date;

use super::sentences::{self, Held, Recognized};
use crate::model::{Language, Whose};

/// The messages of one language.
type Messages = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Messages> = LazyLock::new(|| {
    let mut messages = messages("en", [include_str!("texts/en.ftl"), include_str!("texts/sentences.en.ftl")]);
    messages.set_formatter(Some(|value, _| shown(value, Language::English)));
    messages
});
static FRENCH: LazyLock<Messages> = LazyLock::new(|| {
    let mut messages = messages("fr", [include_str!("texts/fr.ftl"), include_str!("texts/sentences.fr.ftl")]);
    messages.set_formatter(Some(|value, _| shown(value, Language::French)));
    messages
});
static GERMAN: LazyLock<Messages> = LazyLock::new(|| {
    let mut messages = messages("de", [include_str!("texts/de.ftl"), include_str!("texts/sentences.de.ftl")]);
    messages.set_formatter(Some(|value, _| shown(value, Language::German)));
    messages
});

/// How many sentences are looked for within each other: nobody's own words can make it endless.
const DEEPEST: usize = 6;

/// One language. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct Words {
    language: Language,
    messages: &'static Messages,
}

impl Words {
    /// The words of a language.
    pub(super) fn of(language: Language) -> Self {
        let messages = match language {
            Language::English => &ENGLISH,
            Language::French => &FRENCH,
            Language::German => &GERMAN,
        };
        Self { language, messages }
    }

    /// Its code.
    pub(super) fn code(self) -> &'static str {
        self.language.code()
    }

    /// A text without places to fill.
    pub(super) fn say(self, id: &str) -> String {
        self.with(id, [])
    }

    /// A text with its places filled: texts as they are, numbers with separators.
    pub(super) fn with<'p, const N: usize>(self, id: &str, places: [(&'p str, FluentValue<'p>); N]) -> String {
        self.filled(id, &places.into_iter().collect())
    }

    /// A text that something follows.
    pub(super) fn titled(self, id: &str) -> String {
        self.labelled(self.say(id))
    }

    /// The same for what is a text already.
    pub(super) fn labelled(self, text: String) -> String {
        self.with("label", [("text", text.into())])
    }

    /// A text that counts something.
    pub(super) fn counted(self, id: &str, n: usize) -> String {
        self.with(id, [("n", n.into())])
    }

    /// Whose move it is.
    pub(super) fn whose(self, whose: Whose) -> String {
        self.say(match whose {
            Whose::Source => "whose-source",
            Whose::Recipe => "whose-recipe",
            Whose::Target => "whose-target",
            Whose::Credentials => "whose-credentials",
        })
    }

    fn filled(self, id: &str, places: &FluentArgs<'_>) -> String {
        let pattern = self.messages.get_message(id).and_then(|message| message.value());
        // That every text is there in every language is tested.
        let Some(pattern) = pattern else { return id.to_owned() };
        self.messages.format_pattern(pattern, Some(places), &mut Vec::new()).into_owned()
    }

    /// What the engine or a connector says of somebody, in this language. A vendor's own words, and those of an author's
    /// script, stay as they are.
    pub(super) fn sentence<'t>(self, english: &'t str) -> Cow<'t, str> {
        self.sentence_within(english, 0)
    }

    fn sentence_within<'t>(self, english: &'t str, deep: usize) -> Cow<'t, str> {
        if self.language == Language::English || deep == DEEPEST {
            return Cow::Borrowed(english);
        }
        sentences::recognize(english).map_or(Cow::Borrowed(english), |found| Cow::Owned(self.told(found, deep + 1)))
    }

    fn told(self, found: Recognized<'_>, deep: usize) -> String {
        let places = found.places.into_iter().map(|(place, held)| {
            let text = match held {
                Held::Text(text) => Cow::Borrowed(text),
                Held::Day(day) => Cow::Owned(self.day(day)),
                Held::Cause(text) => self.sentence_within(text, deep),
                Held::Own(parts) => {
                    let parts: Vec<String> = parts.into_iter().map(|part| self.told(part, deep)).collect();
                    Cow::Owned(self.listed(&parts))
                }
            };
            (place, FluentValue::String(text))
        });
        self.filled(found.id, &places.collect())
    }

    /// A number with thousands separators.
    pub(super) fn number(self, number: usize) -> String {
        grouped(&number.to_string(), separator(self.language))
    }

    /// "340 ms", "2.3 s", "4 min 05 s", "1 h 02 min".
    pub(super) fn duration(self, duration: Duration) -> String {
        let seconds = duration.as_secs();
        match seconds {
            0 => format!("{} ms", duration.as_millis()),
            1..60 => self.decimal(&format!("{:.1} s", duration.as_secs_f64())),
            60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
            _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
        }
    }

    /// A day: "2026-03-02", "02/03/2026", "02.03.2026".
    pub(super) fn day(self, day: Date) -> String {
        day.strftime(self.day_format()).to_string()
    }

    /// A time in a zone, to the minute: "2026-03-02 02:00 Europe/Paris".
    pub(super) fn time(self, at: Timestamp, timezone: &str) -> String {
        let format = format!("{} %H:%M", self.day_format());
        match at.in_tz(timezone) {
            Ok(zoned) => format!("{} {timezone}", zoned.strftime(&format)),
            Err(_) => format!("{} UTC", at.strftime(&format)),
        }
    }

    /// "a", "a and b", "a, b and c".
    pub(super) fn listed(self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => self.with("list-and", [("first", first.join(", ").into()), ("last", last.into())]),
        }
    }

    fn decimal(self, text: &str) -> String {
        if self.language == Language::English { text.to_owned() } else { text.replace('.', ",") }
    }

    fn day_format(self) -> &'static str {
        match self.language {
            Language::English => "%Y-%m-%d",
            Language::French => "%d/%m/%Y",
            Language::German => "%d.%m.%Y",
        }
    }
}

fn messages(language: &str, texts: [&str; 2]) -> Messages {
    let mut messages = Messages::new_concurrent(language.parse().into_iter().collect());
    for text in texts {
        // A text with a mistake loses only what stands there, and a test looks for that.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let _ = messages.add_resource(resource);
    }
    // What is filled in stands between backticks and quotes; marks that steer the direction are not wanted in texts.
    messages.set_use_isolating(false);
    messages
}

/// A number among what is filled in, with separators.
fn shown(value: &FluentValue<'_>, language: Language) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(grouped(&number.as_string(), separator(language))),
        _ => None,
    }
}

fn separator(language: Language) -> &'static str {
    match language {
        Language::English => ",",
        Language::French => "\u{202f}",
        Language::German => ".",
    }
}

/// Whole digits in groups of three.
fn grouped(digits: &str, separator: &str) -> String {
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

    use super::*;

    const TEXTS: [(&str, &str, &str); 3] = [
        ("en", include_str!("texts/en.ftl"), include_str!("texts/sentences.en.ftl")),
        ("fr", include_str!("texts/fr.ftl"), include_str!("texts/sentences.fr.ftl")),
        ("de", include_str!("texts/de.ftl"), include_str!("texts/sentences.de.ftl")),
    ];

    /// Every message of a text with the names of its places.
    fn messages_of(text: &'static str) -> Vec<(String, BTreeSet<String>)> {
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        let messages = resource.body.into_iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some((message.id.name.to_owned(), places(&message.value.unwrap()))),
            Entry::Junk { content } => panic!("{content}"),
            _ => None,
        });
        messages.collect()
    }

    fn places(pattern: &Pattern<&str>) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for element in &pattern.elements {
            let PatternElement::Placeable { expression } = element else { continue };
            let inline = match expression {
                Expression::Inline(inline) => inline,
                Expression::Select { selector, variants } => {
                    names.extend(variants.iter().flat_map(|variant| places(&variant.value)));
                    selector
                }
            };
            if let InlineExpression::VariableReference { id } = inline {
                names.insert(id.name.to_owned());
            }
        }
        names
    }

    #[test]
    fn every_language_has_every_text_with_the_same_places_and_once() {
        for of_sentences in [false, true] {
            let part = |(_, texts, sentences)| if of_sentences { sentences } else { texts };
            let [english, others @ ..] = TEXTS.map(|texts| (texts.0, messages_of(part(texts))));
            let ids: BTreeSet<&String> = english.1.iter().map(|(id, _)| id).collect();
            assert_eq!(ids.len(), english.1.len(), "no text is there twice");
            for (language, messages) in others {
                assert_eq!(messages, english.1, "{language}");
            }
        }
    }

    /// They share one bundle, where the second of a name would be lost.
    #[test]
    fn no_text_is_called_as_a_sentence_is() {
        let [texts, sentences] = [TEXTS[0].1, TEXTS[0].2].map(messages_of);
        let sentences: BTreeSet<String> = sentences.into_iter().map(|(id, _)| id).collect();
        assert!(texts.iter().all(|(id, _)| !sentences.contains(id)));
    }

    /// The first argument of `say`, `with` and `counted` wherever the report calls them.
    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_text_is_asked_for() {
        let there: BTreeSet<String> = messages_of(TEXTS[0].1).into_iter().map(|(id, _)| id).collect();
        let mut code = String::new();
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut code);
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("templates"), &mut code);
        for id in &there {
            assert!(code.contains(&format!("\"{id}\"")), "nothing asks for `{id}`");
        }
        for call in [".say(\"", ".with(\"", ".counted(\"", ".titled(\""] {
            for asked in code.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                assert!(there.contains(asked), "there is no text `{asked}`");
            }
        }
    }

    fn read(folder: &Path, code: &mut String) {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                read(&path, code);
            } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "html") {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn numbers_days_and_times_are_written_as_in_the_language() {
        let at: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        let shown = Language::ALL.map(Words::of).map(|words| {
            let day = words.day("2026-03-02".parse().unwrap());
            let people = words.counted("people", 1_234_567);
            (
                words.number(1_234),
                people,
                words.duration(Duration::from_millis(2_345)),
                day,
                words.time(at, "Europe/Paris"),
            )
        });
        insta::assert_debug_snapshot!(shown);
    }

    #[test]
    fn durations_are_as_exact_as_people_need() {
        let words = Words::of(Language::English);
        let seconds = [0.34, 2.345, 65.0, 3725.0].map(|s| words.duration(Duration::from_secs_f64(s)));
        assert_eq!(seconds, ["340 ms", "2.3 s", "1 min 05 s", "1 h 02 min"]);
        assert_eq!([0, 999, 1_000, 1_234_567].map(|n| words.number(n)), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn a_zone_that_does_not_exist_prints_utc() {
        let at: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        assert_eq!(Words::of(Language::English).time(at, "Europe/Atlantis"), "2026-07-01 00:00 UTC");
    }
}
