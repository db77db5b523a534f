civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

#[civic_journey::journey_step]
async fn pay(progress: civic_journey::Progress<Apply>) {
    drop(progress);
}

fn main() {}
