//! `/health`, `/ready` and `/startup` over HTTP.

use std::convert::Infallible;
use std::fmt;
use std::future::{Ready, ready};
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use tower_service::Service;

use crate::answer::{Answer, Detail, Endpoint, Format};
use crate::authorize::{Authorizer, Caller};
use crate::health::Health;
use crate::layer::HealthLayer;
use crate::negotiate;

/// The health routes as a tower service: `/health`, `/ready`, `/startup`, by `GET` and `HEAD`.
///
/// Every answer was rendered ahead. The form follows `Accept`: `application/json`,
/// `application/health+json` or, also for `?verbose`, `text/plain`. Nothing is ever cached or
/// redirected. Everyone sees one word; [`show_checks`](Self::show_checks) lets everyone see
/// the checks; who is [authorised](Self::authorize) sees all.
///
/// Mount it on a listener of its own where you can. On the public router it is one explicit call,
/// and it must not stand behind load shedding or a rate limit: see [`HealthLayer`].
#[derive(Clone)]
pub struct Endpoints {
    inner: Arc<Inner>,
}

#[derive(Clone)]
struct Inner {
    health: Health,
    public: Detail,
    govuk: bool,
    authorizer: Option<Arc<dyn Authorizer>>,
}

impl Health {
    /// The routes for these checks.
    pub fn endpoints(&self) -> Endpoints {
        Endpoints {
            inner: Arc::new(Inner {
                health: self.clone(),
                public: Detail::Status,
                govuk: false,
                authorizer: None,
            }),
        }
    }
}

impl Endpoints {
    /// Lets everyone see each check's name, state and reason. For a listener that citizens cannot reach.
    #[must_use]
    pub fn show_checks(self) -> Self {
        self.with(|inner| inner.public = Detail::Checks)
    }

    /// Lets those see everything whom this allows.
    #[must_use]
    pub fn authorize(self, authorizer: impl Authorizer) -> Self {
        self.with(|inner| inner.authorizer = Some(Arc::new(authorizer)))
    }

    /// Gives JSON in the shape of GovukHealthcheck; the codes stay as they are.
    #[must_use]
    pub fn govuk(self) -> Self {
        self.with(|inner| inner.govuk = true)
    }

    /// A layer that answers the health routes before anything under it, and counts all other requests.
    pub fn layer(&self) -> HealthLayer {
        HealthLayer::new(self.clone())
    }

    /// The checks behind these routes.
    pub fn health(&self) -> &Health {
        &self.inner.health
    }

    /// The answer, if the path is one of the health routes.
    pub fn respond<B>(&self, request: &Request<B>) -> Option<Response<Full<Bytes>>> {
        let endpoint = Endpoint::of_path(request.uri().path())?;
        let head = request.method() == Method::HEAD;
        if !head && request.method() != Method::GET {
            return Some(not_allowed());
        }
        let answer = self
            .inner
            .health
            .answer(endpoint, self.detail(request), self.format(request));
        Some(response(answer, head))
    }

    fn detail<B>(&self, request: &Request<B>) -> Detail {
        let caller = Caller {
            headers: request.headers(),
            uri: request.uri(),
            extensions: request.extensions(),
        };
        match &self.inner.authorizer {
            Some(authorizer) if authorizer.allows(&caller) => Detail::Full,
            _ => self.inner.public,
        }
    }

    fn format<B>(&self, request: &Request<B>) -> Format {
        let query = request.uri().query();
        let verbose =
            |pair: &str| matches!(pair, "verbose" | "verbose=" | "verbose=1" | "verbose=true");
        if query.is_some_and(|query| query.split('&').any(verbose)) {
            return Format::Text;
        }
        let accept = request.headers().get_all(ACCEPT).iter();
        match negotiate::format(accept.filter_map(|value| value.to_str().ok())) {
            Format::Json if self.inner.govuk => Format::Govuk,
            format => format,
        }
    }

    fn with(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        change(Arc::make_mut(&mut self.inner));
        self
    }
}

impl<B> Service<Request<B>> for Endpoints {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        ready(Ok(self.respond(&request).unwrap_or_else(not_found)))
    }
}

fn response(answer: Answer, head: bool) -> Response<Full<Bytes>> {
    let length = answer.body.len();
    let body = if head { Bytes::new() } else { answer.body };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() =
        StatusCode::from_u16(answer.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.reserve(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(answer.content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if head {
        // The server takes the length of a body from the body; here there is none to take it from.
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response
}

fn not_allowed() -> Response<Full<Bytes>> {
    let mut response = empty(StatusCode::METHOD_NOT_ALLOWED);
    let allow = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(ALLOW, allow);
    response
}

fn not_found() -> Response<Full<Bytes>> {
    empty(StatusCode::NOT_FOUND)
}

fn empty(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = status;
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, no_store);
    response
}

impl fmt::Debug for Endpoints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoints")
            .field("public", &self.inner.public)
            .field("govuk", &self.inner.govuk)
            .field("authorizes", &self.inner.authorizer.is_some())
            .finish_non_exhaustive()
    }
}
