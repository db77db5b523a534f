//! Who acts, and whom it is about.

use civic_pii::tag::Tag;
use civic_pii::{KeyRing, Kind, Pii};

use crate::event::Name;
use crate::json::Object;

/// Whom an event is about: a pseudonym with the type of what it stands for, never the identifier itself.
///
/// A pseudonym is still personal data (UK GDPR recital 26) for whoever holds the key: a National Insurance number has about
/// a thousand million values, which a holder of the key tries in minutes. Keep the key where the ledger is not.
///
/// ```
/// use civic_audit::Subject;
/// use civic_pii::{KeyRing, Pii, tag};
///
/// let ring = KeyRing::new("k1", vec![7; 32])?;
/// let nino = Pii::new(tag::Nino, "QQ123456C".to_owned());
/// let subject = Subject::of(&ring, &nino);
/// assert_eq!(subject.kind(), "nino");
/// assert!(subject.pseudonym().starts_with("[NINO:k1:"));
/// assert_eq!(subject, Subject::of(&ring, &Pii::new(tag::Nino, "qq 12 34 56 c".to_owned())));
/// # Ok::<(), civic_pii::KeyError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    kind: &'static str,
    pseudonym: String,
}

impl Subject {
    /// The person with this identifier.
    ///
    /// ```
    /// # use civic_audit::Subject;
    /// # use civic_pii::{KeyRing, Pii, tag};
    /// # let ring = KeyRing::new("k1", vec![7; 32])?;
    /// let email = Pii::new(tag::Email, "jo.bloggs@example.com".to_owned());
    /// assert_eq!(Subject::of(&ring, &email).kind(), "email");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn of<T: AsRef<str>, K: Tag>(ring: &KeyRing, identifier: &Pii<T, K>) -> Self {
        let kind = K::KIND.unwrap_or(Kind::Custom);
        let value = identifier.expose("made a pseudonym").as_ref();
        Subject {
            kind: kind.id(),
            pseudonym: ring.pseudonym(kind, value),
        }
    }

    /// A record of the service itself, such as a case or a licence, by its own number.
    ///
    /// ```
    /// # use civic_audit::Subject;
    /// # use civic_pii::KeyRing;
    /// # let ring = KeyRing::new("k1", vec![7; 32])?;
    /// let case = Subject::record(&ring, "case", "2026/0042");
    /// assert_eq!(case.kind(), "case");
    /// assert!(!case.pseudonym().contains("0042"));
    /// assert_ne!(case.pseudonym(), Subject::record(&ring, "licence", "2026/0042").pseudonym());
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn record(ring: &KeyRing, kind: &'static str, number: &str) -> Self {
        Subject {
            kind,
            pseudonym: ring.pseudonym(Kind::Custom, &format!("{kind}\0{number}")),
        }
    }

    /// What the pseudonym stands for: the id of a kind of personal data, or what the service calls its record.
    ///
    /// ```
    /// # use civic_audit::Subject;
    /// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// assert_eq!(Subject::record(&ring, "licence", "1").kind(), "licence");
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn kind(&self) -> &str {
        self.kind
    }

    /// The pseudonym, with the id of its key.
    ///
    /// ```
    /// # use civic_audit::Subject;
    /// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// assert!(Subject::record(&ring, "licence", "1").pseudonym().contains(":k1:"));
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn pseudonym(&self) -> &str {
        &self.pseudonym
    }

    pub(crate) fn write(&self, object: &mut Object<'_>) {
        object.text("type", self.kind);
        object.text("ref", &self.pseudonym);
    }
}

/// Who acts.
///
/// ```
/// use civic_audit::{Actor, Name};
///
/// let officer = Actor::staff(Name::parse("caseworker-7012")?, "caseworker")
///     .organisation("dvla")
///     .on_behalf_of("team:appeals");
/// assert!(format!("{officer:?}").contains("caseworker-7012"));
/// # Ok::<(), civic_audit::UnfitName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    role: Option<Name>,
    organisation: Option<Name>,
    on_behalf_of: Option<Name>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Staff(Name),
    Citizen(Subject),
    Service(Name),
    Pipeline(Name),
    System,
}

impl Actor {
    /// A member of staff, by the identifier that the directory gives, in a role.
    ///
    /// ```
    /// let officer = civic_audit::Actor::staff("caseworker-7012", "caseworker");
    /// ```
    pub fn staff(id: impl Into<Name>, role: impl Into<Name>) -> Self {
        Actor {
            role: Some(role.into()),
            ..Actor::new(Who::Staff(id.into()))
        }
    }

    /// A citizen who acts on their own record.
    ///
    /// ```
    /// # use civic_audit::{Actor, Subject};
    /// # let ring = civic_pii::KeyRing::new("k1", vec![7; 32])?;
    /// let citizen = Actor::citizen(Subject::record(&ring, "account", "42"));
    /// # Ok::<(), civic_pii::KeyError>(())
    /// ```
    pub fn citizen(subject: Subject) -> Self {
        Actor::new(Who::Citizen(subject))
    }

    /// Another service.
    ///
    /// ```
    /// let checker = civic_audit::Actor::service("eligibility-checker");
    /// ```
    pub fn service(name: impl Into<Name>) -> Self {
        Actor::new(Who::Service(name.into()))
    }

    /// A pipeline, by the identity that its provider gives it.
    ///
    /// ```
    /// let pipeline = civic_audit::Actor::pipeline("github:example/licensing");
    /// ```
    pub fn pipeline(identity: impl Into<Name>) -> Self {
        Actor::new(Who::Pipeline(identity.into()))
    }

    /// This service itself: a timer, a start.
    ///
    /// ```
    /// let system = civic_audit::Actor::system();
    /// ```
    pub fn system() -> Self {
        Actor::new(Who::System)
    }

    /// The organisation that the actor belongs to.
    ///
    /// ```
    /// # use civic_audit::Actor;
    /// let officer = Actor::staff("caseworker-7012", "caseworker").organisation("ods:RA9");
    /// ```
    #[must_use]
    pub fn organisation(mut self, organisation: impl Into<Name>) -> Self {
        self.organisation = Some(organisation.into());
        self
    }

    /// For whom the actor acts.
    ///
    /// ```
    /// # use civic_audit::Actor;
    /// let assistant = Actor::staff("caseworker-7012", "caseworker").on_behalf_of("caseworker-7001");
    /// ```
    #[must_use]
    pub fn on_behalf_of(mut self, other: impl Into<Name>) -> Self {
        self.on_behalf_of = Some(other.into());
        self
    }

    pub(crate) fn is_citizen(&self) -> bool {
        matches!(self.who, Who::Citizen(_))
    }

    pub(crate) fn write(&self, object: &mut Object<'_>) {
        match &self.who {
            Who::Staff(id) => {
                object.text("type", "staff");
                object.text("id", id.as_str());
            }
            Who::Citizen(subject) => {
                object.text("type", "citizen");
                object.object("subject", |inner| subject.write(inner));
            }
            Who::Service(name) => {
                object.text("type", "service");
                object.text("id", name.as_str());
            }
            Who::Pipeline(identity) => {
                object.text("type", "pipeline");
                object.text("id", identity.as_str());
            }
            Who::System => object.text("type", "system"),
        }
        object.text_if("role", self.role.as_ref().map(Name::as_str));
        object.text_if("organisation", self.organisation.as_ref().map(Name::as_str));
        object.text_if("on_behalf_of", self.on_behalf_of.as_ref().map(Name::as_str));
    }

    fn new(who: Who) -> Self {
        Actor {
            who,
            role: None,
            organisation: None,
            on_behalf_of: None,
        }
    }
}
