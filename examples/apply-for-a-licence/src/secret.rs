//! Random texts that nobody can guess.

use std::fmt::Write as _;

/// 32 random bytes as 64 hexadecimal digits.
///
/// # Panics
/// When the system has no random bytes; then nothing here is safe.
pub(crate) fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the system gives out random bytes");
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Whether two texts are the same, in a time that does not depend on where they differ.
pub(crate) fn same(left: &str, right: &str) -> bool {
    let differ = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |differ, (left, right)| differ | (left ^ right));
    left.len() == right.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_text_is_the_same() {
        assert!(same("abc", "abc") && same("", ""));
        for other in ["", "ab", "abcd", "abd"] {
            assert!(!same("abc", other), "{other}");
        }
        assert_ne!(random(), random());
        assert_eq!(random().len(), 64);
    }
}
