//! The steps of the journey, a file each: what is shown, and what becomes of the answer.

mod check;
mod confirmation;
mod details;
mod eligibility;
mod pay;
mod start;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::response::Html;
use axum::routing::{get, post};
use civic::core::KeyRing;
use civic::journey::ProgressLayer;
use civic::journey::store::synthetic::Markers;
use civic::journey::store::{AtomicStore, Incoming};

use crate::app::App;
use crate::html::{Page, heading};
use crate::journey::APPLY;
use crate::page::cookies;
use crate::session::{self, Session};

/// Longest request with a file, in bytes. What is longer than a document may be is read to its end up to here, so that the
/// person gets an answer and not a broken connection.
const LONGEST_UPLOAD: usize = 5 * crate::application::LARGEST;

/// Pages that have a session and count.
pub(crate) fn routes(app: &App, keys: &KeyRing) -> Router<App> {
    let counted = app.clone();
    let progress = AtomicStore::new(app.store.clone(), keys, move |request: Incoming<'_>| {
        let session = request.extensions.get::<Session>()?;
        let counts = !cookies::objects(&counted, request.headers);
        counts.then(|| session.id().as_bytes().to_vec())
    });
    Router::new()
        .route("/start", post(start::begin))
        .route(
            "/eligibility",
            get(eligibility::show).post(eligibility::save),
        )
        .route("/not-eligible", get(eligibility::refuse))
        .route("/details", get(details::show).post(details::save))
        .route(
            "/upload",
            get(upload::show)
                .post(upload::save)
                .layer(DefaultBodyLimit::max(LONGEST_UPLOAD)),
        )
        .route("/pay", get(pay::show).post(pay::begin))
        .route("/pay/return", get(pay::come_back))
        .route("/check", get(check::show).post(check::send))
        .route("/confirmation", get(confirmation::show))
        .route("/extend", get(extend))
        // A smoke test in production carries a marker that these keys signed, and is not counted.
        .layer(ProgressLayer::new(&APPLY, progress).synthetic(Markers::new(keys)))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            session::of_citizen,
        ))
}

/// The start page has no session: who only looks at it does not count as a start.
pub(crate) async fn start_page() -> Html<String> {
    start::page()
}

/// Asked for by the script of a page, and in a tab of its own where no scripts run. Being asked is what extends the session.
async fn extend(session: Session) -> Html<String> {
    more_time(&session)
}

pub(crate) fn more_time(session: &Session) -> Html<String> {
    let title = "You have more time";
    let text = "<p>Close this tab and carry on where you were.</p>";
    Html(
        Page::new(title)
            .session(session)
            .around(&(heading(title) + text)),
    )
}
