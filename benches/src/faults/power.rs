//! Power cuts: an ext4 file system on a loop device is shut down without a flush of its journal, and mounted anew.
//!
//! That is a disk without a cache of its own: it finds a sync that is missing, in a file or in a folder, and torn tails. It
//! does not find a disk that lies about its cache.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Tally, finish, let_work, worker};
use crate::corpus::rng::Rng;

/// Size of the image.
const SIZE: u64 = 256 * 1024 * 1024;

/// Why power cannot be cut here; `None` where it can.
pub fn missing() -> Option<String> {
    let is_root = Command::new("id").arg("-u").output();
    if !is_root.is_ok_and(|output| output.stdout == b"0\n") {
        return Some("a power cut needs root, for a loop device".to_owned());
    }
    let absent = ["mkfs.ext4", "mount", "umount", "xfs_io"]
        .into_iter()
        .find(|program| !is_here(program))?;
    Some(format!(
        "no `{absent}`; `apt-get install xfsprogs e2fsprogs mount` brings it"
    ))
}

/// Whether the program stands in a folder of `PATH`.
pub fn is_here(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// Cuts the power while a worker records, so many times.
///
/// # Errors
/// When the file system cannot be made, mounted or shut down.
pub fn cut(trials: u32, home: &Path, rng: &mut Rng) -> io::Result<Tally> {
    let folder = tempfile::tempdir_in(home)?;
    let disk = LoopDisk::make(folder.path())?;
    let mut tally = Tally::default();
    for trial in 0..trials {
        disk.mount()?;
        let ledger = disk.mounted.join(format!("ledger-{trial}"));
        let mut worker = worker::start(&ledger, &[])?;
        let first = let_work(&mut worker, 30, rng)?;
        disk.shut_down()?;
        worker.kill()?;
        let acknowledged = finish(worker, first)?;
        disk.unmount()?;
        disk.mount()?;
        tally.check(&ledger, &acknowledged);
        std::fs::remove_dir_all(&ledger).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        })?;
        disk.unmount()?;
    }
    Ok(tally)
}

struct LoopDisk {
    image: PathBuf,
    mounted: PathBuf,
}

impl LoopDisk {
    fn make(folder: &Path) -> io::Result<Self> {
        let disk = LoopDisk {
            image: folder.join("image"),
            mounted: folder.join("mounted"),
        };
        std::fs::create_dir(&disk.mounted)?;
        std::fs::File::create(&disk.image)?.set_len(SIZE)?;
        call(Command::new("mkfs.ext4").arg("-q").arg(&disk.image))?;
        Ok(disk)
    }

    fn mount(&self) -> io::Result<()> {
        call(
            Command::new("mount")
                .args(["-o", "loop"])
                .arg(&self.image)
                .arg(&self.mounted),
        )
    }

    fn unmount(&self) -> io::Result<()> {
        call(Command::new("umount").arg(&self.mounted))
    }

    /// Without a flag it does not even flush the journal.
    fn shut_down(&self) -> io::Result<()> {
        call(
            Command::new("xfs_io")
                .args(["-x", "-c", "shutdown"])
                .arg(&self.mounted),
        )
    }
}

impl Drop for LoopDisk {
    fn drop(&mut self) {
        // Where it is not mounted any more there is nothing to do.
        let _ = self.unmount();
    }
}

fn call(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let program = command.get_program().to_string_lossy().into_owned();
    Err(io::Error::other(format!("{program}: {}", said.trim())))
}
