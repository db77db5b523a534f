//! The answer under way, and the event at its end.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use ::http::{Response, StatusCode};
use pin_project_lite::pin_project;
use tracing::{Span, field};

use super::id::{HEADER, RequestId};

pin_project! {
    /// The future of a service under [`HttpTrace`](super::HttpTrace).
    #[derive(Debug)]
    pub struct ResponseFuture<F> {
        #[pin]
        inner: F,
        report: Report,
    }
}

impl<F> ResponseFuture<F> {
    pub(super) fn new(inner: F, report: Report) -> Self {
        Self { inner, report }
    }
}

impl<F, Answer, E> Future for ResponseFuture<F>
where
    F: Future<Output = Result<Response<Answer>, E>>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let entered = this.report.span.enter();
        let mut result = ready!(this.inner.poll(context));
        drop(entered);
        match &mut result {
            Ok(response) => {
                let id = this.report.id.to_header();
                response.headers_mut().entry(HEADER).or_insert(id);
                this.report.end(Outcome::Answered(response.status()));
            }
            Err(_) => this.report.end(Outcome::Failed),
        }
        Poll::Ready(result)
    }
}

/// How a request ended.
#[derive(Clone, Copy, Debug)]
enum Outcome {
    Answered(StatusCode),
    /// The service returned an error instead of a response.
    Failed,
    /// The future was dropped: the client went away, or a time limit above was over.
    GivenUp,
}

/// What is logged of a request once it has ended, in whatever way.
#[derive(Debug)]
pub(super) struct Report {
    id: RequestId,
    method: &'static str,
    route: String,
    quiet: bool,
    start: Instant,
    span: Span,
    ended: bool,
}

impl Report {
    pub(super) fn start(id: RequestId, method: &'static str, route: String, quiet: bool) -> Self {
        let span = tracing::info_span!(
            "request",
            http.request.method = method,
            http.route = route,
            http.response.status_code = field::Empty,
            request_id = %id,
        );
        Self {
            id,
            method,
            route,
            quiet,
            start: Instant::now(),
            span,
            ended: false,
        }
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    fn end(&mut self, outcome: Outcome) {
        self.ended = true;
        let status = match outcome {
            Outcome::Answered(status) => Some(status.as_u16()),
            Outcome::Failed | Outcome::GivenUp => None,
        };
        if let Some(status) = status {
            self.span.record("http.response.status_code", status);
        }
        let well = status.is_some_and(|status| status < 500);
        if well && self.quiet {
            return;
        }
        let milliseconds = self.start.elapsed().as_secs_f64() * 1000.0;
        let duration = (milliseconds * 1000.0).round() / 1000.0;
        let message = match outcome {
            Outcome::Answered(_) => "request answered",
            Outcome::Failed => "request failed without a response",
            Outcome::GivenUp => "request given up before a response",
        };
        let _entered = self.span.enter();
        // The level is part of a callsite, so there are two.
        macro_rules! log {
            ($level:ident) => {
                tracing::$level!(
                    http.request.method = self.method,
                    http.route = self.route,
                    http.response.status_code = status,
                    duration_ms = duration,
                    message
                )
            };
        }
        if well { log!(info) } else { log!(warn) }
    }
}

impl Drop for Report {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Outcome::GivenUp);
        }
    }
}
