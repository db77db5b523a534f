//! `compliance_tests!` over a clean service, and the same over one that leaks, in a process of its own.

use std::path::Path;
use std::process::{Command, ExitCode};

use civic_ops::{RULES, compliance};

/// Set in the process that runs the cases over the service that leaks.
const LEAKING: &str = "CIVIC_TEST_LEAKING";

/// What the macro makes.
mod made {
    civic_ops::compliance_tests!("tests/services/clean");

    pub(crate) fn run() -> std::process::ExitCode {
        main()
    }
}

fn main() -> ExitCode {
    if std::env::var_os(LEAKING).is_some() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/services/leaking");
        return compliance::run(&folder);
    }
    each_item_that_leaks_is_a_case_that_fails();
    a_folder_that_is_not_there_is_a_case_that_fails();
    made::run()
}

fn each_item_that_leaks_is_a_case_that_fails() {
    let output = Command::new(std::env::current_exe().expect("this program"))
        .env(LEAKING, "1")
        .output()
        .expect("this program runs");
    let text = String::from_utf8(output.stdout).expect("the report is text");
    assert_eq!(output.status.code(), Some(101), "{text}");
    for item in ["apply", "withdraw"] {
        let name = format!("PD-LOG::src/main.rs::{item}");
        let case = text.lines().find(|line| line.contains(&name));
        assert!(case.is_some_and(|line| line.ends_with("FAILED")), "{text}");
    }
    // Every other rule is a case of its own.
    let counts = format!("{} passed; 2 failed;", RULES.len() - 1);
    assert!(text.contains(&counts), "{text}");
}

fn a_folder_that_is_not_there_is_a_case_that_fails() {
    let cases = compliance::trials(Path::new("nowhere"));
    let names: Vec<&str> = cases.iter().map(libtest_mimic::Trial::name).collect();
    assert_eq!(names, ["source"]);
}
