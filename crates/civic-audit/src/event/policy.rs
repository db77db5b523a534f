//! What is done when an entry cannot be made durable.

/// What a service does while an entry cannot be made durable. The class says which; there is no switch that turns a trail off.
///
/// | policy | for | no room in memory or on disk | storage failed |
/// |---|---|---|---|
/// | [`FailClosed`](Policy::FailClosed) | staff access, change, disclosure, erasure, refusals, rights, deployments, flags | waits for memory, fails at once on a full disk | fails |
/// | [`Spool`](Policy::Spool) | a citizen on their own record; signing in, starts, states | waits for either, then fails | fails |
/// | none, by name: [`Event::best_effort`](crate::Event::best_effort) | signing in, starts, states, where the code says so | the entry is dropped and counted | the same |
///
/// ```
/// assert_ne!(civic_audit::Policy::FailClosed, civic_audit::Policy::Spool);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Policy {
    /// Without its entry, the action is not taken.
    FailClosed,
    /// Waits for a while, then fails.
    Spool,
}
