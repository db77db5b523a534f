//! What is done with each kind of personal data.

use core::error::Error;
use core::fmt;

use crate::marker::{Marker, Tail, partial_limit};
use crate::{KeyError, KeyRing, Kind, KindSet};
#[cfg(feature = "pattern")]
use crate::{Pattern, PatternError};

/// What is done with a value of one kind.
///
/// ```
/// use civic_pii::{Action, Kind, Policy, Redactor};
///
/// let policy = Policy::builder().action(Kind::Nino, Action::Partial { last: 3 }).build()?;
/// assert_eq!(Redactor::with_policy(policy).redact("nino AB123456C"), "nino [NINO *56C]");
/// # Ok::<(), civic_pii::PolicyError>(())
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Replaces it by its kind: `[NINO]`.
    #[default]
    Erase,
    /// Replaces it by its kind and its last characters: `[NINO *56C]`.
    ///
    /// Erases instead where they would be half of the value or more.
    Partial {
        /// How many letters and digits stay, 1 to 6, for short kinds fewer.
        last: u8,
    },
    /// Replaces it by a keyed pseudonym: `[NINO:k1:bcdfghjkmnpqrstwbcdf]`. See [`KeyRing`].
    Pseudonymise,
    /// Leaves it as it is.
    Keep {
        /// Why that is right, for whoever reviews the policy.
        reason: String,
    },
}

impl Action {
    /// Leaves values as they are, for this reason.
    ///
    /// ```
    /// # use civic_pii::{Action, Kind, Policy};
    /// let policy = Policy::builder()
    ///     .action(Kind::CompanyNumber, Action::keep("public register"))
    ///     .build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn keep(reason: impl Into<String>) -> Action {
        Action::Keep {
            reason: reason.into(),
        }
    }
}

/// What is looked for and what is done with it; made by a [`PolicyBuilder`] or read from `civic.toml`.
///
/// The default erases every kind. A policy is checked when it is built, so that using it cannot fail.
///
/// ```
/// use civic_pii::{Action, KeyRing, Kind, Policy, Redactor};
///
/// let policy = Policy::builder()
///     .action(Kind::NhsNumber, Action::Pseudonymise)
///     .keys(KeyRing::new("k1", vec![7; 32])?)
///     .field("case_worker", Kind::PersonName)
///     .keep_field("trace_id", "made by us, says nothing about a person")
///     .build()?;
/// let redactor = Redactor::with_policy(policy);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Policy {
    actions: Box<[Action]>,
    kinds: KindSet,
    thresholds: Vec<(Kind, u8)>,
    fields: Vec<(String, Kind)>,
    keeps: Vec<(String, String)>,
    keys: Option<KeyRing>,
    #[cfg(feature = "pattern")]
    patterns: Vec<Pattern>,
}

impl Default for Policy {
    fn default() -> Self {
        Policy {
            actions: vec![Action::Erase; ACTIONS].into(),
            kinds: KindSet::ALL.with(Kind::Custom),
            thresholds: Vec::new(),
            fields: Vec::new(),
            keeps: Vec::new(),
            keys: None,
            #[cfg(feature = "pattern")]
            patterns: Vec::new(),
        }
    }
}

/// One action for each kind, custom ones last.
const ACTIONS: usize = Kind::ALL.len() + 1;

impl Policy {
    /// Starts a policy that erases every kind.
    ///
    /// ```
    /// # use civic_pii::Policy;
    /// let policy = Policy::builder().build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn builder() -> PolicyBuilder {
        PolicyBuilder::default()
    }

    /// What is done with a value of this kind.
    ///
    /// ```
    /// # use civic_pii::{Action, Kind, Policy};
    /// assert_eq!(Policy::default().action(Kind::Email), &Action::Erase);
    /// ```
    pub fn action(&self, kind: Kind) -> &Action {
        &self.actions[kind as usize]
    }

    /// The kinds that are looked for and not kept.
    ///
    /// ```
    /// # use civic_pii::{Kind, KindSet, Policy};
    /// let policy = Policy::builder().only(KindSet::EMPTY.with(Kind::Nino)).build()?;
    /// assert!(!policy.replaced_kinds().contains(Kind::Email));
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn replaced_kinds(&self) -> KindSet {
        self.kinds
            .iter()
            .filter(|kind| self.replaces(*kind))
            .collect()
    }

    /// The field names that are left alone, each with its reason.
    ///
    /// ```
    /// # use civic_pii::Policy;
    /// let policy = Policy::builder().keep_field("trace_id", "random").build()?;
    /// assert_eq!(policy.kept_fields().next(), Some(("trace_id", "random")));
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    pub fn kept_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.keeps
            .iter()
            .map(|(field, reason)| (field.as_str(), reason.as_str()))
    }

    pub(crate) fn kinds(&self) -> KindSet {
        self.kinds
    }

    pub(crate) fn thresholds(&self) -> &[(Kind, u8)] {
        &self.thresholds
    }

    pub(crate) fn fields(&self) -> &[(String, Kind)] {
        &self.fields
    }

    #[cfg(feature = "pattern")]
    pub(crate) fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// Whether a value of this kind is replaced at all.
    pub(crate) fn replaces(&self, kind: Kind) -> bool {
        self.kinds.contains(kind) && !matches!(self.action(kind), Action::Keep { .. })
    }

    /// What the field-name rules say about a field: those of the policy, then the default vocabulary.
    pub(crate) fn rule(&self, field: &str, default: impl Fn(&str) -> Option<Kind>) -> Rule {
        if self.keeps.iter().any(|(name, _)| names_field(name, field)) {
            return Rule::Keep;
        }
        let own = self
            .fields
            .iter()
            .find(|(name, _)| names_field(name, field));
        match own.map_or_else(|| default(field), |(_, kind)| Some(*kind)) {
            Some(kind) if self.replaces(kind) => Rule::Whole(kind),
            _ => Rule::Scan,
        }
    }

    /// The marker for a value, or `None` when the policy keeps it.
    pub(crate) fn marker<'a>(
        &'a self,
        kind: Kind,
        custom: Option<u16>,
        value: &[u8],
    ) -> Option<Marker<'a>> {
        if !self.kinds.contains(kind) {
            return None;
        }
        let label = self.label(kind, custom);
        let erased = Marker::Erased { label };
        Some(match self.action(kind) {
            Action::Erase => erased,
            Action::Partial { last } => {
                let shown = crate::canonical::alphanumerics(value);
                Tail::new(&shown, usize::from(*last))
                    .map_or(erased, |tail| Marker::Partial { label, tail })
            }
            Action::Pseudonymise => self
                .keys
                .as_ref()
                .map_or(erased, |keys| keys.marker(kind, label, value)),
            Action::Keep { .. } => return None,
        })
    }

    #[cfg(feature = "pattern")]
    fn label(&self, kind: Kind, custom: Option<u16>) -> &str {
        custom
            .and_then(|index| self.patterns.get(usize::from(index)))
            .map_or(kind.label(), Pattern::label)
    }

    #[cfg(not(feature = "pattern"))]
    #[expect(
        clippy::unused_self,
        reason = "the same signature as with the feature `pattern`"
    )]
    fn label(&self, kind: Kind, _custom: Option<u16>) -> &str {
        kind.label()
    }
}

/// Builds a [`Policy`]; `build` is the one place that can fail.
///
/// ```
/// use civic_pii::{Action, Kind, Policy};
///
/// let error = Policy::builder().action(Kind::Nino, Action::Pseudonymise).build().unwrap_err();
/// assert_eq!(error.to_string(), "`nino` is to be pseudonymised, but the policy has no keys");
/// ```
#[derive(Clone, Debug, Default)]
pub struct PolicyBuilder {
    default_action: Action,
    actions: Vec<(Kind, Action)>,
    thresholds: Vec<(Kind, u8)>,
    only: Option<KindSet>,
    fields: Vec<(String, Kind)>,
    keeps: Vec<(String, String)>,
    keys: Option<KeyRing>,
    #[cfg(feature = "pattern")]
    patterns: Vec<(String, String)>,
}

impl PolicyBuilder {
    /// Sets what is done with a kind; [`Kind::Custom`] means every pattern. The last call for a kind counts.
    ///
    /// ```
    /// # use civic_pii::{Action, Kind, Policy};
    /// let policy = Policy::builder().action(Kind::Phone, Action::Partial { last: 3 }).build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn action(mut self, kind: Kind, action: Action) -> Self {
        self.actions.push((kind, action));
        self
    }

    /// Sets what is done with the kinds that have no action of their own.
    ///
    /// ```
    /// # use civic_pii::{Action, KeyRing, Policy};
    /// let policy = Policy::builder()
    ///     .default_action(Action::Pseudonymise)
    ///     .keys(KeyRing::new("k1", vec![7; 32])?)
    ///     .build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn default_action(mut self, action: Action) -> Self {
        self.default_action = action;
        self
    }

    /// Sets the confidence that a kind must reach, in percent, 0 to 100.
    ///
    /// ```
    /// # use civic_pii::{Kind, Policy};
    /// let policy = Policy::builder().threshold(Kind::Postcode, 80).build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn threshold(mut self, kind: Kind, percent: u8) -> Self {
        self.thresholds.push((kind, percent));
        self
    }

    /// Looks for these kinds only; patterns of your own are looked for all the same.
    ///
    /// ```
    /// # use civic_pii::{Kind, KindSet, Policy};
    /// let policy = Policy::builder().only(KindSet::EMPTY.with(Kind::Nino)).build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn only(mut self, kinds: KindSet) -> Self {
        self.only = Some(kinds);
        self
    }

    /// Says that a field of this name holds this kind: its whole value is replaced, whatever it looks like.
    ///
    /// Case and separators do not count, and the name may be the last part of a dotted one: `case_worker` is also
    /// `caseWorker` and `form.case-worker`.
    ///
    /// ```
    /// # use civic_pii::{Kind, Policy};
    /// let policy = Policy::builder().field("case_worker", Kind::PersonName).build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, kind: Kind) -> Self {
        self.fields.push((name.into(), kind));
        self
    }

    /// Says that a field of this name never holds personal data: its value is left alone, unread.
    ///
    /// ```
    /// # use civic_pii::Policy;
    /// let policy = Policy::builder().keep_field("trace_id", "random, made by us").build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[must_use]
    pub fn keep_field(mut self, name: impl Into<String>, reason: impl Into<String>) -> Self {
        self.keeps.push((name.into(), reason.into()));
        self
    }

    /// Adds a regular expression as a recogniser; see [`Pattern::new`] for what is allowed.
    ///
    /// ```
    /// # use civic_pii::Policy;
    /// let policy = Policy::builder().pattern("case-ref", "CASE[0-9]{8}").build()?;
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[cfg(feature = "pattern")]
    #[cfg_attr(civic_docsrs, doc(cfg(feature = "pattern")))]
    #[must_use]
    pub fn pattern(mut self, name: impl Into<String>, regex: impl Into<String>) -> Self {
        self.patterns.push((name.into(), regex.into()));
        self
    }

    /// Sets the keys for [`Action::Pseudonymise`].
    ///
    /// ```
    /// # use civic_pii::{KeyRing, Policy};
    /// let policy = Policy::builder().keys(KeyRing::new("k1", vec![7; 32])?).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn keys(mut self, keys: KeyRing) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Makes the policy.
    ///
    /// ```
    /// # use civic_pii::{Action, Kind, Policy};
    /// let error = Policy::builder().action(Kind::Nino, Action::keep("")).build().unwrap_err();
    /// assert_eq!(error.to_string(), "`nino` is to be kept without a reason");
    /// ```
    ///
    /// # Errors
    /// When a kind or field is kept without a reason, a partial action would show too much, a pseudonym has no key, a
    /// threshold is over 100, a field name is empty or stands twice with different rules, a pattern is refused (the cause
    /// is in `source()`), or nothing is left to look for.
    pub fn build(self) -> Result<Policy, PolicyError> {
        let mut actions = vec![self.default_action.clone(); ACTIONS];
        if let Action::Partial { .. } = self.default_action {
            return Err(Fault::PartialDefault.into());
        }
        check(None, &self.default_action, self.keys.is_some())?;
        for (kind, action) in self.actions {
            check(Some(kind), &action, self.keys.is_some())?;
            actions[kind as usize] = action;
        }
        if let Some((kind, _)) = self.thresholds.iter().find(|(_, percent)| *percent > 100) {
            return Err(Fault::Threshold(*kind).into());
        }
        for (name, reason) in &self.keeps {
            if reason.trim().is_empty() {
                return Err(Fault::KeptField(name.clone()).into());
            }
        }
        let names = || {
            let fields = self.fields.iter().map(|(name, kind)| (name, Some(*kind)));
            fields.chain(self.keeps.iter().map(|(name, _)| (name, None)))
        };
        for (i, (name, rule)) in names().enumerate() {
            if !name.chars().any(char::is_alphanumeric) {
                return Err(Fault::FieldName.into());
            }
            if names()
                .take(i)
                .any(|(other, other_rule)| other_rule != rule && same_name(other, name))
            {
                return Err(Fault::FieldTwice(name.clone()).into());
            }
        }
        #[cfg(feature = "pattern")]
        let patterns = patterns(&self.patterns)?;
        #[cfg(feature = "pattern")]
        let has_pattern = !patterns.is_empty();
        #[cfg(not(feature = "pattern"))]
        let has_pattern = false;
        if self.only.is_some_and(KindSet::is_empty) && !has_pattern {
            return Err(Fault::Nothing.into());
        }
        Ok(Policy {
            actions: actions.into(),
            kinds: self.only.unwrap_or(KindSet::ALL).with(Kind::Custom),
            thresholds: self.thresholds,
            fields: self.fields,
            keeps: self.keeps,
            keys: self.keys,
            #[cfg(feature = "pattern")]
            patterns,
        })
    }
}

#[cfg(feature = "pattern")]
fn patterns(given: &[(String, String)]) -> Result<Vec<Pattern>, PolicyError> {
    let mut patterns: Vec<Pattern> = Vec::with_capacity(given.len());
    for (name, regex) in given {
        if patterns.iter().any(|pattern| pattern.name() == name) {
            return Err(Fault::PatternTwice(name.clone()).into());
        }
        patterns.push(Pattern::new(name, regex)?);
    }
    // A finding holds the place of its pattern in 16 bits.
    if patterns.len() > usize::from(u16::MAX) {
        return Err(Fault::TooManyPatterns.into());
    }
    Ok(patterns)
}

fn check(kind: Option<Kind>, action: &Action, has_keys: bool) -> Result<(), PolicyError> {
    let fault = match action {
        Action::Partial { last } => {
            let Some(kind) = kind else { return Ok(()) };
            match partial_limit(kind) {
                None => Fault::PartialTelling(kind),
                Some(limit) if !(1..=limit).contains(last) => Fault::PartialLength(kind, limit),
                Some(_) => return Ok(()),
            }
        }
        Action::Pseudonymise if !has_keys => Fault::NoKeys(kind),
        Action::Keep { reason } if reason.trim().is_empty() => Fault::KeptKind(kind),
        _ => return Ok(()),
    };
    Err(fault.into())
}

/// What is to be done with a field because of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// Leave its value alone.
    Keep,
    /// Its whole value is of this kind.
    Whole(Kind),
    /// The name decides nothing.
    Scan,
}

/// Whether the name of a rule means this field: all of its name, or the last part of a dotted one.
fn names_field(name: &str, field: &str) -> bool {
    same_name(name, field)
        || field
            .rsplit_once('.')
            .is_some_and(|(_, last)| same_name(name, last))
}

/// Whether two field names are the same but for case and separators.
fn same_name(a: &str, b: &str) -> bool {
    fn folded(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
    }
    folded(a).eq(folded(b))
}

/// Why a policy was refused.
///
/// ```
/// use civic_pii::{Action, Kind, Policy};
///
/// let error = Policy::builder().action(Kind::Postcode, Action::Partial { last: 5 }).build().unwrap_err();
/// assert_eq!(error.to_string(), "a partial `postcode` shows 1 to 3 characters");
/// ```
#[derive(Clone, Debug)]
pub struct PolicyError(Fault);

#[derive(Clone, Debug)]
enum Fault {
    PartialDefault,
    PartialTelling(Kind),
    PartialLength(Kind, u8),
    NoKeys(Option<Kind>),
    KeptKind(Option<Kind>),
    KeptField(String),
    FieldName,
    FieldTwice(String),
    Threshold(Kind),
    Nothing,
    Keys(KeyError),
    #[cfg(feature = "pattern")]
    Pattern(PatternError),
    #[cfg(feature = "pattern")]
    PatternTwice(String),
    #[cfg(feature = "pattern")]
    TooManyPatterns,
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::PartialDefault => f.write_str(
                "partial cannot be the default action: some kinds must not be shown in part",
            ),
            Fault::PartialTelling(kind) => {
                write!(f, "any part of a `{kind}` says too much to be shown")
            }
            Fault::PartialLength(kind, limit) => {
                write!(f, "a partial `{kind}` shows 1 to {limit} characters")
            }
            Fault::NoKeys(Some(kind)) => write!(
                f,
                "`{kind}` is to be pseudonymised, but the policy has no keys"
            ),
            Fault::NoKeys(None) => {
                f.write_str("the default is to pseudonymise, but the policy has no keys")
            }
            Fault::KeptKind(Some(kind)) => write!(f, "`{kind}` is to be kept without a reason"),
            Fault::KeptKind(None) => f.write_str("the default is to keep, without a reason"),
            Fault::KeptField(name) => write!(f, "field `{name}` is to be kept without a reason"),
            Fault::FieldName => f.write_str("a field name has no letter or digit"),
            Fault::FieldTwice(name) => write!(f, "field `{name}` has two rules that differ"),
            Fault::Threshold(kind) => {
                write!(f, "the threshold of `{kind}` is over 100 percent")
            }
            Fault::Nothing => f.write_str("the policy looks for nothing"),
            Fault::Keys(_) => f.write_str("the keys of the policy cannot be used"),
            #[cfg(feature = "pattern")]
            Fault::Pattern(_) => f.write_str("a pattern of the policy cannot be used"),
            #[cfg(feature = "pattern")]
            Fault::PatternTwice(name) => write!(f, "pattern `{name}` stands twice"),
            #[cfg(feature = "pattern")]
            Fault::TooManyPatterns => f.write_str("the policy has more than 65535 patterns"),
        }
    }
}

impl Error for PolicyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Fault::Keys(error) => Some(error),
            #[cfg(feature = "pattern")]
            Fault::Pattern(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Fault> for PolicyError {
    fn from(fault: Fault) -> Self {
        PolicyError(fault)
    }
}

impl From<KeyError> for PolicyError {
    fn from(error: KeyError) -> Self {
        PolicyError(Fault::Keys(error))
    }
}

#[cfg(feature = "pattern")]
impl From<PatternError> for PolicyError {
    fn from(error: PatternError) -> Self {
        PolicyError(Fault::Pattern(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(builder: PolicyBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    fn partial(kind: Kind, last: u8) -> String {
        refused(Policy::builder().action(kind, Action::Partial { last }))
    }

    #[test]
    fn a_partial_action_never_shows_most_of_a_value() {
        assert_eq!(
            partial(Kind::Nino, 5),
            "a partial `nino` shows 1 to 4 characters"
        );
        assert_eq!(
            partial(Kind::Iban, 7),
            "a partial `iban` shows 1 to 6 characters"
        );
        assert_eq!(
            partial(Kind::Iban, 0),
            "a partial `iban` shows 1 to 6 characters"
        );
        assert_eq!(
            partial(Kind::Credential, 1),
            "any part of a `credential` says too much to be shown"
        );
        assert_eq!(
            refused(Policy::builder().default_action(Action::Partial { last: 2 })),
            "partial cannot be the default action: some kinds must not be shown in part"
        );
    }

    #[test]
    fn a_pseudonym_needs_a_key_and_a_keep_needs_a_reason() {
        assert_eq!(
            refused(Policy::builder().default_action(Action::Pseudonymise)),
            "the default is to pseudonymise, but the policy has no keys"
        );
        assert_eq!(
            refused(Policy::builder().keep_field("trace_id", " ")),
            "field `trace_id` is to be kept without a reason"
        );
        assert_eq!(
            refused(Policy::builder().default_action(Action::keep(" "))),
            "the default is to keep, without a reason"
        );
    }

    #[test]
    fn rules_that_contradict_each_other_are_refused() {
        assert_eq!(
            refused(
                Policy::builder()
                    .field("case_worker", Kind::PersonName)
                    .keep_field("caseWorker", "staff")
            ),
            "field `caseWorker` has two rules that differ"
        );
        assert_eq!(
            refused(Policy::builder().threshold(Kind::Nino, 101)),
            "the threshold of `nino` is over 100 percent"
        );
        assert_eq!(
            refused(Policy::builder().only(KindSet::EMPTY)),
            "the policy looks for nothing"
        );
        assert_eq!(
            refused(Policy::builder().field("__", Kind::Nino)),
            "a field name has no letter or digit"
        );
    }

    #[cfg(feature = "pattern")]
    #[test]
    fn a_bad_pattern_is_the_cause_of_the_error() {
        let error = Policy::builder().pattern("a", "x*").build().unwrap_err();
        assert_eq!(error.to_string(), "a pattern of the policy cannot be used");
        assert_eq!(
            error.source().unwrap().to_string(),
            "pattern `a` matches the empty text"
        );
        assert_eq!(
            refused(Policy::builder().pattern("a", "x").pattern("a", "y")),
            "pattern `a` stands twice"
        );
    }

    #[test]
    fn a_short_value_is_erased_rather_than_shown_in_part() {
        let policy = Policy::builder()
            .action(Kind::Phone, Action::Partial { last: 4 })
            .build()
            .unwrap();
        let shown = |value: &str| {
            policy
                .marker(Kind::Phone, None, value.as_bytes())
                .unwrap()
                .to_string()
        };
        assert_eq!(shown("020 7946 0999"), "[PHONE *0999]");
        assert_eq!(shown("460-0999"), "[PHONE]");
    }
}
