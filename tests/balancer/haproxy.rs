//! HAProxy as a process, and what it says of its servers.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::process::{Child, Command};

use crate::replica::free_port;

/// HAProxy in front of the backend `drill`.
#[derive(Debug)]
pub(crate) struct Haproxy {
    port: u16,
    folder: TempDir,
    _process: Child,
}

impl Haproxy {
    pub(crate) fn start(backend: &str) -> Self {
        let port = free_port();
        let folder = tempfile::tempdir().expect("a folder for files that go");
        let socket = folder.path().join("socket");
        let config = format!(
            "global
    stats socket {} mode 600 level admin

defaults
    mode http
    timeout connect 1s
    timeout client 30s
    timeout server 30s

frontend public
    bind 127.0.0.1:{port}
    default_backend drill

{backend}",
            socket.display()
        );
        let file = folder.path().join("haproxy.cfg");
        fs::write(&file, config).expect("the folder is ours");
        let process = Command::new("haproxy")
            .arg("-db")
            .arg("-f")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("`haproxy` is on the path: Debian has it in the package `haproxy`");
        Self {
            port,
            folder,
            _process: process,
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Waits until this server takes requests.
    pub(crate) async fn until_up(&self, server: &str) {
        self.until(server, "UP").await;
    }

    /// Waits until this server takes none.
    pub(crate) async fn until_down(&self, server: &str) {
        self.until(server, "DOWN").await;
    }

    async fn until(&self, server: &str, state: &str) {
        let start = Instant::now();
        // A server that has not been probed yet counts as up; `L7OK` says that it has.
        while !self.shows(server, state).await {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "{server} is never {state}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn shows(&self, server: &str, state: &str) -> bool {
        let text = self.stat().await.unwrap_or_default();
        let mut lines = text.lines();
        let head: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = |name: &str| head.iter().position(|head| *head == name);
        let (Some(status), Some(check)) = (column("status"), column("check_status")) else {
            return false;
        };
        lines
            .map(|line| line.split(',').collect::<Vec<_>>())
            .any(|line| {
                let probed = state != "UP" || line.get(check) == Some(&"L7OK");
                line.get(1) == Some(&server) && line.get(status) == Some(&state) && probed
            })
    }

    async fn stat(&self) -> std::io::Result<String> {
        let mut socket = UnixStream::connect(self.folder.path().join("socket")).await?;
        socket.write_all(b"show stat\n").await?;
        let mut text = String::new();
        socket.read_to_string(&mut text).await?;
        Ok(text)
    }
}
