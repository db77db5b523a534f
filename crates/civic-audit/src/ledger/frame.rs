//! How an entry lies in a segment: length, checksum, sequence and place in its batch, then the entry.
//!
//! ```text
//! 0   length of the entry, u32, little-endian; 0 is the end of what was written
//! 4   CRC-32 of the stream's name, of the next twelve bytes and the length, and of the entry, u32
//! 8   sequence, u64
//! 16  place in the batch that one fdatasync made durable, u32
//! 20  the entry: one JSON object
//! ```
//!
//! The place in the batch tells a torn tail from damage: batches are written one after the other, each durable before the
//! next begins. So whatever stands behind a frame that cannot be read belongs to the same batch as that frame, or else the
//! frame was durable once.

/// Bytes before the entry.
pub(crate) const HEADER: usize = 20;

/// Most bytes of an entry. A tile of RFC 6962 logs gives its entries 16 bits of length.
pub(crate) const ENTRY_MAX: usize = 65_535;

/// A frame that holds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) seq: u64,
    /// Sequence of the first entry of its batch.
    pub(crate) batch: u64,
    pub(crate) entry: &'a [u8],
}

impl Frame<'_> {
    /// Bytes in the segment.
    pub(crate) fn size(&self) -> usize {
        HEADER + self.entry.len()
    }
}

/// What stands at a place of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Read<'a> {
    Frame(Frame<'a>),
    /// The length is zero or there is no room for a header: nothing was written here.
    End,
    /// The frame is longer than the bytes at hand; so many are needed to tell.
    Short(usize),
    /// It does not hold together.
    Bad(&'static str),
}

/// Writes and reads the frames of one stream.
#[derive(Clone, Debug)]
pub(crate) struct Codec {
    /// State of the checksum after the name of the stream, so that the frame of another stream is not one of this.
    seed: crc32fast::Hasher,
}

impl Codec {
    pub(crate) fn new(stream: &str) -> Self {
        let mut seed = crc32fast::Hasher::new();
        seed.update(stream.as_bytes());
        Codec { seed }
    }

    /// Appends the header of an entry that `write` then appends; gives the bytes of the frame.
    pub(crate) fn append(
        &self,
        out: &mut Vec<u8>,
        seq: u64,
        place: u32,
        write: impl FnOnce(&mut Vec<u8>),
    ) -> usize {
        let start = out.len();
        out.extend_from_slice(&[0; HEADER]);
        write(out);
        let length = out.len() - start - HEADER;
        debug_assert!(
            (1..=ENTRY_MAX).contains(&length),
            "an entry of {length} bytes"
        );
        out[start..start + 4].copy_from_slice(&(length as u32).to_le_bytes());
        out[start + 8..start + 16].copy_from_slice(&seq.to_le_bytes());
        out[start + 16..start + 20].copy_from_slice(&place.to_le_bytes());
        let checksum = self.checksum(&out[start..]);
        out[start + 4..start + 8].copy_from_slice(&checksum.to_le_bytes());
        out.len() - start
    }

    /// Reads the frame at the start of the bytes.
    pub(crate) fn read<'a>(&self, bytes: &'a [u8]) -> Read<'a> {
        if bytes.len() < 4 {
            return Read::Short(4);
        }
        let length = u32_at(bytes, 0) as usize;
        if length == 0 {
            return Read::End;
        }
        if length > ENTRY_MAX {
            return Read::Bad("the length is out of range");
        }
        let size = HEADER + length;
        if bytes.len() < size {
            return Read::Short(size);
        }
        if self.checksum(&bytes[..size]) != u32_at(bytes, 4) {
            return Read::Bad("the checksum does not match");
        }
        let seq = u64::from_le_bytes(
            bytes[8..16]
                .try_into()
                .expect("eight bytes are eight bytes"),
        );
        let Some(batch) = seq.checked_sub(u64::from(u32_at(bytes, 16))) else {
            return Read::Bad("the place in the batch is out of range");
        };
        Read::Frame(Frame {
            seq,
            batch,
            entry: &bytes[HEADER..size],
        })
    }

    fn checksum(&self, frame: &[u8]) -> u32 {
        let mut checksum = self.seed.clone();
        checksum.update(&frame[..4]);
        checksum.update(&frame[8..]);
        checksum.finalize()
    }
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(
        bytes[at..at + 4]
            .try_into()
            .expect("four bytes are four bytes"),
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn framed(seq: u64, place: u32, entry: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        Codec::new("s").append(&mut out, seq, place, |out| out.extend_from_slice(entry));
        out
    }

    #[test]
    fn the_layout_is_a_promise() {
        // The checksum was computed with another implementation:
        // python3 -c "import zlib; print(hex(zlib.crc32(b's\2\0\0\0\7\0\0\0\0\0\0\0\3\0\0\0{}')))"
        let frame = framed(7, 3, b"{}");
        assert_eq!(frame[..4], [2, 0, 0, 0]);
        assert_eq!(frame[8..], *b"\x07\0\0\0\0\0\0\0\x03\0\0\0{}");
        assert_eq!(u32_at(&frame, 4), 0x0562_f0a1);
    }

    #[test]
    fn every_bit_counts_and_so_does_the_stream() {
        let frame = framed(7, 3, b"{\"v\":1}");
        for bit in 0..frame.len() * 8 {
            let mut changed = frame.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let read = Codec::new("s").read(&changed);
            assert!(!matches!(read, Read::Frame(_)), "bit {bit}");
        }
        assert!(matches!(Codec::new("t").read(&frame), Read::Bad(_)));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(seq in 9u64.., place in 0u32..9, entry in proptest::collection::vec(any::<u8>(), 1..200)) {
            let frame = framed(seq, place, &entry);
            let expected = Frame { seq, batch: seq - u64::from(place), entry: &entry };
            prop_assert_eq!(Codec::new("s").read(&frame), Read::Frame(expected));
            for cut in 0..frame.len() {
                prop_assert!(matches!(Codec::new("s").read(&frame[..cut]), Read::Short(_)));
            }
        }

        #[test]
        fn any_bytes_are_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = Codec::new("s").read(&bytes);
        }
    }
}
