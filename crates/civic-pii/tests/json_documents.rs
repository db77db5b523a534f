//! Random JSON documents with secrets in them stay JSON when they are redacted, keep their structure, and lose the secrets.
//!
//! Documents nest, hold other documents in strings, and have any of their characters escaped.

use civic_pii::Redactor;
use proptest::prelude::*;
use serde_json::Value;

/// A part of a document.
#[derive(Clone, Debug)]
enum Node {
    Text(String),
    /// A secret, alone or in a sentence.
    Secret(Secret, bool),
    Number(i64),
    Bool(bool),
    Null,
    Array(Vec<Node>),
    /// Members under neutral names, and secrets under a name that tells what they are.
    Object(Vec<Node>, Vec<Named>),
    /// A document as a string.
    Embedded(Box<Node>),
}

#[derive(Clone, Debug)]
struct Secret {
    text: String,
    /// Whether it is written as a number.
    number: bool,
}

#[derive(Clone, Debug)]
struct Named {
    name: &'static str,
    secret: Secret,
}

fn secret() -> impl Strategy<Value = Secret> {
    let text = |text: String| Secret {
        text,
        number: false,
    };
    prop_oneof![
        nino().prop_map(text),
        ("[a-z]{2,8}", "[a-z]{2,8}")
            .prop_map(move |(name, domain)| text(format!("{name}.x@{domain}.example.com"))),
        (card(), any::<bool>()).prop_map(|(text, number)| Secret { text, number }),
    ]
}

fn nino() -> impl Strategy<Value = String> {
    ("[ABCE]", "[CEHJ]", "[1-9]{6}", "[A-D]", any::<bool>()).prop_map(
        |(first, second, digits, suffix, spaces)| {
            if spaces {
                let (a, b, c) = (&digits[..2], &digits[2..4], &digits[4..]);
                format!("{first}{second} {a} {b} {c} {suffix}")
            } else {
                format!("{first}{second}{digits}{suffix}")
            }
        },
    )
}

/// A Visa number whose check digit is right.
fn card() -> impl Strategy<Value = String> {
    "4[0-9]{14}".prop_map(|body| {
        let sum: u32 = body
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, digit)| {
                let digit = u32::from(digit - b'0');
                if i % 2 == 0 {
                    digit / 5 + digit * 2 % 10
                } else {
                    digit
                }
            })
            .sum();
        format!("{body}{}", (10 - sum % 10) % 10)
    })
}

fn named() -> impl Strategy<Value = Named> {
    let text = |name, text| Named {
        name,
        secret: Secret {
            text,
            number: false,
        },
    };
    let number = |name, text| Named {
        name,
        secret: Secret { text, number: true },
    };
    prop_oneof![
        "[A-Z][a-z]{5,9}".prop_map(move |value| text("surname", value)),
        "4[0-9]{9}".prop_map(move |value| number("nhs_number", value)),
        "77009[0-9]{5}".prop_map(move |value| number("mobile", value)),
        nino().prop_map(move |value| text("nino", value.to_lowercase())),
        "[1-9][0-9]{8}".prop_map(move |value| number("passport_number", value)),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        2 => "[ -~äЖ\u{200B}\n\t]{0,12}".prop_map(Node::Text),
        3 => (secret(), any::<bool>()).prop_map(|(secret, alone)| Node::Secret(secret, alone)),
        1 => (-999_i64..9_999).prop_map(Node::Number),
        1 => any::<bool>().prop_map(Node::Bool),
        1 => Just(Node::Null),
    ];
    leaf.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::Array),
            (
                prop::collection::vec(inner.clone(), 0..4),
                prop::collection::vec(named(), 0..2)
            )
                .prop_map(|(members, named)| Node::Object(members, named)),
            inner.prop_map(|node| Node::Embedded(Box::new(node))),
        ]
    })
}

/// A document as programs log it: an object or an array.
fn document() -> impl Strategy<Value = Node> {
    prop_oneof![
        3 => prop::collection::vec(node(), 0..4).prop_map(|members| Node::Object(members, Vec::new())),
        1 => prop::collection::vec(node(), 0..4).prop_map(Node::Array),
    ]
}

/// Writes documents; a sequence of random bytes decides which characters are escaped and where spaces stand.
struct Writer<'r> {
    random: core::iter::Cycle<core::slice::Iter<'r, u8>>,
    secrets: Vec<String>,
}

impl Writer<'_> {
    fn random(&mut self) -> u8 {
        *self.random.next().expect("a cycle of bytes has no end")
    }

    /// What stands before an item or a name.
    fn space(&mut self) -> &'static str {
        ["", "", " ", "\n  "][usize::from(self.random() % 4)]
    }

    /// What stands before a value; nobody breaks a line there.
    fn narrow_space(&mut self) -> &'static str {
        ["", " "][usize::from(self.random() % 2)]
    }

    fn node(&mut self, node: &Node, out: &mut String) {
        match node {
            Node::Text(text) => self.string(text, out),
            Node::Secret(secret, alone) => self.secret(secret, *alone, out),
            Node::Number(number) => out.push_str(&number.to_string()),
            Node::Bool(value) => out.push_str(&value.to_string()),
            Node::Null => out.push_str("null"),
            Node::Array(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(self.space());
                    self.node(item, out);
                }
                out.push(']');
            }
            Node::Object(members, named) => {
                out.push('{');
                for (i, member) in members.iter().enumerate() {
                    out.push_str(if i > 0 { "," } else { "" });
                    out.push_str(self.space());
                    let name = ["data", "message", "payload", "note"][i];
                    out.push_str(&format!("\"{name}\":{}", self.narrow_space()));
                    self.node(member, out);
                }
                for (i, Named { name, secret }) in named.iter().enumerate() {
                    out.push_str(if i > 0 || !members.is_empty() {
                        ","
                    } else {
                        ""
                    });
                    out.push_str(&format!("\"{i}.{name}\":{}", self.narrow_space()));
                    self.secret(secret, true, out);
                }
                out.push('}');
            }
            Node::Embedded(node) => {
                let mut document = String::new();
                self.node(node, &mut document);
                self.string(&document, out);
            }
        }
    }

    fn secret(&mut self, Secret { text, number }: &Secret, alone: bool, out: &mut String) {
        self.secrets.push(text.clone());
        if *number {
            out.push_str(text);
        } else if alone {
            self.string(text, out);
        } else {
            self.string(&format!("no reply from {text} today"), out);
        }
    }

    fn string(&mut self, text: &str, out: &mut String) {
        let quoted = Value::from(text).to_string();
        let escape_more = self.random() % 3 == 0;
        out.push('"');
        // In a document in a string, programs escape what HTML or ASCII does not allow, never what JSON is made of.
        let letters = !quoted.contains('\\') && !text.starts_with(['[', '{']);
        let mut backslash = false;
        for character in quoted[1..quoted.len() - 1].chars() {
            let plain = !backslash
                && character != '\\'
                && (letters || "@<>&'+=".contains(character) || !character.is_ascii());
            if escape_more && plain && self.random() % 4 == 0 {
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            } else {
                out.push(character);
            }
            // What an escape is about is left alone.
            backslash = !backslash && character == '\\';
        }
        out.push('"');
    }
}

/// Compares two documents, and the documents in their strings.
fn same_structure(before: &Value, after: &Value) -> Result<(), String> {
    match (before, after) {
        (Value::Array(a), Value::Array(b)) => {
            if a.len() != b.len() {
                return Err(format!("{} items became {}", a.len(), b.len()));
            }
            a.iter().zip(b).try_for_each(|(a, b)| same_structure(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            if !a.keys().eq(b.keys()) {
                return Err(format!("the names of {before} became those of {after}"));
            }
            a.values()
                .zip(b.values())
                .try_for_each(|(a, b)| same_structure(a, b))
        }
        (Value::String(a), Value::String(b)) => match serde_json::from_str::<Value>(a) {
            Ok(inner @ (Value::Array(_) | Value::Object(_))) => {
                let redacted =
                    serde_json::from_str(b).map_err(|error| format!("{a} became {b}: {error}"))?;
                same_structure(&inner, &redacted)
            }
            _ => Ok(()),
        },
        // A number may become a marker.
        (Value::Number(_), Value::Number(_) | Value::String(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => Ok(()),
        _ => Err(format!("{before} became {after}")),
    }
}

/// All texts of a document, with those of the documents in its strings, each on a line.
fn texts(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => match serde_json::from_str::<Value>(text) {
            Ok(inner) => texts(&inner, out),
            Err(_) => {
                out.push_str(text);
                out.push('\n');
            }
        },
        Value::Array(items) => items.iter().for_each(|item| texts(item, out)),
        Value::Object(members) => members.values().for_each(|member| texts(member, out)),
        other => out.push_str(&format!("{other}\n")),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_stay_whole_and_lose_their_secrets(
        node in document(),
        random in prop::collection::vec(any::<u8>(), 1..64),
    ) {
        let mut writer = Writer { random: random.iter().cycle(), secrets: Vec::new() };
        let mut document = String::new();
        writer.node(&node, &mut document);
        let before: Value = serde_json::from_str(&document).expect("the test writes JSON");

        let redacted = Redactor::new().redact(&document);
        let after: Result<Value, _> = serde_json::from_str(&redacted);
        prop_assert!(after.is_ok(), "{document}\nbecame\n{redacted}");
        let after = after.expect("checked above");
        prop_assert_eq!(same_structure(&before, &after), Ok(()), "{}\nbecame\n{}", document, redacted);
        let mut readable = String::new();
        texts(&after, &mut readable);
        for secret in &writer.secrets {
            prop_assert!(!readable.contains(secret.as_str()), "{secret} survives:\n{document}\nbecame\n{redacted}");
        }
    }
}
