//! One spelling for a value, however it was written: what a pseudonym is computed from.

use crate::Kind;

/// The letters and digits of the value as they stand, escapes undone.
pub(crate) fn alphanumerics(text: &[u8]) -> String {
    decode(text)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The spelling that two services agree on: `AB 12 34 56 C` and `ab123456` give the same.
///
/// - Escapes (`%20`, `\u0040`, terminal colours), full-width and Arabic-Indic digits and zero-width characters are undone.
/// - Most kinds: letters and digits only, in lower case.
/// - Email and IP address: lower case without white space; their punctuation tells values apart.
/// - Credential and One Login subject: as they stand, since case tells them apart.
/// - Name and address: words in lower case with one space between.
/// - Date: its groups without leading zeros, joined by `-`. The order of day and month is not guessed.
/// - Parts that say nothing about whose value it is go: the suffix letter of a NINO, `+44`, a leading zero that a number
///   loses, the `K` of a UTR and its tax-office prefix, the country prefix of a VAT number, a licence's issue number.
pub(crate) fn canonical(kind: Kind, text: &[u8]) -> String {
    let decoded = decode(text);
    let value = decoded.trim();
    match kind {
        Kind::Credential | Kind::OneLoginSubject => value.to_owned(),
        Kind::Email | Kind::IpAddress => lower(value.chars().filter(|c| !c.is_whitespace())),
        Kind::PersonName | Kind::Address => words(value),
        Kind::DateOfBirth => groups(value),
        Kind::Phone => phone(value),
        Kind::BankAccount => value.chars().filter(char::is_ascii_digit).collect(),
        Kind::NhsNumber | Kind::ChiNumber | Kind::HcNumber | Kind::Uln | Kind::Utr => ten(value),
        _ => {
            let mut value = lower(value.chars().filter(|c| c.is_alphanumeric()));
            match kind {
                Kind::Nino if value.is_ascii() => value.truncate(8),
                Kind::DrivingLicence if value.len() == 18 && value.is_ascii() => value.truncate(16),
                Kind::VatNumber if value.starts_with("gb") || value.starts_with("xi") => {
                    value.replace_range(..2, "");
                }
                _ => {}
            }
            value
        }
    }
}

fn lower(chars: impl Iterator<Item = char>) -> String {
    chars.flat_map(char::to_lowercase).collect()
}

fn words(value: &str) -> String {
    let mut words = String::with_capacity(value.len());
    for word in value.split(|c: char| c.is_whitespace() || c == '+' || c == ',') {
        let word = lower(word.chars().filter(|c| c.is_alphanumeric()));
        if !word.is_empty() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&word);
        }
    }
    words
}

fn groups(value: &str) -> String {
    let mut groups = String::with_capacity(value.len());
    for group in value.split(|c: char| !c.is_alphanumeric()) {
        let group = group.trim_start_matches('0');
        if !group.is_empty() {
            if !groups.is_empty() {
                groups.push('-');
            }
            groups.extend(group.chars().flat_map(char::to_lowercase));
        }
    }
    groups
}

/// National digits without the leading zero: an integer field has lost it.
fn phone(value: &str) -> String {
    let international = value.starts_with('+') || value.starts_with("(+");
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let national = match digits.strip_prefix("0044") {
        Some(national) => national,
        None if international => digits.strip_prefix("44").unwrap_or(&digits),
        None => &digits,
    };
    let national = national.trim_start_matches('0');
    if international && !digits.starts_with("44") {
        format!("+{national}")
    } else {
        national.to_owned()
    }
}

/// Ten digits, zeros in front where a number has lost them.
fn ten(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let last = &digits[digits.len().saturating_sub(10)..];
    format!("{last:0>10}")
}

/// Undoes the escapes that a value may be written in, and the Unicode forms of ASCII.
fn decode(text: &[u8]) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        let rest = &text[i..];
        let (len, c) = match rest[0] {
            b'%' => hex(rest, 1, 2).map_or((1, '%'), |code| (3, code)),
            b'\\' => {
                let run = rest.iter().take_while(|b| **b == b'\\').count();
                let (len, c) = backslash(&rest[run..]);
                (run + len, c)
            }
            0x1b if rest.get(1) == Some(&b'[') => {
                let end = rest.iter().skip(2).position(|b| (0x40..0x7f).contains(b));
                (end.map_or(rest.len(), |end| end + 3), '\u{200b}')
            }
            byte => {
                bytes.push(byte);
                i += 1;
                continue;
            }
        };
        // A percent-encoded byte above 127 is part of a UTF-8 character.
        if rest[0] == b'%' && c > '\x7f' {
            bytes.push(c as u8);
        } else {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        i += len;
    }
    String::from_utf8_lossy(&bytes)
        .chars()
        .filter(|c| {
            !matches!(
                c,
                '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}'
            )
        })
        .map(narrow)
        .collect()
}

/// What follows a run of backslashes: its length and the character that it stands for.
fn backslash(rest: &[u8]) -> (usize, char) {
    match rest.first() {
        Some(b'n' | b'r' | b't' | b'b' | b'f') => (1, ' '),
        Some(b'u') => hex(rest, 1, 4).map_or((0, '\\'), |c| (5, c)),
        Some(b'x') => hex(rest, 1, 2).map_or((0, '\\'), |c| (3, c)),
        Some(c @ (b'"' | b'/' | b'\'')) => (1, char::from(*c)),
        _ => (0, '\\'),
    }
}

fn hex(bytes: &[u8], start: usize, len: usize) -> Option<char> {
    let digits = core::str::from_utf8(bytes.get(start..start + len)?).ok()?;
    if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    char::from_u32(u32::from_str_radix(digits, 16).ok()?)
}

fn narrow(c: char) -> char {
    let code = c as u32;
    let ascii = match code {
        0xff01..=0xff5e => code - 0xfee0,
        0x660..=0x669 => code - 0x660 + 0x30,
        0x6f0..=0x6f9 => code - 0x6f0 + 0x30,
        _ => return c,
    };
    char::from_u32(ascii).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(kind: Kind, forms: &[&str]) {
        let first = canonical(kind, forms[0].as_bytes());
        for form in forms {
            assert_eq!(canonical(kind, form.as_bytes()), first, "{form}");
        }
    }

    #[test]
    fn forms_of_one_value_agree() {
        same(
            Kind::Nino,
            &[
                "QQ 12 34 56 C",
                "qq123456c",
                "QQ123456",
                "QQ%2012%2034%2056%20C",
                "QQ+12+34+56+C",
                "QQ\u{a0}12\u{200b}34\u{2013}56\\nC",
                "\\u0051Q123456C",
                "\u{ff31}Q12345\u{ff16}C",
                "QQ12\x1b[1m3456C",
            ],
        );
        same(
            Kind::Phone,
            &[
                "07700 900123",
                "+44 7700 900123",
                "+44 (0)7700 900123",
                "0044 7700 900123",
                "7700900123",
            ],
        );
        same(
            Kind::Email,
            &["A.Person@Example.com", "a.person%40example.com"],
        );
        same(Kind::PersonName, &["Zoë  O'Brien", "ZO%C3%8B OBRIEN"]);
        same(Kind::DateOfBirth, &["01/02/1980", "1-2-1980"]);
        same(
            Kind::Utr,
            &["1234567890", "K 12345 67890", "123 1234567890K"],
        );
        same(Kind::ChiNumber, &["0101991234", "101991234"]);
        same(Kind::VatNumber, &["GB 123 4567 89", "123456789"]);
    }

    #[test]
    fn different_values_differ() {
        for (kind, a, b) in [
            (Kind::Email, "a.b@example.com", "ab@example.com"),
            (Kind::IpAddress, "203.0.113.1", "203.0.11.31"),
            (Kind::Credential, "abcDEF", "abcdef"),
            (Kind::DateOfBirth, "1/11/1980", "11/1/1980"),
            (Kind::Phone, "+1 555 0100", "07 555 0100"),
        ] {
            assert_ne!(canonical(kind, a.as_bytes()), canonical(kind, b.as_bytes()));
        }
    }
}
