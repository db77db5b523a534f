//! Reads a zstd archive of any number of frames.

use std::io::{self, BufRead, Read};

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

/// A last, empty, raw block and a checksum that nobody compares.
///
/// Ends a broken frame, so that the decoder gives out the text that it still held back as its window.
const END_OF_FRAME: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

/// Decompresses frame after frame; memory is bounded by the largest window that the decoder allows (128 MiB).
pub(super) struct ZstdReader<R> {
    source: R,
    decoder: FrameDecoder,
    inside_frame: bool,
    /// Why the frame broke; reported once the text before the break is given out.
    failure: Option<io::Error>,
}

impl<R: BufRead> ZstdReader<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            decoder: FrameDecoder::new(),
            inside_frame: false,
            failure: None,
        }
    }

    /// Starts the next frame, or skips a frame that holds no text; `false` at the end of the archive.
    fn next_frame(&mut self) -> io::Result<bool> {
        if self.source.fill_buf()?.is_empty() {
            return Ok(false);
        }
        match self.decoder.reset(&mut self.source) {
            Ok(()) => self.inside_frame = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                length,
                ..
            })) => {
                let length = u64::from(length);
                let skipped = io::copy(&mut (&mut self.source).take(length), &mut io::sink())?;
                if skipped < length {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            Err(error) => return Err(self.classify(error)),
        }
        Ok(true)
    }

    fn decode_block(&mut self) {
        let strategy = BlockDecodingStrategy::UptoBlocks(1);
        let Err(error) = self.decoder.decode_blocks(&mut self.source, strategy) else {
            return;
        };
        self.failure = Some(self.classify(error));
        let strategy = BlockDecodingStrategy::UptoBlocks(1);
        if self
            .decoder
            .decode_blocks(&END_OF_FRAME[..], strategy)
            .is_err()
        {
            self.inside_frame = false;
        }
    }

    fn end_frame(&mut self) -> io::Result<()> {
        self.inside_frame = false;
        if let Some(failure) = self.failure.take() {
            return Err(failure);
        }
        let stored = self.decoder.get_checksum_from_data();
        if stored.is_some() && stored != self.decoder.get_calculated_checksum() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "checksum does not match",
            ));
        }
        Ok(())
    }

    /// The decoder hides an early end inside its own errors; an exhausted source tells.
    fn classify(&mut self, error: FrameDecoderError) -> io::Error {
        match self.source.fill_buf() {
            Ok([]) => io::Error::new(io::ErrorKind::UnexpectedEof, error),
            Ok(_) => io::Error::new(io::ErrorKind::InvalidData, error),
            Err(source) => source,
        }
    }
}

impl<R: BufRead> Read for ZstdReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if !self.inside_frame {
                if let Some(failure) = self.failure.take() {
                    return Err(failure);
                }
                if !self.next_frame()? {
                    return Ok(0);
                }
                continue;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.end_frame()?;
            } else {
                self.decode_block();
            }
        }
    }
}
