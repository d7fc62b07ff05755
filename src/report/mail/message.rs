//! A mail in the form that travels: headers, text and page as alternatives, files.

use std::time::SystemTime;

use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{self, Mailbox, MultiPart, SinglePart};

use super::super::words::one_line;
use super::{Attachment, Mail, MailError};

/// Builds the message.
pub(super) fn build(mail: &Mail) -> Result<Message, MailError> {
    if mail.to.is_empty() {
        return Err(MailError::NoRecipients);
    }
    let mut builder = Message::builder()
        .from(mailbox(&mail.from, || "the sender".to_owned())?)
        .subject(one_line(&mail.subject))
        .date(SystemTime::from(mail.date))
        .message_id(Some(format!("<{}>", one_line(&mail.message_id))));
    for (index, address) in mail.to.iter().enumerate() {
        builder = builder.to(mailbox(address, || format!("recipient {}", index + 1))?);
    }
    for (name, value) in &mail.headers {
        builder = builder.raw_header(header(name, value)?);
    }
    builder.multipart(parts(mail)?).map_err(|_| MailError::Build("a part is missing".to_owned()))
}

fn parts(mail: &Mail) -> Result<MultiPart, MailError> {
    let content = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    let mut parts = MultiPart::mixed().multipart(content);
    for attachment in &mail.attachments {
        parts = parts.singlepart(file(attachment)?);
    }
    Ok(parts)
}

fn file(attachment: &Attachment) -> Result<SinglePart, MailError> {
    let media_type = ContentType::parse(&attachment.media_type)
        .map_err(|_| MailError::Build(format!("`{}` is not a media type", attachment.media_type)))?;
    Ok(message::Attachment::new(one_line(&attachment.name)).body(attachment.content.clone(), media_type))
}

fn header(name: &str, value: &str) -> Result<HeaderValue, MailError> {
    let wrong = |_| MailError::Build(format!("`{name}` is not the name of a header"));
    let header = HeaderName::new_from_ascii(name.to_owned()).map_err(wrong)?;
    Ok(HeaderValue::new(header, one_line(value)))
}

fn mailbox(text: &str, role: impl Fn() -> String) -> Result<Mailbox, MailError> {
    text.parse().map_err(|_| MailError::Address { role: role() })
}

/// The domain of the sender, in which ids are made.
pub(super) fn domain(from: &str) -> Result<String, MailError> {
    let mailbox = mailbox(from, || "the sender".to_owned())?;
    let domain = mailbox.email.domain();
    Ok(if domain.is_ascii() { domain.to_owned() } else { slug(domain) })
}

/// A name with nothing in it that a file name or a message id could not have.
pub(super) fn slug(name: &str) -> String {
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let slug: String = name.chars().map(allowed).collect();
    if slug.is_empty() { "report".to_owned() } else { slug }
}
