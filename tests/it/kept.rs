//! Where the state is kept. A case that takes it runs on both kinds of database.

use rollbook::store::Store;

use crate::cluster::Cluster;

/// Runs each case with the state in SQLite, and with the state in PostgreSQL where that is installed.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case($crate::kept::Kept::Sqlite).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $case() {
                    if let Some(kept) = $crate::kept::Kept::on_postgres() {
                        super::$case(kept).await;
                    }
                }
            )*
        }
    };
}

pub(crate) use on_both;

/// One kind of database or the other.
#[derive(Clone, Copy)]
pub(crate) enum Kept {
    Sqlite,
    Postgres(&'static Cluster),
}

impl Kept {
    pub(crate) fn on_postgres() -> Option<Self> {
        Cluster::shared().map(Self::Postgres)
    }

    /// The same kind, with a server that nobody else uses until the tests end.
    pub(crate) fn alone(self) -> Self {
        match self {
            Self::Sqlite => self,
            Self::Postgres(_) => Self::Postgres(Box::leak(Box::new(Cluster::start().unwrap()))),
        }
    }

    /// An empty database.
    pub(crate) async fn store(self) -> Store {
        let url = match self {
            Self::Sqlite => "sqlite::memory:".to_owned(),
            Self::Postgres(cluster) => cluster.database(),
        };
        Store::open(&url).await.unwrap()
    }
}
