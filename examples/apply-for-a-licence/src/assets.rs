//! The style sheet and the script, which are the same for everybody.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

const STYLE: &str = include_str!("../assets/style.css");
const SCRIPT: &str = include_str!("../assets/timeout.js");

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/style.css", get(async || file("text/css", STYLE)))
        .route(
            "/assets/timeout.js",
            get(async || file("text/javascript", SCRIPT)),
        )
}

fn file(media_type: &'static str, text: &'static str) -> Response {
    let head = [
        (CONTENT_TYPE, media_type),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    (head, text).into_response()
}
