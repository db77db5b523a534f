//! What staff see: applications, each for a purpose that is recorded first, and how the journey goes.

mod audit;
mod funnel;
mod look_up;
mod sign_in;

use axum::Router;
use axum::middleware;
use axum::response::Html;
use axum::routing::{get, post};

use crate::app::App;
use crate::session::{self, Session};
use crate::step;

pub(crate) use audit::Audit;

pub(crate) fn routes(app: &App) -> Router<App> {
    Router::new()
        .route("/staff", get(look_up::list))
        .route("/staff/application", post(look_up::open))
        .route("/staff/document", post(look_up::open_document))
        .route("/staff/funnel", get(funnel::show))
        .route("/staff/extend", get(extend))
        .route("/staff/sign-out", post(sign_in::sign_out))
        .layer(middleware::from_fn_with_state(
            app.clone(),
            session::of_staff,
        ))
        .route("/staff/sign-in", get(sign_in::show).post(sign_in::sign_in))
}

async fn extend(session: Session) -> Html<String> {
    step::more_time(&session)
}
