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

#[cfg(test)]
mod tests {
    use civic_pii::Scanner;

    use super::*;

    fn findings(text: &str, places: &[(usize, usize)]) -> Vec<Finding> {
        let any = Scanner::new().scan(text)[0];
        let mut findings = vec![any; places.len()];
        for (finding, (start, end)) in findings.iter_mut().zip(places) {
            (finding.start, finding.end) = (*start, *end);
        }
        findings
    }

    #[test]
    fn what_is_reported_keeps_its_place_and_the_rest_is_hidden_beside_it() {
        let reported = findings("AB123456C", &[(10, 20), (30, 40)]);
        let others = findings("ann@example.com", &[(0, 5), (12, 18), (15, 35), (38, 50)]);
        let mut hidden = Vec::new();
        masks(&reported, &others, &mut hidden);
        let places: Vec<_> = hidden.iter().map(|m| (m.start, m.end, m.label)).collect();
        assert_eq!(
            places,
            [
                (0, 5, "EMAIL"),
                (10, 20, "NINO"),
                (20, 30, "EMAIL"),
                (30, 40, "NINO"),
                (40, 50, "EMAIL"),
            ]
        );
    }
}
