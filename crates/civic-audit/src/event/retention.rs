//! How long entries are kept.

/// A class of retention, with its period in ISO 8601.
///
/// The defaults follow what UK services do: the Ministry of Justice keeps logs of accounting for six months to two years,
/// the GDS Way asks for security events for up to a year, One Login keeps its audit events for seven years.
///
/// ```
/// use civic_audit::Retention;
/// assert_eq!((Retention::Access.id(), Retention::Access.period()), ("access", "P2Y"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retention {
    /// Who read which record: two years.
    Access,
    /// Changes, disclosures and erasures: seven years.
    Change,
    /// Signing in, rights, refusals: one year.
    Security,
    /// Deployments, flags, states: one year.
    Operations,
    /// Events of the trail itself: seven years, as long as the longest that it can be needed for.
    Trail,
}

impl Retention {
    /// Every class.
    pub const ALL: [Retention; 5] = [
        Retention::Access,
        Retention::Change,
        Retention::Security,
        Retention::Operations,
        Retention::Trail,
    ];

    /// The word in the entry.
    ///
    /// ```
    /// assert_eq!(civic_audit::Retention::Security.id(), "security");
    /// ```
    pub const fn id(self) -> &'static str {
        match self {
            Retention::Access => "access",
            Retention::Change => "change",
            Retention::Security => "security",
            Retention::Operations => "operations",
            Retention::Trail => "trail",
        }
    }

    /// The period, in ISO 8601.
    ///
    /// ```
    /// assert_eq!(civic_audit::Retention::Change.period(), "P7Y");
    /// ```
    pub const fn period(self) -> &'static str {
        match self {
            Retention::Access => "P2Y",
            Retention::Change | Retention::Trail => "P7Y",
            Retention::Security | Retention::Operations => "P1Y",
        }
    }
}
