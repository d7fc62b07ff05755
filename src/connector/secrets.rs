//! Secrets by name: first from the environment, then from a folder with one file per secret.

use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;

use secrecy::{ExposeSecret as _, SecretString};

use super::ConnectorError;

/// Where secrets are looked up.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    folder: Option<PathBuf>,
}

impl Secrets {
    /// The longest secret, in bytes; a longer file is no secret.
    const LONGEST: u64 = 16 << 10;

    /// From the environment, and then from this folder.
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// The secret with this name, without the line end that editors leave behind; nothing if it is nowhere, or empty.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<SecretString> {
        let from_environment = std::env::var(name).ok().filter(|text| !text.is_empty());
        let text = from_environment.or_else(|| self.read(name))?;
        Some(text.trim_end_matches(['\r', '\n']).into())
            .filter(|secret: &SecretString| !secret.expose_secret().is_empty())
    }

    /// The secret with this name.
    ///
    /// # Errors
    /// When it is nowhere: says where it was looked for.
    pub fn get(&self, name: &str) -> Result<SecretString, ConnectorError> {
        self.find(name).ok_or_else(|| ConnectorError::Settings {
            message: format!("there is no secret `{name}`"),
            help: match &self.folder {
                Some(folder) => {
                    format!("set the environment variable {name}, or write the file {}", folder.join(name).display())
                }
                None => format!("set the environment variable {name}, or name a folder of secrets with --secrets-dir"),
            },
        })
    }

    fn read(&self, name: &str) -> Option<String> {
        let plain =
            !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        let path = self.folder.as_ref().filter(|_| plain)?.join(name);
        let mut text = String::new();
        File::open(path).ok()?.take(Self::LONGEST).read_to_string(&mut text).ok()?;
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_read_from_its_file_without_the_line_end_and_never_from_another_folder() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("TOKEN"), "abc \n").unwrap();
        std::fs::create_dir(folder.path().join("inner")).unwrap();
        let secrets = Secrets::new(Some(folder.path().join("inner")));
        assert!(secrets.find("../TOKEN").is_none());
        let secrets = Secrets::new(Some(folder.path().to_owned()));
        assert_eq!(secrets.get("TOKEN").unwrap().expose_secret(), "abc ");
        let error = secrets.get("NO_SUCH_SECRET").unwrap_err();
        assert_eq!(error.to_string(), "there is no secret `NO_SUCH_SECRET`");
        assert!(error.help().ends_with("NO_SUCH_SECRET"));
    }
}
