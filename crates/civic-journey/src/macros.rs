//! `journey!` and `journey_step!`.

/// Declares a journey: its steps, its ends, and what is expected of it.
///
/// ```
/// civic_journey::journey! {
///     /// Apply for a licence to trade in the street.
///     pub static APPLY: Apply = "apply-for-a-licence";
///
///     steps ApplyStep {
///         Start = "start",
///         Eligibility = "eligibility",
///         Upload = "upload" needs ["document-store"],
///         Pay = "pay" needs ["payment-provider"],
///         Confirmation = "confirmation",
///     }
///
///     outcomes ApplyOutcome {
///         Submitted = "submitted": complete,
///         NotEligible = "not-eligible": complete,
///         PaymentRefused = "payment-refused": failed,
///     }
///
///     expected = 12 minutes;
///     abandon_after = 48 hours;
///     slo = 99.5;
/// }
///
/// let counts = APPLY.counts();
/// assert_eq!(counts.reached(ApplyStep::Pay), 0);
/// ```
///
/// It makes the enums `ApplyStep` and `ApplyOutcome`, the type `Apply`, and the static `APPLY`, a
/// [`Journey<Apply>`](crate::Journey) whose counts exist from the start of the process at 0.
///
/// - The texts become labels. They are lower-case words joined by hyphens; each is said beside its variant, so that renaming a
///   variant renames no series.
/// - `needs` names what a step depends on outside the service.
/// - An outcome is `complete` when the service did what it is there for. By the Service Manual that includes "not eligible" and
///   "already done"; `failed` is an end page that the citizen did not come for, such as a refused payment.
/// - `expected` is how long it usually takes, `abandon_after` when a journey without an end counts as given up. Both are a
///   number of `seconds`, `minutes`, `hours` or `days`.
/// - `slo` is the percentage of ends that are to be completions.
///
/// Whatever is wrong with it is an error of the compiler: a name of another form or said twice, more than
/// [`STEPS_MAX`](crate::STEPS_MAX) steps, more than [`SERIES_MAX`](crate::SERIES_MAX) series.
#[macro_export]
macro_rules! journey {
    (
        $(#[$doc:meta])*
        $vis:vis static $journey:ident : $type:ident = $name:literal;

        steps $steps:ident {
            $($(#[$step_doc:meta])* $step:ident = $step_name:literal $(needs [$($needs:literal),* $(,)?])?),+ $(,)?
        }

        outcomes $outcomes:ident {
            $($(#[$outcome_doc:meta])* $outcome:ident = $outcome_name:literal : $mark:ident),+ $(,)?
        }

        expected = $expected:literal $expected_unit:ident;
        abandon_after = $abandon:literal $abandon_unit:ident;
        slo = $slo:literal;
    ) => {
        #[doc = ::core::concat!("Steps of the journey `", $name, "`, in order.")]
        #[::core::prelude::v1::derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug,
            ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash,
        )]
        $vis enum $steps {
            $(
                $(#[$step_doc])*
                #[doc = ::core::concat!("The step `", $step_name, "`.")]
                $step
            ),+
        }

        #[doc = ::core::concat!("Ends of the journey `", $name, "`.")]
        #[::core::prelude::v1::derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug,
            ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash,
        )]
        $vis enum $outcomes {
            $(
                $(#[$outcome_doc])*
                #[doc = ::core::concat!("The outcome `", $outcome_name, "`.")]
                $outcome
            ),+
        }

        #[doc = ::core::concat!("The journey `", $name, "` as a type.")]
        #[::core::prelude::v1::derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        $vis struct $type;

        $(#[$doc])*
        #[doc = ::core::concat!("The counts of the journey `", $name, "` in this process.")]
        $vis static $journey: $crate::Journey<$type> = $crate::Journey::new();

        const _: () = {
            const STEPS: &[$crate::StepFacts] = &[
                $($crate::StepFacts::new(
                    $crate::StepName::new($step_name),
                    &[$($($crate::DependencyName::new($needs)),*)?],
                )),+
            ];
            const OUTCOMES: &[$crate::OutcomeFacts] = &[
                $($crate::OutcomeFacts::new(
                    $crate::OutcomeName::new($outcome_name),
                    $crate::__outcome_completes!($mark),
                )),+
            ];
            static FACTS: $crate::Facts = $crate::Facts::new(
                $crate::JourneyName::new($name),
                ::core::env!("CARGO_PKG_VERSION"),
                STEPS,
                OUTCOMES,
                $crate::__duration!($expected, $expected_unit),
                $crate::__duration!($abandon, $abandon_unit),
                $slo,
            );

            impl $crate::Definition for $type {
                type Step = $steps;
                type Outcome = $outcomes;
                type Cells = $crate::__private::Cells<{ STEPS.len() }, { OUTCOMES.len() }>;
                const FACTS: &'static $crate::Facts = &FACTS;
            }

            impl $crate::Label for $steps {
                const ALL: &'static [Self] = &[$(Self::$step),+];

                #[inline]
                fn index(self) -> ::core::primitive::usize {
                    self as ::core::primitive::usize
                }

                fn name(self) -> &'static ::core::primitive::str {
                    match self {
                        $(Self::$step => $step_name),+
                    }
                }
            }

            impl $crate::Label for $outcomes {
                const ALL: &'static [Self] = &[$(Self::$outcome),+];

                #[inline]
                fn index(self) -> ::core::primitive::usize {
                    self as ::core::primitive::usize
                }

                fn name(self) -> &'static ::core::primitive::str {
                    match self {
                        $(Self::$outcome => $outcome_name),+
                    }
                }
            }
        };
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "`journey!` takes, in this order:\n\
             \n    pub static APPLY: Apply = \"apply-for-a-licence\";\
             \n    steps ApplyStep { Start = \"start\", Pay = \"pay\" needs [\"payment-provider\"] }\
             \n    outcomes ApplyOutcome { Submitted = \"submitted\": complete, Refused = \"refused\": failed }\
             \n    expected = 12 minutes;\
             \n    abandon_after = 48 hours;\
             \n    slo = 99.5;"
        );
    };
}

/// Counts a step: `journey_step!(progress, ApplyStep::Pay)` is `progress.reach(ApplyStep::Pay)`.
///
/// For code that is no handler. Reached as `civic_journey::macros::journey_step!`, because the attribute `#[journey_step(..)]`
/// has the name at the root, and one module cannot hold both.
///
/// ```
/// # civic_journey::journey! {
/// #     pub static APPLY: Apply = "apply-for-a-licence";
/// #     steps ApplyStep { Start = "start", Pay = "pay" }
/// #     outcomes ApplyOutcome { Submitted = "submitted": complete }
/// #     expected = 12 minutes;
/// #     abandon_after = 48 hours;
/// #     slo = 99.5;
/// # }
/// use civic_journey::{Progress, macros::journey_step};
///
/// let mut progress = Progress::new(&APPLY, None, std::time::SystemTime::now());
/// journey_step!(progress, ApplyStep::Pay);
/// assert_eq!(APPLY.counts().reached(ApplyStep::Pay), 1);
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! __journey_step {
    ($progress:expr, $step:expr $(,)?) => {
        $progress.reach($step)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __outcome_completes {
    (complete) => {
        true
    };
    (failed) => {
        false
    };
    ($other:ident) => {
        ::core::compile_error!(::core::concat!(
            "an outcome is `complete` or `failed`, not `",
            ::core::stringify!($other),
            "`"
        ))
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __duration {
    ($number:literal, seconds) => {
        ::core::time::Duration::from_secs($number)
    };
    ($number:literal, minutes) => {
        ::core::time::Duration::from_secs(60 * $number)
    };
    ($number:literal, hours) => {
        ::core::time::Duration::from_secs(3_600 * $number)
    };
    ($number:literal, days) => {
        ::core::time::Duration::from_secs(86_400 * $number)
    };
    ($number:literal, $other:ident) => {
        ::core::compile_error!(::core::concat!(
            "a time is in `seconds`, `minutes`, `hours` or `days`, not in `",
            ::core::stringify!($other),
            "`"
        ))
    };
}

/// `journey_step!`, which has no place at the root; see there.
pub use crate::__journey_step as journey_step;
