//! A value that cannot be logged by accident.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::marker::PhantomData;

use crate::marker::UNSPECIFIED;
use crate::tag::{Tag, Unspecified};

/// Personal data of a known kind, which shows itself only to who asks by name and says why.
///
/// Holds what the scanner cannot find in text: a person's name, an address, an answer in free text. `Debug` prints the
/// kind, `[NINO]`, so that a struct which holds a `Pii` can derive it. It has no `Display`, `Serialize`, `Hash`, `Deref`,
/// `AsRef`, `Borrow` or `PartialEq`, since each of them lets the value out where nobody looks for it.
/// [`Pii::expose`] is the one door, and easy to search for. With the feature `serde` it can be read from a form or JSON.
///
/// The kind is a type of [`tag`](crate::tag), so that it is known where a value is read, before there is one.
///
/// Takes no more memory than `T`. The memory is not zeroed when it is dropped: this guards logs, not a core dump.
///
/// ```
/// use civic_pii::{Pii, tag};
///
/// #[derive(Debug)]
/// struct Applicant {
///     nino: Pii<String, tag::Nino>,
/// }
///
/// let applicant = Applicant { nino: Pii::new(tag::Nino, "QQ123456C".to_owned()) };
/// assert_eq!(format!("{applicant:?}"), "Applicant { nino: [NINO] }");
/// assert_eq!(applicant.nino.expose("sent to the benefits office").len(), 9);
/// ```
///
/// It does not print, and the compiler says what to do instead:
///
/// ```compile_fail
/// # use civic_pii::{Pii, tag};
/// println!("{}", Pii::new(tag::Nino, "QQ123456C"));
/// ```
pub struct Pii<T, K = Unspecified> {
    value: T,
    kind: PhantomData<fn() -> K>,
}

impl<T, K: Tag> Pii<T, K> {
    /// Takes the value in; the first argument names its kind.
    ///
    /// ```
    /// use civic_pii::{Pii, tag};
    /// let email = Pii::new(tag::Email, "a.person@example.com");
    /// assert_eq!(format!("{email:?}"), "[EMAIL]");
    /// ```
    pub const fn new(_kind: K, value: T) -> Self
    where
        K: Copy,
    {
        Pii {
            value,
            kind: PhantomData,
        }
    }

    /// The value, for a purpose that a reviewer can read: `"sent to the benefits office"`.
    ///
    /// The reason is a literal and goes nowhere; it stands in the source for whoever searches for `expose(`.
    ///
    /// ```
    /// use civic_pii::{Pii, tag};
    /// let email = Pii::new(tag::Email, "a.person@example.com");
    /// assert!(email.expose("address of the confirmation mail").contains('@'));
    /// ```
    pub const fn expose(&self, reason: &'static str) -> &T {
        let _ = reason;
        &self.value
    }

    /// The value, owned; otherwise as [`Pii::expose`].
    ///
    /// ```
    /// use civic_pii::{Pii, tag};
    /// let email = Pii::new(tag::Email, "a.person@example.com".to_owned());
    /// let email: String = email.into_inner("stored with the application");
    /// ```
    pub fn into_inner(self, reason: &'static str) -> T {
        let _ = reason;
        self.value
    }
}

impl<T: Clone, K> Clone for Pii<T, K> {
    fn clone(&self) -> Self {
        Pii {
            value: self.value.clone(),
            kind: PhantomData,
        }
    }
}

impl<T, K: Tag> fmt::Debug for Pii<T, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}]", K::KIND.map_or(UNSPECIFIED, crate::Kind::label))
    }
}

/// Kinds whose values may be written out as they are. There is none: the trait is how the compiler says why.
///
/// Rust lets nobody annotate the missing implementation of someone else's trait. So [`Pii`] has implementations of
/// `Display`, `Hash` and `Serialize` under a condition that never holds, and the hint stands at the condition. A call of
/// `to_string()` shows the condition without the hint. `Deref`, `AsRef`, `Borrow` and `PartialEq` are left out
/// altogether, and their errors are the compiler's own.
///
/// ```compile_fail
/// # use civic_pii::{Loggable, Pii, tag};
/// fn log<T, K: Loggable>(value: Pii<T, K>) {}
/// log(Pii::new(tag::Nino, "QQ123456C"));
/// ```
#[diagnostic::on_unimplemented(
    message = "personal data is not printed, serialised or hashed",
    label = "this would let a `{Self}` out",
    note = "to log that it is there, use `{{:?}}` or `?field`: it prints the kind",
    note = "where the value itself is needed, call `.expose(\"the reason\")`"
)]
pub trait Loggable: Tag {}

#[doc(hidden)]
impl<T, K> fmt::Display for Pii<T, K>
where
    K: Loggable,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(UNSPECIFIED)
    }
}

#[doc(hidden)]
impl<T, K> Hash for Pii<T, K>
where
    K: Loggable,
{
    fn hash<H: Hasher>(&self, _state: &mut H) {}
}

#[cfg(feature = "serde")]
mod with_serde {
    use core::any::type_name;

    use serde::de::{Deserialize, Deserializer, Error as _};
    use serde::ser::{Serialize, Serializer};

    use super::{Loggable, PhantomData, Pii, Tag, UNSPECIFIED};

    #[doc(hidden)]
    impl<T, K> Serialize for Pii<T, K>
    where
        K: Loggable,
    {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(UNSPECIFIED)
        }
    }

    /// Reads a `T`. An error names the kind and the type that was expected, and quotes nothing of the input.
    ///
    /// The error of `T` is dropped, since its text may hold the value; so a text that ends too early is also reported as
    /// data of the wrong type.
    #[cfg_attr(civic_docsrs, doc(cfg(feature = "serde")))]
    impl<'de, T: Deserialize<'de>, K: Tag> Deserialize<'de> for Pii<T, K> {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            match T::deserialize(deserializer) {
                Ok(value) => Ok(Pii {
                    value,
                    kind: PhantomData,
                }),
                Err(_) => Err(D::Error::custom(format_args!(
                    "{} cannot be read as `{}`",
                    K::KIND.map_or("personal data", crate::Kind::id),
                    type_name::<T>()
                ))),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag;

    const _: () = assert!(size_of::<Pii<u64, tag::Nino>>() == size_of::<u64>());

    const _: () = {
        const fn shared<T: Send + Sync>() {}
        shared::<Pii<String, tag::Nino>>();
    };

    #[test]
    fn debug_prints_the_kind_in_every_layout() {
        let value = Some(Pii::new(tag::Email, "a.person@example.com"));
        assert_eq!(format!("{value:?}"), "Some([EMAIL])");
        assert_eq!(format!("{value:#?}"), "Some(\n    [EMAIL],\n)");
        assert_eq!(format!("{:?}", value.clone()), "Some([EMAIL])");
    }

    #[test]
    fn what_debug_prints_is_a_marker() {
        let shown = format!("{:?}", Pii::new(Unspecified, 1));
        assert_eq!(
            crate::marker::marker_len(shown.as_bytes()),
            Some(shown.len())
        );
    }

    #[cfg(feature = "serde")]
    #[test]
    fn an_error_of_deserialising_never_quotes_the_input() {
        let error = serde_json::from_str::<Pii<u32, tag::NhsNumber>>(r#""QQ123456C""#).unwrap_err();
        assert_eq!(error.to_string(), "nhs-number cannot be read as `u32`");
        let nino: Pii<String, tag::Nino> = serde_json::from_str(r#""QQ123456C""#).unwrap();
        assert_eq!(nino.expose("a test"), "QQ123456C");
    }
}
