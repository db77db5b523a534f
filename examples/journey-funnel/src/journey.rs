//! What citizens came to do.

civic_journey::journey! {
    /// Apply for a licence to trade in the street.
    pub static APPLY: Apply = "apply-for-a-licence";

    steps ApplyStep {
        Start = "start",
        Eligibility = "eligibility",
        Details = "details",
        Upload = "upload" needs ["document-store"],
        Pay = "pay" needs ["payment-provider"],
        Check = "check",
        Confirmation = "confirmation",
    }

    outcomes ApplyOutcome {
        Submitted = "submitted": complete,
        NotEligible = "not-eligible": complete,
    }

    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.0;
}
