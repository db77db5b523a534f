//! Which bytes of a line are hidden when it is shown.

use civic_pii::Finding;

use super::Names;

/// A part of a line that is shown as a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mask<'n> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Text between the brackets of the marker.
    pub(super) label: &'n str,
}

/// Masks for the findings that are reported, and for everything else that a second look found.
///
/// Both lists are sorted. Where they overlap, the reported findings keep their place and the rest of
/// the other finding is hidden beside them.
pub(crate) fn masks<'n>(
    reported: &[Finding],
    others: &[Finding],
    names: Names<'n>,
) -> Vec<Mask<'n>> {
    let mask = |finding: &Finding| Mask {
        start: finding.start,
        end: finding.end,
        label: names.label(finding),
    };
    let mut masks: Vec<_> = reported.iter().map(mask).collect();
    let mut first = 0;
    for other in others {
        while reported.get(first).is_some_and(|f| f.end <= other.start) {
            first += 1;
        }
        let mut start = other.start;
        let overlapping = reported[first..].iter();
        for finding in overlapping.take_while(|f| f.start < other.end) {
            hide(&mut masks, start, finding.start, mask(other));
            start = finding.end;
        }
        hide(&mut masks, start, other.end, mask(other));
    }
    masks.sort_unstable_by_key(|mask| mask.start);
    masks
}

fn hide<'n>(masks: &mut Vec<Mask<'n>>, start: usize, end: usize, mask: Mask<'n>) {
    if start < end {
        masks.push(Mask { start, end, ..mask });
    }
}

#[cfg(test)]
mod tests {
    use civic_pii::{Policy, Scanner};

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
        let policy = Policy::default();
        let hidden = masks(&reported, &others, Names::new(&policy));
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
