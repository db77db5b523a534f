//! Short ASCII text kept in place, the way from a written form to the canonical one, and sets of letters.

/// At most `N` ASCII characters, without a heap allocation.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Ascii<const N: usize> {
    bytes: [u8; N],
    len: u8,
}

impl<const N: usize> Ascii<N> {
    pub(crate) const fn new() -> Self {
        const { assert!(N <= u8::MAX as usize, "the length is kept in one byte") };
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    /// The bytes as text, or `None` if they are too long or not ASCII.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut text = Self::new();
        text.extend(bytes).then_some(text)
    }

    /// Adds one byte; says whether it is ASCII and there was room.
    #[must_use]
    pub(crate) fn push(&mut self, byte: u8) -> bool {
        match self.bytes.get_mut(self.len as usize) {
            Some(place) if byte.is_ascii() => {
                *place = byte;
                self.len += 1;
                true
            }
            _ => false,
        }
    }

    /// Adds the bytes in order; says whether all are ASCII and had room.
    #[must_use]
    pub(crate) fn extend(&mut self, bytes: &[u8]) -> bool {
        bytes.iter().all(|byte| self.push(*byte))
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len as usize]
    }

    pub(crate) fn as_str(&self) -> &str {
        core::str::from_utf8(self.as_bytes()).expect("push lets nothing but ASCII in")
    }
}

/// The text in capitals and without white space and dashes, as most identifiers are compared.
///
/// `None` if another character than ASCII is left, or more than `N` of them.
pub(crate) fn written<const N: usize>(text: &str) -> Option<Ascii<N>> {
    written_with(text, |_| false)
}

/// As [`written`], and also without the characters that `skip` names.
pub(crate) fn written_with<const N: usize>(
    text: &str,
    skip: impl Fn(char) -> bool,
) -> Option<Ascii<N>> {
    let mut canonical = Ascii::new();
    for character in text.chars() {
        if is_separator(character) || skip(character) {
            continue;
        }
        let byte = u8::try_from(character).ok()?;
        if !canonical.push(byte.to_ascii_uppercase()) {
            return None;
        }
    }
    Some(canonical)
}

/// White space, hyphens and the dashes that word processors put in their place.
pub(crate) fn is_separator(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// The set of these capital letters, one bit each.
pub(crate) const fn letters(capitals: &[u8]) -> u32 {
    let mut set = 0;
    let mut at = 0;
    while at < capitals.len() {
        set |= 1 << (capitals[at] - b'A');
        at += 1;
    }
    set
}

/// Whether the byte is a capital letter of the set; other bytes never are.
pub(crate) const fn is_one_of(set: u32, byte: u8) -> bool {
    let place = byte.wrapping_sub(b'A');
    place < 26 && set & (1 << place) != 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separators_go_and_letters_become_capitals() {
        let text = written::<9>(" qq 12\u{a0}34\u{2013}56-c\n").unwrap();
        assert_eq!(text.as_str(), "QQ123456C");
    }

    #[test]
    fn what_is_too_long_or_not_ascii_is_refused() {
        assert!(written::<3>("1234").is_none());
        assert!(written::<8>("QQ12é").is_none());
        assert!(Ascii::<4>::from_bytes(b"12\xff").is_none());
    }
}
