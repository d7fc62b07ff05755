//! Large companies: ids first, then the details of some people at a time (apis/hibob.md §2.1).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::api::{Api, Trouble};
use super::wire::draft::Draft;
use super::wire::fault::Fault;
use super::wire::people;
use super::wire::shape::Shape;
use crate::model::{RecordLayout, Roster};

/// People in one part; HiBob recommends 50 to 200, and calls are what is limited (apis/hibob.md §2.1, §6).
pub(super) const PART: usize = 200;

/// Everybody, in parts. Who was listed and has no details counts as unreadable: nobody counts as gone for that.
pub(super) async fn read(api: &Arc<Api>, shape: Arc<Shape>) -> Result<Roster, Trouble> {
    let ids = ids(api).await?;
    let (api, runtime) = (Arc::clone(api), tokio::runtime::Handle::current());
    let read = move || {
        let mut draft = Draft::new(&shape);
        for part in ids.chunks(PART) {
            let part: Vec<&str> = part.iter().map(|id| &**id).collect();
            let text = runtime.block_on(api.search_whole(&shape.wanted(), Some(&part)))?;
            let before = draft.len();
            people::read_into(&text[..], &mut draft).map_err(|fault| Trouble::Answer(Api::SEARCH, fault))?;
            let missing = part.len().saturating_sub(draft.len() - before);
            (0..missing).for_each(|_| draft.reject("was listed, and came without details".to_owned()));
        }
        Ok(draft.finish())
    };
    blocking(read).await
}

/// The ids of everybody, each once.
async fn ids(api: &Api) -> Result<Vec<Arc<str>>, Trouble> {
    let text = api.search_whole(&["root.id"], None).await?;
    let shape = Shape::new(&RecordLayout::new(), &Default::default(), &Default::default());
    let roster = people::read(&text[..], &shape).map_err(|fault| Trouble::Answer(Api::SEARCH, fault))?;
    let ids: BTreeSet<Arc<str>> = roster.records.iter().map(|record| Arc::clone(record.id.shared())).collect();
    Ok(ids.into_iter().collect())
}

/// Runs work that waits where it holds up nobody. A panic in it stays a panic.
pub(super) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<Fault> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => {
            Err(Fault::Read(std::io::Error::new(std::io::ErrorKind::Interrupted, "the program is ending")).into())
        }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Self {
        Self::Answer(Api::SEARCH, fault)
    }
}
