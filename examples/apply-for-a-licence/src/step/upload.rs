//! A document that shows who the person is.

use axum::extract::State;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use civic::journey::{ErrorKind, Progress, journey_step};
use tracing::info;

use crate::app::App;
use crate::application::{Document, LARGEST, Problem};
use crate::failure::ServiceError;
use crate::html::{Page, file_field, file_form, heading};
use crate::journey::{Apply, ApplyStep};
use crate::session::Session;
use crate::{form, order};

#[journey_step(ApplyStep::Upload)]
pub(super) async fn show(session: Session, _: Progress<Apply>) -> Html<String> {
    page(&session, &[])
}

pub(super) async fn save(
    State(app): State<App>,
    session: Session,
    mut progress: Progress<Apply>,
    parts: Multipart,
) -> Result<Response, ServiceError> {
    let content = read(&session, parts).await?;
    let next = Redirect::to(order::after(order::Page::Upload, session.draft())).into_response();
    // Nobody has to upload again what is there.
    if content.is_empty() && session.draft().document.is_some() {
        return Ok(next);
    }
    match Document::parse(content) {
        Ok(document) => app.store.keep_document(session.id(), document).await?,
        Err(advice) => {
            progress.error(ApplyStep::Upload, ErrorKind::Validation);
            info!("document sent back");
            let problems = [Problem {
                field: "document",
                advice,
            }];
            let page = page(&session, &problems);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    }
    Ok(next)
}

/// The document of a form that carries the token of its session. The token comes first, before anything large.
async fn read(session: &Session, mut parts: Multipart) -> Result<Vec<u8>, ServiceError> {
    let mut content = Vec::new();
    let mut is_ours = false;
    while let Some(part) = parts.next_field().await.map_err(unreadable)? {
        match part.name() {
            Some("csrf") => {
                form::check(session, &part.text().await.map_err(unreadable)?)?;
                is_ours = true;
            }
            Some("document") if is_ours => content = read_part(part).await?,
            _ => {}
        }
    }
    if is_ours {
        Ok(content)
    } else {
        Err(ServiceError::Forged)
    }
}

/// No more than tells that it is too large; the rest is read past, so that the person gets an answer.
async fn read_part(mut part: Field<'_>) -> Result<Vec<u8>, ServiceError> {
    let mut content = Vec::new();
    while let Some(chunk) = part.chunk().await.map_err(unreadable)? {
        let room = (LARGEST + 1).saturating_sub(content.len());
        content.extend_from_slice(&chunk[..chunk.len().min(room)]);
    }
    Ok(content)
}

fn unreadable(error: MultipartError) -> ServiceError {
    ServiceError::Unreadable(error.status())
}

fn page(session: &Session, problems: &[Problem]) -> Html<String> {
    let title = "Upload a document that shows who you are";
    let there = session.draft().document.map_or(String::new(), |kind| {
        format!(
            "<p>You have uploaded {}. Choose another file only if you want to replace it.</p>\n",
            kind.in_words()
        )
    });
    let field = file_field(
        "document",
        "Upload a file",
        "A passport, driving licence or utility bill, as a PDF, JPG or PNG of 2MB or less",
        ".pdf,.jpg,.jpeg,.png",
        problems,
    );
    let inside = field + "<button type=\"submit\">Continue</button>";
    let main = heading(title) + &there + &file_form(session, "/upload", &inside);
    let page = Page::new(title)
        .back("/details")
        .problems(problems)
        .session(session);
    Html(page.around(&main))
}
