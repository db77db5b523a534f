//! Writes a line and remembers where the labelled values stand in it.

use civic_pii::Kind;

use super::carrier::Carrier;
use super::encode::Layer;
use super::form::Sample;

/// What in the line tells a reader what a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// Nothing.
    None,
    /// The name of the field that holds it.
    Key,
    /// Words of the sentence around it.
    Word,
    /// The name of the field says that it is something else.
    Against,
}

impl Evidence {
    /// All of them, in the order of the tables.
    pub const ALL: [Evidence; 4] = [Self::None, Self::Key, Self::Word, Self::Against];

    /// Name in the truth file.
    pub const fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Key => "key",
            Self::Word => "word",
            Self::Against => "name-against",
        }
    }

    /// Whether it tells what the value is.
    pub const fn is_for(self) -> bool {
        matches!(self, Self::Key | Self::Word)
    }
}

/// A labelled value in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// First byte in the line.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Kind of the value.
    pub kind: Kind,
    /// Name of the carrier.
    pub carrier: &'static str,
    /// Name of the form, with what was done to it.
    pub form: String,
    /// What tells that it is personal.
    pub evidence: Evidence,
    /// The value has the shape of its kind, but nothing says that it is one: it must stay.
    pub untouched: bool,
}

/// A line under construction.
#[derive(Debug)]
pub struct Pen {
    /// The line so far.
    pub text: String,
    /// The labels so far, by place.
    pub labels: Vec<Label>,
    layers: Vec<Layer>,
    carrier: Carrier,
}

impl Pen {
    /// A line that is to show this carrier.
    pub fn new(carrier: Carrier) -> Self {
        Self {
            text: String::new(),
            labels: Vec::new(),
            layers: Vec::new(),
            carrier,
        }
    }

    /// Whether the line is to show this carrier.
    pub fn carrier_is(&self, carrier: Carrier) -> bool {
        self.carrier == carrier
    }

    /// Writes text through the layers of encoding.
    pub fn push(&mut self, text: &str) {
        let mut text = text.to_owned();
        for layer in self.layers.iter().rev() {
            text = layer.apply(&text);
        }
        self.text.push_str(&text);
    }

    /// Writes with one more, inner, layer of encoding.
    pub fn within(&mut self, layer: Layer, write: impl FnOnce(&mut Self)) {
        self.layers.push(layer);
        write(self);
        self.layers.pop();
    }

    /// Writes a value with its neighbours and labels it.
    pub fn value(&mut self, sample: &Sample, evidence: Evidence) {
        self.value_as(sample, &sample.text, "", evidence);
    }

    /// The same with another text for the value; `how` is added to the name of the form.
    pub fn value_as(&mut self, sample: &Sample, text: &str, how: &str, evidence: Evidence) {
        self.push(sample.form.before);
        let start = self.text.len();
        self.push(text);
        self.label(start, sample, how, evidence);
        self.push(sample.form.after);
    }

    /// Labels what was written since `start` as this value.
    pub fn label(&mut self, start: usize, sample: &Sample, how: &str, evidence: Evidence) {
        let name = sample.form.name;
        self.labels.push(Label {
            start,
            end: self.text.len(),
            kind: sample.spec.kind,
            carrier: self.carrier.id(),
            form: if how.is_empty() {
                name.to_owned()
            } else {
                format!("{name}+{how}")
            },
            evidence,
            untouched: sample.needs_evidence() && !evidence.is_for()
                || evidence == Evidence::Against,
        });
    }
}
