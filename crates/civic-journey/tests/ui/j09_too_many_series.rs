civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start" }
    outcomes ApplyOutcome {
        O0 = "o0": complete,
        O1 = "o1": complete,
        O2 = "o2": complete,
        O3 = "o3": complete,
        O4 = "o4": complete,
        O5 = "o5": complete,
        O6 = "o6": complete,
        O7 = "o7": complete,
        O8 = "o8": complete,
        O9 = "o9": complete,
        O10 = "o10": complete,
        O11 = "o11": complete,
        O12 = "o12": complete,
        O13 = "o13": complete,
        O14 = "o14": complete,
        O15 = "o15": complete,
        O16 = "o16": complete,
        O17 = "o17": complete,
    }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

fn main() {}
