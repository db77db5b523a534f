//! The layer and the service that it makes.

use std::fmt;
use std::task::{Context, Poll};

use ::http::{Extensions, Method, Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::future::{Report, ResponseFuture};
use super::id::RequestId;

/// Stands for the route of a request that no route matched.
const UNMATCHED: &str = "unmatched";

/// Logs each request by method, route template, status and duration, and by nothing else.
///
/// A response with a status from 500 on, an error of the service and a request that was given up
/// by its client are logged as `WARN`, everything else as `INFO`. Neither path nor query, header,
/// address or body is read, save the header `x-request-id`.
///
/// Not told by default: the route. Where it is known depends on the router, so it is asked for by
/// the function that is given to [`HttpTrace::new`]; with the feature `axum`, `HttpTrace::for_axum`
/// gives the right one.
#[derive(Clone)]
pub struct HttpTrace {
    route: fn(&Extensions) -> Option<&str>,
    quiet: &'static [&'static str],
}

impl HttpTrace {
    /// A layer that finds the template of the route by this function.
    ///
    /// Give the template as the code has it and never the path of the request.
    pub fn new(route: fn(&Extensions) -> Option<&str>) -> Self {
        Self { route, quiet: &[] }
    }

    /// A layer for `Router::layer` of axum.
    ///
    /// ```
    /// use axum::{Router, routing::get};
    /// use civic_tracing::http::HttpTrace;
    ///
    /// let app: Router = Router::new()
    ///     .route("/applications/{id}", get(async || "an application"))
    ///     .route("/health", get(async || "ok"))
    ///     .layer(HttpTrace::for_axum().quiet(&["/health"]));
    /// ```
    #[cfg(feature = "axum")]
    pub fn for_axum() -> Self {
        Self::new(|extensions| {
            extensions
                .get::<axum::extract::MatchedPath>()
                .map(axum::extract::MatchedPath::as_str)
        })
    }

    /// Routes whose requests are not logged when they end well, such as those of probes.
    #[must_use]
    pub fn quiet(mut self, routes: &'static [&'static str]) -> Self {
        self.quiet = routes;
        self
    }
}

impl fmt::Debug for HttpTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTrace")
            .field("quiet", &self.quiet)
            .finish_non_exhaustive()
    }
}

impl<S> Layer<S> for HttpTrace {
    type Service = HttpTraceService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpTraceService {
            inner,
            trace: self.clone(),
        }
    }
}

/// What [`HttpTrace`] makes of a service.
#[derive(Clone, Debug)]
pub struct HttpTraceService<S> {
    inner: S,
    trace: HttpTrace,
}

impl<S, Body, Answer> Service<Request<Body>> for HttpTraceService<S>
where
    S: Service<Request<Body>, Response = Response<Answer>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let id = RequestId::of(request.headers());
        let method = known(request.method());
        let route = (self.trace.route)(request.extensions()).unwrap_or(UNMATCHED);
        let quiet = self.trace.quiet.contains(&route);
        let report = Report::start(id, method, route.to_owned(), quiet);
        request.extensions_mut().insert(id);
        // What a handler logs before its first await belongs to the request too.
        let entered = report.span().clone().entered();
        let answer = self.inner.call(request);
        drop(entered);
        ResponseFuture::new(answer, report)
    }
}

/// The method's name. Any word is a method, so one that HTTP does not know is not repeated.
fn known(method: &Method) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH",
    ];
    KNOWN
        .into_iter()
        .find(|known| *known == method.as_str())
        .unwrap_or("_OTHER")
}
