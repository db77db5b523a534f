//! Keeps every log call of the process wanted, so that no test inherits another one's answer.

use std::sync::OnceLock;

use tracing_core::span::{Attributes, Id, Record};
use tracing_core::subscriber::Interest;
use tracing_core::{Dispatch, Event, LevelFilter, Metadata, Subscriber};

/// Is never anybody's subscriber; it is only asked whether a log call may be wanted, and says "ask again".
struct AskAgain;

/// Makes `tracing` ask the subscriber of the thread at each log call, from now on.
///
/// `tracing` combines the answers of all subscribers there are. One that never goes away and never
/// says no keeps the combination from becoming "nobody wants this" while tests come and go.
pub(super) fn keep_asking() {
    static KEPT: OnceLock<Dispatch> = OnceLock::new();
    KEPT.get_or_init(|| Dispatch::new(AskAgain));
}

impl Subscriber for AskAgain {
    fn register_callsite(&self, _: &'static Metadata<'static>) -> Interest {
        Interest::sometimes()
    }

    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}
