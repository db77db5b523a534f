//! A replica as a process.

use std::net::TcpListener;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

/// A replica on two ports of its own.
#[derive(Debug)]
pub(crate) struct Replica {
    public: u16,
    pub(crate) management: u16,
    way: &'static str,
    process: Child,
}

/// How a replica came to its end.
#[derive(Debug)]
pub(crate) struct Ending {
    /// From the signal to the end of the process.
    pub(crate) took: Duration,
    pub(crate) report: Option<Report>,
}

/// What a replica said of its drain.
#[derive(Debug)]
pub(crate) struct Report {
    #[expect(dead_code, reason = "shown by Debug when the test prints it")]
    drain: Duration,
    pub(crate) in_flight: Duration,
    pub(crate) cut: u64,
}

impl Replica {
    pub(crate) fn start(way: &'static str) -> Self {
        let (public, management) = (free_port(), free_port());
        Self {
            public,
            management,
            way,
            process: spawn(public, management, way),
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.public)
    }

    /// SIGTERM, and then whatever the replica makes of it.
    pub(crate) async fn stop(&mut self) -> Ending {
        let id = self.process.id().expect("it runs").cast_signed();
        let id = Pid::from_raw(id).expect("no process has the id 0");
        let start = Instant::now();
        kill_process(id, Signal::TERM).expect("it is ours");
        let output = self.process.stdout.take().expect("it is piped");
        let status = self.process.wait().await.expect("it can be waited for");
        let took = start.elapsed();
        let report = status.success().then(|| tokio::spawn(Report::read(output)));
        let report = match report {
            Some(report) => Some(report.await.expect("no panic")),
            None => None,
        };
        Ending { took, report }
    }

    pub(crate) fn start_again(&mut self) {
        self.process = spawn(self.public, self.management, self.way);
    }
}

impl Report {
    async fn read(mut output: tokio::process::ChildStdout) -> Self {
        use tokio::io::AsyncReadExt as _;

        let mut text = String::new();
        let read = output.read_to_string(&mut text).await;
        read.expect("it writes text");
        let figures: Vec<u64> = text
            .split_whitespace()
            .map(|word| word.parse().expect("a number"))
            .collect();
        let [drain, in_flight, cut] = figures[..] else {
            panic!("three numbers, not {text:?}");
        };
        Self {
            drain: Duration::from_millis(drain),
            in_flight: Duration::from_millis(in_flight),
            cut,
        }
    }
}

fn spawn(public: u16, management: u16, way: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_drill-service"))
        .args([&public.to_string(), &management.to_string(), way])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the replica was built beside this test")
}

/// A port that nobody listens on now. Another process may take it before we do; then the replica says so and fails.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there are free ports");
    listener.local_addr().expect("it is bound").port()
}
