//! Opens applications: for a purpose, which is on the disk before anything is shown.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use civic::audit::{Outcome, Purpose};
use serde::Deserialize;
use tracing::{error, info};

use super::audit::{PURPOSES, purpose};
use crate::app::App;
use crate::application::{Application, DocumentKind, Problem, activity_in_words};
use crate::failure::ServiceError;
use crate::form::Posted;
use crate::html::{Page, Radios, TextField, escape, form, heading};
use crate::session::Session;
use crate::store::Listed;

/// How many of the newest are listed.
const LISTED: u32 = 50;

/// What is asked of whoever wants to see an application.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    reference: String,
    purpose: String,
    /// In the words of staff; what is personal in them does not reach the trail.
    because: String,
}

impl Asked {
    /// The purpose and the reference, or what has to be put right.
    fn parse(&self) -> Result<(Purpose, String), Vec<Problem>> {
        let reference = self.reference.trim().to_uppercase();
        let digits = reference.strip_prefix("LIC-").unwrap_or_default();
        let mut problems = Vec::new();
        if digits.len() != 10 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            problems.push(Problem {
                field: "reference",
                advice: "Enter a reference number, like LIC-4C1D0A9F3B",
            });
        }
        let purpose = purpose(&self.purpose);
        if purpose.is_none() {
            problems.push(Problem {
                field: "purpose",
                advice: "Select why you need to see the application",
            });
        }
        match purpose {
            Some(purpose) if problems.is_empty() => {
                let because = self.because.trim();
                let purpose = match because {
                    "" => purpose,
                    because => purpose.because(because),
                };
                Ok((purpose, reference))
            }
            _ => Err(problems),
        }
    }
}

pub(super) async fn list(
    State(app): State<App>,
    session: Session,
) -> Result<Html<String>, ServiceError> {
    page(&app, &session, &Asked::default(), &[]).await
}

pub(super) async fn open(
    State(app): State<App>,
    session: Session,
    Posted(asked): Posted<Asked>,
) -> Result<Response, ServiceError> {
    let (purpose, reference) = match asked.parse() {
        Ok(parsed) => parsed,
        Err(problems) => return sent_back(&app, &session, &asked, &problems).await,
    };
    let fields = &["full_name", "email", "phone", "postcode", "activity"];
    let staff = session.staff().unwrap_or_default();
    // First the entry, also for a reference that is not there: that somebody tried is worth knowing.
    let access = app.audit.begin(staff, &reference, fields, purpose).await?;
    let Some(found) = app.store.application(&app.audit.ring, reference).await? else {
        access.complete_async(Outcome::Failed).await?;
        return none(&app, &session, &asked).await;
    };
    let shown = match found.open(&access) {
        Ok(application) => shown(&session, application, &asked),
        Err(other) => {
            error!(
                error = &other as &(dyn std::error::Error + 'static),
                "application not opened"
            );
            return none(&app, &session, &asked).await;
        }
    };
    info!(audit = %access.id(), "application opened");
    access.complete_async(Outcome::Succeeded).await?;
    Ok(shown.into_response())
}

/// The document is opened by itself, and so it has an entry of its own.
pub(super) async fn open_document(
    State(app): State<App>,
    session: Session,
    Posted(asked): Posted<Asked>,
) -> Result<Response, ServiceError> {
    let (purpose, reference) = match asked.parse() {
        Ok(parsed) => parsed,
        Err(problems) => return sent_back(&app, &session, &asked, &problems).await,
    };
    let staff = session.staff().unwrap_or_default();
    let access = app
        .audit
        .begin(staff, &reference, &["document"], purpose)
        .await?;
    let found = app.store.document(&app.audit.ring, reference).await?;
    let content = found.as_ref().and_then(|found| {
        let document = found.open(&access).ok()?;
        let why = "downloaded by staff for a recorded purpose";
        Some((document.kind, document.content.expose(why).clone()))
    });
    let Some((kind, content)) = content else {
        access.complete_async(Outcome::Failed).await?;
        return none(&app, &session, &asked).await;
    };
    info!(audit = %access.id(), "document opened");
    access.complete_async(Outcome::Succeeded).await?;
    // Saved and not shown: a citizen made it, and it must not run in the name of this site.
    let name = format!("attachment; filename=\"document.{}\"", kind.name());
    let head = [
        (CONTENT_TYPE, kind.media_type().to_owned()),
        (CONTENT_DISPOSITION, name),
        (
            CONTENT_SECURITY_POLICY,
            "sandbox; default-src 'none'".to_owned(),
        ),
    ];
    Ok((head, content).into_response())
}

async fn none(app: &App, session: &Session, asked: &Asked) -> Result<Response, ServiceError> {
    let problems = [Problem {
        field: "reference",
        advice: "There is no such application or document. Check the reference number",
    }];
    sent_back(app, session, asked, &problems).await
}

async fn sent_back(
    app: &App,
    session: &Session,
    asked: &Asked,
    problems: &[Problem],
) -> Result<Response, ServiceError> {
    let page = page(app, session, asked, problems).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn shown(session: &Session, application: &Application, asked: &Asked) -> Html<String> {
    let why = "shown to staff for a recorded purpose";
    let details = &application.details;
    let received = day(application.received);
    let rows = [
        ("Received", received.as_str()),
        ("Full name", details.full_name.expose(why)),
        ("Email address", details.email.expose(why)),
        ("Telephone number", details.phone.expose(why)),
        ("Postcode", details.postcode.expose(why)),
        (
            "Licence for",
            activity_in_words(&details.activity).unwrap_or_default(),
        ),
        (
            "Document",
            application.document.map_or("None", DocumentKind::in_words),
        ),
    ];
    let rows =
        rows.map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>\n", escape(value)));
    let title = format!("Application {}", application.reference);
    let mut main = heading(&title)
        + "<p>That you opened it, and why, was recorded.</p>\n<dl class=\"answers\">\n"
        + &rows.concat()
        + "</dl>\n";
    if application.document.is_some() {
        let hidden = [
            ("reference", &asked.reference),
            ("purpose", &asked.purpose),
            ("because", &asked.because),
        ];
        let hidden = hidden.map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{name}\" value=\"{}\">\n",
                escape(value)
            )
        });
        let inside = hidden.concat() + "<button type=\"submit\">Download the document</button>";
        main += &form(session, "/staff/document", &inside);
    }
    Html(
        Page::new(&title)
            .back("/staff")
            .session(session)
            .around(&main),
    )
}

async fn page(
    app: &App,
    session: &Session,
    asked: &Asked,
    problems: &[Problem],
) -> Result<Html<String>, ServiceError> {
    let title = "Applications";
    let reference = TextField {
        id: "reference",
        label: "Reference number",
        hint: "Like LIC-4C1D0A9F3B",
        kind: "text",
        autocomplete: "off",
        value: &asked.reference,
    };
    let purpose = Radios {
        id: "purpose",
        legend: "Why do you need to see it?",
        is_heading: false,
        hint: "This is recorded before the application is opened",
        options: &PURPOSES,
        chosen: &asked.purpose,
    };
    let because = TextField {
        id: "because",
        label: "More about the reason (optional)",
        hint: "Do not write down anything about the applicant",
        kind: "text",
        autocomplete: "off",
        value: &asked.because,
    };
    let inside = reference.html(problems)
        + &purpose.html(problems)
        + &because.html(problems)
        + "<button type=\"submit\">Open the application</button>";
    let newest = app.store.newest(LISTED).await?;
    let main = heading(title)
        + &format!(
            "<p>You are signed in as {}.</p>\n",
            escape(session.staff().unwrap_or_default())
        )
        + "<p><a href=\"/staff/funnel\">How the journey goes</a></p>\n<h2>Open an application</h2>\n"
        + &form(session, "/staff/application", &inside)
        + "<h2>Newest applications</h2>\n"
        + &table(&newest)
        + &form(
            session,
            "/staff/sign-out",
            "<button class=\"second\" type=\"submit\">Sign out</button>",
        );
    let page = Page::new(title).problems(problems).session(session);
    Ok(Html(page.around(&main)))
}

/// References, days and kinds: nothing of who applied.
fn table(newest: &[Listed]) -> String {
    if newest.is_empty() {
        return "<p>There are none yet.</p>\n".to_owned();
    }
    let rows: String = newest
        .iter()
        .map(|listed| {
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                escape(&listed.reference),
                day(listed.received),
                activity_in_words(&listed.activity).unwrap_or_default()
            )
        })
        .collect();
    format!(
        "<table>\n<caption class=\"hidden\">Newest applications</caption>\n\
         <thead><tr><th scope=\"col\">Reference</th><th scope=\"col\">Received</th><th scope=\"col\">Licence for</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n"
    )
}

/// `2026-01-05`.
fn day(unix_seconds: i64) -> String {
    jiff::Timestamp::from_second(unix_seconds).map_or_else(
        |_| String::new(),
        |time| time.strftime("%Y-%m-%d").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_opened_without_a_purpose_of_the_list() {
        let asked = |reference: &str, purpose: &str| {
            let asked = Asked {
                reference: reference.to_owned(),
                purpose: purpose.to_owned(),
                because: String::new(),
            };
            let problems = asked.parse().err().unwrap_or_default();
            problems
                .iter()
                .map(|problem| problem.field)
                .collect::<Vec<_>>()
        };
        let right = "LIC-4C1D0A9F3B";
        assert_eq!(asked(right, "complaint"), Vec::<&str>::new());
        assert_eq!(asked(" lic-4c1d0a9f3b ", "complaint"), Vec::<&str>::new());
        assert_eq!(asked(right, ""), ["purpose"]);
        assert_eq!(asked(right, "curiosity"), ["purpose"]);
        assert_eq!(asked("", ""), ["reference", "purpose"]);
        for wrong in [
            "LIC-",
            "LIC-4C1D0A9F3",
            "4C1D0A9F3B",
            "LIC-4C1D0A9F3G",
            "LIC-' OR 1=1",
        ] {
            assert_eq!(asked(wrong, "complaint"), ["reference"], "{wrong}");
        }
    }

    #[test]
    fn a_day_is_written_as_it_sorts() {
        assert_eq!(day(1_767_268_800), "2026-01-01");
    }
}
