//! A provider that declines, is slow, is down, or lies; and the fee, which is paid once.

use std::time::{Duration, Instant};

use crate::browser::{Browser, request};
use crate::process::Service;

fn at_payment(service: &Service) -> Browser {
    let mut citizen = Browser::of(service);
    citizen.begin();
    citizen.answer_until_payment();
    citizen
}

fn dependency_errors(service: &Service) -> u64 {
    service.counted(
        "journey_step_errors_total",
        "journey_step=\"pay\",error_type=\"dependency\"",
    )
}

#[test]
fn a_declined_card_can_be_followed_by_another() {
    let service = Service::start();
    let mut citizen = at_payment(&service);
    let page = citizen.pay("decline");
    assert_eq!(
        (page.status, page.title()),
        (200, "Pay the application fee")
    );
    page.shows("Your payment was declined. No money has been taken.");
    assert_eq!(citizen.get("/check").leads_to(), "/pay");
    citizen.get("/pay");
    assert_eq!(citizen.pay("pay").leads_to(), "/check");
    assert_eq!(dependency_errors(&service), 0);
}

#[test]
fn coming_back_without_paying_is_no_payment() {
    let service = Service::start();
    let mut citizen = at_payment(&service);
    // Typed by hand, before and after the payment was begun.
    assert_eq!(citizen.get("/pay/return").leads_to(), "/pay");
    let first = citizen.post("/pay", &[]).leads_to().to_owned();
    assert_eq!(citizen.get("/pay/return").leads_to(), "/pay");
    assert_eq!(citizen.get("/check").leads_to(), "/pay");
    // Sent twice, it is the same payment.
    assert_eq!(citizen.post("/pay", &[]).leads_to(), first);
}

#[test]
fn a_lost_way_back_does_not_cost_a_second_fee() {
    let service = Service::start();
    let mut citizen = at_payment(&service);
    let page = citizen.post("/pay", &[]).leads_to().to_owned();
    let path = page.split_once("/card").expect("the provider's page").1;
    let paid = request(
        service.payments,
        "POST",
        &format!("/card{path}/pay"),
        &[],
        b"",
    );
    assert_eq!(paid.status, 303);
    // The browser never came back; the person opens the page again and presses the button.
    citizen.get("/pay");
    assert_eq!(citizen.post("/pay", &[]).leads_to(), "/check");
    citizen.get("/check").shows("£25, paid");
    assert_eq!(citizen.post("/pay", &[]).leads_to(), "/check");
}

#[test]
fn a_provider_that_is_down_is_told_and_does_no_harm() {
    let mut service = Service::start();
    let mut citizen = at_payment(&service);
    service.provider("down");
    let page = citizen.post("/pay", &[]);
    assert_eq!(
        (page.status, page.title()),
        (503, "Sorry, we cannot reach the payment service")
    );
    page.shows("If you have paid, you do not have to pay again");
    assert!(!page.body.contains("503"), "{page:?}");
    assert_eq!(dependency_errors(&service), 1);
    // The other pages work, and it goes on when the provider is back.
    citizen.get("/details").shows("Wilhelmina Canaryname");
    service.provider("honest");
    citizen.get("/pay");
    assert_eq!(citizen.pay("pay").leads_to(), "/check");
    let log = service.log();
    let failed = log
        .iter()
        .find(|line| line["fields"]["message"] == "request not answered");
    let failed = &failed.expect("it is logged")["fields"];
    assert!(
        failed["error"]
            .as_str()
            .expect("text")
            .contains("the payment provider answers with 503"),
        "{failed}"
    );
}

#[test]
fn a_provider_that_is_gone_is_told_too() {
    let service = Service::start_with(&[("PAYMENTS", "http://127.0.0.1:9")]);
    let mut citizen = at_payment(&service);
    assert_eq!(citizen.post("/pay", &[]).status, 503);
    // Nobody can finish, and still citizens get pages: no other replica would do better.
    service.wait_until_ready();
    assert_eq!(dependency_errors(&service), 1);
}

#[test]
fn a_slow_provider_keeps_nobody_longer_than_the_limit() {
    let service = Service::start();
    let mut citizen = at_payment(&service);
    service.provider("slow");
    let start = Instant::now();
    let waiting = {
        let mut citizen = citizen.clone();
        std::thread::spawn(move || citizen.post("/pay", &[]).status)
    };
    // Others are served meanwhile.
    let mut other = Browser::of(&service);
    other.begin();
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(waiting.join().expect("it is answered"), 503);
    assert!(
        start.elapsed() < Duration::from_secs(8),
        "{:?}",
        start.elapsed()
    );
    service.provider("honest");
    citizen.get("/pay");
    assert_eq!(citizen.pay("pay").leads_to(), "/check");
}

#[test]
fn a_provider_that_lies_is_not_believed() {
    let mut service = Service::start();
    let mut citizen = at_payment(&service);
    citizen.post("/pay", &[]);
    // It says of a payment that nobody made that it was paid, though of a penny.
    service.provider("lying");
    assert_eq!(citizen.get("/pay/return").status, 503);
    assert_eq!(citizen.get("/check").leads_to(), "/pay");
    service.provider("honest");
    assert_eq!(citizen.get("/pay/return").leads_to(), "/pay");
    let log = service.log();
    let told = log.iter().any(|line| {
        let error = line["fields"]["error"].as_str().unwrap_or_default();
        error.contains("the payment provider answers about another amount")
    });
    assert!(told, "{log:?}");
}

#[test]
fn the_provider_runs_by_itself_as_well() {
    use std::io::{BufRead as _, BufReader};
    use std::process::{Command, Stdio};

    let mut provider = Command::new(env!("CARGO_BIN_EXE_fake-payments"))
        .env("PORT", "0")
        .env("MODE", "down")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let mut line = String::new();
    let stdout = provider.stdout.take().expect("it is piped");
    BufReader::new(stdout)
        .read_line(&mut line)
        .expect("it says where it is");
    let service = Service::start_with(&[("PAYMENTS", line.trim())]);
    let mut citizen = at_payment(&service);
    assert_eq!(citizen.post("/pay", &[]).status, 503);
    service.provider("honest");
    citizen.get("/pay");
    assert_eq!(citizen.pay("pay").leads_to(), "/check");
    // It ends with its input.
    drop(provider.stdin.take());
    assert!(provider.wait().expect("it can be waited for").success());
}
