//! `sanitize-pii` as it comes: email, card, phone, IP addresses and API keys; nothing British.

use sanitize_pii::Sanitizer;

use super::Engine;

/// The default sanitizer.
#[derive(Default)]
pub struct SanitizePii {
    sanitizer: Sanitizer,
}

impl std::fmt::Debug for SanitizePii {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SanitizePii").finish_non_exhaustive()
    }
}

impl Engine for SanitizePii {
    fn redact(&mut self, text: &str, out: &mut String) {
        out.push_str(&self.sanitizer.sanitize(text));
    }
}
