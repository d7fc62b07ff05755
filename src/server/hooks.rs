//! Which paths are called by HiBob, and what counts there. Replaced as a whole when recipes are read again.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use std::time::Duration;

use super::signature::Key;
use crate::connector::ConnectorError;
use crate::connector::secrets::Secrets;
use crate::stage::service::{Events, RealTime};

/// Paths that the server answers itself.
pub(super) const HEALTH: &str = "/healthz";
pub(super) const READINESS: &str = "/readyz";
pub(super) const METRICS: &str = "/metrics";

/// Why recipes cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// The secret that HiBob signs with is not there.
    #[error("recipe `{recipe}` has `real_time`, and {source}")]
    NoSecret {
        /// The recipe.
        recipe: Arc<str>,
        /// Which secret, and what to do.
        source: ConnectorError,
    },
    /// Two recipes are called at one path.
    #[error("recipes `{first}` and `{second}` have the same `path` in `real_time`: `{path}`")]
    SamePath {
        /// The path.
        path: String,
        /// One of them.
        first: Arc<str>,
        /// The other.
        second: Arc<str>,
    },
    /// The path is one of the server's own.
    #[error("recipe `{recipe}` has a `path` in `real_time` that the server answers itself: `{path}`")]
    OwnPath {
        /// The path.
        path: String,
        /// The recipe.
        recipe: Arc<str>,
    },
}

impl HookError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::NoSecret { source, .. } => source.help(),
            Self::SamePath { .. } => "give each recipe a path of its own, such as `/hooks/` and the recipe's name",
            Self::OwnPath { .. } => "choose a path such as `/hooks/` and the recipe's name",
        }
    }
}

/// Where one recipe is called.
#[derive(Debug)]
pub(super) struct Hook {
    pub(super) recipe: Arc<str>,
    pub(super) key: Key,
    pub(super) settle: Duration,
    pub(super) events: Events,
}

/// Every path that is called.
#[derive(Debug, Default)]
pub struct Hooks(HashMap<String, Arc<Hook>>);

impl Hooks {
    /// The paths of these recipes; those without `real_time` have none.
    ///
    /// # Errors
    /// When a secret is missing, or a path is taken.
    pub fn of<'r>(
        recipes: impl IntoIterator<Item = (&'r Arc<str>, Option<&'r RealTime>)>,
        secrets: &Secrets,
    ) -> Result<Self, HookError> {
        let mut hooks = HashMap::new();
        for (recipe, real_time) in recipes {
            let Some(real_time) = real_time else { continue };
            let path = real_time.path.clone();
            if [HEALTH, READINESS, METRICS].contains(&&*path) {
                return Err(HookError::OwnPath { path, recipe: Arc::clone(recipe) });
            }
            let hook = Arc::new(Hook::new(recipe, real_time, secrets)?);
            match hooks.entry(path) {
                Entry::Vacant(place) => _ = place.insert(hook),
                Entry::Occupied(taken) => {
                    let first = Arc::clone(&taken.get().recipe);
                    return Err(HookError::SamePath { path: taken.key().clone(), first, second: hook.recipe.clone() });
                }
            }
        }
        Ok(Self(hooks))
    }

    /// The recipes that are called somewhere.
    pub(super) fn recipes(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|hook| &*hook.recipe)
    }

    /// The recipe that is called at a path.
    pub(super) fn at(&self, path: &str) -> Option<&Arc<Hook>> {
        self.0.get(path)
    }
}

impl Hook {
    fn new(recipe: &Arc<str>, real_time: &RealTime, secrets: &Secrets) -> Result<Self, HookError> {
        let secret = secrets.get(&real_time.secret);
        let secret = secret.map_err(|source| HookError::NoSecret { recipe: Arc::clone(recipe), source })?;
        Ok(Self {
            recipe: Arc::clone(recipe),
            key: Key::new(&secret),
            settle: real_time.settle,
            events: real_time.events.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Secrets in a folder: one called `HERE`.
    fn secrets() -> (tempfile::TempDir, Secrets) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("HERE"), "bob-demo-secret").unwrap();
        let secrets = Secrets::new(Some(folder.path().to_owned()));
        (folder, secrets)
    }

    fn real_time(path: &str, secret: &str) -> RealTime {
        let (path, secret) = (path.to_owned(), secret.to_owned());
        RealTime { path, secret, settle: Duration::from_secs(20), events: Events::All }
    }

    fn hooks(recipes: &[(&str, RealTime)]) -> Result<Hooks, HookError> {
        let (_folder, secrets) = secrets();
        let named: Vec<(Arc<str>, &RealTime)> =
            recipes.iter().map(|(name, section)| ((*name).into(), section)).collect();
        Hooks::of(named.iter().map(|(name, section)| (name, Some(*section))), &secrets)
    }

    #[test]
    fn each_recipe_is_called_at_its_own_path_and_some_at_none() {
        let both = hooks(&[("a", real_time("/a", "HERE")), ("b", real_time("/b", "HERE"))]).unwrap();
        assert_eq!((&*both.at("/a").unwrap().recipe, &*both.at("/b").unwrap().recipe), ("a", "b"));
        assert!(both.at("/a/").is_none());
        let (_folder, secrets) = secrets();
        assert!(Hooks::of([(&Arc::from("a"), None)], &secrets).unwrap().0.is_empty());
    }

    #[test]
    fn a_secret_that_is_missing_is_named_with_where_to_put_it() {
        let error = hooks(&[("a", real_time("/a", "NO_SUCH_SECRET"))]).unwrap_err();
        assert_eq!(error.to_string(), "recipe `a` has `real_time`, and there is no secret `NO_SUCH_SECRET`");
        assert!(error.help().contains("set the environment variable NO_SUCH_SECRET"));
    }

    #[test]
    fn a_path_that_is_taken_is_refused() {
        let error = hooks(&[("a", real_time("/x", "HERE")), ("b", real_time("/x", "HERE"))]).unwrap_err();
        assert_eq!(error.to_string(), "recipes `a` and `b` have the same `path` in `real_time`: `/x`");
        for own in [HEALTH, READINESS, METRICS] {
            let error = hooks(&[("a", real_time(own, "HERE"))]).unwrap_err();
            assert!(error.to_string().contains(own) && error.help().contains("/hooks/"));
        }
    }
}
