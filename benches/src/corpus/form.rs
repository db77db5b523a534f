//! How a value is written: its groups, separators, case and what stands right beside it.

use civic_pii::Kind;

use super::rng::Rng;

/// One way of writing the values of a kind.
#[must_use]
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// Name in the truth file.
    pub name: &'static str,
    /// Makes another raw value than the kind's own.
    pub raw: Option<fn(&mut Rng) -> String>,
    /// Lengths of the groups; what is left over makes one more.
    pub groups: &'static [usize],
    /// Text between groups.
    pub separator: &'static str,
    /// Text right before the value, which is no part of it.
    pub before: &'static str,
    /// Text right after the value, which is no part of it.
    pub after: &'static str,
    /// Letters are written small.
    pub lower: bool,
    /// Whether the value shows what it is.
    pub shows: Shows,
    /// Names of the fields that hold this form, where they differ from the kind's.
    pub keys: &'static [&'static str],
    /// Carriers that this form can stand in.
    pub place: Place,
}

/// Where a form makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Everywhere.
    Any,
    /// Not in addresses of pages, tables or encoded text: schemes and headers.
    Text,
    /// As the value of a field only.
    Field,
}

/// Whether a value can be recognised where nothing around it tells what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// Its shape or check digit is enough.
    Itself,
    /// It looks like any technical value: without a name or a word it has to stay.
    Nothing,
    /// Opinions may differ, so that the corpus only has it with a name or a word.
    Perhaps,
}

/// A form that writes the raw value as it is.
pub const fn form(name: &'static str) -> Form {
    Form {
        name,
        raw: None,
        groups: &[],
        separator: "",
        before: "",
        after: "",
        lower: false,
        shows: Shows::Itself,
        keys: &[],
        place: Place::Any,
    }
}

/// A form in groups.
pub const fn grouped(
    name: &'static str,
    groups: &'static [usize],
    separator: &'static str,
) -> Form {
    Form {
        groups,
        separator,
        ..form(name)
    }
}

impl Form {
    /// With raw values of its own.
    pub const fn raw(self, raw: fn(&mut Rng) -> String) -> Self {
        Self {
            raw: Some(raw),
            ..self
        }
    }

    /// With these neighbours.
    pub const fn between(self, before: &'static str, after: &'static str) -> Self {
        Self {
            before,
            after,
            ..self
        }
    }

    /// In small letters.
    pub const fn lower(self) -> Self {
        Self {
            lower: true,
            ..self
        }
    }

    /// Recognisable by a name or a word only, and to be left alone without.
    pub const fn evidence_only(self) -> Self {
        Self {
            shows: Shows::Nothing,
            ..self
        }
    }

    /// Only in places with a name or a word.
    pub const fn unclear(self) -> Self {
        Self {
            shows: Shows::Perhaps,
            ..self
        }
    }

    /// In fields with these names.
    pub const fn keys(self, keys: &'static [&'static str]) -> Self {
        Self { keys, ..self }
    }

    /// In these carriers.
    pub const fn place(self, place: Place) -> Self {
        Self { place, ..self }
    }

    fn write(&self, raw: &str) -> String {
        let mut out = String::new();
        let mut groups = self.groups.iter();
        let mut left = groups.next().copied();
        for c in raw.chars() {
            if left == Some(0) {
                out.push_str(self.separator);
                left = groups.next().copied();
            }
            left = left.map(|n| n - 1);
            if self.lower {
                out.extend(c.to_lowercase());
            } else {
                out.push(c);
            }
        }
        out
    }
}

/// All that the corpus knows of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Which kind.
    pub kind: Kind,
    /// Makes a raw value, without separators.
    pub raw: fn(&mut Rng) -> String,
    /// Ways of writing it, at least ten.
    pub forms: &'static [Form],
    /// Names of fields, as words with single spaces: `nhs number`.
    pub keys: &'static [&'static str],
    /// What people call it in a sentence; empty where only a field name can tell.
    pub words: &'static [&'static str],
}

/// A made-up value in one of its forms.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its kind.
    pub spec: &'static Spec,
    /// How it is written.
    pub form: &'static Form,
    /// The value as it is written.
    pub text: String,
}

impl Spec {
    /// A value of this kind in the form with this number (modulo their count).
    pub fn sample(&'static self, form: usize, rng: &mut Rng) -> Sample {
        let form = &self.forms[form % self.forms.len()];
        let raw = form.raw.unwrap_or(self.raw)(rng);
        Sample {
            spec: self,
            form,
            text: form.write(&raw),
        }
    }

    /// Whether only the name of a field can tell a value of this kind.
    pub const fn by_name_only(&self) -> bool {
        self.words.is_empty()
    }
}

impl Sample {
    /// Whether a name or a word has to say what the value is.
    pub const fn needs_evidence(&self) -> bool {
        !matches!(self.form.shows, Shows::Itself) || self.spec.by_name_only()
    }

    /// Whether it has to stay where neither a name nor a word stands by it.
    pub const fn is_nothing_alone(&self) -> bool {
        matches!(self.form.shows, Shows::Nothing) && !self.spec.by_name_only()
    }

    /// Names of fields that hold the value.
    pub const fn keys(&self) -> &'static [&'static str] {
        if self.form.keys.is_empty() {
            self.spec.keys
        } else {
            self.form.keys
        }
    }
}
