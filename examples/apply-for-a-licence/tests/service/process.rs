//! A running service with a database of its own.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::browser::{Answer, request};

/// Made up: a reserved domain, a number for drama, a postcode of an office.
pub const VALUES: [(&str, &str); 4] = [
    ("full_name", "Wilhelmina Canaryname"),
    ("email", "w.canary@example.com"),
    ("phone", "020 7946 0123"),
    ("postcode", "EC1A 1BB"),
];

/// Ends its process when dropped.
pub struct Service {
    pub child: Child,
    pub address: SocketAddr,
    pub management: SocketAddr,
    pub payments: SocketAddr,
    stdout: Option<JoinHandle<String>>,
    pub folder: TempDir,
}

impl Service {
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    pub fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let mut command = command(&folder.path().join("licences.db"), "0");
        command
            .env("AUDIT_MAY_VANISH", "yes")
            .envs(settings.iter().copied());
        Self::run(command, folder)
    }

    pub fn run(mut command: Command, folder: TempDir) -> Self {
        let mut child = command.spawn().expect("the binary was built");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut address = |start: &str| -> SocketAddr {
            let mut line = String::new();
            stderr.read_line(&mut line).expect("it says where it is");
            line.trim()
                .strip_prefix(start)
                .unwrap_or_else(|| panic!("instead of {start:?} the line was {line:?}"))
                .parse()
                .expect("it is an address")
        };
        let address = [
            "Listening on http://",
            "Probes come to http://",
            "Payments are made at http://",
        ]
        .map(&mut address);
        // What comes later is read, so that the service never waits for a reader.
        thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let mut stdout = child.stdout.take().expect("it is piped");
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).expect("it writes UTF-8");
            text
        });
        let [address, management, payments] = address;
        Self {
            child,
            address,
            management,
            payments,
            stdout: Some(stdout),
            folder,
        }
    }

    /// Asks as a balancer or a monitoring system does.
    pub fn probe(&self, path: &str) -> Answer {
        request(self.management, "GET", path, &[], b"")
    }

    pub fn wait_until_ready(&self) {
        let start = Instant::now();
        while self.probe("/ready").status != 200 {
            assert!(start.elapsed() < Duration::from_secs(10), "never ready");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// A series of the journey, by the labels that it has beside the name of the journey.
    pub fn counted(&self, metric: &str, labels: &str) -> u64 {
        let separator = if labels.is_empty() { "" } else { "," };
        let series =
            format!("{metric}{{journey_name=\"apply-for-a-licence\"{separator}{labels}}} ");
        let text = self.probe("/metrics").body;
        let line = text.lines().find_map(|line| line.strip_prefix(&series));
        let value = line.unwrap_or_else(|| panic!("{series} is not in\n{text}"));
        value.parse().expect("a count is a number")
    }

    /// How the fake provider behaves from now on.
    pub fn provider(&self, mode: &str) {
        let answer = request(self.payments, "POST", &format!("/mode/{mode}"), &[], b"");
        assert_eq!(answer.status, 204);
    }

    /// Ends the process; the log that it left. No value of a citizen is in it, in a metric or in the audit trail.
    pub fn log(&mut self) -> Vec<Value> {
        let metrics = self.probe("/metrics").body;
        let probes = self.probe("/ready?verbose").body;
        self.child.kill().expect("it runs");
        self.child.wait().expect("it can be waited for");
        let text = self.stdout.take().expect("read once");
        let text = text.join().expect("the reader ends");
        let mut trail = Vec::new();
        all_bytes(&self.folder.path().join("licences.audit"), &mut trail);
        let trail = String::from_utf8_lossy(&trail);
        for (what, text) in [
            ("log", text.as_str()),
            ("metrics", &metrics),
            ("probes", &probes),
            ("audit trail", &trail),
        ] {
            let small = text.to_lowercase();
            for (_, value) in VALUES {
                let value = value.to_lowercase();
                for part in [
                    value.replace(' ', "+"),
                    value.replace('@', "%40"),
                    value.replace(' ', ""),
                    value,
                ] {
                    assert!(!small.contains(&part), "{part} is in the {what}: {text}");
                }
            }
            for part in ["canary", "127.0.0.1"] {
                assert!(!small.contains(part), "{part} is in the {what}: {text}");
            }
        }
        text.lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    /// Whether these bytes are in the files of the database.
    pub fn keeps(&self, wanted: &[u8]) -> bool {
        let kept = bytes(self.folder.path());
        kept.windows(wanted.len()).any(|window| window == wanted)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn command(database: &Path, port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_apply-for-a-licence"));
    command
        .env("PORT", port)
        .env("DATABASE", database)
        .env_remove("RUST_LOG")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Fields of the only line with this message.
pub fn with_message<'a>(log: &'a [Value], message: &str) -> &'a Value {
    let found: Vec<_> = log
        .iter()
        .filter(|line| line["fields"]["message"] == message)
        .collect();
    assert_eq!(found.len(), 1, "{message} in {log:?}");
    &found[0]["fields"]
}

/// Of every file in a folder, not of the folders in it.
fn bytes(folder: &Path) -> Vec<u8> {
    paths(folder)
        .filter(|path| path.is_file())
        .flat_map(|path| fs::read(path).expect("it is readable"))
        .collect()
}

/// Of every file in a folder and in those in it.
fn all_bytes(folder: &Path, all: &mut Vec<u8>) {
    all.extend(bytes(folder));
    for path in paths(folder).filter(|path| path.is_dir()) {
        all_bytes(&path, all);
    }
}

fn paths(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let files = fs::read_dir(folder).into_iter().flatten();
    files.map(|file| file.expect("it is listed").path())
}
