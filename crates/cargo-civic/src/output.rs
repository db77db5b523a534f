//! Standard output: buffered, locked, and out of the way of the progress bar.

use std::io::{self, IsTerminal, StdoutLock, Write};
use std::rc::Rc;

use crate::progress::Progress;

/// Written out when this much has gathered, and whenever the input has to be waited for.
const BLOCK: usize = 64 * 1024;

/// Buffer in front of standard output.
pub(crate) struct Output {
    stdout: StdoutLock<'static>,
    buffer: Vec<u8>,
    progress: Rc<Progress>,
    terminal: bool,
}

impl Output {
    pub(crate) fn new(progress: Rc<Progress>) -> Self {
        let stdout = io::stdout().lock();
        let terminal = stdout.is_terminal();
        Self {
            stdout,
            buffer: Vec::with_capacity(2 * BLOCK),
            progress,
            terminal,
        }
    }

    fn write_out(&mut self) -> io::Result<()> {
        let result = self
            .stdout
            .write_all(&self.buffer)
            .and_then(|()| self.stdout.flush());
        self.buffer.clear();
        result
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= BLOCK {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if self.terminal {
            let progress = Rc::clone(&self.progress);
            progress.hide(|| self.write_out())
        } else {
            self.write_out()
        }
    }
}
