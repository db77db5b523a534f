civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

mod renewal {
    civic_journey::journey! {
        pub static RENEW: Renew = "renew-a-licence";
        steps RenewStep { Start = "start" }
        outcomes RenewOutcome { Renewed = "renewed": complete }
        expected = 5 minutes;
        abandon_after = 48 hours;
        slo = 99.0;
    }
}

fn main() {
    let mut progress = civic_journey::Progress::new(&APPLY, None, std::time::SystemTime::now());
    progress.reach(renewal::RenewStep::Start);
}
