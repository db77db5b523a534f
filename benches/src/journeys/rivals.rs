//! What others take for a count with two labels. They bring heavy crates, so they are measured with the feature `rivals` only.

use std::error::Error;

use super::Bench;

/// Rows that are not run without the feature.
#[cfg(not(feature = "rivals"))]
const ROWS: [&str; 5] = [
    "journey/step-vs-metrics-counter",
    "journey/step-vs-metrics-handle",
    "journey/step-vs-prometheus-client-family",
    "journey/step-vs-opentelemetry-add",
    "journey/step-vs-autometrics",
];

#[cfg(not(feature = "rivals"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "the rows of the rivals, which are made with the feature, can fail"
)]
pub(super) fn all(bench: &mut Bench<'_>) -> Result<(), Box<dyn Error>> {
    for name in ROWS {
        bench.row(crate::goals::Row::not_run(name, "time ratio"));
    }
    Ok(())
}

#[cfg(feature = "rivals")]
pub(super) fn all(bench: &mut Bench<'_>) -> Result<(), Box<dyn Error>> {
    with_rivals::all(bench)
}

#[cfg(feature = "rivals")]
mod with_rivals {
    use std::error::Error;
    use std::hint::black_box;

    use metrics_exporter_prometheus::PrometheusBuilder;
    use opentelemetry::KeyValue;
    use opentelemetry::metrics::MeterProvider;
    use opentelemetry_sdk::metrics::SdkMeterProvider;
    use prometheus_client::encoding::EncodeLabelSet;
    use prometheus_client::metrics::counter::Counter;
    use prometheus_client::metrics::family::Family;

    use super::super::{ApplyStep, Bench, begun, repeat};
    use crate::paired::rounds;

    pub(super) fn all(bench: &mut Bench<'_>) -> Result<(), Box<dyn Error>> {
        metrics::set_global_recorder(PrometheusBuilder::new().build_recorder())?;
        let counter = || {
            metrics::counter!(
                "journey_steps_total",
                "journey_name" => "apply-for-a-licence",
                "journey_step" => "details"
            )
        };
        bench.against("journey/step-vs-metrics-counter", &mut || {
            counter().increment(1);
        });
        let handle = counter();
        bench.against("journey/step-vs-metrics-handle", &mut || {
            black_box(&handle).increment(1);
        });

        let family = Family::<Labels, Counter>::default();
        let labels = Labels {
            journey_name: "apply-for-a-licence",
            journey_step: "details",
        };
        bench.against("journey/step-vs-prometheus-client-family", &mut || {
            family.get_or_create(black_box(&labels)).inc();
        });

        let reader = opentelemetry_prometheus::exporter().build()?;
        let provider = SdkMeterProvider::builder().with_reader(reader).build();
        let counter = provider.meter("civic").u64_counter("journey.steps").build();
        bench.against("journey/step-vs-opentelemetry-add", &mut || {
            let labels = [
                KeyValue::new("journey.name", "apply-for-a-licence"),
                KeyValue::new("journey.step", "details"),
            ];
            counter.add(1, black_box(&labels));
        });

        bench.against("journey/step-vs-autometrics", &mut || {
            black_box(handler());
        });
        Ok(())
    }

    #[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
    struct Labels {
        journey_name: &'static str,
        journey_step: &'static str,
    }

    /// Counts its calls and measures their time, as that crate does.
    #[autometrics::autometrics]
    fn handler() -> u64 {
        black_box(1)
    }

    impl Bench<'_> {
        /// Our repeated step over one count of theirs.
        fn against(&mut self, name: &str, count: &mut dyn FnMut()) {
            let mut progress = begun();
            progress.reach(ApplyStep::Details);
            // They take long enough for fewer to do.
            let times = self.times / 10;
            let measured = rounds(
                self.rounds.min(15),
                &mut || repeat(&mut progress, times),
                &mut || {
                    for _ in 0..times {
                        count();
                    }
                },
            );
            self.both(&measured, times);
            self.push(name, measured.ratio());
        }
    }
}
