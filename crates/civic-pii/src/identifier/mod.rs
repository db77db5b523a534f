//! One type per identifier, each with the rule, the check digit and the official source of its format.
//!
//! `parse` takes the forms that people write: capitals or not, white space around, spaces and dashes in between. What it
//! returns is checked for good. Nothing shows the value but `expose`: there is no `Display`, no `Hash` and no `Deref`, and
//! `Debug` prints the marker of the kind.
//!
//! ```
//! use civic_pii::identifier::{Nino, ParseError};
//!
//! let nino: Nino = "ab 12 34 56 c".parse()?;
//! assert_eq!(nino.expose(), "AB123456C");
//! assert_eq!(format!("{nino:?}"), "Nino([NINO])");
//! # Ok::<(), ParseError>(())
//! ```

mod ascii;
mod checksum;
pub(crate) mod chi_number;
pub(crate) mod email;
pub(crate) mod hc_number;
pub(crate) mod iban;
pub(crate) mod nhs_number;
pub(crate) mod nino;
mod parse_error;
pub(crate) mod payment_card;
pub(crate) mod phone;
pub(crate) mod postcode;
pub(crate) mod utr;

pub use chi_number::ChiNumber;
pub use email::Email;
pub use hc_number::HcNumber;
pub use iban::Iban;
pub use nhs_number::NhsNumber;
pub use nino::Nino;
pub use parse_error::ParseError;
pub use payment_card::{PaymentCard, Scheme};
pub use phone::Phone;
pub use postcode::Postcode;
pub use utr::Utr;

/// Gives a newtype around [`ascii::Ascii`] its `parse`, `expose`, `FromStr` and `Debug`.
///
/// Takes the docs of `expose`, the type, its variant of [`Kind`](crate::Kind), and the function that brings a text into
/// canonical form or refuses it. The module's own `check` then judges the canonical bytes.
macro_rules! identifier {
    ($(#[$form:meta])+ $type:ident, $kind:ident, $canonical:path) => {
        impl $type {
            /// Parses the text, in capitals or not, with or without spaces and dashes.
            ///
            /// # Errors
            ///
            /// If the text breaks the rule of the format; the error says which part of it and does not quote the text.
            pub fn parse(text: &str) -> Result<Self, ParseError> {
                let canonical = $canonical(text)
                    .ok_or(ParseError::new(crate::Kind::$kind, Reason::Structure))?;
                match check(canonical.as_bytes()) {
                    Ok(()) => Ok(Self(canonical)),
                    Err(reason) => Err(ParseError::new(crate::Kind::$kind, reason)),
                }
            }

            $(#[$form])+
            pub fn expose(&self) -> &str {
                self.0.as_str()
            }
        }

        impl core::str::FromStr for $type {
            type Err = ParseError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        super::debug_as_marker!($type, $kind);
    };
}

/// Writes `Debug` by hand: the type's name around the marker of its kind, such as `Nino([NINO])`.
macro_rules! debug_as_marker {
    ($type:ident, $kind:ident) => {
        impl core::fmt::Debug for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                write!(
                    f,
                    concat!(stringify!($type), "([{}])"),
                    crate::Kind::$kind.label()
                )
            }
        }
    };
}

use {debug_as_marker, identifier};

/// The set of these capital letters, one bit each.
const fn letters(capitals: &[u8]) -> u32 {
    let mut set = 0;
    let mut at = 0;
    while at < capitals.len() {
        set |= 1 << (capitals[at] - b'A');
        at += 1;
    }
    set
}

/// Whether the byte is a capital letter of the set; other bytes never are.
const fn is_one_of(set: u32, byte: u8) -> bool {
    let place = byte.wrapping_sub(b'A');
    place < 26 && set & (1 << place) != 0
}

const _: () = {
    const fn shared_between_threads<T: Send + Sync>() {}
    shared_between_threads::<ChiNumber>();
    shared_between_threads::<Email>();
    shared_between_threads::<HcNumber>();
    shared_between_threads::<Iban>();
    shared_between_threads::<NhsNumber>();
    shared_between_threads::<Nino>();
    shared_between_threads::<ParseError>();
    shared_between_threads::<PaymentCard>();
    shared_between_threads::<Phone>();
    shared_between_threads::<Postcode>();
    shared_between_threads::<Scheme>();
    shared_between_threads::<Utr>();
};

#[cfg(test)]
mod tests {
    use core::fmt::Debug;

    use super::*;
    use crate::Kind;

    /// What a parsed value shows of itself: its kind, its canonical form and its `Debug`.
    fn shown<T: Debug>(
        parse: impl Fn(&str) -> Result<T, ParseError>,
        expose: impl Fn(&T) -> &str,
        is_valid: impl Fn(&[u8]) -> bool,
        text: &str,
    ) -> (Kind, String, String) {
        let value = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        // The checks of the scanner see no spaces.
        assert!(
            is_valid(expose(&value).replace(' ', "").as_bytes()),
            "{text}"
        );
        assert!(!is_valid(b"") && !is_valid(b"\xff\xff\xff"), "{text}");
        let refused = parse("\u{1f60a} no identifier")
            .err()
            .map(|error| error.kind());
        (
            refused.expect("a smile is no identifier"),
            expose(&value).to_owned(),
            format!("{value:?} {value:#?}"),
        )
    }

    macro_rules! table {
        ($($module:ident $type:ident $text:literal)+) => {
            [$((
                stringify!($type),
                shown($type::parse, $type::expose, $module::is_valid, $text),
            ),)+]
        };
    }

    #[test]
    fn debug_shows_the_kind_and_no_part_of_the_value() {
        let rows = table! {
            chi_number ChiNumber "0101900015"
            email Email "jo.bloggs@example.com"
            hc_number HcNumber "3200000171"
            iban Iban "GB82WEST12345698765432"
            nhs_number NhsNumber "4010232137"
            nino Nino "AB123456C"
            payment_card PaymentCard "4111111111111111"
            phone Phone "+442079460018"
            postcode Postcode "SW1A 2AA"
            utr Utr "2234567890"
        };
        for (name, (kind, value, debug)) in &rows {
            assert_eq!(*debug, format!("{name}([{0}]) {name}([{0}])", kind.label()));
            for part in value.as_bytes().windows(3) {
                let part = core::str::from_utf8(part).unwrap();
                assert!(!debug.contains(part), "{debug} shows {part}");
            }
        }
    }
}
