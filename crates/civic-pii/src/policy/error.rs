//! Why a policy cannot be.

use core::error::Error;
use core::fmt;
#[cfg(feature = "config")]
use std::sync::Arc;

#[cfg(feature = "pattern")]
use crate::PatternError;
use crate::{KeyError, Kind};

/// Why a policy was refused.
///
/// ```
/// use civic_pii::{Action, Kind, Policy};
///
/// let error = Policy::builder().action(Kind::Postcode, Action::Partial { last: 5 }).build().unwrap_err();
/// assert_eq!(error.to_string(), "a partial `postcode` shows 1 to 3 characters");
/// ```
#[derive(Clone, Debug)]
pub struct PolicyError(Fault);

#[derive(Clone, Debug)]
pub(super) enum Fault {
    PartialDefault,
    PartialTelling(Kind),
    PartialLength(Kind, u8),
    NoKeys(Option<Kind>),
    KeptKind(Option<Kind>),
    KeptField(String),
    FieldName,
    FieldTwice(String),
    Threshold(Kind),
    Nothing,
    Keys(KeyError),
    #[cfg(feature = "config")]
    UnreadableKey(String, Arc<dyn Error + Send + Sync>),
    #[cfg(feature = "pattern")]
    Pattern(PatternError),
    #[cfg(feature = "pattern")]
    PatternTwice(String),
    #[cfg(feature = "pattern")]
    TooManyPatterns,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::PartialDefault => f.write_str(
                "partial cannot be the default action: some kinds must not be shown in part",
            ),
            Fault::PartialTelling(kind) => {
                write!(f, "any part of a `{kind}` says too much to be shown")
            }
            Fault::PartialLength(kind, limit) => {
                write!(f, "a partial `{kind}` shows 1 to {limit} characters")
            }
            Fault::NoKeys(Some(kind)) => write!(
                f,
                "`{kind}` is to be pseudonymised, but the policy has no keys"
            ),
            Fault::NoKeys(None) => {
                f.write_str("the default is to pseudonymise, but the policy has no keys")
            }
            Fault::KeptKind(Some(kind)) => write!(f, "`{kind}` is to be kept without a reason"),
            Fault::KeptKind(None) => f.write_str("the default is to keep, without a reason"),
            Fault::KeptField(name) => write!(f, "field `{name}` is to be kept without a reason"),
            Fault::FieldName => f.write_str("a field name has no letter or digit"),
            Fault::FieldTwice(name) => write!(f, "field `{name}` has two rules that differ"),
            Fault::Threshold(kind) => {
                write!(f, "the threshold of `{kind}` is over 100 percent")
            }
            Fault::Nothing => f.write_str("the policy looks for nothing"),
            Fault::Keys(_) => f.write_str("the keys of the policy cannot be used"),
            #[cfg(feature = "config")]
            Fault::UnreadableKey(id, _) => write!(f, "key `{id}` cannot be read"),
            #[cfg(feature = "pattern")]
            Fault::Pattern(_) => f.write_str("a pattern of the policy cannot be used"),
            #[cfg(feature = "pattern")]
            Fault::PatternTwice(name) => write!(f, "pattern `{name}` stands twice"),
            #[cfg(feature = "pattern")]
            Fault::TooManyPatterns => f.write_str("the policy has more than 65535 patterns"),
        }
    }
}

impl Error for PolicyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Fault::Keys(error) => Some(error),
            #[cfg(feature = "config")]
            Fault::UnreadableKey(_, cause) => Some(&**cause),
            #[cfg(feature = "pattern")]
            Fault::Pattern(error) => Some(error),
            _ => None,
        }
    }
}

#[cfg(feature = "config")]
impl PolicyError {
    pub(crate) fn unreadable_key(id: String, cause: Box<dyn Error + Send + Sync>) -> Self {
        PolicyError(Fault::UnreadableKey(id, cause.into()))
    }
}

impl From<Fault> for PolicyError {
    fn from(fault: Fault) -> Self {
        PolicyError(fault)
    }
}

impl From<KeyError> for PolicyError {
    fn from(error: KeyError) -> Self {
        PolicyError(Fault::Keys(error))
    }
}

#[cfg(feature = "pattern")]
impl From<PatternError> for PolicyError {
    fn from(error: PatternError) -> Self {
        PolicyError(Fault::Pattern(error))
    }
}
