//! What can be asked, in which form, and with how much detail.

use bytes::Bytes;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/health`: does the process answer? Touches nothing.
    Health,
    /// `/ready`: may traffic come? With the dependencies reported beside it.
    Ready,
    /// `/startup`: has every required check passed once?
    Startup,
}

/// How much an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Detail {
    /// One word, for everyone.
    Status,
    /// Each check by name, with its state and its reason. Reasons are texts of the program.
    Checks,
    /// Values, times, journeys and what hangs on each check.
    Full,
}

/// The form of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// draft-inadarei-api-health-check, as `application/json`.
    Json,
    /// The same, as `application/health+json`.
    HealthJson,
    /// Lines for people, as `text/plain`.
    Text,
    /// The shape of GovukHealthcheck, as `application/json`.
    Govuk,
}

/// An answer that was rendered ahead. A clone shares the body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status code: 200 or 503.
    pub code: u16,
    /// The value for `Content-Type`.
    pub content_type: &'static str,
    /// The body.
    pub body: Bytes,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Health, Self::Ready, Self::Startup];

    /// The path that it is mounted under.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Health => "/health",
            Self::Ready => "/ready",
            Self::Startup => "/startup",
        }
    }

    /// The endpoint under this path; a slash at the end makes no difference, since a redirect would count as success.
    pub fn of_path(path: &str) -> Option<Self> {
        let path = path.strip_suffix('/').unwrap_or(path);
        Self::ALL
            .into_iter()
            .find(|endpoint| endpoint.path() == path)
    }

    /// The path without its slash.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::Ready => "ready",
            Self::Startup => "startup",
        }
    }
}

impl Detail {
    pub(crate) const ALL: [Self; 3] = [Self::Status, Self::Checks, Self::Full];
}

impl Format {
    /// The value for `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json | Self::Govuk => "application/json",
            Self::HealthJson => "application/health+json",
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_known_with_and_without_a_slash_at_its_end() {
        assert_eq!(Endpoint::of_path("/ready"), Some(Endpoint::Ready));
        assert_eq!(Endpoint::of_path("/ready/"), Some(Endpoint::Ready));
        for other in ["/", "", "/ready//", "/readyz", "/READY", "/health/x"] {
            assert_eq!(Endpoint::of_path(other), None, "{other}");
        }
    }
}
