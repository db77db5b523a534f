//! Group commit with nothing around it.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::{Condvar, Mutex};

use super::Store;

/// Size of the file, written full of zeros beforehand. Written from its start again when it is full.
const SIZE: u64 = 64 * 1024 * 1024;

/// Bytes of a record: about those of the event that the trail records, with its frame.
const RECORD: usize = 500;

/// One file, one mutex, one condition: whoever finds nobody writing writes what has gathered.
#[derive(Debug)]
pub struct Raw {
    file: File,
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Debug, Default)]
struct State {
    buffer: Vec<u8>,
    spare: Vec<u8>,
    offset: u64,
    /// Number of the batch that is filling, and of the last that is durable.
    filling: u64,
    durable: u64,
    is_writing: bool,
}

impl Raw {
    /// Makes the file.
    ///
    /// # Panics
    /// When the disk fails.
    pub fn open(folder: &Path) -> Box<dyn Store> {
        let file = File::create(folder.join("log")).expect("the disk does not fail");
        let zeros = vec![0; 1024 * 1024];
        for offset in (0..SIZE).step_by(zeros.len()) {
            file.write_all_at(&zeros, offset)
                .expect("the disk does not fail");
        }
        file.sync_all().expect("the disk does not fail");
        Box::new(Raw {
            file,
            state: Mutex::new(State {
                filling: 1,
                ..State::default()
            }),
            done: Condvar::new(),
        })
    }
}

impl Store for Raw {
    fn put(&self) {
        let record = [b'r'; RECORD];
        let mut state = self.state.lock().expect("nobody panics");
        state.buffer.extend_from_slice(&record);
        let mine = state.filling;
        while state.durable < mine {
            if state.is_writing {
                state = self.done.wait(state).expect("nobody panics");
                continue;
            }
            state.is_writing = true;
            let spare = std::mem::take(&mut state.spare);
            let mut batch = std::mem::replace(&mut state.buffer, spare);
            let number = state.filling;
            state.filling += 1;
            if state.offset + batch.len() as u64 > SIZE {
                state.offset = 0;
            }
            let offset = state.offset;
            state.offset += batch.len() as u64;
            drop(state);
            self.file
                .write_all_at(&batch, offset)
                .expect("the disk does not fail");
            self.file.sync_data().expect("the disk does not fail");
            batch.clear();
            state = self.state.lock().expect("nobody panics");
            state.spare = batch;
            state.durable = number;
            state.is_writing = false;
            self.done.notify_all();
        }
    }
}
