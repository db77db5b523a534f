//! Encodings that work on each character alone, so that they can be laid over each other.

/// One layer of encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Text inside a JSON string.
    Json,
    /// The same with every character that is no letter or digit as `\u0040`.
    JsonUnicode,
    /// Percent-encoding of all but the unreserved characters.
    Percent,
    /// A form body or query: as percent-encoding, with `+` for a space.
    Form,
    /// Text of an XML element.
    Xml,
    /// Text between single quotes in SQL.
    Sql,
    /// Rust's `{:?}` of a string.
    Debug,
}

impl Layer {
    /// The text in this encoding.
    pub fn apply(self, text: &str) -> String {
        use std::fmt::Write as _;

        let mut out = String::with_capacity(text.len());
        let mut bytes = [0; 4];
        for c in text.chars() {
            match (self, c) {
                (Self::Json | Self::JsonUnicode | Self::Debug, '"' | '\\') => {
                    out.push('\\');
                    out.push(c);
                }
                (Self::Json | Self::JsonUnicode | Self::Debug, '\n') => out.push_str("\\n"),
                (Self::Json | Self::JsonUnicode, '\t') => out.push_str("\\t"),
                (Self::Json, c) if c < ' ' => {
                    write!(out, "\\u{:04x}", c as u32).expect("a String takes any text");
                }
                (Self::JsonUnicode, c) if !c.is_ascii_alphanumeric() => {
                    let mut units = [0; 2];
                    for unit in c.encode_utf16(&mut units) {
                        write!(out, "\\u{unit:04x}").expect("a String takes any text");
                    }
                }
                (Self::Form, ' ') => out.push('+'),
                (Self::Percent | Self::Form, c)
                    if !c.is_ascii_alphanumeric() && !"-._~".contains(c) =>
                {
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        write!(out, "%{byte:02X}").expect("a String takes any text");
                    }
                }
                (Self::Xml, '&') => out.push_str("&amp;"),
                (Self::Xml, '<') => out.push_str("&lt;"),
                (Self::Xml, '>') => out.push_str("&gt;"),
                (Self::Sql, '\'') => out.push_str("''"),
                (_, c) => out.push(c),
            }
        }
        out
    }
}

/// Base64 with padding, in the usual alphabet.
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .chain([&0; 2])
            .take(3)
            .fold(0usize, |group, byte| group << 8 | usize::from(*byte));
        for place in 0..4 {
            if place <= chunk.len() {
                out.push(ALPHABET[group >> (18 - 6 * place) & 63] as char);
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_layer_writes_what_its_format_says() {
        let text = "a@b 'c' \"d\" <é>\n";
        for (layer, expected) in [
            (Layer::Json, r#"a@b 'c' \"d\" <é>\n"#),
            (
                Layer::Percent,
                "a%40b%20%27c%27%20%22d%22%20%3C%C3%A9%3E%0A",
            ),
            (Layer::Form, "a%40b+%27c%27+%22d%22+%3C%C3%A9%3E%0A"),
            (Layer::Xml, "a@b 'c' \"d\" &lt;é&gt;\n"),
            (Layer::Sql, "a@b ''c'' \"d\" <é>\n"),
            (Layer::Debug, r#"a@b 'c' \"d\" <é>\n"#),
        ] {
            assert_eq!(layer.apply(text), expected, "{layer:?}");
        }
        assert_eq!(Layer::JsonUnicode.apply("a@b é"), r"a\u0040b\u0020\u00e9");
    }

    #[test]
    fn base64_agrees_with_the_examples_of_rfc_4648() {
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }
}
