//! Tells by its first bytes how an input is packed.

/// How many bytes [`detect`] wants to see.
pub(super) const HEAD: usize = 16;

/// How an input is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// Text or anything else; scanned as bytes.
    Plain,
    Gzip,
    Zstd,
    /// Packed in a way that hides the text from a scan of bytes; the words complete "it is ...".
    Closed(&'static str),
}

/// Beginnings of packed files that this command does not open.
///
/// Scanning their bytes would find nothing and call them clean.
const CLOSED: &[(&[u8], &str)] = &[
    (b"\xfd7zXZ\0", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x04\x22\x4d\x18", "an lz4 archive"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x9d", "an archive of compress"),
];

/// Says how an input that begins with `head` is packed.
pub(super) fn detect(head: &[u8]) -> Format {
    match head {
        [0x1f, 0x8b, 8, ..] => return Format::Gzip,
        // A frame, or a skippable frame before it.
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => return Format::Zstd,
        [b'B', b'Z', b'h', b'1'..=b'9', block @ ..] if block.starts_with(b"1AY&SY") => {
            return Format::Closed("a bzip2 archive");
        }
        [0xff, 0xfe, rest @ ..] if rest.iter().skip(1).step_by(2).any(|byte| *byte == 0) => {
            return Format::Closed("UTF-16 text");
        }
        [0xfe, 0xff, rest @ ..] if rest.iter().step_by(2).any(|byte| *byte == 0) => {
            return Format::Closed("UTF-16 text");
        }
        _ => {}
    }
    CLOSED
        .iter()
        .find(|(magic, _)| head.starts_with(magic))
        .map_or(Format::Plain, |(_, name)| Format::Closed(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_plain_even_where_it_looks_a_little_like_an_archive() {
        for head in [
            &b""[..],
            b"B",
            b"BZh9 is a bed",
            b"PK",
            b"P*M",
            b"\xff\xfe\xff\xff",
            b"{\"a\":1}",
        ] {
            assert_eq!(detect(head), Format::Plain, "{head:?}");
        }
    }

    #[test]
    fn packed_input_is_told_by_its_first_bytes() {
        assert_eq!(detect(b"\x1f\x8b\x08\x00"), Format::Gzip);
        assert_eq!(detect(b"\x28\xb5\x2f\xfd\x04"), Format::Zstd);
        assert_eq!(detect(b"\x50\x2a\x4d\x18\x01\0\0\0"), Format::Zstd);
        for head in [
            &b"\xff\xfea\0b\0"[..],
            b"\xfe\xff\0a\0b",
            b"\xfd7zXZ\0\0",
            b"BZh91AY&SY",
            b"PK\x03\x04",
        ] {
            assert!(matches!(detect(head), Format::Closed(_)), "{head:?}");
        }
    }
}
