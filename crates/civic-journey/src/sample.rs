//! A journey for the unit tests.

crate::journey! {
    #[expect(dead_code, reason = "each test has its own")]
    pub(crate) static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep {
        Start = "start",
        Pay = "pay" needs ["payment-provider"],
        Confirmation = "confirmation",
    }
    outcomes ApplyOutcome {
        Submitted = "submitted": complete,
        NotEligible = "not-eligible": complete,
        Refused = "payment-refused": failed,
    }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}
