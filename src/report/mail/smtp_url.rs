//! The address of a mail server, as operators write it.

use std::borrow::Cow;
use std::net::IpAddr;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use secrecy::SecretString;

use super::MailError;

/// How long a mail server is waited for unless the URL says otherwise: each time something is asked of it.
const PATIENCE: Duration = Duration::from_secs(60);

/// The most seconds that a URL may say.
const LONGEST: u64 = 600;

/// A mail server, from a URL.
///
/// - `smtps://user:password@host` is encrypted from the first byte; port 465.
/// - `smtp://user:password@host` is encrypted by STARTTLS, and nothing is sent where the server cannot; port 587.
/// - `smtp://host?tls=none` is not encrypted and takes no password; port 25. On this very machine (`localhost`,
///   `127.0.0.1`, `::1`) that is the default, a password is allowed, and `?tls=required` asks for STARTTLS.
///
/// A path is the name to greet with: `smtp://host/rollbook.acme.example`. Special characters in user and password
/// are written as `%40`. `?timeout=20s` is how long each answer is waited for: 1 s to 600 s, 60 s where nothing is said.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    pub(super) login: Option<Login>,
    /// The name to greet with; this machine's own where nothing is said.
    pub(super) greeting: Option<String>,
    /// How long each answer is waited for.
    pub(super) patience: Duration,
}

/// How the connection is kept from being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encryption {
    /// From the first byte.
    Wrapped,
    /// From STARTTLS on, before anything else is said.
    StartTls,
    /// Not at all.
    Nothing,
}

/// Who we are to the server.
#[derive(Debug, Clone)]
pub(super) struct Login {
    pub(super) user: SecretString,
    pub(super) password: SecretString,
}

impl SmtpSettings {
    /// Reads a URL.
    ///
    /// # Errors
    /// When it is no such URL, or would send a password unencrypted.
    pub fn parse(url: &str) -> Result<Self, MailError> {
        let parts = Parts::of(url)?;
        let options = Options::of(parts.query)?;
        let encryption = match (parts.scheme, options.tls) {
            ("smtps", None) => Encryption::Wrapped,
            ("smtp", Some(Tls::Required)) => Encryption::StartTls,
            ("smtp", None) if !parts.is_this_machine() => Encryption::StartTls,
            ("smtp", Some(Tls::Nothing)) if parts.login.is_some() && !parts.is_this_machine() => {
                return Err(MailError::Settings("`tls=none` would send the password for everybody to read"));
            }
            ("smtp", _) => Encryption::Nothing,
            ("smtps", Some(_)) => return Err(MailError::Settings("`smtps://` is encrypted; `tls` is for `smtp://`")),
            _ => return Err(MailError::Settings("it starts neither with `smtp://` nor with `smtps://`")),
        };
        let usual = match encryption {
            Encryption::Wrapped => 465,
            Encryption::StartTls => 587,
            Encryption::Nothing => 25,
        };
        Ok(Self {
            host: parts.host.to_owned(),
            port: parts.port.unwrap_or(usual),
            encryption,
            login: parts.login.map(Login::of).transpose()?,
            greeting: Some(parts.path).filter(|path| !path.is_empty()).map(str::to_owned),
            patience: options.patience,
        })
    }
}

impl Login {
    fn of((user, password): (&str, &str)) -> Result<Self, MailError> {
        let decoded = |text| {
            let text = percent_decode_str(text).decode_utf8().map(Cow::into_owned);
            text.map_err(|_| MailError::Settings("user or password is not UTF-8 where it is written with `%`"))
        };
        Ok(Self { user: decoded(user)?.into(), password: decoded(password)?.into() })
    }
}

/// What stands behind `?`.
struct Options {
    tls: Option<Tls>,
    patience: Duration,
}

enum Tls {
    Required,
    Nothing,
}

impl Options {
    fn of(query: Option<&str>) -> Result<Self, MailError> {
        let mut options = Self { tls: None, patience: PATIENCE };
        for option in query.into_iter().flat_map(|query| query.split('&')) {
            match option.split_once('=') {
                Some(("tls", "required")) => options.tls = Some(Tls::Required),
                Some(("tls", "none")) => options.tls = Some(Tls::Nothing),
                Some(("tls", _)) => return Err(MailError::Settings("`tls` can be `required` or `none`")),
                Some(("timeout", time)) => options.patience = patience(time)?,
                _ => return Err(MailError::Settings("after `?` only `tls=…` or `timeout=…` can stand")),
            }
        }
        Ok(options)
    }
}

fn patience(time: &str) -> Result<Duration, MailError> {
    let seconds = time.strip_suffix('s').and_then(|seconds| seconds.parse().ok());
    let seconds = seconds.filter(|seconds| (1..=LONGEST).contains(seconds));
    let wrong = MailError::Settings("`timeout` is a number of seconds from 1 to 600, such as `timeout=20s`");
    seconds.map(Duration::from_secs).ok_or(wrong)
}

/// The parts of a URL.
struct Parts<'a> {
    scheme: &'a str,
    login: Option<(&'a str, &'a str)>,
    host: &'a str,
    port: Option<u16>,
    path: &'a str,
    query: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(url: &'a str) -> Result<Self, MailError> {
        if url.contains(|c: char| c == '#' || c == '\\' || c.is_whitespace() || c.is_control()) {
            return Err(MailError::Settings("spaces, `#` and `\\` in it have to be written as `%20`, `%23` and `%5C`"));
        }
        let (before_query, query) = url.split_once('?').map_or((url, None), |(url, query)| (url, Some(query)));
        let (scheme, rest) = before_query.split_once("://").ok_or(MailError::Settings("it has no `://`"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, server) = authority.rsplit_once('@').map_or((None, authority), |(login, at)| (Some(login), at));
        let login = match login.filter(|login| !login.is_empty()).map(|login| login.split_once(':')) {
            None => None,
            Some(Some(login)) => Some(login),
            Some(None) => return Err(MailError::Settings("it names a user without a password")),
        };
        let (host, port) = match server.strip_prefix('[').map(|v6| v6.split_once(']')) {
            Some(v6) => v6.map(|(host, port)| (host, port.strip_prefix(':'))).unwrap_or_default(),
            None => server.split_once(':').map_or((server, None), |(host, port)| (host, Some(port))),
        };
        if host.is_empty() {
            return Err(MailError::Settings("it names no host"));
        }
        let port = port.map(str::parse).transpose().map_err(|_| MailError::Settings("its port is not a number"))?;
        Ok(Self { scheme, login, host, port, path: path.trim_matches('/'), query })
    }

    fn is_this_machine(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost") || self.host.parse::<IpAddr>().is_ok_and(|host| host.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> (String, u16, Encryption, bool) {
        let settings = SmtpSettings::parse(url).unwrap();
        (settings.host, settings.port, settings.encryption, settings.login.is_some())
    }

    #[test]
    fn encryption_and_port_follow_from_scheme_and_host() {
        let host = || "mail.example".to_owned();
        assert_eq!(parse("smtps://u:p@mail.example"), (host(), 465, Encryption::Wrapped, true));
        assert_eq!(parse("smtp://u:p@mail.example"), (host(), 587, Encryption::StartTls, true));
        assert_eq!(parse("smtp://mail.example:2525/me"), (host(), 2525, Encryption::StartTls, false));
        assert_eq!(parse("smtp://mail.example?tls=none"), (host(), 25, Encryption::Nothing, false));
        assert_eq!(parse("smtp://u:p@[::1]:99"), ("::1".to_owned(), 99, Encryption::Nothing, true));
        assert_eq!(parse("smtp://localhost?tls=required"), ("localhost".to_owned(), 587, Encryption::StartTls, false));
    }

    #[test]
    fn what_is_written_with_percent_signs_is_read_and_the_rest_of_the_url_too() {
        let settings = SmtpSettings::parse("smtps://a%40b:p%3Aw%25@h/me.example?timeout=5s").unwrap();
        let login = settings.login.as_ref().unwrap();
        let told = |secret: &SecretString| secrecy::ExposeSecret::expose_secret(secret).to_owned();
        assert_eq!((told(&login.user), told(&login.password)), ("a@b".to_owned(), "p:w%".to_owned()));
        assert_eq!((settings.greeting.as_deref(), settings.patience.as_secs()), (Some("me.example"), 5));
    }

    #[test]
    fn a_password_never_leaves_unencrypted_and_is_never_printed() {
        for good in
            ["smtps://u:hunter2@mail.example", "smtp://u:hunter2@mail.example:587", "smtp://u:hunter2@127.0.0.1"]
        {
            assert!(!format!("{:?}", SmtpSettings::parse(good).unwrap()).contains("hunter2"));
        }
        let bad = [
            "smtp://u:hunter2@mail.example?tls=none",
            "smtp://u:hunter2@mail.example?tls=opportunistic",
            "smtp://u:hunter2@mail.example?timeout=0s",
            "smtp://u:hunter2@mail.example?hunter2",
            "smtps://u:hunter2@mail.example?tls=none",
            "smtp://u:hunter2@mail.example#@localhost",
            "http://u:hunter2@mail.example",
            "smtp://u:hunter2@",
            "smtp://u:hunter2@[::1",
            "smtp://u:hunter2@mail.example:many",
            "smtp://hunter2@mail.example",
            "hunter2",
        ];
        for url in bad {
            let error = SmtpSettings::parse(url).unwrap_err();
            assert!(matches!(error, MailError::Settings(_)), "{url}");
            assert!(!format!("{error} {error:?} {}", error.help()).contains("hunter2"), "{url}");
        }
    }
}
