//! Who goes on with what: a random secret in a cookie, its hash in the database, and an end that comes when it is not used.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use crate::app::App;
use crate::application::Draft;
use crate::failure::{ServiceError, StoreError};
use crate::store::{Known, SessionId};
use crate::{clock, order, secret};

/// A session, for the time of one request. Handlers take it as an argument.
#[derive(Clone)]
pub(crate) struct Session(Arc<Inner>);

struct Inner {
    id: SessionId,
    known: Known,
    /// Seconds that it lasts from now.
    lasts: u64,
}

/// How sessions are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sessions {
    /// How long one lasts after it was used the last time.
    pub(crate) length: Duration,
    /// Whether browsers reach this service by HTTPS only.
    pub(crate) secure: bool,
}

/// Whose session a cookie stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Citizen,
    Staff,
}

impl Session {
    pub(crate) fn id(&self) -> SessionId {
        self.0.id
    }

    /// Stands in every form, so that no other site can send one.
    pub(crate) fn csrf(&self) -> &str {
        &self.0.known.csrf
    }

    pub(crate) fn draft(&self) -> &Draft {
        &self.0.known.draft
    }

    /// Of the application that was sent in from this session.
    pub(crate) fn reference(&self) -> Option<&str> {
        self.0.known.reference.as_deref()
    }

    pub(crate) fn staff(&self) -> Option<&str> {
        self.0.known.staff.as_deref()
    }

    /// Seconds until it ends, unless it is used.
    pub(crate) fn lasts(&self) -> u64 {
        self.0.lasts
    }
}

impl Sessions {
    /// The part of this cookie's name that browsers look at: with it, nobody but this host over HTTPS can have set the cookie.
    fn prefix(self) -> &'static str {
        if self.secure { "__Host-" } else { "" }
    }

    pub(crate) fn cookie_name(self, whose: Whose) -> String {
        let name = match whose {
            Whose::Citizen => "session",
            Whose::Staff => "staff",
        };
        format!("{}{name}", self.prefix())
    }

    /// Name of the cookie of a person who does not want to be counted.
    pub(crate) fn objection_name(self) -> String {
        format!("{}journey-statistics", self.prefix())
    }

    /// `HttpOnly`: no script can read it. `SameSite=Lax`: no other site's form carries it. Without an age it ends with the browser.
    pub(crate) fn cookie(self, name: &str, value: &str, seconds: Option<u64>) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let age = seconds.map_or(String::new(), |seconds| format!("; Max-Age={seconds}"));
        let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}");
        HeaderValue::try_from(text).expect("names and hexadecimal digits are ASCII")
    }

    fn expires(self, now: i64) -> i64 {
        now + self.length.as_secs().cast_signed()
    }
}

/// Value of the first cookie of this name.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Finds the session of a citizen, begins one at the start of the journey, and sends everybody else to where it begins.
pub(crate) async fn of_citizen(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ServiceError> {
    let path = request.uri().path();
    let starts = path == "/start" && request.method() == Method::POST;
    let found = find(&app, Whose::Citizen, request.headers()).await?;
    // After one application was sent in, the next one has a session and a journey of its own.
    let found = found.filter(|session| !(starts && session.reference().is_some()));
    let (session, cookie) = match found {
        Some(session) => (session, None),
        None if starts => {
            let (session, cookie) = begin(&app, Whose::Citizen, None).await?;
            (session, Some(cookie))
        }
        None => return Ok(over(&app, request.headers())),
    };
    if let Some(page) = order::elsewhere(request.method(), path, &session) {
        return Ok(Redirect::to(page).into_response());
    }
    request.extensions_mut().insert(session);
    let mut response = next.run(request).await;
    if let Some(cookie) = cookie {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Finds the session of a member of staff, and sends everybody else to the page where they sign in.
pub(crate) async fn of_staff(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Result<Response, ServiceError> {
    let found = find(&app, Whose::Staff, request.headers()).await?;
    let Some(session) = found.filter(|session| session.staff().is_some()) else {
        return Ok(Redirect::to("/staff/sign-in").into_response());
    };
    request.extensions_mut().insert(session);
    Ok(next.run(request).await)
}

/// Begins a session; returns it with the cookie that stands for it.
pub(crate) async fn begin(
    app: &App,
    whose: Whose,
    staff: Option<String>,
) -> Result<(Session, HeaderValue), StoreError> {
    let secret = secret::random();
    let id = SessionId::of(&secret);
    let known = Known {
        csrf: secret::random(),
        expires: app.sessions.expires(clock::now()),
        staff,
        reference: None,
        draft: Draft::default(),
    };
    let (csrf, staff) = (known.csrf.clone(), known.staff.clone());
    app.store
        .begin_session(id, csrf, known.expires, staff)
        .await?;
    let cookie = app
        .sessions
        .cookie(&app.sessions.cookie_name(whose), &secret, None);
    let lasts = app.sessions.length.as_secs();
    Ok((Session(Arc::new(Inner { id, known, lasts })), cookie))
}

/// The session that the cookie of a request stands for. Being used, it lasts longer.
async fn find(app: &App, whose: Whose, headers: &HeaderMap) -> Result<Option<Session>, StoreError> {
    let Some(secret) = cookie(headers, &app.sessions.cookie_name(whose)) else {
        return Ok(None);
    };
    let (id, now) = (SessionId::of(secret), clock::now());
    let Some(mut known) = app.store.session(id, now).await? else {
        return Ok(None);
    };
    let expires = app.sessions.expires(now);
    // Not for every picture and every second: each is a write that waits for the disk.
    if expires - known.expires > app.sessions.length.as_secs().cast_signed() / 20 {
        app.store.extend_session(id, expires).await?;
        known.expires = expires;
    }
    let lasts = (known.expires - now).max(0).cast_unsigned();
    Ok(Some(Session(Arc::new(Inner { id, known, lasts }))))
}

/// To the page that says that a session is over, for who had one; to the start page for who had none.
fn over(app: &App, headers: &HeaderMap) -> Response {
    let name = app.sessions.cookie_name(Whose::Citizen);
    if cookie(headers, &name).is_none() {
        return Redirect::to("/").into_response();
    }
    let gone = app.sessions.cookie(&name, "", Some(0));
    ([(SET_COOKIE, gone)], Redirect::to("/timed-out")).into_response()
}

impl<S: Sync> FromRequestParts<S> for Session {
    type Rejection = ServiceError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ServiceError> {
        let session = parts.extensions.get::<Self>().cloned();
        session.ok_or(ServiceError::NoSession)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_as_safe_as_the_address_allows() {
        let length = Duration::from_secs(1200);
        let there = Sessions {
            length,
            secure: true,
        };
        let name = there.cookie_name(Whose::Citizen);
        assert_eq!(
            there.cookie(&name, "1f", None),
            "__Host-session=1f; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        let here = Sessions {
            length,
            secure: false,
        };
        let name = here.cookie_name(Whose::Staff);
        assert_eq!(
            here.cookie(&name, "", Some(0)),
            "staff=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
        );
    }
}
