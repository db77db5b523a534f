//! What Civic is measured against: the same ten rules in other engines, and other crates as they come.
//!
//! Each finds personal data in a line and writes the line without it at the end of a buffer.

mod multi_regex;
mod regex_set;
mod rules;

#[cfg(feature = "rivals")]
mod cloakrs;
#[cfg(feature = "rivals")]
mod datadog;
#[cfg(feature = "rivals")]
mod sanitize_pii;

use civic_pii::{Redactor, Scratch};

pub use multi_regex::MultiRegex;
pub use regex_set::RegexSetLoop;

#[cfg(feature = "rivals")]
pub use cloakrs::Cloakrs;
#[cfg(feature = "rivals")]
pub use datadog::Datadog;
#[cfg(feature = "rivals")]
pub use sanitize_pii::SanitizePii;

/// Something that redacts text.
pub trait Engine {
    /// Writes the text without its personal data at the end of `out`.
    fn redact(&mut self, text: &str, out: &mut String);
}

/// Civic with every kind, every encoding and reused buffers.
#[derive(Debug, Default)]
pub struct Civic {
    redactor: Redactor,
    scratch: Scratch,
}

impl Engine for Civic {
    fn redact(&mut self, text: &str, out: &mut String) {
        self.redactor
            .redact_field(None, text, &mut self.scratch, out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [(&str, &str); 10] = [
        ("jane@example.com", "[EMAIL]"),
        ("AB 12 34 56 C", "[NINO]"),
        ("450 557 7104", "[NHS-NUMBER]"),
        ("4111 1111 1111 1111", "[PAYMENT-CARD]"),
        ("SW1A 2AA", "[POSTCODE]"),
        ("07700 900123", "[PHONE]"),
        ("GB82WEST12345698765432", "[IBAN]"),
        ("12-34-56 12345678", "[BANK-ACCOUNT]"),
        ("203.0.113.9", "[IP-ADDRESS]"),
        ("Bearer abcdefghijklmnop1234", "[CREDENTIAL]"),
    ];

    fn redacted(engine: &mut dyn Engine, value: &str) -> String {
        let mut out = String::new();
        engine.redact(&format!("no record for {value} was found"), &mut out);
        out
    }

    #[test]
    fn the_regex_rivals_do_the_same_job() {
        for (value, marker) in VALUES {
            let expected = format!("no record for {marker} was found");
            assert_eq!(redacted(&mut MultiRegex::default(), value), expected);
            assert_eq!(redacted(&mut RegexSetLoop::default(), value), expected);
        }
    }

    #[test]
    fn civic_removes_the_same_values() {
        for (value, marker) in VALUES {
            let out = redacted(&mut Civic::default(), value);
            assert!(out.contains(marker), "{value}: {out}");
        }
    }

    #[cfg(feature = "rivals")]
    #[test]
    fn the_other_crates_find_the_address() {
        let rivals: [Box<dyn Engine>; 3] = [
            Box::new(Datadog::default()),
            Box::new(SanitizePii::default()),
            Box::new(Cloakrs::default()),
        ];
        for mut rival in rivals {
            let out = redacted(rival.as_mut(), "jane@example.com");
            assert!(!out.contains("jane@example.com"), "{out}");
        }
    }
}
