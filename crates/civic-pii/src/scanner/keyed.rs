//! Values that the name of their field gives away.
//!
//! Two things are found here. Names of people, addresses, passwords and other secrets have no shape of their own: nothing but
//! the name tells. And an identifier under its own name may be written in ways that are no shape anywhere else
//! (`"nhs_number": "4434 76 5919"`): there the whole value is compared with the identifier's form, separators aside.

use super::candidate::Candidate;
use super::dull::run_before;
use super::engine::Scan;
use super::value::{Value, trim};
use crate::evidence::{identifier_before, marker_before, name_beside};
use crate::identifier::{self, credential};
use crate::marker::marker_len;
use crate::{Evidence, Kind, KindSet};

/// Kinds that only a name gives away.
const BY_NAME: KindSet = KindSet::EMPTY
    .with(Kind::PersonName)
    .with(Kind::Address)
    .with(Kind::Credential);

/// Longest identifier, as it is written, that is compared as a whole.
const LONGEST_IDENTIFIER: usize = 48;

/// Whether the key before this `=` or `:` may be a name that gives its value away, by its last four letters; without a
/// branch, since half of all keys may and the other half may not.
#[inline(always)]
pub(super) fn may_end_name(scan: &Scan<'_>, sign: usize) -> bool {
    let Some(eight) = scan.text()[..sign].last_chunk() else {
        return sign >= 2;
    };
    // A quote may stand between, and before that what escapes it; what else may is looked at more closely.
    let mut last = u64::from_be_bytes(*eight);
    last >>= 8 * u32::from(last as u8 == b'"');
    last >>= 8 * u32::from(last as u8 == b'\\');
    let tail = (last as u32).to_be_bytes();
    !tail[3].is_ascii_alphanumeric() | scan.inner().vocabulary().may_have_tail(tail)
}

/// Whether the key before this sign is a name that gives its value away; with the mask of what stands in names, and where its
/// window begins, if there is one.
#[inline]
pub(super) fn is_name(scan: &mut Scan<'_>, sign: usize, window: Option<(u64, usize)>) -> bool {
    let text = scan.text();
    let end = if scan.before(sign).is_ascii_alphanumeric() {
        sign
    } else {
        key_end(text, sign)
    };
    let name = window
        .and_then(|(names, base)| {
            let letters = (end - base.min(end)) as u32;
            let len = run_before(names, letters);
            (len < letters || base == 0).then(|| end - len as usize)
        })
        .unwrap_or_else(|| identifier_before(text, end));
    // Other words may stand before it: `NHS id: `.
    let spoken = text[end] == b':' && scan.before(name) == b' ';
    // What tells a name of fewer letters apart is also the byte before it, which may be another one next time.
    let remembers = !spoken && end >= name + 4 && !scan.inner().has_own_vocabulary();
    if remembers && scan.senses.is_dull(text, name, end) {
        return false;
    }
    if end < 2 {
        return false;
    }
    is_unknown_name(scan, sign, (name, end), spoken, remembers)
}

/// As [`is_name`], for a name that is not known to be none.
#[inline(never)]
fn is_unknown_name(
    scan: &mut Scan<'_>,
    sign: usize,
    (name, end): (usize, usize),
    spoken: bool,
    remembers: bool,
) -> bool {
    let text = scan.text();
    let last = scan.last_four(end);
    let worth = scan.inner().vocabulary().has_tail(last) && is_worth_reading(text, sign, end, last);
    // Another name may stand beside it.
    if last == *b"alue" {
        return worth;
    }
    let named = worth
        && (!scan.sense_of_key(name, end).0.kinds.is_empty()
            || (spoken && scan.name_in_words(name, end).is_some()));
    // What a session holds its value tells.
    if !named && remembers && last != *b"sion" {
        scan.senses.add_dull(text, name, end);
    }
    named
}

/// Whether a name with such an end is none of the most frequent that give nothing away.
fn is_worth_reading(text: &[u8], sign: usize, end: usize, last: [u8; 4]) -> bool {
    match &last {
        b"date" | b"Date" => !is_other_date(&text[..end]),
        // `request_id` is no `passport_id`, `count` no `bank_account`, `duration` no `registration`.
        b"t_id" | b"t-id" => text[..end - 4].ends_with(b"r"),
        b"ount" => text[..end - 4].ends_with(b"cc"),
        b"tion" => [&b"stra"[..], b"iza", b"isa"]
            .iter()
            .any(|ending| text[..end - 4].ends_with(ending)),
        b"alue" => name_beside(text, identifier_before(text, end), end).is_some(),
        b"sion" => text[..end].ends_with(b"session") && is_cookie(&text[sign + 1..]),
        _ => true,
    }
}

/// Whether the value that begins here ends at a semicolon and a space, as in `session=abc; Path=/`.
fn is_cookie(value: &[u8]) -> bool {
    // Most are numbers of sessions: a UUID or hexadecimal digits with a space behind them.
    if matches!(value.get(32), None | Some(b' ')) || value.get(8) == Some(&b'-') {
        return false;
    }
    value
        .iter()
        .take(128)
        .position(|byte| matches!(byte, b';' | b' ' | b'"' | b'\''))
        // An attribute or another cookie has to follow.
        .is_some_and(|end| match &value[end..] {
            [b';', b' ', first, rest @ ..] => {
                first.is_ascii_uppercase()
                    || rest.iter().take(32).find(|byte| b"= ".contains(byte)) == Some(&b'=')
            }
            _ => false,
        })
}

/// Whether a name ends in `date` and is another one than `birth_date`, as almost all are: `update`, `start_date`.
fn is_other_date(name: &[u8]) -> bool {
    let Some((head, tail)) = name.split_last_chunk::<4>() else {
        return false;
    };
    let head = head
        .strip_suffix(b"_")
        .or_else(|| head.strip_suffix(b"-"))
        .unwrap_or(head);
    tail.eq_ignore_ascii_case(b"date") && !matches!(head, [.., b't' | b'T', b'h' | b'H'])
}

/// Looks at the key that ends before this `=` or `:`.
pub(super) fn recognise(scan: &mut Scan<'_>, sign: usize) {
    let text = scan.text();
    let end = key_end(text, sign);
    // A marker is no name.
    if text[end] == b']' && marker_before(text, end + 1).is_some() {
        return;
    }
    let name = identifier_before(text, end);
    let (name, end) = name_beside(text, name, end).unwrap_or((name, end));
    named(scan, name, end, &|scan, kind| {
        Value::behind(scan, sign, name, kind)
    });
}

/// End of the key before a sign, without quotes and what else may stand between.
#[inline]
fn key_end(text: &[u8], sign: usize) -> usize {
    let mut end = sign;
    // `Key (surname)=(Okafor)`.
    if text[sign] == b'=' && text[..sign].ends_with(b")") {
        return sign - 1;
    }
    while end > 0 && sign - end < 18 && matches!(text[end - 1], b'"' | b'\'' | b'\\' | b' ' | b']')
    {
        end -= 1;
    }
    end
}

/// Looks at the element whose closing tag begins with this slash: `<Postcode>SW1A 1AA</Postcode>`.
#[inline]
pub(super) fn recognise_element(scan: &mut Scan<'_>, slash: usize) {
    let text = scan.text();
    let len = text[slash + 1..]
        .iter()
        .take(80)
        .take_while(|byte| **byte != b'>')
        .count();
    let end = slash + 1 + len;
    let name = identifier_before(text, end).max(slash + 1);
    if end - name >= 3 && scan.inner().vocabulary().has_tail(scan.last_four(end)) {
        named(scan, name, end, &|scan, _| {
            Value::of_element(scan.text(), slash - 1)
        });
    }
}

#[inline(never)]
fn named(
    scan: &mut Scan<'_>,
    name: usize,
    name_end: usize,
    value: &dyn Fn(&Scan<'_>, Kind) -> Option<Value>,
) {
    let text = scan.text();
    let (mut sense, _) = scan.sense_of_key(name, name_end);
    let mut in_words = false;
    if sense.kinds.is_empty()
        && let Some(words) = scan.name_in_words(name, name_end)
    {
        (sense, in_words) = (words, true);
    }
    if let Some(kind) = BY_NAME.iter().find(|kind| sense.kinds.contains(*kind)) {
        let sure = sense.field == Some(kind);
        if let Some(value) = value(scan, kind)
            // Behind a name in several words may as well follow prose: `full name: must be given`.
            && (!in_words || value.quoted || scan.byte(value.start).is_ascii_uppercase())
        {
            by_name_only(scan, kind, sure, &text[name..name_end], &value);
        }
        return;
    }
    for kind in sense.kinds.iter() {
        if let Some(value) = value(scan, kind) {
            as_a_whole(scan, kind, &value);
        }
    }
}

/// Proposes a value of a kind that has no shape.
fn by_name_only(scan: &mut Scan<'_>, kind: Kind, sure: bool, name: &[u8], value: &Value) {
    let text = scan.text();
    let (start, end) = trim(text, value.start, value.end, |byte| {
        byte.is_ascii_whitespace() || byte == b'+'
    });
    // A session's cookie is told from a session's number by what stands beside it in the header.
    let end = if kind == Kind::Credential && is_session(name) {
        match cookie_end(text, value, start, end) {
            Some(end) => end,
            None => return,
        }
    } else {
        end
    };
    let content = &text[start..end];
    // Of a value that was redacted before, the marker is left.
    if is_placeholder(content) || marker_len(&text[start..]).is_some() || content.starts_with(b"//")
    {
        return;
    }
    let letters = content
        .iter()
        .any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80);
    let parts = content
        .iter()
        .any(|byte| matches!(byte, b' ' | b'+' | b','));
    let fits = match kind {
        Kind::PersonName => letters,
        // `address=127.0.0.1:8080` and `street=A` are not where somebody lives.
        Kind::Address => {
            letters
                && (sure || parts)
                && (sure || !content.iter().any(|byte| matches!(byte, b'@' | b'[')))
                // What is said behind `address: ` may be a sentence.
                && (sure || value.quoted || !value.spoken || has_capital(content))
        }
        _ if needs_shape(name, sure, value) => {
            // A token is no document that holds other values, before their redaction or after it.
            (credential::is_opaque(content)
                && (sure || !content.iter().any(|byte| b"\"{[".contains(byte))))
                || (sure && !value.quoted && is_short_secret(content) && ends_clause(text, end))
        }
        _ => true,
    };
    if fits {
        let base = if sure { 85 } else { 65 };
        scan.propose(Candidate::certain(kind, start, end, base).shows(Evidence::KEY));
    }
}

/// Proposes a value whose characters, separators aside, have the form of the kind that its name says.
fn as_a_whole(scan: &mut Scan<'_>, kind: Kind, value: &Value) {
    let text = scan.text();
    let is_margin = |byte: u8| byte.is_ascii_whitespace() || b"+([{<#\"'`>}]).;,".contains(&byte);
    let (start, stop) = trim(text, value.start, value.end, is_margin);
    // A plus may be the beginning of a telephone number, or a space in a URL.
    let start = if kind == Kind::Phone && scan.before(start) == b'+' {
        start - 1
    } else {
        start
    };
    if start >= stop || marker_len(&text[start..]).is_some() {
        return;
    }
    let stop = stop.min(start + LONGEST_IDENTIFIER);
    // From the whole value down to its first word: what follows a value without quotes may not belong to it.
    let mut end = stop;
    loop {
        if scan.ends(end) && identifier::has_form(kind, &text[start..end]) {
            scan.propose(Candidate::certain(kind, start, end, 82).shows(Evidence::KEY));
            return;
        }
        if value.quoted {
            return;
        }
        let Some(space) = text[start..end]
            .iter()
            .rposition(|byte| matches!(byte, b' ' | b'+' | b'&' | b','))
        else {
            return;
        };
        // What closes the first word closes the value, as it does where nothing follows.
        end = trim(text, start, start + space, is_margin).1;
        if end == start {
            return;
        }
    }
}

/// Whether the name may as well stand before prose (`password: must be long`), so that the value itself has to look secret.
fn needs_shape(name: &[u8], sure: bool, value: &Value) -> bool {
    let ends = |end: &[u8]| {
        name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end)
    };
    !sure
        || ends(b"authorization")
        || ends(b"authorisation")
        || ends(b"cookie")
        || ends(b"auth")
        || (!value.quoted && value.spoken)
}

/// Whether a value is one word of letters mixed with digits, as words of prose are not: `hunter2`.
fn is_short_secret(content: &[u8]) -> bool {
    content.len() >= 6
        && content.iter().any(u8::is_ascii_digit)
        && content.iter().any(u8::is_ascii_alphabetic)
}

/// Whether no further word of a sentence follows.
fn ends_clause(text: &[u8], end: usize) -> bool {
    !matches!(&text[end..], [b' ', next, ..] if next.is_ascii_lowercase())
}

fn has_capital(text: &[u8]) -> bool {
    text.iter().any(u8::is_ascii_uppercase)
}

fn is_session(name: &[u8]) -> bool {
    [&b"session"[..], b"sid"].iter().any(|word| {
        name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word)
    })
}

/// End of a cookie's value, if it is one: `session=abc; Path=/`.
fn cookie_end(text: &[u8], value: &Value, start: usize, end: usize) -> Option<usize> {
    let semicolon = text[start..end].iter().position(|byte| *byte == b';')?;
    (!value.quoted && text.get(start + semicolon + 1) == Some(&b' ')).then_some(start + semicolon)
}

/// What programs write where there is no value.
fn is_placeholder(value: &[u8]) -> bool {
    const NOTHING: &[&[u8]] = &[
        b"null",
        b"none",
        b"nil",
        b"undefined",
        b"true",
        b"false",
        b"redacted",
        b"removed",
        b"hidden",
        b"masked",
        b"unknown",
        b"n/a",
        b"empty",
        b"missing",
        b"required",
        b"invalid",
        b"some",
        b"nan",
        b"string",
        b"str",
    ];
    value.is_empty()
        || NOTHING.iter().any(|word| value.eq_ignore_ascii_case(word))
        || value.iter().all(|byte| b"*xX.-#$? ".contains(byte))
        || (value.first() == Some(&b'[') && value.last() == Some(&b']') && value.len() <= 24)
        || matches!(value, [b'$', rest @ ..] if rest.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    fn found(text: &str) -> Vec<(Kind, &str)> {
        let findings = Scanner::new().scan(text);
        findings
            .iter()
            .map(|finding| (finding.kind, &text[finding.start..finding.end]))
            .collect()
    }

    #[test]
    fn names_and_addresses_are_found_by_their_keys_in_every_notation() {
        for (text, kind, value) in [
            (r#"{"surname":"Okafor","x":1}"#, Kind::PersonName, "Okafor"),
            (
                r#"{"m":"{\"fullName\":\"Jane O'Neill\"}"}"#,
                Kind::PersonName,
                "Jane O'Neill",
            ),
            ("first_name=Jane outcome=ok", Kind::PersonName, "Jane"),
            (
                "full_name=Jane Smith outcome=ok",
                Kind::PersonName,
                "Jane Smith",
            ),
            (
                "Applicant { last_name: Some(\"Smith\") }",
                Kind::PersonName,
                "Smith",
            ),
            (
                "GET /a?full_name=Jane%20Smith&b=1 200",
                Kind::PersonName,
                "Jane%20Smith",
            ),
            (
                "home_address=\"1 High Street, Weatherfield\"",
                Kind::Address,
                "1 High Street, Weatherfield",
            ),
            (
                "GET /a?home_address=1+High+Street%2C+Weatherfield&b=1",
                Kind::Address,
                "1+High+Street%2C+Weatherfield",
            ),
            ("<Surname>Okafor</Surname>", Kind::PersonName, "Okafor"),
            ("password=hunter2 x", Kind::Credential, "hunter2"),
            (
                r#"{"client_secret":"abc def"}"#,
                Kind::Credential,
                "abc def",
            ),
            ("Password: hunter2", Kind::Credential, "hunter2"),
            ("passwd: s3cr3t!, ok", Kind::Credential, "s3cr3t!"),
            ("password=Tr0ub4dor&3 x", Kind::Credential, "Tr0ub4dor&3"),
            ("password=hunter2&lang=en", Kind::Credential, "hunter2"),
            ("/in?password=hunter2&debug", Kind::Credential, "hunter2"),
            (
                r#"{"addressTown":"Weatherfield"}"#,
                Kind::Address,
                "Weatherfield",
            ),
        ] {
            assert_eq!(found(text), [(kind, value)], "{text}");
        }
    }

    #[test]
    fn names_are_found_as_frameworks_and_databases_write_them() {
        for (text, value) in [
            (
                r#"array(2) { ["full_name"]=> string(10) "Jane Smith" }"#,
                "Jane Smith",
            ),
            (
                "DETAIL:  Key (surname)=(Okafor Smith) already exists.",
                "Okafor Smith",
            ),
            (r#"<field name="surname" value="Okafor"/>"#, "Okafor"),
            (r#"{"name":"surname","value":"Okafor"}"#, "Okafor"),
            (r#"form.surname.value="Okafor""#, "Okafor"),
            ("audit: Full Name: Jane Smith", "Jane Smith"),
            (r#"last name: "Smith""#, "Smith"),
        ] {
            assert_eq!(found(text), [(Kind::PersonName, value)], "{text}");
        }
        for text in [
            "full name: must be given",
            "file name: Report",
            r#"<field name="colour" value="Red"/>"#,
            r#"array(1) { ["colour"]=> string(3) "Red" }"#,
            "DETAIL:  Key (order_id)=(1234567890) already exists.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn a_long_value_in_quotes_is_taken_whole() {
        let value = "aB3x".repeat(1500);
        for key in ["refresh_token", "surname"] {
            let text = format!(r#"{{"{key}":"{value}","x":1}}"#);
            let values: Vec<_> = found(&text).iter().map(|(_, value)| *value).collect();
            assert_eq!(values, [value.as_str()], "{key}");
        }
    }

    #[test]
    fn an_identifier_under_its_name_is_found_in_odd_groups() {
        for (text, kind, value) in [
            (
                r#"{"nhs_number":"4434 76 5919"}"#,
                Kind::NhsNumber,
                "4434 76 5919",
            ),
            (
                "(id=7, telephoneNumber=0363 639 5765, active=true)",
                Kind::Phone,
                "0363 639 5765",
            ),
            ("postcode=DW7G 4LQ 200 12ms", Kind::Postcode, "DW7G 4LQ"),
            (
                "prison_number=A 8651 XH x=1",
                Kind::PrisonNumber,
                "A 8651 XH",
            ),
            (
                r#"{"trn":"88-M-84593"}"#,
                Kind::TemporaryReferenceNumber,
                "88-M-84593",
            ),
            ("brp=\"ZE 247 2072\"", Kind::Brp, "ZE 247 2072"),
            (
                "<passportNo>96 750 5706</passportNo>",
                Kind::Passport,
                "96 750 5706",
            ),
        ] {
            assert_eq!(found(text), [(kind, value)], "{text}");
        }
    }

    #[test]
    fn a_short_name_tells_the_same_after_any_other_text() {
        let scanner = Scanner::new();
        let mut reused = crate::Scratch::default();
        for text in [
            "car=c0 x",
            "7r=car)=34",
            "x car=c0",
            "(car)=c0",
            "car=c0 4ar3=3=p< 7r=car)=34 03",
        ] {
            let fresh = scanner.scan(text);
            for _ in 0..2 {
                assert_eq!(
                    scanner.scan_with(None, text.as_bytes(), &mut reused),
                    fresh,
                    "{text}"
                );
            }
        }
    }

    #[test]
    fn placeholders_flags_prose_and_markers_stay() {
        for text in [
            r#"{"surname":null,"first_name":"","last_name":"[PERSON-NAME]"}"#,
            "password: must be at least twelve characters",
            "full_name: [PERSON-NAME], more",
            "access_token=[CREDENTIAL]&lang=en",
            "address=127.0.0.1:8080",
            "token=next",
            "authorization: required",
            "password: stage2 failed",
            "password: at least 8",
            "surname_count=Nine",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
