//! Lists of numbers that are bytes of text, as `Debug` prints `&[u8]`.

/// `[104, 105, ..]`: at least six bytes, all of them printable, as `{:?}`, `{:#?}`, `{:x?}` and `{:#x?}` write them.
pub(super) struct ByteList {
    /// With its brackets.
    pub(super) len: usize,
    pub(super) radix: Radix,
}

impl ByteList {
    pub(super) fn at(text: &[u8], at: usize) -> Option<Self> {
        [Radix::Decimal, Radix::Hexadecimal]
            .into_iter()
            .find_map(|radix| {
                Some(Self {
                    len: list_len(text, at, radix)?,
                    radix,
                })
            })
    }
}

#[derive(Clone, Copy)]
pub(super) enum Radix {
    Decimal,
    Hexadecimal,
}

impl Radix {
    /// The byte that a number stands for, and how many characters the number has.
    pub(super) fn number(self, text: &[u8], at: usize) -> Option<(u8, usize)> {
        let rest = text.get(at..)?;
        let (prefix, base, most) = match self {
            Self::Decimal => (0, 10, 3),
            Self::Hexadecimal if rest.starts_with(b"0x") => (2, 16, 2),
            Self::Hexadecimal => (0, 16, 2),
        };
        let digit = |byte: &u8| char::from(*byte).to_digit(base);
        let digits = rest.get(prefix..)?;
        let len = digits.iter().take(4).map_while(digit).count();
        let value = digits
            .iter()
            .take(len)
            .filter_map(digit)
            .fold(0, |value, digit| value * base + digit);
        let fits = (1..=most).contains(&len) && value < 256;
        fits.then_some((value as u8, prefix + len))
    }
}

/// Length of a list of at least six printable bytes, with its brackets.
fn list_len(text: &[u8], at: usize, radix: Radix) -> Option<usize> {
    const FEWEST: usize = 6;
    const INDENT: usize = 64;
    // Line breaks may be escaped, in a string in JSON.
    let spaces = |from: usize| {
        let rest = text.get(from..).unwrap_or_default();
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\\' | b'n');
        rest.iter()
            .take(INDENT)
            .take_while(|byte| is_space(byte))
            .count()
    };
    let mut place = at + 1 + spaces(at + 1);
    let mut count = 0;
    loop {
        let (value, len) = radix.number(text, place)?;
        if value < 32 && !matches!(value, 9 | 10 | 13) {
            return None;
        }
        count += 1;
        place += len;
        if text.get(place) == Some(&b',') {
            place += 1 + spaces(place + 1);
            if text.get(place) != Some(&b']') {
                continue;
            }
        }
        return (text.get(place) == Some(&b']') && count >= FEWEST).then_some(place + 1 - at);
    }
}
