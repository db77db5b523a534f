//! The `[register]` part of `civic.toml`: what Article 30 asks for and no source can say.

use serde::Deserialize;

use super::{SettingsError, line_of};

/// What the register says of the controller, of purposes and of recipients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RegisterSettings {
    pub(crate) controller: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) protection_officer: Option<String>,
    pub(crate) security: Vec<String>,
    pub(crate) files: Vec<String>,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) recipients: Vec<Recipient>,
}

/// Why some data is held.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Purpose {
    pub(crate) name: String,
    /// Tables and types that are held for it.
    pub(crate) stores: Vec<String>,
    pub(crate) lawful_basis: Option<String>,
    #[serde(default)]
    pub(crate) people: Vec<String>,
    #[serde(default)]
    pub(crate) recipients: Vec<String>,
    pub(crate) transfers: Option<String>,
    pub(crate) retention: Option<String>,
    #[serde(default)]
    pub(crate) security: Vec<String>,
    #[serde(skip)]
    pub(crate) line: usize,
}

/// Who receives data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Recipient {
    pub(crate) name: String,
    /// Hosts that calls go to.
    #[serde(default)]
    pub(crate) hosts: Vec<String>,
    /// Files and folders whose calls go to it.
    #[serde(default)]
    pub(crate) calls: Vec<String>,
    pub(crate) transfers: Option<String>,
}

/// The table as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Document {
    controller: Option<String>,
    contact: Option<String>,
    protection_officer: Option<String>,
    #[serde(default)]
    security: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    purpose: Vec<toml::Spanned<Purpose>>,
    #[serde(default)]
    recipient: Vec<toml::Spanned<Recipient>>,
}

impl Document {
    pub(super) fn read(self, text: &str) -> Result<RegisterSettings, SettingsError> {
        let mut purposes: Vec<Purpose> = Vec::new();
        for purpose in self.purpose {
            let line = line_of(text, purpose.span().start);
            let purpose = Purpose {
                line,
                ..purpose.into_inner()
            };
            let what = if purpose.name.trim().is_empty() {
                "the purpose has no name"
            } else if purposes.iter().any(|other| other.name == purpose.name) {
                "two purposes have one name"
            } else if purpose
                .retention
                .as_deref()
                .is_some_and(|text| !is_duration(text))
            {
                "a retention is a duration as in ISO 8601: \"P6Y\", \"P90D\""
            } else {
                purposes.push(purpose);
                continue;
            };
            return Err(SettingsError {
                line,
                what: what.to_owned(),
            });
        }
        let mut recipients = Vec::new();
        for recipient in self.recipient {
            let line = line_of(text, recipient.span().start);
            let recipient = recipient.into_inner();
            if recipient.name.trim().is_empty() {
                let what = "the recipient has no name".to_owned();
                return Err(SettingsError { line, what });
            }
            recipients.push(recipient);
        }
        if let Some(file) = self.files.iter().find(|file| !has_format(file)) {
            return Err(SettingsError {
                line: text
                    .lines()
                    .position(|line| line.contains(file.as_str()))
                    .map_or(1, |at| at + 1),
                what: format!("`{file}` ends in none of .md, .csv and .json"),
            });
        }
        Ok(RegisterSettings {
            controller: self.controller,
            contact: self.contact,
            protection_officer: self.protection_officer,
            security: self.security,
            files: self.files,
            purposes,
            recipients,
        })
    }
}

fn has_format(file: &str) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, extension)| matches!(extension, "md" | "csv" | "json"))
}

/// Whether a text is a duration of ISO 8601 in its form with letters: `P6Y`, `P1Y6M`, `P90D`, `PT24H`.
pub(crate) fn is_duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (date, time) = match rest.split_once('T') {
        Some((_, "")) => return false,
        Some((date, time)) => (date, time),
        None => (rest, ""),
    };
    !rest.is_empty() && units(date, "YMWD") && units(time, "HMS")
}

/// Whether a text is numbers, each followed by one of these letters, in their order.
fn units(text: &str, letters: &str) -> bool {
    let mut left = letters;
    let mut digits = 0;
    for character in text.chars() {
        if character.is_ascii_digit() {
            digits += 1;
        } else if let Some(at) = left.find(character).filter(|_| digits > 0) {
            left = &left[at + 1..];
            digits = 0;
        } else {
            return false;
        }
    }
    digits == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_iso_8601() {
        for text in ["P6Y", "P1Y6M", "P90D", "P2W", "PT24H", "P1DT12H30M"] {
            assert!(is_duration(text), "{text}");
        }
        for text in [
            "",
            "P",
            "PT",
            "6Y",
            "P6",
            "PY",
            "P6M1Y",
            "P1H",
            "six years",
            "P1é",
        ] {
            assert!(!is_duration(text), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_used_is_named_with_its_line() {
        for (text, wanted) in [
            (
                "[register]\nfiles = [\n'a.txt']",
                "line 3: `a.txt` ends in none",
            ),
            (
                "[[register.purpose]]\nname = 'a'\nstores = []\nretention = 'long'",
                "line 1: a retention is a duration",
            ),
            ("[register]\nowner = 'x'", "line 2: unknown field `owner`"),
            (
                "[[register.recipient]]\nname = ''",
                "line 1: the recipient has no name",
            ),
        ] {
            let error = crate::Settings::parse(text).expect_err(text).to_string();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}
