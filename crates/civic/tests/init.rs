//! What `init` sets for a process; alone in this one.

use std::{fs, panic};

use civic::Telemetry;

#[test]
fn init_covers_events_log_records_and_panics_and_happens_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let telemetry = Telemetry::builder("service")
        .filter("info")
        .to_file(&path)
        .init()
        .unwrap();

    tracing::info!("event for canary@example.com");
    log::warn!("record for canary@example.com");
    assert!(panic::catch_unwind(|| panic!("panic for canary@example.com")).is_err());

    let error = Telemetry::builder("service").init().unwrap_err();
    assert!(error.is_already_set(), "{error}");

    drop(telemetry);
    let text = fs::read_to_string(path).unwrap();
    assert!(!text.contains("canary"), "{text}");
    for part in [
        "event for [EMAIL]",
        "record for [EMAIL]",
        "panicked: panic for [EMAIL]",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}
