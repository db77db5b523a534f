//! Which service writes an event, and which request it belongs to.

use civic_core::JourneyName;

use crate::event::Name;
use crate::json::Object;

/// The service that writes, and the version of it.
///
/// ```
/// let service = civic_audit::Service::new("licensing", "1.4.0").revision("9f86d08").deployment("7012/1");
/// assert_eq!(service.name(), "licensing");
/// ```
#[derive(Clone, Debug)]
pub struct Service {
    name: &'static str,
    version: &'static str,
    revision: Option<Name>,
    instance: Option<Name>,
    deployment: Option<Name>,
}

impl Service {
    /// A service by name and version: `Service::new("licensing", env!("CARGO_PKG_VERSION"))`.
    ///
    /// The name has 1 to 64 letters, digits, hyphens, dots and underscores; it becomes part of the name of the stream.
    ///
    /// ```
    /// let service = civic_audit::Service::new("licensing", "1.4.0");
    /// ```
    pub const fn new(name: &'static str, version: &'static str) -> Self {
        Service {
            name,
            version,
            revision: None,
            instance: None,
            deployment: None,
        }
    }

    /// The commit that was built.
    ///
    /// ```
    /// let service = civic_audit::Service::new("licensing", "1.4.0").revision("9f86d08");
    /// ```
    #[must_use]
    pub fn revision(mut self, revision: impl Into<Name>) -> Self {
        self.revision = Some(revision.into());
        self
    }

    /// The replica, as the platform names it.
    ///
    /// ```
    /// # use civic_audit::{Name, Service};
    /// let service = Service::new("licensing", "1.4.0").instance(Name::parse("licensing-7f9c-x2")?);
    /// # Ok::<(), civic_audit::UnfitName>(())
    /// ```
    #[must_use]
    pub fn instance(mut self, instance: impl Into<Name>) -> Self {
        self.instance = Some(instance.into());
        self
    }

    /// The deployment that this process belongs to.
    ///
    /// ```
    /// let service = civic_audit::Service::new("licensing", "1.4.0").deployment("7012/1");
    /// ```
    #[must_use]
    pub fn deployment(mut self, deployment: impl Into<Name>) -> Self {
        self.deployment = Some(deployment.into());
        self
    }

    /// The name.
    ///
    /// ```
    /// assert_eq!(civic_audit::Service::new("licensing", "1").name(), "licensing");
    /// ```
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn is_sound(&self) -> bool {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        (1..=64).contains(&self.name.len()) && self.name.bytes().all(fits)
    }

    pub(crate) fn write(&self, object: &mut Object<'_>) {
        object.text("name", self.name);
        object.text("version", self.version);
        object.text_if("revision", self.revision.as_ref().map(Name::as_str));
        object.text_if("instance", self.instance.as_ref().map(Name::as_str));
        object.text_if("deployment_id", self.deployment.as_ref().map(Name::as_str));
    }
}

/// The request that an event belongs to, to find its logs and its events in other services.
///
/// ```
/// use civic_audit::Correlation;
///
/// let correlation = Correlation::default()
///     .trace([0x4b; 16], [0x7a; 8])
///     .request("7f9c2b1a")
///     .journey(civic_core::JourneyName::new("renew-a-licence"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Correlation {
    pub(crate) trace: Option<([u8; 16], [u8; 8])>,
    pub(crate) request: Option<String>,
    pub(crate) journey: Option<JourneyName>,
}

impl Correlation {
    /// Ids of trace and span, as W3C Trace Context has them.
    ///
    /// ```
    /// let correlation = civic_audit::Correlation::default().trace([1; 16], [2; 8]);
    /// ```
    #[must_use]
    pub fn trace(mut self, trace: [u8; 16], span: [u8; 8]) -> Self {
        self.trace = Some((trace, span));
        self
    }

    /// Id of the request. It may come from a client, so it passes the scanner.
    ///
    /// ```
    /// let correlation = civic_audit::Correlation::default().request("7f9c2b1a");
    /// ```
    #[must_use]
    pub fn request(mut self, id: impl Into<String>) -> Self {
        self.request = Some(id.into());
        self
    }

    /// The journey.
    ///
    /// ```
    /// let correlation = civic_audit::Correlation::default().journey(civic_core::JourneyName::new("renew-a-licence"));
    /// ```
    #[must_use]
    pub fn journey(mut self, journey: JourneyName) -> Self {
        self.journey = Some(journey);
        self
    }
}
