//! YAML as nodes that know where they stand, so that every problem has a line and a column.
//!
//! The only module that names the YAML library. What a node means is decided by the schema and by `compile`.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use serde_yaml::{Location, Spanned};

use crate::problem::{Place, Problem, Problems, SourceFile};

/// A YAML document.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its text.
    pub file: Arc<SourceFile>,
    /// What is in it.
    pub root: Node,
}

/// A value and its place.
#[derive(Debug, Clone)]
pub struct Node {
    /// The value.
    pub kind: Kind,
    span: Range<usize>,
}

/// A value of a YAML document.
#[derive(Debug, Clone)]
pub enum Kind {
    /// No value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(serde_json::Number),
    /// Text.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the author's order.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key.
    pub text: String,
    span: Range<usize>,
}

impl Document {
    /// Parses a text. What is wrong with it becomes a problem.
    pub fn parse(file: &Arc<SourceFile>, problems: &mut Problems) -> Option<Self> {
        match serde_yaml::from_str_with_options::<Spanned<Raw>>(&file.text, options()) {
            Ok(raw) => Some(Self { file: Arc::clone(file), root: Node::from_raw(raw, &file.text) }),
            Err(error) => {
                let place = error.location().map_or_else(|| Place::start(file), |at| slip(file, &at));
                problems.push(yaml_problem(&error.without_snippet().to_string(), &place));
                None
            }
        }
    }

    /// The place of a node.
    #[must_use]
    pub fn place(&self, node: &Node) -> Place {
        Place::new(&self.file, node.span.clone())
    }

    /// The place of a key.
    #[must_use]
    pub fn key_place(&self, key: &Key) -> Place {
        Place::new(&self.file, key.span.clone())
    }

    /// The node at a JSON pointer, or the nearest above it that exists.
    #[must_use]
    pub fn find(&self, pointer: &str) -> &Node {
        let mut node = &self.root;
        for part in pointer.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            match node.child(&part) {
                Some(child) => node = child,
                None => return node,
            }
        }
        node
    }

    /// The place of a JSON pointer's value.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Place {
        self.place(self.find(pointer))
    }

    /// The place of the key at a JSON pointer; of its value in a sequence.
    #[must_use]
    pub fn key_at(&self, pointer: &str) -> Place {
        let (parent, last) = pointer.rsplit_once('/').unwrap_or(("", pointer));
        let last = last.replace("~1", "/").replace("~0", "~");
        match &self.find(parent).kind {
            Kind::Map(entries) => match entries.iter().find(|(key, _)| key.text == last) {
                Some((key, _)) => self.key_place(key),
                None => self.at(pointer),
            },
            _ => self.at(pointer),
        }
    }
}

impl Document {
    /// Takes the key at a JSON pointer for another one, where no two would be the same then.
    pub(super) fn correct(&mut self, pointer: &str, meant: &str) {
        let Some((parent, last)) = pointer.rsplit_once('/') else { return };
        let last = last.replace("~1", "/").replace("~0", "~");
        let mut node = &mut self.root;
        for part in parent.split('/').skip(1) {
            let part = part.replace("~1", "/").replace("~0", "~");
            let Some(child) = node.child_mut(&part) else { return };
            node = child;
        }
        let Kind::Map(entries) = &mut node.kind else { return };
        if entries.iter().any(|(key, _)| key.text == meant) {
            return;
        }
        if let Some((key, _)) = entries.iter_mut().find(|(key, _)| key.text == last) {
            meant.clone_into(&mut key.text);
        }
    }
}

impl Node {
    fn from_raw(raw: Spanned<Raw>, text: &str) -> Self {
        let span = span(&raw.referenced, text);
        let kind = match raw.value {
            Raw::Null => Kind::Null,
            Raw::Bool(yes) => Kind::Bool(yes),
            Raw::Number(number) => Kind::Number(number),
            Raw::Text(text) => Kind::Text(text),
            Raw::List(items) => Kind::List(items.into_iter().map(|item| Self::from_raw(item, text)).collect()),
            Raw::Map(entries) => Kind::Map(
                entries
                    .into_iter()
                    .map(|(key, value)| {
                        let key = Key { span: self::span(&key.referenced, text), text: key.value };
                        (key, Self::from_raw(value, text))
                    })
                    .collect(),
            ),
        };
        Self { kind, span }
    }

    fn child(&self, part: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(key, _)| key.text == part).map(|(_, node)| node),
            Kind::List(items) => items.get(part.parse::<usize>().ok()?),
            _ => None,
        }
    }

    fn child_mut(&mut self, part: &str) -> Option<&mut Self> {
        match &mut self.kind {
            Kind::Map(entries) => entries.iter_mut().find(|(key, _)| key.text == part).map(|(_, node)| node),
            Kind::List(items) => items.get_mut(part.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// The value without its places, for the schema and for typed reading.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match &self.kind {
            Kind::Null => Json::Null,
            Kind::Bool(yes) => Json::Bool(*yes),
            Kind::Number(number) => Json::Number(number.clone()),
            Kind::Text(text) => Json::String(text.clone()),
            Kind::List(items) => items.iter().map(Self::to_json).collect(),
            Kind::Map(entries) => entries.iter().map(|(key, node)| (key.text.clone(), node.to_json())).collect(),
        }
    }
}

/// How deep values may stand in each other: deeper than any recipe, and no danger to a thread's stack.
const MAX_DEPTH: usize = 16;

/// YAML 1.2: `yes`, `no` and `on` are words, as in `lang: no`.
fn options() -> serde_yaml::Options {
    serde_yaml::options! { strict_booleans: true, budget: serde_yaml::budget! { max_depth: MAX_DEPTH } }
}

/// The bytes of a value; of its first line where it goes over several.
fn span(location: &Location, text: &str) -> Range<usize> {
    let start = location.span().byte_offset().and_then(|at| usize::try_from(at).ok()).unwrap_or(0).min(text.len());
    let length = location.span().byte_len().and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
    let end = (start + length).min(text.len());
    let first_line = text.get(start..end).map_or(0, |part| part.lines().next().unwrap_or_default().trim_end().len());
    start..start + first_line
}

/// Where the library stopped. It counts bytes only for what it could read, and else lines and columns.
fn slip(file: &Arc<SourceFile>, location: &Location) -> Place {
    let number = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    match location.span().byte_offset() {
        Some(_) => Place::new(file, span(location, &file.text)),
        None => {
            let start = file.offset(number(location.line()), number(location.column()));
            Place::new(file, start..start)
        }
    }
}

/// The library's words, without its own "at line …" which the problem shows anyway.
fn yaml_problem(words: &str, place: &Place) -> Problem {
    let first = words.lines().next().unwrap_or_default();
    if let Some(key) = first.strip_prefix("duplicate mapping key: ") {
        let key = key.split(',').next().unwrap_or(key);
        let message = format!("the key `{key}` stands here a second time");
        return Problem::new("duplicate-key", place, message).help("keep one of the two");
    }
    if first.starts_with("multiple YAML documents") {
        let message = "a second document begins here; a file holds one";
        return Problem::new("bad-yaml", place, message).help("take the line `---` out");
    }
    if first.starts_with("budget breached: Depth") {
        let message = format!("values stand in each other more than {MAX_DEPTH} deep here");
        return Problem::new("bad-yaml", place, message).help("no part of the recipe language is that deep");
    }
    if first.starts_with("budget breached") {
        return Problem::new("bad-yaml", place, "this file is too involved to be read")
            .help("repeat less, and write aliases out");
    }
    if first.starts_with("cannot deserialize") {
        return Problem::new("bad-yaml", place, "a key must be text").help("write a word before the colon");
    }
    if first.starts_with("recursive references") {
        return Problem::new("bad-yaml", place, "this stands within itself").help("write the value out");
    }
    let cut = first.find(" at line ").or_else(|| first.find(" (line ")).unwrap_or(first.len());
    let message = format!("this is not YAML that can be read: {}", first[..cut].trim_end_matches(['.', ':', ',']));
    Problem::new("bad-yaml", place, message)
        .help("check the indentation, the colons and the quotes here and just before")
}

/// A node on its way out of the library.
enum Raw {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<String>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(yes))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Raw, E> {
        Ok(Raw::Number(number.into()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Raw, E> {
        Ok(serde_json::Number::from_f64(number).map_or_else(|| Raw::Text(number.to_string()), Raw::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<Document>, Vec<Problem>) {
        let mut problems = Problems::new();
        let document = Document::parse(&SourceFile::new("r.yaml", text), &mut problems);
        (document, problems.into_sorted())
    }

    #[test]
    fn every_key_and_value_knows_its_line_and_column() {
        let (document, _) = parse("a: 1\nlimits:\n  deactivate: { most: 20, few: x }\n");
        let document = document.expect("YAML");
        assert_eq!(document.at("/limits/deactivate/few").line_column(), (3, 32));
        assert_eq!(document.key_at("/limits/deactivate/few").line_column(), (3, 27));
        assert_eq!(document.at("/limits/deactivate/missing").line_column(), (3, 15));
    }

    #[test]
    fn words_stay_words_and_numbers_stay_numbers() {
        let (document, _) = parse("a: \"1\"\nb: 1\nc: on\nd: yes\ne: 2026-03-02\nf: true\ng: ~\non: [x]\nz: 007\n");
        let json = document.expect("YAML").root.to_json().to_string();
        insta::assert_snapshot!(json, @r#"{"a":"1","b":1,"c":"on","d":"yes","e":"2026-03-02","f":true,"g":null,"on":["x"],"z":7.0}"#);
    }

    #[test]
    fn a_slip_in_the_syntax_and_a_key_twice_are_problems_with_a_place() {
        let (_, problems) = parse("a: [1, 2\nb: 3\n");
        assert_eq!(problems[0].code, "bad-yaml");
        assert!(problems[0].line_column().is_some());
        let (_, problems) = parse("a: 1\na: 2\n");
        insta::assert_snapshot!(format!("{} {:?}", problems[0].message, problems[0].line_column()), @"the key `a` stands here a second time Some((2, 1))");
    }
}
