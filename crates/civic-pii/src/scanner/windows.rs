//! Walks a text in windows of 64 bytes and hands over the places where a value may end or begin.
//!
//! Every shape is anchored at one byte and looks back at most [`BEHIND`] and ahead at most [`AHEAD`] bytes, so that plain
//! shifts suffice; windows overlap by as much. Before the text and after it all masks are zero, which makes both ends a
//! boundary like any other.

use super::engine::Scan;
use super::masks::{Classifier, Masks};

/// Bytes before an anchor that a shape may ask about.
const BEHIND: usize = 17;
/// Bytes after an anchor that a shape may ask about.
const AHEAD: usize = 3;

/// How a walk ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    /// The whole text was read.
    Done,
    /// There is an encoded form in it: decode it and walk again.
    Encoded,
}

/// The shapes that meet at a byte, one mask each. The anchor is the last byte of the shape unless it says otherwise.
#[derive(Clone, Copy)]
pub(super) struct Shapes {
    /// Digits, singly separated, at least six bytes, with at most two letters after them; or ten digits between letters.
    pub(super) chain: u64,
    /// A date of ten bytes that a letter and a digit follow.
    pub(super) timestamp: u64,
    /// Two letters and six digits, with more letters or digits behind them.
    pub(super) nino: u64,
    /// Sixteen or eighteen bytes of a driving licence number.
    pub(super) licence: u64,
    /// A digit and two letters: postcodes and prison numbers.
    pub(super) inward: u64,
    /// Three letters behind a digit: registrations of the current and the prefix style.
    pub(super) plate: u64,
    /// Three letters, up to three digits, one letter: registrations of the suffix style.
    pub(super) suffix_plate: u64,
    /// A letter, a separator, and three or four digits: dateless registrations.
    pub(super) dateless_plate: u64,
    /// Two digits, a letter, five digits.
    pub(super) temporary_reference: u64,
    /// The letter or digit behind three digits and a slash.
    pub(super) paye: u64,
    /// `@`.
    pub(super) at: u64,
    /// `J` or `B`.
    pub(super) token: u64,
    /// The colon behind the first four digits of an IPv6 address, or behind the year of a URN.
    pub(super) group: u64,
    /// The fifth of five colons or hyphens, each three apart.
    pub(super) mac: u64,
    /// `=` or a colon that may end a key.
    pub(super) key: u64,
    /// A slash that no letter or digit stands before: it may begin a closing tag.
    pub(super) slash: u64,
    /// The sixteenth letter or digit of a run.
    pub(super) run: u64,
    /// A byte that may begin an encoded form.
    pub(super) rare: u64,
}

impl Shapes {
    #[inline(always)]
    fn of(m: &Masks) -> Self {
        let (d, l, sep, dash) = (m.digit, m.letter, m.separator, m.dash);
        let an = d | l;
        let (d2, l2) = (d & d << 1, l & l << 1);
        let (d3, d4) = (d2 & d << 2, d2 & d2 << 2);
        let (d5, d6) = (d4 & d << 4, d4 & d2 << 4);
        let d10 = d6 & d4 << 6;
        let l3 = l2 & l << 2;
        // Nothing that belongs to the same word follows.
        let last = !(an >> 1);

        let link = d | (sep & d << 1 & d >> 1);
        let link2 = link & link << 1;
        let link6 = link2 & link2 << 2 & link2 << 4;
        let few_letters = last | (l >> 1 & (!(an >> 2) | (l >> 2 & !(an >> 3))));

        let before_plate = d << 3 & (l << 4 | (d << 4 & (l << 5 | (d << 5 & l << 6))));
        let before_suffix = l3 << 2 | (d << 2 & (l3 << 3 | (d << 3 & l3 << 4)));
        let before_suffix_apart = (sep << 2 & l3 << 3)
            | (d << 2 & sep << 3 & l3 << 4)
            | (d << 2 & d << 3 & sep << 4 & l3 << 5);

        let colons = m.colon & m.colon << 3;
        let dashes = dash & dash << 3;
        let an2 = an & an << 1;
        let an4 = an2 & an2 << 2;
        let an8 = an4 & an4 << 4;
        let an16 = an8 & an8 << 8;
        Self {
            chain: link6 & d & !(link >> 1) & (few_letters | (d10 & l << 10)),
            timestamp: d2 & dash << 2 & dash << 5 & d4 << 6 & l >> 1 & d >> 2,
            nino: d6 & l2 << 6 & l >> 1 & an >> 2,
            licence: last
                & ((l2 & an << 2 & an << 3 & an << 4 & d6 << 5)
                    | (d2 & l2 << 2 & an << 4 & an << 5 & an << 6 & d6 << 7)),
            inward: l2 & d << 2 & last,
            plate: l3 & last & (before_plate | (sep << 3 & before_plate << 1)),
            suffix_plate: l & d << 1 & last & (before_suffix | before_suffix_apart),
            dateless_plate: last & ((d4 & sep << 4 & l << 5) | (d3 & sep << 3 & l << 4)),
            temporary_reference: d5 & l << 5 & d2 << 6 & last,
            paye: an & m.slash << 1 & d3 << 2 & !(an << 5),
            at: m.at,
            token: m.token,
            group: m.colon & an << 1 & an << 2 & an << 3 & d << 4 & !(an << 5),
            mac: (colons & colons << 6 & m.colon << 12) | (dashes & dashes << 6 & dash << 12),
            key: m.equals | (m.colon & !(d << 1) & !(m.colon << 1) & !(m.colon >> 1)),
            slash: m.slash & !(an << 1) & l >> 1,
            run: an16 & !(an16 << 1),
            rare: m.rare,
        }
    }

    #[inline(always)]
    fn any(&self) -> u64 {
        self.chain
            | self.timestamp
            | self.nino
            | self.licence
            | self.inward
            | self.plate
            | self.suffix_plate
            | self.dateless_plate
            | self.temporary_reference
            | self.paye
            | self.at
            | self.token
            | self.group
            | self.mac
            | self.key
            | self.slash
            | self.run
            | self.rare
    }
}

/// Walks the text of a scan once.
#[inline(always)]
pub(super) fn walk<C: Classifier>(classifier: C, scan: &mut Scan<'_>) -> Walk {
    let text = scan.text();
    if text.len() < 64 {
        let mut window = [0; 64];
        window[..text.len()].copy_from_slice(text);
        return window_at(classifier, scan, &window, 0, 0, text.len());
    }
    let mut done = 0;
    while done < text.len() {
        let base = done.saturating_sub(BEHIND).min(text.len() - 64);
        let window: &[u8; 64] = text[base..]
            .first_chunk()
            .expect("the base lies 64 bytes before the end at the latest");
        let end = if base + 64 == text.len() {
            text.len()
        } else {
            base + 64 - AHEAD
        };
        if window_at(classifier, scan, window, base, done, end) == Walk::Encoded {
            return Walk::Encoded;
        }
        done = end;
    }
    Walk::Done
}

/// Hands over the shapes of one window whose anchors lie between two places of the text.
#[inline(always)]
fn window_at<C: Classifier>(
    classifier: C,
    scan: &mut Scan<'_>,
    window: &[u8; 64],
    base: usize,
    from: usize,
    to: usize,
) -> Walk {
    let shapes = Shapes::of(&classifier.classify(window));
    let owned = (u64::MAX << (from - base)) & (u64::MAX >> (64 - (to - base)).min(63));
    let mut anchors = shapes.any() & owned;
    while anchors != 0 {
        let bit = anchors & anchors.wrapping_neg();
        anchors ^= bit;
        let at = base + bit.trailing_zeros() as usize;
        if scan.anchor(at, bit, &shapes) == Walk::Encoded {
            return Walk::Encoded;
        }
    }
    Walk::Done
}
