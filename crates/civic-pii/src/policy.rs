//! What is done with each kind of personal data.

mod builder;
mod error;

pub use builder::PolicyBuilder;
pub use error::PolicyError;

#[cfg(feature = "pattern")]
use crate::Pattern;
use crate::marker::{Marker, Tail};
use crate::{KeyRing, Kind, KindSet};

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

    /// The patterns of the user, in order of addition.
    ///
    /// ```
    /// # use civic_pii::Policy;
    /// let policy = Policy::builder().pattern("case-ref", "CASE[0-9]{8}").build()?;
    /// assert_eq!(policy.patterns()[0].name(), "case-ref");
    /// # Ok::<(), civic_pii::PolicyError>(())
    /// ```
    #[cfg(feature = "pattern")]
    #[cfg_attr(civic_docsrs, doc(cfg(feature = "pattern")))]
    pub fn patterns(&self) -> &[Pattern] {
        &self.patterns
    }

    /// The policy for these kinds alone: all others are still told apart from them, and kept.
    ///
    /// ```
    /// # use civic_pii::{Kind, KindSet, Policy, Redactor};
    /// let policy = Policy::default().narrowed_to(KindSet::EMPTY.with(Kind::Nino));
    /// let redactor = Redactor::with_policy(policy);
    /// assert_eq!(redactor.redact("AB123456C a.person@example.com"), "[NINO] a.person@example.com");
    /// ```
    #[must_use]
    pub fn narrowed_to(mut self, kinds: KindSet) -> Policy {
        for kind in Kind::ALL.iter().copied().chain([Kind::Custom]) {
            if !kinds.contains(kind) {
                self.actions[kind as usize] = Action::keep("not among the kinds asked for");
            }
        }
        self
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn a_rule_names_a_field_in_every_way_to_write_it() {
        for field in [
            "case_worker",
            "caseWorker",
            "case-worker",
            "form.CaseWorker",
            "a.b.case_worker",
        ] {
            assert!(names_field("case_worker", field), "{field}");
        }
        for field in ["case_worker_id", "worker", "case_worker.name", ""] {
            assert!(!names_field("case_worker", field), "{field}");
        }
        assert!(names_field("form.name", "form.name"));
        assert!(!names_field("form.name", "name"));
    }
}
