//! `cloakrs` with its default recognisers for the United Kingdom.

use cloakrs_core::{Locale, Scanner};

use super::Engine;

/// The default registry with masking.
pub struct Cloakrs {
    scanner: Scanner,
}

impl std::fmt::Debug for Cloakrs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Cloakrs").finish_non_exhaustive()
    }
}

impl Default for Cloakrs {
    fn default() -> Self {
        Self {
            scanner: cloakrs_locales::default_registry()
                .into_scanner_builder()
                .locale(Locale::UK)
                .build()
                .expect("the default registry makes a scanner"),
        }
    }
}

impl Engine for Cloakrs {
    fn redact(&mut self, text: &str, out: &mut String) {
        let result = self
            .scanner
            .scan(text)
            .expect("its masks fit the text that it scanned");
        out.push_str(result.masked_text.as_deref().unwrap_or(text));
    }
}
