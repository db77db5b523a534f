//! Who applies, and for what.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use civic::journey::{ErrorKind, Progress, journey_step};
use tracing::info;

use crate::app::App;
use crate::application::{ACTIVITIES, Details, Problem};
use crate::failure::ServiceError;
use crate::form::Posted;
use crate::html::{Page, Radios, TextField, form, heading};
use crate::journey::{Apply, ApplyStep};
use crate::order;
use crate::session::Session;

#[journey_step(ApplyStep::Details)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    let details = session.draft().details.clone().unwrap_or_default();
    page(&session, &details, &[])
}

pub(super) async fn save(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
    Posted(details): Posted<Details>,
) -> Result<Response, ServiceError> {
    let problems = details.problems();
    if !problems.is_empty() {
        progress.error(ApplyStep::Details, ErrorKind::Validation);
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        info!(?fields, "form sent back");
        let page = page(&session, &details, &problems);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    app.store.keep_details(session.id(), details).await?;
    Ok(Redirect::to(order::after(order::Page::Details, session.draft())).into_response())
}

fn page(session: &Session, details: &Details, problems: &[Problem]) -> Html<String> {
    let why = "shown to the person who typed it";
    let title = "Your details";
    let mut inside = String::new();
    for field in [
        TextField {
            id: "full_name",
            label: "Full name",
            hint: "",
            kind: "text",
            autocomplete: "name",
            value: details.full_name.expose(why),
        },
        TextField {
            id: "email",
            label: "Email address",
            hint: "We write to you there when the licence is decided",
            kind: "email",
            autocomplete: "email",
            value: details.email.expose(why),
        },
        TextField {
            id: "phone",
            label: "Telephone number",
            hint: "",
            kind: "tel",
            autocomplete: "tel",
            value: details.phone.expose(why),
        },
        TextField {
            id: "postcode",
            label: "Postcode",
            hint: "",
            kind: "text",
            autocomplete: "postal-code",
            value: details.postcode.expose(why),
        },
    ] {
        inside += &field.html(problems);
    }
    let activity = Radios {
        id: "activity",
        legend: "What is the licence for?",
        is_heading: false,
        hint: "",
        options: &ACTIVITIES,
        chosen: &details.activity,
    };
    inside += &activity.html(problems);
    inside += "<button type=\"submit\">Continue</button>";
    let page = Page::new(title)
        .back("/eligibility")
        .problems(problems)
        .session(session);
    Html(page.around(&(heading(title) + &form(session, "/details", &inside))))
}
