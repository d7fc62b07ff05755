//! Reading a body: no more of it than is allowed, no longer than is allowed, and no more of all bodies at once than the
//! machine should hold for strangers.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The largest body. HiBob's own have a few hundred bytes.
pub(super) const MOST: usize = 1 << 20;
/// What all bodies together may take, until they are answered.
const ROOM: usize = 64 << 20;

/// Room for bodies.
#[derive(Debug)]
pub(super) struct Bodies {
    room: Arc<Semaphore>,
    patience: Duration,
}

/// A body, and the room that it takes.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// Larger than [`MOST`].
    TooLarge,
    /// Not there in time.
    Slow,
    /// The sender has gone away in the middle.
    Cut,
    /// Too many others are being read.
    NoRoom,
}

impl Bodies {
    /// Room for bodies that come within this time.
    pub(super) fn new(patience: Duration) -> Self {
        Self { room: Arc::new(Semaphore::new(ROOM)), patience }
    }

    /// Reads a body to its end.
    pub(super) async fn read(&self, body: Body) -> Result<Held, Unread> {
        if body.size_hint().lower() > MOST as u64 {
            return Err(Unread::TooLarge);
        }
        tokio::time::timeout(self.patience, self.collect(body)).await.unwrap_or(Err(Unread::Slow))
    }

    async fn collect(&self, body: Body) -> Result<Held, Unread> {
        let mut chunks = body.into_data_stream();
        let mut room = None;
        let mut first = Bytes::new();
        let mut all = Vec::new();
        while let Some(chunk) = chunks.next().await {
            let chunk = chunk.map_err(|_| Unread::Cut)?;
            if first.len().max(all.len()) + chunk.len() > MOST {
                return Err(Unread::TooLarge);
            }
            self.take(chunk.len(), &mut room)?;
            // Nearly every body comes in one piece, which is kept as it is.
            if first.is_empty() {
                first = chunk;
                continue;
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&chunk);
        }
        let bytes = if all.is_empty() { first } else { all.into() };
        Ok(Held { bytes, _room: room })
    }

    fn take(&self, bytes: usize, room: &mut Option<OwnedSemaphorePermit>) -> Result<(), Unread> {
        let bytes = u32::try_from(bytes).map_err(|_| Unread::TooLarge)?;
        let more = Arc::clone(&self.room).try_acquire_many_owned(bytes).map_err(|_| Unread::NoRoom)?;
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    const SOON: Duration = Duration::from_secs(60);

    fn in_pieces(pieces: Vec<Vec<u8>>) -> Body {
        Body::from_stream(stream::iter(pieces.into_iter().map(Ok::<_, Infallible>)))
    }

    #[tokio::test]
    async fn a_body_is_put_together_from_its_pieces() {
        let bodies = Bodies::new(SOON);
        for (pieces, whole) in [(vec![], &b""[..]), (vec![&b"ab"[..]], b"ab"), (vec![b"a", b"", b"bc", b"d"], b"abcd")]
        {
            let pieces = pieces.into_iter().map(<[u8]>::to_vec).collect();
            assert_eq!(bodies.read(in_pieces(pieces)).await.unwrap().bytes, whole);
        }
    }

    #[tokio::test]
    async fn a_body_may_be_as_large_as_allowed_and_not_one_byte_larger() {
        let bodies = Bodies::new(SOON);
        assert_eq!(bodies.read(in_pieces(vec![vec![0; MOST]])).await.unwrap().bytes.len(), MOST);
        for pieces in
            [vec![vec![0; MOST + 1]], vec![vec![0; MOST], vec![0]], vec![vec![0; 2], vec![0; 2], vec![0; MOST]]]
        {
            assert_eq!(bodies.read(in_pieces(pieces)).await.unwrap_err(), Unread::TooLarge);
        }
        assert_eq!(bodies.read(Body::from(vec![0; MOST + 1])).await.unwrap_err(), Unread::TooLarge);
    }

    #[tokio::test]
    async fn room_is_given_back_when_a_body_has_been_answered() {
        let bodies = Bodies { room: Arc::new(Semaphore::new(4)), patience: SOON };
        let held = bodies.read(in_pieces(vec![b"ab".to_vec(), b"c".to_vec()])).await.unwrap();
        assert_eq!(bodies.read(Body::from("xy")).await.unwrap_err(), Unread::NoRoom);
        drop(held);
        assert_eq!(bodies.read(Body::from("xyz")).await.unwrap().bytes, "xyz");
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let endless = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(Bodies::new(Duration::from_millis(20)).read(endless).await.unwrap_err(), Unread::Slow);
    }
}
