//! A journey through the exposition, OpenTelemetry and `metrics` gives the same names, labels and figures.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use civic_journey::{ErrorKind, Journey, Progress, Submission};
use civic_metrics::facade::Bridge;
use civic_metrics::{Exposition, otel};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use prometheus::{Registry, TextEncoder};

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "payment-refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

/// So many journeys, each longer than the one before, half of which are paid.
fn citizens(journey: &'static Journey<Apply>, count: u64) {
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_800);
    for citizen in 0..count {
        let mut progress = Progress::new(journey, None, start);
        progress.reach(ApplyStep::Start);
        progress.error(ApplyStep::Pay, ErrorKind::Dependency);
        let later = start + Duration::from_secs(citizen * citizen * 10);
        let mut progress = Progress::new(journey, Some(progress.record()), later);
        progress.reach(ApplyStep::Start);
        progress.reach(ApplyStep::Pay);
        let outcome = if citizen % 2 == 0 {
            ApplyOutcome::Submitted
        } else {
            ApplyOutcome::Refused
        };
        progress.complete(outcome, Submission::Created);
    }
}

/// Value by name and sorted labels; what an exporter adds of its own accord is left out.
fn series(text: &str) -> BTreeMap<String, f64> {
    let mut all = BTreeMap::new();
    for line in text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
    {
        let (series, value) = line.rsplit_once(' ').expect("a series and its value");
        let (name, labels) = series
            .strip_suffix('}')
            .and_then(|series| series.split_once('{'))
            .unwrap_or((series, ""));
        if name == "target_info" {
            continue;
        }
        let mut labels: Vec<String> = labels
            .split(',')
            .filter(|label| !label.starts_with("otel_scope_") && !label.is_empty())
            .map(|label| match label.strip_prefix("le=\"") {
                // 20 and 20.0 are one bound.
                Some(bound) if bound != "+Inf\"" => {
                    let bound: f64 = bound.trim_end_matches('"').parse().expect("a number");
                    format!("le=\"{bound}\"")
                }
                _ => label.to_owned(),
            })
            .collect();
        labels.sort();
        let before = all.insert(
            format!("{name}{{{}}}", labels.join(",")),
            value.parse().expect("a number"),
        );
        assert!(before.is_none(), "{series} stands twice");
    }
    all
}

#[track_caller]
fn assert_same(left: &BTreeMap<String, f64>, right: &BTreeMap<String, f64>) {
    let names = |map: &BTreeMap<String, f64>| map.keys().cloned().collect::<Vec<_>>();
    let (left_names, right_names) = (names(left), names(right));
    for name in &left_names {
        assert!(
            right.contains_key(name),
            "{name} is only left; right has {right_names:#?}"
        );
    }
    for name in &right_names {
        assert!(left.contains_key(name), "{name} is only right");
    }
    for (name, value) in left {
        let other = right[name];
        assert!((value - other).abs() < 1e-6, "{name}: {value} and {other}");
    }
}

#[test]
fn three_ways_show_the_same() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let exposition = Exposition::new().with(&JOURNEY).unwrap();

    let registry = Registry::new();
    let exporter = opentelemetry_prometheus::exporter()
        .with_registry(registry.clone())
        .build()
        .unwrap();
    let provider = SdkMeterProvider::builder().with_reader(exporter).build();
    otel::observe(&provider.meter("civic"), &JOURNEY);
    let otel = || {
        TextEncoder::new()
            .encode_to_string(&registry.gather())
            .unwrap()
    };

    let bridge = Bridge::new(&JOURNEY);
    let mut builder = PrometheusBuilder::new();
    for (name, bounds) in bridge.histograms() {
        builder = builder
            .set_buckets_for_metric(Matcher::Full(name), bounds)
            .unwrap();
    }
    let recorder = builder.with_recommended_naming(true).build_recorder();
    let facade = || {
        bridge.sync(&recorder);
        recorder.handle().render()
    };

    // Before the first citizen all counters are there, at 0; a histogram can be shown empty by the exposition alone.
    let counters = |text: &str| {
        let mut all = series(text);
        all.retain(|name, _| !name.starts_with("journey_duration"));
        all
    };
    let own = counters(&exposition.prometheus());
    assert_same(&own, &counters(&otel()));
    assert_same(&own, &counters(&facade()));
    assert!(
        own.iter()
            .all(|(name, value)| *value == 0.0 || name.starts_with("journey_info"))
    );

    // Twice, because what is passed on of a histogram is what was added.
    for count in [40, 7] {
        citizens(&JOURNEY, count);
        let own = series(&exposition.prometheus());
        assert_eq!(own.len(), civic_journey_series());
        assert_same(&own, &series(&otel()));
        assert_same(&own, &series(&facade()));
        assert_same(&own, &series(&facade()));
        assert_same(
            &own,
            &series(exposition.openmetrics().trim_end_matches("# EOF\n")),
        );
    }
}

fn civic_journey_series() -> usize {
    <Apply as civic_journey::Definition>::SERIES
}

#[test]
fn a_bridge_is_right_however_late_the_recorder_comes() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let bridge = Bridge::new(&JOURNEY);
    citizens(&JOURNEY, 10);
    bridge.sync_installed(); // no recorder is there
    let recorder = PrometheusBuilder::new().build_recorder();
    bridge.sync(&recorder);
    let text = recorder.handle().render();
    assert!(
        text.contains(r#"journey_starts_total{journey_name="apply-for-a-licence"} 10"#),
        "{text}"
    );
}

#[test]
fn a_scrape_empties_nothing() {
    static JOURNEY: Journey<Apply> = Journey::new();
    let exposition = Exposition::new().with(&JOURNEY).unwrap();
    citizens(&JOURNEY, 3);
    assert_eq!(exposition.prometheus(), exposition.prometheus());
    assert_eq!(JOURNEY.counts().starts(), 3);
}
