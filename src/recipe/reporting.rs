//! The section `report`: which reports go to whom, in which form, and what of people they show.

use std::collections::BTreeSet;

use super::compile::known_zone;
use super::draft::Draft;
use super::{beyond_schema, raw};
use crate::model::{FieldName, Language, Privacy};
use crate::problem::{Place, Problem, did_you_mean};
use crate::stage::Compile;
use crate::stage::fields::{FieldRule, Fields};
use crate::stage::today::Zones;

/// The section `report:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportSettings {
    /// What stands between the brackets of a subject, if the recipe says it: "Acme → 360Learning".
    pub title: Option<String>,
    /// Who gets which reports.
    pub recipients: Vec<Recipients>,
    /// The language.
    pub language: Language,
    /// The time zone that times are printed in, by its IANA name.
    pub timezone: String,
    /// Whether the table of all people goes with it.
    pub attach_csv: bool,
    /// Whether the workbook goes with it.
    pub attach_xlsx: bool,
    /// What of people it keeps to itself.
    pub privacy: Privacy,
}

/// Addresses, and the reports that go to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipients {
    /// Which reports.
    pub when: ReportWhen,
    /// Mail addresses.
    pub to: Vec<String>,
}

/// When a report is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportWhen {
    /// After every run.
    Always,
    /// When something was changed or needs attention.
    Changes,
    /// When something needs attention.
    Problems,
    /// When the run was refused, or ended early.
    Failed,
}

impl ReportWhen {
    fn from_word(word: &str) -> Self {
        match word {
            "changes" => Self::Changes,
            "problems" => Self::Problems,
            "failed" => Self::Failed,
            _ => Self::Always,
        }
    }
}

/// What is masked unless a recipe says otherwise: fields whose name says that they hold a birth date or a gender, in the
/// source or in the target.
const MASKED: [&str; 3] = ["birth", "gender", "pronoun"];

impl Draft {
    pub(super) fn report(&self, zones: Option<&Zones>, fields: &Fields, cx: &mut Compile<'_>) -> ReportSettings {
        let raw = self.section::<raw::Report>("report").unwrap_or_default();
        let written =
            raw.timezone.as_ref().and_then(|name| known_zone(name, &self.document.at("/report/timezone"), cx));
        let zone = written.as_ref().or(zones.map(|zones| &zones.default));
        let language = self.json.get("language").and_then(|code| Language::from_code(code.as_str()?));
        ReportSettings {
            recipients: self.recipients(&raw, cx),
            language: language.unwrap_or_default(),
            timezone: zone.and_then(|zone| zone.iana_name()).unwrap_or("UTC").to_owned(),
            attach_csv: raw.attach.iter().any(|form| form == "csv"),
            attach_xlsx: raw.attach.iter().any(|form| form == "xlsx"),
            privacy: Privacy {
                masked: self.masked(raw.mask.as_deref(), fields, cx),
                left_out: raw.leave_out.into_iter().collect(),
                counts_only: raw.details == "attached",
            },
            title: raw.title,
        }
    }

    fn recipients(&self, raw: &raw::Report, cx: &mut Compile<'_>) -> Vec<Recipients> {
        let kinds: Vec<(&str, &[String], String)> = match &raw.to {
            raw::Recipients::All(to) => vec![(&raw.when, to, "/report/to".to_owned())],
            raw::Recipients::ByKind(kinds) => {
                kinds.iter().map(|(kind, to)| (&**kind, &**to, format!("/report/to/{kind}"))).collect()
            }
        };
        let recipients = kinds.into_iter().map(|(kind, to, pointer)| {
            for (index, address) in to.iter().enumerate() {
                beyond_schema::check_address(address, &self.document.at(&format!("{pointer}/{index}")), cx.problems);
            }
            Recipients { when: ReportWhen::from_word(kind), to: to.to_vec() }
        });
        recipients.collect()
    }

    /// The target fields that are masked: those that are named, by themselves or by what fills them.
    fn masked(&self, wanted: Option<&[String]>, fields: &Fields, cx: &mut Compile<'_>) -> BTreeSet<FieldName> {
        let Some(wanted) = wanted else {
            let unasked = fields.rules.iter().filter(|rule| is_masked_unasked(rule, cx));
            return unasked.map(|rule| rule.target.name.clone()).collect();
        };
        let mut masked = BTreeSet::new();
        for (index, name) in wanted.iter().enumerate() {
            let named = fields.rules.iter().filter(|rule| is_called(rule, name, cx));
            let before = masked.len();
            masked.extend(named.map(|rule| rule.target.name.clone()));
            if masked.len() == before {
                let place = self.document.at(&format!("/report/mask/{index}"));
                let problem = nothing_to_mask(name, fields, &place);
                cx.problems.push(problem);
            }
        }
        masked
    }
}

fn is_masked_unasked(rule: &FieldRule, cx: &Compile<'_>) -> bool {
    names_of(rule, cx).iter().any(|name| {
        let name = name.to_lowercase();
        MASKED.iter().any(|word| name.contains(word))
    })
}

/// Whether a row is meant by the name of the field it fills, or of the one it reads.
fn is_called(rule: &FieldRule, name: &str, cx: &Compile<'_>) -> bool {
    names_of(rule, cx).iter().any(|known| known.eq_ignore_ascii_case(name.trim()))
}

fn names_of<'a>(rule: &'a FieldRule, cx: &'a Compile<'_>) -> Vec<&'a str> {
    let source = rule.source.as_ref();
    let path = source.map(|source| cx.layout.column(source.at.slot).path.as_str());
    [Some(rule.target.name.as_str()), source.map(|source| &*source.written), path].into_iter().flatten().collect()
}

fn nothing_to_mask(name: &str, fields: &Fields, place: &Place) -> Problem {
    let names = fields.rules.iter().map(|rule| rule.target.name.as_str());
    let help = did_you_mean(name, names).unwrap_or_else(|| "name a field that a row fills or reads".to_owned());
    Problem::new("unknown-field", place, format!("no row fills or reads `{name}`")).help(help)
}
