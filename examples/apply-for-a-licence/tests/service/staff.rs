//! Staff: no application is opened before its purpose is in the audit trail.

use std::process::Command;

use civic::audit::Record;

use crate::browser::Browser;
use crate::process::{Service, command, with_message};

fn signed_in(service: &Service) -> Browser {
    let mut staff = Browser::of(service);
    staff.get("/staff/sign-in").shows("This is a fake");
    let answer = staff.post_raw("/staff/sign-in", &[("staff", "caseworker-7012")]);
    assert_eq!(answer.leads_to(), "/staff");
    staff.follow(&answer);
    staff
}

/// What the trail holds; the service has to have ended.
fn trail(service: &Service) -> Vec<Record> {
    let mut records = Vec::new();
    let folder = service.folder.path().join("licences.audit");
    civic::audit::read(folder, &mut |record| {
        records.push(record);
        true
    })
    .expect("the trail can be read");
    records
}

#[test]
fn an_application_opens_for_a_purpose_that_is_recorded_first() {
    let mut service = Service::start();
    let reference = Browser::of(&service).apply();
    let mut staff = signed_in(&service);
    // The list shows that there is one, and nothing of whom.
    let list = staff.get("/staff");
    list.shows(&reference);
    assert!(!list.body.contains("Canaryname"), "{list:?}");

    for (fields, field) in [
        (vec![("reference", reference.as_str())], "purpose"),
        (
            vec![("reference", reference.as_str()), ("purpose", "curiosity")],
            "purpose",
        ),
        (vec![("purpose", "complaint")], "reference"),
    ] {
        let page = staff.post("/staff/application", &fields);
        assert_eq!((page.status, page.title()), (422, "Error: Applications"));
        page.shows(&format!("<a href=\"#{field}\">"));
        assert!(!page.body.contains("Canaryname"), "{page:?}");
    }
    let asked = [
        ("reference", reference.as_str()),
        ("purpose", "complaint"),
        ("because", "w.canary@example.com wrote to us"),
    ];
    let page = staff.post("/staff/application", &asked);
    assert_eq!(page.status, 200);
    page.shows("Wilhelmina Canaryname");
    page.shows("That you opened it, and why, was recorded");
    let document = staff.post("/staff/document", &asked);
    assert_eq!(document.bytes, b"%PDF-1.7 canary document");
    assert_eq!(document.header("content-type"), Some("application/pdf"));
    assert!(
        document
            .header("content-disposition")
            .is_some_and(|how| how.starts_with("attachment"))
    );
    assert!(
        document
            .header("content-security-policy")
            .is_some_and(|how| how.starts_with("sandbox"))
    );
    let missing = [("reference", "LIC-0000000000"), ("purpose", "complaint")];
    let page = staff.post("/staff/application", &missing);
    assert_eq!(page.status, 422);
    page.shows("There is no such application or document");

    let log = service.log();
    with_message(&log, "application opened");
    let records = trail(&service);
    let accesses: Vec<_> = records
        .iter()
        .filter(|record| record.class == "data_access")
        .collect();
    // Two that were opened and one that is not there: an intent and an outcome each.
    assert_eq!(accesses.len(), 6, "{accesses:#?}");
    let text: String = accesses.iter().map(|record| record.to_json()).collect();
    for part in [
        "complaint",
        "caseworker-7012",
        "succeeded",
        "failed",
        "[EMAIL]",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    // The subject is a pseudonym.
    assert!(!text.contains(&reference), "{text}");
}

#[test]
fn a_ledger_that_takes_no_entry_keeps_every_application_shut() {
    // In memory, which is gone with its container: the trail refuses what must not be lost.
    let folder = tempfile::tempdir_in("/dev/shm").expect("a file system in memory");
    let command = command(&folder.path().join("licences.db"), "0");
    let mut service = Service::run(command, folder);
    let reference = Browser::of(&service).apply();
    let mut staff = signed_in(&service);
    let asked = [("reference", reference.as_str()), ("purpose", "complaint")];
    for path in ["/staff/application", "/staff/document"] {
        let page = staff.post(path, &asked);
        assert_eq!(
            (page.status, page.title()),
            (503, "Sorry, applications cannot be opened now")
        );
        assert!(
            !page.body.contains("Canaryname") && !page.body.contains("canary document"),
            "{page:?}"
        );
    }
    // Citizens are not kept out by it.
    Browser::of(&service).apply();
    let log = service.log();
    let warned = log
        .iter()
        .any(|line| line["fields"]["message"] == "audit trail");
    assert!(warned, "{log:?}");
}

#[test]
fn nobody_is_staff_without_signing_in() {
    let service = Service::start();
    let mut citizen = Browser::of(&service);
    citizen.begin();
    // A citizen's session is none of staff, under whichever name it comes.
    let stolen = citizen.cookies["session"].clone();
    citizen.cookies.insert("staff".to_owned(), stolen);
    for path in ["/staff", "/staff/funnel", "/staff/extend"] {
        assert_eq!(citizen.get(path).leads_to(), "/staff/sign-in", "{path}");
    }
    let asked = [("reference", "LIC-0000000000"), ("purpose", "complaint")];
    for path in ["/staff/application", "/staff/document", "/staff/sign-out"] {
        assert_eq!(
            citizen.post(path, &asked).leads_to(),
            "/staff/sign-in",
            "{path}"
        );
    }
    let page = citizen.post_raw("/staff/sign-in", &[("staff", "somebody")]);
    assert_eq!(
        (page.status, page.title()),
        (422, "Error: Sign in as staff")
    );

    let mut staff = signed_in(&service);
    let forged = [
        ("reference", "LIC-0000000000"),
        ("purpose", "complaint"),
        ("csrf", "0"),
    ];
    assert_eq!(staff.post_raw("/staff/application", &forged).status, 403);
    staff.get("/staff");
    let before = staff.clone();
    assert_eq!(
        staff.post("/staff/sign-out", &[]).leads_to(),
        "/staff/sign-in"
    );
    // Signed out means for whoever still has the cookie, too.
    assert_eq!(before.clone().get("/staff").leads_to(), "/staff/sign-in");
}

#[test]
fn the_trail_verifies() {
    let mut service = Service::start();
    let reference = Browser::of(&service).apply();
    let mut staff = signed_in(&service);
    let asked = [
        ("reference", reference.as_str()),
        ("purpose", "licence-decision"),
    ];
    assert_eq!(staff.post("/staff/application", &asked).status, 200);
    service.wait_until_ready();
    let kill = Command::new("kill")
        .args(["-INT", &service.child.id().to_string()])
        .status();
    assert!(kill.expect("every Unix has it").success());
    service.child.wait().expect("it can be waited for");
    let report =
        civic::audit::verify(service.folder.path().join("licences.audit")).expect("it can be read");
    assert!(report.is_sound(), "{report:?}");
}
