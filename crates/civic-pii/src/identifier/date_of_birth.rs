//! Dates of birth: a date of any common form, where a name or a word says that it is one.
//!
//! A date alone is never personal data here. Forms: the GOV.UK Design System's dates pattern (`27 3 2007`, `27 March 2007`),
//! ISO 8601 (`2007-03-27`, with or without a time behind it), `27/03/2007`, `27.03.07`, `20070327`.

use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Scan};

/// Finds a date in three groups of digits; returns how many groups it has, or zero.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let [a, b, c, ..] = groups else { return 0 };
    if a.separator != b.separator || !scan.ends(c.end()) || a.start == 0 && !scan.has_field() {
        return 0;
    }
    let text = scan.text();
    // Three groups out of a longer row are no date.
    let went_on =
        scan.before(a.start) == a.separator && a.start > 1 && text[a.start - 2].is_ascii_digit();
    let goes_on = c.len == 2 && c.separator == a.separator && a.separator != b' ';
    if went_on || goes_on {
        return 0;
    }
    let value = |group: &Group| {
        text[group.start..group.end()]
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    };
    let (year, month, day) = if a.len == 4 {
        (value(a), value(b), value(c))
    } else {
        (value(c), value(b), value(a))
    };
    // Americans write the month first.
    let real = is_date(full_year(year, c.len.max(a.len) == 4), month, day)
        || is_date(full_year(year, c.len == 4), day, month);
    usize::from(
        real && scan.propose(Candidate::new(
            Kind::DateOfBirth,
            a.start,
            c.end(),
            NEEDS_EVIDENCE,
        )),
    ) * 3
}

/// Whether a name that ends here, before a date of ten bytes with a time behind it, may speak of birth, by its last letters.
#[inline]
pub(crate) fn may_follow(text: &[u8], name: usize, start: usize) -> bool {
    let Some(tail) = text[..name].last_chunk::<3>() else {
        return false;
    };
    let tail = [tail[0] | 0x20, tail[1] | 0x20, tail[2] | 0x20];
    name < start
        && start - name <= 20
        && [b"rth", b"dob", b"ate", b"day", b"orn", b"ome", b"was"].contains(&&tail)
}

/// Finds a date with a time behind it; the date ends here.
pub(crate) fn recognise_timestamp(scan: &mut Scan<'_>, end: usize) {
    let text = scan.text();
    let start = end - 10;
    let time = text[end..]
        .iter()
        .take(30)
        .take_while(|byte| {
            byte.is_ascii_digit() || matches!(byte, b'T' | b'Z' | b':' | b'.' | b'+' | b'-')
        })
        .count();
    scan.propose(Candidate::new(
        Kind::DateOfBirth,
        start,
        end + time,
        NEEDS_EVIDENCE,
    ));
}

/// Finds a date of eight or six digits without separators.
pub(crate) fn recognise_bare(scan: &mut Scan<'_>, number: &Number) {
    let digits = number.digits();
    let value = |from: usize, len: usize| {
        digits[from..from + len]
            .iter()
            .fold(0, |value, digit| value * 10 + u32::from(digit - b'0'))
    };
    let real = match digits.len() {
        8 => {
            is_date(value(0, 4), value(4, 2), value(6, 2))
                || is_date(value(4, 4), value(2, 2), value(0, 2))
        }
        6 => {
            is_date(full_year(value(4, 2), false), value(2, 2), value(0, 2))
                || is_date(full_year(value(0, 2), false), value(2, 2), value(4, 2))
        }
        _ => false,
    };
    if real {
        scan.propose(
            Candidate::new(Kind::DateOfBirth, number.start, number.end, NEEDS_EVIDENCE).bare(),
        );
    }
}

/// Finds `27 March 2007` and `March 27 2007`; the year ends here.
pub(crate) fn recognise_worded(scan: &mut Scan<'_>, end: usize) {
    let text = scan.text();
    let year = end - 4;
    if !text[year..end].iter().all(u8::is_ascii_digit) {
        return;
    }
    // `September 18, 1971`
    if matches!(text[year - 2], b',') {
        return recognise_american(scan, end);
    }
    let month_end = year - 1;
    let month = text[..month_end]
        .iter()
        .rposition(|byte| !byte.is_ascii_alphabetic())
        .map_or(0, |i| i + 1);
    if !is_month(&text[month..month_end]) || month < 2 {
        return;
    }
    // The day, with or without its ordinal ending.
    let mut day_end = month - 1;
    while day_end > 0 && month - day_end < 4 && text[day_end - 1].is_ascii_alphabetic() {
        day_end -= 1;
    }
    let mut day = day_end;
    while day > 0 && day_end - day < 2 && text[day - 1].is_ascii_digit() {
        day -= 1;
    }
    if day < day_end && scan.begins(day) {
        scan.propose(Candidate::new(Kind::DateOfBirth, day, end, NEEDS_EVIDENCE));
    }
}

/// Finds `March 27, 2007`; the year ends here.
fn recognise_american(scan: &mut Scan<'_>, end: usize) {
    let text = scan.text();
    let day_end = end - 6;
    let digits = text[..day_end]
        .iter()
        .rev()
        .take(2)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let Some(month_end) = (day_end - digits).checked_sub(1) else {
        return;
    };
    let letters = text[..month_end]
        .iter()
        .rev()
        .take(10)
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let start = month_end - letters;
    if text[month_end] == b' ' && is_month(&text[start..month_end]) && scan.begins(start) {
        scan.propose(Candidate::new(
            Kind::DateOfBirth,
            start,
            end,
            NEEDS_EVIDENCE,
        ));
    }
}

/// Whether the text has the form of a date: a day, a month in figures or letters, and a year, with or without a time.
pub(crate) fn is_written(text: &[u8]) -> bool {
    let mut digits = 0;
    let mut months = 0;
    for word in text.split(|byte| !byte.is_ascii_alphanumeric()) {
        let letters = word.iter().position(u8::is_ascii_alphabetic);
        match letters {
            None => digits += word.len(),
            Some(0) if is_month(word) => months += 1,
            // `18th`, `T00`
            Some(start @ (1 | 2))
                if [&b"st"[..], b"nd", b"rd", b"th"]
                    .iter()
                    .any(|end| word[start..].eq_ignore_ascii_case(end)) =>
            {
                digits += start;
            }
            _ => return false,
        }
    }
    months == 1 && (3..=6).contains(&digits)
}

fn is_month(word: &[u8]) -> bool {
    const MONTHS: [&[u8]; 12] = [
        b"january",
        b"february",
        b"march",
        b"april",
        b"may",
        b"june",
        b"july",
        b"august",
        b"september",
        b"october",
        b"november",
        b"december",
    ];
    word.len() >= 3
        && MONTHS.iter().any(|month| {
            month.len() >= word.len() && month[..word.len()].eq_ignore_ascii_case(word)
        })
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    (1880..=2035).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn full_year(year: u32, is_full: bool) -> u32 {
    if is_full { year } else { 1900 + year % 100 }
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    fn found(text: &str) -> Option<&str> {
        Scanner::new()
            .scan(text)
            .first()
            .filter(|finding| finding.kind == Kind::DateOfBirth)
            .map(|f| &text[f.start..f.end])
    }

    #[test]
    fn a_name_or_a_word_makes_a_date_one_of_birth() {
        assert_eq!(found("dob=1985-03-12 ok"), Some("1985-03-12"));
        assert_eq!(
            found(r#"{"date_of_birth":"12/03/1985"}"#),
            Some("12/03/1985")
        );
        assert_eq!(
            found(r#"{"dateOfBirth":"1985-03-12T00:00:00Z"}"#),
            Some("1985-03-12T00:00:00Z")
        );
        assert_eq!(found("born on 12 March 1985 in"), Some("12 March 1985"));
        assert_eq!(found("dob=19850312"), Some("19850312"));
        assert_eq!(found("date of birth 12.03.85"), Some("12.03.85"));
    }

    #[test]
    fn other_dates_stay() {
        for text in [
            "2025-08-21 started",
            "ts=2025-08-21T10:11:12.123456Z",
            "report of 12/03/1985",
            "due 12 March 2025",
            "dob_count=19850312",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("DOB April 19, 1989 was", "April 19, 1989"),
            ("dob 14/3/85", "14/3/85"),
            ("d.o.b. 4/3/85, Leeds", "4/3/85"),
            ("\"birth_date\":\"December 3, 1952\"", "December 3, 1952"),
            (
                "the birth date was 1969-12-18T00:00:00Z",
                "1969-12-18T00:00:00Z",
            ),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("date-of-birth", value)],
                "{text}"
            );
        }
        for text in [
            "released April 19, 2026",
            "released 14/3/26",
            "dob 4.3.85.1",
            "start_date=December 3, 1952",
            "the date was 2026-12-18T00:00:00Z",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "date-of-birth"),
                "{text}"
            );
        }
    }
}
