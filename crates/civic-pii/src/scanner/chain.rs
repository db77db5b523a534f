//! Chains of digits: numbers, dates and addresses that stand one behind the other with single separators between.
//!
//! A chain is read once, group by group. At each group the recognisers whose format may begin there are asked; which ones
//! follows from the lengths of the next groups, so that most groups ask none.

use super::engine::{Scan, is_separator};
use super::number::{Group, Number, Prefix};
use super::{dull, hex_dump};
use crate::Kind;
use crate::identifier::{
    accounts_office_reference, bank_account, brp, chi_number, child_benefit_number, company_number,
    crn, cro_number, date_of_birth, driving_licence, hc_number, iban, ip_address, nhs_number, nino,
    passport, payment_card, phone, pnc_id, temporary_reference_number, uln, upn, uprn, utr,
    vat_number, visa_gwf,
};

/// Groups that the longest format needs: sort code and account number with a space in it, or a phone number.
const AHEAD: usize = 7;

/// Reads the chain that ends here.
pub(super) fn recognise(scan: &mut Scan<'_>, end: usize, timestamp: bool) {
    let Some(start) = scan.chain_start(end) else {
        return;
    };
    if timestamp {
        date_of_birth::recognise_timestamp(scan, end);
        return;
    }
    if let Some(separator) = hex_dump::separator_in(scan.text(), start, end) {
        hex_dump::recognise(scan, separator);
    }
    if is_plain(scan, start, end) || is_unnamed(scan, start, end) {
        return;
    }
    let mut next = start;
    let mut decimal = false;
    let mut ahead = [Group::default(); AHEAD];
    let mut known = 0;
    let mut first = true;
    loop {
        while known < AHEAD && next < end {
            let group = read_group(scan, next, end);
            next = group.end() + usize::from(group.separator != 0);
            ahead[known] = group;
            known += 1;
        }
        if known == 0 {
            return;
        }
        let used = at_group(scan, &ahead[..known], first, decimal).clamp(1, known);
        decimal = ahead[used - 1].separator == b'.';
        first = false;
        ahead.copy_within(used..known, 0);
        known -= used;
    }
}

/// Whether the chain is a number that is nothing to any recogniser: five or seven digits alone, or a decimal fraction.
#[inline]
fn is_plain(scan: &Scan<'_>, start: usize, end: usize) -> bool {
    if !scan.begins(start)
        || (is_separator(scan.before(start)) && scan.before(start - 1).is_ascii_alphabetic())
    {
        return false;
    }
    let chain = &scan.text()[start..end];
    let whole = chain
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if whole == chain.len() {
        return matches!(whole, 5 | 7) && !dull::is_behind_bracket(scan, start) && scan.ends(end);
    }
    chain[whole] == b'.'
        && whole < 9
        // A fraction has no zero in front but before its point: `07700.900123` is a telephone number.
        && (chain[0] != b'0' || whole == 1)
        && (whole, chain.len()) != (6, 11)
        && chain[whole + 1..].iter().all(u8::is_ascii_digit)
}

/// Whether the chain is one number that is nothing without evidence, and there is none.
#[inline]
fn is_unnamed(scan: &mut Scan<'_>, start: usize, end: usize) -> bool {
    const LONG_WORD: usize = 6;
    if !(6..=9).contains(&(end - start))
        || !scan.begins(start)
        || dull::follows_dialling(scan, start)
        || !scan.text()[start..end].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    // A short word in front may be the letters of an identifier.
    let apart = is_separator(scan.before(start)) && scan.before(start - 1).is_ascii_alphabetic();
    let word = &scan.text()[(start - usize::from(apart)).saturating_sub(LONG_WORD)..start];
    let long = word.len() > LONG_WORD
        && word[..LONG_WORD - 1].iter().all(u8::is_ascii_alphabetic)
        && scan.before(start - 1).is_ascii_lowercase();
    (!apart || long) && scan.has_no_evidence(start, end)
}

/// Whether a word of letters ends here that is no piece of a hexadecimal number or of a token.
fn is_behind_word(scan: &Scan<'_>, end: usize) -> bool {
    const LONGEST: usize = 32;
    let floor = end.saturating_sub(LONGEST);
    let mut start = end;
    while start > floor && scan.before(start).is_ascii_alphabetic() {
        start -= 1;
    }
    let word = &scan.text()[start..end];
    scan.begins(start) && !word.iter().all(u8::is_ascii_hexdigit)
}

/// Whether the chain is an address of four parts and no more: the parts of one that is not personal are nothing else.
fn is_address(scan: &Scan<'_>, groups: &[Group]) -> bool {
    let [a, b, c, d] = groups else { return false };
    let octet = |group: &Group| {
        let digits = &scan.text()[group.start..group.end()];
        digits.len() < 3 || (digits.len() == 3 && digits <= &b"255"[..])
    };
    [a, b, c].iter().all(|group| group.separator == b'.')
        && groups.iter().all(octet)
        && scan.begins(a.start)
        && scan.before(a.start) != b'.'
        && scan.ends(d.end())
}

fn read_group(scan: &Scan<'_>, start: usize, end: usize) -> Group {
    let digits = scan.text()[start..end]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let stop = start + digits;
    let separator = if stop < end { scan.text()[stop] } else { 0 };
    Group {
        start,
        len: digits,
        separator,
    }
}

/// Asks the recognisers whose format may begin at the first of these groups; returns how many groups were used.
fn at_group(scan: &mut Scan<'_>, groups: &[Group], first: bool, decimal: bool) -> usize {
    let mut glued = false;
    if first {
        if let Some(prefix) = Prefix::before(scan, groups[0].start) {
            let used = behind_letters(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            // What follows a space may be another number: `GET /brp/ZX2106489 200 9ms`.
            if !prefix.apart
                && groups.len() > 1
                && groups[0].separator == b' '
                && matches!(groups[0].len, 6..=12)
                && behind_letters(scan, &groups[..1], prefix) > 0
            {
                return 1;
            }
            if !prefix.apart {
                // Only a word, never a piece of a hexadecimal number, may stand glued to a bare number.
                glued = true;
                if !scan.begins(prefix.start) || prefix.is_hexadecimal(scan) {
                    return 1;
                }
            }
        } else if !scan.begins(groups[0].start) {
            // A long word, which may end in the letters of a number: `applicationAB123456C`.
            let found = nino::recognise(scan, groups) > 0;
            if found || !is_behind_word(scan, groups[0].start) {
                return groups.len();
            }
            glued = true;
        }
    }
    if scan.is_in_uuid(groups[0].start, groups[0].end()) {
        return 1;
    }
    let next = |i: usize| groups.get(i).map_or(0, |group| group.len);
    let (a, b, c, d) = (next(0), next(1), next(2), next(3));
    let separator = groups[0].separator;
    if separator == b'.'
        && (1..=3).contains(&a)
        && d > 0
        && (ip_address::recognise_v4(scan, groups) || is_address(scan, groups))
    {
        return 4;
    }
    let start = groups[0].start;
    if dull::follows_dialling(scan, start) || scan.byte(start) == b'0' {
        let used = phone::recognise(scan, groups);
        if used > 0 {
            return used;
        }
    }
    let used = match (a, b, c, d) {
        (2, 2, 2, 4 | 6..=8) | (6, 6..=8, ..) => bank_account::recognise(scan, groups),
        (4, 4, 4, 4) => card(scan, groups, 5).max(card(scan, groups, 4)),
        (4, 4, 5, _) | (4, 6, 4 | 5, _) => card(scan, groups, 3),
        _ => 0,
    };
    if used > 0 {
        return used;
    }
    let used = match (a, b, c, d) {
        (3, 3, 4, _) | (4, 3, 3, _) | (6, 3, 1, _) | (2, 4, 4, _) => ten(scan, groups, 3),
        (5, 5, ..) | (6, 4, ..) => ten(scan, groups, 2),
        (1, 3, 3, 3) if separator == b',' => ten(scan, groups, 4),
        (3, 5, 5, _) => {
            // A taxpayer reference behind its office; its last ten digits alone are none.
            let number = Number::of(scan.text(), &groups[..3]);
            if one_separator(groups, 3) && ends_as_number(scan, number.end) {
                utr::recognise(scan, &number);
                3
            } else {
                0
            }
        }
        (4, 4, 4, _) if property(scan, groups, 3) => 3,
        (3, 3, 3, 3) if property(scan, groups, 4) => 4,
        (3, 4, 2, _) | (3, 3, 3, _) | (2, 3, 4, _) => nine(scan, groups, 3),
        (4, 1..=2, 1..=2, _) | (1..=2, 1..=2, 4, _) => date_of_birth::recognise(scan, groups),
        (2, 2, 2, 4) if ten(scan, groups, 4) > 0 => 4,
        (2, 2, 2, _) => {
            let used = date_of_birth::recognise(scan, groups);
            if used > 0 {
                used
            } else {
                bank_account::recognise_sort_code(scan, groups)
            }
        }
        (1..=2, 1..=2, 2, _) if separator != b' ' && groups[1].separator == separator => {
            date_of_birth::recognise(scan, groups)
        }
        (4, 4, ..) => bank_account::recognise_account(scan, groups),
        (2 | 4, 1..=7, ..) | (1..=6, 2, ..)
            if separator == b'/' || (separator == b'-' && is_before_letter(scan, groups)) =>
        {
            let used = pnc_id::recognise(scan, groups);
            if used > 0 {
                used
            } else {
                cro_number::recognise(scan, groups)
            }
        }
        _ => 0,
    };
    if used > 0 {
        return used;
    }
    // The digits behind a decimal point are no number of their own.
    if a < 5 || decimal {
        return 1;
    }
    let mut number = Number::of(scan.text(), &groups[..1]);
    number.glued = glued;
    bare(scan, number, a, groups);
    1
}

/// Formats that begin with letters; returns how many groups were used, zero if none fits.
fn behind_letters(scan: &mut Scan<'_>, groups: &[Group], prefix: Prefix) -> usize {
    let used = nino::recognise(scan, groups);
    if used > 0 {
        return used;
    }
    if iban::recognise(scan, prefix) {
        return groups.len();
    }
    match prefix.len {
        1 => {
            let used = upn::recognise(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            let used = crn::recognise(scan, groups, prefix);
            let used = used.max(usize::from(passport::recognise_old(scan, groups, prefix)));
            if used > 0 || utr::recognise_with_k(scan, groups, prefix) {
                return used.max(1);
            }
            if company_number::recognise(scan, groups, prefix) {
                return 1;
            }
            let used = temporary_reference_number::recognise_spaced(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            if prefix.apart {
                accounts_office_reference::recognise(scan, groups, prefix)
            } else {
                usize::from(driving_licence::recognise_spaced(scan, groups, prefix))
            }
        }
        2 => {
            let used = vat_number::recognise_with_country(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            let used = accounts_office_reference::recognise(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            let used = brp::recognise(scan, groups, prefix);
            if used > 0 {
                return used;
            }
            usize::from(
                passport::recognise_foreign(scan, groups, prefix)
                    || company_number::recognise(scan, groups, prefix)
                    || cro_number::recognise_file(scan, groups, prefix)
                    || driving_licence::recognise_spaced(scan, groups, prefix),
            )
        }
        3 => {
            if visa_gwf::recognise(scan, groups, prefix)
                || child_benefit_number::recognise(scan, groups, prefix)
                || driving_licence::recognise_spaced(scan, groups, prefix)
            {
                return 1;
            }
            brp::recognise(scan, groups, prefix)
        }
        4 | 5 => usize::from(driving_licence::recognise_spaced(scan, groups, prefix)),
        _ => 0,
    }
}

/// A payment card number in this many groups.
fn card(scan: &mut Scan<'_>, groups: &[Group], count: usize) -> usize {
    if groups.len() < count {
        return 0;
    }
    let number = Number::of(scan.text(), &groups[..count]);
    if one_separator(groups, count)
        && scan.ends(number.end)
        && payment_card::recognise(scan, &number)
    {
        count
    } else {
        0
    }
}

/// Ten digits in groups.
fn ten(scan: &mut Scan<'_>, groups: &[Group], count: usize) -> usize {
    let number = Number::of(scan.text(), &groups[..count]);
    // `20596/79850` is so much of so much; behind a slash, what a space follows is the end of a path or of a list of times.
    // A Scottish number may have a slash behind its date: `130127/5530`.
    let listed = (groups[0].separator == b'/' && (groups[0].len, groups[1].len) != (6, 4))
        || (groups[0].separator == b' '
            && scan.before(number.start) == b'/'
            && !scan.was_encoded(groups[0].end()));
    if !listed
        && one_separator(groups, count)
        && ends_as_number(scan, number.end)
        && (ten_digits(scan, &number)
            || (groups[0].len == 3 && phone::recognise_north_american(scan, &number)))
    {
        count
    } else {
        0
    }
}

/// Nine digits in groups, or twelve as a VAT number with its branch.
fn nine(scan: &mut Scan<'_>, groups: &[Group], count: usize) -> usize {
    let number = Number::of(scan.text(), &groups[..count]);
    if one_separator(groups, count) && scan.ends(number.end) && nine_digits(scan, &number) {
        count
    } else {
        0
    }
}

/// A property reference in this many groups.
fn property(scan: &mut Scan<'_>, groups: &[Group], count: usize) -> bool {
    let number = Number::of(scan.text(), &groups[..count]);
    one_separator(groups, count)
        && groups[count - 1].separator == 0
        && scan.ends(number.end)
        && uprn::recognise(scan, &number)
}

/// Whether two groups end the chain and a letter follows.
fn is_before_letter(scan: &Scan<'_>, groups: &[Group]) -> bool {
    matches!(groups, [_, last] if scan.byte(last.end()).is_ascii_alphabetic())
}

/// Whether the same separator stands between all of these groups; a comma only where thousands end, since a list of numbers
/// has commas too.
fn one_separator(groups: &[Group], count: usize) -> bool {
    let (first, rest) = (groups[0], &groups[1..count]);
    rest.iter()
        .all(|group| first.separator != b',' || group.len == 3)
        && groups[..count - 1]
            .iter()
            .all(|group| group.separator == first.separator)
}

/// Whether a number may end here; a K may follow a taxpayer reference.
fn ends_as_number(scan: &Scan<'_>, end: usize) -> bool {
    scan.ends(end) || (matches!(scan.byte(end), b'K' | b'k') && scan.ends(end + 1))
}

/// A run of digits without separators.
pub(super) fn bare(scan: &mut Scan<'_>, mut number: Number, len: usize, groups: &[Group]) {
    let end = number.end;
    // A word may stand behind it where one stands before it; else it is a unit.
    let between_words = number.glued && matches!(len, 10 | 11 | 16);
    if !ends_as_number(scan, end) && !between_words {
        // Letters belong to a date, a reference or a piece of a longer word.
        match len {
            6 => passport::recognise_old_reversed(scan, &number),
            9 | 11 => pnc_id::recognise_joined(scan, &number),
            _ => {}
        }
        return;
    }
    // A float prints a whole number with `.0` behind it, which is part of the number.
    if let [_, Group { separator: 0, .. }] = groups
        && groups[0].separator == b'.'
        && scan.text()[groups[1].start..groups[1].end()] == *b"0"
    {
        number.end = groups[1].end();
    }
    match len {
        5..=8 => {
            if len == 8 || len == 6 {
                date_of_birth::recognise_bare(scan, &number);
            }
            bank_account::recognise_part(scan, &number);
            company_number::recognise_bare(scan, &number);
            driving_licence::recognise_northern_ireland(scan, &number);
        }
        9 => {
            nine_digits(scan, &number);
            chi_number::recognise_short(scan, &number);
        }
        10 => {
            ten_digits(scan, &number);
        }
        11 => {
            phone::recognise_bare(scan, &number);
        }
        12 => {
            phone::recognise_bare(scan, &number);
            vat_number::recognise(scan, &number);
        }
        13 => {
            utr::recognise(scan, &number);
            payment_card::recognise(scan, &number);
        }
        14..=19 => {
            payment_card::recognise(scan, &number);
            if len == 14 {
                phone::recognise_bare(scan, &number);
                bank_account::recognise_joined(scan, &number);
            }
        }
        _ => {}
    }
    if len <= 12 && scan.wants(Kind::Uprn) {
        uprn::recognise(scan, &number);
    }
}

/// The identifiers of ten digits; the surest one is kept.
fn ten_digits(scan: &mut Scan<'_>, number: &Number) -> bool {
    let mut found = nhs_number::recognise(scan, number);
    found |= chi_number::recognise(scan, number);
    found |= hc_number::recognise(scan, number);
    found |= uln::recognise(scan, number);
    found |= utr::recognise(scan, number);
    found |= number.is_bare() && phone::recognise_bare(scan, number);
    found
}

/// The identifiers of nine digits.
fn nine_digits(scan: &mut Scan<'_>, number: &Number) -> bool {
    let mut found = passport::recognise(scan, number);
    found |= vat_number::recognise(scan, number);
    found
}

/// Letters and digits from a place on, without single separators between, in capitals; stops when the buffer is full.
pub(crate) fn canonical<'b>(text: &[u8], from: usize, buffer: &'b mut [u8]) -> (&'b [u8], usize) {
    let mut len = 0;
    let mut at = from;
    while len < buffer.len() && at < text.len() {
        let byte = text[at];
        if byte.is_ascii_alphanumeric() {
            buffer[len] = byte.to_ascii_uppercase();
            len += 1;
        } else if !(is_separator(byte)
            && len > 0
            && text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric))
        {
            break;
        }
        at += 1;
    }
    (&buffer[..len], at)
}

#[cfg(test)]
mod tests {
    use crate::Scanner;

    #[test]
    fn a_number_between_words_is_found() {
        for text in [
            "nhsNumber9434765919",
            "userPatient4010232137",
            "nhs4010232137x",
            "getPatient4010232137Record",
            "patientId4010232137found",
        ] {
            let findings = Scanner::new().scan(text);
            assert_eq!(findings.len(), 1, "{text}");
            assert!(
                text[findings[0].start..findings[0].end]
                    .bytes()
                    .all(|byte| byte.is_ascii_digit())
            );
        }
    }

    #[test]
    fn what_follows_a_number_does_not_hide_it() {
        for text in [
            "phone 07700 900123 10:11:12 done",
            "nhs 943 476 5919 10:11:12.123 done",
            "card 4111 1111 1111 1111 10:11:12",
            "card 4111 1111 1111 1111 3rd",
            "patient 4010232137 3fa85f64",
            "patient 4010232137 42a85f64",
        ] {
            assert_eq!(Scanner::new().scan(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn few_digits_behind_an_area_code_are_a_telephone_number() {
        for text in ["call (020) 79460000 now", "call (0141) 4960123 now"] {
            assert_eq!(Scanner::new().scan(text).len(), 1, "{text}");
        }
    }

    #[test]
    fn thousands_are_a_number_and_a_list_is_none() {
        let found = |text: &str| !Scanner::new().scan(text).is_empty();
        assert!(found("patient 4,010,232,137"));
        for text in ["[66,6054,4259]", "[401,023,2137]", "[4111,1111,1111,1111]"] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn a_number_in_a_hexadecimal_one_or_before_a_unit_stays() {
        for text in [
            "deadbeef4010232137",
            "id=b4010232137f",
            "sha=ab4010232137cdef0123",
            "took 4010232137ns",
            "zz9plural4010232137",
        ] {
            assert_eq!(Scanner::new().scan(text), [], "{text}");
        }
    }
}
