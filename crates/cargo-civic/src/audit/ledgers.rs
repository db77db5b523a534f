//! Reads the entries of one or several ledgers, with a bar when it takes a while.

use std::path::PathBuf;

use civic_audit::Record;

use super::Refusal;
use crate::progress::Progress;

/// Gives each entry to `take`, with the place of its ledger in the list.
pub(super) fn read(
    ledgers: &[PathBuf],
    take: &mut dyn FnMut(usize, Record),
) -> Result<(), Refusal> {
    let progress = Progress::new(None);
    for (place, ledger) in ledgers.iter().enumerate() {
        let read = civic_audit::read_with(
            ledger,
            &mut |record| {
                take(place, record);
                true
            },
            &mut |bytes| {
                progress.taken().set(progress.taken().get() + bytes);
                progress.tick(ledger);
            },
        );
        if let Err(error) = read {
            progress.finish();
            return Err(Refusal::unreadable(ledger, &error));
        }
    }
    progress.finish();
    Ok(())
}
