//! A folder that takes mails as files, for its user alone: the mail itself, its page, and what is attached.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::{AsyncWriteExt as _, BufWriter};

use super::message::{self, slug};
use super::{Mail, MailError};
use crate::private;

/// Writes `<name>.html`, the attached files as `<name>.<ending>`, and `<name>.eml` last: where that one is, all are.
/// Each file appears whole or not at all.
pub(super) async fn write(folder: &Path, mail: &Mail) -> Result<PathBuf, MailError> {
    let eml = message::build(mail)?;
    private::make_folder(folder).map_err(|cause| MailError::Folder { path: folder.to_owned(), cause })?;
    let stem = slug(&mail.name);
    place(&folder.join(format!("{stem}.html")), [mail.html.as_bytes()]).await?;
    for attachment in &mail.attachments {
        let ending = Path::new(&attachment.name).extension().map_or("bin".into(), |ending| ending.to_string_lossy());
        place(&folder.join(format!("{stem}.{}", slug(&ending))), attachment.content.blocks()).await?;
    }
    let path = folder.join(format!("{stem}.eml"));
    place(&path, eml.pieces()).await?;
    Ok(path)
}

/// Writes beside the path and renames, so that nobody ever reads half a file.
async fn place(path: &Path, pieces: impl IntoIterator<Item: AsRef<[u8]>>) -> Result<(), MailError> {
    let part = path.with_added_extension(format!("{}.part", std::process::id()));
    let written = replace(&part, path, pieces).await;
    if written.is_err() {
        // What is left of a file that could not be written is of no use; that it cannot be removed changes nothing.
        let _ = fs::remove_file(&part).await;
    }
    written.map_err(|cause| MailError::Folder { path: path.to_owned(), cause })
}

async fn replace(part: &Path, path: &Path, pieces: impl IntoIterator<Item: AsRef<[u8]>>) -> io::Result<()> {
    let mut options = private::writing();
    options.create(true).truncate(true);
    // Each write is a journey to another thread and back.
    let mut file = BufWriter::with_capacity(1 << 20, fs::OpenOptions::from(options).open(part).await?);
    for piece in pieces {
        file.write_all(piece.as_ref()).await?;
    }
    file.flush().await?;
    file.into_inner().sync_all().await?;
    fs::rename(part, path).await
}
