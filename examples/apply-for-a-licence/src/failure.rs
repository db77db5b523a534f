//! What can fail, and what a citizen is told then: what to do, and no cause.

use std::error::Error;
use std::fmt;
use std::io;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use civic::audit::{OpenError, RecordError};
use civic::health::BuildError;
use civic::metrics::Conflict;
use tracing::{error, warn};

use crate::page::problem;

/// Why a request was not answered as it was meant. It becomes the page that says so.
#[derive(Debug)]
pub(crate) enum ServiceError {
    Store(StoreError),
    Payment(PaymentError),
    Audit(RecordError),
    /// No form as this service reads it.
    Unreadable(StatusCode),
    /// A form without the token of its session: from another site, or of a session that is over.
    Forged,
    /// A handler that needs a session stands on a route that gives none.
    NoSession,
}

/// Why the database did not do what it was asked.
#[derive(Debug)]
pub(crate) enum StoreError {
    /// The file was written by a later version of this service.
    Newer,
    /// The session ended, or another request sent in the draft.
    Gone,
    /// Something of the draft is missing.
    Incomplete,
    Panicked(tokio::task::JoinError),
    Database(rusqlite::Error),
}

/// Why the payment provider did not do what it was asked.
#[derive(Debug)]
pub(crate) enum PaymentError {
    /// It takes no connection, or ends it.
    Unreachable(Box<dyn Error + Send + Sync>),
    /// It does not answer in time.
    Slow,
    /// It answers with this status.
    Refused(u16),
    /// It answers about something else than it was asked.
    Untrue(&'static str),
    /// Its answer is none of its kind.
    Unreadable,
}

/// Why the service did not start, or stopped early. Says what to do; the cause is the source.
#[derive(Debug)]
pub(crate) enum StartError {
    Port,
    Session,
    Origin,
    Payments,
    Provider(io::Error),
    Keys(io::Error),
    Listen(io::Error),
    Store(StoreError),
    Audit(OpenError),
    Checks(BuildError),
    Metrics(Conflict),
    Signals(io::Error),
    Serve(io::Error),
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        let (status, page) = match &self {
            // Nothing of it is in the log but its status: its text would quote what was sent.
            Self::Unreadable(status) => {
                warn!(status = status.as_u16(), "form could not be read");
                (*status, problem::unreadable())
            }
            Self::Forged => {
                warn!("form without the token of its session");
                (StatusCode::FORBIDDEN, problem::forged())
            }
            Self::Store(StoreError::Gone | StoreError::Incomplete) => {
                warn!(
                    error = &self as &(dyn Error + 'static),
                    "form came too late"
                );
                (StatusCode::CONFLICT, problem::too_late())
            }
            Self::Payment(_) => {
                self.log();
                (StatusCode::SERVICE_UNAVAILABLE, problem::payments())
            }
            Self::Audit(_) => {
                self.log();
                (StatusCode::SERVICE_UNAVAILABLE, problem::not_audited())
            }
            Self::Store(_) => {
                self.log();
                (StatusCode::SERVICE_UNAVAILABLE, problem::unavailable())
            }
            Self::NoSession => {
                self.log();
                (StatusCode::INTERNAL_SERVER_ERROR, problem::unavailable())
            }
        };
        (status, Html(page)).into_response()
    }
}

impl ServiceError {
    /// With what failed and why, a layer each; no layer says a value that a person typed.
    fn log(&self) {
        let failed = self.source().unwrap_or(self);
        error!(
            error = failed,
            cause = failed.source().map(tracing::field::display),
            "request not answered"
        );
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Store(_) => "the answers could not be read or kept",
            Self::Payment(_) => "the payment could not be made or looked up",
            Self::Audit(_) => "the audit trail took no entry",
            Self::Unreadable(_) => "the form could not be read",
            Self::Forged => "the form is not of this session",
            Self::NoSession => "no session is around this route",
        })
    }
}

impl Error for ServiceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Store(cause) => Some(cause),
            Self::Payment(cause) => Some(cause),
            Self::Audit(cause) => Some(cause),
            Self::Unreadable(_) | Self::Forged | Self::NoSession => None,
        }
    }
}

impl From<StoreError> for ServiceError {
    fn from(cause: StoreError) -> Self {
        Self::Store(cause)
    }
}

impl From<PaymentError> for ServiceError {
    fn from(cause: PaymentError) -> Self {
        Self::Payment(cause)
    }
}

impl From<RecordError> for ServiceError {
    fn from(cause: RecordError) -> Self {
        Self::Audit(cause)
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Newer => "the database is of a later version of this service",
            Self::Gone => "the session has ended",
            Self::Incomplete => "the draft is not complete",
            Self::Panicked(_) => "the work on the database was cut off",
            Self::Database(_) => "the database failed",
        })
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Newer | Self::Gone | Self::Incomplete => None,
            Self::Panicked(cause) => Some(cause),
            Self::Database(cause) => Some(cause),
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(cause: rusqlite::Error) -> Self {
        Self::Database(cause)
    }
}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreachable(_) => f.write_str("the payment provider cannot be reached"),
            Self::Slow => f.write_str("the payment provider does not answer in time"),
            Self::Refused(status) => write!(f, "the payment provider answers with {status}"),
            Self::Untrue(what) => write!(f, "the payment provider answers about another {what}"),
            Self::Unreadable => f.write_str("the answer of the payment provider cannot be read"),
        }
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable(cause) => Some(&**cause),
            _ => None,
        }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Port => "PORT is not a number from 0 to 65535",
            Self::Session => "SESSION_SECONDS is not a number from 1 to 72000",
            Self::Origin => "ORIGIN is not https://host, or http:// and an address of this machine",
            Self::Payments => "PAYMENTS is not http://host:port",
            Self::Provider(_) => {
                "cannot start the fake payment provider; PAYMENTS names one that runs"
            }
            Self::Keys(_) => "cannot read or make the file of keys beside the database",
            Self::Listen(_) => "cannot listen; PORT=0 takes a free port, PORT=8081 that one",
            Self::Store(_) => "cannot open the database; DATABASE names its file",
            Self::Audit(_) => "cannot open the audit trail beside the database",
            Self::Checks(_) => "cannot put the checks together",
            Self::Metrics(_) => "cannot put the metrics together",
            Self::Signals(_) => "cannot listen for signals",
            Self::Serve(_) => "cannot serve",
        })
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Port | Self::Session | Self::Origin | Self::Payments => None,
            Self::Provider(cause)
            | Self::Keys(cause)
            | Self::Listen(cause)
            | Self::Signals(cause)
            | Self::Serve(cause) => Some(cause),
            Self::Audit(cause) => Some(cause),
            Self::Checks(cause) => Some(cause),
            Self::Metrics(cause) => Some(cause),
            Self::Store(cause) => Some(cause),
        }
    }
}
