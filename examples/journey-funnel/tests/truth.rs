//! What Prometheus has of the atomic store equals the truth of the crowd.

use std::process::Command;

#[test]
fn the_atomic_store_equals_the_truth_and_the_token_is_near_it() {
    let output = Command::new(env!("CARGO_BIN_EXE_journey-funnel"))
        .args(["--citizens", "300", "--seed", "7"])
        .output()
        .expect("the binary was built");
    let text = String::from_utf8(output.stdout).expect("a table is text");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}{errors}");
    if let Some(skipped) = text.lines().find(|line| line.starts_with("skipped: ")) {
        println!("{skipped}");
        return;
    }
    let (atomic, token) = text
        .split_once("token store")
        .expect("a table for each store");
    let rows = |table: &str| -> Vec<(u64, u64)> {
        let lines = table.lines().filter(|line| line.ends_with('%'));
        lines
            .filter_map(|line| {
                let words: Vec<&str> = line.split_whitespace().rev().collect();
                Some((words.get(1)?.parse().ok()?, words.get(2)?.parse().ok()?))
            })
            .collect()
    };
    let exact = rows(atomic);
    assert!(exact.len() >= 10, "{text}");
    // A refresh that is counted twice would be 12 in 100.
    assert!(
        atomic.contains("starts                 300       300    +0.00%"),
        "{text}"
    );
    for (truth, counted) in rows(token) {
        let error = counted.abs_diff(truth) as f64 / truth.max(1) as f64;
        assert!(error < 0.05, "{text}");
    }
}

#[test]
fn a_mistake_on_the_command_line_is_told() {
    let output = Command::new(env!("CARGO_BIN_EXE_journey-funnel"))
        .args(["--citizens", "many"])
        .output()
        .expect("the binary was built");
    assert_eq!(output.status.code(), Some(2));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        errors.contains("`--citizens`") && errors.contains("usage: journey-funnel"),
        "{errors}"
    );
}
