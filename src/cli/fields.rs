//! `rollbook fields RECIPE`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};

use super::{Exit, Format, Settings, Stop, terminal};
use crate::connector::open::{open_source, open_target, title};
use crate::model::{Group, SourceCatalogue, SourceField, TargetCatalogue, TargetField};

#[derive(Debug, Args)]
#[command(after_help = "\
The names on the left are what stands in tables: of the source under `source_field` and `field`,
of the target under `target_field`. Groups are named by id or by exact name. [About] is the permission category that the source asks for.

Exit codes: 0 listed · 2 problems · 3 could not run")]
pub(super) struct FieldsArgs {
    /// The recipe, such as recipes/demo.yaml
    recipe: PathBuf,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn run(args: &FieldsArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_recipe(&args.recipe)?;
    let source = open_source(&recipe.source, &settings.secrets())?.catalogue().await?;
    let opened = open_target(&recipe.target, &settings.secrets())?;
    let (target, groups) = (opened.catalogue().await?, opened.groups().await?);
    match args.format {
        Format::Json => terminal::print_json(&json!({
            "source": source.fields.values().map(source_json).collect::<Vec<_>>(),
            "target": target.fields.iter().map(target_json).collect::<Vec<_>>(),
            "group_roles": target.groups.roles,
            "groups": groups.iter().map(group_json).collect::<Vec<_>>(),
        })),
        Format::Text => {
            let mut text = source_text(title(&recipe.source.name), &source, &recipe);
            text.push_str(&target_text(title(&recipe.target.name), &target));
            text.push_str(&groups_text(&groups));
            terminal::print(&text);
        }
    }
    Ok(Exit::Done)
}

fn source_text(name: &str, source: &SourceCatalogue, recipe: &crate::recipe::Recipe) -> String {
    let mut text = format!("source {name}: {} fields\n", source.fields.len());
    for field in source.fields.values() {
        let kind = field.value_type.map_or_else(|| "any".to_owned(), |kind| kind.to_string());
        let short = recipe.short_names.iter().find(|(_, path)| **path == field.path);
        let short = short.map_or_else(String::new, |(short, _)| format!(", here `{short}`"));
        let category = field.category.as_ref().map_or_else(String::new, |category| format!("  [{category}]"));
        let _ = writeln!(text, "  {:<38} {kind:<13} {}{short}{category}", field.path.as_str(), field.name);
        if let Some(choices) = &field.choices {
            write_choices(&mut text, choices.iter().filter(|choice| !choice.archived).map(|choice| &*choice.label));
        }
    }
    text
}

fn target_text(name: &str, target: &TargetCatalogue) -> String {
    let mut text = format!("\ntarget {name}: {} fields\n", target.fields.len());
    for field in &target.fields {
        let login = if target.logins().any(|login| *login == field.name) { ", login" } else { "" };
        let required = if field.required { ", required" } else { "" };
        let read_only = if field.writable { "" } else { ", read only" };
        let kind = field.target_type.to_string();
        let _ = writeln!(
            text,
            "  {:<38} {kind:<13} {}{login}{required}{read_only}  [{}]",
            field.name.as_str(),
            field.title,
            field.section
        );
        if !field.choices.is_empty() {
            write_choices(&mut text, field.choices.iter().map(|choice| &**choice));
        }
    }
    if !target.groups.roles.is_empty() {
        let _ = writeln!(text, "  groups, in the roles {}", target.groups.roles.join(", "));
    }
    text
}

fn groups_text(groups: &[Group]) -> String {
    let line = |group: &Group| format!("    {} {:<26} {}\n", group.kind, group.id.as_str(), group.name);
    groups.iter().map(line).collect()
}

fn write_choices<'c>(text: &mut String, choices: impl Iterator<Item = &'c str>) {
    const SHOWN: usize = 40;
    let choices: Vec<&str> = choices.collect();
    let more = choices.len().saturating_sub(SHOWN);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let _ = writeln!(text, "      one of: {}{more}", choices[..choices.len().min(SHOWN)].join(" · "));
}

fn source_json(field: &SourceField) -> Json {
    let choices: Option<Vec<Json>> = field.choices.as_ref().map(|choices| {
        choices
            .iter()
            .map(|choice| json!({ "id": choice.id, "label": choice.label, "archived": choice.archived }))
            .collect()
    });
    json!({
        "field": field.path,
        "name": field.name,
        "type": field.value_type.map(|kind| kind.to_string()),
        "category": field.category,
        "choices": choices,
    })
}

fn group_json(group: &Group) -> Json {
    json!({ "id": group.id, "name": group.name, "kind": group.kind.to_string() })
}

fn target_json(field: &TargetField) -> Json {
    json!({
        "field": field.name,
        "name": field.title,
        "section": field.section.to_string(),
        "type": field.target_type.to_string(),
        "choices": field.choices,
        "required": field.required,
        "writable": field.writable,
    })
}
