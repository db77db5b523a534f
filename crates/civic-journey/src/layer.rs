//! Gives each request its progress, and keeps it after the response.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use civic_core::{Clock, SystemClock};
use http::{Extensions, HeaderMap, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use crate::definition::Definition;
use crate::progress::Home;
use crate::store::synthetic::{self, Markers};
use crate::store::{Incoming, ProgressStore};
use crate::{Counting, Journey, Progress, Refusal};

/// A tower layer that loads the progress of a citizen before a handler and keeps it after.
///
/// Put it around the routes of the journey, inside the session layer. A handler takes [`Progress<J>`](Progress) as an argument
/// (feature `axum`), or by [`Progress::from_extensions`]. When the response is there, steps that wait for it count unless it is a
/// server error, and the store keeps what was reached. Whatever the store does, the response stands.
///
/// A citizen whose request is cut off before the response keeps what was kept before; the atomic store has then counted nothing of
/// that request, and counts it when they come back. One allocation for the future of each request.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_core::KeyRing;
/// use civic_journey::ProgressLayer;
/// use civic_journey::store::{TokenStore, synthetic::Markers};
///
/// let keys = KeyRing::new("k1", vec![7; 32])?;
/// let layer = ProgressLayer::new(&APPLY, TokenStore::new(&keys)).synthetic(Markers::new(&keys));
/// # let _ = layer;
/// # Ok::<(), civic_core::KeyError>(())
/// ```
pub struct ProgressLayer<J: Definition, P> {
    shared: Arc<Shared<J, P>>,
    markers: Option<Arc<Markers>>,
}

/// The service that [`ProgressLayer`] makes.
pub struct ProgressService<J: Definition, P, S> {
    shared: Arc<Shared<J, P>>,
    markers: Option<Arc<Markers>>,
    inner: S,
}

struct Shared<J: Definition, P> {
    journey: &'static Journey<J>,
    store: P,
    clock: Arc<dyn Clock>,
}

impl<J: Definition, P: ProgressStore<J>> ProgressLayer<J, P> {
    /// Counts in this journey and keeps progress in this store.
    pub fn new(journey: &'static Journey<J>, store: P) -> Self {
        Self::with_clock(journey, store, Arc::new(SystemClock))
    }

    /// As [`ProgressLayer::new`], by another clock, for a test.
    pub fn with_clock(journey: &'static Journey<J>, store: P, clock: Arc<dyn Clock>) -> Self {
        Self {
            shared: Arc::new(Shared {
                journey,
                store,
                clock,
            }),
            markers: None,
        }
    }

    /// Counts nothing of a request whose header `civic-synthetic` holds a marker that these keys signed.
    ///
    /// A marker that they did not sign counts as a citizen, and in `journey_refusals_total`.
    #[must_use]
    pub fn synthetic(mut self, markers: Markers) -> Self {
        self.markers = Some(Arc::new(markers));
        self
    }
}

impl<J: Definition, P, S> Layer<S> for ProgressLayer<J, P> {
    type Service = ProgressService<J, P, S>;

    fn layer(&self, inner: S) -> Self::Service {
        ProgressService {
            shared: Arc::clone(&self.shared),
            markers: self.markers.clone(),
            inner,
        }
    }
}

impl<J, P, S, B, R> Service<Request<B>> for ProgressService<J, P, S>
where
    J: Definition,
    P: ProgressStore<J>,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send + 'static,
    B: Send + 'static,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let shared = Arc::clone(&self.shared);
        // The one that is ready is used up, its clone takes its place.
        let clone = self.inner.clone();
        let inner = core::mem::replace(&mut self.inner, clone);
        let synthetic = self.is_synthetic(request.headers());
        Box::pin(serve(shared, synthetic, inner, request))
    }
}

impl<J: Definition, P, S> ProgressService<J, P, S> {
    fn is_synthetic(&self, headers: &HeaderMap) -> bool {
        let marker = headers.get(synthetic::HEADER);
        let (Some(markers), Some(marker)) = (&self.markers, marker) else {
            return false;
        };
        let marker = marker.to_str().unwrap_or_default();
        let genuine = markers.verify(marker, self.shared.clock.unix_seconds());
        if genuine.is_err() {
            self.shared.journey.refuse(Refusal::Synthetic);
        }
        genuine.is_ok()
    }
}

async fn serve<J, P, S, B, R>(
    shared: Arc<Shared<J, P>>,
    synthetic: bool,
    mut inner: S,
    request: Request<B>,
) -> Result<Response<R>, S::Error>
where
    J: Definition,
    P: ProgressStore<J>,
    S: Service<Request<B>, Response = Response<R>>,
{
    let journey = shared.journey;
    let unix_seconds = shared.clock.unix_seconds();
    if synthetic {
        let progress = Progress::counting_by(Counting::Nothing, journey, None, unix_seconds);
        return inner.call(with_progress(request, progress).0).await;
    }
    let (parts, body) = request.into_parts();
    let incoming = Incoming {
        headers: &parts.headers,
        extensions: &parts.extensions,
        unix_seconds,
    };
    let (visit, progress) = shared.store.open(journey, incoming).await;
    let (request, home) = with_progress(Request::from_parts(parts, body), progress);
    let mut response = inner.call(request).await?;
    // Gone when a task of the handler's still holds it; then there is nothing to keep.
    if let Some(mut progress) = Progress::taken_from(journey, home) {
        progress.stay();
        progress.answered(!response.status().is_server_error());
        shared
            .store
            .close(visit, progress, response.headers_mut())
            .await;
    }
    Ok(response)
}

fn with_progress<J: Definition, B>(
    mut request: Request<B>,
    progress: Progress<J>,
) -> (Request<B>, Home) {
    let journey = progress.journey();
    let home = progress.into_home();
    request.extensions_mut().insert(Slot {
        journey,
        home: Arc::clone(&home),
    });
    (request, home)
}

/// Where a handler finds its progress.
struct Slot<J: Definition> {
    journey: &'static Journey<J>,
    home: Home,
}

impl<J: Definition> Clone for Slot<J> {
    fn clone(&self) -> Self {
        Self {
            journey: self.journey,
            home: Arc::clone(&self.home),
        }
    }
}

impl<J: Definition> Progress<J> {
    /// Takes the progress that [`ProgressLayer`] left in the extensions of a request.
    ///
    /// There is one for each request: while it is held, a second call finds none.
    ///
    /// # Errors
    /// When no layer of this journey is around the route, or the progress is held elsewhere.
    pub fn from_extensions(extensions: &Extensions) -> Result<Self, NoProgress> {
        let slot = extensions.get::<Slot<J>>().ok_or(NoProgress::NoLayer)?;
        Self::taken_from(slot.journey, Arc::clone(&slot.home)).ok_or(NoProgress::Taken)
    }
}

/// Why a handler gets no progress: a mistake in the service, not of a citizen.
///
/// ```
/// assert_eq!(
///     civic_journey::NoProgress::NoLayer.to_string(),
///     "no `ProgressLayer` of this journey is around the route"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoProgress {
    /// No layer of the journey is around the route.
    NoLayer,
    /// Another argument or another task holds it.
    Taken,
}

impl fmt::Display for NoProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoLayer => "no `ProgressLayer` of this journey is around the route",
            Self::Taken => "the progress of this request is held elsewhere",
        })
    }
}

impl core::error::Error for NoProgress {}

#[cfg(feature = "axum")]
impl<J: Definition, S: Sync> axum_core::extract::FromRequestParts<S> for Progress<J> {
    type Rejection = NoProgress;

    async fn from_request_parts(
        parts: &mut http::request::Parts,
        _: &S,
    ) -> Result<Self, Self::Rejection> {
        Self::from_extensions(&parts.extensions)
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for NoProgress {
    /// An internal error, whose text says nothing to a citizen of how the service is built.
    fn into_response(self) -> axum_core::response::Response {
        (
            http::StatusCode::INTERNAL_SERVER_ERROR,
            "Sorry, there is a problem with the service",
        )
            .into_response()
    }
}

impl<J: Definition, P> Clone for ProgressLayer<J, P> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            markers: self.markers.clone(),
        }
    }
}

impl<J: Definition, P, S: Clone> Clone for ProgressService<J, P, S> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            markers: self.markers.clone(),
            inner: self.inner.clone(),
        }
    }
}

impl<J: Definition, P> fmt::Debug for ProgressLayer<J, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressLayer")
            .field("journey", self.shared.journey)
            .finish_non_exhaustive()
    }
}

impl<J: Definition, P, S> fmt::Debug for ProgressService<J, P, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProgressService")
            .field("journey", self.shared.journey)
            .finish_non_exhaustive()
    }
}
