//! The time of a line, as RFC 3339 in UTC with microseconds.

use std::time::{SystemTime, UNIX_EPOCH};

/// Writes the time; remembers the text of the last second.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    second: u64,
    /// `2026-11-25T10:11:12.`, or empty.
    text: String,
}

impl Clock {
    /// Writes the time of now, such as `2026-11-25T10:11:12.123456Z`.
    #[inline]
    pub(crate) fn write(&mut self, line: &mut String) {
        // A clock before 1970 is wrong anyway.
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        self.write_at(now.as_secs(), now.subsec_micros(), line);
    }

    #[inline]
    fn write_at(&mut self, second: u64, micros: u32, line: &mut String) {
        if self.text.is_empty() || self.second != second {
            self.second = second;
            self.text = date_and_time(second);
        }
        line.push_str(&self.text);
        let mut digits = [0; 6];
        let mut rest = micros;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        line.push_str(str::from_utf8(&digits).unwrap_or("000000"));
        line.push('Z');
    }
}

/// The date by the rules of the Gregorian calendar, counted in eras of 400 years that begin in March.
fn date_and_time(second: u64) -> String {
    const DAYS_TO_1970: u64 = 719_468;
    let days = second / 86_400 + DAYS_TO_1970;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year + u64::from(month <= 2);
    let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
    let second = second % 60;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_at_the_edges_of_months_and_centuries() {
        for (second, text) in [
            (0, "1970-01-01T00:00:00."),
            (68_169_599, "1972-02-28T23:59:59."),
            (68_169_600, "1972-02-29T00:00:00."),
            (951_782_400, "2000-02-29T00:00:00."),
            (951_868_800, "2000-03-01T00:00:00."),
            (1_735_689_599, "2024-12-31T23:59:59."),
            (1_767_225_600, "2026-01-01T00:00:00."),
            (4_107_542_400, "2100-03-01T00:00:00."),
            (253_402_300_799, "9999-12-31T23:59:59."),
        ] {
            assert_eq!(date_and_time(second), text);
        }
    }

    #[test]
    fn a_remembered_second_is_not_used_for_another() {
        let (mut clock, mut line) = (Clock::default(), String::new());
        clock.write_at(0, 7, &mut line);
        clock.write_at(0, 999_999, &mut line);
        clock.write_at(1, 0, &mut line);
        clock.write_at(0, 1, &mut line);
        assert_eq!(
            line,
            "1970-01-01T00:00:00.000007Z1970-01-01T00:00:00.999999Z1970-01-01T00:00:01.000000Z1970-01-01T00:00:00.000001Z"
        );
    }
}
