//! Makes bytes of a log safe and plain to look at in a terminal.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthChar as _;

/// The text with everything that a terminal would act on, or not show, written out.
///
/// Control characters become their pictures (`␛`), a tab becomes four blanks, marks without a width
/// and marks that turn the direction of text become `\u{200b}`, bytes that are not UTF-8 `\xff`.
pub(crate) fn visible(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            push(&mut out, character);
        }
        for byte in chunk.invalid() {
            let _ = write!(out, "\\x{byte:02x}");
        }
    }
    out
}

fn push(out: &mut String, character: char) {
    match character {
        '\t' => out.push_str("    "),
        '\0'..='\x1f' => {
            let picture = char::from_u32(0x2400 + u32::from(character));
            out.push(picture.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        '\x7f' => out.push('\u{2421}'),
        '\u{80}'..='\u{9f}'
        | '\u{ad}'
        | '\u{61c}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => out.extend(character.escape_unicode()),
        _ => out.push(character),
    }
}

/// Columns that the text takes in a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// The longest beginning of the text that fits into so many columns.
pub(super) fn first_columns(text: &str, most: usize) -> &str {
    let mut used = 0;
    let end = text
        .char_indices()
        .find(|(_, character)| {
            used += width(*character);
            used > most
        })
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// The longest end of the text that fits into so many columns.
pub(super) fn last_columns(text: &str, most: usize) -> &str {
    let mut used = 0;
    let start = text
        .char_indices()
        .rev()
        .find(|(_, character)| {
            used += width(*character);
            used > most
        })
        .map_or(0, |(at, character)| at + character.len_utf8());
    &text[start..]
}

fn width(character: char) -> usize {
    character.width().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_terminal_acts_on_remains() {
        assert_eq!(
            visible(b"a\x1b[31m\x00\tb\x7f\xff\xc3\xa9"),
            "a␛[31m␀    b␡\\xffé"
        );
        assert_eq!(
            visible("x\u{202e}y\u{9b}z".as_bytes()),
            "x\\u{202e}y\\u{9b}z"
        );
    }

    #[test]
    fn text_is_cut_by_columns_and_not_by_bytes() {
        assert_eq!(columns("aé漢"), 4);
        assert_eq!(first_columns("aé漢字", 4), "aé漢");
        assert_eq!(first_columns("aé漢字", 3), "aé");
        assert_eq!(last_columns("aé漢字", 3), "字");
        assert_eq!(last_columns("aé漢字", 99), "aé漢字");
    }
}
