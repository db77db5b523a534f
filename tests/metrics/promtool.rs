//! Prometheus's own checker has nothing to say about what is shown.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use civic_journey::{ErrorKind, Progress, Submission};
use civic_metrics::Exposition;

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "payment-refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

fn promtool() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .map(|folder| folder.join("promtool"))
        .find(|file| file.is_file());
    if found.is_none() {
        println!("skipped: no `promtool`; `apt-get install prometheus` brings it");
    }
    found
}

fn check(promtool: &PathBuf, text: &str) -> (bool, String) {
    let mut child = Command::new(promtool)
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program that is there can be started");
    let mut input = child.stdin.take().expect("it was asked for");
    input
        .write_all(text.as_bytes())
        .expect("promtool reads all");
    drop(input);
    let output = child.wait_with_output().expect("promtool ends");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn promtool_has_nothing_to_say() {
    let Some(promtool) = promtool() else { return };
    let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_268_800);
    let mut progress = Progress::new(&APPLY, None, start);
    progress.reach(ApplyStep::Start);
    progress.error(ApplyStep::Pay, ErrorKind::Dependency);
    let later = start + Duration::from_secs(700);
    let mut progress = Progress::new(&APPLY, Some(progress.record()), later);
    progress.complete(ApplyOutcome::Submitted, Submission::Created);

    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let recorder = civic_metrics::RedactingRecorder::new(recorder, civic_pii::Redactor::new());
    let exposition = Exposition::new()
        .with(&APPLY)
        .and_then(|exposition| exposition.with(recorder.redactions()))
        .expect("two names");
    let (holds, said) = check(&promtool, &exposition.prometheus());
    assert!(holds && said.is_empty(), "{said}");

    // And it would say something: this name has no unit and no `total`.
    let (holds, said) = check(
        &promtool,
        "# TYPE wait_milliseconds counter\nwait_milliseconds 1\n",
    );
    assert!(!holds && said.contains("wait_milliseconds"), "{said}");
}
