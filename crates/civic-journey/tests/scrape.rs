//! A step never waits for a scrape, and a scrape is in order.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use civic_core::{LabelValue, Metric, MetricKind, MetricSink, MetricSource, Value};
use civic_journey::{Definition, Journey, Progress, Submission};

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

/// Stops in the middle of a scrape until a step was counted elsewhere.
struct Stuck {
    counted: mpsc::Receiver<()>,
    asked: mpsc::Sender<()>,
    waited: bool,
}

impl MetricSink for Stuck {
    fn sample(&mut self, _: &'static Metric, _: &[LabelValue], _: Value<'_>) {
        if !self.waited {
            self.waited = true;
            self.asked.send(()).unwrap();
            let done = self.counted.recv_timeout(Duration::from_secs(30));
            done.expect("a step waits for the scrape");
        }
    }
}

#[test]
fn a_step_is_counted_while_a_scrape_renders() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let (done, counted) = mpsc::channel();
    let (asked, ask) = mpsc::channel();
    let citizen = thread::spawn(move || {
        ask.recv().unwrap();
        let mut progress = Progress::new(&JOURNEY, None, std::time::SystemTime::now());
        progress.reach(ApplyStep::Start);
        progress.complete(ApplyOutcome::Submitted, Submission::Created);
        done.send(()).unwrap();
    });
    JOURNEY.collect(&mut Stuck {
        counted,
        asked,
        waited: false,
    });
    citizen.join().unwrap();
    assert_eq!(JOURNEY.counts().completed(), 1);
}

#[test]
fn a_journey_shows_as_many_series_as_it_says() {
    #[derive(Default)]
    struct Series(usize);
    impl MetricSink for Series {
        fn sample(&mut self, metric: &'static Metric, labels: &[LabelValue], _: Value<'_>) {
            assert_eq!(labels.len(), metric.labels().len(), "{metric:?}");
            self.0 += match metric.kind() {
                // The bounds, the bucket above them, count and sum.
                MetricKind::Histogram(bounds) => bounds.len() + 3,
                _ => 1,
            };
        }
    }
    let mut series = Series::default();
    APPLY.collect(&mut series);
    assert_eq!(series.0, Apply::SERIES);
    // Two steps and two outcomes: 8 of the whole, 5 of each step, 29 of each outcome.
    assert_eq!(series.0, 8 + 2 * 5 + 2 * 29);
}
