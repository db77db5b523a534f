//! The answers once more, before they are sent.

use axum::extract::State;
use axum::response::{Html, Redirect};
use civic::journey::{Progress, Submission, journey_step};
use tracing::info;

use crate::app::App;
use crate::application::{DocumentKind, activity_in_words};
use crate::clock;
use crate::failure::ServiceError;
use crate::form::{Nothing, Posted};
use crate::html::{Page, escape, form, heading};
use crate::journey::{Apply, ApplyOutcome, ApplyStep};
use crate::session::Session;

#[journey_step(ApplyStep::Check)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    page(&session)
}

/// Sends the application. The database admits each draft once, and its word decides what counts.
pub(super) async fn send(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Redirect, ServiceError> {
    let sent = app.store.send_in(session.id(), clock::now()).await?;
    let submission = if sent.is_new {
        let reference = sent.reference;
        info!(reference, "application received");
        Submission::Created
    } else {
        Submission::AlreadyExists
    };
    progress.complete(ApplyOutcome::Submitted, submission);
    Ok(Redirect::to("/confirmation"))
}

fn page(session: &Session) -> Html<String> {
    let why = "shown to the person who typed it";
    let title = "Check your answers before sending your application";
    let details = session.draft().details.clone().unwrap_or_default();
    let document = session.draft().document.map_or("", DocumentKind::in_words);
    let rows = [
        (
            "Full name",
            details.full_name.expose(why).as_str(),
            "/details#full_name",
        ),
        ("Email address", details.email.expose(why), "/details#email"),
        (
            "Telephone number",
            details.phone.expose(why),
            "/details#phone",
        ),
        (
            "Postcode",
            details.postcode.expose(why),
            "/details#postcode",
        ),
        (
            "What the licence is for",
            activity_in_words(&details.activity).unwrap_or_default(),
            "/details#activity",
        ),
        ("Document", document, "/upload"),
    ];
    let rows = rows.map(|(name, value, page)| {
        let small = name.to_lowercase();
        format!(
            "<div><dt>{name}</dt><dd>{}</dd>\
             <dd><a href=\"{page}\">Change<span class=\"hidden\"> {small}</span></a></dd></div>\n",
            escape(value)
        )
    });
    let rows = rows.concat();
    let inside = "<h2>Now send your application</h2>\n\
        <p>By sending it you confirm that, as far as you know, the details are correct.</p>\n\
        <button type=\"submit\">Send application</button>";
    let main = heading(title)
        + "<dl class=\"answers\">\n"
        + &rows
        + "<div><dt>Fee</dt><dd>£25, paid</dd><dd></dd></div>\n</dl>\n"
        + &form(session, "/check", inside);
    Html(Page::new(title).back("/pay").session(session).around(&main))
}
