civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep {
        S0 = "s0",
        S1 = "s1",
        S2 = "s2",
        S3 = "s3",
        S4 = "s4",
        S5 = "s5",
        S6 = "s6",
        S7 = "s7",
        S8 = "s8",
        S9 = "s9",
        S10 = "s10",
        S11 = "s11",
        S12 = "s12",
        S13 = "s13",
        S14 = "s14",
        S15 = "s15",
        S16 = "s16",
        S17 = "s17",
        S18 = "s18",
        S19 = "s19",
        S20 = "s20",
        S21 = "s21",
        S22 = "s22",
        S23 = "s23",
        S24 = "s24",
        S25 = "s25",
        S26 = "s26",
        S27 = "s27",
        S28 = "s28",
        S29 = "s29",
        S30 = "s30",
        S31 = "s31",
        S32 = "s32",
    }
    outcomes ApplyOutcome { Submitted = "submitted": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

fn main() {}
