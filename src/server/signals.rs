//! What the system asks of the process: to end (SIGTERM, Ctrl-C), or to read the recipes again (SIGHUP).

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc;

/// Something that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To end, when what is in hand is finished.
    End,
    /// To read the recipes again.
    Reload,
}

/// Everything that is asked for from now on.
pub(super) fn asked() -> mpsc::Receiver<Asked> {
    let (tell, asked) = mpsc::channel(4);
    let kinds = [
        (SignalKind::terminate(), Asked::End),
        (SignalKind::interrupt(), Asked::End),
        (SignalKind::hangup(), Asked::Reload),
    ];
    for (kind, means) in kinds {
        // Where the system takes no handler, the signal does what it always does.
        let Ok(mut signals) = signal(kind) else { continue };
        let tell = tell.clone();
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                if tell.send(means).await.is_err() {
                    return;
                }
            }
        });
    }
    asked
}
