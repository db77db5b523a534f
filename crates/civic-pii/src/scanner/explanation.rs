//! Why a value was found, or was not.

use core::cmp::Reverse;

use crate::{Finding, Kind};

/// A candidate of a scan, with its score and its reasons.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The candidate; its kind names the recogniser, its confidence is the score.
    pub finding: Finding,
    /// Score that the kind has to reach, in percent; 0 for a pattern of the user, which needs none.
    pub threshold: u8,
    /// Whether the score was reached. An accepted candidate may still give way to a surer one that overlaps it.
    pub accepted: bool,
    /// The key before the value as it stands in the text, if there is one.
    pub key: Option<String>,
    /// The lines to write into `civic.toml` to keep such a value, with the reason left to be filled in.
    ///
    /// Behind a key that is the key, else the kind: a higher threshold, or for a pattern of the user its action.
    pub keep_line: String,
    /// The lines that keep it by its kind, whatever key stands before it.
    pub keep_kind_line: String,
}

impl Explanation {
    pub(super) fn new(
        finding: Finding,
        threshold: u8,
        accepted: bool,
        key: Option<String>,
    ) -> Self {
        let keep_kind_line = match finding.kind {
            Kind::Custom => format!(
                "[pii.kinds.{}]\naction = \"keep\"\nreason = \"..\"",
                finding.kind.id()
            ),
            _ => threshold_above(&finding, finding.confidence),
        };
        let keep_line = match &key {
            Some(key) => format!("[[pii.keep]]\nfield = \"{key}\"\nreason = \"..\""),
            None => keep_kind_line.clone(),
        };
        Self {
            finding,
            threshold,
            accepted,
            key,
            keep_line,
            keep_kind_line,
        }
    }

    fn place(&self) -> (Kind, usize, usize) {
        (self.finding.kind, self.finding.start, self.finding.end)
    }
}

/// Puts explanations in order, leaves the surest for each place and kind, and sets thresholds that keep all that overlap:
/// below the surest reading of a value, the next one would be found.
pub(super) fn settle(explanations: &mut Vec<Explanation>) {
    explanations.sort_by_key(|one| (one.place(), Reverse((one.accepted, one.finding.confidence))));
    explanations.dedup_by_key(|one| one.place());
    let mut rest = explanations.as_mut_slice();
    while let Some((kind, _, mut end)) = rest.first().map(Explanation::place) {
        let mut together = 0;
        let mut surest = 0;
        for one in rest.iter() {
            if one.finding.kind != kind || (together > 0 && one.finding.start >= end) {
                break;
            }
            end = end.max(one.finding.end);
            surest = surest.max(one.finding.confidence);
            together += 1;
        }
        let (overlapping, others) = rest.split_at_mut(together);
        for one in overlapping {
            one.keep_kind_line = threshold_above(&one.finding, surest);
            if one.key.is_none() {
                one.keep_line.clone_from(&one.keep_kind_line);
            }
        }
        rest = others;
    }
    explanations.sort_by_key(|one| (one.finding.start, one.finding.end));
}

/// No score reaches 100.
fn threshold_above(finding: &Finding, score: u8) -> String {
    let threshold = (score + 1).min(100);
    format!("[pii.kinds.{}]\nthreshold = {threshold}", finding.kind.id())
}
