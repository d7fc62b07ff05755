//! A company of any size, made from the demo's 300 people, with the demo's recipe in a folder of its own.
//!
//! Copy after copy of the bundled people is written, each with its own ids, addresses and employee numbers; managers
//! are those of the same copy. The same size gives the same bytes.

pub(crate) mod measured;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rollbook::connector::open::{open_source, open_target};
use rollbook::connector::secrets::Secrets;
use rollbook::model::Plan;
use rollbook::problem::Problems;
use rollbook::recipe::Recipe;
use rollbook::run::Quiet;
use rollbook::run::gather::{Gathered, Reading, gather};
use rollbook::run::load::load;
use rollbook::run::sync::{Request, Synced, sync};
use rollbook::stage::today::Now;
use rollbook::store::Store;
use tempfile::TempDir;

/// The day that every bench plans for.
pub(crate) const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 21);

/// How the names of the copies are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "not every bench makes both")]
pub(crate) enum Names {
    /// Every copy has the names of the bundled people.
    Repeated,
    /// Every copy has surnames of its own: harder than life, in which people share names.
    Distinct,
}

/// A folder with the demo's recipe and a company's people.
pub(crate) struct Company {
    folder: TempDir,
}

#[allow(dead_code, reason = "not every bench needs everything")]
impl Company {
    /// A company of so many people.
    pub(crate) fn new(people: usize, names: Names) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["recipes", "recipes/demo", "recipes/scripts", "lookup_tables/demo"] {
            copy_files(&root.join(part), &folder.path().join(part)).expect("the demo can be copied");
        }
        let company = Self { folder };
        write_people(&company.people(), people, names).expect("the people can be written");
        company
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The recipe.
    pub(crate) fn recipe(&self) -> PathBuf {
        self.folder.path().join("recipes/demo.yaml")
    }

    /// The file of people.
    pub(crate) fn people(&self) -> PathBuf {
        self.folder.path().join("recipes/demo/people.json")
    }

    /// The recipe, ready to run.
    pub(crate) fn load(&self) -> Recipe {
        let mut problems = Problems::default();
        load(&self.recipe(), &mut problems).expect("the demo has no mistakes")
    }

    /// The state database in its folder.
    pub(crate) async fn store(&self) -> Store {
        let url = format!("sqlite://{}", self.folder.path().join("state.db").display());
        Store::open(&url).await.expect("the database opens")
    }

    /// Runs a sync.
    pub(crate) async fn sync(&self, recipe: &Recipe, store: &Store) -> Synced {
        let request = Request {
            recipe,
            secrets: &Secrets::default(),
            now: Now::Day(TODAY),
            approvals: std::collections::BTreeMap::new(),
            saved: None,
            verify: false,
            progress: &Quiet,
            stop: rollbook::run::Stop::never(),
            started_by: rollbook::store::StartedBy::Hand,
        };
        sync(request, store).await.expect("the sync runs")
    }

    /// What a plan is made from.
    pub(crate) async fn gather(&self, recipe: &Recipe, store: &Store) -> Gathered {
        let source = open_source(&recipe.source, &Secrets::default()).expect("the people can be read");
        let target = open_target(&recipe.target, &Secrets::default()).expect("the directory opens");
        gather(recipe, &*source, &*target, store, Reading::at(Now::Day(TODAY))).await.expect("everything can be read")
    }
}

/// Plans for [`TODAY`].
#[allow(dead_code, reason = "not every bench plans")]
pub(crate) fn plan(recipe: &Recipe, gathered: &Gathered) -> Plan {
    rollbook::engine::plan(recipe, &gathered.inputs(Now::Day(TODAY)))
}

/// The same, on one core.
#[allow(dead_code, reason = "not every bench plans")]
pub(crate) fn plan_on_one_core(recipe: &Recipe, gathered: &Gathered) -> Plan {
    let one = std::num::NonZeroUsize::MIN;
    rollbook::engine::plan_in_parts(recipe, &gathered.inputs(Now::Day(TODAY)), one)
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Writes so many people as HiBob's people search answers, indented like the bundled file.
pub(crate) fn write_people(path: &Path, people: usize, names: Names) -> io::Result<()> {
    let bundled = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/demo/people.json");
    let text = fs::read_to_string(bundled)?;
    let bundled = Bundled::read(&text);
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{{\n \"employees\": [")?;
    let all = (0..).flat_map(|copy| bundled.people.iter().map(move |person| (copy, person)));
    for (position, (copy, person)) in all.take(people).enumerate() {
        if position > 0 {
            writeln!(out, ",")?;
        }
        for piece in person {
            piece.write(copy, names, &mut out)?;
        }
    }
    writeln!(out, "\n ]\n}}")?;
    out.flush()
}

/// The bundled people, each as the pieces of their text.
struct Bundled<'t> {
    people: Vec<Vec<Piece<'t>>>,
}

/// A part of the bundled text: what stays, and what each copy has of its own.
enum Piece<'t> {
    Same(Arc<str>),
    /// An employee id, to which each copy adds a thousand.
    Id(u64),
    /// An employee number, to which each copy adds the number of bundled people.
    Number(u64),
    /// The end of an address, before which each copy has its number.
    Domain(&'t str),
    /// The end of a name.
    Name {
        capital: bool,
    },
}

impl<'t> Bundled<'t> {
    const PEOPLE: u64 = 300;
    /// Where people begin and end in the bundled file.
    const OPEN: &'static str = "  {";
    const CLOSE: &'static str = "  }";

    fn read(text: &'t str) -> Self {
        let mut people = Vec::new();
        let mut person: Option<Vec<Piece<'t>>> = None;
        let mut before = "";
        for line in text.lines() {
            if line == Self::OPEN {
                person = Some(vec![Piece::Same(format!("{line}\n").into())]);
            } else if line.trim_end_matches(',') == Self::CLOSE {
                if let Some(mut pieces) = person.take() {
                    pieces.push(Piece::Same(Self::CLOSE.into()));
                    people.push(merged(pieces));
                }
            } else if let Some(pieces) = &mut person {
                pieces.extend(split(line, before));
                pieces.push(Piece::Same("\n".into()));
            }
            before = line;
        }
        Self { people }
    }
}

/// One line in pieces; what its value is stands in it or, for a slash key, in the line before.
fn split<'t>(line: &'t str, before: &str) -> Vec<Piece<'t>> {
    let same = |text: &str| Piece::Same(text.into());
    let key = if line.trim_start().starts_with("\"value\"") { before } else { line };
    let digits = |from: usize| line[from..].find(|c: char| !c.is_ascii_digit()).map_or(line.len(), |end| from + end);
    if let Some(at) = line.find("3000000000000000") {
        let end = digits(at);
        if let Ok(id) = line[at..end].parse() {
            return vec![same(&line[..at]), Piece::Id(id), same(&line[end..])];
        }
    }
    if let (true, Some(at)) = (key.contains("employeeIdInCompany\""), line.find(|c: char| c.is_ascii_digit())) {
        let end = digits(at);
        if let Ok(number) = line[at..end].parse() {
            return vec![same(&line[..at]), Piece::Number(number), same(&line[end..])];
        }
    }
    if let Some(at) = line.find('@') {
        return vec![same(&line[..at]), Piece::Domain(&line[at..])];
    }
    let is_name = key.contains("surname\"") || key.contains("isplayName\"");
    if let (true, Some(at)) = (is_name, line.trim_end_matches(',').strip_suffix('"').map(str::len)) {
        let capital = line[..at].chars().next_back().is_some_and(char::is_uppercase);
        return vec![same(&line[..at]), Piece::Name { capital }, same(&line[at..])];
    }
    vec![same(line)]
}

/// The pieces with those that stay the same joined.
fn merged(pieces: Vec<Piece<'_>>) -> Vec<Piece<'_>> {
    let mut merged: Vec<Piece<'_>> = Vec::new();
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Same(part) => text.push_str(&part),
            other => {
                merged.push(Piece::Same(std::mem::take(&mut text).into()));
                merged.push(other);
            }
        }
    }
    merged.push(Piece::Same(text.into()));
    merged
}

impl Piece<'_> {
    fn write(&self, copy: u64, names: Names, out: &mut impl io::Write) -> io::Result<()> {
        match self {
            Self::Same(text) => out.write_all(text.as_bytes()),
            Self::Id(id) => write!(out, "{}", id + copy * 1_000),
            Self::Number(number) => write!(out, "{}", number + copy * Bundled::PEOPLE),
            Self::Domain(domain) => write!(out, ".{copy}{domain}"),
            Self::Name { .. } if names == Names::Repeated => Ok(()),
            Self::Name { capital } => out.write_all(&syllables(copy, *capital)),
        }
    }
}

/// `7` → `jo`, `31` → `foko`: something like the end of a name, for each copy its own.
fn syllables(mut number: u64, capital: bool) -> Vec<u8> {
    const FIRST: &[u8] = b"bdfgklmnprstvwz";
    let mut letters = Vec::new();
    loop {
        let first = FIRST[(number % FIRST.len() as u64) as usize];
        letters.extend([first, b"aeiou"[(number % 5) as usize]]);
        number /= FIRST.len() as u64;
        if number == 0 {
            break;
        }
    }
    if capital { letters.to_ascii_uppercase() } else { letters }
}
