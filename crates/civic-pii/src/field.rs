//! Names of fields: how they are split into words, and what they tell of the value.

use crate::vocabulary::{MAX_WORD, Role, Sense, Vocabulary};
use crate::{Kind, KindSet};

/// The name of a field, split into words at separators and at capitals, squashed and in lower case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    letters: [u8; LETTERS],
    /// Where each word ends; only the last words of a long name are kept.
    ends: [u8; WORDS],
    words: usize,
}

const LETTERS: usize = 64;
const WORDS: usize = 12;

impl Name {
    /// Splits `applicant.date_of-birth`, `dateOfBirth` and `DATE_OF_BIRTH` alike; at most the last 64 bytes count.
    pub(crate) fn split(name: &[u8]) -> Self {
        let mut split = Self {
            letters: [0; LETTERS],
            ends: [0; WORDS],
            words: 0,
        };
        let name = &name[name.len().saturating_sub(LETTERS)..];
        let mut len = 0;
        let mut before = b'_';
        for (i, byte) in name.iter().copied().enumerate() {
            let folded = byte | 0x20;
            let is_letter = folded.wrapping_sub(b'a') < 26;
            if !is_letter && !byte.is_ascii_digit() {
                split.end_word(len);
                before = b'_';
                continue;
            }
            if byte.is_ascii_uppercase() {
                let after_small = before.is_ascii_lowercase() || before.is_ascii_digit();
                let before_small = before.is_ascii_uppercase()
                    && name.get(i + 1).is_some_and(u8::is_ascii_lowercase);
                if after_small || before_small {
                    split.end_word(len);
                }
            }
            split.letters[len] = if is_letter { folded } else { byte };
            len += 1;
            before = byte;
        }
        split.end_word(len);
        split
    }

    /// What the name tells, in this order: its last words are a known name; its last word measures something; some word of it
    /// speaks for a kind; its last word is a thing or a carrier.
    pub(crate) fn sense(&self, vocabulary: &Vocabulary) -> Sense {
        let last = self
            .last_words(1)
            .and_then(|word| vocabulary.get(word))
            .unwrap_or_default();
        for count in (1..=4.min(self.words)).rev() {
            if let Some(sense) = self
                .last_words(count)
                .and_then(|words| vocabulary.get(words))
                && (sense.field.is_some()
                    || !sense.kinds.is_empty()
                    || (count > 1 && sense.role == Role::Thing))
            {
                return Sense {
                    role: if count == 1 { Role::Plain } else { sense.role },
                    ..sense
                };
            }
        }
        if matches!(last.role, Role::Measure | Role::Version) {
            return Sense {
                role: Role::Measure,
                ..Sense::default()
            };
        }
        let mut kinds = KindSet::EMPTY;
        for from in 0..self.words {
            for to in from + 1..=self.words.min(from + 3) {
                if let Some(sense) = vocabulary.get(self.between(from, to)) {
                    kinds = kinds.union(sense.kinds);
                }
            }
        }
        if kinds.is_empty() {
            last
        } else {
            Sense {
                kinds,
                ..Sense::default()
            }
        }
    }

    /// What all words of the name tell together, as one entry of the vocabulary.
    pub(crate) fn whole(&self, vocabulary: &Vocabulary) -> Option<Sense> {
        vocabulary.get(self.last_words(self.words)?)
    }

    /// The kind that a field of this name holds, whatever its value looks like.
    pub(crate) fn kind(&self, vocabulary: &Vocabulary) -> Option<Kind> {
        (1..=4.min(self.words))
            .rev()
            .find_map(|count| {
                self.last_words(count)
                    .and_then(|words| vocabulary.get(words))
            })
            .and_then(|sense| sense.field)
    }

    /// Whether the name speaks of a person's side of a connection: `client_ip`, `remote_addr`, `X-Forwarded-For`.
    pub(crate) fn is_personal_side(&self) -> bool {
        (0..self.words).any(|i| {
            matches!(
                self.between(i, i + 1),
                b"client"
                    | b"user"
                    | b"remote"
                    | b"visitor"
                    | b"citizen"
                    | b"customer"
                    | b"forwarded"
                    | b"caller"
                    | b"applicant"
                    | b"clientip"
                    | b"userip"
                    | b"remoteaddr"
                    | b"remoteip"
            )
        })
    }

    fn end_word(&mut self, len: usize) {
        let begin = if self.words == 0 {
            0
        } else {
            usize::from(self.ends[self.words - 1])
        };
        if len == begin {
            return;
        }
        if self.words == WORDS {
            // A name of more than twelve words: the last ones decide, the first ones are joined.
            self.ends.copy_within(1.., 0);
            self.words -= 1;
        }
        self.ends[self.words] = len as u8;
        self.words += 1;
    }

    fn between(&self, from: usize, to: usize) -> &[u8] {
        let start = if from == 0 {
            0
        } else {
            usize::from(self.ends[from - 1])
        };
        &self.letters[start..usize::from(self.ends[to - 1])]
    }

    fn last_words(&self, count: usize) -> Option<&[u8]> {
        let from = self.words.checked_sub(count)?;
        let words = if count == 0 {
            return None;
        } else {
            self.between(from, self.words)
        };
        (words.len() <= MAX_WORD).then_some(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(name: &str) -> Option<Kind> {
        Name::split(name.as_bytes()).kind(Vocabulary::default_words())
    }

    #[test]
    fn the_last_words_of_a_name_decide_in_every_case() {
        for name in [
            "date_of_birth",
            "dateOfBirth",
            "Date-Of-Birth",
            "applicant.date.of.birth",
            "DATE_OF_BIRTH",
            "dob",
            "userDOB",
        ] {
            assert_eq!(kind(name), Some(Kind::DateOfBirth), "{name}");
        }
        assert_eq!(kind("user_email"), Some(Kind::Email));
        assert_eq!(kind("emailAddress"), Some(Kind::Email));
        assert_eq!(kind("NHSNumber"), Some(Kind::NhsNumber));
        assert_eq!(kind("applicant_surname"), Some(Kind::PersonName));
    }

    #[test]
    fn names_of_measures_and_flags_hold_nothing_personal() {
        for name in [
            "email_sent",
            "postcode_lookup_ms",
            "nino_count",
            "phone_verified",
            "name",
            "status",
            "address_count",
            "",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }

    #[test]
    fn what_developers_abbreviate_is_known() {
        for (name, expected) in [
            ("natInsNumber", Kind::Nino),
            ("ppt_no", Kind::Passport),
            ("addr1", Kind::Address),
            ("lname", Kind::PersonName),
            ("contactNo", Kind::Phone),
            ("AWS_SECRET_ACCESS_KEY", Kind::Credential),
            ("d_o_b", Kind::DateOfBirth),
        ] {
            assert_eq!(kind(name), Some(expected), "{name}");
        }
        let sense = |name: &str| Name::split(name.as_bytes()).sense(Vocabulary::default_words());
        for (name, expected) in [
            ("acc_no", Kind::BankAccount),
            ("accNumber", Kind::BankAccount),
            ("ern", Kind::PayeReference),
            ("brc", Kind::Brp),
            ("vrn", Kind::VatNumber),
            ("crn", Kind::CompanyNumber),
            ("co_number", Kind::CompanyNumber),
            ("regMark", Kind::VehicleRegistration),
            ("line1", Kind::Address),
        ] {
            assert!(sense(name).kinds.contains(expected), "{name}");
        }
        assert_eq!(sense("account_id").role, Role::Thing);
        assert!(sense("account_id").kinds.is_empty());
    }

    #[test]
    fn a_word_inside_the_name_is_evidence() {
        let sense = |name: &str| Name::split(name.as_bytes()).sense(Vocabulary::default_words());
        assert!(sense("patient_id").kinds.contains(Kind::NhsNumber));
        assert!(sense("nhs_number_count").kinds.is_empty());
        assert_eq!(sense("order_id").role, Role::Thing);
        assert_eq!(sense("message").role, Role::Carrier);
    }
}
