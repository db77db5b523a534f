//! Which cookies there are and why, and how not to be counted.
//!
//! The progress of a journey lies in the session that the service needs anyway, so that PECR asks for no consent and no
//! cookie of its own; `civic::journey` says more under "What the law asks". Whoever does not want to be counted can say so.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::SET_COOKIE;
use axum::response::{Html, IntoResponse, Redirect, Response};

use crate::app::App;
use crate::html::{Page, heading, in_words};
use crate::session::{Whose, cookie};

/// A year: an objection is kept longer than any journey.
const OBJECTION: u64 = 365 * 86_400;

pub(crate) async fn show(State(app): State<App>, headers: HeaderMap) -> Html<String> {
    let title = "Cookies";
    let sessions = app.sessions;
    let (session, objection) = (
        sessions.cookie_name(Whose::Citizen),
        sessions.objection_name(),
    );
    let long = in_words(sessions.length.as_secs());
    // Without a token: all that a forged one does is to change what is counted.
    let choice = if objects(&app, &headers) {
        "<p><strong>We do not count your visits.</strong></p>\n\
         <form method=\"post\" action=\"/cookies/count\" novalidate>\n\
         <button type=\"submit\">Count my visits again</button>\n</form>"
    } else {
        "<p>You can ask us not to count your visits. The service works the same.</p>\n\
         <form method=\"post\" action=\"/cookies/do-not-count\" novalidate>\n\
         <button type=\"submit\">Do not count my visits</button>\n</form>"
    };
    let text = format!(
        "<p>Cookies are small files saved on your phone, tablet or computer when you visit a website.</p>\n\
         <h2>Essential cookies</h2>\n\
         <p>We use a cookie to keep your answers together while you apply. The service does not work without it.</p>\n\
         <table>\n<caption>Cookies that we use</caption>\n\
         <thead><tr><th scope=\"col\">Name</th><th scope=\"col\">What it is for</th><th scope=\"col\">When it ends</th></tr></thead>\n\
         <tbody>\n<tr><td>{session}</td><td>Remembers which answers are yours</td>\
         <td>When you close your browser, or when you do nothing for {long}</td></tr>\n\
         <tr><td>{objection}</td><td>Remembers that you do not want to be counted; only set when you ask for it</td>\
         <td>After 1 year</td></tr>\n</tbody>\n</table>\n\
         <h2>How we count visits</h2>\n\
         <p>While you apply, we keep with your session which pages of the application you have reached and roughly when you \
         began, and nothing that says who you are. It goes after 1 day. We use it to see at which page people have \
         difficulties, so that we can improve the service. We do not share it, and we set no cookie for it.</p>\n{choice}"
    );
    Html(Page::new(title).around(&(heading(title) + &text)))
}

/// Nothing of this person is counted from now on.
pub(crate) async fn do_not_count(State(app): State<App>) -> Response {
    answer(&app, "off", OBJECTION)
}

pub(crate) async fn count(State(app): State<App>) -> Response {
    answer(&app, "", 0)
}

/// Whether the person said that they do not want to be counted.
pub(crate) fn objects(app: &App, headers: &HeaderMap) -> bool {
    cookie(headers, &app.sessions.objection_name()) == Some("off")
}

fn answer(app: &App, value: &str, seconds: u64) -> Response {
    let name = app.sessions.objection_name();
    let cookie = app.sessions.cookie(&name, value, Some(seconds));
    ([(SET_COOKIE, cookie)], Redirect::to("/cookies")).into_response()
}
