//! The state database on a PostgreSQL server: its address, its tables, and connections to it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::time::timeout;

use super::database::Database;
use super::lease::Sessions;
use super::{Place, Store, StoreError, Trouble, error};

/// The tables. A migration that was released is never changed again; new ones are added beside it, and a twin for SQLite
/// with the same number.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/postgres");

/// Enough that intake, workers and pages do not wait for each other; a server has about a hundred for everybody.
const CONNECTIONS: u32 = 6;

/// How long to wait for a connection, or for a lock to be tried: a server that restarts is back before.
pub(super) const PATIENCE: Duration = Duration::from_secs(15);

/// The oldest version that is tried, as the server counts.
const OLDEST: i64 = 140_000;

/// What an address may have after its `?`. The driver logs the values of others, which may be a mistyped password.
const PARAMETERS: [&str; 12] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// A database on a server, with what it takes to get in.
#[derive(Clone)]
pub(super) struct Server {
    options: Arc<PgConnectOptions>,
    pub(super) sessions: Sessions,
}

impl Server {
    /// Where `postgres://…` leads, if it leads anywhere. What it leaves out is taken from `PGPASSWORD` and its like, and
    /// from `~/.pgpass`, as with any program for PostgreSQL.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://"))?;
        let parameters = rest.split_once('?').map_or("", |(_, parameters)| parameters);
        let mut names = parameters.split('&').map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name));
        if !names.all(|name| name.is_empty() || PARAMETERS.contains(&name)) {
            return None;
        }
        let options: PgConnectOptions = url.parse().ok()?;
        let named = options.get_application_name().is_some();
        let options = if named { options } else { options.application_name("rollbook") };
        // Statements are not logged: ours have thousands of placeholders.
        Some(Self { options: options.disable_statement_logging().into(), sessions: Sessions::default() })
    }

    /// A connection of its own.
    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let connection = timeout(PATIENCE, PgConnection::connect_with(&self.options)).await;
        connection.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }

    /// A connection to hold locks with. If this machine vanishes, the server notices within half a minute, and frees them.
    pub(super) async fn session(&self) -> Result<PgConnection, sqlx::Error> {
        let mut session = self.connect().await?;
        let settings = "SELECT set_config('idle_session_timeout', '0', FALSE), \
                        set_config('tcp_keepalives_idle', '10', FALSE), \
                        set_config('tcp_keepalives_interval', '5', FALSE), \
                        set_config('tcp_keepalives_count', '4', FALSE)";
        sqlx::query(settings).execute(&mut session).await?;
        Ok(session)
    }
}

/// The address without user and password.
impl fmt::Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let database = self.options.get_database().unwrap_or_else(|| self.options.get_username());
        match self.options.get_socket() {
            Some(socket) => write!(f, "postgres://{}/{database}", socket.display()),
            None => write!(f, "postgres://{}:{}/{database}", self.options.get_host(), self.options.get_port()),
        }
    }
}

/// Opens the database, and makes its tables as far as they are not there.
pub(super) async fn open(server: Server) -> Result<Store, StoreError> {
    let name = server.to_string();
    let failed = |error| error::database(&name, error);
    // Not by the pool: that tries again until its patience is over, and then does not say why.
    let mut connection = server.connect().await.map_err(failed)?;
    if let Some(trouble) = unsuitable(&mut connection).await.map_err(failed)? {
        return Err(StoreError::Unavailable { place: name, trouble, source: Box::new(trouble) });
    }
    // Who makes tables holds a lock, which others wait for.
    sqlx::query("SET lock_timeout = '60s'").execute(&mut connection).await.map_err(failed)?;
    MIGRATIONS.run(&mut connection).await.map_err(|error| error::migration(&name, error))?;
    connection.close().await.map_err(failed)?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
    let database = Database::Postgres(pool.connect_lazy_with(PgConnectOptions::clone(&server.options)));
    Ok(Store { database, place: Place::Server(server) })
}

/// What rules this server out, if anything does.
async fn unsuitable(connection: &mut PgConnection) -> Result<Option<Trouble>, sqlx::Error> {
    let sql = "SELECT current_setting('server_version_num')::BIGINT, current_setting('server_encoding')";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    let (version, encoding): (i64, &str) = (row.try_get(0)?, row.try_get(1)?);
    Ok(match () {
        () if version < OLDEST => Some(Trouble::Outdated),
        () if encoding != "UTF8" => Some(Trouble::Encoding),
        () => None,
    })
}
