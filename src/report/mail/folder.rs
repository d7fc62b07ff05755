//! A folder that takes mails as files, for its user alone: the mail itself, its page, and what is attached.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{join_all, join3};
use tokio::fs;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::message::{self, slug};
use super::{Mail, MailError};
use crate::private;

/// Tells apart what is written of one mail twice at the same time.
static WRITTEN: AtomicUsize = AtomicUsize::new(0);

/// Writes `<name>.html`, the attached files as `<name>.<ending>`, and `<name>.eml` last: where that one is, all are.
/// Each file appears whole or not at all. All are written at the same time, as the mail holds the files once more.
///
/// # Errors
/// When the mail cannot be built, or the folder does not take it.
pub async fn write(folder: &Path, mail: &Mail) -> Result<PathBuf, MailError> {
    let eml = message::build(mail)?;
    private::make_folder(folder).map_err(|cause| MailError::Folder { path: folder.to_owned(), cause })?;
    let stem = slug(&mail.name);
    let page = mail.html.as_deref().map(|html| (Part::of(folder.join(format!("{stem}.html"))), html));
    let files = mail.attachments.iter().map(|attachment| {
        let ending = Path::new(&attachment.name).extension().map_or("bin".into(), |ending| ending.to_string_lossy());
        (Part::of(folder.join(format!("{stem}.{}", slug(&ending)))), &attachment.content)
    });
    let files: Vec<_> = files.collect();
    let whole = Part::of(folder.join(format!("{stem}.eml")));
    let attached = join_all(files.iter().map(|(file, content)| file.write(content.blocks())));
    let shown = join_all(page.iter().map(|(page, html)| page.write([html.as_bytes()])));
    let written = join3(shown, attached, whole.write(eml.pieces())).await;
    written.0.into_iter().chain(written.1).chain([written.2]).collect::<Result<(), _>>()?;
    for part in page.into_iter().map(|(page, _)| page).chain(files.into_iter().map(|(file, _)| file)) {
        part.place().await?;
    }
    whole.place().await
}

/// A file that is written beside its path and renamed, so that nobody ever reads half of it.
struct Part {
    beside: PathBuf,
    path: PathBuf,
}

impl Part {
    fn of(path: PathBuf) -> Self {
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        Self { beside: path.with_added_extension(format!("{}-{number}.part", std::process::id())), path }
    }

    async fn write(&self, pieces: impl IntoIterator<Item: AsRef<[u8]>>) -> Result<(), MailError> {
        self.try_write(pieces).await.map_err(|cause| self.failed(cause))
    }

    async fn try_write(&self, pieces: impl IntoIterator<Item: AsRef<[u8]>>) -> io::Result<()> {
        let mut options = private::writing();
        options.create(true).truncate(true);
        // Each write is a journey to another thread and back.
        let mut file = BufWriter::with_capacity(1 << 18, fs::OpenOptions::from(options).open(&self.beside).await?);
        for piece in pieces {
            file.write_all(piece.as_ref()).await?;
        }
        file.flush().await?;
        file.into_inner().sync_all().await
    }

    /// Gives it its name.
    async fn place(mut self) -> Result<PathBuf, MailError> {
        fs::rename(&self.beside, &self.path).await.map_err(|cause| self.failed(cause))?;
        Ok(std::mem::take(&mut self.path))
    }

    fn failed(&self, cause: io::Error) -> MailError {
        MailError::Folder { path: self.path.clone(), cause }
    }
}

/// What is left of a file that was not placed is of no use.
impl Drop for Part {
    fn drop(&mut self) {
        // That it cannot be removed changes nothing; once it has its name, there is nothing to remove.
        let _ = std::fs::remove_file(&self.beside);
    }
}
