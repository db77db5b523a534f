//! Progress in the session that the service has.

use core::marker::PhantomData;

use http::HeaderMap;

use super::progress_store::{Incoming, ProgressStore};
use crate::definition::Definition;
use crate::{Counting, Journey, Progress, Record, Refusal};

/// The session of one citizen, as the service's session layer leaves it in the extensions of a request.
///
/// ```
/// use civic_journey::store::Session;
/// use std::collections::HashMap;
/// use std::convert::Infallible;
/// use std::sync::{Arc, Mutex};
///
/// #[derive(Clone)]
/// struct Mine(Arc<Mutex<HashMap<&'static str, Vec<u8>>>>);
///
/// impl Session for Mine {
///     type Error = Infallible;
///     async fn get(&self, name: &'static str) -> Result<Option<Vec<u8>>, Infallible> {
///         Ok(self.0.lock().unwrap().get(name).cloned())
///     }
///     async fn set(&self, name: &'static str, bytes: Vec<u8>) -> Result<(), Infallible> {
///         self.0.lock().unwrap().insert(name, bytes);
///         Ok(())
///     }
/// }
/// ```
pub trait Session: Clone + Send + Sync + 'static {
    /// Why it could not be asked.
    type Error: std::error::Error + Send + Sync + 'static;

    /// What [`Session::set`] put there under the name of the journey.
    fn get(
        &self,
        name: &'static str,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, Self::Error>> + Send;

    /// Keeps the 11 bytes of a [`Record`] as long as the session lasts.
    fn set(
        &self,
        name: &'static str,
        bytes: Vec<u8>,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Progress in the session that the service has: nothing new in the browser, and no new identifier.
///
/// The choice for most services. Two requests of one citizen that cross on two replicas may both count a step;
/// [`AtomicStore`](super::AtomicStore) counts it once. A request without a session counts nothing.
///
/// ```
/// # use civic_journey::store::Session;
/// # #[derive(Clone)] struct Mine;
/// # impl Session for Mine {
/// #     type Error = std::convert::Infallible;
/// #     async fn get(&self, _: &'static str) -> Result<Option<Vec<u8>>, Self::Error> { Ok(None) }
/// #     async fn set(&self, _: &'static str, _: Vec<u8>) -> Result<(), Self::Error> { Ok(()) }
/// # }
/// use civic_journey::store::SessionStore;
/// let store = SessionStore::<Mine>::new();
/// # let _ = store;
/// ```
#[derive(Debug)]
pub struct SessionStore<S>(PhantomData<fn() -> S>);

impl<S: Session> SessionStore<S> {
    /// Progress in the `S` that a layer outside this one leaves in the extensions of each request.
    #[must_use]
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<S: Session> Default for SessionStore<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Session, J: Definition> ProgressStore<J> for SessionStore<S> {
    type Visit = Option<(S, Option<Record>)>;

    async fn open(
        &self,
        journey: &'static Journey<J>,
        request: Incoming<'_>,
    ) -> (Self::Visit, Progress<J>) {
        let now = request.unix_seconds;
        let Some(session) = request.extensions.get::<S>().cloned() else {
            let progress = Progress::counting_by(Counting::Nothing, journey, None, now);
            return (None, progress);
        };
        let kept = session.get(J::FACTS.name().as_str()).await;
        let bytes = kept.as_ref().ok().and_then(Option::as_deref);
        let record = bytes.and_then(|bytes| Record::from_bytes(J::FACTS, bytes));
        let progress = Progress::counting_by(Counting::Record, journey, record, now);
        if kept.is_err() {
            progress.store_failed();
        } else if bytes.is_some() && record.is_none() {
            journey.refuse(Refusal::Unreadable);
        }
        (Some((session, record)), progress)
    }

    async fn close(&self, visit: Self::Visit, progress: Progress<J>, _: &mut HeaderMap) {
        let Some((session, before)) = visit else {
            return;
        };
        let record = progress.record();
        if record.has_begun() && before != Some(record) {
            let bytes = record.to_bytes().to_vec();
            if session.set(J::FACTS.name().as_str(), bytes).await.is_err() {
                progress.store_failed();
            }
        }
    }
}
