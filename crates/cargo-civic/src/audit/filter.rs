//! Which entries a command is asked for; all that is given must fit.

use civic_audit::Record;
use clap::Args;

use super::entry;
use super::window::Window;

/// Filters that are joined by "and".
#[derive(Clone, Debug, Args)]
pub(super) struct Filter {
    /// Only this class, such as `data_access`
    #[arg(long)]
    class: Option<String>,
    /// Only actions that begin so, such as `licence.`
    #[arg(long)]
    action: Option<String>,
    /// Only this actor, by identifier
    #[arg(long, value_name = "ID")]
    actor: Option<String>,
    /// Only entries about this subject, by pseudonym
    #[arg(long, value_name = "PSEUDONYM")]
    subject: Option<String>,
    /// Only this purpose, such as `licence-review`
    #[arg(long, value_name = "NAME")]
    purpose: Option<String>,
    /// Only this outcome, such as `unknown`
    #[arg(long)]
    pub(super) outcome: Option<String>,
    #[command(flatten)]
    pub(super) window: Window,
}

impl Filter {
    /// Whether an entry is wanted, by itself.
    pub(super) fn takes(&self, record: &Record) -> bool {
        self.takes_ending(record, record.outcome.as_deref())
    }

    /// Whether an entry is wanted that ended so: an intent does not say it itself.
    pub(super) fn takes_ending(&self, record: &Record, outcome: Option<&str>) -> bool {
        let is = |wanted: &Option<String>, value: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| value == Some(wanted))
        };
        is(&self.class, Some(&record.class))
            && self
                .action
                .as_deref()
                .is_none_or(|wanted| record.action.starts_with(wanted))
            && is(&self.actor, entry::actor(record))
            && self.subject.as_ref().is_none_or(|wanted| {
                entry::people(record).any(|(_, pseudonym)| pseudonym == wanted)
            })
            && is(&self.purpose, entry::purpose(record))
            && is(&self.outcome, outcome)
            && self.window.holds(&record.time)
    }
}
