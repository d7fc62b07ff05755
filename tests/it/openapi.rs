//! The simulated 360Learning and Leapsome against the vendors' own descriptions of their APIs.
//!
//! The descriptions are not ours to ship: they lie in a folder that `ROLLBOOK_OPENAPI` names, `../shared/apis/openapi` if it
//! names none. Without the folder these tests are left out and say so; `ROLLBOOK_INSIST=1` makes that a failure.

mod description;
mod leapsome;
mod sandbox;

use std::io::Write as _;
use std::path::PathBuf;

use description::Description;

/// 360Learning's description, or nothing where it is not there and need not be.
pub(crate) fn description() -> Option<Description> {
    described("360Learning", &["360learning-core-api.json", "360learning-bulk-api.json"])
}

/// A vendor's description, out of these files.
pub(crate) fn described(vendor: &str, files: &[&str]) -> Option<Description> {
    let folder = std::env::var_os("ROLLBOOK_OPENAPI").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| crate::author::repository().join("../shared/apis/openapi"));
    let files: Vec<PathBuf> = files.iter().map(|name| folder.join(name)).collect();
    if files.iter().all(|file| file.is_file()) {
        return Some(Description::read(&files));
    }
    let said = format!("left out: {} has no description of {vendor}'s API; see ROLLBOOK_OPENAPI", folder.display());
    assert!(std::env::var_os("ROLLBOOK_INSIST").is_none_or(|insist| insist != "1"), "{said}");
    // Past the harness, which hides what tests print that pass.
    let mut stderr = std::io::stderr();
    writeln!(stderr, "{said}").unwrap();
    None
}
