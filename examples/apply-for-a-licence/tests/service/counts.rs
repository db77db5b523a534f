//! A crowd whose every step is written down: what was counted is what it did.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use civic::core::KeyRing;
use civic::journey::store::synthetic::{HEADER, Markers};

use crate::browser::{Browser, complete_form};
use crate::process::Service;

const STEPS: [&str; 7] = [
    "start",
    "eligibility",
    "details",
    "upload",
    "pay",
    "check",
    "confirmation",
];

/// What the crowd did.
#[derive(Debug, Default, PartialEq, Eq)]
struct Truth {
    starts: u64,
    /// First reaches and repeats by step.
    steps: BTreeMap<&'static str, (u64, u64)>,
    submitted: u64,
    not_eligible: u64,
    sent_again: u64,
}

impl Truth {
    fn start(&mut self) {
        self.starts += 1;
        self.first("start");
    }

    fn first(&mut self, step: &'static str) {
        self.steps.entry(step).or_default().0 += 1;
    }

    fn again(&mut self, step: &'static str) {
        self.steps.entry(step).or_default().1 += 1;
    }

    fn until(&mut self, last: &str) {
        self.start();
        let end = STEPS.iter().position(|step| *step == last).expect("a step");
        for step in &STEPS[1..=end] {
            self.first(step);
        }
    }

    fn counted(service: &Service) -> Self {
        let step = |step: &str| {
            let label = format!("journey_step=\"{step}\"");
            (
                service.counted("journey_steps_total", &label),
                service.counted("journey_step_repeats_total", &label),
            )
        };
        let ends = |outcome: &str| {
            let label = format!("journey_outcome=\"{outcome}\",journey_completed=\"true\"");
            service.counted("journey_ends_total", &label)
        };
        Self {
            starts: service.counted("journey_starts_total", ""),
            steps: STEPS.iter().map(|name| (*name, step(name))).collect(),
            submitted: ends("submitted"),
            not_eligible: ends("not-eligible"),
            sent_again: service
                .counted("journey_end_repeats_total", "journey_outcome=\"submitted\""),
        }
    }
}

#[test]
fn what_was_counted_is_what_the_crowd_did() {
    let mut service = Service::start();
    let mut truth = Truth {
        steps: STEPS.iter().map(|step| (*step, (0, 0))).collect(),
        ..Truth::default()
    };
    for round in 0..12 {
        for citizen in 0..8 {
            let mut browser = Browser::of(&service);
            match citizen {
                // Goes straight through; half of the crowd does.
                0..4 if round % 2 == 0 => {
                    browser.apply();
                    truth.until("confirmation");
                    truth.submitted += 1;
                }
                0 => not_eligible(&mut browser, &mut truth),
                1 => gives_up(&mut browser, &mut truth),
                2 => refreshes_everything(&mut browser, &mut truth),
                3 => sends_twice_at_once(&mut browser, &mut truth),
                4 => presses_start_again(&mut browser, &mut truth),
                5 => card_is_declined(&mut browser, &mut truth),
                6 => looks_at_the_start_page(&mut browser),
                _ => is_a_smoke_test(&service, &mut browser),
            }
        }
    }
    assert_eq!(Truth::counted(&service), truth);
    assert!(
        truth.submitted >= 24 && truth.not_eligible >= 6,
        "{truth:?}"
    );

    // Staff see the same, as far as it may be shown.
    let mut staff = Browser::of(&service);
    staff.post_raw("/staff/sign-in", &[("staff", "caseworker-7012")]);
    let page = staff.get("/staff/funnel");
    assert_eq!((page.status, page.title()), (200, "How the journey goes"));
    let rounded = (truth.starts + 2) / 5 * 5;
    page.shows(&format!("of <strong>{rounded}</strong> applications begun"));
    page.shows(&format!("<text x=\"548\" y=\"20\">{rounded}</text>"));
    page.shows(&format!(
        "<tr><th scope=\"row\">start</th><td class=\"number\">{rounded}</td>"
    ));
    // Six were not eligible, and nobody reads that, or works it out.
    page.shows("<tr><th scope=\"row\">not-eligible</th><td class=\"number\">~</td></tr>");
    page.shows("<tr><th scope=\"row\">submitted</th><td class=\"number\">~</td></tr>");
    service.log();
}

fn not_eligible(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    let answer = browser.post("/eligibility", &[("adult", "no")]);
    browser.follow(&answer);
    truth.until("eligibility");
    truth.not_eligible += 1;
}

fn gives_up(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    let answer = browser.post("/eligibility", &[("adult", "yes")]);
    browser.follow(&answer);
    browser.post("/details", &[]);
    truth.until("details");
}

fn refreshes_everything(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    browser.get("/eligibility");
    truth.again("eligibility");
    browser.answer_until_payment();
    for step in ["details", "upload", "pay"] {
        browser.get(&format!("/{step}"));
        truth.again(step);
    }
    let back = browser.pay("pay");
    browser.follow(&back);
    browser.get("/check");
    truth.again("check");
    let answer = browser.post("/check", &[]);
    browser.follow(&answer);
    browser.get("/confirmation");
    truth.again("confirmation");
    truth.until("confirmation");
    truth.submitted += 1;
}

fn sends_twice_at_once(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    browser.answer_until_payment();
    let back = browser.pay("pay");
    browser.follow(&back);
    let presses = [(); 2].map(|()| {
        let mut browser = browser.clone();
        std::thread::spawn(move || browser.post("/check", &[]))
    });
    for press in presses {
        assert_eq!(press.join().expect("it is answered").status, 303);
    }
    browser.get("/confirmation");
    truth.until("confirmation");
    truth.submitted += 1;
    truth.sent_again += 1;
}

/// Goes back to the start page and presses the button again: still the same journey.
fn presses_start_again(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    browser.begin();
    truth.again("start");
    truth.again("eligibility");
    let answer = browser.post("/eligibility", &[("adult", "yes")]);
    browser.follow(&answer);
    browser.post("/details", &complete_form());
    truth.until("details");
}

fn card_is_declined(browser: &mut Browser, truth: &mut Truth) {
    browser.begin();
    browser.answer_until_payment();
    browser.pay("decline");
    browser.get("/pay");
    truth.again("pay");
    let back = browser.pay("pay");
    browser.follow(&back);
    truth.until("check");
}

fn looks_at_the_start_page(browser: &mut Browser) {
    browser.get("/");
    assert_eq!(browser.get("/details").leads_to(), "/");
}

/// Carries a marker that only who has the keys can make; one that it made up counts as a citizen.
fn is_a_smoke_test(service: &Service, browser: &mut Browser) {
    let keys = std::fs::read_to_string(service.folder.path().join("licences.keys"));
    let keys = keys.expect("they were made");
    let key = keys.lines().next().expect("a line for each");
    let markers = Markers::new(&KeyRing::new("k1", key).expect("it is a key"));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let until = (now + Duration::from_secs(60)).as_secs();
    browser
        .headers
        .push((HEADER.to_owned(), markers.sign(until)));
    browser.apply();
}
