//! Email address: a local part, `@` and a domain name of at least two labels.
//!
//! The local part is a dot-atom of RFC 5322 or holds letters beyond ASCII (RFC 6531), at most 64 bytes. Labels of the
//! domain hold letters, digits and inner hyphens, at most 63 bytes; the last is no number. Quoted local parts and
//! addresses in brackets, which hardly anybody has, are not taken.
//!
//! Source: <https://www.rfc-editor.org/rfc/rfc5322>, <https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1>.

use crate::scanner::{Candidate, Scan};

use core::str::FromStr;

use super::debug_as_marker;
use super::parse_error::{ParseError, Reason};
use crate::Kind;

/// An email address as people have them.
///
/// Allocates one string. The domain is kept in lower case; the local part as it was written, because some servers tell
/// `A` from `a`.
///
/// ```
/// use civic_pii::identifier::Email;
/// let email = Email::parse(" Jo.Bloggs@Example.COM ")?;
/// assert_eq!(email.expose(), "Jo.Bloggs@example.com");
/// assert_eq!(format!("{email:?}"), "Email([EMAIL])");
/// # Ok::<(), civic_pii::identifier::ParseError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Email(Box<str>);

debug_as_marker!(Email, Email);

impl Email {
    /// Parses an address; white space around it is left out.
    ///
    /// # Errors
    ///
    /// If a part is missing, too long or has characters that it cannot have. The error does not quote the text.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        match text.rsplit_once('@') {
            Some((local, domain)) if is_valid(text.as_bytes()) => Ok(Self(
                format!("{local}@{}", domain.to_lowercase()).into_boxed_str(),
            )),
            _ => Err(ParseError::new(Kind::Email, Reason::Structure)),
        }
    }

    /// Local part, `@` and the domain in lower case.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

/// Whether the bytes are an address, in capitals or not.
pub(crate) fn is_valid(address: &[u8]) -> bool {
    address.len() <= 254
        && address
            .iter()
            .rposition(|byte| *byte == b'@')
            .is_some_and(|at| local_part(&address[..at]) && domain(&address[at + 1..]))
}

/// Whether the bytes are a local part: atoms between single dots, at most 64 bytes.
pub(crate) fn local_part(bytes: &[u8]) -> bool {
    (1..=64).contains(&bytes.len())
        && bytes
            .split(|byte| *byte == b'.')
            .all(|atom| !atom.is_empty() && atom.iter().all(|byte| is_atom_byte(*byte)))
}

/// Whether the bytes are a domain name of two or more labels, the last of them no number.
pub(crate) fn domain(bytes: &[u8]) -> bool {
    let mut labels = 0;
    let mut last: &[u8] = b"";
    for label in bytes.split(|byte| *byte == b'.') {
        if !is_label(label) {
            return false;
        }
        labels += 1;
        last = label;
    }
    labels >= 2
        && bytes.len() <= 253
        && last.len() >= 2
        && (last
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
            || last
                .get(..4)
                .is_some_and(|head| head.eq_ignore_ascii_case(b"xn--")))
}

/// Whether the byte can stand in an atom of a local part; bytes beyond ASCII can.
pub(crate) const fn is_atom_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || !byte.is_ascii()
        || matches!(
            byte,
            b'!' | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'\''
                | b'*'
                | b'+'
                | b'-'
                | b'/'
                | b'='
                | b'?'
                | b'^'
                | b'_'
                | b'`'
                | b'{'
                | b'|'
                | b'}'
                | b'~'
        )
}

fn is_label(label: &[u8]) -> bool {
    (1..=63).contains(&label.len())
        && label.first() != Some(&b'-')
        && label.last() != Some(&b'-')
        && label
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-' || !byte.is_ascii())
}

/// Whether an address may stand around this byte: an at sign behind something that may end a local part.
#[inline]
pub(crate) fn may_stand(text: &[u8], at: usize) -> bool {
    text[at] == b'@'
        && at > 0
        && match text[at - 1] {
            // Quotes close a local part only behind one; they open names such as `"@timestamp"`.
            b'"' => at > 1 && text[at - 2].is_ascii_alphanumeric(),
            before => !before.is_ascii_whitespace() && !matches!(before, b'{' | b'(' | b',' | b':'),
        }
}

/// Finds an address around an at sign.
pub(crate) fn recognise(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text();
    let earliest = at.saturating_sub(64);
    let mut start = at;
    while start > earliest {
        let byte = text[start - 1];
        // SQL doubles an apostrophe: `o''neill@example.com`.
        if text[..start].ends_with(b"''")
            && start < at
            && start - 2 > earliest
            && text[start - 3].is_ascii_alphabetic()
        {
            start -= 2;
            continue;
        }
        let apostrophe = byte == b'\''
            && start < at
            && start - 1 > earliest
            && text[start - 2].is_ascii_alphabetic();
        if byte.is_ascii_alphanumeric()
            || byte >= 0x80
            || matches!(byte, b'.' | b'_' | b'+' | b'-' | b'%')
            || apostrophe
        {
            start -= 1;
        } else {
            break;
        }
    }
    // What stands before a local part in prose and in fields; anything else may be the userinfo of a URL.
    let usual = matches!(
        scan.before(start),
        0 | b' ' | b'"' | b'\'' | b'=' | b'<' | b'(' | b',' | b'\n'
    );
    if !usual && super::credential::recognise_userinfo(scan, at) {
        return;
    }
    while start < at && matches!(text[start], b'.' | b'-' | b'+' | b'%') {
        start += 1;
    }
    // `"john smith"@example.com`
    if start == at
        && scan.before(at) == b'"'
        && let Some(open) = text[earliest..at - 1]
            .iter()
            .rposition(|byte| *byte == b'"')
        && is_quoted(&text[earliest + open + 1..at - 1])
    {
        start = earliest + open;
    }
    if start == at {
        return;
    }
    let Some((end, dotted)) = domain_end(text, at + 1) else {
        return;
    };
    let base = match dotted {
        // Names of files and units of services, and the accounts of version control, are nobody's address.
        true if is_file_ending(&text[at + 1..end])
            || matches!(&text[start..at], b"git" | b"svn" | b"hg") =>
        {
            30
        }
        true => 92,
        // `image@sha256:..` and `package@1` are no addresses.
        false if text[at + 1..end].iter().any(u8::is_ascii_digit) => return,
        false => 20,
    };
    let candidate = if base == 92 {
        Candidate::certain
    } else {
        Candidate::new
    };
    scan.propose(candidate(Kind::Email, start, end, base));
}

/// Whether the text between two quotes is a local part, rather than what stands between two strings of JSON.
fn is_quoted(text: &[u8]) -> bool {
    text.first().is_some_and(u8::is_ascii_alphanumeric)
        && text
            .iter()
            .all(|byte| is_atom_byte(*byte) || matches!(byte, b' ' | b'.'))
}

/// Where the domain ends that begins here, and whether it has a dot.
fn domain_end(text: &[u8], from: usize) -> Option<(usize, bool)> {
    if text.get(from) == Some(&b'[') {
        let close = text[from..]
            .iter()
            .take(64)
            .position(|byte| *byte == b']')?;
        let literal = &text[from + 1..from + close];
        let literal = literal.strip_prefix(b"IPv6:").unwrap_or(literal);
        let is_address = literal.iter().any(u8::is_ascii_digit)
            && literal
                .iter()
                .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':'));
        return is_address.then_some((from + close + 1, true));
    }
    let len = text[from..]
        .iter()
        .take(254)
        .take_while(|byte| {
            byte.is_ascii_alphanumeric() || **byte >= 0x80 || matches!(byte, b'.' | b'-')
        })
        .count();
    let mut end = from + len;
    while end > from && matches!(text[end - 1], b'.' | b'-') {
        end -= 1;
    }
    // A sentence may go on without a space: `jane@example.com.He`; an empty label ends the domain.
    if let Some(empty) = text[from..end].windows(2).position(|pair| pair == b"..") {
        end = from + empty;
    }
    if text.get(from) == Some(&b'.') {
        return None;
    }
    let name = &text[from..end];
    let last = name.rsplit(|byte| *byte == b'.').next()?;
    let dotted = last.len() < name.len();
    let top = last.len() >= 2
        && last
            .iter()
            .all(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
        || last.starts_with(b"xn--");
    if dotted {
        top.then_some((end, true))
    } else {
        (last.len() >= 2 && last.iter().any(u8::is_ascii_alphabetic)).then_some((end, false))
    }
}

fn is_file_ending(domain: &[u8]) -> bool {
    const ENDINGS: &[&[u8]] = &[
        b"png", b"jpg", b"jpeg", b"gif", b"svg", b"webp", b"js", b"ts", b"mjs", b"css", b"scss",
        b"html", b"json", b"rs", b"py", b"java", b"xml", b"yml", b"yaml", b"toml", b"lock", b"txt",
        b"log", b"zip", b"gz", b"tar", b"map", b"jar", b"service", b"socket", b"timer", b"mount",
        b"target", b"slice", b"scope", b"device",
    ];
    domain
        .rsplit(|byte| *byte == b'.')
        .next()
        .is_some_and(|last| {
            ENDINGS
                .iter()
                .any(|ending| last.eq_ignore_ascii_case(ending))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_have_them_parse() {
        for text in [
            "jo@example.com",
            "jo.o'bloggs+council@mail.example.co.uk",
            "jo_bloggs-1@xn--bcher-kva.example",
            "jürgen@bücher.example",
            "1@example.org",
        ] {
            assert_eq!(Email::parse(text).unwrap().expose(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            "@",
            "jo@",
            "@example.com",
            "jo@localhost",
            "jo@example",
            "jo@example..com",
            "jo@-example.com",
            "jo@example-.com",
            ".jo@example.com",
            "jo.@example.com",
            "j..o@example.com",
            "jo bloggs@example.com",
            "jo@192.0.2.1",
            "jo@example.c",
            "app@1.2.3",
            "jo@exam_ple.com",
            "jo@jo@example.com",
        ] {
            assert!(Email::parse(text).unwrap_err().is_structure(), "{text}");
        }
    }

    #[test]
    fn the_lengths_of_the_standard_hold() {
        let local = "a".repeat(64);
        assert!(Email::parse(&format!("{local}@example.com")).is_ok());
        assert!(Email::parse(&format!("a{local}@example.com")).is_err());
        let label = "b".repeat(63);
        assert!(Email::parse(&format!("a@{label}.com")).is_ok());
        assert!(Email::parse(&format!("a@b{label}.com")).is_err());
        assert!(Email::parse(&format!("{local}@{label}.{label}.{label}.com")).is_err());
    }

    #[test]
    fn a_quoted_local_part_is_found_and_the_end_of_a_string_is_none() {
        let found = |text: &str| !crate::Scanner::new().scan(text).is_empty();
        assert!(found(r#"to "john smith"@example.com"#));
        for text in [
            r#"["a","@example.com"]"#,
            r#"["","@.é"]"#,
            r#"{"a":"@example.com"}"#,
        ] {
            assert!(!found(text), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("'jo.o''bloggs@example.com'", "jo.o''bloggs@example.com"),
            ("to jo@example.com.", "jo@example.com"),
        ] {
            assert_eq!(crate::identifier::found(text), [("email", value)], "{text}");
        }
        for text in ["git@github.com:x/y", "image@sha256:0a"] {
            let kinds = crate::identifier::found(text);
            assert!(kinds.iter().all(|(kind, _)| *kind != "email"), "{text}");
        }
    }
}
