//! Probes are answered before anything else in the stack, and everything else is counted.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use pin_project_lite::pin_project;
use tower_layer::Layer;
use tower_service::Service;

use crate::endpoints::Endpoints;
use crate::traffic::{Counted, InFlight, Traffic};

/// Answers the health routes before anything under it, and counts all other requests.
///
/// Put it outermost. A probe then never meets load shedding, a rate limit, a queue, a log of accesses
/// or a trace: one that is refused with 429 or 503 under load would have the replica restarted just
/// when it is needed. [`Traffic`] is what a drain looks at.
#[derive(Clone, Debug)]
pub struct HealthLayer {
    endpoints: Option<Endpoints>,
    traffic: Traffic,
}

impl HealthLayer {
    pub(crate) fn new(endpoints: Endpoints) -> Self {
        Self {
            endpoints: Some(endpoints),
            traffic: Traffic::default(),
        }
    }

    /// A layer that answers no probe and counts every request, for a listener that has no health routes.
    pub fn only_counting(traffic: &Traffic) -> Self {
        Self {
            endpoints: None,
            traffic: traffic.clone(),
        }
    }

    /// Counts into this.
    #[must_use]
    pub fn counting(mut self, traffic: &Traffic) -> Self {
        self.traffic = traffic.clone();
        self
    }

    /// The counts of all other requests.
    pub fn traffic(&self) -> &Traffic {
        &self.traffic
    }
}

impl<S> Layer<S> for HealthLayer {
    type Service = WithHealth<S>;

    fn layer(&self, inner: S) -> WithHealth<S> {
        WithHealth {
            layer: self.clone(),
            inner,
        }
    }
}

/// A service with the health routes in front of it; made by [`HealthLayer`].
#[derive(Clone, Debug)]
pub struct WithHealth<S> {
    layer: HealthLayer,
    inner: S,
}

/// The body of a probe's answer, or that of the service under it.
pub type WithHealthBody<B> = Either<Full<Bytes>, Counted<B>>;

impl<S, ReqBody, ResBody> Service<Request<ReqBody>> for WithHealth<S>
where
    S: Service<Request<ReqBody>, Response = Response<ResBody>> + Clone,
    ResBody: Body,
{
    type Response = Response<WithHealthBody<ResBody>>;
    type Error = S::Error;
    type Future = WithHealthFuture<S, Request<ReqBody>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        // Whether the service under it has room is asked for each of its requests: a probe must not wait for it.
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<ReqBody>) -> Self::Future {
        let endpoints = self.layer.endpoints.as_ref();
        let state = match endpoints.and_then(|endpoints| endpoints.respond(&request)) {
            Some(response) => State::Probe {
                response: Some(response),
            },
            None => State::Waits {
                service: self.inner.clone(),
                request: Some(request),
            },
        };
        let guard = match state {
            State::Probe { .. } => None,
            _ => Some(self.layer.traffic.begin()),
        };
        WithHealthFuture { state, guard }
    }
}

pin_project! {
    /// The answer of [`WithHealth`].
    pub struct WithHealthFuture<S, R>
    where
        S: Service<R>,
    {
        #[pin]
        state: State<S, R>,
        guard: Option<InFlight>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S, R>
    where
        S: Service<R>,
    {
        Probe { response: Option<Response<Full<Bytes>>> },
        Waits { service: S, request: Option<R> },
        Runs { #[pin] future: S::Future },
    }
}

impl<S, R, B> Future for WithHealthFuture<S, R>
where
    S: Service<R, Response = Response<B>>,
{
    type Output = Result<Response<WithHealthBody<B>>, S::Error>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        loop {
            let future = match this.state.as_mut().project() {
                StateProjection::Probe { response } => {
                    let response = response
                        .take()
                        .expect("a future is not polled after its end");
                    return Poll::Ready(Ok(response.map(Either::Left)));
                }
                StateProjection::Waits { service, request } => {
                    ready!(service.poll_ready(cx))?;
                    let request = request.take().expect("the state changes right after");
                    service.call(request)
                }
                StateProjection::Runs { future } => {
                    let response = ready!(future.poll(cx))?;
                    let guard = this
                        .guard
                        .take()
                        .expect("a future is not polled after its end");
                    let counted = response.map(|body| Either::Right(Counted::new(body, guard)));
                    return Poll::Ready(Ok(counted));
                }
            };
            this.state.set(State::Runs { future });
        }
    }
}
