//! Whether the person can apply at all.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use civic::journey::{ErrorKind, Progress, Submission, journey_step};
use serde::Deserialize;

use crate::app::App;
use crate::application::Problem;
use crate::failure::ServiceError;
use crate::form::Posted;
use crate::html::{Page, Radios, form, heading};
use crate::journey::{Apply, ApplyOutcome, ApplyStep};
use crate::order;
use crate::session::Session;

const QUESTION: &str = "Are you 18 or over?";

#[derive(Deserialize)]
pub(super) struct Answer {
    #[serde(default)]
    adult: String,
}

#[journey_step(ApplyStep::Eligibility)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    let chosen = match session.draft().adult {
        Some(true) => "yes",
        Some(false) => "no",
        None => "",
    };
    page(&session, chosen, &[])
}

pub(super) async fn save(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
    Posted(answer): Posted<Answer>,
) -> Result<Response, ServiceError> {
    let adult = match answer.adult.as_str() {
        "yes" => true,
        "no" => false,
        _ => {
            progress.error(ApplyStep::Eligibility, ErrorKind::Validation);
            let problems = [Problem {
                field: "adult",
                advice: "Select yes if you are 18 or over",
            }];
            let page = page(&session, "", &problems);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    app.store.keep_adult(session.id(), adult).await?;
    let next = if adult {
        order::after(order::Page::Eligibility, session.draft())
    } else {
        "/not-eligible"
    };
    Ok(Redirect::to(next).into_response())
}

/// An end of the journey, and a complete one: the person came to apply, and was told that they cannot.
pub(super) async fn refuse(session: Session, mut progress: Progress<Apply>) -> Html<String> {
    progress.complete(ApplyOutcome::NotEligible, Submission::NotRecorded);
    let title = "You cannot apply for a licence";
    let text = "<p>A licence is only given to people who are 18 or over.</p>\n\
        <p>You can apply on or after your 18th birthday.</p>";
    let page = Page::new(title).back("/eligibility").session(&session);
    Html(page.around(&(heading(title) + text)))
}

fn page(session: &Session, chosen: &str, problems: &[Problem]) -> Html<String> {
    let question = Radios {
        id: "adult",
        legend: QUESTION,
        is_heading: true,
        hint: "",
        options: &[("yes", "Yes"), ("no", "No")],
        chosen,
    };
    let inside = question.html(problems) + "<button type=\"submit\">Continue</button>";
    let page = Page::new(QUESTION)
        .back("/")
        .problems(problems)
        .session(session);
    Html(page.around(&form(session, "/eligibility", &inside)))
}
