//! Progress in a signed cookie.

use core::fmt;
use core::marker::PhantomData;

use civic_core::KeyRing;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use super::progress_store::{Incoming, ProgressStore};
use super::token::Tokens;
use crate::definition::Definition;
use crate::{Counting, Journey, Progress, Record};

/// Name of the cookie of a citizen who does not want to be counted; its value is `off`.
///
/// ```
/// assert_eq!(civic_journey::store::OBJECTION_COOKIE, "__Host-journey-statistics");
/// ```
pub const OBJECTION_COOKIE: &str = "__Host-journey-statistics";

/// A year: an objection is kept longer than any journey.
const OBJECTION_SECONDS: u64 = 365 * 86_400;

/// Progress in a signed cookie, for a service that keeps no session.
///
/// The cookie is `__Host-journey-<name of the journey>`, `HttpOnly`, `Secure`, `SameSite=Lax`, and ends with `abandon_after`. A
/// cookie that nobody signed, or of another journey, gives a fresh start and adds to `journey_refusals_total`; the citizen sees
/// no error. After an objection nothing is counted and the cookie is deleted. [`token`](super::token) says what the law asks.
///
/// Right but for lost responses and for requests that cross, which count a step again; `examples/journey-funnel` prints by how
/// much. Ends are right, because the service's own write decides them.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_core::KeyRing;
/// use civic_journey::store::TokenStore;
///
/// let keys = KeyRing::new("k1", vec![7; 32])?;
/// let store = TokenStore::<Apply>::new(&keys);
/// assert_eq!(store.cookie_name(), "__Host-journey-apply-for-a-licence");
/// # Ok::<(), civic_core::KeyError>(())
/// ```
pub struct TokenStore<J> {
    tokens: Tokens,
    name: String,
    journey: PhantomData<fn() -> J>,
}

/// What a cookie said at the beginning of a request.
#[derive(Debug)]
pub struct CookieVisit {
    /// Whether a cookie of the journey came along.
    came: bool,
    objection: bool,
    before: Option<Record>,
    now: u64,
}

impl<J: Definition> TokenStore<J> {
    /// Progress under these keys, which every replica shares.
    #[must_use]
    pub fn new(keys: &KeyRing) -> Self {
        Self {
            tokens: Tokens::of::<J>(keys),
            name: format!("__Host-journey-{}", J::FACTS.name()),
            journey: PhantomData,
        }
    }

    /// Name of the cookie, for the cookies page.
    pub fn cookie_name(&self) -> &str {
        &self.name
    }

    /// Value of `Set-Cookie` for the answer to a citizen who objects: nothing of theirs is counted for a year.
    #[must_use]
    pub fn objection() -> HeaderValue {
        set_cookie(OBJECTION_COOKIE, "off", OBJECTION_SECONDS)
    }

    /// Value of `Set-Cookie` for the answer to a citizen who takes an objection back.
    #[must_use]
    pub fn objection_withdrawn() -> HeaderValue {
        set_cookie(OBJECTION_COOKIE, "", 0)
    }
}

impl<J: Definition> ProgressStore<J> for TokenStore<J> {
    type Visit = CookieVisit;

    async fn open(
        &self,
        journey: &'static Journey<J>,
        request: Incoming<'_>,
    ) -> (Self::Visit, Progress<J>) {
        let now = request.unix_seconds;
        let token = cookie(request.headers, &self.name);
        let objection = cookie(request.headers, OBJECTION_COOKIE) == Some("off");
        let mut before = None;
        if let Some(token) = token.filter(|_| !objection) {
            match self.tokens.verify(token, now) {
                Ok(record) => before = Some(record),
                Err(why) => journey.refuse(why),
            }
        }
        let counting = if objection {
            Counting::Nothing
        } else {
            Counting::Record
        };
        let visit = CookieVisit {
            came: token.is_some(),
            objection,
            before,
            now,
        };
        let progress = Progress::counting_by(counting, journey, before, now);
        (visit, progress)
    }

    async fn close(&self, visit: Self::Visit, progress: Progress<J>, response: &mut HeaderMap) {
        if visit.objection {
            if visit.came {
                response.append(SET_COOKIE, set_cookie(&self.name, "", 0));
            }
            return;
        }
        let record = progress.record();
        if record.has_begun() && visit.before != Some(record) {
            let left = J::FACTS.abandon_after().as_secs()
                - record
                    .age(visit.now)
                    .min(J::FACTS.abandon_after().as_secs());
            let token = self.tokens.sign(record);
            response.append(SET_COOKIE, set_cookie(&self.name, token.as_str(), left));
        }
    }
}

impl<J> fmt::Debug for TokenStore<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenStore")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Value of the first cookie of this name.
fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).into_iter();
    let pairs = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'));
    pairs
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn set_cookie(name: &str, value: &str, seconds: u64) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::try_from(text).expect("names of journeys and base64 are ASCII")
}
