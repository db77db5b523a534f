//! Errors keep their chain of sources, redacted link by link.

use std::error::Error;
use std::fmt;

use tracing::error;

use crate::{EMAIL, NINO, recorded};

/// An error with a text and a source.
#[derive(Debug)]
pub(crate) struct Failed {
    text: String,
    source: Option<Box<Failed>>,
}

impl Failed {
    /// Three links: the first and the last hold a canary.
    pub(crate) fn with_canaries() -> Self {
        Self::chain([
            format!("could not send to {EMAIL}"),
            "connection closed".to_owned(),
            format!("rejected {NINO}"),
        ])
    }

    fn chain(texts: impl IntoIterator<Item = String, IntoIter: DoubleEndedIterator>) -> Self {
        texts
            .into_iter()
            .rev()
            .fold(None, |source, text| {
                Some(Self {
                    text,
                    source: source.map(Box::new),
                })
            })
            .unwrap()
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Failed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[test]
fn the_chain_is_kept_link_by_link() {
    let failed = Failed::with_canaries();
    let (recorder, counts) = recorded(|| error!(error = &failed as &dyn Error));
    assert_eq!(
        recorder.value("error"),
        (
            "error",
            "could not send to [EMAIL] < connection closed < rejected [NINO]".to_owned()
        )
    );
    assert_eq!(counts.redacted(), 2);
}

#[test]
fn two_errors_keep_their_own_fields() {
    let first = Failed::chain(["first".to_owned()]);
    let second = Failed::with_canaries();
    let (recorder, _) = recorded(|| {
        error!(
            first = &first as &(dyn Error + 'static),
            second = &second as &(dyn Error + 'static)
        );
    });
    assert_eq!(recorder.value("first").1, "first");
    assert!(recorder.value("second").1.ends_with("rejected [NINO]"));
}

/// An error that is its own source.
#[derive(Debug)]
struct Ring;

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ring {NINO}")
    }
}

impl Error for Ring {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}

#[test]
fn a_chain_without_end_is_cut_and_says_so() {
    let (recorder, _) = recorded(|| error!(error = &Ring as &dyn Error));
    let (_, text) = recorder.value("error");
    let links: Vec<_> = text.split(" < ").collect();
    assert_eq!(links.len(), 33);
    assert!(links[..32].iter().all(|link| *link == "ring [NINO]"));
    assert_eq!(links[32], "[CUT: more sources]");
}

#[test]
fn the_debug_text_of_a_rebuilt_error_holds_no_more_than_its_display() {
    #[derive(Debug)]
    #[expect(dead_code, reason = "read by Debug only")]
    struct Wordy(&'static str);
    impl fmt::Display for Wordy {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("lookup failed")
        }
    }
    impl Error for Wordy {}

    struct ByDebug(String);
    impl tracing::field::Visit for ByDebug {
        fn record_debug(&mut self, _: &tracing::field::Field, _: &dyn fmt::Debug) {}
        fn record_error(&mut self, _: &tracing::field::Field, value: &(dyn Error + 'static)) {
            self.0 = format!("{value:?}");
        }
    }
    struct Layer(std::sync::Mutex<String>);
    impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for &'static Layer {
        fn on_event(
            &self,
            event: &tracing::Event<'_>,
            _: tracing_subscriber::layer::Context<'_, S>,
        ) {
            let mut visitor = ByDebug(String::new());
            event.record(&mut visitor);
            *self.0.lock().unwrap() = visitor.0;
        }
    }
    static LAYER: Layer = Layer(std::sync::Mutex::new(String::new()));

    use civic_tracing::RedactExt as _;
    use tracing_subscriber::prelude::*;
    let stack = tracing_subscriber::registry()
        .with(&LAYER)
        .redacted(civic_pii::Redactor::new());
    tracing::subscriber::with_default(stack, || {
        error!(error = &Wordy(NINO) as &(dyn Error + 'static));
    });
    let text = LAYER.0.lock().unwrap().clone();
    assert!(text.contains("lookup failed"), "{text}");
    assert!(!text.contains(NINO), "{text}");
}
