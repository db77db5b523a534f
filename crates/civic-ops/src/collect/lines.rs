//! From offsets to lines and columns.

use core::cell::Cell;

/// Where the lines of a text begin.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<u32>,
    /// The last offset that was asked for and its column, so that a long line is counted once.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = ends.map(|(at, _)| at as u32 + 1);
        Self {
            text,
            starts: core::iter::once(0).chain(starts).collect(),
            last: Cell::new((0, 1)),
        }
    }

    /// Line, and column in characters, both from 1.
    pub(crate) fn place(&self, offset: usize) -> (usize, usize) {
        let line = self
            .starts
            .partition_point(|start| *start as usize <= offset);
        let start = self.starts[line.max(1) - 1] as usize;
        let (known, column) = match self.last.get() {
            (known, column) if (start..=offset).contains(&known) => (known, column),
            _ => (start, 1),
        };
        let between = self.text.get(known..offset).unwrap_or_default();
        let column = column + between.chars().count();
        self.last.set((offset, column));
        (line.max(1), column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let lines = Lines::new("a\né漢x\n");
        assert_eq!(lines.place(0), (1, 1));
        assert_eq!(lines.place(2), (2, 1));
        assert_eq!(lines.place(7), (2, 3));
        assert_eq!(lines.place(9), (3, 1));
        assert_eq!(lines.place(4), (2, 2));
    }
}
