//! A mail in the form that travels: headers, text and page as alternatives, files.
//!
//! The library makes everything but what is in the files: it would hold a large one three times. Those are encoded
//! piece by piece while the mail is written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Body, Mailbox, MultiPart, SinglePart};

use super::super::words::one_line;
use super::{Attachment, Content, Mail, MailError, headers};

/// The longest subject, in characters. One word of it is in one line (RFC 5322 §2.1.1).
const LONGEST_SUBJECT: usize = 500;

/// A mail as it travels, in one piece, and to whom: bare addresses.
#[derive(Clone, PartialEq, Eq)]
pub struct Packed {
    /// Who sends it, as mail servers tell each other.
    pub sender: String,
    /// Who gets it; each as somebody of their own.
    pub recipients: Vec<String>,
    /// The whole text, of ASCII alone.
    pub content: String,
}

impl Mail {
    /// The mail as it is handed to a server.
    ///
    /// # Errors
    /// When an address or a header cannot be used.
    pub fn pack(&self) -> Result<Packed, MailError> {
        let eml = build(self)?;
        let ascii = String::from_utf8(eml.whole()).ok().filter(|text| text.is_ascii());
        let Some(content) = ascii else { return Err(MailError::Build("it holds more than ASCII".to_owned())) };
        let bare = |address: &lettre::Address| address.to_string();
        let sender = eml.envelope.from().map(bare).unwrap_or_default();
        Ok(Packed { sender, recipients: eml.envelope.to().iter().map(bare).collect(), content })
    }
}

/// An address without the name, if mail servers take it; in small letters, as nobody tells them apart.
#[must_use]
pub fn bare_address(text: &str) -> Option<String> {
    mailbox(text, String::new).ok().map(|mailbox| mailbox.email.to_string().to_lowercase())
}

/// Those among recipients that mail servers take, each once however it is written, and what is wrong with the others.
#[must_use]
pub fn sort_out<'a>(to: impl IntoIterator<Item = &'a String>) -> (Vec<String>, Vec<MailError>) {
    let (mut known, mut fit, mut unfit) = (BTreeSet::new(), Vec::new(), Vec::new());
    for (index, text) in to.into_iter().enumerate() {
        match bare_address(text) {
            Some(address) if known.insert(address.clone()) => fit.push(text.clone()),
            Some(_) => {}
            None => unfit.push(MailError::Address { role: format!("recipient {}", index + 1) }),
        }
    }
    (fit, unfit)
}

/// A mail as it travels.
pub(super) struct Eml<'m> {
    /// From whom and to whom, as mail servers tell each other.
    pub(super) envelope: Envelope,
    /// Headers, text and page.
    opening: Vec<u8>,
    files: Vec<File<'m>>,
    /// The line that ends the mail.
    closing: String,
}

/// A file in it: the line before its part and the part's headers, and what is in it.
struct File<'m> {
    opening: Vec<u8>,
    content: &'m Content,
}

/// Bytes of a file in one line, which then has 76 characters: RFC 2045 allows no more. A block of a file is so many lines.
pub(super) const LINE: usize = 57;

/// Builds the mail.
pub(super) fn build(mail: &Mail) -> Result<Eml<'_>, MailError> {
    let parts = match &mail.html {
        Some(html) => MultiPart::mixed().multipart(MultiPart::alternative_plain_html(mail.text.clone(), html.clone())),
        None => MultiPart::mixed().singlepart(SinglePart::plain(mail.text.clone())),
    };
    let boundary = parts.boundary();
    let closing = format!("--{boundary}--\r\n");
    let message = headers(mail)?.multipart(parts).map_err(|_| MailError::Build("a part is missing".to_owned()))?;
    let mut opening = message.formatted();
    opening.truncate(opening.len() - closing.len());
    let files = mail.attachments.iter().map(|attachment| File::of(attachment, &boundary));
    Ok(Eml { envelope: message.envelope().clone(), opening, files: files.collect::<Result<_, _>>()?, closing })
}

impl Eml<'_> {
    /// The mail's text in order, piece by piece.
    pub(super) fn pieces(&self) -> impl Iterator<Item = Cow<'_, [u8]>> {
        let once = |bytes| std::iter::once(Cow::Borrowed(bytes));
        let files = self.files.iter().flat_map(File::pieces);
        once(&self.opening[..]).chain(files).chain(once(self.closing.as_bytes()))
    }

    /// At most how many bytes the whole text has.
    fn length(&self) -> usize {
        let blocks = self.files.iter().flat_map(|file| file.content.blocks());
        let content: usize = blocks.map(encoded_length).sum();
        self.opening.len() + content + (4 << 10)
    }

    /// The whole text.
    pub(super) fn whole(&self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.length());
        self.pieces().for_each(|piece| whole.extend_from_slice(&piece));
        whole
    }
}

impl<'m> File<'m> {
    fn of(attachment: &'m Attachment, boundary: &str) -> Result<Self, MailError> {
        let media_type = ContentType::parse(&attachment.media_type)
            .map_err(|_| MailError::Build(format!("`{}` is not a media type", attachment.media_type)))?;
        let nothing = Body::dangerous_pre_encoded(Vec::new(), ContentTransferEncoding::Base64);
        let empty = message::Attachment::new(one_line(&attachment.name)).body(nothing, media_type);
        let mut opening = format!("--{boundary}\r\n").into_bytes();
        opening.extend(empty.formatted());
        // The end of the line that would be the content's last.
        opening.truncate(opening.len() - 2);
        Ok(Self { opening, content: &attachment.content })
    }

    fn pieces(&self) -> impl Iterator<Item = Cow<'_, [u8]>> {
        let content = self.content.blocks().map(|block| Cow::Owned(encoded(block).into_bytes()));
        std::iter::once(Cow::Borrowed(&self.opening[..])).chain(content)
    }
}

/// A block as base64 in lines.
fn encoded(block: &[u8]) -> String {
    let mut text = String::with_capacity(encoded_length(block));
    for line in block.chunks(LINE) {
        STANDARD.encode_string(line, &mut text);
        text.push_str("\r\n");
    }
    text
}

/// At most, with the ends of lines.
pub(super) fn encoded_length(block: &[u8]) -> usize {
    block.len().div_ceil(LINE) * 78
}

fn headers(mail: &Mail) -> Result<message::MessageBuilder, MailError> {
    if mail.to.is_empty() {
        return Err(MailError::NoRecipients);
    }
    let mut builder = Message::builder()
        .from(mailbox(&mail.from, || "the sender".to_owned())?)
        .date(SystemTime::from(mail.date))
        .message_id(Some(format!("<{}>", one_line(&mail.message_id))));
    let subject: String = one_line(&mail.subject).chars().take(LONGEST_SUBJECT).collect();
    builder = match subject.contains("=?") {
        // The library leaves ASCII as it is, and this would be read as an encoded word.
        true => builder.raw_header(header("Subject", &headers::encoded(&subject))?),
        false => builder.subject(subject),
    };
    for (index, address) in mail.to.iter().enumerate() {
        builder = builder.to(mailbox(address, || format!("recipient {}", index + 1))?);
    }
    for (name, value) in &mail.headers {
        builder = builder.raw_header(header(name, value)?);
    }
    Ok(builder)
}

fn header(name: &str, value: &str) -> Result<HeaderValue, MailError> {
    let wrong = |_| MailError::Build(format!("`{name}` is not the name of a header"));
    let header = HeaderName::new_from_ascii(name.to_owned()).map_err(wrong)?;
    Ok(HeaderValue::new(header, one_line(value)))
}

/// An address with a name or without. Letters beyond ASCII in the address itself are taken by few servers (RFC 6531), and
/// would make them a part of the headers.
fn mailbox(text: &str, role: impl Fn() -> String) -> Result<Mailbox, MailError> {
    let mailbox = text.parse().ok().filter(|mailbox: &Mailbox| mailbox.email.to_string().is_ascii());
    mailbox.ok_or_else(|| MailError::Address { role: role() })
}

/// The domain of the sender, in which ids are made.
pub(super) fn domain(from: &str) -> Result<String, MailError> {
    let mailbox = mailbox(from, || "the sender".to_owned())?;
    Ok(mailbox.email.domain().to_owned())
}

/// A name with nothing in it that a file name or a message id could not have.
pub(super) fn slug(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let slug: String = name.chars().map(allowed).collect();
    if slug.is_empty() { "report".to_owned() } else { slug }
}
