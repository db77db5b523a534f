//! The fields of a span, as they stand on each line that is logged in it.

use std::ops::Range;

use crate::clean::Outcome;

/// What each layer of ours keeps of a span. A layer reads its own text only: another may have another policy.
#[derive(Debug)]
pub(crate) struct SpanTexts {
    first: (u64, SpanText),
    others: Vec<(u64, SpanText)>,
}

/// Fields of a span, written once.
#[derive(Debug, Default)]
pub(crate) struct SpanText {
    /// The fields with all that stands around them.
    pub(crate) text: String,
    /// The fields in the order of the text.
    pub(crate) fields: Vec<SpanField>,
    /// What was removed from them.
    pub(crate) outcome: Outcome,
}

/// Where a field with its key stands in the text, without a comma.
#[derive(Clone, Debug)]
pub(crate) struct SpanField {
    pub(crate) name: &'static str,
    pub(crate) place: Range<usize>,
}

impl SpanTexts {
    pub(crate) fn new(owner: u64, text: SpanText) -> Self {
        Self {
            first: (owner, text),
            others: Vec::new(),
        }
    }

    pub(crate) fn set(&mut self, owner: u64, text: SpanText) {
        self.others.push((owner, text));
    }

    #[inline]
    pub(crate) fn get(&self, owner: u64) -> Option<&SpanText> {
        if self.first.0 == owner {
            return Some(&self.first.1);
        }
        let mut others = self.others.iter();
        others.find_map(|(id, text)| (*id == owner).then_some(text))
    }

    pub(crate) fn get_mut(&mut self, owner: u64) -> Option<&mut SpanText> {
        if self.first.0 == owner {
            return Some(&mut self.first.1);
        }
        let mut others = self.others.iter_mut();
        others.find_map(|(id, text)| (*id == owner).then_some(text))
    }
}

impl SpanText {
    /// The key and value of a field.
    pub(crate) fn field(&self, field: &SpanField) -> &str {
        &self.text[field.place.clone()]
    }
}
