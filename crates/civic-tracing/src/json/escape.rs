//! Strings as JSON has them.

/// Writes a text between quotes, with the escapes that JSON asks for.
#[inline]
pub(super) fn write_string(text: &str, line: &mut String) {
    line.push('"');
    write_escaped(text, line);
    line.push('"');
}

/// Writes a text that stands between quotes.
#[inline]
fn write_escaped(text: &str, line: &mut String) {
    let mut done = 0;
    for (at, byte) in special_bytes(text.as_bytes()) {
        // All special bytes are ASCII, so both sides of one are whole characters.
        line.push_str(&text[done..at]);
        done = at + 1;
        line.push_str(match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0C => "\\f",
            _ => {
                const HEX: &[u8; 16] = b"0123456789abcdef";
                line.push_str("\\u00");
                line.push(char::from(HEX[usize::from(byte >> 4)]));
                line.push(char::from(HEX[usize::from(byte & 15)]));
                continue;
            }
        });
    }
    line.push_str(&text[done..]);
}

/// The bytes that need an escape, and where they stand; eight are looked at together.
#[inline]
fn special_bytes(text: &[u8]) -> impl Iterator<Item = (usize, u8)> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            let marks = marks(u64::from_le_bytes(*eight));
            if marks != 0 {
                break;
            }
            at += 8;
        }
        while let Some(byte) = text.get(at) {
            at += 1;
            if is_special(*byte) {
                return Some((at - 1, *byte));
            }
            if at % 8 == 0 {
                while let Some(eight) = text.get(at..).and_then(<[u8]>::first_chunk::<8>)
                    && marks(u64::from_le_bytes(*eight)) == 0
                {
                    at += 8;
                }
            }
        }
        None
    })
}

#[inline]
fn is_special(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

/// Not zero when one of eight bytes may need an escape; the lowest mark is that of the first that does.
#[inline]
fn marks(eight: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes & HIGH;
    let is = |byte: u8| below(eight ^ (ONES * u64::from(byte)), 1);
    below(eight, 0x20) | is(b'"') | is(b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_written_as_serde_json_writes_it() {
        let all: String = (0..0x180)
            .chain([0x2028, 0xFFFD, 0x1F600])
            .filter_map(char::from_u32)
            .collect();
        for text in [
            all.as_str(),
            "",
            "\"",
            "12345678",
            "1234567\"",
            "12345678\\9",
        ] {
            for start in 0..10.min(text.len() + 1) {
                let Some(text) = text.get(start..) else {
                    continue;
                };
                let mut line = String::new();
                write_string(text, &mut line);
                assert_eq!(line, serde_json::to_string(text).unwrap());
            }
        }
    }

    #[test]
    fn a_special_byte_is_found_at_every_place() {
        for len in 1..40 {
            for at in 0..len {
                for byte in ["\"", "\\", "\n", "\u{1}", "\u{1f}"] {
                    let mut text = "a".repeat(len);
                    text.replace_range(at..=at, byte);
                    let mut line = String::new();
                    write_string(&text, &mut line);
                    assert_eq!(line, serde_json::to_string(&text).unwrap());
                }
            }
        }
    }
}
