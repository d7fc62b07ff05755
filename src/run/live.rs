//! `check --live`: a recipe held against source and target as they are now.

use std::path::Path;
use std::time::{Duration, Instant};

use super::load::{check_against, refused};
use crate::connector::open::{open_source, open_target, title};
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, Doubt, Source, WriteKind};
use crate::model::SourceCatalogue;
use crate::problem::{Problem, Problems};
use crate::recipe::{Draft, Recipe};

/// Checks a recipe with what source and target say of themselves. What was found to be so is given back, a line each.
pub async fn check(path: &Path, secrets: &Secrets, problems: &mut Problems) -> Vec<String> {
    let Some(draft) = Draft::load(path, &mut Problems::new()) else {
        check_against(path, None, problems);
        return Vec::new();
    };
    let source = match catalogue(&draft, secrets).await {
        Ok(found) => Some(found),
        Err(error) => {
            problems.push(refused(&draft, "source", &error));
            None
        }
    };
    let (source, catalogue) = source.unzip();
    let recipe = check_against(path, catalogue, problems);
    let (Some(source), Some(recipe)) = (source, recipe) else { return Vec::new() };
    let examined = examine_source(&draft, &recipe, &*source, problems).await;
    let target = examine_target(&draft, &recipe, problems).await;
    let estimate = examined.as_ref().zip(target.as_ref()).map(|(source, target)| estimate(source, target));
    let facts = [examined, target].into_iter().flatten().flat_map(|side| side.facts);
    facts.chain(estimate).collect()
}

/// What was found of a source or a target.
struct Side {
    facts: Vec<String>,
    /// People, or writes that are taken at the same time.
    size: usize,
    /// How long reading everything took.
    took: Duration,
}

/// How long a full sync will take. Nothing is written to find out, so that a write is taken to last a second.
fn estimate(source: &Side, target: &Side) -> String {
    let reading = source.took.max(target.took).as_secs_f64();
    let writing = Duration::from_secs(source.size.div_ceil(target.size.max(1)).try_into().unwrap_or(u64::MAX));
    format!(
        "a full sync: {reading:.1} s to read; a first one, which writes everybody, about {} more if a call takes a second",
        in_words(writing)
    )
}

/// A duration to the minute, where that is close enough.
fn in_words(time: Duration) -> String {
    match time.as_secs() {
        seconds @ ..120 => format!("{seconds} s"),
        seconds @ ..7_200 => format!("{} minutes", seconds.div_ceil(60)),
        seconds => format!("{} hours", seconds.div_ceil(3_600)),
    }
}

async fn catalogue(draft: &Draft, secrets: &Secrets) -> Result<(Box<dyn Source>, SourceCatalogue), ConnectorError> {
    let source = open_source(draft.source(), secrets)?;
    let mut catalogue = source.catalogue().await?;
    catalogue.complete &= draft.is_whole("source");
    Ok((source, catalogue))
}

async fn examine_source(draft: &Draft, recipe: &Recipe, source: &dyn Source, problems: &mut Problems) -> Option<Side> {
    let name = title(&recipe.source.name);
    let began = Instant::now();
    match source.examine(&recipe.layout).await {
        Ok(found) => {
            found.doubts.into_iter().for_each(|doubt| problems.push(doubted(draft, doubt)));
            let facts = found.facts.into_iter().map(|fact| format!("{name}: {fact}")).collect();
            Some(Side { facts, size: found.people, took: began.elapsed() })
        }
        Err(error) => {
            problems.push(refused(draft, "source", &error));
            None
        }
    }
}

/// How many users there are and how long reading them takes: the other half of what a steady sync does.
async fn examine_target(draft: &Draft, recipe: &Recipe, problems: &mut Problems) -> Option<Side> {
    let name = title(&recipe.target.name);
    let began = Instant::now();
    let read = async {
        let target = open_target(&recipe.target)?;
        let groups = target.groups().await?;
        Ok::<_, ConnectorError>((
            target.users(&recipe.user_layout).await?.len(),
            groups.len(),
            target.pace(WriteKind::Users),
        ))
    };
    match read.await {
        Ok((users, groups, pace)) => {
            let took = began.elapsed();
            let read = format!("read in {:.1} s", took.as_secs_f64());
            let facts = vec![format!("{name}: {users} users and {groups} groups and teams, {read}")];
            Some(Side { facts, size: pace.batch.saturating_mul(pace.concurrency), took })
        }
        Err(error) => {
            problems.push(refused(draft, "target", &error));
            None
        }
    }
}

fn doubted(draft: &Draft, doubt: Doubt) -> Problem {
    let place = match &doubt.field {
        Some(field) => draft.field_place(field),
        None => draft.connector_place("source"),
    };
    let problem = if doubt.grave { Problem::new } else { Problem::warning };
    problem("live", &place, doubt.message).help(doubt.help)
}
