//! From a connector's name to the connector: one visible match.

use super::directory::DirectoryTarget;
use super::file::FileSource;
use super::hibob::HiBobSource;
use super::leapsome::LeapsomeTarget;
use super::learnamp::LearnAmpTarget;
use super::learnupon::LearnUponTarget;
use super::secrets::Secrets;
use super::three_sixty::ThreeSixtyTarget;
use super::{ConnectorError, ConnectorSettings, Source, Target};
use crate::model::{SourceCatalogue, TargetCatalogue};

/// What a connector's name leads to.
#[derive(Debug)]
pub enum Described<C> {
    /// It declares this.
    Known(C),
    /// The recipe language has it, and this version cannot run it yet.
    NotBuiltIn,
    /// The recipe language has no such name.
    Unknown,
}

/// What a source offers, as far as that is known without the network.
///
/// # Errors
/// When its settings or its files make no sense.
pub fn describe_source(settings: &ConnectorSettings) -> Result<Described<SourceCatalogue>, ConnectorError> {
    match &*settings.name {
        "file" => FileSource::describe(settings).map(Described::Known),
        "hibob" => HiBobSource::describe(settings).map(Described::Known),
        _ => Ok(Described::Unknown),
    }
}

/// What a target takes, as far as that is known without the network.
///
/// # Errors
/// When its settings make no sense.
pub fn describe_target(settings: &ConnectorSettings) -> Result<Described<TargetCatalogue>, ConnectorError> {
    match &*settings.name {
        "directory" => DirectoryTarget::describe(settings).map(Described::Known),
        "360learning" => ThreeSixtyTarget::describe(settings).map(Described::Known),
        "learnupon" => LearnUponTarget::describe(settings).map(Described::Known),
        "learnamp" => LearnAmpTarget::describe(settings).map(Described::Known),
        "leapsome" => LeapsomeTarget::describe(settings).map(Described::Known),
        "scim" => Ok(Described::NotBuiltIn),
        _ => Ok(Described::Unknown),
    }
}

/// Opens a source.
///
/// # Errors
/// When it cannot be opened, or is not part of this version.
pub fn open_source(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Box<dyn Source>, ConnectorError> {
    match &*settings.name {
        "file" => Ok(Box::new(FileSource::open(settings)?)),
        "hibob" => Ok(Box::new(HiBobSource::open(settings, secrets)?)),
        other => Err(not_built_in(other, "source", "file` and `hibob")),
    }
}

/// Opens a target.
///
/// # Errors
/// When it cannot be opened, or is not part of this version.
pub fn open_target(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Box<dyn Target>, ConnectorError> {
    match &*settings.name {
        "directory" => Ok(Box::new(DirectoryTarget::open(settings)?)),
        "360learning" => Ok(Box::new(ThreeSixtyTarget::open(settings, secrets)?)),
        "learnupon" => Ok(Box::new(LearnUponTarget::open(settings, secrets)?)),
        "learnamp" => Ok(Box::new(LearnAmpTarget::open(settings, secrets)?)),
        "leapsome" => Ok(Box::new(LeapsomeTarget::open(settings, secrets)?)),
        other => Err(not_built_in(other, "target", "directory`, `360learning`, `learnupon`, `learnamp` and `leapsome")),
    }
}

/// What people call a source or target.
#[must_use]
pub fn title(name: &str) -> &str {
    match name {
        "hibob" => "HiBob",
        "file" => "file",
        "360learning" => "360Learning",
        "learnupon" => "LearnUpon",
        "learnamp" => "Learn Amp",
        "leapsome" => "Leapsome",
        "scim" => "SCIM",
        "directory" => "directory",
        other => other,
    }
}

fn not_built_in(name: &str, role: &str, known: &str) -> ConnectorError {
    ConnectorError::Settings {
        message: format!("the {role} `{name}` is not part of this version"),
        help: format!("this version can run `{known}`; recipes for the others can be checked and tested already"),
    }
}
