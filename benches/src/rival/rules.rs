//! Ten rules as regular expressions with validators, shared by the engines that run expressions.

/// One rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// Expression over bytes; classes and boundaries are ASCII, which is the faster choice.
    pub(super) pattern: &'static str,
    /// What stands in place of a value.
    pub(super) marker: &'static str,
    /// Whether the text that matched is a value.
    pub(super) valid: fn(&str) -> bool,
}

pub(super) const RULES: [Rule; 10] = [
    Rule {
        pattern: r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}",
        marker: "[EMAIL]",
        valid: |_| true,
    },
    Rule {
        pattern: r"\b[A-CEGHJ-PR-TW-Za-ceghj-pr-tw-z][A-CEGHJ-NPR-TW-Za-ceghj-npr-tw-z][ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[0-9]{2}[ -]?[A-Da-d]\b",
        marker: "[NINO]",
        valid: nino,
    },
    Rule {
        pattern: r"\b[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4}\b",
        marker: "[NHS-NUMBER]",
        valid: nhs,
    },
    Rule {
        pattern: r"\b(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|3[47][0-9]{2})(?:[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}|[ -]?[0-9]{6}[ -]?[0-9]{5})\b",
        marker: "[PAYMENT-CARD]",
        valid: card,
    },
    Rule {
        pattern: r"\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][ABD-HJLNP-UW-Zabd-hjlnp-uw-z]{2}\b",
        marker: "[POSTCODE]",
        valid: |_| true,
    },
    Rule {
        pattern: r"(?:\+44|\b0044|\b0)[ -]?(?:\(0\)[ -]?)?[1237][0-9]{1,4}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}\b",
        marker: "[PHONE]",
        valid: phone,
    },
    Rule {
        pattern: r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b",
        marker: "[IBAN]",
        valid: iban,
    },
    Rule {
        pattern: r"\b[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}[ /][0-9]{8}\b",
        marker: "[BANK-ACCOUNT]",
        valid: |_| true,
    },
    Rule {
        pattern: r"\b[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\b",
        marker: "[IP-ADDRESS]",
        valid: ip,
    },
    Rule {
        pattern: r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|[Bb]earer [A-Za-z0-9._~+/-]{16,}=*",
        marker: "[CREDENTIAL]",
        valid: |_| true,
    },
];

/// ASCII digits of the text in a buffer of this many, with their number; `None` where they are more.
fn digits<const N: usize>(text: &str) -> Option<([u8; N], usize)> {
    let mut buffer = [0; N];
    let mut count = 0;
    for byte in text.bytes().filter(u8::is_ascii_digit) {
        *buffer.get_mut(count)? = byte;
        count += 1;
    }
    Some((buffer, count))
}

fn nino(text: &str) -> bool {
    let prefix = [text.as_bytes()[0], text.as_bytes()[1]].map(|byte| byte.to_ascii_uppercase());
    !matches!(
        &prefix,
        b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
    )
}

fn nhs(text: &str) -> bool {
    let Some((digits, 10)) = digits::<10>(text) else {
        return false;
    };
    let sum: u32 = digits
        .iter()
        .zip((1..=10).rev())
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    sum.is_multiple_of(11)
}

fn card(text: &str) -> bool {
    let Some((digits, count)) = digits::<16>(text) else {
        return false;
    };
    let sum: u32 = digits[..count]
        .iter()
        .rev()
        .enumerate()
        .map(|(i, byte)| match u32::from(byte - b'0') {
            digit if i % 2 == 0 => digit,
            digit => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn phone(text: &str) -> bool {
    matches!(digits::<15>(text), Some((_, 10..=14)))
}

fn iban(text: &str) -> bool {
    let mut rest = 0;
    let letters = text.bytes().filter(|byte| *byte != b' ');
    for byte in letters.clone().skip(4).chain(letters.take(4)) {
        rest = if byte.is_ascii_digit() {
            rest * 10 + u32::from(byte - b'0')
        } else {
            rest * 100 + u32::from(byte - b'A') + 10
        } % 97;
    }
    rest == 1
}

fn ip(text: &str) -> bool {
    text.split('.').all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::checksum;
    use crate::corpus::rng::Rng;
    use crate::corpus::values;

    #[test]
    fn the_validators_agree_with_the_corpus() {
        let mut rng = Rng::new(2);
        for _ in 0..100 {
            let number = values::nhs(&mut rng);
            assert!(nhs(&number), "{number}");
            let last = checksum::luhn("411111111111111");
            assert!(card(&format!("411111111111111{last}")));
        }
        assert!(iban("GB82 WEST 1234 5698 7654 32"));
        assert!(!iban("GB83 WEST 1234 5698 7654 32"));
        assert!(!nhs("9434765918"));
        assert!(!ip("1.2.3.400"));
    }
}
