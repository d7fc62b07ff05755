//! What tells mail programs that mails belong together: the list of a recipe, and the threads on it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::super::words::one_line;
use super::MailError;
use super::message::{self, slug};

/// The longest part of an id that comes from a name, in characters: an id is in one line (RFC 5322 §2.1.1).
const LONGEST_TOKEN: usize = 60;

/// The longest phrase, in characters.
const LONGEST_PHRASE: usize = 200;

/// Bytes in one encoded word: as base64 and with what stands around it at most 75 characters (RFC 2047 §2).
const WORD: usize = 45;

/// All mails about one recipe, as mail programs see them.
pub(super) struct List {
    /// The recipe's name.
    name: String,
    /// The name as a part of ids: different for different names.
    token: String,
    /// The domain of the sender, in which ids are made.
    domain: String,
}

/// Mails of a list that are shown together.
#[derive(Clone, Copy)]
pub(super) enum Thread {
    Reports,
    Notices,
}

impl List {
    pub(super) fn of(recipe: &str, from: &str) -> Result<Self, MailError> {
        Ok(Self { name: one_line(recipe), token: token(recipe), domain: message::domain(from)? })
    }

    pub(super) fn token(&self) -> &str {
        &self.token
    }

    /// The id of the mail with this name.
    pub(super) fn message_id(&self, name: &str) -> String {
        format!("{}.{}@{}", slug(name), self.token, self.domain)
    }

    /// The headers of every mail of a thread.
    pub(super) fn headers(&self, thread: Thread) -> Vec<(String, String)> {
        let Self { name, token, domain } = self;
        let kind = match thread {
            Thread::Reports => "reports",
            Thread::Notices => "notices",
        };
        // No mail has this id; it is what keeps the mails of one recipe together.
        let first = format!("<{token}.{kind}@{domain}>");
        let list_id = format!("{} <{token}.rollbook.{domain}>", phrase(name));
        let headers = [
            ("Auto-Submitted", "auto-generated"),
            ("List-Id", &*list_id),
            ("In-Reply-To", &*first),
            ("References", &*first),
        ];
        headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }
}

/// A name as a part of ids. What an id cannot have is told apart by a hash.
fn token(name: &str) -> String {
    let slug = slug(name);
    if slug == name && name.len() <= LONGEST_TOKEN {
        return slug;
    }
    let mut token: String = slug.chars().take(LONGEST_TOKEN).collect();
    token.push('-');
    // Writing to a string does not fail.
    Sha256::digest(name)[..4].iter().for_each(|byte| _ = write!(token, "{byte:02x}"));
    token
}

/// A text as headers have it before an address: as it is, in quotes, or encoded (RFC 5322 §3.2.5, RFC 2047 §5).
fn phrase(text: &str) -> String {
    let text: String = text.chars().take(LONGEST_PHRASE).collect();
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~ ".contains(sign);
    if text.chars().all(is_plain) && !text.contains("=?") {
        return text;
    }
    if text.is_ascii() && !text.contains("=?") {
        return format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    }
    encoded(&text)
}

/// A text as encoded words, whatever is in it; with a space where a line may end.
pub(super) fn encoded(text: &str) -> String {
    let mut words: Vec<String> = vec![String::new()];
    for sign in text.chars() {
        if words.last().is_some_and(|word| word.len() + sign.len_utf8() > WORD) {
            words.push(String::new());
        }
        words.last_mut().into_iter().for_each(|word| word.push(sign));
    }
    let encoded = words.iter().map(|word| format!("=?utf-8?b?{}?=", STANDARD.encode(word)));
    encoded.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipes_whose_names_look_alike_have_different_ids() {
        assert_eq!(token("acme-360learning"), "acme-360learning");
        let tokens = [token("日本"), token("中国"), token("a b"), token("a-b"), token(&"x".repeat(900))];
        let different: std::collections::BTreeSet<_> = tokens.iter().collect();
        assert_eq!(different.len(), tokens.len(), "{tokens:?}");
        assert!(tokens.iter().all(|token| token.is_ascii() && token.len() < 80), "{tokens:?}");
    }

    #[test]
    fn a_phrase_is_quoted_or_encoded_where_it_must_be() {
        assert_eq!(phrase("acme 360learning"), "acme 360learning");
        assert_eq!(phrase("Acme, \"Inc\" \\ <x>"), "\"Acme, \\\"Inc\\\" \\\\ <x>\"");
        assert_eq!(phrase("Öz"), "=?utf-8?b?w5Z6?=");
        assert!(phrase(&"日".repeat(100)).split(' ').all(|word| word.len() <= 75));
    }
}
