//! Strings as JSON has them.

/// Writes a text between quotes, with the escapes that JSON asks for.
#[inline]
pub(super) fn write_string(text: &str, line: &mut String) {
    line.push('"');
    write_escaped(text, line);
    line.push('"');
}

/// Writes a text that stands between quotes; eight bytes are looked at together.
#[inline]
fn write_escaped(text: &str, line: &mut String) {
    let bytes = text.as_bytes();
    let (mut done, mut at) = (0, 0);
    while at < bytes.len() {
        let eight = bytes[at..].first_chunk().copied().unwrap_or_else(|| {
            let mut last = [b' '; 8];
            last[..bytes.len() - at].copy_from_slice(&bytes[at..]);
            last
        });
        let marks = marks(u64::from_le_bytes(eight));
        if marks == 0 {
            at += 8;
            continue;
        }
        at += marks.trailing_zeros() as usize / 8;
        // All special bytes are ASCII, so both sides of one are whole characters.
        line.push_str(&text[done..at]);
        escape(bytes[at], line);
        at += 1;
        done = at;
    }
    line.push_str(&text[done..]);
}

fn escape(byte: u8, line: &mut String) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    line.push_str(match byte {
        b'"' => "\\\"",
        b'\\' => "\\\\",
        b'\n' => "\\n",
        b'\r' => "\\r",
        b'\t' => "\\t",
        0x08 => "\\b",
        0x0C => "\\f",
        _ => {
            line.push_str("\\u00");
            line.push(char::from(HEX[usize::from(byte >> 4)]));
            line.push(char::from(HEX[usize::from(byte & 15)]));
            return;
        }
    });
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
