//! What logging costs: the event that is logged, and the stacks that it is logged under.
//!
//! One event: a request's id, its status, how long it took, whether the answer was cached, its path as an `Option`, and a
//! message with an argument, in one span of three fields or in three. The values change from one event to the next, as they
//! do in a service, so that nothing can be remembered of them.

#[cfg(feature = "rivals")]
pub mod rival;
pub mod rows;
pub mod stack;

use std::hint::black_box;

use tracing::{Dispatch, dispatcher, info, info_span};

use crate::corpus::rng::Rng;

/// Different values that are logged in turn.
const TURNS: usize = 256;

/// What the values of an event hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data {
    /// Words, and no digit in any text.
    Clean,
    /// The same, with a UUID as the id of the request.
    Uuid,
    /// The same, with an NHS number in the path, and another and an address in the message.
    ThreeHits,
}

/// The values of one event.
#[derive(Clone, Debug)]
pub struct Values {
    /// Id of the request.
    pub request: String,
    /// Status of the answer.
    pub status: u64,
    /// How long it took.
    pub millis: f64,
    /// Whether the answer was cached.
    pub is_cached: bool,
    /// Path of the request.
    pub path: Option<String>,
    /// What the message names.
    pub subject: String,
}

/// The values that are logged in turn; the same for the same data.
pub fn values(data: Data) -> Vec<Values> {
    let mut rng = Rng::new(3);
    (0..TURNS).map(|_| Values::draw(data, &mut rng)).collect()
}

impl Values {
    fn draw(data: Data, rng: &mut Rng) -> Self {
        let letters = rng.text("abcdefghijklmnopqrstuvwxyz", 6);
        let page = rng.pick(&["start", "check-answers", "your-name", "confirmation"]);
        let request = match data {
            Data::Clean => format!("req-{letters}"),
            Data::Uuid | Data::ThreeHits => rng.uuid(),
        };
        let (path, subject) = match data {
            Data::Clean | Data::Uuid => (
                format!("/apply/{page}"),
                rng.pick(&["form", "upload", "payment page", "summary"])
                    .to_owned(),
            ),
            Data::ThreeHits => (
                format!("/patients/{}/{page}", nhs_number(rng)),
                format!("for {letters}@example.com, NHS number {}", nhs_number(rng)),
            ),
        };
        Self {
            request,
            status: rng.pick(&[200, 302, 404]),
            millis: rng.below(100_000) as f64 / 100.0,
            is_cached: rng.chance(0.5),
            path: Some(path),
            subject,
        }
    }
}

/// A made-up number whose check digit is right.
fn nhs_number(rng: &mut Rng) -> String {
    loop {
        let digits: Vec<u64> = core::iter::once(rng.pick(&[4, 6]))
            .chain(core::iter::from_fn(|| Some(rng.range(0, 9))).take(8))
            .collect();
        let sum: u64 = digits.iter().zip((2..=10).rev()).map(|(d, w)| d * w).sum();
        let check = (11 - sum % 11) % 11;
        if check < 10 {
            return digits.iter().chain([&check]).map(u64::to_string).collect();
        }
    }
}

/// Logs one event.
#[inline(never)]
pub fn log(values: &Values) {
    info!(
        request_id = values.request.as_str(),
        status = values.status,
        latency_ms = values.millis,
        cached = values.is_cached,
        path = ?values.path,
        "handled request {}",
        values.subject
    );
}

/// Logs so many events in one span, or in three that stand in one another.
pub fn log_in_spans(dispatch: &Dispatch, spans: usize, values: &[Values], events: usize) {
    dispatcher::with_default(dispatch, || {
        let outer = info_span!(
            "request",
            method = "POST",
            route = "/apply/:step",
            attempt = 1_u64
        );
        let _outer = outer.enter();
        let inner = (spans > 1).then(|| {
            let handler = info_span!("handler", name = "apply", version = "two", retry = false);
            let entered = handler.entered();
            let query = info_span!("query", table = "applications", rows = 3_u64, index = true);
            (query.entered(), entered)
        });
        for values in values.iter().cycle().take(events) {
            log(black_box(values));
        }
        // The inner one has to be left first.
        drop(inner);
    });
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_values_hold_what_they_say() {
        let redactor = civic_pii::Redactor::new();
        for (data, hits) in [(Data::Clean, 0), (Data::Uuid, 0), (Data::ThreeHits, 3)] {
            let values = values(data);
            let requests: HashSet<_> = values.iter().map(|values| &values.request).collect();
            assert!(requests.len() > TURNS - 10);
            for values in &values {
                let found = |text: &str| redactor.scanner().scan(text).len();
                let path = values.path.as_deref().unwrap_or_default();
                let message = format!("handled request {}", values.subject);
                let all = found(&values.request) + found(path) + found(&message);
                assert_eq!(all, hits, "{values:?}");
            }
        }
    }
}
