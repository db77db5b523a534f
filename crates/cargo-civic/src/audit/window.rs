//! A span of time, in UTC.

use clap::Args;

/// `--since` and `--until`.
#[derive(Clone, Debug, Args)]
pub(super) struct Window {
    /// Only from this time on, in UTC: `2026-11-25` or `2026-11-25T09:30`
    #[arg(long, value_name = "TIME", value_parser = time)]
    since: Option<String>,
    /// Only before this time, in UTC
    #[arg(long, value_name = "TIME", value_parser = time)]
    until: Option<String>,
}

impl Window {
    /// Whether a time in the form of entries lies in it.
    pub(super) fn holds(&self, time: &str) -> bool {
        self.since.as_deref().is_none_or(|since| *time >= *since)
            && self.until.as_deref().is_none_or(|until| *time < *until)
    }
}

/// Times of entries are UTC in one form, so that the beginning of one compares as text.
fn time(text: &str) -> Result<String, String> {
    let pattern = "0000-00-00T00:00:00.000000Z";
    let fits = text.len() >= "0000-00-00".len()
        && text.len() <= pattern.len()
        && text.bytes().zip(pattern.bytes()).all(|(byte, wanted)| {
            if wanted == b'0' {
                byte.is_ascii_digit()
            } else {
                byte == wanted
            }
        });
    let seconds = text
        .strip_suffix('Z')
        .filter(|rest| rest.len() == "0000-00-00T00:00:00".len());
    match (fits, seconds) {
        (true, _) => Ok(text.trim_end_matches('Z').to_owned()),
        (false, Some(rest)) => time(rest),
        _ => Err("write it as 2026-11-25, 2026-11-25T09:30 or 2026-11-25T09:30:00Z".to_owned()),
    }
}
