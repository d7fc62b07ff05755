//! The simulated 360Learning against the vendor's own description of its API.
//!
//! The description is not ours to ship: it lies in a folder that `ROLLBOOK_OPENAPI` names, `../shared/apis/openapi` if it
//! names none. Without the folder these tests are left out and say so; `ROLLBOOK_INSIST=1` makes that a failure.

mod description;
mod sandbox;

use std::io::Write as _;
use std::path::PathBuf;

use description::Description;

/// The description, or nothing where it is not there and need not be.
pub(crate) fn description() -> Option<Description> {
    let folder = std::env::var_os("ROLLBOOK_OPENAPI").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| crate::author::repository().join("../shared/apis/openapi"));
    let files = ["360learning-core-api.json", "360learning-bulk-api.json"].map(|name| folder.join(name));
    if files.iter().all(|file| file.is_file()) {
        return Some(Description::read(&files));
    }
    let said = format!("left out: {} has no description of 360Learning's API; see ROLLBOOK_OPENAPI", folder.display());
    assert!(std::env::var_os("ROLLBOOK_INSIST").is_none_or(|insist| insist != "1"), "{said}");
    // Past the harness, which hides what tests print that pass.
    let mut stderr = std::io::stderr();
    writeln!(stderr, "{said}").unwrap();
    None
}
