//! Exit codes of the command. They are a promise: scripts and CI branch on them.

/// Everything was read and nothing was found, and an audit trail is sound; with `--redact`, everything was read and written.
pub(crate) const CLEAN: u8 = 0;

/// Everything was read and personal data was found; or an audit trail is not sound, or a proof does not hold.
pub(crate) const FOUND: u8 = 1;

/// The command line or the policy file is wrong; nothing was read.
///
/// The same value that the argument parser uses for its own errors.
pub(crate) const USAGE: u8 = 2;

/// An input could not be read to its end, or the output could not be written.
///
/// Standard error says which and why. The other inputs were still read, and this code wins over
/// [`FOUND`]: a scan with a hole in it must not pass for a complete one. A defect of this program that
/// breaks the scan off gives it too.
pub(crate) const UNREADABLE: u8 = 3;
