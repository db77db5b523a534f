//! Sort code and account number: six digits and eight.
//!
//! Some ranges of sort codes have a modulus check and others have none; the table changes several times a year and an
//! exception is no proof of a mistake. So no modulus is computed here: a sort code beside an account number is enough.
//!
//! Source: <https://www.vocalink.com/tools/modulus-checking/>.

use crate::Evidence;
use crate::Kind;
use crate::scanner::{Candidate, Group, NEEDS_EVIDENCE, Number, Scan};

use super::ascii::{Ascii, written_with};
use super::checksum::all_digits;
use super::identifier;
use super::parse_error::{ParseError, Reason};

/// A sort code with an account number.
///
/// Takes 15 bytes and no heap. Whether the account can exist is not checked.
///
/// ```
/// use civic_pii::identifier::BankAccount;
/// let account = BankAccount::parse("12-34-56 / 12345678")?;
/// assert_eq!(account.expose(), "12345612345678");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BankAccount(Ascii<14>);

identifier! {
    /// Six digits of sort code and eight of account number, without anything between.
    BankAccount, BankAccount, canonical
}

/// Whether fourteen digits are a sort code and an account number, neither of them all zeros.
pub(crate) fn is_valid(canonical: &[u8]) -> bool {
    canonical
        .split_at_checked(6)
        .is_some_and(|(code, account)| {
            sort_code(code)
                && account.len() == 8
                && all_digits(account)
                && account.iter().any(|byte| *byte != b'0')
        })
}

/// Whether the bytes are the six digits of a sort code.
pub(crate) fn sort_code(digits: &[u8]) -> bool {
    digits.len() == 6 && all_digits(digits) && digits.iter().any(|byte| *byte != b'0')
}

fn check(canonical: &[u8]) -> Result<(), Reason> {
    if is_valid(canonical) {
        Ok(())
    } else {
        Err(Reason::Structure)
    }
}

fn canonical(text: &str) -> Option<Ascii<14>> {
    written_with(text, |character| matches!(character, '/' | ',' | ':'))
}

/// Finds a sort code with the account number behind it; returns how many groups they have.
pub(crate) fn recognise(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let (code, account) = match groups {
        [a, b, c, rest @ ..]
            if (a.len, b.len, c.len) == (2, 2, 2) && a.separator == b.separator =>
        {
            (3, rest)
        }
        [a, rest @ ..] if a.len == 6 => (1, rest),
        _ => return 0,
    };
    let account_groups = match account {
        [a, b, ..] if (a.len, b.len) == (4, 4) => 2,
        [a, ..] if (6..=8).contains(&a.len) => 1,
        _ => return 0,
    };
    let count = code + account_groups;
    let (start, end) = (groups[0].start, groups[count - 1].end());
    if !scan.ends(end) || !scan.begins(start) {
        return 0;
    }
    let base = match (code, groups[0].separator) {
        (3, b'-') => 78,
        (3, b' ') => 72,
        (3, _) => 55,
        _ => NEEDS_EVIDENCE - 5,
    };
    let base = if account[0].len == 8 || account_groups == 2 {
        base
    } else {
        base.min(55)
    };
    let found =
        scan.propose(Candidate::new(Kind::BankAccount, start, end, base).shows(Evidence::GROUPS));
    if found { count } else { 0 }
}

/// Finds a sort code in three pairs; beside an account number it needs no other evidence.
pub(crate) fn recognise_sort_code(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let [a, b, c, ..] = groups else { return 0 };
    let (start, end) = (a.start, c.end());
    if a.separator != b.separator || !matches!(a.separator, b'-' | b' ' | b'.') || !scan.ends(end) {
        return 0;
    }
    let text = scan.text();
    // Three pairs out of a longer row of pairs are no code.
    let goes_on = c.separator == a.separator && groups.get(3).is_some_and(|next| next.len == 2);
    let went_on =
        scan.before(start) == a.separator && start > 1 && text[start - 2].is_ascii_digit();
    if goes_on || went_on {
        return 0;
    }
    // `12-34-56, 12345678` and `12-34-56 - 12345678`
    let gap = gap_before_account(&text[end..]);
    let account = end + gap;
    let digits = text[account..]
        .iter()
        .take(9)
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if c.separator == 0 && gap > 0 && digits == 8 && scan.ends(account + 8) {
        let found = scan.propose(
            Candidate::new(Kind::BankAccount, start, account + 8, 72).shows(Evidence::GROUPS),
        );
        return if found { 3 } else { 0 };
    }
    let found = scan.propose(
        Candidate::new(Kind::BankAccount, start, end, NEEDS_EVIDENCE).shows(Evidence::GROUPS),
    );
    if found { 3 } else { 0 }
}

/// How many bytes stand between a sort code and the account number behind it: signs, or words such as `account number`.
fn gap_before_account(text: &[u8]) -> usize {
    const LONGEST: usize = 26;
    let gap = text
        .iter()
        .take(LONGEST)
        .take_while(|byte| {
            byte.is_ascii_alphabetic()
                || matches!(
                    byte,
                    b' ' | b',' | b'/' | b'-' | b':' | b';' | b'|' | b'+' | b'.' | b'=' | b'_'
                )
        })
        .count();
    let letters = text[..gap].iter().position(u8::is_ascii_alphabetic);
    match letters {
        None => gap.min(4),
        // `account`, `acct`, `acc. no`, `a/c`
        Some(word) => {
            let named = [&b"acc"[..], b"a/c"].iter().any(|name| {
                text[word..gap]
                    .get(..3)
                    .is_some_and(|head| head.eq_ignore_ascii_case(name))
            });
            if named { gap } else { 0 }
        }
    }
}

/// Finds an account number in two groups of four.
pub(crate) fn recognise_account(scan: &mut Scan<'_>, groups: &[Group]) -> usize {
    let [a, b, ..] = groups else { return 0 };
    let alone = b.separator == 0 && scan.ends(b.end());
    let found = alone && scan.propose(Candidate::new(Kind::BankAccount, a.start, b.end(), 22));
    if found { 2 } else { 0 }
}

/// Finds a sort code or an account number without separators.
pub(crate) fn recognise_part(scan: &mut Scan<'_>, number: &Number) {
    let base = match number.digits().len() {
        8 => NEEDS_EVIDENCE,
        6 => 22,
        _ => return,
    };
    scan.propose_number(Kind::BankAccount, number, base, false, false);
}

/// Finds a sort code and an account number that stand together without separators.
pub(crate) fn recognise_joined(scan: &mut Scan<'_>, number: &Number) {
    scan.propose_number(Kind::BankAccount, number, 22, false, false);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_that_people_write_are_one_account() {
        for text in [
            "12-34-56 12345678",
            "123456 12345678",
            "12 34 56, 1234 5678",
            "12\u{2013}34\u{2013}56/12345678",
        ] {
            assert_eq!(
                BankAccount::parse(text).unwrap().expose(),
                "12345612345678",
                "{text}"
            );
        }
    }

    #[test]
    fn too_few_digits_and_zeros_are_refused() {
        for text in [
            "12-34-56",
            "12-34-56 1234567",
            "12-34-56 123456789",
            "00-00-00 12345678",
            "123456 00000000",
            "",
        ] {
            assert!(
                BankAccount::parse(text).unwrap_err().is_structure(),
                "{text}"
            );
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            (
                "got 87-00-89 account number 95857178",
                "87-00-89 account number 95857178",
            ),
            ("12-34-56 a/c 12345678", "12-34-56 a/c 12345678"),
            ("12-34-56 12345678", "12-34-56 12345678"),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("bank-account", value)],
                "{text}"
            );
        }
        for text in [
            "on 12-34-56 we saw 12345678 rows",
            "12345678",
            "70615046074292",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "bank-account"),
                "{text}"
            );
        }
    }
}
