//! Which spans an event is listed under.

use civic_tracing::JsonLayer;
use serde_json::json;
use tracing::{info, info_span};

use crate::values;

fn log() {
    let outer = info_span!("outer", n = 1);
    let other = info_span!(parent: None, "other", n = 2);
    let child = info_span!(parent: &other, "child");
    let _entered = outer.enter();
    info!(parent: &child, "of another");
    info!(parent: None, "of none");
    info!("of the current one");
}

#[test]
fn true_parents_put_right_what_upstream_has_wrong() {
    let lines = values(|layer| layer.with_true_parents(true), log);
    assert_eq!(lines[0]["span"], json!({"name": "child"}));
    assert_eq!(
        lines[0]["spans"],
        json!([{"name": "other", "n": 2}, {"name": "child"}])
    );
    assert_eq!((lines[1].get("span"), lines[1].get("spans")), (None, None));
    assert_eq!(lines[2]["spans"], json!([{"name": "outer", "n": 1}]));
}

#[test]
fn unless_told_so_the_faults_are_upstream_s() {
    let lines = values(|layer| layer, log);
    assert_eq!(lines[0]["span"], json!({"name": "child"}));
    assert_eq!(lines[0]["spans"], json!([{"name": "outer", "n": 1}]));
    assert_eq!(lines[1]["span"], json!({"name": "outer", "n": 1}));
}

#[test]
fn other_shapes_have_true_parents() {
    let lines = values(JsonLayer::flat, log);
    assert_eq!(
        (&lines[0]["span"], &lines[0]["n"]),
        (&json!("child"), &json!(2))
    );
    assert_eq!((lines[1].get("span"), lines[1].get("n")), (None, None));
    assert_eq!(
        (&lines[2]["span"], &lines[2]["n"]),
        (&json!("outer"), &json!(1))
    );
}

#[test]
fn spans_nested_without_end_are_all_listed() {
    let lines = values(
        |layer| layer,
        || {
            let mut spans = Vec::new();
            for depth in 0..300_u64 {
                spans.push(info_span!("deep", depth).entered());
            }
            info!("at the bottom");
            while let Some(span) = spans.pop() {
                drop(span);
            }
        },
    );
    let list = lines[0]["spans"].as_array().unwrap();
    let depths: Vec<u64> = list
        .iter()
        .map(|span| span["depth"].as_u64().unwrap())
        .collect();
    assert_eq!(depths, (0..300).collect::<Vec<_>>());
}
