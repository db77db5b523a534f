//! What citizens come to do, as it is counted.

civic::journey::journey! {
    /// Apply for a licence to trade in the street.
    pub(crate) static APPLY: Apply = "apply-for-a-licence";

    steps ApplyStep {
        Start = "start",
        Eligibility = "eligibility",
        Details = "details",
        Upload = "upload",
        Pay = "pay" needs ["payment-provider"],
        Check = "check",
        Confirmation = "confirmation",
    }

    outcomes ApplyOutcome {
        Submitted = "submitted": complete,
        // The service did what it is there for: it said so.
        NotEligible = "not-eligible": complete,
    }

    expected = 12 minutes;
    abandon_after = 24 hours;
    slo = 99.0;
}
