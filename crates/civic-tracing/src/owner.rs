//! What a subscriber or layer of ours holds for all threads, and what it knows of each callsite.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use civic_pii::Redactor;
use tracing_core::Metadata;

use crate::Counts;
use crate::json::Parts;
use crate::line::Style;
use crate::report::Report;

/// Tells the stable code of an error, such as `GDS-4012`, or `None` when it has none.
///
/// A type of its own, by which a subscriber finds it in a layer below.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorCode(pub(crate) fn(&(dyn Error + 'static)) -> Option<&'static str>);

/// What all threads share. Settings are fixed once it is made; a changed setting makes a new one.
#[derive(Debug)]
pub(crate) struct Owner {
    id: u64,
    pub(crate) redactor: Redactor,
    pub(crate) counts: Counts,
    pub(crate) error_code: Option<ErrorCode>,
    pub(crate) report: Option<Report>,
    /// How lines are written; `None` for what writes none.
    pub(crate) style: Option<Style>,
    /// Read when a thread meets a callsite for the first time; the threads keep what they found.
    known: RwLock<HashMap<usize, Arc<Known>>>,
}

impl Owner {
    pub(crate) fn new(redactor: Redactor) -> Self {
        /// Numbers and not addresses, since an address is used again.
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self {
            id: NEXT.fetch_add(1, Ordering::Relaxed),
            redactor,
            counts: Counts::default(),
            error_code: None,
            report: None,
            style: None,
            known: RwLock::default(),
        }
    }

    /// The same settings and counts, to be changed and to know its callsites anew.
    pub(crate) fn renewed(&self) -> Self {
        Self {
            counts: self.counts.clone(),
            error_code: self.error_code,
            report: self.report.clone(),
            style: self.style.clone(),
            ..Self::new(self.redactor.clone())
        }
    }

    /// A number that no other owner of this process has.
    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    /// What is known of a callsite; worked out when it is met for the first time.
    #[cold]
    pub(crate) fn learn(&self, metadata: &'static Metadata<'static>) -> Arc<Known> {
        let key = address(metadata);
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&key) {
            return Arc::clone(known);
        }
        drop(known);
        let learnt = Arc::new(Known::new(self, metadata));
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(known.entry(key).or_insert(learnt))
    }
}

/// What does not change from one event of a callsite to the next.
pub(crate) struct Known {
    owner: u64,
    pub(crate) metadata: &'static Metadata<'static>,
    /// For each field, in its order.
    pub(crate) fields: Box<[KnownField]>,
    /// Where records of the `log` crate keep what belongs to their own callsites.
    pub(crate) log: Option<LogFields>,
    /// The parts of a line that are always the same; empty without a style.
    pub(crate) parts: Parts,
}

/// A field of a callsite.
#[derive(Debug)]
pub(crate) struct KnownField {
    /// The name, as far as it tells what the value is: every event's text is called `message`.
    pub(crate) evidence: Option<&'static str>,
    /// Whether its value is scanned; otherwise it is kept or replaced whole.
    pub(crate) is_scanned: bool,
}

/// Indexes of the fields of a `log` record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogFields {
    pub(crate) target: usize,
    pub(crate) file: usize,
    pub(crate) line: usize,
}

impl Known {
    fn new(owner: &Owner, metadata: &'static Metadata<'static>) -> Self {
        let fields = metadata.fields().iter().map(|field| {
            let evidence = Some(field.name()).filter(|name| *name != "message");
            KnownField {
                evidence,
                is_scanned: evidence.is_none_or(|name| owner.redactor.scans_field(name)),
            }
        });
        let index = |name| metadata.fields().field(name).map(|field| field.index());
        let log = (metadata.target() == "log" && index("log.module_path").is_some())
            .then(|| {
                Some(LogFields {
                    target: index("log.target")?,
                    file: index("log.file")?,
                    line: index("log.line")?,
                })
            })
            .flatten();
        Self {
            owner: owner.id,
            metadata,
            fields: fields.collect(),
            log,
            parts: match &owner.style {
                Some(Style::Json(style)) => Parts::of(style, metadata),
                Some(Style::Text(_)) | None => Parts::default(),
            },
        }
    }

    /// Whether it is what this owner knows of this callsite.
    pub(crate) fn is_of(&self, owner: &Owner, metadata: &'static Metadata<'static>) -> bool {
        self.owner == owner.id && std::ptr::eq(self.metadata, metadata)
    }
}

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Known")
            .field("name", &self.metadata.name())
            .finish_non_exhaustive()
    }
}

/// A callsite's metadata never moves and is never freed.
pub(crate) fn address(metadata: &'static Metadata<'static>) -> usize {
    std::ptr::from_ref(metadata).addr()
}
