//! Looks at several texts in one walk and tells which of them need a scan of their own.
//!
//! The texts stand side by side with so many zero bytes between them that no shape reaches from one into the next: the masks
//! of each are those that it has alone. A text without a live anchor is one in which a scan finds nothing, whatever the name
//! of its field.

use core::ops::Range;

use super::{BEHIND, Board, Place, STRIDE, bits};
use crate::Finding;
use crate::scanner::engine::Scan;
use crate::scanner::masks::{Classifier, Lanes, Windows};
use crate::scanner::senses::Senses;
use crate::scanner::{Inner, dull, keyed};

/// Zero bytes between two texts: more than any shape reaches.
pub(crate) const GAP: usize = 16;
const _: () = assert!(GAP > BEHIND + super::AHEAD - 2);

/// Texts side by side, and which of them need a scan.
pub(in crate::scanner) struct Sheet<'a> {
    pub(in crate::scanner) text: &'a [u8],
    /// Where each text stands, in order.
    pub(in crate::scanner) places: &'a [Range<usize>],
    /// One bit for each of the first 64 texts.
    pub(in crate::scanner) suspects: u64,
    pub(in crate::scanner) inner: &'a Inner,
    /// Stay empty: nothing is recognised here.
    pub(in crate::scanner) findings: &'a mut Vec<Finding>,
    pub(in crate::scanner) senses: &'a mut Senses,
}

/// Walks all texts of a sheet once.
#[inline(always)]
pub(in crate::scanner) fn screen<C: Classifier>(
    classifier: C,
    sheet: &mut Sheet<'_>,
    board: &mut Board,
) {
    let text = sheet.text;
    let mut done = 0;
    while done < text.len() {
        let mut count = 0;
        while count < C::Lanes::COUNT && done < text.len() {
            let (base, end) = if text.len() < 64 {
                let mut window = [0; 64];
                window[..text.len()].copy_from_slice(text);
                classifier.classify(&window, count, &mut board.masks);
                (0, text.len())
            } else {
                let base = done.saturating_sub(BEHIND).min(text.len() - 64);
                let window = text[base..]
                    .first_chunk()
                    .expect("the base lies 64 bytes before the end at the latest");
                classifier.classify(window, count, &mut board.masks);
                let last = base + 64 == text.len();
                (
                    base,
                    if last {
                        text.len()
                    } else {
                        base + BEHIND + STRIDE
                    },
                )
            };
            let owned = (u64::MAX << (done - base)) & (u64::MAX >> (64 - (end - base)));
            board.places[count] = Place { base, owned };
            done = end;
            count += 1;
        }
        if !(0..count).all(|window| has_no_anchor(&board.masks, window)) {
            mark::<C::Lanes>(sheet, board, count);
        }
    }
}

/// Whether a window of words and spaces surely has no anchor; most windows are such.
#[inline(always)]
fn has_no_anchor(masks: &Windows, window: usize) -> bool {
    // All shapes but two have a digit or another sign in them: a long run, and groups of four between dots.
    let letter = masks.letter[window];
    let l2 = letter & (letter << 1);
    let l4 = l2 & (l2 << 2);
    let twelve = l4 & (l4 << 4) & (l4 << 8);
    let groups = l4 & (masks.dot[window] << 4) & (l4 << 5);
    (twelve | groups) == 0 && masks.is_plain(window)
}

/// Marks the texts that live anchors of these windows stand in.
#[inline(always)]
fn mark<L: Lanes>(sheet: &mut Sheet<'_>, board: &mut Board, count: usize) {
    board.mark::<L>();
    let Board {
        shapes,
        plain,
        doubtful,
        places,
        ..
    } = board;
    let mut index = 0;
    for (window, Place { base, owned }) in places[..count].iter().copied().enumerate() {
        let (rare, key) = (shapes.rare[window], shapes.key[window]);
        let (sure, doubtful) = (plain[window] | shapes.chain[window], doubtful[window]);
        for at in bits((sure | rare | key | doubtful) & owned) {
            while index < sheet.places.len() && sheet.places[index].end <= base + at {
                index += 1;
            }
            let Some(place) = sheet.places.get(index) else {
                return;
            };
            if index >= 64 || sheet.suspects & (1 << index) != 0 || base + at < place.start {
                continue;
            }
            let (bit, own) = (1 << at, base + at - place.start);
            let text = &sheet.text[place.clone()];
            // A scan finds nothing in a UUID either, and most ids are such.
            if is_uuid(text) {
                continue;
            }
            let live = sure & bit != 0 || {
                let mut scan =
                    Scan::new(text, sheet.inner, None, sheet.findings, sheet.senses, None);
                (rare & bit != 0 && scan.is_encoded(own))
                    || (key & bit != 0
                        && keyed::may_end_name(&scan, own)
                        && keyed::is_name(&mut scan, own, None))
                    || (doubtful & bit != 0 && scan.is_live(own, bit, window, shapes))
            };
            sheet.suspects |= u64::from(live) << index;
        }
    }
}

/// Whether a UUID is all of the text.
#[inline]
fn is_uuid(text: &[u8]) -> bool {
    const LAST_HYPHEN: usize = 23;
    text.len() == 36
        && [8, 13, 18, LAST_HYPHEN].iter().all(|at| text[*at] == b'-')
        && dull::uuid_around(text, LAST_HYPHEN).is_some()
}
