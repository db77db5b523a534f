//! Splits a stream of bytes into lines, in memory that does not grow with the stream.

use std::io::{self, Read};

use memchr::memchr;

/// Longest text that is scanned at once; a longer line comes in several pieces.
pub(crate) const LONGEST_PIECE: usize = 1024 * 1024;

/// How much is read at a time.
const BLOCK: usize = 256 * 1024;

/// A line, or a part of a line that is longer than [`LONGEST_PIECE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece<'b> {
    /// Number of the line, from 1.
    pub(crate) line: u64,
    /// Where the piece begins in its line, in bytes.
    pub(crate) offset: u64,
    /// The bytes without the end of the line.
    pub(crate) text: &'b [u8],
    /// The end of the line: `\n`, `\r\n`, or empty where the line goes on or the input ends without one.
    pub(crate) ending: &'b [u8],
}

/// Reads blocks and hands out lines.
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    /// The part of the buffer that is read and not handed out.
    start: usize,
    end: usize,
    /// Bytes after `start` that hold no end of line.
    searched: usize,
    line: u64,
    offset: u64,
    finished: bool,
}

impl<R: Read> Lines<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; BLOCK],
            start: 0,
            end: 0,
            searched: 0,
            line: 1,
            offset: 0,
            finished: false,
        }
    }

    /// Reads more; afterwards call [`Lines::next`] until it gives nothing. `false` once the input has ended.
    ///
    /// # Errors
    /// Those of the source. What was read before still comes out of [`Lines::next`].
    pub(crate) fn fill(&mut self) -> io::Result<bool> {
        self.make_room();
        let result = loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        self.finished = !matches!(result, Ok(1..));
        let count = result?;
        self.end += count;
        Ok(count > 0)
    }

    /// The next line or piece of what was read, or nothing if more has to be read first.
    ///
    /// `cut` says where a text of [`LONGEST_PIECE`] bytes may be cut, as an offset in it above 0.
    pub(crate) fn next(&mut self, cut: impl FnOnce(&[u8]) -> usize) -> Option<Piece<'_>> {
        let unread = &self.buffer[self.start..self.end];
        let window = &unread[..unread.len().min(LONGEST_PIECE + 1)];
        if let Some(at) = memchr(b'\n', &window[self.searched..]) {
            let length = self.searched + at;
            let text = match window[..length] {
                [.., b'\r'] => length - 1,
                _ => length,
            };
            return Some(self.hand_out(text, length + 1));
        }
        if window.len() > LONGEST_PIECE {
            let length = cut(&window[..LONGEST_PIECE]).clamp(1, LONGEST_PIECE);
            return Some(self.hand_out(length, length));
        }
        if self.finished && !window.is_empty() {
            let length = window.len();
            return Some(self.hand_out(length, length));
        }
        self.searched = window.len();
        None
    }

    /// Gives out `text` bytes and what follows them up to `length`.
    fn hand_out(&mut self, text: usize, length: usize) -> Piece<'_> {
        let piece = &self.buffer[self.start..self.start + length];
        let (text, ending) = piece.split_at(text);
        let (line, offset) = (self.line, self.offset);
        if ending.is_empty() {
            self.offset += length as u64;
        } else {
            self.line += 1;
            self.offset = 0;
        }
        self.start += length;
        self.searched = 0;
        Piece {
            line,
            offset,
            text,
            ending,
        }
    }

    /// Moves the unread bytes to the front, and grows the buffer while one piece does not fit.
    fn make_room(&mut self) {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.buffer.len() - self.end < BLOCK / 2 {
            let length = self.buffer.len() * 2;
            self.buffer.resize(length, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out one byte at a time.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.0.len().min(1);
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    type Owned = (u64, u64, Vec<u8>, Vec<u8>);

    fn collect(source: impl Read, cut: impl Fn(&[u8]) -> usize) -> (Vec<Owned>, usize) {
        let mut lines = Lines::new(source);
        let mut pieces = Vec::new();
        let mut more = true;
        while more {
            more = lines.fill().expect("memory does not fail");
            while let Some(piece) = lines.next(&cut) {
                let (text, ending) = (piece.text.to_vec(), piece.ending.to_vec());
                pieces.push((piece.line, piece.offset, text, ending));
            }
        }
        (pieces, lines.buffer.len())
    }

    fn whole(pieces: &[Owned]) -> Vec<u8> {
        pieces
            .iter()
            .flat_map(|(_, _, text, ending)| [&text[..], &ending[..]].concat())
            .collect()
    }

    #[test]
    fn lines_keep_their_ends_and_their_numbers() {
        let input = b"one\r\n\ntwo\rstill two\nlast";
        for (pieces, _) in [
            collect(&input[..], <[u8]>::len),
            collect(Drip(input), <[u8]>::len),
        ] {
            let seen: Vec<_> = pieces.iter().map(|p| (p.0, &p.2[..], &p.3[..])).collect();
            assert_eq!(
                seen,
                [
                    (1, &b"one"[..], &b"\r\n"[..]),
                    (2, b"", b"\n"),
                    (3, b"two\rstill two", b"\n"),
                    (4, b"last", b""),
                ]
            );
            assert_eq!(whole(&pieces), input);
        }
    }

    #[test]
    fn an_empty_input_has_no_line() {
        assert!(collect(&b""[..], <[u8]>::len).0.is_empty());
    }

    #[test]
    fn a_long_line_comes_in_pieces_with_offsets_and_bounded_memory() {
        let mut input = vec![b'x'; 5 * LONGEST_PIECE + 17];
        input.extend_from_slice(b"\r\nnext\n");
        let (pieces, memory) = collect(&input[..], |text| text.len() - 1000);
        assert_eq!(whole(&pieces), input);
        let mut expected = 0;
        for (line, offset, text, _) in &pieces[..pieces.len() - 1] {
            assert_eq!((*line, *offset), (1, expected));
            assert!(text.len() <= LONGEST_PIECE);
            expected += text.len() as u64;
        }
        let last = pieces.last().expect("the second line");
        assert_eq!((last.0, last.1, &last.2[..]), (2, 0, &b"next"[..]));
        assert!(memory <= 4 * LONGEST_PIECE, "{memory}");
    }

    #[test]
    fn a_line_of_just_the_limit_is_not_cut() {
        for extra in 0..=1 {
            let mut input = vec![b'x'; LONGEST_PIECE + extra];
            input.push(b'\n');
            let (pieces, _) = collect(&input[..], |_| 1000);
            assert_eq!(pieces.len() > 1, extra == 1);
            assert_eq!(whole(&pieces), input);
        }
    }
}
