//! The words of a notice: what people are told of trouble, line by line, in the language of their reports.

use std::borrow::Cow;

use jiff::Timestamp;

use super::language::Words;
use crate::model::{Language, Whose};

/// The words of notices in one language, with times of one zone.
pub struct NoticeWords<'z> {
    words: Words,
    timezone: &'z str,
}

impl<'z> NoticeWords<'z> {
    /// The words of a language. Times are written as in reports; in UTC where there is no such zone.
    #[must_use]
    pub fn of(language: Language, timezone: &'z str) -> Self {
        Self { words: Words::of(language), timezone }
    }

    /// The subject: a recipe needs attention.
    #[must_use]
    pub fn trouble(&self, recipe: &str) -> String {
        self.words.with("notice-trouble", [("recipe", recipe.into())])
    }

    /// The subject: a recipe is well again.
    #[must_use]
    pub fn well(&self, recipe: &str) -> String {
        self.words.with("notice-well", [("recipe", recipe.into())])
    }

    /// The heading of what was not done.
    #[must_use]
    pub fn not_done(&self) -> String {
        self.words.say("notice-not-done")
    }

    /// The heading of people who failed.
    #[must_use]
    pub fn failed(&self, people: usize) -> String {
        self.words.counted("notice-failed", people)
    }

    /// The heading of what the brake holds.
    #[must_use]
    pub fn held(&self) -> String {
        self.words.say("notice-held")
    }

    /// One line: who or what it is about, what is wrong, since when, and how often it was seen.
    #[must_use]
    pub fn entry(&self, subject: &str, what: &str, since: Timestamp, times: usize) -> String {
        let since = self.words.time(since, self.timezone);
        let places = [("subject", subject.into()), ("what", what.into()), ("since", since.into())];
        let [subject, what, since] = places;
        match times {
            0 | 1 => self.words.with("notice-entry", [subject, what, since]),
            times => self.words.with("notice-entry-again", [subject, what, since, ("times", times.into())]),
        }
    }

    /// The line for those that are not listed.
    #[must_use]
    pub fn more(&self, entries: usize) -> String {
        self.words.counted("notice-more", entries)
    }

    /// How it can be seen what is wrong now, and when more is told.
    #[must_use]
    pub fn how_it_stands(&self) -> String {
        self.words.say("notice-how-it-stands")
    }

    /// That nothing is wrong, since a moment if that is known.
    #[must_use]
    pub fn over(&self, since: Option<Timestamp>) -> String {
        match since {
            Some(since) => {
                let since = self.words.time(since, self.timezone);
                self.words.with("notice-over-since", [("since", since.into())])
            }
            None => self.words.say("notice-over"),
        }
    }

    /// A full sync, as the subject of a line.
    #[must_use]
    pub fn full_sync(&self) -> String {
        self.words.say("notice-full-sync")
    }

    /// Real time, as the subject of a line.
    #[must_use]
    pub fn real_time(&self) -> String {
        self.words.say("notice-real-time")
    }

    /// Whose move it is; where that is not known, the report tells more.
    #[must_use]
    pub fn whose(&self, whose: Option<Whose>) -> String {
        whose.map_or_else(|| self.words.say("notice-see-report"), |whose| self.words.whose(whose))
    }

    /// What is wrong, and what to do about it.
    #[must_use]
    pub fn what_to_do(&self, why: &str, todo: &str) -> String {
        let [why, todo] = [why, todo].map(|text| self.words.sentence(text));
        self.words.with("notice-what-to-do", [("why", why.into()), ("todo", todo.into())])
    }

    /// A sentence of the engine, a run or a connector; what is nobody's of these stays as it is.
    #[must_use]
    pub fn sentence<'t>(&self, english: &'t str) -> Cow<'t, str> {
        self.words.sentence(english)
    }
}
