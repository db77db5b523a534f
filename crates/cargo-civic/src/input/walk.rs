//! Turns the paths of the command line into a list of inputs.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::error::{Failure, Unreadable};

/// Something to scan: standard input or one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Stdin,
    File(PathBuf),
}

impl Input {
    /// How reports name it: the path as given, `-` for standard input.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Stdin => Path::new("-"),
            Self::File(path) => path,
        }
    }
}

/// All inputs in order, and their size in bytes where it is known for each.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) list: Vec<Result<Input, Failure>>,
    pub(crate) size: Option<u64>,
}

/// Lists the inputs: files as given, directories walked to the bottom in the order of file names.
///
/// Symbolic links are followed. Only links that lead back to a directory above them, and what is
/// neither file nor directory (sockets, pipes, devices) are left out of a directory; a pipe that is
/// named itself is read.
pub(crate) fn expand(paths: &[PathBuf]) -> Inputs {
    let mut inputs = Inputs {
        list: Vec::with_capacity(paths.len()),
        size: Some(0),
    };
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.list.push(Ok(Input::Stdin));
            inputs.size = None;
            continue;
        }
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => inputs.add_directory(path),
            Ok(metadata) => {
                let size = metadata.is_file().then_some(metadata.len());
                inputs.add_file(path.clone(), size);
            }
            Err(error) => inputs.add_failure(path.clone(), error),
        }
    }
    inputs
}

impl Inputs {
    fn add_directory(&mut self, path: &Path) {
        for entry in WalkDir::new(path).follow_links(true).sort_by_file_name() {
            match entry {
                Ok(entry) if entry.file_type().is_file() => {
                    let size = entry.metadata().ok().map(|metadata| metadata.len());
                    self.add_file(entry.into_path(), size);
                }
                Ok(_) => {}
                Err(error) if error.loop_ancestor().is_some() => {}
                Err(error) => {
                    let path = error.path().unwrap_or(path).to_path_buf();
                    let error = error
                        .into_io_error()
                        .expect("only a loop has no error of the file system");
                    self.add_failure(path, error);
                }
            }
        }
    }

    fn add_file(&mut self, path: PathBuf, size: Option<u64>) {
        self.size = self.size.zip(size).map(|(sum, size)| sum + size);
        self.list.push(Ok(Input::File(path)));
    }

    fn add_failure(&mut self, path: PathBuf, error: io::Error) {
        let reason = Unreadable::Open(error);
        self.list.push(Err(Failure { path, reason }));
    }
}
