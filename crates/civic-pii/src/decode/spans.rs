//! Which bytes of the original the bytes of a decoded text stand for.

use core::ops::Range;

/// What the bytes of a decoded text stand for, piece by piece, since most of a text is copied as it is.
#[derive(Debug, Default)]
pub(crate) struct Spans(Vec<Piece>);

/// A part of a decoded text, up to the next one.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Where it begins.
    at: u32,
    /// Where what it stands for begins.
    from: u32,
    /// Length of the form that each of its bytes stands for; zero for a copy, each byte of which stands for itself.
    form: u32,
}

impl Piece {
    fn of(self, at: usize) -> (usize, usize) {
        let from = self.from as usize;
        if self.form > 0 {
            return (from, from + self.form as usize);
        }
        let from = from + at - self.at as usize;
        (from, from + 1)
    }
}

impl Spans {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// What begins here is a copy of what begins there.
    #[inline]
    pub(super) fn copied(&mut self, at: usize, from: usize) {
        let goes_on = |last: &Piece| last.form == 0 && last.of(at).0 == from;
        if !self.0.last().is_some_and(goes_on) {
            self.add(at, from, 0);
        }
    }

    /// What begins here stands for a form of this length.
    #[inline]
    pub(super) fn stand_for(&mut self, at: usize, from: usize, len: usize) {
        self.add(at, from, len);
    }

    fn add(&mut self, at: usize, from: usize, form: usize) {
        self.0.push(Piece {
            at: at as u32,
            from: from as u32,
            form: form as u32,
        });
    }

    /// Begin and end of what a byte stands for.
    pub(crate) fn get(&self, at: usize) -> (usize, usize) {
        let piece = self.0.partition_point(|piece| piece.at as usize <= at) - 1;
        self.0[piece].of(at)
    }

    /// The same for a byte of the piece at this place, or of one behind it.
    pub(super) fn get_on(&self, at: usize, place: &mut usize) -> (usize, usize) {
        self.piece_at(at, place).of(at)
    }

    /// Adds what a part of another text stands for, `at` its first byte here. Parts have to come in order.
    pub(super) fn add_part(
        &mut self,
        at: usize,
        other: &Spans,
        part: Range<usize>,
        place: &mut usize,
    ) {
        let mut next = part.start;
        while next < part.end {
            let piece = other.piece_at(next, place);
            let end = other
                .0
                .get(*place + 1)
                .map_or(part.end, |more| part.end.min(more.at as usize));
            let (from, to) = piece.of(next);
            let here = at + next - part.start;
            if piece.form == 0 {
                self.copied(here, from);
            } else {
                self.stand_for(here, from, to - from);
            }
            next = end;
        }
    }

    /// The piece of a byte that lies in the piece at this place or behind it.
    fn piece_at(&self, at: usize, place: &mut usize) -> Piece {
        while self
            .0
            .get(*place + 1)
            .is_some_and(|more| more.at as usize <= at)
        {
            *place += 1;
        }
        self.0[*place]
    }
}
