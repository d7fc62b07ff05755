//! Sending over SMTP.

use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::Error;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::message::Eml;
use super::{MailError, SmtpFailure};

/// How long connecting may take: the only wait that the library itself bounds.
const CONNECT: Duration = Duration::from_secs(20);

/// How long a whole mail may take, with every answer of the server.
const WHOLE: Duration = Duration::from_secs(120);

/// A mail server, from a URL.
///
/// - `smtps://user:password@host` is encrypted from the first byte; port 465.
/// - `smtp://user:password@host` is encrypted by STARTTLS, and nothing is sent where the server cannot; port 587.
/// - `smtp://host?tls=none` is not encrypted and takes no password; port 25. On this very machine (`localhost`,
///   `127.0.0.1`, `::1`) that is the default, a password is allowed, and `?tls=required` asks for STARTTLS.
///
/// A path is the name to greet with: `smtp://host/rollbook.acme.example`. Special characters in user and password
/// are written as `%40`.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// In the form the mail library reads.
    url: SecretString,
}

impl SmtpSettings {
    /// Reads a URL.
    ///
    /// # Errors
    /// When it is no such URL, or would send a password unencrypted.
    pub fn parse(url: &str) -> Result<Self, MailError> {
        let parts = Parts::of(url)?;
        let tls = match (parts.scheme, parts.tls) {
            ("smtps", None) => "",
            ("smtp", Some("required")) => "?tls=required",
            ("smtp", None) if !parts.is_this_machine() => "?tls=required",
            ("smtp", None) => "",
            ("smtp", Some("none")) if parts.has_password && !parts.is_this_machine() => {
                return Err(MailError::Settings("`tls=none` would send the password for everybody to read"));
            }
            ("smtp", Some("none")) => "",
            ("smtp" | "smtps", _) => return Err(MailError::Settings("`tls` can be `required` or `none`")),
            _ => return Err(MailError::Settings("it starts neither with `smtp://` nor with `smtps://`")),
        };
        let settings = Self { url: format!("{}{tls}", parts.before_query).into() };
        // The library's own words could hold parts of the URL.
        settings.transport().map_err(|_| MailError::Settings("host, port, user or password cannot be read"))?;
        Ok(settings)
    }

    /// Hands a message to the server.
    pub(super) async fn send(&self, mail: &Eml<'_>) -> Result<(), MailError> {
        let transport = self.transport().map_err(|error| MailError::Smtp(failure(&error)))?;
        match tokio::time::timeout(WHOLE, transport.send_raw(&mail.envelope, &mail.whole())).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(MailError::Smtp(failure(&error))),
            Err(_) => Err(MailError::Smtp(SmtpFailure::Timeout)),
        }
    }

    fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, Error> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(self.url.expose_secret())?;
        Ok(builder.timeout(Some(CONNECT)).build())
    }
}

/// What went wrong, without the server's own words: those may repeat addresses.
fn failure(error: &Error) -> SmtpFailure {
    if let Some(code) = error.status() {
        return SmtpFailure::Refused(code.into());
    }
    if error.is_timeout() {
        SmtpFailure::Timeout
    } else if error.is_tls() || error.is_client() {
        // The library itself refuses only when the server offers no STARTTLS, or no way to log in that is known.
        SmtpFailure::Tls
    } else if error.is_response() {
        SmtpFailure::Protocol
    } else {
        SmtpFailure::Connection
    }
}

/// The parts of a URL that decide about encryption.
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    has_password: bool,
    tls: Option<&'a str>,
    before_query: &'a str,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Result<Self, MailError> {
        if url.contains(|c: char| c == '#' || c == '\\' || c.is_whitespace() || c.is_control()) {
            return Err(MailError::Settings("spaces, `#` and `\\` in it have to be written as `%20`, `%23` and `%5C`"));
        }
        let (before_query, query) = url.split_once('?').map_or((url, None), |(url, query)| (url, Some(query)));
        let (scheme, rest) = before_query.split_once("://").ok_or(MailError::Settings("it has no `://`"))?;
        let authority = rest.split('/').next().unwrap_or_default();
        let (user, host) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
        let host = match host.strip_prefix('[') {
            Some(v6) => v6.split(']').next().unwrap_or_default(),
            None => host.split(':').next().unwrap_or_default(),
        };
        if host.is_empty() {
            return Err(MailError::Settings("it names no host"));
        }
        let tls = match query.map(|query| query.split_once('=')) {
            None => None,
            Some(Some(("tls", value))) => Some(value),
            Some(_) => return Err(MailError::Settings("after `?` only `tls=required` or `tls=none` can stand")),
        };
        let has_password = user.is_some_and(|user| !user.is_empty());
        Ok(Self { scheme, host, has_password, tls, before_query })
    }

    fn is_this_machine(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback())
    }
}
