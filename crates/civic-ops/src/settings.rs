//! The `[check]` and `[register]` parts of `civic.toml`.

mod register;

use std::error::Error;
use std::fmt;

use serde::Deserialize;

pub(crate) use register::{Purpose, RegisterSettings};

use crate::rule::Rule;

/// What is looked at, and what is waived.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether tests are looked at too.
    pub tests: bool,
    pub(crate) exclude: Vec<String>,
    pub(crate) waivers: Vec<Waived>,
    /// Names of fields from `[pii.fields]`, with their kinds.
    pub(crate) fields: Vec<(String, civic_pii::Kind)>,
    /// Names of fields from `[[pii.keep]]`.
    pub(crate) kept: Vec<String>,
    /// What the register says that no code can.
    pub(crate) register: RegisterSettings,
}

/// A waiver in `civic.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Waived {
    pub(crate) code: String,
    pub(crate) path: String,
    pub(crate) item: Option<String>,
    pub(crate) reason: String,
    #[serde(skip)]
    pub(crate) line: usize,
}

#[derive(Debug, Default, Deserialize)]
struct Document {
    #[serde(default)]
    check: Check,
    #[serde(default)]
    register: register::Document,
    #[serde(default)]
    pii: Pii,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Check {
    #[serde(default)]
    tests: bool,
    #[serde(default)]
    exclude: Vec<String>,
    #[serde(default)]
    waive: Vec<toml::Spanned<Waived>>,
}

#[derive(Debug, Default, Deserialize)]
struct Pii {
    #[serde(default)]
    fields: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    keep: Vec<Keep>,
}

#[derive(Debug, Deserialize)]
struct Keep {
    field: String,
}

/// A `civic.toml` that cannot be used.
#[derive(Debug)]
pub struct SettingsError {
    line: usize,
    what: String,
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl Error for SettingsError {}

impl Settings {
    /// Reads the text of a `civic.toml`; what `[pii]` says is checked by `civic_pii::Config`.
    ///
    /// ```
    /// let settings = civic_ops::Settings::parse("[check]\ntests = true")?;
    /// assert!(settings.tests);
    /// let error = civic_ops::Settings::parse("[check]\nspeed = 3").unwrap_err();
    /// assert!(error.to_string().starts_with("line 2: unknown field `speed`"));
    /// # Ok::<(), civic_ops::SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not TOML, when `[check]` or `[register]` has a key or value that is not allowed, when a waiver names a
    /// code that does not exist, or has no reason.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let line_of = |at: usize| line_of(text, at);
        let document: Document = toml::from_str(text).map_err(|error| SettingsError {
            line: line_of(error.span().map_or(0, |span| span.start)),
            what: error.message().to_owned(),
        })?;
        let mut waivers = Vec::new();
        for waived in document.check.waive {
            let line = line_of(waived.span().start);
            let waived = Waived {
                line,
                ..waived.into_inner()
            };
            let what = if Rule::find(&waived.code).is_none() {
                format!("there is no rule `{}`", waived.code)
            } else if waived.reason.trim().is_empty() {
                "the waiver has no reason".to_owned()
            } else {
                waivers.push(waived);
                continue;
            };
            return Err(SettingsError { line, what });
        }
        let register = document.register.read(text)?;
        let fields = document.pii.fields.into_iter();
        Ok(Self {
            register,
            tests: document.check.tests,
            exclude: document.check.exclude,
            waivers,
            fields: fields
                .filter_map(|(name, kind)| Some((name, civic_pii::Kind::from_id(&kind)?)))
                .collect(),
            kept: document
                .pii
                .keep
                .into_iter()
                .map(|keep| keep.field)
                .collect(),
        })
    }

    /// Files that the register is written to, from the folder of the service: `files` in `[register]`.
    pub fn register_files(&self) -> &[String] {
        &self.register.files
    }

    pub(crate) fn excludes(&self, path: &str) -> bool {
        self.exclude.iter().any(|start| {
            let start = start.trim_end_matches('/');
            path.strip_prefix(start)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    pub(crate) fn scanner(&self) -> civic_pii::Scanner {
        let mut builder = civic_pii::Scanner::builder();
        for (name, kind) in &self.fields {
            builder = builder.field(name, *kind);
        }
        for name in &self.kept {
            builder = builder.keep_field(name);
        }
        builder.build()
    }
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() + 1
}
