//! Builds a policy and refuses what contradicts itself.

use super::error::Fault;
use super::{ACTIONS, Action, Policy, PolicyError, same_name};
#[cfg(feature = "pattern")]
use crate::Pattern;
use crate::marker::partial_limit;
use crate::{KeyRing, Kind, KindSet};

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

    /// Erases what would be pseudonymised, so that the policy needs no keys.
    #[cfg(feature = "config")]
    pub(crate) fn without_pseudonyms(mut self) -> Self {
        let actions = self.actions.iter_mut().map(|(_, action)| action);
        for action in actions.chain([&mut self.default_action]) {
            if *action == Action::Pseudonymise {
                *action = Action::Erase;
            }
        }
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

#[cfg(test)]
mod tests {
    #[cfg(feature = "pattern")]
    use core::error::Error as _;

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
}
