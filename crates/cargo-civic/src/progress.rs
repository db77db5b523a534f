//! A bar with the rate, on standard error, for a scan that takes a while.

use std::cell::{Cell, OnceCell};
use std::io::{self, IsTerminal};
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// A scan that is done sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

const KNOWN_SIZE: &str =
    "{bar:24} {percent:>3}%  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left  {wide_msg}";
const UNKNOWN_SIZE: &str = "{spinner} {bytes}  {bytes_per_sec}  {elapsed}  {wide_msg}";

/// Shows how far a scan is; silent where standard error is not a terminal.
pub(crate) struct Progress {
    bar: OnceCell<ProgressBar>,
    started: Instant,
    enabled: bool,
    /// Bytes of all inputs, if known.
    size: Option<u64>,
    /// Bytes read so far, counted where they are read.
    taken: Rc<Cell<u64>>,
}

impl Progress {
    pub(crate) fn new(size: Option<u64>) -> Self {
        Self {
            bar: OnceCell::new(),
            started: Instant::now(),
            enabled: io::stderr().is_terminal(),
            size,
            taken: Rc::default(),
        }
    }

    /// The counter of bytes read, to be advanced by the reader.
    pub(crate) fn taken(&self) -> &Rc<Cell<u64>> {
        &self.taken
    }

    /// Redraws the bar with what is being read, once the scan has taken long enough to deserve one.
    pub(crate) fn tick(&self, path: &Path) {
        if !self.enabled || self.started.elapsed() < PATIENCE {
            return;
        }
        let bar = self.bar.get_or_init(|| self.new_bar());
        bar.set_position(self.taken.get());
        bar.set_message(crate::render::visible(path.as_os_str().as_encoded_bytes()));
    }

    /// Takes the bar off the screen while something else is written.
    pub(crate) fn hide<T>(&self, write: impl FnOnce() -> T) -> T {
        match self.bar.get() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Takes the bar off the screen for good.
    pub(crate) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }

    fn new_bar(&self) -> ProgressBar {
        let (bar, template) = match self.size {
            Some(size) => (ProgressBar::new(size), KNOWN_SIZE),
            None => (ProgressBar::no_length(), UNKNOWN_SIZE),
        };
        let style = ProgressStyle::with_template(template)
            .expect("the templates above are sound")
            .progress_chars("█▉▊▋▌▍▎▏ ");
        bar.with_style(style).with_elapsed(self.started.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_templates_are_sound() {
        for size in [Some(10), None] {
            assert!(!Progress::new(size).new_bar().is_finished());
        }
    }
}
