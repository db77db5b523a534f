//! The policy in `civic.toml`.

mod error;
mod read;

use core::error::Error;

pub use error::ConfigError;

use crate::{KeyRing, Policy, PolicyBuilder, PolicyError};

/// The `[pii]` part of `civic.toml`: a policy, and where its keys are found.
///
/// Parsing reads no file and no variable: the caller gives the text, and the bytes of each key.
///
/// Everything that can be set, with comments:
///
/// ```toml
#[doc = include_str!("config/example.toml")]
/// ```
///
/// Kinds are named by [`Kind::id`](crate::Kind::id). A key that is not listed here is an error, and so is a table beside `pii`
/// other than `check` and `register`, which belong to `cargo civic`.
///
/// ```
/// use civic_pii::{Config, Kind, Redactor};
///
/// let config = Config::parse(r#"
///     [pii.kinds.nino]
///     action = "partial"
///     last = 3
/// "#)?;
/// let policy = config.policy(|_| Err("this policy has no keys".into()))?;
/// assert_eq!(Redactor::with_policy(policy).redact("AB123456C"), "[NINO *56C]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Config {
    builder: PolicyBuilder,
    keys: Vec<KeyRef>,
}

/// Where the bytes of one key are found.
///
/// ```
/// use civic_pii::{Config, KeySource};
///
/// let config = Config::parse(r#"
///     [pii.keys]
///     current = "k1"
///     k1 = { env = "CIVIC_KEY_1" }
/// "#)?;
/// assert_eq!(config.keys()[0].source(), &KeySource::Env("CIVIC_KEY_1".into()));
/// # Ok::<(), civic_pii::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRef {
    id: String,
    source: KeySource,
}

/// The place that a key is read from.
///
/// ```
/// assert!(matches!(civic_pii::KeySource::Env("CIVIC_KEY_1".into()), civic_pii::KeySource::Env(_)));
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// An environment variable of this name.
    Env(String),
    /// A file at this path.
    File(String),
}

impl KeyRef {
    /// Id of the key, as it stands in pseudonyms.
    ///
    /// ```
    /// # let config = civic_pii::Config::parse("pii.keys = { current = 'k1', k1 = { file = 'key' } }")?;
    /// assert_eq!(config.keys()[0].id(), "k1");
    /// # Ok::<(), civic_pii::ConfigError>(())
    /// ```
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where its bytes are.
    ///
    /// ```
    /// # use civic_pii::KeySource;
    /// # let config = civic_pii::Config::parse("pii.keys = { current = 'k1', k1 = { file = 'key' } }")?;
    /// assert_eq!(config.keys()[0].source(), &KeySource::File("key".into()));
    /// # Ok::<(), civic_pii::ConfigError>(())
    /// ```
    pub fn source(&self) -> &KeySource {
        &self.source
    }
}

impl Config {
    /// Reads the text of a `civic.toml`.
    ///
    /// ```
    /// use civic_pii::Config;
    ///
    /// let error = Config::parse("[pii.kinds.nin0]\naction = 'erase'").unwrap_err();
    /// assert!(error.to_string().starts_with("line 1, column 12: unknown kind `nin0`, did you mean `nino`?"));
    /// ```
    ///
    /// # Errors
    /// When the text is not TOML, and when a key or value is not one that is allowed here. The error names the line, the
    /// column and what is allowed. It quotes names of keys, kinds and actions, and no other value.
    pub fn parse(text: &str) -> Result<Config, ConfigError> {
        read::document(text).map_err(|fault| ConfigError::new(text, fault))
    }

    /// The keys that [`Config::policy`] will ask for, the one in use first.
    ///
    /// ```
    /// assert!(civic_pii::Config::parse("")?.keys().is_empty());
    /// # Ok::<(), civic_pii::ConfigError>(())
    /// ```
    pub fn keys(&self) -> &[KeyRef] {
        &self.keys
    }

    /// Makes the policy; `read` gives the bytes of each key, at least 32, which are zeroed after use.
    ///
    /// ```
    /// use civic_pii::{Config, KeySource};
    ///
    /// let config = Config::parse("pii.keys = { current = 'k1', k1 = { env = 'CIVIC_KEY_1' } }")?;
    /// let policy = config.policy(|key| match key.source() {
    ///     KeySource::Env(name) => Ok(std::env::var(name).map(String::into_bytes).unwrap_or(vec![7; 32])),
    ///     KeySource::File(path) => Ok(std::fs::read(path)?),
    ///     _ => Err("a source of a later version".into()),
    /// })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a key cannot be read or used, and those of [`PolicyBuilder::build`]; the cause is in `source()`.
    pub fn policy(
        &self,
        read: impl Fn(&KeyRef) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>>,
    ) -> Result<Policy, PolicyError> {
        let mut ring: Option<KeyRing> = None;
        for key in &self.keys {
            let bytes =
                read(key).map_err(|cause| PolicyError::unreadable_key(key.id.clone(), cause))?;
            ring = Some(match ring {
                None => KeyRing::new(&key.id, bytes)?,
                Some(ring) => ring.with_old(&key.id, bytes)?,
            });
        }
        let builder = self.builder.clone();
        ring.into_iter().fold(builder, PolicyBuilder::keys).build()
    }

    /// Makes the policy for finding alone: it asks for no key, and erases what the file says to pseudonymise.
    ///
    /// For whoever looks through logs and is not trusted with the keys.
    ///
    /// ```
    /// use civic_pii::{Config, Redactor};
    ///
    /// let config = Config::parse(r#"
    ///     [pii]
    ///     default-action = "pseudonymise"
    ///     keys = { current = "k1", k1 = { env = "CIVIC_KEY_1" } }
    /// "#)?;
    /// let redactor = Redactor::with_policy(config.policy_without_keys()?);
    /// assert_eq!(redactor.redact("AB123456C"), "[NINO]");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Config::policy`], apart from those of keys.
    pub fn policy_without_keys(&self) -> Result<Policy, PolicyError> {
        self.builder.clone().without_pseudonyms().build()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Action, Kind};

    const EXAMPLE: &str = include_str!("config/example.toml");

    fn refused(text: &str) -> String {
        Config::parse(text).unwrap_err().to_string()
    }

    #[test]
    fn the_documented_example_is_complete_and_parses() {
        let config = Config::parse(EXAMPLE).unwrap();
        let ids: Vec<_> = config.keys().iter().map(KeyRef::id).collect();
        assert_eq!(ids, ["k2", "k1"]);
        let policy = config
            .policy(|key| Ok(key.id().repeat(16).into_bytes()))
            .unwrap();
        assert_eq!(policy.action(Kind::Nino), &Action::Partial { last: 3 });
        assert_eq!(policy.action(Kind::NhsNumber), &Action::Pseudonymise);
        assert_eq!(policy.action(Kind::Email), &Action::Erase);
        assert!(matches!(
            policy.action(Kind::CompanyNumber),
            Action::Keep { .. }
        ));
        assert_eq!(policy.patterns().len(), 1);
        assert_eq!(policy.kept_fields().count(), 1);
        for key in read::ALL_KEYS.iter().copied().flatten() {
            assert!(EXAMPLE.contains(key), "the example does not show `{key}`");
        }
    }

    #[test]
    fn a_wrong_key_names_its_line_and_what_is_allowed() {
        for (text, message) in [
            (
                "[journey]",
                "line 1, column 2: unknown table `journey`: expected `pii`",
            ),
            (
                "[pii]\ntreshold = 80",
                "line 2, column 1: unknown key `treshold` in `pii`, did you mean `threshold`? Expected one of \
                 `default-action`, `fields`, `keep`, `keys`, `kinds`, `only`, `pattern`, `threshold`",
            ),
            (
                "[pii.kinds.nino]\naction = 'erase'\n  lasd = 3",
                "line 3, column 3: unknown key `lasd` in `pii.kinds.nino`, did you mean `last`? Expected one of \
                 `action`, `last`, `reason`, `threshold`",
            ),
            (
                "[[pii.keep]]\nfield = 'a'\nwhy = 'b'",
                "line 3, column 1: unknown key `why` in `pii.keep`: expected one of `field`, `reason`",
            ),
        ] {
            assert_eq!(refused(text), message);
        }
        let error = refused("[pii.fields]\n'é_name' = 'person-nam'");
        assert!(
            error.starts_with("line 2, column 12: unknown kind `person-nam`, did you mean `person-name`? Expected one of `nino`,"),
            "{error}"
        );
        let error = refused("[pii]\nonly = ['ssn']");
        assert!(
            error.starts_with("line 2, column 9: unknown kind `ssn`: expected one of"),
            "{error}"
        );
    }

    #[test]
    fn a_wrong_value_names_its_line_and_what_is_allowed_and_is_not_quoted() {
        for (text, message) in [
            (
                "[pii.kinds.nino]\naction = 'QQ123456C'",
                "line 2, column 10: unknown action: expected one of `erase`, `keep`, `partial`, `pseudonymise`",
            ),
            (
                "[pii.kinds.nino]\naction = 'erace'",
                "line 2, column 10: unknown action, did you mean `erase`? Expected one of `erase`, `keep`, `partial`, \
                 `pseudonymise`",
            ),
            (
                "[pii]\ndefault-action = 'partial'",
                "line 2, column 18: unknown default action: expected one of `erase`, `pseudonymise`",
            ),
            (
                "[pii]\nthreshold = 0.8",
                "line 2, column 13: `threshold` is a whole number of percent from 0 to 100",
            ),
            (
                "[pii]\nthreshold = 101",
                "line 2, column 13: `threshold` is a whole number of percent from 0 to 100",
            ),
            (
                "[pii.kinds.postcode]\naction = 'partial'\nlast = 5",
                "line 3, column 8: a partial `postcode` shows 1 to 3 characters",
            ),
            (
                "[pii.kinds.credential]\naction = 'partial'\nlast = 1",
                "line 2, column 10: any part of a `credential` says too much to be shown",
            ),
            (
                "[pii.kinds.nino]\naction = 'partial'",
                "line 2, column 10: the action `partial` needs `last`",
            ),
            (
                "[pii.kinds.nino]\naction = 'keep'\nreason = ' '",
                "line 3, column 10: a reason is not empty",
            ),
            (
                "[pii.kinds.nino]\naction = 'erase'\nlast = 3",
                "line 3, column 1: `last` goes with the action `partial` only",
            ),
            (
                "[[pii.keep]]\nfield = 'a'",
                "line 1, column 1: an entry of `pii.keep` needs `reason`",
            ),
            ("pii = 'QQ123456C'", "line 1, column 7: `pii` is a table"),
            (
                "[pii.fields]\nform.name = 'person-name'",
                "line 2, column 1: `form` is a text; a field name with a dot stands in quotes",
            ),
            (
                "[pii.keys]\nk1 = { env = 'A' }",
                "line 1, column 1: `pii.keys` needs `current`, the id of the key in use",
            ),
            (
                "[pii.keys]\ncurrent = 'k2'\nk1 = { env = 'A' }",
                "line 2, column 11: `current` names no key of `pii.keys`: expected one of `k1`",
            ),
            (
                "[pii.keys]\ncurrent = 'k2'",
                "line 2, column 11: `current` names no key of `pii.keys`, which has none: add \
                 `<id> = { env = \"NAME\" }` or `<id> = { file = \"path\" }`",
            ),
            (
                "[pii.keys]\ncurrent = 'k1'\nk1 = 'QQ123456C'",
                "line 3, column 6: `pii.keys.k1` is a table: `{ env = \"NAME\" }` or `{ file = \"path\" }`",
            ),
            (
                "[pii.keys]\ncurrent = 'k1'\nk1 = { env = '' }",
                "line 3, column 14: `env` is not empty",
            ),
            (
                "[pii.kinds.nino]\naction = 'pseudonymise'",
                "line 2, column 10: the action `pseudonymise` needs keys: `pii.keys` with `current`, the id of the \
                 key in use",
            ),
            (
                "[[pii.keep]]\nfield = '-'\nreason = 'a'",
                "line 2, column 9: the name of a field has at least one letter or digit",
            ),
            (
                "[pii.fields]\n'' = 'nino'",
                "line 2, column 1: the name of a field has at least one letter or digit",
            ),
            (
                "[pii.fields]\ncase = 3",
                "line 2, column 8: the kind of a field is a text",
            ),
            (
                "[pii.keys]\ncurrent = 'k1'\nk1 = { env = 'A', file = 'b' }",
                "line 3, column 6: a key has either `env` or `file`",
            ),
            (
                "[pii.keys]\ncurrent = 'K'\nK = { env = 'A' }",
                "line 3, column 1: a key id is a lower-case letter and up to 11 lower-case letters and digits",
            ),
        ] {
            assert_eq!(refused(text), message, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_toml_is_not_quoted() {
        let error = refused("[pii]\nthreshold = QQ123456C\n");
        assert!(
            error.starts_with("line 2, column 13: not TOML: "),
            "{error}"
        );
        assert!(!error.contains("QQ"), "{error}");
    }

    #[test]
    fn a_bad_pattern_is_named_with_its_line_and_cause() {
        let error = Config::parse("[[pii.pattern]]\nname = 'case-ref'\nregex = '(QQ'").unwrap_err();
        assert_eq!((error.line(), error.column()), (3, 9));
        assert_eq!(
            error.to_string(),
            "line 3, column 9: the pattern cannot be used"
        );
        let cause = error.source().unwrap();
        assert_eq!(
            cause.to_string(),
            "pattern `case-ref` is not a regular expression"
        );
        assert_eq!(
            cause.source().unwrap().to_string(),
            "unclosed group at byte 1"
        );
    }

    #[test]
    fn a_key_that_cannot_be_read_or_used_is_the_cause() {
        let config = Config::parse("pii.keys = { current = 'k1', k1 = { file = 'key' } }").unwrap();
        let error = config.policy(|_| Err("no such file".into())).unwrap_err();
        assert_eq!(error.to_string(), "key `k1` cannot be read");
        assert_eq!(error.source().unwrap().to_string(), "no such file");
        let error = config.policy(|_| Ok(vec![7; 8])).unwrap_err();
        assert_eq!(error.to_string(), "the keys of the policy cannot be used");
        assert_eq!(
            error.source().unwrap().to_string(),
            "key `k1` has 8 bytes, fewer than the 32 that a pseudonym needs"
        );
    }
}
