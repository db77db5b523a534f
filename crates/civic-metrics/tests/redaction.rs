//! Personal data that other code sends through `metrics` does not reach the recorder.

use std::sync::Arc;

use civic_metrics::{Exposition, RedactingRecorder};
use civic_pii::{Action, Kind, Policy, Redactor};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

fn recorder(redactor: Redactor) -> (RedactingRecorder<PrometheusRecorder>, PrometheusHandle) {
    let exporter = PrometheusBuilder::new().build_recorder();
    let handle = exporter.handle();
    (RedactingRecorder::new(exporter, redactor), handle)
}

#[test]
fn no_door_lets_personal_data_through() {
    let (recorder, handle) = recorder(Redactor::new());
    metrics::with_local_recorder(&recorder, || {
        metrics::counter!("logins", "user" => "a.person@example.com").increment(1);
        metrics::gauge!("waiting", "nino" => String::from("AB123456C")).set(2.0);
        metrics::histogram!("took", "path" => "/apply/AB123456C").record(0.5);
        metrics::counter!(String::from("seen_a.person@example.com")).increment(1);
        metrics::counter!("by_key", "a.person@example.com" => "yes").increment(1);
        metrics::describe_counter!("logins", "first seen for a.person@example.com");
        metrics::counter!("dates", "date_of_birth" => "1970-01-01").increment(1);
    });
    let text = handle.render();
    for secret in ["person", "example.com", "AB123456C", "123456", "1970"] {
        assert!(!text.contains(secret), "{secret} is in\n{text}");
    }
    assert!(text.contains(r#"logins{user="[EMAIL]"} 1"#), "{text}");
    assert!(text.contains(r#"waiting{nino="[NINO]"} 2"#), "{text}");
    assert_eq!(recorder.redactions().count(), 6);
}

#[test]
fn two_people_share_a_series() {
    let (recorder, handle) = recorder(Redactor::new());
    metrics::with_local_recorder(&recorder, || {
        for user in ["a.person@example.com", "b.person@example.com"] {
            metrics::counter!("logins", "user" => user).increment(1);
        }
    });
    assert!(handle.render().contains(r#"logins{user="[EMAIL]"} 2"#));
}

#[test]
fn clean_labels_arrive_as_they_were_sent() {
    let (recorder, handle) = recorder(Redactor::new());
    metrics::with_local_recorder(&recorder, || {
        metrics::counter!("requests", "method" => "POST", "status" => "200").increment(3);
        metrics::describe_counter!("requests", "Requests that were answered.");
    });
    let text = handle.render();
    assert!(
        text.contains(r#"requests{method="POST",status="200"} 3"#),
        "{text}"
    );
    assert!(text.contains("Requests that were answered."), "{text}");
    assert_eq!(recorder.redactions().count(), 0);
}

#[test]
fn the_policy_decides() {
    let keep = Action::keep("addresses of staff");
    let policy = Policy::builder().action(Kind::Email, keep).build().unwrap();
    let (recorder, handle) = recorder(Redactor::with_policy(policy));
    metrics::with_local_recorder(&recorder, || {
        metrics::counter!("mails", "to" => "staff@example.com").increment(1);
    });
    assert!(
        handle
            .render()
            .contains(r#"mails{to="staff@example.com"} 1"#)
    );
}

#[test]
fn redactions_are_a_metric() {
    let (recorder, _) = recorder(Redactor::new());
    let exposition = Exposition::new().with(recorder.redactions()).unwrap();
    assert!(
        exposition
            .prometheus()
            .contains("metrics_redactions_total 0\n")
    );
    let recorder = Arc::new(recorder);
    metrics::with_local_recorder(&*recorder, || {
        metrics::counter!("logins", "user" => "a.person@example.com").increment(1);
    });
    assert!(
        exposition
            .prometheus()
            .contains("metrics_redactions_total 1\n")
    );
}
