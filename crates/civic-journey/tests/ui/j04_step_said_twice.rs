civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "start" needs ["payment-provider"] }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

fn main() {}
