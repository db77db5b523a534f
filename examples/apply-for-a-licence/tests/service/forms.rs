//! Forms that are not as they should be, pages that are not there, and what stands around every page.

use crate::browser::{Browser, complete_form};
use crate::process::{Service, VALUES};

#[test]
fn each_question_that_is_not_answered_is_named_and_what_was_typed_stays() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let page = citizen.post("/eligibility", &[]);
    assert_eq!(
        (page.status, page.title()),
        (422, "Error: Are you 18 or over?")
    );
    page.shows("<a href=\"#adult\">Select yes if you are 18 or over</a>");
    page.shows("id=\"adult\"");

    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    let page = citizen.post("/details", &[]);
    assert_eq!((page.status, page.title()), (422, "Error: Your details"));
    for field in ["full_name", "email", "phone", "postcode", "activity"] {
        page.shows(&format!("<a href=\"#{field}\">"));
        page.shows(&format!("id=\"{field}\""));
        page.shows(&format!("id=\"{field}-error\""));
    }
    let page = citizen.post("/details", &VALUES);
    assert_eq!(page.status, 422);
    page.shows("Select what the licence is for");
    page.shows("value=\"Wilhelmina Canaryname\"");
    assert!(!page.body.contains("full_name-error"), "{page:?}");
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let errors = |step| format!("journey_step=\"{step}\",error_type=\"validation\"");
    assert_eq!(
        service.counted("journey_step_errors_total", &errors("eligibility")),
        1
    );
    assert_eq!(
        service.counted("journey_step_errors_total", &errors("details")),
        2
    );
    // A form that was sent back is no second view of the page.
    assert_eq!(
        service.counted("journey_step_repeats_total", "journey_step=\"details\""),
        0
    );
    let log = service.log();
    let sent_back: Vec<_> = log
        .iter()
        .filter(|line| line["fields"]["message"] == "form sent back")
        .map(|line| line["fields"]["fields"].as_str().expect("text"))
        .collect();
    assert_eq!(
        sent_back,
        [
            "[\"full_name\", \"email\", \"phone\", \"postcode\", \"activity\"]",
            "[\"activity\"]"
        ]
    );
}

#[test]
fn what_was_typed_does_not_become_markup() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    let page = citizen.post("/details", &[("full_name", "\"><script>alert(1)</script>")]);
    page.shows("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"");
    assert!(!page.body.contains("<script>alert"), "{page:?}");
}

#[test]
fn a_document_of_another_kind_or_size_is_sent_back() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    let answer = citizen.post("/details", &complete_form());
    citizen.follow(&answer);
    let mut large = b"%PDF-1.7".to_vec();
    large.resize(3 * 1024 * 1024, b' ');
    for (content, advice) in [
        (&b""[..], "Select a file that shows who you are"),
        (b"GIF89a", "The selected file must be a PDF, JPG or PNG"),
        (&large, "The selected file must be 2MB or smaller"),
    ] {
        let page = citizen.upload(content);
        assert_eq!(page.status, 422, "{advice}");
        assert_eq!(
            page.title(),
            "Error: Upload a document that shows who you are"
        );
        page.shows(&format!("<a href=\"#document\">{advice}</a>"));
    }
    assert_eq!(citizen.get("/pay").leads_to(), "/upload");
    // Far too large: not read to its end.
    let mut huge = b"%PDF-1.7".to_vec();
    huge.resize(11 * 1024 * 1024, b' ');
    let page = citizen.upload(&huge);
    assert_eq!(page.status, 413);
    page.shows("A file must be 2MB or smaller");
    citizen.get("/upload");
    assert_eq!(citizen.upload(b"\xFF\xD8\xFF\xE0").leads_to(), "/pay");
    // Without the token of the session the document is not taken.
    let csrf = "0".repeat(64);
    assert_eq!(citizen.upload_with(&csrf, b"%PDF-1.7").status, 403);
    citizen
        .get("/upload")
        .shows("You have uploaded a JPG picture");
}

#[test]
fn a_form_from_elsewhere_changes_nothing() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    let mut other = Browser::of(&service);
    other.begin();
    for csrf in ["", "0", &"0".repeat(64), &other.csrf] {
        let page = citizen.post_raw("/eligibility", &[("adult", "yes"), ("csrf", csrf)]);
        assert_eq!(
            (page.status, page.title()),
            (403, "The form is out of date")
        );
    }
    assert_eq!(
        citizen.post_raw("/eligibility", &[("adult", "yes")]).status,
        403
    );
    assert_eq!(citizen.get("/details").leads_to(), "/eligibility");
    // Another site's form does not carry the cookie, and then there is no session to change.
    let mut stranger = Browser::of(&service);
    let csrf = citizen.csrf.clone();
    let answer = stranger.post_raw("/eligibility", &[("adult", "yes"), ("csrf", &csrf)]);
    assert_eq!(answer.leads_to(), "/");
    let log = service.log();
    let refused = |line: &&serde_json::Value| {
        line["fields"]["message"] == "form without the token of its session"
    };
    assert_eq!(log.iter().filter(refused).count(), 5);
}

#[test]
fn what_cannot_be_read_and_what_is_not_there_have_pages() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    assert_eq!(citizen.get("/?email=w.canary%40example.com").status, 200);
    let page = citizen.get("/case/w.canary@example.com");
    assert_eq!((page.status, page.title()), (404, "Page not found"));
    // The id that was sent is none, so it is not handed back.
    assert!(!page.head.contains("w.canary"), "{page:?}");
    citizen.begin();
    let answer = citizen.post("/eligibility", &[("adult", "yes")]);
    citizen.follow(&answer);
    let twice = [
        ("email", "one@canary.example"),
        ("email", "two@canary.example"),
    ];
    let page = citizen.post("/details", &twice);
    assert_eq!(
        (page.status, page.title()),
        (422, "The form could not be read")
    );
    let long = "canary".repeat(5000);
    assert_eq!(
        citizen.post("/details", &[("full_name", &long)]).status,
        413
    );
    // The health routes and the metrics are not for citizens.
    for path in ["/health", "/ready", "/metrics"] {
        assert_eq!(citizen.get(path).status, 404, "{path}");
    }
    assert_eq!(service.probe("/health").status, 200);
    let log = service.log();
    let routes: Vec<_> = log
        .iter()
        .filter_map(|line| line["fields"]["http.route"].as_str())
        .collect();
    assert_eq!(routes[..2], ["/", "unmatched"]);
}

#[test]
fn every_answer_tells_the_browser_what_a_page_may_do() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    for path in [
        "/",
        "/eligibility",
        "/cookies",
        "/nothing",
        "/staff/sign-in",
        "/details",
    ] {
        let answer = citizen.get(path);
        let policy = answer
            .header("content-security-policy")
            .expect("it has one");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{path}"
        );
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        // Nothing that the policy would keep from running.
        for inline in ["<script>", " style=", " onclick=", "<style"] {
            assert!(!answer.body.contains(inline), "{path}: {inline}");
        }
    }
    for (path, media_type) in [
        ("/assets/style.css", "text/css"),
        ("/assets/timeout.js", "text/javascript"),
    ] {
        let answer = citizen.get(path);
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some(media_type))
        );
        assert!(
            answer
                .header("cache-control")
                .is_some_and(|kept| kept.contains("max-age"))
        );
    }
}

#[test]
fn who_does_not_want_to_be_counted_is_not() {
    let mut service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.get("/cookies").shows("we set no cookie for it");
    let answer = citizen.post_raw("/cookies/do-not-count", &[]);
    citizen.follow(&answer).shows("We do not count your visits");
    citizen.apply();
    assert_eq!(service.counted("journey_starts_total", ""), 0);
    let completed = "journey_outcome=\"submitted\",journey_completed=\"true\"";
    assert_eq!(service.counted("journey_ends_total", completed), 0);
    let answer = citizen.post_raw("/cookies/count", &[]);
    citizen
        .follow(&answer)
        .shows("You can ask us not to count your visits");
    citizen.apply();
    assert_eq!(service.counted("journey_starts_total", ""), 1);
    let log = service.log();
    let sent = |line: &&serde_json::Value| line["fields"]["message"] == "application received";
    assert_eq!(log.iter().filter(sent).count(), 2);
}
