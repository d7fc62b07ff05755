//! Sending over SMTP: one connection for several mails, each to one recipient, and every wait bounded.
//!
//! The library's own way to send says of a refusal only its code; here each step is asked for by itself, so that it is known
//! whether the sender, the recipient or the mail was refused.

use std::io;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use super::smtp_url::{Encryption, SmtpSettings};

/// A whole mail may take so many times as long as an answer: it may be large.
const CONTENT: u32 = 5;

/// How long to say goodbye. Nothing depends on the answer.
const FAREWELL: Duration = Duration::from_secs(2);

/// What kept a mail server from taking a mail. Codes are those of RFC 5321 §4.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SmtpFailure {
    /// Nobody answered in time.
    #[error("it did not answer in time")]
    Timeout,
    /// There was no connection, or it broke.
    #[error("there is no connection to it")]
    Connection,
    /// No encrypted connection.
    #[error("an encrypted connection was not possible")]
    Tls,
    /// It did something that the protocol does not know.
    #[error("it gave an answer that is not understood")]
    Protocol,
    /// It takes nothing from anybody now.
    #[error("it takes no mail from here (code {0})")]
    Closed(u16),
    /// User or password.
    #[error("it does not accept user and password (code {0})")]
    Login(u16),
    /// It offers no way to log in that is known.
    #[error("it offers no way to log in with user and password")]
    NoLogin,
    /// The sender.
    #[error("it does not accept the sender (code {0})")]
    Sender(u16),
    /// The recipient.
    #[error("it does not accept the recipient (code {0})")]
    Recipient(u16),
    /// What is in the mail.
    #[error("it does not accept the mail itself (code {0})")]
    Content(u16),
}

/// Whose matter a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// Every mail that goes this way: nothing else need be tried now.
    Everybody,
    /// Perhaps only the mail in hand, at which the connection was lost.
    Line,
    /// This recipient or this mail, for now.
    ForNow,
    /// This recipient or this mail, unless somebody changes something.
    Lasting,
}

impl SmtpFailure {
    /// Whose matter it is.
    #[must_use]
    pub fn concern(self) -> Concern {
        match self {
            Self::Tls | Self::Closed(_) | Self::Login(_) | Self::NoLogin | Self::Sender(_) => Concern::Everybody,
            Self::Timeout | Self::Connection | Self::Protocol => Concern::Line,
            Self::Recipient(code) | Self::Content(code) if code < 500 => Concern::ForNow,
            Self::Recipient(_) | Self::Content(_) => Concern::Lasting,
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::Timeout | Self::Connection => "see that host and port in `ROLLBOOK_SMTP_URL` are right and reachable",
            Self::Tls => {
                "use `smtps://` for port 465 and `smtp://` for 587, and see that the server's certificate is valid; \
                 `?tls=none` sends without encryption and without a password"
            }
            Self::Login(_) => "see that user and password in `ROLLBOOK_SMTP_URL` are right",
            Self::NoLogin => "leave user and password out of `ROLLBOOK_SMTP_URL`, or see which ways the server offers",
            Self::Sender(_) => "see that the sender (`--mail-from`) may be used with this server",
            Self::Recipient(code) | Self::Content(code) if code < 500 => "nothing: it is tried again later",
            Self::Recipient(_) => "see that the recipient's address is right, and may be used with this server",
            Self::Closed(_) | Self::Content(_) | Self::Protocol => "see in the mail server's log why it refused",
        }
    }
}

/// A line to a mail server, over which one mail goes after the other. It is opened when the first one goes, and again when
/// it was lost. Dropping it hangs up.
pub struct Line<'a> {
    server: &'a SmtpSettings,
    session: Option<Session>,
}

/// A mail that was not taken.
#[derive(Debug, Clone, Copy)]
pub struct NotTaken {
    /// Why.
    pub failure: SmtpFailure,
    /// Whose matter it is.
    pub concern: Concern,
}

/// A mail server that has let us in.
struct Session {
    connection: AsyncSmtpConnection,
    patience: Duration,
}

impl<'a> Line<'a> {
    /// A line that is not open yet.
    #[must_use]
    pub fn to(server: &'a SmtpSettings) -> Self {
        Self { server, session: None }
    }

    /// Hands over a mail for one recipient. When this returns, the server has taken it.
    ///
    /// # Errors
    /// When it has not. It ends within some times the patience that the URL asks for.
    pub async fn send(&mut self, sender: &str, recipient: &str, content: &str) -> Result<(), NotTaken> {
        let mut session = match self.still_open().await {
            Some(session) => session,
            None => self.server.open().await.map_err(|failure| NotTaken { failure, concern: Concern::Everybody })?,
        };
        let sent = session.send(sender, recipient, content).await;
        if !sent.is_err_and(|failure| failure.concern().ends_the_line()) {
            self.session = Some(session);
        }
        sent.map_err(|failure| NotTaken { failure, concern: failure.concern() })
    }

    /// The session that has served already, if it does so again: many servers hang up after so many mails. What was begun and
    /// not ended is let go.
    async fn still_open(&mut self) -> Option<Session> {
        let mut session = self.session.take()?;
        session.ask(Rset, SmtpFailure::Closed).await.ok()?;
        Some(session)
    }

    /// Says goodbye.
    pub async fn close(self) {
        if let Some(mut session) = self.session {
            let _ = timeout(FAREWELL, session.connection.quit()).await;
        }
    }
}

impl Concern {
    fn ends_the_line(self) -> bool {
        matches!(self, Self::Everybody | Self::Line)
    }
}

impl SmtpSettings {
    /// Connects, encrypts and logs in.
    async fn open(&self) -> Result<Session, SmtpFailure> {
        let greeting = self.greeting.clone().map_or_else(ClientId::default, ClientId::Domain);
        let tls = || TlsParameters::new(self.host.clone()).map_err(|_| SmtpFailure::Tls);
        let wrapped = if self.encryption == Encryption::Wrapped { Some(tls()?) } else { None };
        let server = (self.host.as_str(), self.port);
        let connecting = AsyncSmtpConnection::connect_tokio1(server, Some(self.patience), &greeting, wrapped, None);
        let mut connection = answered(self.patience, connecting, SmtpFailure::Closed).await?;
        if self.encryption == Encryption::StartTls {
            let encrypting = connection.starttls(tls()?, &greeting);
            answered(self.patience, encrypting, |_| SmtpFailure::Tls).await?;
        }
        if let Some(login) = &self.login {
            if connection.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
                return Err(SmtpFailure::NoLogin);
            }
            let (user, password) = (login.user.expose_secret(), login.password.expose_secret());
            let credentials = Credentials::new(user.to_owned(), password.to_owned());
            let entering = connection.auth(DEFAULT_MECHANISMS, &credentials);
            answered(self.patience, entering, SmtpFailure::Login).await?;
        }
        Ok(Session { connection, patience: self.patience })
    }
}

impl Session {
    async fn send(&mut self, sender: &str, recipient: &str, content: &str) -> Result<(), SmtpFailure> {
        // Both were addresses when the mail was made; codes are those that a server would give (RFC 5321 §4.2.2).
        let sender: Address = sender.parse().map_err(|_| SmtpFailure::Sender(553))?;
        let recipient: Address = recipient.parse().map_err(|_| SmtpFailure::Recipient(553))?;
        self.ask(Mail::new(Some(sender), Vec::new()), SmtpFailure::Sender).await?;
        self.ask(Rcpt::new(recipient, Vec::new()), SmtpFailure::Recipient).await?;
        self.ask(Data, SmtpFailure::Content).await?;
        let handing = self.connection.message(content.as_bytes());
        answered(self.patience * CONTENT, handing, SmtpFailure::Content).await.map(drop)
    }

    async fn ask(
        &mut self,
        command: impl std::fmt::Display,
        refused: fn(u16) -> SmtpFailure,
    ) -> Result<(), SmtpFailure> {
        answered(self.patience, self.connection.command(command), refused).await.map(drop)
    }
}

/// Waits for an answer, and says what a refusal is about. Without the server's own words: those may repeat addresses.
async fn answered<T>(
    patience: Duration,
    asking: impl Future<Output = Result<T, Error>>,
    refused: impl Fn(u16) -> SmtpFailure,
) -> Result<T, SmtpFailure> {
    match timeout(patience, asking).await {
        Ok(answer) => answer.map_err(|error| failure(&error, refused)),
        Err(_) => Err(SmtpFailure::Timeout),
    }
}

fn failure(error: &Error, refused: impl Fn(u16) -> SmtpFailure) -> SmtpFailure {
    match error.status().map(u16::from) {
        // RFC 5321 §3.8: the server hangs up. RFC 4954 §6: it wants a password, or another one.
        Some(421) => return SmtpFailure::Closed(421),
        Some(code @ (530 | 534 | 535 | 538)) => return SmtpFailure::Login(code),
        Some(code) => return refused(code),
        None => {}
    }
    if error.is_timeout() {
        SmtpFailure::Timeout
    } else if error.is_tls() || error.is_client() || breaks_encryption(error) {
        // The library itself refuses only when the server offers no STARTTLS.
        SmtpFailure::Tls
    } else if error.is_response() && !is_end_of_line(error) {
        SmtpFailure::Protocol
    } else {
        SmtpFailure::Connection
    }
}

/// What the encryption does not accept, such as a certificate, arrives as data that make no sense.
fn breaks_encryption(error: &Error) -> bool {
    let mut causes = std::iter::successors(std::error::Error::source(error), |cause| cause.source());
    causes
        .find_map(|cause| cause.downcast_ref::<io::Error>())
        .is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData)
}

/// The library calls a line that ends before the answer does an answer that is incomplete.
fn is_end_of_line(error: &Error) -> bool {
    std::error::Error::source(error).is_some_and(|cause| cause.to_string() == "incomplete response")
}
