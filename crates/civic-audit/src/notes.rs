//! The words of what the ledger notes by itself.

use std::sync::Arc;

use civic_core::Clock;

use crate::event::{Actor, AuditMeta, Class, Retention, Service, head};
use crate::id::Ids;
use crate::json::Object;
use crate::ledger::{Gap, Note, WordNote};
use crate::time;

/// Gives the ledger the words for its notes.
pub(crate) fn word_notes(service: &Service, ids: Arc<Ids>, clock: Arc<dyn Clock>) -> WordNote {
    let service = service.clone();
    Arc::new(move |note| {
        let now = time::from_system(clock.now());
        let mut out = Vec::with_capacity(512);
        let mut object = Object::resume(&mut out);
        head(
            &mut object,
            ids.next(now),
            now,
            AuditMeta::CLASS,
            action(note),
        );
        object.text("phase", "event");
        object.text("outcome", "succeeded");
        object.object("actor", |inner| Actor::system().write(inner));
        write(note, &mut object);
        object.object("retention", |inner| {
            inner.text("class", Retention::Trail.id());
            inner.text("period", Retention::Trail.period());
        });
        object.object("service", |inner| service.write(inner));
        object.close();
        out
    })
}

fn action(note: &Note) -> &'static str {
    match note {
        Note::SegmentOpened { .. } => "audit.segment_opened",
        Note::Gap(_) => "audit.gap",
        Note::StorageFailed { .. } => "audit.storage_error",
        Note::Full { .. } => "audit.full",
        Note::Resumed => "audit.resumed",
    }
}

fn write(note: &Note, object: &mut Object<'_>) {
    match note {
        Note::SegmentOpened {
            segment,
            open_since,
        } => {
            object.text("segment", segment);
            object.number("open_since", *open_since);
        }
        Note::Gap(gap) => write_gap(gap, object),
        Note::StorageFailed {
            segment,
            offset,
            error,
        } => {
            object.text("explains", segment);
            object.number("offset", *offset);
            object.text("error", error);
        }
        Note::Full { error } => object.text("error", error),
        Note::Resumed => {}
    }
}

fn write_gap(gap: &Gap, object: &mut Object<'_>) {
    object.text_if("explains_stream", gap.stream.as_deref());
    object.text("explains", &gap.segment);
    object.number("offset", gap.offset);
    object.number("bytes", gap.bytes);
    object.number("from_seq", gap.from_seq);
    object.text("why", gap.why);
}
