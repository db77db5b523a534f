//! A run of digits, or several that are written as one number.

use super::engine::Scan;

/// Most digits that any number of ours has.
const MOST: usize = 20;

/// Digits between separators.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Group {
    pub(crate) start: usize,
    /// Number of digits.
    pub(crate) len: usize,
    /// The separator behind it, or zero at the end of the chain.
    pub(crate) separator: u8,
}

impl Group {
    pub(crate) fn end(&self) -> usize {
        self.start + self.len
    }
}

/// One number, with the separators taken out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    digits: [u8; MOST],
    len: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many groups it is written in.
    pub(crate) groups: usize,
    /// Whether it stands glued to letters, so that it is surely no number of its own.
    pub(crate) glued: bool,
}

impl Number {
    /// The number that these groups make; digits past the twentieth are left out.
    pub(crate) fn of(text: &[u8], groups: &[Group]) -> Self {
        let mut number = Number {
            digits: [0; MOST],
            len: 0,
            start: groups.first().map_or(0, |group| group.start),
            end: groups.last().map_or(0, Group::end),
            groups: groups.len(),
            glued: false,
        };
        for group in groups {
            let len = group.len.min(MOST - number.len);
            number.digits[number.len..number.len + len]
                .copy_from_slice(&text[group.start..group.start + len]);
            number.len += len;
        }
        number
    }

    /// The number that an integer makes when it is printed.
    pub(crate) fn printed(value: u128, text: &mut [u8; 40]) -> &[u8] {
        let mut at = text.len();
        let mut rest = value;
        loop {
            at -= 1;
            text[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                return &text[at..];
            }
        }
    }

    /// Its digits, as ASCII.
    pub(crate) fn digits(&self) -> &[u8] {
        &self.digits[..self.len]
    }

    /// Whether it is written without separators.
    pub(crate) fn is_bare(&self) -> bool {
        self.groups == 1
    }
}

/// Letters in front of a number, in the same word or one separator before it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    pub(crate) start: usize,
    pub(crate) len: usize,
    /// Whether a separator stands between the letters and the digits.
    pub(crate) apart: bool,
}

impl Prefix {
    /// The letters before a place, at most six; none if there are more.
    pub(crate) fn before(scan: &Scan<'_>, digits: usize) -> Option<Self> {
        let apart = super::engine::is_separator(scan.before(digits));
        let end = digits - usize::from(apart);
        let mut start = end;
        while scan.before(start).is_ascii_alphabetic() {
            start -= 1;
            if end - start > 6 {
                return None;
            }
        }
        (start < end).then_some(Self {
            start,
            len: end - start,
            apart,
        })
    }

    /// The letters in capitals, in a buffer that is as long as the longest prefix.
    pub(crate) fn capitals(&self, scan: &Scan<'_>) -> [u8; 6] {
        let mut letters = [0; 6];
        for (to, from) in letters
            .iter_mut()
            .zip(&scan.text()[self.start..self.start + self.len])
        {
            *to = from.to_ascii_uppercase();
        }
        letters
    }

    /// Whether the letters may be digits of a hexadecimal number; a single letter always may.
    pub(crate) fn is_hexadecimal(&self, scan: &Scan<'_>) -> bool {
        self.len < 2
            || scan.text()[self.start..self.start + self.len]
                .iter()
                .all(u8::is_ascii_hexdigit)
    }

    /// Whether all letters are capitals.
    pub(crate) fn is_upper(&self, scan: &Scan<'_>) -> bool {
        scan.text()[self.start..self.start + self.len]
            .iter()
            .all(u8::is_ascii_uppercase)
    }
}
