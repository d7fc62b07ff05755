//! The files of the source: opening them, and saying which one is at fault and what to do.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::connector::ConnectorError;
use crate::connector::hibob::wire::fault::{Fault, sniff};

/// A file that the recipe names.
#[derive(Debug, Clone)]
pub(super) struct Input {
    path: PathBuf,
}

impl Input {
    /// Metadata and named lists are read whole; HiBob's largest are far smaller.
    const MOST: u64 = 64 << 20;

    pub(super) fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// Whether the file is a table by its name (`.csv`, `.tsv`, `.txt`); anything else is read as JSON.
    pub(super) fn is_table(&self) -> bool {
        let extension = self.path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        ["csv", "tsv", "txt"].iter().any(|table| table.eq_ignore_ascii_case(extension))
    }

    pub(super) fn open(&self) -> Result<File, ConnectorError> {
        let file = File::open(&self.path).map_err(|error| self.unavailable(&error))?;
        match file.metadata() {
            Ok(metadata) if metadata.is_dir() => Err(ConnectorError::Unavailable {
                message: format!("`{}` is a folder, not a file", self.path.display()),
                help: "name the file in it".to_owned(),
            }),
            Ok(_) => Ok(file),
            Err(error) => Err(self.unavailable(&error)),
        }
    }

    /// The whole of a small JSON file, without its byte-order mark.
    pub(super) fn read(&self) -> Result<Vec<u8>, ConnectorError> {
        let mut text = Vec::new();
        let mut file = self.open()?.take(Self::MOST + 1);
        file.read_to_end(&mut text).map_err(|error| self.error(&Fault::Read(error)))?;
        if text.len() as u64 > Self::MOST {
            return Err(ConnectorError::Malformed {
                message: format!("`{}` is larger than 64 MiB", self.path.display()),
                help: "see whether the right file is named; field metadata and named lists are small".to_owned(),
            });
        }
        let mark = sniff(&text).map_err(|fault| self.error(&fault))?;
        text.drain(..mark);
        Ok(text)
    }

    /// A fault in this file, for people.
    pub(super) fn error(&self, fault: &Fault) -> ConnectorError {
        ConnectorError::Malformed {
            message: format!("`{}` {fault}", self.path.display()),
            help: fault.help().to_owned(),
        }
    }

    fn unavailable(&self, error: &io::Error) -> ConnectorError {
        let path = self.path.display();
        let folder = self.path.parent().unwrap_or(Path::new("."));
        let (message, help) = match error.kind() {
            io::ErrorKind::NotFound if folder.as_os_str().is_empty() || folder.is_dir() => (
                format!("there is no file `{path}`"),
                "paths are relative to the recipe; see whether the name is spelt right",
            ),
            io::ErrorKind::NotFound => (
                format!("there is no file `{path}`, nor the folder it should be in"),
                "paths are relative to the recipe",
            ),
            io::ErrorKind::PermissionDenied => {
                (format!("`{path}` may not be read"), "give the user that runs rollbook the right to read it")
            }
            kind => {
                (format!("`{path}` cannot be opened: {kind}"), "see whether the path is right and the disk is there")
            }
        };
        ConnectorError::Unavailable { message, help: help.to_owned() }
    }
}
