//! Which address is answered by what, and what is around all of them.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Html;
use axum::routing::{get, post};
use civic::core::KeyRing;
use civic::log::http::HttpTrace;

use crate::app::App;
use crate::page::{cookies, problem};
use crate::{assets, security, staff, step};

/// Longest form that is read, in bytes.
const LONGEST_FORM: usize = 16 * 1024;

pub(crate) fn router(app: &App, keys: &KeyRing) -> Router {
    Router::new()
        .merge(step::routes(app, keys))
        .merge(staff::routes(app))
        .route("/", get(step::start_page))
        .route("/timed-out", get(async || Html(problem::timed_out())))
        .route("/cookies", get(cookies::show))
        .route("/cookies/do-not-count", post(cookies::do_not_count))
        .route("/cookies/count", post(cookies::count))
        .merge(assets::routes())
        .fallback(async || (StatusCode::NOT_FOUND, Html(problem::not_found())))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            security::headers,
        ))
        // Outermost: method, route, status and duration of each request, and no path.
        .layer(HttpTrace::for_axum())
        .with_state(app.clone())
}
