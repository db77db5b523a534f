//! A sign-in that lets everybody in: a fake, in the place of your organisation's single sign-on.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::app::App;
use crate::application::Problem;
use crate::failure::ServiceError;
use crate::form::{Nothing, Posted};
use crate::html::{Page, Radios, heading};
use crate::session::{self, Session, Whose};

/// Made up.
const STAFF: [(&str, &str); 2] = [
    ("caseworker-7012", "Caseworker 7012"),
    ("caseworker-7013", "Caseworker 7013"),
];

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    staff: String,
}

pub(super) async fn show() -> Html<String> {
    page(&[])
}

/// Without a token, since there is no session yet that it could be of.
pub(super) async fn sign_in(
    State(app): State<App>,
    answer: Result<Form<Answer>, FormRejection>,
) -> Result<Response, ServiceError> {
    let answer = answer.map(|Form(answer)| answer.staff).unwrap_or_default();
    let Some((staff, _)) = STAFF.iter().find(|(id, _)| *id == answer) else {
        let problems = [Problem {
            field: "staff",
            advice: "Select who you are",
        }];
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&problems)).into_response());
    };
    let (_, cookie) = session::begin(&app, Whose::Staff, Some((*staff).to_owned())).await?;
    Ok(([(SET_COOKIE, cookie)], Redirect::to("/staff")).into_response())
}

pub(super) async fn sign_out(
    State(app): State<App>,
    session: Session,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, ServiceError> {
    app.store.end_session(session.id()).await?;
    let name = app.sessions.cookie_name(Whose::Staff);
    let gone = app.sessions.cookie(&name, "", Some(0));
    Ok(([(SET_COOKIE, gone)], Redirect::to("/staff/sign-in")).into_response())
}

fn page(problems: &[Problem]) -> Html<String> {
    let title = "Sign in as staff";
    let question = Radios {
        id: "staff",
        legend: "Who are you?",
        is_heading: false,
        hint: "",
        options: &STAFF,
        chosen: "",
    };
    let main = heading(title)
        + "<div class=\"notice\"><p>This is a fake, for trying the service out: it asks for no password and lets everybody in. \
           Put your organisation's sign-in here.</p></div>\n\
           <form method=\"post\" action=\"/staff/sign-in\" novalidate>\n"
        + &question.html(problems)
        + "<button type=\"submit\">Sign in</button>\n</form>";
    Html(Page::new(title).problems(problems).around(&main))
}
