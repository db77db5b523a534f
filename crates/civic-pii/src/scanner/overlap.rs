//! Which of two findings that overlap is kept.

use crate::Finding;

/// Puts a finding in its place. Where findings overlap, one that holds the other wins unless it is much less sure, then the
/// surer, then the longer one.
pub(super) fn keep(findings: &mut Vec<Finding>, new: Finding) {
    // Nearly always it stands behind them all.
    if findings.last().is_none_or(|last| last.end <= new.start) {
        findings.push(new);
        return;
    }
    let first = findings
        .iter()
        .rposition(|old| old.end <= new.start)
        .map_or(0, |i| i + 1);
    let overlapping = findings[first..]
        .iter()
        .take_while(|old| old.start < new.end)
        .count();
    if findings[first..first + overlapping]
        .iter()
        .any(|old| beats(old, &new))
    {
        return;
    }
    findings.splice(first..first + overlapping, [new]);
}

fn beats(old: &Finding, new: &Finding) -> bool {
    const MUCH: u8 = 25;
    let holds = |a: &Finding, b: &Finding| {
        a.start <= b.start && a.end >= b.end && a.end - a.start > b.end - b.start
    };
    if holds(new, old) {
        return old.confidence > new.confidence.saturating_add(MUCH);
    }
    if holds(old, new) {
        return new.confidence <= old.confidence.saturating_add(MUCH);
    }
    (old.confidence, old.end - old.start) >= (new.confidence, new.end - new.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, Kind};

    fn finding(start: usize, end: usize, confidence: u8) -> Finding {
        Finding {
            start,
            end,
            kind: Kind::Nino,
            confidence,
            evidence: Evidence::SHAPE,
            custom: None,
        }
    }

    #[test]
    fn findings_stay_sorted_and_apart() {
        let mut findings = Vec::new();
        for new in [
            finding(10, 20, 60),
            finding(0, 5, 60),
            finding(12, 15, 70),
            finding(18, 30, 90),
            finding(40, 50, 60),
        ] {
            keep(&mut findings, new);
        }
        let spans: Vec<_> = findings.iter().map(|f| (f.start, f.end)).collect();
        assert_eq!(spans, [(0, 5), (18, 30), (40, 50)]);
    }

    #[test]
    fn the_holder_wins_unless_it_is_much_less_sure() {
        let mut findings = vec![finding(5, 10, 90)];
        keep(&mut findings, finding(0, 20, 70));
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].end, 20);
        let mut findings = vec![finding(5, 10, 95)];
        keep(&mut findings, finding(0, 20, 55));
        assert_eq!(findings[0].end, 10);
    }
}
