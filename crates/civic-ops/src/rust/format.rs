//! The placeholders of a format string.

use core::ops::Range;

/// One `{..}` of a format string.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder {
    pub(crate) which: Which,
    /// Whether it asks for `Debug`.
    pub(crate) debug: bool,
    /// Where it stands in the string, as that is written.
    pub(crate) span: Range<usize>,
    /// The name that stands directly before it, as in `email={}` or `"email": {}`.
    pub(crate) key: Option<String>,
}

/// What a placeholder is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    Next,
    Position(usize),
    Name(String),
}

/// Reads the placeholders of a format string, as it is written between its quotes.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut index = 0;
    while index < bytes.len() {
        match bytes[index] {
            b'{' if bytes.get(index + 1) == Some(&b'{') => index += 2,
            // `\u{1f600}` is a character.
            b'\\' if bytes.get(index + 1) == Some(&b'u') && bytes.get(index + 2) == Some(&b'{') => {
                index = text[index..]
                    .find('}')
                    .map_or(bytes.len(), |end| index + end + 1);
            }
            b'{' => {
                let Some(length) = text[index..].find('}') else {
                    break;
                };
                let span = index..index + length + 1;
                let inner = &text[index + 1..span.end - 1];
                let (name, spec) = inner.split_once(':').unwrap_or((inner, ""));
                let name = name.trim();
                let which = if name.is_empty() {
                    Which::Next
                } else if let Ok(position) = name.parse() {
                    Which::Position(position)
                } else {
                    Which::Name(name.to_owned())
                };
                found.push(Placeholder {
                    which,
                    debug: spec.trim_end().ends_with('?'),
                    key: key_before(&text[..index]),
                    span: span.clone(),
                });
                index = span.end;
            }
            _ => index += 1,
        }
    }
    found
}

/// The name before `=` or `:` at the end of a text: `user.email` of `saved user.email=`.
///
/// Before a colon stands a name only where a list has one: `email: {}`, but not `cannot send the email: {}`.
fn key_before(text: &str) -> Option<String> {
    const QUOTES: &[char] = &['\'', '"', '`', '\\'];
    let text = text.trim_end_matches(['\'', '"', '`', '\\', '[', '(', '<']);
    let text = text.trim_end();
    let in_prose = text.ends_with(':');
    let text = text.strip_suffix(['=', ':'])?;
    let text = text.trim_end().trim_end_matches(QUOTES);
    let start = text
        .rfind(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.'))
        .map_or(0, |at| {
            at + text[at..].chars().next().map_or(1, char::len_utf8)
        });
    let (before, name) = text.split_at(start);
    let before = before.trim_end_matches(QUOTES).trim_end_matches(' ');
    let in_list = before.is_empty() || before.ends_with([',', ';', '(', '[', '{', '|', '\n']);
    (!name.is_empty() && (!in_prose || in_list)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_value_is_read() {
        let found = placeholders(r"{} {1:?} {email:>10} {{x}} {user:#?} \u{41}{:?}");
        let which: Vec<(Which, bool)> = found.into_iter().map(|p| (p.which, p.debug)).collect();
        assert_eq!(
            which,
            [
                (Which::Next, false),
                (Which::Position(1), true),
                (Which::Name("email".into()), false),
                (Which::Name("user".into()), true),
                (Which::Next, true),
            ]
        );
    }

    #[test]
    fn the_name_before_a_value_is_seen() {
        let keys = |text| -> Vec<Option<String>> {
            placeholders(text).into_iter().map(|p| p.key).collect()
        };
        assert_eq!(keys("user.email={}"), [Some("user.email".to_owned())]);
        assert_eq!(keys("e-mail: '{}'"), [Some("e-mail".to_owned())]);
        assert_eq!(keys("sent {} to {x}"), [None, None]);
        assert_eq!(keys("cannot send the email: {}"), [None]);
        assert!(placeholders("{ never closed").is_empty());
    }
}
