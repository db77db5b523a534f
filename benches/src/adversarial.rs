//! Texts that are made to slow a scanner down: whatever begins a candidate, again and again.

use crate::corpus::rng::Rng;
use crate::corpus::values;

/// Name of an input and what makes it, at about this many bytes.
pub type Input = (&'static str, fn(usize) -> String);

/// All inputs.
pub const INPUTS: &[Input] = &[
    ("digits", |n| repeat("4929571380", n)),
    ("nines", |n| repeat("9", n)),
    ("digit-space", |n| repeat("1 ", n)),
    ("digit-dash", |n| repeat("12-", n)),
    ("digit-dot", |n| repeat("1.", n)),
    ("at-a-dot", |n| repeat("@a.", n)),
    ("a-at", |n| repeat("a@", n)),
    ("letters-at-end", |n| repeat("a", n - 1) + "@"),
    ("dotted-letters", |n| repeat("a.", n)),
    ("plate-space", |n| repeat("AB12 ", n)),
    ("nino-parts", |n| repeat("AB 12 34 56 ", n)),
    ("hex-colon", |n| repeat("a1:", n)),
    ("colons", |n| repeat(":", n)),
    ("iban-parts", |n| repeat("GB82 WEST ", n)),
    ("jwt-head", |n| repeat("eyJ.", n)),
    ("jwt-no-dots", |n| repeat("eyJhbGci", n)),
    ("bearer", |n| repeat("Bearer ", n)),
    ("percent", |n| repeat("%25", n)),
    ("percent-at", |n| repeat("a%40b.", n)),
    ("json-escape", |n| repeat("\\u0040", n)),
    ("backslashes", |n| repeat("\\", n)),
    ("name-equals", |n| repeat("name=", n)),
    ("nhs-equals", |n| repeat("nhs_number=", n)),
    ("quote-colon", |n| repeat("\":", n)),
    ("keys", |n| repeat("\"email\":\"x\",", n)),
    ("byte-list", |n| "[".to_owned() + &repeat("1, ", n)),
    ("byte-lists", |n| repeat("[1, ", n)),
    ("base64", base64_like),
    ("base64-lines", |n| repeat(&(base64_like(76) + " "), n)),
    ("uuids", |n| {
        let mut rng = Rng::new(4);
        fill(n, || rng.uuid() + ",")
    }),
    ("valid-nhs-technical", |n| {
        let mut rng = Rng::new(5);
        fill(n, || format!("seq={} ", values::nhs(&mut rng)))
    }),
    ("valid-nhs", |n| {
        let mut rng = Rng::new(6);
        fill(n, || values::nhs(&mut rng) + " ")
    }),
    ("full-width", |n| repeat("１２３４", n)),
    ("zero-width", |n| repeat("1\u{200b}", n)),
    ("passport-words", |n| repeat("passport 123456789 ", n)),
    ("dates", |n| repeat("12/04/1985 ", n)),
    ("ansi", |n| repeat("\u{1b}[1mAB123456C", n)),
    ("every-beginning", |n| {
        repeat("@a.AB12 eyJ.GB82 WEST 12-%40[1, name=\":a1:07700 ", n)
    }),
];

fn repeat(text: &str, bytes: usize) -> String {
    text.repeat(bytes.div_ceil(text.len()))
}

fn fill(bytes: usize, mut next: impl FnMut() -> String) -> String {
    let mut out = String::with_capacity(bytes + 64);
    while out.len() < bytes {
        out.push_str(&next());
    }
    out
}

fn base64_like(bytes: usize) -> String {
    Rng::new(3).text(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        bytes,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_have_names_of_their_own_and_the_size_that_was_asked_for() {
        let mut names: Vec<&str> = INPUTS.iter().map(|(name, _)| *name).collect();
        assert!(names.len() >= 20);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), INPUTS.len());
        for (name, make) in INPUTS {
            assert!((10_000..10_100).contains(&make(10_000).len()), "{name}");
        }
    }
}
