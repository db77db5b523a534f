//! Credentials: bearer tokens, JSON Web Tokens, basic authentication, userinfo in URLs, cookies, passwords by name.
//!
//! Sources: RFC 6750 (bearer tokens), RFC 7519 (JSON Web Tokens), RFC 7617 (basic authentication), RFC 3986 section 3.2.1
//! (userinfo), RFC 6265 (cookies). What has no shape of its own, such as a password, is known by the name of its field.

use crate::Kind;
use crate::scanner::{Candidate, Scan, base64};

/// Shortest opaque token behind `Bearer` or a name that often holds other things.
const SHORTEST: usize = 16;

/// Whether this byte is the `J` of `eyJ` or begins `Bearer` or `Basic`.
#[inline]
pub(crate) fn may_stand(text: &[u8], at: usize) -> bool {
    match text[at] {
        b'J' => text[..at].ends_with(b"ey"),
        b'B' => text.get(at + 1..at + 4).is_some_and(|next| {
            next.eq_ignore_ascii_case(b"ear") || next.eq_ignore_ascii_case(b"asi")
        }),
        _ => false,
    }
}

/// Finds a JSON Web Token, or what stands behind `Bearer` and `Basic`; a `J` or `B` stands here.
pub(crate) fn recognise_token(scan: &mut Scan<'_>, at: usize) {
    if scan.byte(at) == b'J' {
        web_token(scan, at);
        return;
    }
    let text = scan.text();
    if !scan.begins(at) {
        return;
    }
    for scheme in [&b"bearer"[..], b"basic"] {
        let end = at + scheme.len();
        if text
            .get(at..end)
            .is_some_and(|word| word.eq_ignore_ascii_case(scheme))
            && matches!(scan.byte(end), b' ' | b'+' | b':')
        {
            behind_scheme(scan, end);
            return;
        }
    }
}

/// Whether the run of letters and digits that begins here may lie in a token behind `bearer` in small letters.
#[inline]
pub(crate) fn may_be_behind_scheme(text: &[u8], run: usize) -> bool {
    match text[..run].last() {
        Some(b' ') => text[..run].ends_with(b"bearer "),
        // The last part of a UUID is as long as a run.
        Some(b'-') if run >= 6 && text[run - 6] == b'-' => false,
        Some(b'-' | b'_') => text[..token_start(text, run)].ends_with(b"bearer "),
        _ => false,
    }
}

/// Finds the token that this run lies in.
pub(crate) fn recognise_run(scan: &mut Scan<'_>, run: usize) {
    if !may_be_behind_scheme(scan.text(), run) {
        return;
    }
    let start = token_start(scan.text(), run);
    if scan.text()[..start].ends_with(b"bearer ") && scan.begins(start - 7) {
        behind_scheme(scan, start - 1);
    }
}

/// Start of the token that these letters and digits lie in, at most 64 bytes before them.
fn token_start(text: &[u8], run: usize) -> usize {
    let len = text[..run]
        .iter()
        .rev()
        .take(64)
        .take_while(|byte| is_token_byte(**byte))
        .count();
    run - len
}

const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/')
}

/// Finds `user:password@` behind `//`; the at sign stands here.
pub(crate) fn recognise_userinfo(scan: &mut Scan<'_>, at: usize) -> bool {
    let text = scan.text();
    let Some(edge) = scan.edge_before(at) else {
        return false;
    };
    let start = edge + 1;
    let userinfo = &text[start..at];
    let colon = userinfo.iter().position(|byte| *byte == b':');
    let behind_scheme = start >= 3 && text[start - 3..start] == *b"://";
    match colon {
        Some(colon) if behind_scheme && colon + 1 < userinfo.len() => {
            scan.propose(Candidate::certain(Kind::Credential, start, at, 96))
        }
        _ => false,
    }
}

/// Whether a value is long and mixed enough to be a token rather than a word.
pub(crate) fn is_opaque(value: &[u8]) -> bool {
    let has_digit = value.iter().any(u8::is_ascii_digit);
    (value.len() >= SHORTEST && !value.contains(&b' '))
        || (value.len() >= 8 && has_digit && value.iter().any(u8::is_ascii_alphabetic))
}

/// Finds the token behind the scheme that ends here.
fn behind_scheme(scan: &mut Scan<'_>, scheme_end: usize) {
    let text = scan.text();
    let start = scheme_end
        + text[scheme_end..]
            .iter()
            .take(3)
            .take_while(|byte| matches!(byte, b' ' | b'+' | b':'))
            .count();
    let end = start + token_len(&text[start..]);
    let token = &text[start..end];
    let has = |test: fn(&u8) -> bool| token.iter().any(test);
    // A short token, which is no word that somebody wrote.
    let short = token.len() >= 6 && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
    if short || is_opaque(token) || is_user_and_password(token) {
        scan.propose(Candidate::certain(Kind::Credential, start, end, 92));
    }
}

/// Whether a token is the base64 of `user:password`.
fn is_user_and_password(token: &[u8]) -> bool {
    let mut colon = false;
    let digits = token
        .iter()
        .rposition(|byte| *byte != b'=')
        .map_or(0, |last| last + 1);
    let readable = token[..digits].chunks(4).all(|four| {
        base64(four).is_some_and(|(bytes, len)| {
            colon |= bytes[..len].contains(&b':');
            bytes[..len].iter().all(|byte| (b' '..=b'~').contains(byte))
        })
    });
    readable && colon
}

/// Bytes of a token in the alphabets of RFC 6750 and base64.
pub(crate) fn token_len(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .take_while(|byte| is_token_byte(**byte) || **byte == b'=')
        .count()
}

/// Finds a JSON Web Token; the `J` of its `eyJ` stands here.
fn web_token(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text();
    let Some(start) = at.checked_sub(2) else {
        return;
    };
    let begins = scan.begins(start) && !matches!(scan.before(start), b'-' | b'_');
    if text[start..=at] != *b"eyJ" || !begins {
        return;
    }
    let part = |from: usize| {
        text[from..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'='))
            .count()
    };
    let header = part(start);
    let header_end = start + header;
    if header < 10 || scan.byte(header_end) != b'.' {
        return;
    }
    let claims = part(header_end + 1);
    if claims < 4 {
        return;
    }
    let mut end = header_end + 1 + claims;
    // The signature, or the three further parts of an encrypted token.
    for _ in 0..4 {
        if scan.byte(end) != b'.' || part(end + 1) == 0 {
            break;
        }
        end += 1 + part(end + 1);
    }
    scan.propose(Candidate::certain(Kind::Credential, start, end, 96));
}

#[cfg(test)]
mod tests {
    use crate::{Kind, Scanner};

    fn found(text: &str) -> Option<&str> {
        Scanner::new()
            .scan(text)
            .first()
            .filter(|finding| finding.kind == Kind::Credential)
            .map(|f| &text[f.start..f.end])
    }

    #[test]
    fn tokens_are_found_whole() {
        assert_eq!(
            found("authorization: Bearer abcdefGH-1234_abcdefgh~1"),
            Some("abcdefGH-1234_abcdefgh~1")
        );
        assert_eq!(
            found("Authorization: Basic amFuZTpzZWNyZXQ="),
            Some("amFuZTpzZWNyZXQ=")
        );
        // `user:pass`
        assert_eq!(found("Basic dXNlcjpwYXNz"), Some("dXNlcjpwYXNz"));
        assert_eq!(found("authorization: Bearer ab12cd"), Some("ab12cd"));
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl";
        assert_eq!(found(&format!("got {token}, bad")), Some(token));
        assert_eq!(
            found("postgres://app:hunter2@db.internal:5432/main"),
            Some("app:hunter2")
        );
        assert_eq!(
            found("https://app:hunter%402@db.internal/"),
            Some("app:hunter%402")
        );
        assert_eq!(
            found("https://app:hunter2@db.internal?to=a@b"),
            Some("app:hunter2")
        );
    }

    #[test]
    fn words_and_urls_without_a_password_stay() {
        for text in [
            "Bearer token missing",
            "basic auth is off",
            "Basic user and 2 more",
            "https://example.com/a@b:c",
            "the bearer of bad news",
            "eyJ alone",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_what_people_write_and_leaves_what_looks_alike() {
        for (text, value) in [
            ("'bearer abcdefGH1234abcdefgh-1'", "abcdefGH1234abcdefgh-1"),
            (
                "session=q1oPYcyKSN8c38QhbY11t1XPgdlb4H; Path=/",
                "q1oPYcyKSN8c38QhbY11t1XPgdlb4H",
            ),
        ] {
            assert_eq!(
                crate::identifier::found(text),
                [("credential", value)],
                "{text}"
            );
        }
        for text in [
            "session=44504b35c14ce0d4f608ac5c1195bab4 x",
            "bearer 12",
            "session=8c301daf-8b02-4e19-8806-d5f68025a149; x",
        ] {
            let kinds = crate::identifier::found(text);
            assert!(
                kinds.iter().all(|(kind, _)| *kind != "credential"),
                "{text}"
            );
        }
    }
}
