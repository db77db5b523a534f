//! The whole journey, and the ways off it.

use crate::browser::{Browser, complete_form, reference};
use crate::process::{Service, with_message};

#[test]
fn an_application_is_kept_and_its_reference_is_all_that_is_logged() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    assert_eq!(citizen.begin().title(), "Are you 18 or over?");
    let pay = citizen.answer_until_payment();
    assert_eq!(pay.title(), "Pay the application fee");
    pay.shows("The fee is £25");
    let back = citizen.pay("pay");
    assert_eq!(back.leads_to(), "/check");
    let check = citizen.follow(&back);
    assert_eq!(
        check.title(),
        "Check your answers before sending your application"
    );
    for shown in [
        "Wilhelmina Canaryname",
        "w.canary@example.com",
        "Busking",
        "a PDF",
        "£25, paid",
    ] {
        check.shows(shown);
    }
    let answer = citizen.post("/check", &[]);
    assert_eq!(answer.leads_to(), "/confirmation");
    let confirmation = citizen.follow(&answer);
    assert_eq!(confirmation.title(), "Application received");
    let reference = reference(&confirmation);

    assert!(service.keeps(b"w.canary@example.com"));
    assert!(service.keeps(b"canary document"));
    let log = service.log();
    assert_eq!(
        with_message(&log, "application received")["reference"],
        reference
    );
    assert_eq!(with_message(&log, "payment ended")["paid"], true);
    let routes: Vec<_> = log
        .iter()
        .filter(|line| line["fields"]["message"] == "request answered")
        .map(|line| {
            line["fields"]["http.route"]
                .as_str()
                .expect("text")
                .to_owned()
        })
        .collect();
    assert_eq!(
        routes,
        [
            "/",
            "/start",
            "/eligibility",
            "/eligibility",
            "/details",
            "/details",
            "/upload",
            "/upload",
            "/pay",
            "/pay",
            "/pay/return",
            "/check",
            "/check",
            "/confirmation"
        ]
    );
}

#[test]
fn who_cannot_apply_is_told_so_and_has_completed_the_journey() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let answer = citizen.post("/eligibility", &[("adult", "no")]);
    let page = citizen.follow(&answer);
    assert_eq!(page.title(), "You cannot apply for a licence");
    assert!(!page.body.contains("Error"), "{page:?}");
    // A refresh counts no second end, and there is no way past.
    citizen.get("/not-eligible");
    assert_eq!(citizen.get("/details").leads_to(), "/eligibility");
    let end = "journey_outcome=\"not-eligible\"";
    let completed = format!("{end},journey_completed=\"true\"");
    assert_eq!(service.counted("journey_ends_total", &completed), 1);
    assert_eq!(service.counted("journey_end_repeats_total", end), 1);
    assert_eq!(service.counted("journey_starts_total", ""), 1);
    // The answer can be changed.
    citizen.get("/eligibility").shows("value=\"no\" checked");
    assert_eq!(
        citizen.post("/eligibility", &[("adult", "yes")]).leads_to(),
        "/details"
    );
    assert_eq!(citizen.get("/not-eligible").leads_to(), "/eligibility");
}

#[test]
fn nobody_comes_to_a_page_before_those_ahead_of_it() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    // Without a session every page leads to the start.
    for page in [
        "/eligibility",
        "/details",
        "/upload",
        "/pay",
        "/pay/return",
        "/check",
        "/confirmation",
    ] {
        assert_eq!(citizen.get(page).leads_to(), "/", "{page}");
    }
    citizen.begin();
    for page in [
        "/details",
        "/upload",
        "/pay",
        "/pay/return",
        "/check",
        "/confirmation",
        "/not-eligible",
    ] {
        assert_eq!(citizen.get(page).leads_to(), "/eligibility", "{page}");
    }
    assert_eq!(citizen.post("/check", &[]).leads_to(), "/eligibility");
    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    assert_eq!(citizen.get("/check").leads_to(), "/details");
    // None of that counted as a step.
    for step in ["upload", "pay", "check", "confirmation"] {
        let step = format!("journey_step=\"{step}\"");
        assert_eq!(service.counted("journey_steps_total", &step), 0, "{step}");
    }
    assert_eq!(service.counted("journey_starts_total", ""), 1);
}

#[test]
fn back_and_change_keep_what_was_typed_and_lead_on() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen
        .begin()
        .shows("<a class=\"back\" href=\"/\">Back</a>");
    citizen
        .answer_until_payment()
        .shows("href=\"/upload\">Back</a>");
    citizen.get("/upload").shows("You have uploaded a PDF");
    let details = citizen.get("/details");
    details.shows("value=\"Wilhelmina Canaryname\"");
    details.shows("value=\"busking\" checked");
    // Back at an earlier page and on: to the first that is not answered.
    assert_eq!(
        citizen.post("/details", &complete_form()).leads_to(),
        "/pay"
    );
    citizen.get("/pay");
    let back = citizen.pay("pay");
    citizen
        .follow(&back)
        .shows("<a href=\"/details#email\">Change<span class=\"hidden\"> email address</span></a>");
    citizen.get("/pay").shows("You have paid £25");
    let mut changed = complete_form();
    changed[4].1 = "street-trading";
    citizen.get("/details");
    assert_eq!(citizen.post("/details", &changed).leads_to(), "/check");
    citizen.get("/upload");
    // No file means the one that is there.
    assert_eq!(citizen.upload(b"").leads_to(), "/check");
    citizen.get("/check").shows("Street trading");
}

#[test]
fn sent_twice_it_is_one_application() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    citizen.answer_until_payment();
    let back = citizen.pay("pay");
    citizen.follow(&back);
    // Four presses of the button that cross, and the same form once more later.
    let presses: Vec<_> = (0..4)
        .map(|_| {
            let mut citizen = citizen.clone();
            std::thread::spawn(move || citizen.post("/check", &[]).leads_to().to_owned())
        })
        .collect();
    for press in presses {
        assert_eq!(press.join().expect("it is answered"), "/confirmation");
    }
    let first = reference(&citizen.get("/confirmation"));
    assert_eq!(citizen.post("/check", &[]).leads_to(), "/confirmation");
    assert_eq!(reference(&citizen.get("/confirmation")), first);
    // Back from the last page: it has been sent.
    for page in ["/check", "/details", "/pay", "/eligibility"] {
        assert_eq!(citizen.get(page).leads_to(), "/confirmation", "{page}");
    }
    let end = "journey_outcome=\"submitted\"";
    let completed = format!("{end},journey_completed=\"true\"");
    assert_eq!(service.counted("journey_ends_total", &completed), 1);
    assert_eq!(service.counted("journey_end_repeats_total", end), 4);
    with_message(&service.log(), "application received");
}

#[test]
fn another_application_is_another_journey() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    let first = citizen.apply();
    let second = citizen.apply();
    assert_ne!(first, second);
    assert_eq!(service.counted("journey_starts_total", ""), 2);
    let completed = "journey_outcome=\"submitted\",journey_completed=\"true\"";
    assert_eq!(service.counted("journey_ends_total", completed), 2);
}
