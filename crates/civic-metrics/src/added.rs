//! What a histogram has more than the last time, for outputs that cannot be told of a whole one.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use civic_core::{Histogram, LabelValue, Metric, MetricKind};

/// What was passed on of each series. The lock is held by one output while it reads, never by who counts.
#[derive(Debug, Default)]
pub(crate) struct Added(Mutex<HashMap<Series, Passed>>);

type Series = (&'static str, Vec<LabelValue>);

#[derive(Debug)]
struct Passed {
    counts: Vec<u64>,
    sums: Vec<f64>,
}

impl Added {
    /// Gives a value for each bucket that grew, with how often it is to be recorded.
    ///
    /// The value is the mean of what was added to the bucket, so that count, bucket and sum come out the same.
    pub(crate) fn since_last(
        &self,
        metric: &'static Metric,
        labels: &[LabelValue],
        histogram: &Histogram<'_>,
        mut record: impl FnMut(f64, u64),
    ) {
        let MetricKind::Histogram(bounds) = metric.kind() else {
            return;
        };
        let mut series = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (metric.name(), labels.to_vec());
        let passed = series.entry(key).or_insert_with(|| Passed {
            counts: vec![0; histogram.counts.len()],
            sums: vec![0.0; histogram.sums.len()],
        });
        let buckets = histogram.counts.iter().zip(histogram.sums).enumerate();
        for (at, (count, sum)) in buckets {
            let added = count.saturating_sub(passed.counts[at]);
            if added == 0 {
                continue;
            }
            let mean = (sum - passed.sums[at]) / added as f64;
            // A sum may be ahead of its count for a moment; a mean beyond its bucket would land in another one.
            let low = at
                .checked_sub(1)
                .map_or(0.0, |below| bounds[below].next_up());
            let high = bounds.get(at).copied().unwrap_or(f64::MAX);
            let mean = mean.clamp(low, high);
            record(mean, added);
            passed.counts[at] += added;
            passed.sums[at] += mean * added as f64;
        }
    }
}

#[cfg(test)]
mod tests {
    use civic_core::Unit;

    use super::*;

    static WAIT: Metric = Metric::histogram("wait", Unit::Seconds, "Waits.", &[], &[1.0, 10.0]);

    fn added(to: &Added, counts: &[u64], sums: &[f64]) -> Vec<(f64, u64)> {
        let mut all = Vec::new();
        let histogram = Histogram { counts, sums };
        to.since_last(&WAIT, &[], &histogram, |value, count| {
            all.push((value, count));
        });
        all
    }

    #[test]
    fn each_bucket_gives_the_mean_of_what_is_new() {
        let to = Added::default();
        assert_eq!(added(&to, &[0, 2, 0], &[0.0, 8.0, 0.0]), [(4.0, 2)]);
        assert_eq!(added(&to, &[0, 2, 0], &[0.0, 8.0, 0.0]), []);
        assert_eq!(
            added(&to, &[1, 3, 0], &[0.5, 14.0, 0.0]),
            [(0.5, 1), (6.0, 1)]
        );
    }

    #[test]
    fn a_sum_that_is_ahead_stays_in_its_bucket_and_is_made_up_for() {
        let to = Added::default();
        assert_eq!(added(&to, &[0, 1, 0], &[0.0, 18.0, 0.0]), [(10.0, 1)]);
        assert_eq!(added(&to, &[0, 2, 0], &[0.0, 18.0, 0.0]), [(8.0, 1)]);
    }
}
