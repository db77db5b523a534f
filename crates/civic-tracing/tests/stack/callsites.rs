//! Spans and events that no macro made: values that belong to another callsite.

use tracing_core::callsite::Callsite;
use tracing_core::subscriber::Interest;
use tracing_core::{Event, Kind, Level, Metadata, metadata};

use crate::{NINO, recorded};

/// A callsite written by hand, as bindings to other languages do.
struct Site(&'static Metadata<'static>);

impl Callsite for Site {
    fn set_interest(&self, _: Interest) {}
    fn metadata(&self) -> &Metadata<'_> {
        self.0
    }
}

macro_rules! site {
    ($site:ident, $metadata:ident, $fields:expr) => {
        static $site: Site = Site(&$metadata);
        static $metadata: Metadata<'static> = metadata! {
            name: "by hand",
            target: "callsites",
            level: Level::INFO,
            fields: $fields,
            callsite: &$site,
            kind: Kind::EVENT
        };
    };
}

site!(ONE, ONE_META, &["detail", "other"]);
site!(TWO, TWO_META, &["detail", "third", "fourth"]);
site!(BARE, BARE_META, &[]);

/// Dispatches an event of one callsite with values of another.
fn dispatch(event: &'static Metadata<'static>, values: &'static Metadata<'static>) {
    let fields = values.fields();
    let (first, last) = (fields.iter().next().unwrap(), fields.iter().last().unwrap());
    Event::dispatch(
        event,
        &fields.value_set(&[(&first, Some(&NINO as _)), (&last, Some(&1_u64 as _))]),
    );
}

#[test]
fn values_of_the_event_s_own_callsite_are_handed_on() {
    let (recorder, counts) = recorded(|| dispatch(&ONE_META, &ONE_META));
    assert_eq!(recorder.value("detail"), ("str", "[NINO]".to_owned()));
    assert_eq!(recorder.value("other"), ("u64", "1".to_owned()));
    assert_eq!(counts.dropped(), 0);
}

#[test]
fn values_of_another_callsite_are_dropped_and_counted() {
    let (recorder, counts) = recorded(|| dispatch(&ONE_META, &TWO_META));
    assert_eq!(recorder.seen(), []);
    assert_eq!(counts.dropped(), 2);
}

#[test]
fn an_event_without_fields_carries_no_foreign_values() {
    let (recorder, _) = recorded(|| dispatch(&BARE_META, &TWO_META));
    assert_eq!(recorder.seen(), []);
}
