//! `check --live`: a recipe held against source and target as they are now.

use std::path::Path;
use std::time::Instant;

use super::load::{check_against, refused};
use crate::connector::open::{open_source, open_target, title};
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, Doubt, Source};
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
    let mut facts = Vec::new();
    if let (Some(source), Some(recipe)) = (source, recipe) {
        facts.extend(examine_source(&draft, &recipe, &*source, problems).await);
        facts.extend(examine_target(&draft, &recipe, problems).await);
    }
    facts
}

async fn catalogue(draft: &Draft, secrets: &Secrets) -> Result<(Box<dyn Source>, SourceCatalogue), ConnectorError> {
    let source = open_source(draft.source(), secrets)?;
    let mut catalogue = source.catalogue().await?;
    catalogue.complete &= draft.is_whole("source");
    Ok((source, catalogue))
}

async fn examine_source(draft: &Draft, recipe: &Recipe, source: &dyn Source, problems: &mut Problems) -> Vec<String> {
    let name = title(&recipe.source.name);
    match source.examine(&recipe.layout).await {
        Ok(found) => {
            found.doubts.into_iter().for_each(|doubt| problems.push(doubted(draft, doubt)));
            found.facts.into_iter().map(|fact| format!("{name}: {fact}")).collect()
        }
        Err(error) => {
            problems.push(refused(draft, "source", &error));
            Vec::new()
        }
    }
}

/// How many users there are and how long reading them takes: the other half of what a steady sync does.
async fn examine_target(draft: &Draft, recipe: &Recipe, problems: &mut Problems) -> Vec<String> {
    let name = title(&recipe.target.name);
    let began = Instant::now();
    let read = async {
        let target = open_target(&recipe.target)?;
        let groups = target.groups().await?;
        Ok::<_, ConnectorError>((target.users(&recipe.user_layout).await?.len(), groups.len()))
    };
    match read.await {
        Ok((users, groups)) => {
            let took = began.elapsed().as_secs_f64();
            vec![format!("{name}: {users} users and {groups} groups and teams, read in {took:.1} s")]
        }
        Err(error) => {
            problems.push(refused(draft, "target", &error));
            Vec::new()
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
