//! `check --live`: a recipe held against source and target as they are now.

use std::path::Path;
use std::time::{Duration, Instant};

use super::load::{check_against, must_be_asked, refused};
use super::outlook::Outlook;
use crate::connector::open::{Described, describe_target, open_source, open_target, title};
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, Doubt, Examination, Load, Source, Target, WriteKind};
use crate::model::{Group, SourceCatalogue, TargetCatalogue, User};
use crate::problem::{Problem, Problems};
use crate::recipe::{Draft, Recipe};
use crate::stage::today::Now;

/// Checks a recipe with what source and target say of themselves. What was found to be so is given back, a line each.
pub async fn check(path: &Path, secrets: &Secrets, now: Now, problems: &mut Problems) -> Vec<String> {
    let Some(draft) = Draft::load(path, &mut Problems::new()) else {
        check_against(path, None, None, problems);
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
    let target = match target_catalogue(&draft, secrets).await {
        Ok(found) => found,
        Err(error) => {
            problems.push(refused(&draft, "target", &error));
            None
        }
    };
    let recipe = check_against(path, catalogue, target, problems);
    let (Some(source), Some(recipe)) = (source, recipe) else { return Vec::new() };
    let examined = examine_source(&draft, &recipe, &*source, problems).await;
    let people = examined.as_ref().map_or(0, |source| source.size);
    let (target, kept) = examine_target(&draft, &recipe, people, secrets, problems).await.unzip();
    let outlook = match (&examined, kept) {
        (Some(_), Some((users, groups))) => match source.roster(&recipe.layout).await {
            Ok(roster) => Some(Outlook::of(&recipe, &roster, &users, &groups, now)),
            Err(error) => {
                problems.push(refused(&draft, "source", &error));
                None
            }
        },
        _ => None,
    };
    let expected = outlook.map(|outlook| expect(&draft, outlook, problems));
    let estimate = examined.as_ref().zip(target.as_ref()).map(|(source, target)| estimate(source, target));
    let facts = [examined, target].into_iter().flatten().flat_map(|side| side.facts);
    facts.chain(expected).chain(estimate).collect()
}

/// The users and groups that a target has.
type Kept = (Vec<User>, Vec<Group>);

/// Warns of whoever is in doubt; what is to be expected otherwise is given back.
fn expect(draft: &Draft, outlook: Outlook, problems: &mut Problems) -> String {
    for doubt in outlook.doubts {
        let place = draft.connector_place(doubt.section);
        problems.push(Problem::warning("live", &place, doubt.message).help(doubt.help));
    }
    outlook.fact
}

/// What the target takes now, where that is known only by asking.
async fn target_catalogue(draft: &Draft, secrets: &Secrets) -> Result<Option<TargetCatalogue>, ConnectorError> {
    match describe_target(draft.target()) {
        Ok(Described::Known(catalogue)) if must_be_asked(&catalogue) => {
            let mut catalogue = open_target(draft.target(), secrets)?.catalogue().await?;
            catalogue.complete &= draft.is_whole("target");
            Ok(Some(catalogue))
        }
        _ => Ok(None),
    }
}

/// What was found of a source or a target.
struct Side {
    facts: Vec<String>,
    /// People, or users.
    size: usize,
    /// How long reading everything took.
    took: Duration,
    /// How much longer writing everybody takes, in words.
    writing: String,
}

/// How long a full sync will take.
fn estimate(source: &Side, target: &Side) -> String {
    let reading = source.took.max(target.took).as_secs_f64();
    format!("a full sync: {reading:.1} s to read; a first one, which writes everybody, about {}", target.writing)
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
            found.doubts.into_iter().for_each(|doubt| problems.push(doubted(draft, "source", doubt)));
            let facts = found.facts.into_iter().map(|fact| format!("{name}: {fact}")).collect();
            Some(Side { facts, size: found.people, took: began.elapsed(), writing: String::new() })
        }
        Err(error) => {
            problems.push(refused(draft, "source", &error));
            None
        }
    }
}

/// The users and groups, how long reading them takes (the other half of what a steady sync does), and what the target says
/// of itself.
async fn examine_target(
    draft: &Draft,
    recipe: &Recipe,
    people: usize,
    secrets: &Secrets,
    problems: &mut Problems,
) -> Option<(Side, Kept)> {
    let name = title(&recipe.target.name);
    let began = Instant::now();
    let mut said = Examination::default();
    let read = async {
        let target = open_target(&recipe.target, secrets)?;
        said = target.examine(&recipe.user_layout).await?;
        let groups = target.groups().await?;
        let users = target.users(&recipe.user_layout).await?;
        let took = began.elapsed();
        let writing = writing_everybody(&*target, people).await?;
        Ok::<_, ConnectorError>((Side { facts: Vec::new(), size: users.len(), took, writing }, (users, groups)))
    };
    let read = read.await;
    let Examination { facts, doubts, .. } = said;
    // What the target cannot be read for is said already.
    let is_explained = doubts.iter().any(|doubt| doubt.grave);
    doubts.into_iter().for_each(|doubt| problems.push(doubted(draft, "target", doubt)));
    match read {
        Ok((mut side, kept)) => {
            let read = format!("read in {:.1} s", side.took.as_secs_f64());
            side.facts.push(format!("{name}: {} users and {} groups and teams, {read}", side.size, kept.1.len()));
            side.facts.extend(facts.into_iter().map(|fact| format!("{name}: {fact}")));
            Some((side, kept))
        }
        Err(error) => {
            if !is_explained {
                problems.push(refused(draft, "target", &error));
            }
            None
        }
    }
}

/// How long a first sync writes. Nothing is written to find out: where the target's limits do not say it, a call is taken
/// to last a second.
async fn writing_everybody(target: &dyn Target, people: usize) -> Result<String, ConnectorError> {
    let load = Load { creates: people, references: people, memberships: people, ..Load::default() };
    if let Some(takes) = target.forecast(&load).await?.takes {
        return Ok(format!("{} more", in_words(takes)));
    }
    let pace = target.pace(WriteKind::Users);
    let at_once = pace.batch.saturating_mul(pace.concurrency).max(1);
    let takes = Duration::from_secs(people.div_ceil(at_once).try_into().unwrap_or(u64::MAX));
    Ok(format!("{} more if a call takes a second", in_words(takes)))
}

fn doubted(draft: &Draft, section: &str, doubt: Doubt) -> Problem {
    let place = match &doubt.field {
        Some(field) => draft.field_place(field),
        None => draft.connector_place(section),
    };
    let problem = if doubt.grave { Problem::new } else { Problem::warning };
    problem("live", &place, doubt.message).help(doubt.help)
}
