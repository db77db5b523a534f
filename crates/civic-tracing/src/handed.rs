//! How a layer of ours knows that what it is given was cleaned by one of us.

use std::cell::Cell;

use crate::clean::Outcome;

/// What is known of an event, a span's attributes or a record that was cleaned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handed {
    /// Where the rebuilt object stands. It does not move while it is lent, and nothing else can stand there.
    address: usize,
    pub(crate) outcome: Outcome,
    pub(crate) error_code: Option<&'static str>,
}

thread_local! {
    static HANDED: Cell<Option<Handed>> = const { Cell::new(None) };
}

/// Hands on `object` to those below while `then` runs.
///
/// What they log meanwhile, under whatever subscriber, is another object, and is not taken for a clean one.
#[inline]
pub(crate) fn hand_on<T, R>(
    object: &T,
    outcome: Outcome,
    error_code: Option<&'static str>,
    then: impl FnOnce(&T) -> R,
) -> R {
    let handed = Handed {
        address: std::ptr::from_ref(object).addr(),
        outcome,
        error_code,
    };
    let _restore = Restore(
        HANDED
            .try_with(|current| current.replace(Some(handed)))
            .unwrap_or_default(),
    );
    then(object)
}

/// Puts back what was there before, also when a layer panics.
struct Restore(Option<Handed>);

impl Drop for Restore {
    fn drop(&mut self) {
        let _ = HANDED.try_with(|current| current.set(self.0));
    }
}

/// What is known of `object`, if it is the very one that is handed on just now.
#[inline]
pub(crate) fn known_of<T>(object: &T) -> Option<Handed> {
    let handed = HANDED.try_with(Cell::get).ok()??;
    (handed.address == std::ptr::from_ref(object).addr()).then_some(handed)
}
