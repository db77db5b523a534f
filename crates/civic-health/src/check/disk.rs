//! Space and inodes of a file system.

use std::path::PathBuf;

use super::{BlockingCheck, Cx};
use crate::outcome::Outcome;

/// Space and inodes that are left on the file system of a path.
///
/// Measures the smaller of the two shares in percent. Warns below 15 % and fails below 5 %, unless told. Blocks: a
/// network file system may hang.
///
/// ```
/// use civic_health::{Health, Spec, check::DiskSpace};
///
/// let health = Health::builder("service").blocking_check(Spec::local("disk"), DiskSpace::of("/")).build()?;
/// # Ok::<(), civic_health::BuildError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct DiskSpace {
    path: PathBuf,
    warn_below: f64,
    fail_below: f64,
}

impl DiskSpace {
    /// Looks at the file system that holds this path.
    pub fn of(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            warn_below: 15.0,
            fail_below: 5.0,
        }
    }

    /// Warns when less than so many percent are left.
    pub fn warn_below(mut self, percent: f64) -> Self {
        self.warn_below = percent;
        self
    }

    /// Fails when less than so many percent are left.
    pub fn fail_below(mut self, percent: f64) -> Self {
        self.fail_below = percent;
        self
    }

    fn judge(&self, space: f64, inodes: f64) -> Outcome {
        let left = space.min(inodes);
        let outcome = match (
            left < self.fail_below,
            left < self.warn_below,
            space <= inodes,
        ) {
            (true, _, true) => Outcome::fail("disk full"),
            (true, _, false) => Outcome::fail("inodes used up"),
            (false, true, true) => Outcome::warn("disk nearly full"),
            (false, true, false) => Outcome::warn("inodes nearly used up"),
            (false, false, _) => Outcome::pass(),
        };
        outcome.observed((left * 10.0).round() / 10.0, "percent")
    }
}

impl BlockingCheck for DiskSpace {
    fn check(&self, _: &Cx) -> Outcome {
        match rustix::fs::statvfs(&self.path) {
            Ok(found) => self.judge(
                share(found.f_bavail, found.f_blocks),
                share(found.f_favail, found.f_files),
            ),
            Err(error) => Outcome::fail("cannot look at the file system").error(&error),
        }
    }

    fn measurement(&self) -> &'static str {
        "free"
    }
}

/// A part in percent. A file system that counts none of these, as some do not count inodes, has all of them.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        return 100.0;
    }
    part as f64 / whole as f64 * 100.0
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Status;

    #[test]
    fn the_scarcer_of_space_and_inodes_decides() {
        let disk = DiskSpace::of("/");
        assert_eq!(disk.judge(50.0, 50.0).status(), Status::Pass);
        assert_eq!(disk.judge(14.0, 50.0).reason(), Some("disk nearly full"));
        assert_eq!(
            disk.judge(50.0, 14.0).reason(),
            Some("inodes nearly used up")
        );
        assert_eq!(disk.judge(4.0, 3.0).reason(), Some("inodes used up"));
        assert_eq!(disk.judge(4.0, 14.0).reason(), Some("disk full"));
        assert!(share(1, 0) > 99.9);
    }

    #[test]
    fn a_real_file_system_is_read_and_a_missing_path_told() {
        let cx = Cx::new(Duration::from_secs(1));
        let here = DiskSpace::of(".")
            .warn_below(0.0)
            .fail_below(0.0)
            .check(&cx);
        assert_eq!(here.status(), Status::Pass);
        let share = here.value().unwrap().value;
        assert!((0.0..=100.0).contains(&share), "{share}");
        assert_eq!(
            DiskSpace::of("no/such/path").check(&cx).status(),
            Status::Fail
        );
    }
}
