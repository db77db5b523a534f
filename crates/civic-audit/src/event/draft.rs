//! An event with what any class may add, and how it becomes the body of an entry.

use std::fmt;

use civic_pii::{Redactor, Scratch};
use jiff::Timestamp;
use uuid::Uuid;

use crate::event::{
    Class, Correlation, MayBeLost, Outcome, Policy, Purpose, Retention, Service, Subject,
};
use crate::json::Object;
use crate::time::Micros;

/// Longest free text, in bytes; more is cut, and the event says so.
const TEXT_MAX: usize = 4096;

/// Most subjects of one event.
pub(crate) const SUBJECTS_MAX: usize = 200;

/// An event of a class, with what any class may add. Each class turns into one by itself.
///
/// ```
/// use civic_audit::{Actor, Event, Outcome, ServiceLifecycle, Transition};
///
/// let event = Event::from(ServiceLifecycle { actor: Actor::system(), transition: Transition::Started })
///     .action("service.started")
///     .detail("reason", "rolling update");
/// ```
#[derive(Clone, Debug)]
pub struct Event<C> {
    pub(crate) class: C,
    pub(crate) action: &'static str,
    pub(crate) outcome: Outcome,
    time: Option<Timestamp>,
    retention: Retention,
    pub(crate) policy: Policy,
    correlation: Correlation,
    more_subjects: Vec<Subject>,
    details: Vec<(&'static str, String)>,
}

impl<C: Class> From<C> for Event<C> {
    fn from(class: C) -> Self {
        Event {
            policy: class.policy(),
            class,
            action: C::ACTION,
            outcome: C::OUTCOME,
            time: None,
            retention: C::RETENTION,
            correlation: Correlation::default(),
            more_subjects: Vec::new(),
            details: Vec::new(),
        }
    }
}

impl<C: Class> Event<C> {
    /// What was done, in the words of the service: `licence.search`.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" }).action("staff.sign-in");
    /// ```
    #[must_use]
    pub fn action(mut self, action: &'static str) -> Self {
        self.action = action;
        self
    }

    /// How it ended; what is recorded after the fact succeeded unless this says otherwise, a refusal was refused.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event, Outcome};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" }).outcome(Outcome::Failed);
    /// ```
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = outcome;
        self
    }

    /// When it happened, if that is not now. Microseconds are kept.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" })
    ///     .at(std::time::SystemTime::now());
    /// ```
    #[must_use]
    pub fn at(mut self, time: std::time::SystemTime) -> Self {
        self.time = Timestamp::try_from(time).ok();
        self
    }

    /// The request that it belongs to.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Correlation, Event};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" })
    ///     .correlation(Correlation::default().request("7f9c2b1a"));
    /// ```
    #[must_use]
    pub fn correlation(mut self, correlation: Correlation) -> Self {
        self.correlation = correlation;
        self
    }

    /// Another person whom it is about: a list of results shows several. An event takes 200; it says how many more
    /// there were, and [`Guarded`](crate::Guarded) does not open for those.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event, Subject};
    /// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" })
    ///     .also_about(Subject::record(&ring, "account", "43"));
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    #[must_use]
    pub fn also_about(mut self, subject: Subject) -> Self {
        self.more_subjects.push(subject);
        self
    }

    /// A text under a name. It passes the scanner, is cut at 4 KiB, and the event says what was removed.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" })
    ///     .detail("client", "kiosk 4");
    /// ```
    #[must_use]
    pub fn detail(mut self, name: &'static str, text: impl Into<String>) -> Self {
        self.details.push((name, text.into()));
        self
    }

    /// Keeps it as long as another class of retention.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event, Retention};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" })
    ///     .retention(Retention::Access);
    /// ```
    #[must_use]
    pub fn retention(mut self, retention: Retention) -> Self {
        self.retention = retention;
        self
    }
}

impl<C: Class> Event<C> {
    /// Whom it is about.
    pub(crate) fn subjects(&self) -> impl Iterator<Item = &Subject> {
        let first = self.class.subject();
        first.into_iter().chain(&self.more_subjects)
    }
}

impl<C: MayBeLost> Event<C> {
    /// Lets this event be lost rather than wait or fail. What is lost is counted.
    ///
    /// ```
    /// # use civic_audit::{Actor, Auth, Event};
    /// let event = Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" }).best_effort();
    /// ```
    ///
    /// An event about a person's record has no such method:
    ///
    /// ```compile_fail
    /// # use civic_audit::{DataAccess, Event};
    /// fn lose(access: DataAccess) {
    ///     Event::from(access).best_effort();
    /// }
    /// ```
    pub fn best_effort(self) -> BestEffort<C> {
        BestEffort(self)
    }
}

/// An event that may be lost, for [`AuditTrail::note`](crate::AuditTrail::note).
///
/// ```
/// # use civic_audit::{Actor, Auth, BestEffort, Event};
/// let event: BestEffort<Auth> =
///     Event::from(Auth { actor: Actor::system(), step: "sign-in", method: "token" }).best_effort();
/// ```
#[derive(Clone, Debug)]
#[must_use = "it is not recorded yet"]
pub struct BestEffort<C>(pub(crate) Event<C>);

/// The end of an intent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OutcomeOf<'a> {
    pub(crate) intent: Uuid,
    pub(crate) class: &'static str,
    pub(crate) action: &'static str,
    pub(crate) outcome: Outcome,
    pub(crate) detail: Option<&'a str>,
}

/// What an entry is in the pairing of intents and outcomes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Phase {
    Intent,
    Event,
}

/// What was removed from a text, as the entry tells it.
struct Receipt {
    field: String,
    kinds: Vec<&'static str>,
    count: u32,
}

/// Words events, with what is the same for all of a service.
pub(crate) struct Encoder {
    redactor: Redactor,
    /// The service, as the end of each entry has it, with a comma before it.
    service: Vec<u8>,
    /// Most bytes of a body.
    limit: usize,
}

/// The texts of an event as they are written: redacted, cut, with receipts.
#[derive(Default)]
struct Texts {
    scratch: Scratch,
    redacted: Vec<Receipt>,
    truncated: Vec<(String, usize)>,
}

impl Encoder {
    pub(crate) fn new(redactor: Redactor, service: &Service, limit: usize) -> Self {
        let mut written = b",".to_vec();
        Object::resume(&mut written).object("service", |object| service.write(object));
        Encoder {
            redactor,
            service: written,
            limit,
        }
    }

    /// Writes the body of the entry that ends an intent.
    pub(crate) fn outcome(
        &self,
        ends: &OutcomeOf<'_>,
        id: Uuid,
        now: Timestamp,
        out: &mut Vec<u8>,
    ) {
        let mut texts = Texts::default();
        let mut object = Object::resume(out);
        head(&mut object, id, now, ends.class, ends.action);
        object.text("phase", "outcome");
        object.text("outcome", ends.outcome.id());
        object.plain("intent", ends.intent.hyphenated());
        if let Some(detail) = ends.detail {
            let text = self.text("detail", "outcome", detail, &mut texts);
            object.object("detail", |inner| inner.text("outcome", &text));
        }
        texts.write(&mut object);
        object.fields(&self.service);
        object.close();
    }

    /// Writes the body of an entry into an empty buffer; what does not fit into an entry is left out and told of.
    pub(crate) fn event<C: Class>(
        &self,
        event: &Event<C>,
        id: Uuid,
        now: Timestamp,
        phase: Phase,
        out: &mut Vec<u8>,
    ) {
        self.write(event, id, now, phase, event.details.len(), out);
        let mut kept = event.details.len();
        while out.len() > self.limit && kept > 0 {
            // The last details go first; a detail is short enough for the others to fit.
            kept -= 1;
            out.clear();
            self.write(event, id, now, phase, kept, out);
        }
    }

    fn write<C: Class>(
        &self,
        event: &Event<C>,
        id: Uuid,
        now: Timestamp,
        phase: Phase,
        kept: usize,
        out: &mut Vec<u8>,
    ) {
        let mut texts = Texts::default();
        let mut object = Object::resume(out);
        head(
            &mut object,
            id,
            event.time.unwrap_or(now),
            C::CLASS,
            event.action,
        );
        match phase {
            Phase::Intent => object.text("phase", "intent"),
            Phase::Event => {
                object.text("phase", "event");
                object.text("outcome", event.outcome.id());
            }
        }
        object.object("actor", |inner| event.class.actor().write(inner));
        Self::subjects(event, &mut object, &mut texts);
        event.class.write(&mut object);
        if let Some(purpose) = event.class.purpose() {
            self.purpose(purpose, &mut object, &mut texts);
        }
        self.correlation(&event.correlation, &mut object, &mut texts);
        if kept > 0 {
            object.object("detail", |inner| {
                for (name, text) in &event.details[..kept] {
                    inner.text(name, &self.text("detail", name, text, &mut texts));
                }
            });
        }
        for (name, text) in &event.details[kept..] {
            texts.truncated.push((format!("detail.{name}"), text.len()));
        }
        object.object("retention", |inner| {
            inner.text("class", event.retention.id());
            inner.text("period", event.retention.period());
        });
        texts.write(&mut object);
        object.fields(&self.service);
        object.close();
    }

    fn subjects<C: Class>(event: &Event<C>, object: &mut Object<'_>, texts: &mut Texts) {
        let all = event.subjects().count();
        let subjects: Vec<&Subject> = event.subjects().take(SUBJECTS_MAX).collect();
        object.list("subjects", &subjects, |out, subject| {
            let mut inner = Object::open(out);
            subject.write(&mut inner);
            inner.close();
        });
        if all > SUBJECTS_MAX {
            let left = all - SUBJECTS_MAX;
            texts.truncated.push(("subjects".to_owned(), left));
        }
    }

    fn purpose(&self, purpose: &Purpose, object: &mut Object<'_>, texts: &mut Texts) {
        object.object("purpose", |inner| {
            inner.text("name", purpose.name());
            if let Some(justification) = purpose.justification() {
                let text = self.text("purpose", "justification", justification, texts);
                inner.text("justification", &text);
            }
        });
    }

    fn correlation(&self, correlation: &Correlation, object: &mut Object<'_>, texts: &mut Texts) {
        if *correlation == Correlation::default() {
            return;
        }
        object.object("correlation", |inner| {
            if let Some((trace, span)) = &correlation.trace {
                inner.plain("trace_id", Hex(trace));
                inner.plain("span_id", Hex(span));
            }
            if let Some(request) = &correlation.request {
                let text = self.text("correlation", "request_id", request, texts);
                inner.text("request_id", &text);
            }
            inner.text_if(
                "journey",
                correlation.journey.map(civic_core::JourneyName::as_str),
            );
        });
    }

    /// A free text as it is written.
    fn text(&self, group: &str, name: &str, text: &str, texts: &mut Texts) -> String {
        let end = text.floor_char_boundary(TEXT_MAX);
        if end < text.len() {
            texts
                .truncated
                .push((format!("{group}.{name}"), text.len() - end));
        }
        let mut clean = String::with_capacity(end);
        let receipt =
            self.redactor
                .redact_field(Some(name), &text[..end], &mut texts.scratch, &mut clean);
        if !receipt.is_empty() {
            texts.redacted.push(Receipt {
                field: format!("{group}.{name}"),
                kinds: receipt.kinds().iter().map(civic_pii::Kind::id).collect(),
                count: receipt.count() + receipt.failed(),
            });
        }
        clean
    }
}

impl Texts {
    fn write(&self, object: &mut Object<'_>) {
        object.list("redacted", &self.redacted, |out, receipt| {
            let mut inner = Object::open(out);
            inner.text("field", &receipt.field);
            inner.texts("kinds", &receipt.kinds);
            inner.number("count", u64::from(receipt.count));
            inner.close();
        });
        object.list("truncated", &self.truncated, |out, (field, left)| {
            let mut inner = Object::open(out);
            inner.text("field", field);
            inner.number("left_out", *left as u64);
            inner.close();
        });
    }
}

/// The fields that each entry begins with.
pub(crate) fn head(object: &mut Object<'_>, id: Uuid, time: Timestamp, class: &str, action: &str) {
    object.plain("id", id.hyphenated());
    object.plain("time", Micros(time));
    object.text("class", class);
    object.text("action", action);
}

/// Lower-case hexadecimal digits.
struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
