//! Hands the anchors of a walk to the recognisers.

use super::engine::Scan;
use super::masks::WINDOWS;
use super::windows::{RUN, Shapes};
use super::{chain, dull, embedded, hex_dump, keyed};
use crate::identifier::{
    credential, date_of_birth, driving_licence, email, iban, ip_address, mac_address, nino,
    one_login_subject, paye_reference, postcode, prison_number, temporary_reference_number,
    vehicle_registration,
};

impl Scan<'_> {
    /// Whether an encoded form begins here that has to be decoded first.
    #[inline]
    pub(super) fn is_encoded(&self, at: usize) -> bool {
        !self.decoded && crate::decode::is_encoded(self.text, at)
    }

    /// Whether one of the shapes that are looked at more closely first may be a value.
    #[inline(always)]
    pub(super) fn is_live(
        &self,
        at: usize,
        bit: u64,
        window: usize,
        shapes: &Shapes<[u64; WINDOWS]>,
    ) -> bool {
        let short = shapes.inward[window] | shapes.plate[window] | shapes.suffix_plate[window];
        if short & bit != 0 && dull::is_in_hexadecimal(self.text, at + 1) {
            return false;
        }
        if shapes.suffix_plate[window] & bit != 0 {
            return true;
        }
        // Before the letters of a number, in a word of hexadecimal digits, there are more of them.
        if shapes.nino[window] & bit != 0 && !dull::is_in_hexadecimal(self.text, at) {
            return true;
        }
        if shapes.inward[window] & bit != 0 {
            // The letters of a prison number may stand apart.
            let apart = !self.before(at - 1).is_ascii_digit();
            return apart
                || postcode::may_end(self.text, at + 1)
                || prison_number::may_end(self.text, at + 1);
        }
        if shapes.run[window] & bit != 0 {
            let start = at + 1 - RUN;
            if may_be_text(self.text, start) && embedded::may_begin(self.text, start)
                || iban::may_begin(self.text, start)
                || credential::may_be_behind_scheme(self.text, start)
            {
                return true;
            }
        }
        // A plate may end in the letters that begin a token: `WR72 ZBJ`.
        if (shapes.at[window] | shapes.token[window]) & bit != 0
            && (email::may_stand(self.text, at) || credential::may_stand(self.text, at))
        {
            return true;
        }
        if (shapes.plate[window] | shapes.dateless_plate[window]) & bit != 0 {
            return vehicle_registration::may_end(self.text, at + 1);
        }
        shapes.timestamp[window] & bit != 0 && at >= 9 && {
            let start = at - 9;
            date_of_birth::may_follow(self.text, self.last_word_end(start), start)
        }
    }

    /// End of the last letter or digit before a place, at most 20 bytes back.
    #[inline]
    fn last_word_end(&self, start: usize) -> usize {
        let floor = start.saturating_sub(20);
        self.text[floor..start]
            .iter()
            .rposition(u8::is_ascii_alphanumeric)
            .map_or(floor, |i| floor + i + 1)
    }

    /// Takes the shapes of a window that meet at one byte.
    #[inline(never)]
    pub(super) fn anchor(
        &mut self,
        at: usize,
        bit: u64,
        window: usize,
        shapes: &Shapes<[u64; WINDOWS]>,
    ) {
        let meets = |shape: &[u64; WINDOWS]| shape[window] & bit != 0;
        if meets(&shapes.chain) || meets(&shapes.timestamp) {
            chain::recognise(self, at + 1, meets(&shapes.timestamp));
        }
        if meets(&shapes.inward) {
            postcode::recognise(self, at + 1);
            if self.byte(at - 2).is_ascii_digit() {
                prison_number::recognise(self, at + 1);
            } else {
                prison_number::recognise_spaced(self, at + 1);
                vehicle_registration::recognise(self, at + 1);
            }
        }
        if meets(&shapes.key) {
            keyed::recognise(self, at);
        }
        if meets(&shapes.slash) {
            keyed::recognise_element(self, at);
        }
        if meets(&shapes.run) {
            credential::recognise_run(self, at + 1 - RUN);
            embedded::recognise(self, at + 1 - RUN);
            iban::recognise_run(self, at + 1 - RUN);
        }
        if meets(&shapes.plate) || meets(&shapes.suffix_plate) || meets(&shapes.dateless_plate) {
            vehicle_registration::recognise(self, at + 1);
        }
        if meets(&shapes.dateless_plate) {
            date_of_birth::recognise_worded(self, at + 1);
        }
        if meets(&shapes.at) {
            email::recognise(self, at);
        }
        if meets(&shapes.token) {
            credential::recognise_token(self, at);
        }
        if meets(&shapes.group) {
            ip_address::recognise_v6(self, at);
            one_login_subject::recognise(self, at);
        }
        if meets(&shapes.mac) {
            mac_address::recognise(self, at);
            // The first of the five.
            if !self.byte(at).is_ascii_alphanumeric() {
                hex_dump::recognise(self, at - 12);
            }
        }
        if meets(&shapes.nino) {
            nino::recognise_glued(self, at + 1);
        }
        if meets(&shapes.licence) {
            driving_licence::recognise(self, at + 1);
        }
        if meets(&shapes.temporary_reference) {
            if self.byte(at - 5).is_ascii_alphabetic() {
                temporary_reference_number::recognise(self, at + 1);
            } else {
                temporary_reference_number::recognise_apart(self, at + 1);
            }
        }
        if meets(&shapes.paye) {
            paye_reference::recognise(self, at);
        }
    }
}

/// The high halves of bytes that are written in hexadecimal: a digit up to seven in the first place of each pair.
const HIGH_HALVES: u64 = 0x00F8_00F8_00F8_00F8;
const UP_TO_SEVEN: u64 = 0x0030_0030_0030_0030;

/// Whether the first eight characters of a run may be those of readable text, in either encoding.
#[inline]
fn may_be_text(text: &[u8], start: usize) -> bool {
    let Some(eight) = text[start..].first_chunk::<8>() else {
        return false;
    };
    // In base64 a digit in the first place makes a byte above 0x7F.
    !eight[0].is_ascii_digit()
        || u64::from_le_bytes(*eight) & HIGH_HALVES == UP_TO_SEVEN
        || eight[..2].eq_ignore_ascii_case(b"0x")
}
