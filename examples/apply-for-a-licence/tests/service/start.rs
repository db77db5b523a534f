//! How it starts and how it ends.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::browser::Browser;
use crate::process::{Service, command};

#[test]
fn a_start_that_fails_says_what_to_do_on_both_outputs() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let missing = folder.path().join("no-such-folder").join("licences.db");
    let database = folder.path().join("licences.db");
    let there = |name, value, message| (database.as_path(), name, value, message);
    for (database, name, value, message) in [
        (
            missing.as_path(),
            "PORT",
            "0",
            "cannot open the database; DATABASE names its file: the database failed: ",
        ),
        (
            Path::new(":memory:"),
            "PORT",
            "many",
            "PORT is not a number from 0 to 65535",
        ),
        there(
            "SESSION_SECONDS",
            "0",
            "SESSION_SECONDS is not a number from 1 to 72000",
        ),
        there(
            "ORIGIN",
            "http://licences.example.com",
            "ORIGIN is not https://host, or http:// and an address of this machine",
        ),
        there(
            "PAYMENTS",
            "pay.example.com",
            "PAYMENTS is not http://host:port",
        ),
    ] {
        let mut command = command(database, "0");
        let output = command
            .env(name, value)
            .output()
            .expect("the binary was built");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with(&format!("Error: {message}")), "{stderr}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let last: Value =
            serde_json::from_str(stdout.lines().last().expect("a line")).expect("JSON");
        assert_eq!(last["fields"]["message"], "main failed");
        let error = last["fields"]["error"].as_str().expect("text");
        assert!(error.starts_with(message), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_in_order() {
    let mut service = Service::start();
    service.wait_until_ready();
    let ready = service.probe("/ready").body;
    for check in ["database", "payment-provider", "disk", "event-loop"] {
        assert!(ready.contains(check), "{ready}");
    }
    let sent = Command::new("kill")
        .args(["-TERM", &service.child.id().to_string()])
        .status()
        .expect("every Unix has it");
    assert!(sent.success());
    // It serves on until the balancer has seen three times that it is not ready.
    let mut told = 0;
    while told < 3 {
        assert_eq!(Browser::of(&service).get("/").status, 200);
        told += u32::from(service.probe("/ready").status == 503);
    }
    let status = service.child.wait().expect("it can be waited for");
    assert!(status.success(), "{status}");
    // The fake provider that it started has gone with it.
    assert!(std::net::TcpStream::connect(service.payments).is_err());
}

#[test]
fn an_application_is_there_after_a_crash_and_keys_stay_the_same() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let database = folder.path().join("licences.db");
    let keys = || std::fs::read(database.with_extension("keys")).expect("they were made");
    let mut browser = None;
    let mut first_keys = Vec::new();
    for round in 0..2 {
        let own = tempfile::tempdir().expect("there is room for a folder");
        let mut command = command(&database, "0");
        command.env("AUDIT_MAY_VANISH", "yes");
        let mut service = Service::run(command, own);
        if round == 0 {
            let mut citizen = Browser::of(&service);
            citizen.apply();
            browser = Some(citizen.cookies);
            first_keys = keys();
        } else {
            let mut citizen = Browser::of(&service);
            citizen.cookies = browser.take().expect("of the first round");
            assert_eq!(citizen.get("/confirmation").title(), "Application received");
            // The journey is known too: this page was reached before.
            let step = "journey_step=\"confirmation\"";
            assert_eq!(service.counted("journey_steps_total", step), 0);
            assert_eq!(service.counted("journey_step_repeats_total", step), 1);
            assert_eq!(keys(), first_keys);
        }
        service.child.kill().expect("it runs");
        service.child.wait().expect("it can be waited for");
    }
}
