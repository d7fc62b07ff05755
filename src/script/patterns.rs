//! `replace_regex` and `capture`: regular expressions, compiled once a session.

use std::collections::HashMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use rhai::{Dynamic, Engine, ImmutableString};

use super::convert::{Outcome, text_argument, trouble};
use super::engine::{MAX_TEXT, Shared};

/// So many patterns are kept; a script that makes up more has each compiled again.
const MOST_KEPT: usize = 200;
const MAX_COMPILED: usize = 256 * 1024;
/// How many bytes all patterns may go through for one person, because Rhai counts a whole match as one step. Each match
/// costs something extra for the compiling that it may need, so that no person pays for what another has used.
const BUDGET: usize = 1 << 20;
pub(super) const EACH: usize = 1024;

/// The patterns that were used so far.
#[derive(Default)]
pub(super) struct Patterns {
    compiled: HashMap<Box<str>, Regex>,
    spent: usize,
}

impl Patterns {
    pub(super) fn next_person(&mut self) {
        self.spent = 0;
    }

    /// What the person's patterns went through, and whether that was more than they may.
    pub(super) fn spent(&self) -> (usize, bool) {
        (self.spent, self.spent > BUDGET)
    }

    /// How much more they may go through.
    pub(super) fn left(&self) -> usize {
        BUDGET.saturating_sub(self.spent)
    }

    /// Spends what an earlier run spent, if there is so much left.
    pub(super) fn spend_again(&mut self, bytes: usize) -> bool {
        let enough = self.spent + bytes <= BUDGET;
        self.spent += if enough { bytes } else { 0 };
        enough
    }

    fn get(&mut self, pattern: &str, text: &str) -> Result<Regex, String> {
        self.spent += text.len() + EACH;
        if self.spent > BUDGET {
            return Err("the patterns of this script go through too much text".to_owned());
        }
        if let Some(known) = self.compiled.get(pattern) {
            return Ok(known.clone());
        }
        let regex = compile(pattern)?;
        if self.compiled.len() == MOST_KEPT {
            self.compiled.clear();
        }
        self.compiled.insert(pattern.into(), regex.clone());
        Ok(regex)
    }
}

/// A pattern, or what is wrong with it in one line.
pub(super) fn compile(pattern: &str) -> Result<Regex, String> {
    let result = RegexBuilder::new(pattern).size_limit(MAX_COMPILED).dfa_size_limit(MAX_COMPILED).build();
    result.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            format!("the pattern is no regular expression: {}", last.trim_start_matches("error: "))
        }
    })
}

pub(super) fn register(engine: &mut Engine, shared: &Arc<Shared>) {
    type Text = ImmutableString;
    let own = Arc::clone(shared);
    let replace = move |text: Dynamic, pattern: Text, by: Text| -> Outcome<Dynamic> {
        let Some(text) = text_argument("replace_regex", &text)? else { return Ok(Dynamic::UNIT) };
        let regex = own.pattern(&pattern, &text)?;
        Ok(replaced(&text, &regex, &by)?.map_or(text, ImmutableString::from).into())
    };
    engine.register_fn("replace_regex", replace);
    let own = Arc::clone(shared);
    engine.register_fn("capture", move |text: Dynamic, pattern: Text| -> Outcome<Dynamic> {
        let Some(text) = text_argument("capture", &text)? else { return Ok(Dynamic::UNIT) };
        let regex = own.pattern(&pattern, &text)?;
        let group = usize::from(regex.captures_len() > 1);
        Ok(found(regex.captures(&text).and_then(|captures| captures.get(group))))
    });
    let own = Arc::clone(shared);
    engine.register_fn("capture", move |text: Dynamic, pattern: Text, group: i64| -> Outcome<Dynamic> {
        let Some(text) = text_argument("capture", &text)? else { return Ok(Dynamic::UNIT) };
        let regex = own.pattern(&pattern, &text)?;
        let Some(group) = usize::try_from(group).ok().filter(|group| *group < regex.captures_len()) else {
            return trouble(format!("the pattern has no group {group}"));
        };
        Ok(found(regex.captures(&text).and_then(|captures| captures.get(group))))
    });
    let own = Arc::clone(shared);
    engine.register_fn("capture", move |text: Dynamic, pattern: Text, group: Text| -> Outcome<Dynamic> {
        let Some(text) = text_argument("capture", &text)? else { return Ok(Dynamic::UNIT) };
        let regex = own.pattern(&pattern, &text)?;
        if !regex.capture_names().flatten().any(|name| name == group.as_str()) {
            return trouble(format!("the pattern has no group `{group}`"));
        }
        Ok(found(regex.captures(&text).and_then(|captures| captures.name(&group))))
    });
}

fn found(found: Option<regex::Match<'_>>) -> Dynamic {
    found.map_or(Dynamic::UNIT, |found| ImmutableString::from(found.as_str()).into())
}

/// The text with every match replaced; `None` where that leaves it as it is.
pub(super) fn replaced(text: &str, regex: &Regex, by: &str) -> Outcome<Option<String>> {
    let groups_named = by.matches('$').count();
    if groups_named > 0 {
        return with_groups(text, regex, by, groups_named).map(Some);
    }
    let mut out: Option<String> = None;
    let mut done = 0;
    for found in regex.find_iter(text) {
        if out.is_none() && found.as_str() == by {
            continue;
        }
        let out = out.get_or_insert_with(|| String::with_capacity(text.len()));
        out.push_str(&text[done..found.start()]);
        out.push_str(by);
        done = found.end();
        if out.len() > MAX_TEXT {
            return too_long();
        }
    }
    let Some(mut out) = out else {
        return if text.len() > MAX_TEXT { too_long() } else { Ok(None) };
    };
    out.push_str(&text[done..]);
    if out.len() > MAX_TEXT { too_long() } else { Ok(Some(out)) }
}

fn with_groups(text: &str, regex: &Regex, by: &str, groups_named: usize) -> Outcome<String> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        out.push_str(&text[done..whole.start()]);
        done = whole.end();
        // No group is longer than the match, so this is the most that one replacement can be.
        if by.len() + groups_named * whole.len() > MAX_TEXT * 16 {
            return too_long();
        }
        captures.expand(by, &mut out);
        if out.len() > MAX_TEXT {
            return too_long();
        }
    }
    out.push_str(&text[done..]);
    if out.len() > MAX_TEXT { too_long() } else { Ok(out) }
}

fn too_long<T>() -> Outcome<T> {
    trouble(format!("`replace_regex` gives a text of more than {MAX_TEXT} bytes"))
}

impl Shared {
    fn pattern(&self, pattern: &str, text: &str) -> Outcome<Regex> {
        let compiled = self.state().patterns.get(pattern, text);
        compiled.or_else(trouble)
    }
}
