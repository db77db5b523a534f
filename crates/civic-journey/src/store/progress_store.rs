//! What a layer asks of a store, and the atomic one behind it.

use std::fmt;

use http::{Extensions, HeaderMap};

use super::atomic::{AtomicBits, AtomicProgress, ProgressKey};
use crate::definition::Definition;
use crate::{Counting, Journey, Progress};

/// What a store may look at in a request.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    /// Headers of the request.
    pub headers: &'a HeaderMap,
    /// What other layers left there, such as the session.
    pub extensions: &'a Extensions,
    /// The time by the clock of the layer, in seconds since 1970.
    pub unix_seconds: u64,
}

/// Keeps progress between the requests of a citizen.
///
/// Three come with the crate: [`SessionStore`](super::SessionStore) keeps the 11 bytes in the session that the service has,
/// [`TokenStore`](super::TokenStore) signs them into a cookie, and [`AtomicStore`] decides in a database and is exact. A store never
/// fails a request: what it cannot read or keep, it counts.
pub trait ProgressStore<J: Definition>: Send + Sync + 'static {
    /// What it has to know again when the response is there.
    type Visit: Send;

    /// The progress of the citizen who sends this request.
    fn open(
        &self,
        journey: &'static Journey<J>,
        request: Incoming<'_>,
    ) -> impl Future<Output = (Self::Visit, Progress<J>)> + Send;

    /// Keeps the progress; may add headers to the response.
    fn close(
        &self,
        visit: Self::Visit,
        progress: Progress<J>,
        response: &mut HeaderMap,
    ) -> impl Future<Output = ()> + Send;
}

/// Progress in a store that decides atomically, by the id of the session.
///
/// Exact under refreshes, retries, lost responses, double submissions and any number of replicas. A request without a session id
/// counts nothing.
///
/// ```
/// use civic_core::KeyRing;
/// use civic_journey::store::AtomicStore;
/// use civic_journey::store::atomic::MemoryBits;
///
/// let keys = KeyRing::new("k1", vec![7; 32])?;
/// let store = AtomicStore::new(MemoryBits::default(), &keys, |request| {
///     request.headers.get("x-session").map(|id| id.as_bytes().to_vec())
/// });
/// # let _ = store;
/// # Ok::<(), civic_core::KeyError>(())
/// ```
pub struct AtomicStore<B> {
    progress: AtomicProgress<B>,
    session: SessionId,
}

type SessionId = Box<dyn Fn(Incoming<'_>) -> Option<Vec<u8>> + Send + Sync>;

impl<B: AtomicBits> AtomicStore<B> {
    /// Progress in these bits, under the session id that the function finds, hidden by these keys.
    pub fn new(
        bits: B,
        keys: &civic_core::KeyRing,
        session: impl Fn(Incoming<'_>) -> Option<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            progress: AtomicProgress::new(bits, keys),
            session: Box::new(session),
        }
    }
}

impl<B: AtomicBits, J: Definition> ProgressStore<J> for AtomicStore<B> {
    type Visit = Option<ProgressKey>;

    async fn open(
        &self,
        journey: &'static Journey<J>,
        request: Incoming<'_>,
    ) -> (Self::Visit, Progress<J>) {
        if let Some(id) = (self.session)(request) {
            let (key, progress) = self.progress.open(journey, &id, request.unix_seconds).await;
            return (Some(key), progress);
        }
        let progress =
            Progress::counting_by(Counting::Nothing, journey, None, request.unix_seconds);
        (None, progress)
    }

    async fn close(&self, visit: Self::Visit, progress: Progress<J>, _: &mut HeaderMap) {
        if let Some(key) = visit {
            self.progress.close(&key, progress).await;
        }
    }
}

impl<B: fmt::Debug> fmt::Debug for AtomicStore<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtomicStore")
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
