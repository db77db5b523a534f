//! Forms that this service sent out, and no others.

use axum::extract::{Form, FromRequest, Request};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::ServiceError;
use crate::secret;
use crate::session::Session;

/// The answers of a form that carries the token of its session.
pub(crate) struct Posted<T>(pub(crate) T);

/// Nothing but the token.
#[derive(Deserialize)]
pub(crate) struct Nothing {}

#[derive(Deserialize)]
struct WithToken<T> {
    #[serde(default)]
    csrf: String,
    #[serde(flatten)]
    answers: T,
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T> {
    type Rejection = ServiceError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ServiceError> {
        let session = request.extensions().get::<Session>().cloned();
        let session = session.ok_or(ServiceError::NoSession)?;
        let Form(form) = Form::<WithToken<T>>::from_request(request, state)
            .await
            .map_err(|rejection| ServiceError::Unreadable(rejection.status()))?;
        check(&session, &form.csrf)?;
        Ok(Self(form.answers))
    }
}

/// Whether a form came from a page of this session.
pub(crate) fn check(session: &Session, token: &str) -> Result<(), ServiceError> {
    if secret::same(session.csrf(), token) {
        Ok(())
    } else {
        Err(ServiceError::Forged)
    }
}
