//! The time that a publication is about.

use core::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A week or a month, in UTC.
///
/// ```
/// use civic_journey::publish::Period;
/// assert_eq!(Period::week(2026, 1, 5)?.to_string(), "2026-01-05 to 2026-01-11");
/// assert_eq!(Period::month(2026, 2)?.to_string(), "2026-02-01 to 2026-02-28");
/// assert!(Period::week(2026, 1, 6).is_err(), "a Tuesday");
/// # Ok::<(), civic_journey::publish::PeriodError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// Days since 1970.
    first: i64,
    /// The day after the last.
    end: i64,
}

impl Period {
    /// The seven days from this Monday.
    ///
    /// # Errors
    /// When there is no such day, or it is no Monday.
    pub fn week(year: u16, month: u8, day: u8) -> Result<Self, PeriodError> {
        let first = days(year, month, day).ok_or(PeriodError::NoSuchDay)?;
        // 1970-01-01 was a Thursday.
        if (first + 3).rem_euclid(7) != 0 {
            return Err(PeriodError::NoMonday);
        }
        Ok(Self {
            first,
            end: first + 7,
        })
    }

    /// A calendar month.
    ///
    /// # Errors
    /// When there is no such month.
    pub fn month(year: u16, month: u8) -> Result<Self, PeriodError> {
        let first = days(year, month, 1).ok_or(PeriodError::NoSuchDay)?;
        let end = if month == 12 {
            days(year.saturating_add(1), 1, 1)
        } else {
            days(year, month + 1, 1)
        };
        Ok(Self {
            first,
            end: end.ok_or(PeriodError::NoSuchDay)?,
        })
    }

    /// The moment at which it begins.
    pub fn start(self) -> SystemTime {
        moment(self.first)
    }

    /// The moment at which it is over.
    pub fn end(self) -> SystemTime {
        moment(self.end)
    }

    /// The first day, as `2026-01-05`.
    pub fn first_day(self) -> String {
        written(self.first)
    }

    /// The last day, as `2026-01-11`.
    pub fn last_day(self) -> String {
        written(self.end - 1)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.first_day(), self.last_day())
    }
}

/// Why there is no such publication.
///
/// ```
/// use civic_journey::publish::{Period, PeriodError};
/// assert_eq!(Period::month(2026, 13), Err(PeriodError::NoSuchDay));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PeriodError {
    /// The calendar has no such day, or it is before 1970.
    NoSuchDay,
    /// A week begins on a Monday.
    NoMonday,
    /// The period is not over.
    NotOver,
}

impl fmt::Display for PeriodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchDay => "the calendar has no such day",
            Self::NoMonday => "a week that is published begins on a Monday",
            Self::NotOver => "the period is not over, and what is published of it would change",
        })
    }
}

impl core::error::Error for PeriodError {}

fn moment(day: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(day.unsigned_abs() * 86_400)
}

/// Days since 1970, for a day of the Gregorian calendar from then on.
fn days(year: u16, month: u8, day: u8) -> Option<i64> {
    if year < 1970 || !(1..=12).contains(&month) || day < 1 || day > length(year, month) {
        return None;
    }
    let years: i64 = (1970..year)
        .map(|year| if is_leap(year) { 366 } else { 365 })
        .sum();
    let months: i64 = (1..month).map(|month| i64::from(length(year, month))).sum();
    Some(years + months + i64::from(day) - 1)
}

fn length(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn written(day: i64) -> String {
    let (mut year, mut month, mut left) = (1970_u16, 1_u8, day);
    loop {
        let days = if is_leap(year) { 366 } else { 365 };
        if left < days {
            break;
        }
        left -= days;
        year += 1;
    }
    while left >= i64::from(length(year, month)) {
        left -= i64::from(length(year, month));
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", left + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        // date -u -d 2024-02-29 +%s and so on, over 86400.
        for (date, day) in [
            ((1970, 1, 1), 0),
            ((2000, 2, 29), 11_016),
            ((2024, 2, 29), 19_782),
            ((2026, 1, 5), 20_458),
        ] {
            assert_eq!(days(date.0, date.1, date.2), Some(day), "{date:?}");
            let text = format!("{:04}-{:02}-{:02}", date.0, date.1, date.2);
            assert_eq!(written(day), text);
        }
        for none in [
            (2026, 2, 29),
            (2100, 2, 29),
            (2026, 4, 31),
            (2026, 0, 1),
            (1969, 1, 1),
        ] {
            assert_eq!(days(none.0, none.1, none.2), None, "{none:?}");
        }
    }

    #[test]
    fn a_december_ends_with_its_year() {
        assert_eq!(
            Period::month(2026, 12).unwrap().to_string(),
            "2026-12-01 to 2026-12-31"
        );
    }
}
