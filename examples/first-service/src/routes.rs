//! What the service answers, and what it logs on the way.

use std::error::Error;
use std::fmt;
use std::time::Instant;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Request};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use tracing::{error, info, warn};

use crate::application::Application;
use crate::{case_store, pages};

/// Longest form that is read, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

pub(crate) fn router() -> Router {
    Router::new()
        .route("/", get(show_form))
        .route("/apply", post(apply))
        .route("/health", get(health))
        .fallback(|| async { (StatusCode::NOT_FOUND, Html(pages::not_found())) })
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn(log_request))
}

async fn show_form() -> Html<String> {
    Html(pages::form(&Application::default(), &[]))
}

/// Says that the process answers; asks nothing of the system behind it.
async fn health() -> &'static str {
    "ok\n"
}

async fn apply(form: Result<Form<Application>, FormRejection>) -> Response {
    let application = match form {
        Ok(Form(application)) => application,
        Err(rejection) => {
            warn!(reason = %rejection, "form could not be read");
            return (rejection.status(), Html(pages::unreadable())).into_response();
        }
    };
    log_as_a_hurried_developer_would(&application);

    let problems = application.problems();
    if !problems.is_empty() {
        info!(?problems, "form sent back");
        let page = pages::form(&application, &problems);
        return (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response();
    }

    info!(url = case_store::url(&application), "creating a case");
    match case_store::create_case(&application) {
        Ok(()) => Html(pages::sent()).into_response(),
        Err(failure) => {
            // The log has the whole chain; the person is told what to do, and no cause.
            error!(
                error = &failure as &(dyn Error + 'static),
                causes = %Causes(&failure),
                "could not create a case"
            );
            (StatusCode::SERVICE_UNAVAILABLE, Html(pages::unavailable())).into_response()
        }
    }
}

/// The whole form, value by value, and in a sentence. The name is logged under its field name only.
fn log_as_a_hurried_developer_would(application: &Application) {
    let Application {
        full_name,
        email,
        nino,
        postcode,
    } = application;
    info!(form = ?application, "form as a whole");
    info!(
        full_name = full_name.expose("to show that the name of a field is enough"),
        email, nino, postcode, "form by field"
    );
    info!("application from {email}, National Insurance number {nino}, postcode {postcode}");
}

/// One line for each request, with the address as it was asked for.
async fn log_request(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    info!(
        %method,
        %uri,
        status = response.status().as_u16(),
        elapsed_ms = started.elapsed().as_secs_f64() * 1000.0,
        "request"
    );
    // A page may hold what a person typed: nothing between here and them may keep it.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The sources of an error, joined, because a JSON line of `fmt` shows only the error itself.
struct Causes<'a>(&'a dyn Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, "{error}")?;
            cause = error.source();
            if cause.is_some() {
                f.write_str(": ")?;
            }
        }
        Ok(())
    }
}
