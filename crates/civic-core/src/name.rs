//! Names that stand in the code and become labels, so that no text of a citizen can be one.

use core::fmt;

/// Most bytes of a name.
///
/// ```
/// assert!("apply-for-a-licence".len() <= civic_core::NAME_MAX);
/// ```
pub const NAME_MAX: usize = 64;

/// Whether this is words of lower-case letters and digits, joined by single hyphens, with a letter first.
const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.is_empty() || bytes.len() > NAME_MAX || !bytes[0].is_ascii_lowercase() {
        return false;
    }
    let mut i = 1;
    while i < bytes.len() {
        let fits = match bytes[i] {
            b'a'..=b'z' | b'0'..=b'9' => true,
            // Neither doubled nor last.
            b'-' => i + 1 < bytes.len() && bytes[i + 1] != b'-',
            _ => false,
        };
        if !fits {
            return false;
        }
        i += 1;
    }
    true
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident, $sample:literal, $says:literal;)+) => {
        $(
            $(#[$doc])*
            ///
            /// Lower-case letters and digits in words joined by hyphens, a letter first, 64 bytes at most. It can only be made
            /// from text that stands in the code. Copy, 16 bytes, no allocation.
            ///
            /// ```
            #[doc = concat!("use civic_core::", stringify!($name), ";")]
            #[doc = concat!("const NAME: ", stringify!($name), " = ", stringify!($name), "::new(\"", $sample, "\");")]
            #[doc = concat!("assert_eq!(NAME.as_str(), \"", $sample, "\");")]
            /// ```
            ///
            /// A name of another form does not compile where it is a constant:
            ///
            /// ```compile_fail
            #[doc = concat!("const NAME: civic_core::", stringify!($name), " = civic_core::", stringify!($name), "::new(\"Not A Name\");")]
            /// ```
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(&'static str);

            impl $name {
                /// The name, checked: in a constant when the code is compiled.
                ///
                /// ```
                #[doc = concat!("assert_eq!(civic_core::", stringify!($name), "::new(\"", $sample, "\").as_str(), \"", $sample, "\");")]
                /// ```
                ///
                /// # Panics
                /// When the text has another form.
                #[must_use]
                pub const fn new(name: &'static str) -> Self {
                    assert!(is_name(name), $says);
                    Self(name)
                }

                /// The text.
                ///
                /// ```
                #[doc = concat!("assert_eq!(civic_core::", stringify!($name), "::new(\"a-b\").as_str(), \"a-b\");")]
                /// ```
                pub const fn as_str(self) -> &'static str {
                    self.0
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str(self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    write!(f, "{}({:?})", stringify!($name), self.0)
                }
            }
        )+
    };
}

names! {
    /// Name of a journey that citizens make through a service.
    JourneyName, "apply-for-a-licence",
        "the name of a journey is lower-case words joined by hyphens, 64 bytes at most, such as \"apply-for-a-licence\"";
    /// Name of a step of a journey.
    StepName, "check-answers",
        "the name of a step is lower-case words joined by hyphens, 64 bytes at most, such as \"check-answers\"";
    /// Name of a way in which a journey ends.
    OutcomeName, "not-eligible",
        "the name of an outcome is lower-case words joined by hyphens, 64 bytes at most, such as \"not-eligible\"";
    /// Name of something outside that a service depends on.
    DependencyName, "payment-provider",
        "the name of a dependency is lower-case words joined by hyphens, 64 bytes at most, such as \"payment-provider\"";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_joined_by_hyphens() {
        for good in ["a", "pay", "check-answers", "step-2", "a1-b2-c3"] {
            assert!(is_name(good), "{good}");
        }
        let long = "a".repeat(NAME_MAX + 1);
        for bad in [
            "", "-a", "a-", "a--b", "2nd", "Pay", "a_b", "a b", "zoë", &long,
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    #[should_panic(expected = "the name of a step is")]
    fn a_name_made_at_run_time_is_checked_too() {
        let _ = StepName::new("Check answers");
    }
}
