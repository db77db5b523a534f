//! A record as a signed text, for a cookie or a hidden field.
#![doc = include_str!("../law.md")]

use core::fmt;

use civic_core::KeyRing;

use super::letters;
use super::sign::{Signer, TAG};
use crate::definition::{Definition, Facts};
use crate::{Record, Refusal};

const SIGNED: usize = Record::LEN + TAG;

/// Groups of three bytes, which are four letters of base64.
const GROUPS: usize = SIGNED / 3;

const LETTERS: usize = GROUPS * 4;

/// Most bytes of a token: a key id of twelve, a dot, and the letters.
const TOKEN_MAX: usize = 12 + 1 + LETTERS;

/// Signs and checks the tokens of one journey.
///
/// A token is `<key id>.<letters>`: base64url of the 11 bytes of a [`Record`] and 16 of HMAC-SHA256 under a key that is derived
/// for this journey, so that the token of another journey is a forgery here. It is signed and not encrypted: it holds which
/// steps were reached and when the journey began, to 10 seconds, and no identifier. Signing and checking allocate nothing.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_core::KeyRing;
/// use civic_journey::{Progress, store::token::Tokens};
/// use std::time::{SystemTime, UNIX_EPOCH};
///
/// let tokens = Tokens::of::<Apply>(&KeyRing::new("k1", vec![7; 32])?);
/// let now = SystemTime::now();
/// let mut progress = Progress::new(&APPLY, None, now);
/// progress.reach(ApplyStep::Start);
///
/// let token = tokens.sign(progress.record());
/// let seconds = now.duration_since(UNIX_EPOCH)?.as_secs();
/// assert_eq!(tokens.verify(token.as_str(), seconds), Ok(progress.record()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tokens {
    facts: &'static Facts,
    signer: Signer,
}

/// A signed record as text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    text: [u8; TOKEN_MAX],
    len: u8,
}

impl Tokens {
    /// Tokens of this journey under these keys.
    #[must_use]
    pub fn of<J: Definition>(keys: &KeyRing) -> Self {
        let facts = J::FACTS;
        Self {
            facts,
            signer: Signer::new(keys, "civic-journey token v1", facts.name().as_str()),
        }
    }

    /// The record under the key in use.
    pub fn sign(&self, record: Record) -> Token {
        let record = record.to_bytes();
        let (id, tag) = self.signer.sign(&record);
        let mut signed = [[0; 3]; GROUPS];
        let (first, last) = signed.as_flattened_mut().split_at_mut(Record::LEN);
        first.copy_from_slice(&record);
        last.copy_from_slice(&tag);

        let mut text = [0; TOKEN_MAX];
        let id = id.as_bytes();
        text[..id.len()].copy_from_slice(id);
        text[id.len()] = b'.';
        let (letters, _) = text[id.len() + 1..].as_chunks_mut();
        letters::encode(&signed, letters);
        Token {
            text,
            len: (id.len() + 1 + LETTERS) as u8,
        }
    }

    /// The record of a token that a key of the ring signed and whose journey does not count as given up.
    ///
    /// # Errors
    /// Why it is not believed. The citizen is to notice nothing: go on without a record, and count it.
    pub fn verify(&self, token: &str, unix_seconds: u64) -> Result<Record, Refusal> {
        let (id, letters) = token.split_once('.').ok_or(Refusal::Unreadable)?;
        let (letters, rest) = letters.as_bytes().as_chunks::<4>();
        let mut signed = [[0; 3]; GROUPS];
        let fits = letters.len() == GROUPS && rest.is_empty();
        if !fits || !letters::decode(letters, &mut signed) {
            return Err(Refusal::Unreadable);
        }
        let (record, tag) = signed.as_flattened().split_at(Record::LEN);
        let tag: &[u8; TAG] = tag.try_into().map_err(|_| Refusal::Unreadable)?;
        if !self.signer.verify(id, record, tag) {
            return Err(Refusal::Forged);
        }
        let record = Record::from_bytes(self.facts, record).ok_or(Refusal::Unreadable)?;
        if record.is_abandoned(self.facts, unix_seconds) {
            return Err(Refusal::Expired);
        }
        Ok(record)
    }
}

impl Token {
    /// The text: letters, digits, `-`, `_` and one dot, so that it needs no quoting in a cookie.
    pub fn as_str(&self) -> &str {
        // A key id and base64 are ASCII.
        core::str::from_utf8(&self.text[..usize::from(self.len)]).unwrap_or_default()
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Token {
    /// Not the text: whoever has it can go on with the journey's counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::sample::{Apply, ApplyStep};
    use crate::{Journey, Progress};

    const NOW: u64 = 1_767_268_800;

    fn ring(id: &str, byte: u8) -> KeyRing {
        KeyRing::new(id, vec![byte; 32]).unwrap()
    }

    fn record() -> Record {
        static JOURNEY: Journey<Apply> = Journey::new();
        let now = UNIX_EPOCH + core::time::Duration::from_secs(NOW);
        let mut progress = Progress::new(&JOURNEY, None, now);
        progress.reach(ApplyStep::Pay);
        progress.record()
    }

    mod other {
        crate::journey! {
            #[expect(dead_code, reason = "only the type is needed")]
            pub(crate) static RENEW: Renew = "renew-a-licence";
            steps RenewStep { Start = "start", Pay = "pay", End = "end" }
            outcomes RenewOutcome { Renewed = "renewed": complete }
            expected = 5 minutes;
            abandon_after = 48 hours;
            slo = 99.0;
        }
    }

    #[test]
    fn any_changed_letter_is_refused() {
        let tokens = Tokens::of::<Apply>(&ring("k1", 7));
        let token = tokens.sign(record());
        assert_eq!(tokens.verify(token.as_str(), NOW), Ok(record()));
        for at in 0..token.as_str().len() {
            let mut text = token.as_str().to_owned().into_bytes();
            text[at] = if text[at] == b'A' { b'B' } else { b'A' };
            let text = String::from_utf8(text).unwrap();
            assert!(tokens.verify(&text, NOW).is_err(), "{at}");
        }
    }

    #[test]
    fn tokens_of_other_journeys_keys_and_forms_are_refused() {
        let tokens = Tokens::of::<Apply>(&ring("k1", 7));
        let token = tokens.sign(record());
        let foreign = Tokens::of::<other::Renew>(&ring("k1", 7));
        assert_eq!(foreign.verify(token.as_str(), NOW), Err(Refusal::Forged));
        let stranger = Tokens::of::<Apply>(&ring("k1", 8)).sign(record());
        assert_eq!(tokens.verify(stranger.as_str(), NOW), Err(Refusal::Forged));
        let longer = format!("{token}AAAA");
        for text in ["", ".", "k1", "k1.", "k1.????", "k1.AAAA", &longer] {
            assert_eq!(tokens.verify(text, NOW), Err(Refusal::Unreadable), "{text}");
        }
    }

    #[test]
    fn an_old_key_is_accepted_until_it_is_dropped() {
        let old = Tokens::of::<Apply>(&ring("k1", 7)).sign(record());
        let both = ring("k2", 8).with_old("k1", vec![7; 32]).unwrap();
        let both = Tokens::of::<Apply>(&both);
        assert_eq!(both.verify(old.as_str(), NOW), Ok(record()));
        assert!(both.sign(record()).as_str().starts_with("k2."));
        let new = Tokens::of::<Apply>(&ring("k2", 8));
        assert_eq!(new.verify(old.as_str(), NOW), Err(Refusal::Forged));
    }

    #[test]
    fn a_token_expires_with_its_journey() {
        let tokens = Tokens::of::<Apply>(&ring("k1", 7));
        let token = tokens.sign(record());
        let limit = 48 * 3600;
        assert!(tokens.verify(token.as_str(), NOW + limit).is_ok());
        assert_eq!(
            tokens.verify(token.as_str(), NOW + limit + 10),
            Err(Refusal::Expired)
        );
    }
}
