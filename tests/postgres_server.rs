//! A PostgreSQL of a test's own, on a free port of the loopback, for the tests and trials that include this file.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

/// A server with its data in a folder, both gone when it is dropped.
pub(crate) struct Server {
    folder: PathBuf,
    port: u16,
}

impl Server {
    /// Starts a server, or gives `None` where PostgreSQL is not installed.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        for program in ["initdb", "pg_ctl"] {
            find(program)?;
        }
        let server = Self {
            folder: folder.to_owned(),
            port: free_port(),
        };
        if is_root() {
            // It refuses to run as root, and its user has to own the folder and get there.
            let command = |program: &str| {
                let mut command = Command::new(program);
                command.current_dir("/");
                command
            };
            call(command("chown").arg("postgres").arg(folder));
            call(command("chmod").arg("711").arg(folder));
        }
        // What it writes need not be durable; what the server writes afterwards is.
        let mut init = program("initdb");
        let init = init.args(["-N", "-A", "trust", "-U", "postgres", "-D"]);
        call(init.arg(server.data()));
        server.go_up();
        Some(server)
    }

    /// Where it listens.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// A connection string, by this port or by that of something in between.
    pub(crate) fn config(port: u16) -> String {
        format!("host=127.0.0.1 port={port} user=postgres dbname=postgres connect_timeout=2")
    }

    /// Kills the main process at once, as a kernel out of memory does. The others end when they notice.
    pub(crate) fn kill(&self) {
        let file = fs::read_to_string(self.data().join("postmaster.pid"));
        let file = file.expect("a server that runs has a file with its process");
        let process = file.lines().next().expect("the process is its first line");
        call(Command::new("kill").args(["-9", process]));
    }

    /// Starts it again, with the recovery of what was written before.
    pub(crate) fn go_up(&self) {
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories=''",
            self.port
        );
        for _ in 0..100 {
            let started = program("pg_ctl")
                .args(["-w", "-o", &options, "-l"])
                .arg(self.folder.join("log"))
                .arg("-D")
                .arg(self.data())
                .arg("start")
                .output()
                .expect("a program that is there can be started");
            if started.status.success() {
                return;
            }
            // The others of a killed server are still there.
            thread::sleep(Duration::from_millis(100));
        }
        let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start:\n{log}");
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = program("pg_ctl");
        let stop = stop.args(["-m", "immediate", "-D"]).arg(self.data());
        let _ = stop.arg("stop").output();
    }
}

fn program(name: &str) -> Command {
    let program = find(name).expect("it was there before");
    let mut command = if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// A port that nothing listens on.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("it listens").port()
}

/// Where a program of PostgreSQL stands. Debian keeps each version in a folder of its own.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    folders
        .into_iter()
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| output.stdout == b"0\n")
}

#[track_caller]
fn call(command: &mut Command) {
    let output = command
        .output()
        .expect("a program that is there can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{errors}");
}
