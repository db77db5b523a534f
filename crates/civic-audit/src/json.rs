//! Writes JSON objects into a buffer, field by field, without a tree in between.

use std::fmt::Display;
use std::io::Write as _;

/// An object that is being written. `close` ends it. Public for a sealed trait, and nobody else can name it.
#[derive(Debug)]
pub struct Object<'a> {
    out: &'a mut Vec<u8>,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Begins an object.
    pub(crate) fn open(out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Object { out, empty: true }
    }

    /// Goes on where an object was begun elsewhere, behind its opening brace or a comma.
    pub(crate) fn resume(out: &'a mut Vec<u8>) -> Self {
        Object { out, empty: true }
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        push_text(self.out, value);
    }

    pub(crate) fn text_if(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(name, value);
        }
    }

    /// A value whose text has nothing to escape: a time, an identifier in hexadecimal.
    pub(crate) fn plain(&mut self, name: &str, value: impl Display) {
        self.name(name);
        write!(self.out, "\"{value}\"").expect("a Vec takes all that is written");
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        write!(self.out, "{value}").expect("a Vec takes all that is written");
    }

    pub(crate) fn texts<S: AsRef<str>>(&mut self, name: &str, values: &[S]) {
        self.list(name, values, |out, value| push_text(out, value.as_ref()));
    }

    pub(crate) fn list<T>(&mut self, name: &str, values: &[T], write: impl Fn(&mut Vec<u8>, &T)) {
        if values.is_empty() {
            return;
        }
        self.name(name);
        for (place, value) in values.iter().enumerate() {
            self.out.push(if place == 0 { b'[' } else { b',' });
            write(self.out, value);
        }
        self.out.push(b']');
    }

    pub(crate) fn object(&mut self, name: &str, write: impl FnOnce(&mut Object<'_>)) {
        self.name(name);
        let mut inner = Object::open(self.out);
        write(&mut inner);
        inner.close();
    }

    /// Fields that were written before, with a comma before each.
    pub(crate) fn fields(&mut self, written: &[u8]) {
        self.out.extend_from_slice(written);
    }

    pub(crate) fn close(self) {
        self.out.push(b'}');
    }

    fn name(&mut self, name: &str) {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        self.out.push(b'"');
        self.out.extend_from_slice(name.as_bytes());
        self.out.extend_from_slice(b"\":");
    }
}

/// Writes a JSON string.
pub(crate) fn push_text(out: &mut Vec<u8>, text: &str) {
    if text
        .bytes()
        .all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\')
    {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        serde_json::to_writer(out, text).expect("a Vec takes all that is written");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_json() {
        let mut out = Vec::new();
        let mut object = Object::open(&mut out);
        object.text("a", "say \"no\"\n");
        object.texts("b", &["x", "y"]);
        object.texts::<&str>("none", &[]);
        object.object("c", |inner| inner.number("n", 7));
        object.close();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"a": "say \"no\"\n", "b": ["x", "y"], "c": {"n": 7}})
        );
    }
}
