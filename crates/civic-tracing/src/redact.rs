//! The method that puts the redacting subscriber around a stack.

use civic_pii::Redactor;
use tracing_core::Subscriber;

use crate::RedactingSubscriber;

/// Adds [`redacted`](RedactExt::redacted) to every subscriber, as the last step of building a stack.
pub trait RedactExt: Subscriber + Sized {
    /// Puts a [`RedactingSubscriber`] around this stack, so that no layer in it sees personal data.
    ///
    /// Takes a [`Policy`](civic_pii::Policy) or a [`Redactor`]. Call it last. A layer added after it
    /// stands above it and sees values as they were logged.
    ///
    /// ```
    /// use civic_pii::Policy;
    /// use civic_tracing::RedactExt;
    /// use tracing_subscriber::prelude::*;
    ///
    /// tracing_subscriber::registry()
    ///     .with(tracing_subscriber::fmt::layer().json())
    ///     .redacted(Policy::default())
    ///     .init();
    ///
    /// tracing::info!(contact = "jo@example.com", "application received");
    /// // {"timestamp":"..","level":"INFO","fields":{"message":"application received","contact":"[EMAIL]"},..}
    /// ```
    fn redacted(self, redactor: impl Into<Redactor>) -> RedactingSubscriber<Self> {
        RedactingSubscriber::new(self, redactor)
    }
}

impl<S: Subscriber> RedactExt for S {}
