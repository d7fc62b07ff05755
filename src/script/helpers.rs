//! The helpers for text, and `fail`. Each bounds what it gives, because Rhai looks at sizes only afterwards.

use rhai::{Array, Dynamic, Engine, EvalAltResult, ImmutableString, Position};

use super::convert::{Outcome, text, text_argument, trouble};
use super::engine::{MAX_LIST, MAX_TEXT};

pub(super) fn register(engine: &mut Engine) {
    on_text(engine, "trim", |text| Ok(text.trim().into()));
    on_text(engine, "title_case", |text| Ok(title_case(text).into()));
    on_text(engine, "slug", |text| Ok(slug(text).into()));
    engine
        .register_fn("split", |text: ImmutableString, separator: ImmutableString| split(&text, &separator))
        .register_fn("split", |text: Dynamic, separator: ImmutableString| match text_argument("split", &text)? {
            Some(text) => split(&text, &separator),
            None => Ok(Dynamic::UNIT),
        })
        .register_fn("join", |list: Array, separator: ImmutableString| join(&list, &separator))
        .register_fn("join", |list: Dynamic, _: ImmutableString| -> Outcome<Dynamic> {
            Ok(text_argument("join", &list)?.map_or(Dynamic::UNIT, Dynamic::from))
        })
        .register_fn("fail", fail);
    // Rhai's own grows without bound: every letter of a long text replaced by a long text.
    engine
        .register_fn("replace", |text: &mut ImmutableString, find: ImmutableString, by: ImmutableString| {
            replace(text, &find, &by)
        })
        .register_fn("replace", |text: &mut ImmutableString, find: char, by: ImmutableString| {
            replace(text, find.encode_utf8(&mut [0; 4]), &by)
        });
    register_first_of(engine);
}

/// Registers a helper from text to text: found at once for a text, `()` for `()`, and for numbers and dates as text.
fn on_text(
    engine: &mut Engine,
    name: &'static str,
    helper: impl Fn(&str) -> Outcome<ImmutableString> + Copy + Send + Sync + 'static,
) {
    engine.register_fn(name, move |text: ImmutableString| helper(&text)).register_fn(
        name,
        move |value: Dynamic| -> Outcome<Dynamic> {
            match text_argument(name, &value)? {
                Some(text) => Ok(helper(&text)?.into()),
                None => Ok(Dynamic::UNIT),
            }
        },
    );
}

fn register_first_of(engine: &mut Engine) {
    type D = Dynamic;
    engine
        .register_fn("first_of", |a: D| first_of([a]))
        .register_fn("first_of", |a: D, b: D| first_of([a, b]))
        .register_fn("first_of", |a: D, b: D, c: D| first_of([a, b, c]))
        .register_fn("first_of", |a: D, b: D, c: D, d: D| first_of([a, b, c, d]))
        .register_fn("first_of", |a: D, b: D, c: D, d: D, e: D| first_of([a, b, c, d, e]))
        .register_fn("first_of", |a: D, b: D, c: D, d: D, e: D, f: D| first_of([a, b, c, d, e, f]))
        .register_fn("first_of", |a: D, b: D, c: D, d: D, e: D, f: D, g: D| first_of([a, b, c, d, e, f, g]))
        .register_fn("first_of", |a: D, b: D, c: D, d: D, e: D, f: D, g: D, h: D| first_of([a, b, c, d, e, f, g, h]));
}

fn first_of<const N: usize>(values: [Dynamic; N]) -> Dynamic {
    let is_empty = |value: &Dynamic| {
        value.is_unit()
            || value.as_immutable_string_ref().is_ok_and(|text| text.trim().is_empty())
            || value.as_array_ref().is_ok_and(|items| items.is_empty())
    };
    values.into_iter().find(|value| !is_empty(value)).unwrap_or(Dynamic::UNIT)
}

/// The author's own words come out exactly; Rhai's runtime error with a text is nothing else's.
fn fail(why: Dynamic) -> Outcome<Dynamic> {
    let why = text(&why).unwrap_or_else(|| "the script failed without saying why".into());
    Err(EvalAltResult::ErrorRuntime(why.into(), Position::NONE).into())
}

fn split(text: &str, separator: &str) -> Outcome<Dynamic> {
    if separator.is_empty() {
        return trouble("`split` needs a separator that is not empty");
    }
    let mut pieces = Array::new();
    for piece in text.split(separator) {
        if pieces.len() == MAX_LIST {
            return trouble(format!("`split` gives more than {MAX_LIST} pieces"));
        }
        pieces.push(ImmutableString::from(piece.trim()).into());
    }
    Ok(Dynamic::from_array(pieces))
}

fn join(list: &Array, separator: &str) -> Outcome<Dynamic> {
    let mut joined = String::new();
    for item in list {
        let Some(text) = text_argument("join", item)?.filter(|text| !text.trim().is_empty()) else { continue };
        if !joined.is_empty() {
            joined.push_str(separator);
        }
        joined.push_str(&text);
        if joined.len() > MAX_TEXT {
            return trouble(format!("`join` gives a text of more than {MAX_TEXT} bytes"));
        }
    }
    Ok(joined.into())
}

fn replace(text: &mut ImmutableString, find: &str, by: &str) -> Outcome<()> {
    let matches = if find.is_empty() { text.chars().count() + 1 } else { text.matches(find).count() };
    if text.len() + matches * by.len() > MAX_TEXT + matches * find.len() {
        return trouble(format!("`replace` gives a text of more than {MAX_TEXT} bytes"));
    }
    *text = text.replace(find, by).into();
    Ok(())
}

/// Every word with a capital: also after a hyphen, and after an apostrophe with two or more letters behind it. A part
/// that has its capital and small letters already (`McDonald`) stays as it is.
pub(super) fn title_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_apostrophe = false;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
        if end == 0 {
            after_apostrophe =
                matches!(first, '\'' | '’') && out.chars().next_back().is_some_and(char::is_alphanumeric);
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (part, behind) = rest.split_at(end);
        push_part(&mut out, part, after_apostrophe && part.chars().nth(1).is_none());
        after_apostrophe = false;
        rest = behind;
    }
    out
}

fn push_part(out: &mut String, part: &str, small: bool) {
    let mut letters = part.chars();
    let Some(first) = letters.next() else { return };
    let mixed = first.is_uppercase() && part.chars().any(char::is_lowercase);
    match (mixed, small) {
        (true, _) => out.push_str(part),
        (false, true) => out.push_str(&part.to_lowercase()),
        (false, false) => {
            out.extend(first.to_uppercase());
            out.push_str(&letters.as_str().to_lowercase());
        }
    }
}

/// Small letters and digits, Latin letters without their accents, one hyphen for whatever stands between.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.chars().flat_map(char::to_lowercase) {
        if is_combining(letter) {
            continue;
        }
        if !letter.is_alphanumeric() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push('-');
        }
        match without_accent(letter) {
            Some(plain) => out.push_str(plain),
            None => out.push(letter),
        }
    }
    out
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36F}')
}

fn without_accent(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ð' | 'ď' | 'đ' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}
