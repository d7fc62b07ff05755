//! Mails that wait to be sent, and what became of those that were. Whether one is tried again is decided elsewhere.
//!
//! A mail is put here in one transaction with what it settles: the report that was due, the trouble that is told. So there
//! is one mail for each, whoever dies in between. It is taken from here by whoever holds the recipe's mails (`lease`).

use std::time::Duration;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::alerts;
use super::database::{Row, Transaction};
use super::runs::{count, moment};
use super::{RunId, Store, StoreError};

/// For how long it is remembered what became of a mail.
pub const KEEP_MAILS: Duration = Duration::from_secs(30 * 86_400);

/// The most recipients read at a time.
const MOST: i64 = 200;

/// A moment so far ahead was set by a clock that has been set back since, in milliseconds.
const AHEAD: i64 = 12 * 3_600_000;

/// What a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// What became of a run.
    Report,
    /// That something is wrong, or well again.
    Notice,
}

/// A mail to be kept until it is sent.
pub struct NewMail<'a> {
    /// Its `Message-ID`.
    pub id: &'a str,
    /// The recipe.
    pub recipe: &'a str,
    /// What it is.
    pub kind: MailKind,
    /// When it was made.
    pub made: Timestamp,
    /// Who sends it.
    pub sender: &'a str,
    /// Who gets it: bare addresses.
    pub recipients: &'a [String],
    /// As it travels.
    pub content: &'a str,
}

/// What is settled by a mail, together with it or not at all.
#[derive(Debug, Clone, Copy)]
pub enum Settles<'a> {
    /// The report of this run was due.
    Report(&'a RunId),
    /// Everything there is was told at this moment.
    Told(Timestamp),
    /// What was told is over, and that was told.
    Over,
}

/// A mail on its way to one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The mail's id.
    pub mail: String,
    /// Which of its recipients this is.
    position: i64,
    /// Who gets it.
    pub address: String,
    /// When the mail was made.
    pub made: Timestamp,
    /// How many tries failed.
    pub tries: usize,
    /// At how many of them this recipient or this mail was not accepted for good.
    pub refused: usize,
}

impl Outgoing {
    /// A mail that was not tried yet, on its way to the first recipient of a mail.
    #[must_use]
    pub fn new(mail: &str, address: &str, made: Timestamp) -> Self {
        Self { mail: mail.to_owned(), position: 0, address: address.to_owned(), made, tries: 0, refused: 0 }
    }
}

/// What becomes of a outgoing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The server has it.
    Sent,
    /// It is tried again.
    Again {
        /// When.
        at: Timestamp,
        /// What it failed at, without personal data.
        trouble: String,
        /// Whether this recipient or this mail was not accepted for good.
        refused: bool,
    },
    /// It is not tried any more.
    GivenUp {
        /// What it failed at, without personal data.
        trouble: String,
    },
}

/// How the mails of a recipe stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailStanding {
    /// Mails that wait, and reports that are not mails yet.
    pub waiting: usize,
    /// When the next of them is tried.
    pub next: Option<Timestamp>,
    /// What the last try of those that wait failed at.
    pub trouble: Option<String>,
    /// Who got nothing since: address, when it was given up, and why; the latest first.
    pub given_up: Vec<(String, Timestamp, String)>,
}

impl Store {
    /// Keeps a mail until it is sent, and settles what it is about, in one transaction. Says whether it was not settled
    /// before: then nothing is kept.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn keep_mail(&self, mail: &NewMail<'_>, settles: Settles<'_>) -> Result<bool, StoreError> {
        let kept = || async {
            let mut transaction = self.database.begin().await?;
            if !settle(&mut transaction, mail.recipe, settles).await? {
                return Ok(false);
            }
            insert(&mut transaction, mail).await?;
            transaction.commit().await?;
            Ok(true)
        };
        self.committed(kept).await
    }

    /// The runs of a recipe whose report is due, the first to end first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn reports_due(&self, recipe: &str) -> Result<Vec<(RunId, Timestamp)>, StoreError> {
        let query =
            self.database.query("SELECT run_id, since FROM reports_due WHERE recipe = $1 ORDER BY since, run_id");
        let rows = query.bind(recipe).fetch_all().await;
        let due = |row: &Row| Ok((row.get::<&str>(0)?.into(), moment(row.get(1)?)?));
        rows.and_then(|rows| rows.iter().map(due).collect()).map_err(|error| self.failed(error))
    }

    /// Settles something without a mail that is kept: it went another way, or nobody wants it. Says whether it was not
    /// settled before.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn settle(&self, recipe: &str, settles: Settles<'_>) -> Result<bool, StoreError> {
        let settled = || async {
            let mut transaction = self.database.begin().await?;
            let ours = settle(&mut transaction, recipe, settles).await?;
            transaction.commit().await?;
            Ok(ours)
        };
        self.committed(settled).await
    }

    /// The recipes that have something to send now.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn recipes_with_mail(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let query = self.database.query(
            "SELECT DISTINCT mails.recipe FROM mail_recipients JOIN mails ON mails.id = mail \
             WHERE next <= $1 OR next > $2 ORDER BY mails.recipe",
        );
        let now = now.as_millisecond();
        let rows = query.bind(now).bind(now + AHEAD).fetch_all().await;
        rows.and_then(|rows| rows.iter().map(|row| row.get(0)).collect()).map_err(|error| self.failed(error))
    }

    /// What is to be sent of a recipe now, at most some hundred; the mail that was made first comes first. What was not
    /// refused for good yet may be due up to a later moment.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn outgoing(
        &self,
        recipe: &str,
        now: Timestamp,
        unrefused: Timestamp,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let query = self.database.query(
            "SELECT mail, position, address, made, tries, refused FROM mail_recipients JOIN mails ON mails.id = mail \
             WHERE recipe = $1 AND (next <= CASE WHEN refused = 0 THEN $4 ELSE $2 END OR next > $3) \
             ORDER BY made, mail, position LIMIT $5",
        );
        let now = now.as_millisecond();
        let query = query.bind(recipe).bind(now).bind(now + AHEAD).bind(unrefused.as_millisecond());
        let rows = query.bind(MOST).fetch_all().await;
        rows.and_then(|rows| rows.iter().map(outgoing).collect()).map_err(|error| self.failed(error))
    }

    /// A mail's sender and its text.
    ///
    /// # Errors
    /// When the database cannot be read, or has it no more.
    pub async fn mail_content(&self, mail: &str) -> Result<(String, String), StoreError> {
        let query = self.database.query("SELECT sender, content FROM mails WHERE id = $1 AND content IS NOT NULL");
        let row = query.bind(mail).fetch_one().await;
        row.and_then(|row| Ok((row.get(0)?, row.get(1)?))).map_err(|error| self.failed(error))
    }

    /// Remembers what became of mails. A mail that nobody waits for any more is let go, but for what became of it.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn end_outgoing(&self, ended: &[(&Outgoing, Fate)], now: Timestamp) -> Result<(), StoreError> {
        let end = || async {
            let mut transaction = self.database.begin().await?;
            for (outgoing, fate) in ended {
                end(&mut transaction, outgoing, fate, now).await?;
            }
            transaction.commit().await
        };
        self.committed(end).await
    }

    /// How the mails of a recipe stand.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn mail_standing(&self, recipe: &str) -> Result<MailStanding, StoreError> {
        self.try_mail_standing(recipe).await.map_err(|error| self.failed(error))
    }

    async fn try_mail_standing(&self, recipe: &str) -> Result<MailStanding, sqlx::Error> {
        let due = self.database.query("SELECT COUNT(*) FROM reports_due WHERE recipe = $1").bind(recipe);
        let due = count(due.fetch_one().await?.get(0)?, "reports_due")?;
        let waiting = self.database.query(
            "SELECT next, trouble FROM mail_recipients JOIN mails ON mails.id = mail \
             WHERE recipe = $1 AND next IS NOT NULL ORDER BY next, made",
        );
        let waiting = waiting.bind(recipe).fetch_all().await?;
        let given_up = self.database.query(
            "SELECT address, given_up, trouble FROM mail_recipients JOIN mails ON mails.id = mail \
             WHERE recipe = $1 AND given_up IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mail_recipients later \
             JOIN mails more ON more.id = later.mail WHERE more.recipe = $1 AND later.address = mail_recipients.address \
             AND (later.sent > mail_recipients.given_up OR later.given_up > mail_recipients.given_up)) \
             ORDER BY given_up DESC, address LIMIT 10",
        );
        let given_up = given_up.bind(recipe).fetch_all().await?;
        let line =
            |row: &Row| Ok((row.get(0)?, moment(row.get(1)?)?, row.get::<Option<String>>(2)?.unwrap_or_default()));
        let troubles: Vec<Option<String>> = waiting.iter().map(|row| row.get(1)).collect::<Result<_, _>>()?;
        Ok(MailStanding {
            waiting: due + waiting.len(),
            next: waiting.first().map(|row| moment(row.get(0)?)).transpose()?,
            trouble: troubles.into_iter().flatten().next(),
            given_up: given_up.iter().map(line).collect::<Result<_, sqlx::Error>>()?,
        })
    }

    /// Forgets what became of mails that were made before a moment and that nobody waits for, and reports that have been due
    /// since before another one. Says how many reports will never be mails.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune_mails(&self, made_before: Timestamp, due_before: Timestamp) -> Result<usize, StoreError> {
        let pruned = || async {
            let mut transaction = self.database.begin().await?;
            let old = "(SELECT id FROM mails WHERE made < $1 AND content IS NULL)";
            for table in ["mail_recipients WHERE mail", "mails WHERE id"] {
                let delete = transaction.query(AssertSqlSafe(format!("DELETE FROM {table} IN {old}")));
                delete.bind(made_before.as_millisecond()).execute().await?;
            }
            let lapsed = transaction.query("DELETE FROM reports_due WHERE since < $1");
            let lapsed = lapsed.bind(due_before.as_millisecond()).execute().await?;
            transaction.commit().await?;
            Ok(usize::try_from(lapsed).unwrap_or(usize::MAX))
        };
        self.committed(pruned).await
    }
}

impl MailKind {
    fn word(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Notice => "notice",
        }
    }
}

/// Marks that the report of a run is to be made, with the end of that run.
pub(super) async fn report_is_due(
    transaction: &mut Transaction,
    run: &RunId,
    since: Timestamp,
) -> Result<(), sqlx::Error> {
    let insert = transaction.query(
        "INSERT INTO reports_due (run_id, recipe, since) SELECT id, recipe, $2 FROM runs WHERE id = $1 \
         ON CONFLICT (run_id) DO NOTHING",
    );
    insert.bind(run.as_str()).bind(since.as_millisecond()).execute().await.map(drop)
}

async fn settle(transaction: &mut Transaction, recipe: &str, settles: Settles<'_>) -> Result<bool, sqlx::Error> {
    match settles {
        Settles::Report(run) => {
            let delete = transaction.query("DELETE FROM reports_due WHERE run_id = $1");
            Ok(delete.bind(run.as_str()).execute().await? == 1)
        }
        Settles::Told(now) => alerts::told(transaction, recipe, now).await.map(|()| true),
        Settles::Over => alerts::forget(transaction, recipe).await.map(|()| true),
    }
}

async fn insert(transaction: &mut Transaction, mail: &NewMail<'_>) -> Result<(), sqlx::Error> {
    let made = mail.made.as_millisecond();
    let insert = transaction.query(
        "INSERT INTO mails (id, recipe, kind, made, sender, content) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO NOTHING",
    );
    let insert = insert.bind(mail.id).bind(mail.recipe).bind(mail.kind.word()).bind(made);
    if insert.bind(mail.sender).bind(mail.content).execute().await? == 0 {
        return Ok(());
    }
    for (position, address) in (0_i64..).zip(mail.recipients) {
        let insert = transaction.query(
            "INSERT INTO mail_recipients (mail, position, address, tries, refused, next) VALUES ($1, $2, $3, 0, 0, $4)",
        );
        insert.bind(mail.id).bind(position).bind(address).bind(made).execute().await?;
    }
    Ok(())
}

async fn end(
    transaction: &mut Transaction,
    outgoing: &Outgoing,
    fate: &Fate,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let now = now.as_millisecond();
    let (next, sent, given_up, refused, trouble) = match fate {
        Fate::Sent => (None, Some(now), None, 0_i64, None),
        Fate::Again { at, trouble, refused } => {
            (Some(at.as_millisecond()), None, None, i64::from(*refused), Some(trouble.as_str()))
        }
        Fate::GivenUp { trouble } => (None, None, Some(now), 0, Some(trouble.as_str())),
    };
    let failed = i64::from(sent.is_none());
    let update = transaction.query(
        "UPDATE mail_recipients SET next = $3, sent = $4, given_up = $5, refused = refused + $6, trouble = $7, \
         tries = tries + $8 WHERE mail = $1 AND position = $2",
    );
    let update = update.bind(&outgoing.mail).bind(outgoing.position).bind(next).bind(sent).bind(given_up);
    update.bind(refused).bind(trouble).bind(failed).execute().await?;
    let let_go = transaction.query(
        "UPDATE mails SET content = NULL WHERE id = $1 AND NOT EXISTS \
         (SELECT 1 FROM mail_recipients WHERE mail = $1 AND next IS NOT NULL)",
    );
    let_go.bind(&outgoing.mail).execute().await.map(drop)
}

fn outgoing(row: &Row) -> Result<Outgoing, sqlx::Error> {
    Ok(Outgoing {
        mail: row.get(0)?,
        position: row.get(1)?,
        address: row.get(2)?,
        made: moment(row.get(3)?)?,
        tries: count(row.get(4)?, "mail_recipients.tries")?,
        refused: count(row.get(5)?, "mail_recipients.refused")?,
    })
}

/// An address is personal data.
impl std::fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outgoing").field("mail", &self.mail).field("position", &self.position).finish_non_exhaustive()
    }
}
