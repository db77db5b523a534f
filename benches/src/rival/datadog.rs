//! The ten rules in DataDog's engine, with its own validators where it has them.

use dd_sds::{MatchAction, RegexRuleConfig, RootRuleConfig, Scanner, SecondaryValidator};

use super::Engine;
use super::rules::RULES;

/// `dd-sensitive-data-scanner` with ten rules that redact.
pub struct Datadog {
    scanner: Scanner,
}

impl std::fmt::Debug for Datadog {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Datadog").finish_non_exhaustive()
    }
}

impl Default for Datadog {
    fn default() -> Self {
        let rules: Vec<_> = RULES
            .iter()
            .map(|rule| {
                let validator = match rule.marker {
                    "[NINO]" => Some(SecondaryValidator::UkNinoFormatCheck),
                    "[NHS-NUMBER]" => Some(SecondaryValidator::NhsCheckDigit),
                    "[PAYMENT-CARD]" => Some(SecondaryValidator::LuhnChecksum),
                    "[IBAN]" => Some(SecondaryValidator::IbanChecker),
                    _ => None,
                };
                let rule_config = RegexRuleConfig::new(rule.pattern)
                    .with_validator(validator)
                    .build();
                RootRuleConfig::new(rule_config).match_action(MatchAction::redact(rule.marker))
            })
            .collect();
        Self {
            scanner: Scanner::builder(&rules)
                .build()
                .expect("the patterns are constants, as the tests check"),
        }
    }
}

impl Engine for Datadog {
    fn redact(&mut self, text: &str, out: &mut String) {
        // The engine changes a String of its own in place.
        let mut event = text.to_owned();
        self.scanner
            .scan(&mut event)
            .expect("a scan of a String has no rule that can fail");
        out.push_str(&event);
    }
}
