//! Files of lines that a crash may have cut.

/// Where the last whole line ends, and that line, if there is one.
pub(crate) fn last_whole(bytes: &[u8]) -> (usize, Option<&[u8]>) {
    let end = bytes
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    let last = bytes[..end]
        .strip_suffix(b"\n")
        .and_then(|lines| lines.rsplit(|byte| *byte == b'\n').next());
    (end, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_line_is_none() {
        for (bytes, end, last) in [
            (&b""[..], 0, None),
            (b"cut", 0, None),
            (b"\n", 1, Some(&b""[..])),
            (b"one\n", 4, Some(b"one")),
            (b"one\ntwo\ncut", 8, Some(b"two")),
        ] {
            assert_eq!(last_whole(bytes), (end, last), "{bytes:?}");
        }
    }
}
