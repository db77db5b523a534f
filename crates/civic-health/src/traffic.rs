//! What citizens ask for, counted, so that a drain knows when they are gone.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

/// Requests other than probes: how many came, and how many are not answered to their last byte.
///
/// A clone counts into the same.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    arrived: AtomicU64,
    done: AtomicU64,
}

impl Traffic {
    /// Requests since the start.
    pub fn arrived(&self) -> u64 {
        self.shared.arrived.load(Ordering::Relaxed)
    }

    /// Requests that are not answered to their last byte.
    pub fn in_flight(&self) -> u64 {
        // What is done has arrived: read in this order, the difference is never negative.
        let done = self.shared.done.load(Ordering::Acquire);
        self.shared.arrived.load(Ordering::Acquire) - done
    }

    /// Counts a request that has arrived; it is in flight until the guard is dropped.
    pub fn begin(&self) -> InFlight {
        self.shared.arrived.fetch_add(1, Ordering::AcqRel);
        InFlight(self.clone())
    }
}

/// A request in flight until this is dropped.
#[derive(Debug)]
#[must_use = "the request counts as answered when it is dropped"]
pub struct InFlight(Traffic);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.shared.done.fetch_add(1, Ordering::AcqRel);
    }
}

pin_project! {
    /// A body that keeps its request in flight until it has been sent or dropped.
    #[derive(Debug)]
    pub struct Counted<B> {
        #[pin]
        body: B,
        guard: InFlight,
    }
}

impl<B> Counted<B> {
    pub(crate) fn new(body: B, guard: InFlight) -> Self {
        Self { body, guard }
    }
}

impl<B: Body> Body for Counted<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        self.project().body.poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
