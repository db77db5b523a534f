//! What the service answers, and what it logs on the way.

use std::error::Error;

use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use civic::log::http::HttpTrace;
use tracing::{error, info, warn};

use crate::application::Application;
use crate::pages;
use crate::store::Store;

/// Longest form that is read, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

pub(crate) fn router(store: Store) -> Router {
    Router::new()
        .route("/", get(show_form))
        .route("/apply", post(apply))
        .fallback(async || (StatusCode::NOT_FOUND, Html(pages::not_found())))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn(keep_out_of_caches))
        // Outermost: method, route, status and duration of each request, and no path.
        .layer(HttpTrace::for_axum())
        .with_state(store)
}

async fn show_form() -> Html<String> {
    Html(pages::form(&Application::default(), &[]))
}

async fn apply(
    State(store): State<Store>,
    form: Result<Form<Application>, FormRejection>,
) -> Response {
    let application = match form {
        Ok(Form(application)) => application,
        Err(rejection) => {
            // Its text quotes what was sent.
            warn!(
                status = rejection.status().as_u16(),
                "form could not be read"
            );
            return (rejection.status(), Html(pages::unreadable())).into_response();
        }
    };
    let problems = application.problems();
    if !problems.is_empty() {
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        info!(?fields, "form sent back");
        let page = pages::form(&application, &problems);
        return (StatusCode::UNPROCESSABLE_ENTITY, Html(page)).into_response();
    }

    let activity = application.activity.clone();
    // The database waits for the disk, which the other requests need not do.
    let kept = tokio::task::spawn_blocking(move || store.keep(&application)).await;
    match kept {
        Ok(Ok(reference)) => {
            info!(reference, activity, "application received");
            Html(pages::received(&reference)).into_response()
        }
        Ok(Err(failure)) => {
            error!(
                error = &failure as &(dyn Error + 'static),
                cause = failure.source().map(tracing::field::display),
                "application not kept"
            );
            unavailable()
        }
        Err(panicked) => {
            // The panic itself is in the log already.
            error!(
                error = &panicked as &(dyn Error + 'static),
                "application not kept"
            );
            unavailable()
        }
    }
}

/// The person is told what to do, and no cause.
fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, Html(pages::unavailable())).into_response()
}

/// A page may hold what a person typed: nothing between here and them may keep it.
async fn keep_out_of_caches(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
