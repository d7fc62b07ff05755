//! Who works on each recipe: a worker for its people, a timetable for its full syncs. A recipe that is changed gets a new
//! crew, while the old one finishes what it has in hand.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::mailroom::Mailroom;
use super::notifier::Notifier;
use super::recipes::{self, Read, ReadError};
use super::router::Gateway;
use super::serve::Settings;
use super::served::Served;
use super::timetable::Timetable;
use super::worker::Worker;
use crate::metrics::Metrics;
use crate::recipe::Recipe;
use crate::run::mailing::{Post, forget_old};
use crate::store::{Replica, Store, StoreError};

/// How long to wait before the database is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Everybody at work.
pub(super) struct Crews {
    settings: Settings,
    store: Store,
    metrics: Metrics,
    gateway: Gateway,
    by_recipe: BTreeMap<Arc<str>, Crew>,
    mail: Mail,
    tasks: JoinSet<()>,
    /// What was last found wrong with the recipes, so that it is said once.
    refused: Option<String>,
}

/// What the mailroom is told.
struct Mail {
    post: Arc<Post>,
    /// The recipes that are served.
    recipes: watch::Sender<Vec<Arc<Recipe>>>,
    /// That there may be something to do.
    asked: Arc<Notify>,
    stop: watch::Sender<bool>,
}

/// Who works on one recipe.
struct Crew {
    served: Arc<Served>,
    saved: Arc<Notify>,
    stop: watch::Sender<bool>,
}

impl Crews {
    pub(super) fn new(settings: Settings, store: Store, metrics: Metrics, gateway: Gateway) -> Self {
        let (by_recipe, tasks) = (BTreeMap::new(), JoinSet::new());
        let mail = Mail {
            post: Arc::new(settings.post.clone()),
            recipes: watch::Sender::new(Vec::new()),
            asked: Arc::default(),
            stop: watch::Sender::new(false),
        };
        Self { settings, store, metrics, gateway, by_recipe, mail, tasks, refused: None }
    }

    /// Lets mails be made and sent, of whatever is served.
    pub(super) fn open_mailroom(&mut self) {
        let mailroom = Mailroom {
            recipes: self.mail.recipes.subscribe(),
            store: self.store.clone(),
            post: Arc::clone(&self.mail.post),
            asked: Arc::clone(&self.mail.asked),
            stop: self.mail.stop.subscribe(),
        };
        self.tasks.spawn(mailroom.run());
    }

    /// Lets work begin on recipes that are new or changed, and end on those that are gone.
    pub(super) fn staff(&mut self, read: Read, replica: &Replica) {
        let Read { served, hooks } = read;
        self.by_recipe.retain(|name, crew| {
            let stays = served.get(name).is_some_and(|served| served.is_same(&crew.served));
            if !stays {
                let _ = crew.stop.send(true);
            }
            stays
        });
        for (name, served) in served {
            if !self.by_recipe.contains_key(&name) {
                let crew = self.crew(served, replica);
                self.by_recipe.insert(name, crew);
            }
        }
        self.mail.recipes.send_replace(self.by_recipe.values().map(|crew| Arc::clone(&crew.served.recipe)).collect());
        self.mail.asked.notify_one();
        self.gateway.open(hooks);
    }

    /// Lets work begin on everything again.
    pub(super) fn staff_again(&mut self, replica: &Replica) {
        let served: Vec<_> =
            self.by_recipe.iter().map(|(name, crew)| (name.clone(), Arc::clone(&crew.served))).collect();
        for (name, served) in served {
            let crew = self.crew(served, replica);
            self.by_recipe.insert(name, crew);
        }
        self.open_mailroom();
    }

    fn crew(&mut self, served: Arc<Served>, replica: &Replica) -> Crew {
        let (stop, stopped) = watch::channel(false);
        let saved = Arc::new(Notify::new());
        let (post, asked) = (Arc::clone(&self.mail.post), Arc::clone(&self.mail.asked));
        if served.recipe.notify.is_some() {
            let (store, mails, stop) = (self.store.clone(), Arc::clone(&asked), stopped.clone());
            let notifier = Notifier { served: Arc::clone(&served), store, post, mails, stop };
            self.tasks.spawn(notifier.run());
        }
        if served.recipe.real_time.is_some() {
            let worker = Worker {
                served: Arc::clone(&served),
                store: self.store.clone(),
                replica: replica.id().into(),
                metrics: self.metrics.clone(),
                saved: Arc::clone(&saved),
                stop: stopped.clone(),
            };
            self.tasks.spawn(worker.run());
        }
        if let Some(cadence) = served.recipe.schedule.as_ref().and_then(|schedule| schedule.full_sync.clone()) {
            let timetable = Timetable {
                served: Arc::clone(&served),
                cadence,
                store: self.store.clone(),
                secrets: self.settings.secrets.clone(),
                metrics: self.metrics.clone(),
                reports: asked,
                stop: stopped,
            };
            self.tasks.spawn(timetable.run());
        }
        Crew { served, saved, stop }
    }

    /// Reads the recipes again. What is wrong is refused, and what was right goes on.
    pub(super) fn read_again(&mut self, replica: &Replica) {
        while self.tasks.try_join_next().is_some() {}
        match recipes::read(&self.settings.recipes.paths(), &self.settings.secrets) {
            Ok(read) => {
                if self.refused.take().is_some() {
                    tracing::warn!("the recipes are right again");
                }
                let changed = read.served.len() != self.by_recipe.len()
                    || read.served.iter().any(|(name, served)| {
                        self.by_recipe.get(name).is_none_or(|crew| !served.is_same(&crew.served))
                    });
                if changed {
                    tracing::info!(recipes = read.served.len(), "recipes have changed, and are served as they are now");
                    self.staff(read, replica);
                }
            }
            Err(error) => self.refuse(&error),
        }
    }

    fn refuse(&mut self, error: &ReadError) {
        let said = match error {
            ReadError::Problems(problems) => problems.iter().map(said).collect(),
            error => format!("{error}"),
        };
        if self.refused.as_deref() != Some(&*said) {
            tracing::error!(problems = %said, help = error.help(), "the recipes have changed and are refused; they are served as they were");
            self.refused = Some(said);
        }
    }

    /// Tells everybody that deliveries were saved.
    pub(super) fn tell(&self) {
        self.by_recipe.values().for_each(|crew| crew.saved.notify_one());
    }

    /// Stops everybody at once: what they hold may be claimed by others by now.
    pub(super) fn dismiss(&mut self) {
        self.by_recipe.values().for_each(|crew| _ = crew.stop.send(true));
        self.tasks.abort_all();
    }

    /// Takes part again, as soon as the database lets it.
    pub(super) async fn another_replica(&self) -> Replica {
        loop {
            match self.store.replica().await {
                Ok(replica) => return replica,
                Err(error) => tracing::debug!(%error, "the database is not back yet"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Lets go of deliveries, of what became of people in real time, and of what became of mails, that are older than is
    /// wanted.
    pub(super) fn let_go_of_old_rows(&mut self) {
        let (store, before) = (self.store.clone(), Timestamp::now() - self.settings.keep);
        self.tasks.spawn(let_go_of_mails(store.clone()));
        self.tasks.spawn(async move {
            let pruned = async { Ok(store.prune_deliveries(before).await? + store.prune_handled(before).await?) };
            let pruned: Result<usize, StoreError> = pruned.await;
            if let Err(error) = pruned {
                tracing::warn!(%error, help = error.help(), "old deliveries were not let go");
            }
        });
    }

    /// Lets everybody finish what they have in hand, for so long.
    pub(super) async fn end(&mut self, farewell: Duration) {
        self.by_recipe.values().for_each(|crew| _ = crew.stop.send(true));
        self.mail.stop.send_replace(true);
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if timeout(farewell, finished).await.is_err() {
            tracing::warn!("not everything in hand was finished: the next start goes on with it");
        }
    }
}

async fn let_go_of_mails(store: Store) {
    if let Err(error) = forget_old(&store, Timestamp::now()).await {
        tracing::warn!(%error, help = error.help(), "what became of old mails was not let go");
    }
}

fn said(problem: &crate::problem::Problem) -> String {
    let place = problem.line_column().map_or_else(String::new, |(line, column)| format!(":{line}:{column}"));
    format!("{}{place}: {}\n", problem.path().display(), problem.message)
}
