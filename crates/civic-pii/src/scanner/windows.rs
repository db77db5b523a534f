//! Walks a text in windows of 64 bytes, several side by side, and hands over the places where a value may end or begin.
//!
//! Every shape is anchored at one byte and looks back at most [`BEHIND`] and ahead at most [`AHEAD`] bytes, so that plain
//! shifts suffice; windows overlap by as much. Before the text and after it all masks are zero, which makes both ends a
//! boundary like any other.

mod screen;

use core::ops::Range;

pub(crate) use screen::GAP;
pub(super) use screen::{Sheet, screen};

use super::engine::Scan;
use super::masks::{Classifier, Lanes, Masks, One, WINDOWS, Windows};
use super::{dull, keyed};

/// Bytes before an anchor that a shape may ask about.
const BEHIND: usize = 13;
/// Bytes after an anchor that a shape may ask about.
const AHEAD: usize = 4;
/// From one window to the next.
const STRIDE: usize = 64 - BEHIND - AHEAD;
/// Length of the run of letters and digits that is looked into for encoded text.
pub(super) const RUN: usize = 12;

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// The whole text was read.
    Done,
    /// There is an encoded form in it: decode it and walk again.
    Encoded,
}

/// The shapes that meet at a byte, one mask each. The anchor is the last byte of the shape unless it says otherwise.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shapes<M> {
    /// Digits, singly separated, at least six bytes; not the time of day. A word that goes on behind them has at most two
    /// letters more, or up to three digits of it follow a space, or the digits are ten between letters.
    pub(super) chain: M,
    /// A date of ten bytes that a letter and a digit follow.
    pub(super) timestamp: M,
    /// Two letters and six digits, with more letters or digits behind them.
    pub(super) nino: M,
    /// Sixteen or eighteen bytes of a driving licence number.
    pub(super) licence: M,
    /// A digit and two letters, or four digits and two letters apart: postcodes, prison numbers, some registrations.
    pub(super) inward: M,
    /// Three letters behind a digit: registrations of the current and the prefix style.
    pub(super) plate: M,
    /// Three letters, up to three digits, one letter: registrations of the suffix style.
    pub(super) suffix_plate: M,
    /// A letter, a separator, and three or four digits: dateless registrations, and years behind a month or a day.
    pub(super) dateless_plate: M,
    /// Two digits, a letter, five digits, together or apart.
    pub(super) temporary_reference: M,
    /// The letter or digit behind three digits and a slash, or a letter behind three digits and a hyphen.
    pub(super) paye: M,
    /// `@`.
    pub(super) at: M,
    /// `J` or `B`.
    pub(super) token: M,
    /// The colon behind the first four digits of an IPv6 address, or behind the year of a URN.
    pub(super) group: M,
    /// The fifth of five colons or hyphens, each three apart; the end of three words of four.
    pub(super) mac: M,
    /// `=` or a colon that may end a key.
    pub(super) key: M,
    /// The slash of a closing tag.
    pub(super) slash: M,
    /// The letter or digit that makes a run [`RUN`] long.
    pub(super) run: M,
    /// The last of four hyphens of a UUID.
    uuid: M,
    /// A byte that may begin an encoded form.
    pub(super) rare: M,
}

impl<M: Lanes> Shapes<M> {
    #[inline(always)]
    pub(super) fn of(m: &Masks<M>) -> Self {
        let (d, l, sep, dash) = (m.digit, m.letter, m.separator, m.dash);
        let an = d | l;
        let (d2, l2, an2) = (d & (d << 1), l & (l << 1), an & (an << 1));
        let (d3, d4) = (d2 & (d << 2), d2 & (d2 << 2));
        let (d5, d6) = (d4 & (d << 4), d4 & (d2 << 4));
        let d10 = d6 & (d4 << 6);
        let l3 = l2 & (l << 2);
        // Nothing that belongs to the same word follows.
        let last = !(an >> 1);
        let letter_next = l >> 1;

        let link = d | (sep & (d << 1) & (d >> 1));
        let link2 = link & (link << 1);
        let link6 = link2 & (link2 << 2) & (link2 << 4);
        let few_letters = last | (letter_next & (!(an >> 2) | ((l >> 2) & !(an >> 3))));

        let space = sep & !dash;
        let short_start = (space << 1) | (space << 2) | (space << 3);

        let dot = m.dot;
        // What a log writes on every line: the fraction of a second, and the hour behind a date or a day (`I1124 10:11:12`).
        let fraction = (d3 & (sep << 3) & (d2 << 4) & (m.colon << 6))
            | (d6 & (sep << 6) & (d2 << 7) & (m.colon << 9));
        let date = (sep << 5) & (sep << 8) & (d4 << 9);
        let day = (d4 << 3) & (l << 7);
        let hour = d2 & (sep << 2) & (m.colon >> 1) & (m.colon >> 4) & (date | day);

        let before_plate = (d << 3) & ((l << 4) | ((d << 4) & ((l << 5) | ((d << 5) & (l << 6)))));
        let before_suffix = (l3 << 2) | ((d << 2) & ((l3 << 3) | ((d << 3) & (l3 << 4))));
        let before_suffix_apart = ((sep << 2) & (l3 << 3))
            | ((d << 2) & (((sep << 3) & (l3 << 4)) | ((d << 3) & (sep << 4) & (l3 << 5))));

        let colons = m.colon & (m.colon << 3);
        let dashes = dash & (dash << 3);
        let an4 = an2 & (an2 << 2);
        let twelve = an4 & (an4 << 4) & (an4 << 8);
        // What is readable in base64 begins with a letter, and in hexadecimal with a digit in each pair; `0x` is a beginning,
        // and so is any token behind a scheme.
        let may_be_text = (l << 11)
            | ((d << 11) & (d << 9) & (d << 7) & (d << 5))
            | (l << 10)
            | ((sep | m.underscore) << 12);
        let initials = (an2 << 2) & (an << 4);
        Self {
            chain: link6
                & d
                & !(link >> 1)
                & (few_letters | short_start | (d10 & (l << 10)))
                & !fraction
                & !hour,
            timestamp: d2 & (dash << 2) & (dash << 5) & (d4 << 6) & letter_next & (d >> 2),
            nino: d6 & (l2 << 6) & letter_next & (an >> 2),
            licence: last
                & ((l2 & initials & (d6 << 5)) | (d2 & (l2 << 2) & (initials << 2) & (d6 << 7))),
            inward: l2 & last & ((d << 2) | ((sep << 2) & (d4 << 3))),
            plate: l3 & last & (before_plate | ((sep << 3) & (before_plate << 1))),
            suffix_plate: l & (d << 1) & last & (before_suffix | before_suffix_apart),
            dateless_plate: last
                & ((d4 & (sep << 4) & ((l << 5) | ((sep << 5) & (d << 6))))
                    | (d3 & (sep << 3) & (l << 4))),
            temporary_reference: last
                & d5
                & (((l << 5) & (d2 << 6)) | ((sep << 5) & (l << 6) & (sep << 7) & (d2 << 8))),
            paye: (an & (m.slash << 1) & (d3 << 2) & !(an << 5))
                | (l & (dash << 1) & (d3 << 2) & !(an << 5))
                | (l & (sep << 1) & (m.slash << 2) & (sep << 3) & (d3 << 4)),
            at: m.at,
            token: m.token & (((l << 1) & (l << 2)) | (!(an << 1) & letter_next)),
            group: m.colon & (an2 << 1) & (an << 3) & (d << 4) & !(an << 5),
            mac: (colons & (colons << 6) & (m.colon << 12))
                | (dashes & (dashes << 6) & (dash << 12))
                | (last & an4 & (dot << 4) & (an4 << 5) & (dot << 9) & (an4 << 10)),
            key: m.equals
                | (m.colon
                    & (!(d << 1) | (!(d << 2) & (sep >> 1)))
                    & !(m.colon << 1)
                    & !(m.colon >> 1)),
            slash: m.slash & (m.less << 1) & letter_next,
            run: twelve & !(twelve << 1) & may_be_text,
            uuid: dash & (dash << 5) & (dash << 10) & (dash << 15),
            rare: (m.escape & (an >> 1)) | (m.bracket & (d >> 1)) | m.foreign,
        }
    }

    /// The same, as numbers for each window.
    #[inline(always)]
    fn store(&self, stored: &mut Shapes<[u64; WINDOWS]>) {
        self.chain.store(&mut stored.chain);
        self.timestamp.store(&mut stored.timestamp);
        self.nino.store(&mut stored.nino);
        self.licence.store(&mut stored.licence);
        self.inward.store(&mut stored.inward);
        self.plate.store(&mut stored.plate);
        self.suffix_plate.store(&mut stored.suffix_plate);
        self.dateless_plate.store(&mut stored.dateless_plate);
        self.temporary_reference
            .store(&mut stored.temporary_reference);
        self.paye.store(&mut stored.paye);
        self.at.store(&mut stored.at);
        self.token.store(&mut stored.token);
        self.group.store(&mut stored.group);
        self.mac.store(&mut stored.mac);
        self.key.store(&mut stored.key);
        self.slash.store(&mut stored.slash);
        self.run.store(&mut stored.run);
        self.uuid.store(&mut stored.uuid);
        self.rare.store(&mut stored.rare);
    }

    /// The shapes that are handed over as they are; the others are looked at first, since most of those are nothing.
    #[inline(always)]
    fn plain(&self) -> M {
        self.slash | self.licence | self.temporary_reference | self.paye | self.group | self.mac
    }

    /// Those that are looked at first.
    #[inline(always)]
    fn doubtful(&self) -> M {
        self.timestamp
            | self.inward
            | self.run
            | self.at
            | self.token
            | self.plate
            | self.suffix_plate
            | self.dateless_plate
            | self.nino
    }
}

impl Shapes<One> {
    /// Whether nothing is anchored anywhere.
    #[inline(always)]
    pub(super) fn are_none(&self) -> bool {
        (self.plain() | self.doubtful() | self.chain | self.key | self.rare).is_zero()
    }
}

/// Length of a window.
pub(super) const WINDOW: usize = 64;

/// A window of the text: where it begins, and which part of it is its own.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    base: usize,
    owned: u64,
}

/// What a walk writes again for each group of windows; what an earlier one left there does not count.
#[derive(Debug, Default)]
pub(super) struct Board {
    masks: Windows,
    shapes: Shapes<[u64; WINDOWS]>,
    plain: [u64; WINDOWS],
    /// Shapes of which most are ruled out by a byte or two more.
    doubtful: [u64; WINDOWS],
    places: [Place; WINDOWS],
    uuids: Uuids,
}

impl Board {
    /// Works out the shapes of all windows.
    #[inline(always)]
    fn mark<L: Lanes>(&mut self) {
        let found = Shapes::of(&self.masks.lanes::<L>());
        found.plain().store(&mut self.plain);
        found.doubtful().store(&mut self.doubtful);
        found.store(&mut self.shapes);
    }
}

/// UUIDs in the windows of a group, the first few.
#[derive(Debug, Default)]
struct Uuids {
    known: [Range<usize>; 4],
    count: usize,
}

impl Uuids {
    fn push(&mut self, id: Range<usize>) {
        if self.count < self.known.len() {
            self.known[self.count] = id;
            self.count += 1;
        }
    }

    fn known(&self) -> &[Range<usize>] {
        &self.known[..self.count]
    }

    /// The part of a window that lies in UUIDs.
    #[inline]
    fn within(&self, base: usize) -> u64 {
        self.known().iter().fold(0, |mask, id| {
            let (from, to) = (id.start.max(base), id.end.min(base + 64));
            if from < to {
                mask | (u64::MAX >> (64 - (to - from))) << (from - base)
            } else {
                mask
            }
        })
    }
}

/// Walks the text of a scan once, if it fits into one window.
#[inline(always)]
pub(super) fn walk_short<C: Classifier>(
    classifier: C,
    scan: &mut Scan<'_>,
    board: &mut Board,
) -> Walk {
    let text = scan.text();
    let mut window = [0; 64];
    window[..text.len()].copy_from_slice(text);
    classifier.classify(&window, 0, &mut board.masks);
    board.places[0] = Place {
        base: 0,
        owned: (1 << text.len()) - 1,
    };
    if text.len() < RUN && board.masks.is_plain(0) {
        return Walk::Done;
    }
    board.mark::<One>();
    hand_over(scan, board, 1)
}

/// Walks the text of a scan once; it is no shorter than a window.
#[inline(always)]
pub(super) fn walk<C: Classifier>(classifier: C, scan: &mut Scan<'_>, board: &mut Board) -> Walk {
    let text = scan.text();
    let mut done = 0;
    while done < text.len() {
        let mut count = 0;
        while count < C::Lanes::COUNT && done < text.len() {
            let base = done.saturating_sub(BEHIND).min(text.len() - 64);
            let window = text[base..]
                .first_chunk()
                .expect("the base lies 64 bytes before the end at the latest");
            classifier.classify(window, count, &mut board.masks);
            let end = if base + 64 == text.len() {
                text.len()
            } else {
                base + BEHIND + STRIDE
            };
            let owned = (u64::MAX << (done - base)) & (u64::MAX >> (64 - (end - base)));
            board.places[count] = Place { base, owned };
            done = end;
            count += 1;
        }
        if count <= C::Few::COUNT {
            board.mark::<C::Few>();
        } else {
            board.mark::<C::Lanes>();
        }
        if hand_over(scan, board, count) == Walk::Encoded {
            return Walk::Encoded;
        }
    }
    Walk::Done
}

/// Hands over the shapes of the first windows whose anchors are their own, in the order of the text.
#[inline(always)]
fn hand_over(scan: &mut Scan<'_>, board: &mut Board, count: usize) -> Walk {
    let Board {
        masks,
        shapes,
        plain,
        doubtful,
        places,
        uuids,
    } = board;
    let count = count.min(WINDOWS);
    let mut live = [0; WINDOWS];
    let (mut rare, mut uuid) = (0, 0);
    for (window, place) in places[..count].iter().enumerate() {
        rare |= shapes.rare[window] & place.owned;
        uuid |= shapes.uuid[window];
    }
    if rare != 0 {
        for (window, place) in places[..count].iter().enumerate() {
            for at in bits(shapes.rare[window] & place.owned) {
                if scan.is_encoded(place.base + at) {
                    return Walk::Encoded;
                }
            }
        }
    }
    uuids.count = 0;
    if uuid != 0 {
        for (window, place) in places[..count].iter().enumerate() {
            for at in bits(shapes.uuid[window]) {
                if let Some(id) = dull::uuid_around(scan.text(), place.base + at) {
                    uuids.push(id);
                }
            }
        }
    }
    for (window, place) in places[..count].iter().enumerate() {
        let Place { base, owned } = *place;
        let hidden = uuids.within(base);
        let mut found = plain[window] & owned & !hidden;
        let mut named = 0;
        for at in bits(shapes.key[window] & owned) {
            named |= u64::from(keyed::may_end_name(scan, base + at)) << at;
        }
        // A loop for each: the processor guesses the ends of each better than what one loop over all would do next.
        for at in bits(named) {
            let named = keyed::is_name(scan, base + at, Some((masks.name(window), base)));
            found |= u64::from(named) << at;
        }
        for at in bits(shapes.chain[window] & owned) {
            let id = uuids.known().iter().find(|id| id.contains(&(base + at)));
            let dull = dull::is_dull(scan, masks, window, base, at as u32, id);
            found |= u64::from(!dull) << at;
        }
        for at in bits(doubtful[window] & owned & !found & !hidden) {
            found |= u64::from(scan.is_live(base + at, 1 << at, window, shapes)) << at;
        }
        live[window] = found;
    }
    if live.iter().fold(0, |any, mask| any | mask) != 0 {
        for (window, place) in places[..count].iter().enumerate() {
            for at in bits(live[window]) {
                scan.anchor(place.base + at, 1 << at, window, shapes);
            }
        }
    }
    Walk::Done
}

/// The places of the bits of a mask.
#[inline(always)]
fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        (mask != 0).then(|| {
            let at = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            at
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::{Scanner, Scratch};

    #[test]
    fn what_a_longer_text_left_behind_does_not_move_the_next() {
        let scanner = Scanner::new();
        let mut reused = Scratch::default();
        let value = "AB123456C";
        for filler in [0, 64, 100, 500, 5000] {
            let long = format!("{} {value}", "quiet words, ".repeat(filler / 13));
            scanner.scan_with(None, long.as_bytes(), &mut reused);
            for before in 0..40 {
                let short = format!("{} {value} x", "-".repeat(before));
                let findings = scanner.scan_with(None, short.as_bytes(), &mut reused);
                let places: Vec<_> = findings.iter().map(|f| (f.start, f.end)).collect();
                assert_eq!(places, [(before + 1, before + 10)], "after {filler} bytes");
            }
        }
    }
}
