//! What may be published of the counts: fixed periods, small numbers hidden, the rest rounded.
//!
//! Dashboards inside a service show the counts as they are. What leaves it goes through [`Publication::new`], because a count of
//! three can tell a neighbour something, and two publications can be subtracted from each other:
//!
//! - **Fixed periods.** A week from Monday or a calendar month, and only when it is over; an arbitrary range could be compared with
//!   one that is an hour longer.
//! - **Suppression.** A figure below 10 is not shown, nor is one from which a hidden one could be worked out.
//! - **Rounding** to 5 of every figure that is shown. Rates are of the rounded figures.
//!
//! The figures are those that GOV.UK services publish: completion rate, completions, and digital take-up when the completions
//! of the other channels are given. Add up the counts of all replicas first: a [`Tally`] of the differences over the period, or
//! of what a monitoring system says with `increase(..)`.

mod page;
mod period;
mod tally;

pub use page::{Figure, Publication, Rate};
pub use period::{Period, PeriodError};
pub use tally::Tally;

/// Figures below this are not shown.
///
/// ```
/// assert_eq!(civic_journey::publish::SMALLEST, 10);
/// ```
pub const SMALLEST: u64 = 10;

/// Figures are rounded to a multiple of this.
///
/// ```
/// assert_eq!(civic_journey::publish::ROUNDED_TO, 5);
/// ```
pub const ROUNDED_TO: u64 = 5;
