//! What it costs to acknowledge an entry only after it is durable: our trail, and what else makes records durable.
//!
//! One record of about 500 bytes. Every side acknowledges after its own fdatasync. Raw group commit is the floor: the same
//! bytes from a caller's buffer into a file full of zeros, one fdatasync for all who wait, and nothing else.

mod raw;
pub mod rows;
mod trail;
#[cfg(feature = "rivals")]
mod wal;

use std::path::Path;
use std::time::{Duration, Instant};

pub use raw::Raw;
pub use trail::Trail;

/// Something that makes a record durable before it says so.
pub trait Store: Sync {
    /// Makes one record durable.
    ///
    /// # Panics
    /// When the disk fails: a measurement of a failing disk says nothing.
    fn put(&self);
}

/// Makes a store in an empty folder.
pub type Open = fn(&Path) -> Box<dyn Store>;

/// What some producers did in a while.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Records a second.
    pub rate: f64,
    /// The latency that one in a hundred exceeded, in seconds.
    pub p99: f64,
}

/// Lets so many producers put records for a while, in a store of its own.
///
/// # Panics
/// When a folder for it cannot be made, or the disk fails.
pub fn run(open: Open, producers: usize, time: Duration, home: &Path) -> Outcome {
    let folder = tempfile::tempdir_in(home).expect("a folder to measure in");
    let store = open(folder.path());
    // What a start costs is not measured.
    for _ in 0..8 {
        store.put();
    }
    let begun = Instant::now();
    let mut latencies: Vec<Duration> = std::thread::scope(|scope| {
        let producers: Vec<_> = (0..producers)
            .map(|_| {
                scope.spawn(|| {
                    let mut latencies = Vec::with_capacity(100_000);
                    while begun.elapsed() < time {
                        let start = Instant::now();
                        store.put();
                        latencies.push(start.elapsed());
                    }
                    latencies
                })
            })
            .collect();
        producers
            .into_iter()
            .flat_map(|producer| producer.join().expect("the disk does not fail"))
            .collect()
    });
    let rate = latencies.len() as f64 / begun.elapsed().as_secs_f64();
    latencies.sort_unstable();
    let p99 = latencies[latencies.len() * 99 / 100].as_secs_f64();
    Outcome { rate, p99 }
}
