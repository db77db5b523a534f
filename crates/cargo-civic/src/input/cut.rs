//! Finds a place where a line that is too long to scan at once can be cut without hurting a value.

use civic_pii::Finding;

/// The end of the text that is looked at. Its last third is read again with the next piece.
const LOOK: usize = 192 * 1024;

/// Where the cut lies in the part that is looked at: far from both of its ends.
const EARLIEST: usize = LOOK / 3;
const LATEST: usize = 2 * LOOK / 3;

/// Distance to the values on both sides, so that a key or a word near a value stays in its piece.
const MARGIN: usize = 512;

/// How far back from the best place a delimiter is looked for.
const DELIMITER_REACH: usize = 16 * 1024;

/// The end of a text, which has to be scanned before [`cut_point`] is asked.
pub(crate) fn tail(text: &[u8]) -> &[u8] {
    &text[text.len().saturating_sub(LOOK)..]
}

/// Where to cut `text`: an offset above 0. `findings` are those of its [`tail`].
///
/// In this order: at a delimiter in the last stretch without a finding; in such a stretch without a
/// delimiter; behind the finding that has most room after it, and what closes it; before or behind a finding that fills
/// everything. A text that is no longer than the tail is not cut.
pub(crate) fn cut_point(text: &[u8], findings: &[Finding]) -> usize {
    if text.len() <= LOOK {
        return text.len();
    }
    let base = text.len() - LOOK;
    let starts = findings.iter().map(|finding| finding.start).chain([LOOK]);
    let ends = [0].into_iter().chain(findings.iter().map(|f| f.end));

    let mut quiet = None;
    let mut widest: Option<(usize, usize)> = None;
    for (from, to) in ends.zip(starts) {
        let first = (from + MARGIN).max(EARLIEST);
        let last = to.saturating_sub(MARGIN).min(LATEST);
        if first < last {
            quiet = Some((first, last));
        }
        let room = to.saturating_sub(from);
        if (EARLIEST..=LATEST).contains(&from) && widest.is_none_or(|(most, _)| room > most) {
            widest = Some((room, from));
        }
    }
    if let Some((first, last)) = quiet {
        return between_words(text, base + first, base + last);
    }
    if let Some((room, from)) = widest {
        // What closes the value stays with it: `1234,` is a number of JSON, and `1234` at an end may not be.
        let gap = &text[base + from..base + from + room];
        let closing = gap.iter().position(|byte| b",;]} \t".contains(byte));
        return base + from + closing.map_or(0, |at| at + 1);
    }
    // One finding covers every place that was allowed.
    let around = findings
        .iter()
        .find(|f| f.start < EARLIEST && f.end > LATEST);
    match around {
        Some(finding) if finding.start > 0 => base + finding.start,
        Some(finding) => base + finding.end,
        None => text.len(),
    }
}

/// The last delimiter in the range, or a place in a run of letters that keeps groups of four together.
fn between_words(text: &[u8], first: usize, last: usize) -> usize {
    let first = first.max(last.saturating_sub(DELIMITER_REACH));
    let range = &text[first..last];
    if let Some(at) = range.iter().rposition(u8::is_ascii_whitespace) {
        return first + at;
    }
    if let Some(at) = range
        .iter()
        .rposition(|byte| b",;|&<>(){}[]".contains(byte))
    {
        return first + at;
    }
    // Groups of four counted from the start of the run keep base64 decodable in both pieces.
    let run = text[..last]
        .iter()
        .rposition(|byte| !(byte.is_ascii_alphanumeric() || b"+/-_=".contains(byte)))
        .map_or(0, |at| at + 1);
    let mut at = last - (last - run) % 4;
    while at > first && text[at] & 0xc0 == 0x80 {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use civic_pii::Scanner;

    use super::super::lines::LONGEST_PIECE;
    use super::*;

    const NINO: &[u8] = b"AB123456C";

    fn filled(pattern: &[u8]) -> Vec<u8> {
        pattern
            .iter()
            .copied()
            .cycle()
            .take(LONGEST_PIECE)
            .collect()
    }

    fn cut(text: &[u8]) -> usize {
        let found = Scanner::new().scan(tail(text));
        let at = cut_point(text, &found);
        let base = text.len() - LOOK;
        for finding in &found {
            let inside = base + finding.start < at && at < base + finding.end;
            assert!(!inside, "the cut at {at} splits {finding:?}");
        }
        assert!(at >= base + EARLIEST && at <= base + LATEST + 1);
        at
    }

    #[test]
    fn quiet_text_is_cut_at_a_blank() {
        let text = filled(b"nothing to see here ");
        assert_eq!(text[cut(&text)], b' ');
    }

    #[test]
    fn without_a_blank_other_delimiters_serve() {
        let text = filled(b"\"level\":\"info\",");
        assert_eq!(text[cut(&text)], b',');
    }

    #[test]
    fn a_run_of_letters_is_cut_in_groups_of_four() {
        let mut text = filled(b"QUJD");
        text[..3].copy_from_slice(b"x: ");
        assert_eq!((cut(&text) - 3) % 4, 0);
    }

    #[test]
    fn a_character_of_several_bytes_is_not_split() {
        let text = filled("é".as_bytes());
        assert!(std::str::from_utf8(&text[..cut(&text)]).is_ok());
    }

    #[test]
    fn dense_values_are_cut_behind_one_of_them() {
        let text = filled(&[NINO, b" "].concat());
        let at = cut(&text);
        assert_eq!(
            text[..at].strip_suffix(b" ").map(|t| t.ends_with(NINO)),
            Some(true)
        );
    }

    #[test]
    fn sparse_values_keep_their_distance() {
        let mut unit = NINO.to_vec();
        unit.extend([b' '; 5000]);
        let text = filled(&unit);
        let at = cut(&text);
        assert!(!text[at - MARGIN + 1..at + MARGIN - 1].contains(&b'A'));
    }
}
