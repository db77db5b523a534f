//! Why something was done, and which fields it touched.

/// Why a record was opened, changed or disclosed: a name from the code, and what the person who asks says.
///
/// The name is for statistics and rules; the justification is free text, and passes the scanner.
///
/// ```
/// use civic_audit::Purpose;
///
/// let purpose = Purpose::new("licence-review").because("caller asked where her application is");
/// assert_eq!(purpose.name(), "licence-review");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Purpose {
    name: &'static str,
    justification: Option<String>,
}

impl Purpose {
    /// A purpose of the service, as its record of processing names it.
    ///
    /// ```
    /// assert_eq!(civic_audit::Purpose::new("fraud-check").name(), "fraud-check");
    /// ```
    pub const fn new(name: &'static str) -> Self {
        Purpose {
            name,
            justification: None,
        }
    }

    /// What the person who asks says about it.
    ///
    /// ```
    /// let purpose = civic_audit::Purpose::new("licence-review").because("second line support");
    /// ```
    #[must_use]
    pub fn because(mut self, justification: impl Into<String>) -> Self {
        self.justification = Some(justification.into());
        self
    }

    /// The name.
    ///
    /// ```
    /// assert_eq!(civic_audit::Purpose::new("appeal").name(), "appeal");
    /// ```
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn justification(&self) -> Option<&str> {
        self.justification.as_deref()
    }
}

/// Names of fields, never what is in them: literals of the code.
///
/// ```
/// let fields: civic_audit::Fields = &["holder", "address"];
/// ```
pub type Fields = &'static [&'static str];

/// How something ended.
///
/// ```
/// assert_eq!(civic_audit::Outcome::Succeeded.id(), "succeeded");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// It was done.
    Succeeded,
    /// It was tried, and did not work.
    Failed,
    /// It was not allowed.
    Refused,
    /// Its guard was dropped before anybody said how it ended: a panic, an early return, a client that hung up.
    Abandoned,
    /// The process ended in the middle; the next one found the intent and nothing else.
    Unknown,
}

impl Outcome {
    /// The word in the entry.
    ///
    /// ```
    /// assert_eq!(civic_audit::Outcome::Unknown.id(), "unknown");
    /// ```
    pub const fn id(self) -> &'static str {
        match self {
            Outcome::Succeeded => "succeeded",
            Outcome::Failed => "failed",
            Outcome::Refused => "refused",
            Outcome::Abandoned => "abandoned",
            Outcome::Unknown => "unknown",
        }
    }
}
