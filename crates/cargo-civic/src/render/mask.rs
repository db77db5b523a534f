//! Which bytes of a line are hidden when it is shown.

use civic_pii::Finding;

/// A part of a line that is shown as a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Text between the brackets of the marker.
    pub(super) label: &'static str,
}

/// Masks for the findings that are reported, and for everything else that a second look found.
///
/// Both lists are sorted. Where they overlap, the reported findings keep their place and the rest of
/// the other finding is hidden beside them.
pub(crate) fn masks(reported: &[Finding], others: &[Finding], masks: &mut Vec<Mask>) {
    masks.clear();
    masks.extend(reported.iter().map(|finding| Mask {
        start: finding.start,
        end: finding.end,
        label: finding.kind.label(),
    }));
    let mut first = 0;
    for other in others {
        while reported.get(first).is_some_and(|f| f.end <= other.start) {
            first += 1;
        }
        let mut start = other.start;
        let overlapping = reported[first..].iter();
        for finding in overlapping.take_while(|f| f.start < other.end) {
            hide(masks, start, finding.start, other);
            start = finding.end;
        }
        hide(masks, start, other.end, other);
    }
    masks.sort_unstable_by_key(|mask| mask.start);
}

fn hide(masks: &mut Vec<Mask>, start: usize, end: usize, finding: &Finding) {
    if start < end {
        masks.push(Mask {
            start,
            end,
            label: finding.kind.label(),
        });
    }
}
