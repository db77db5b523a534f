//! Sessions: their cookies, their end, and how to have more time.

use std::thread::sleep;
use std::time::Duration;

use crate::browser::Browser;
use crate::process::Service;

#[test]
fn a_session_that_is_not_used_ends_and_its_answers_are_gone() {
    let service = Service::start_with(&[("SESSION_SECONDS", "2")]);
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    let mut typing = citizen.clone();
    let mut tries_again = citizen.clone();
    sleep(Duration::from_millis(3100));
    let answer = citizen.get("/details");
    assert_eq!(answer.leads_to(), "/timed-out");
    assert!(citizen.cookies.is_empty(), "{:?}", citizen.cookies);
    let page = citizen.follow(&answer);
    assert_eq!((page.status, page.title()), (200, "Your session has ended"));
    // A form that was open meanwhile is not taken.
    assert_eq!(
        typing
            .post("/details", &crate::browser::complete_form())
            .leads_to(),
        "/timed-out"
    );
    assert!(!service.keeps(b"w.canary@example.com"));
    // From the start it works, with nothing of before.
    assert!(!tries_again.begin().body.contains("checked"));
}

#[test]
fn asking_for_more_time_keeps_a_session() {
    let service = Service::start_with(&[("SESSION_SECONDS", "2")]);
    let mut citizen = Browser::of(&service);
    let page = citizen.begin();
    // Without scripts by a link, with scripts by a dialog.
    page.shows("this page works for 2 seconds");
    page.shows("<a href=\"/extend\" target=\"_blank\" rel=\"noopener\">Get more time (opens in a new tab)</a>");
    page.shows("<dialog id=\"timeout-warning\"");
    page.shows(
        "data-lasts=\"2\" data-warning=\"1\" data-extend=\"/extend\" data-over=\"/timed-out\"",
    );
    for _ in 0..5 {
        sleep(Duration::from_millis(700));
        assert_eq!(citizen.get("/extend").title(), "You have more time");
    }
    // 3.5 seconds on, in a session of 2.
    assert_eq!(
        citizen.post("/eligibility", &[("adult", "yes")]).leads_to(),
        "/details"
    );
}

#[test]
fn the_usual_session_warns_two_minutes_before() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    let page = citizen.begin();
    page.shows("this page works for 20 minutes");
    page.shows("data-lasts=\"1200\" data-warning=\"120\"");
    // What has no session has no limit.
    assert!(!citizen.get("/cookies").body.contains("timeout-warning"));
}

#[test]
fn cookies_cannot_be_read_by_scripts_or_set_by_others() {
    let here = Service::start();
    let answer = Browser::of(&here).post_raw("/start", &[]);
    let cookie = answer.header("set-cookie").expect("a session has a cookie");
    assert!(cookie.starts_with("session="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    assert_eq!(answer.header("strict-transport-security"), None);

    let there = Service::start_with(&[("ORIGIN", "https://licences.example.com")]);
    let answer = Browser::of(&there).post_raw("/start", &[]);
    let cookie = answer.header("set-cookie").expect("a session has a cookie");
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    assert!(answer.header("strict-transport-security").is_some());
}

#[test]
fn a_cookie_that_nobody_gave_out_is_no_session() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.cookies.insert("session".to_owned(), "f".repeat(64));
    assert_eq!(citizen.get("/details").leads_to(), "/timed-out");
    // At the start, the one that was brought along is not taken over.
    citizen.cookies.insert("session".to_owned(), "f".repeat(64));
    citizen.begin();
    assert_ne!(citizen.cookies["session"], "f".repeat(64));
    // What the database holds is not what the cookie holds.
    assert!(!service.keeps(citizen.cookies["session"].as_bytes()));
}
