//! Citizens who post forms at a steady rate, whatever comes back, over connections that they keep.

use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{MissedTickBehavior, interval, timeout};

const REQUEST: &[u8] =
    b"POST /apply HTTP/1.1\r\nHost: drill\r\nContent-Length: 10\r\n\r\nname=Ada+X";

/// A crowd that posts until it is told to end.
#[derive(Debug)]
pub(crate) struct Crowd {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What a crowd saw.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) sent: u64,
    pub(crate) failed: u64,
    /// The first few failures, in words.
    failures: Vec<String>,
}

#[derive(Debug, Default)]
struct Shared {
    address: String,
    stop: AtomicBool,
    sent: AtomicU64,
    failed: AtomicU64,
    failures: Mutex<Vec<String>>,
    /// Connections that nobody uses now.
    idle: Mutex<Vec<TcpStream>>,
}

impl Crowd {
    /// Posts so many forms a second. The model is open: a slow answer does not slow the crowd.
    pub(crate) fn start(address: String, rate: u32) -> Self {
        let shared = Arc::new(Shared {
            address,
            ..Shared::default()
        });
        let task = tokio::spawn(post_all(Arc::clone(&shared), rate));
        Self { shared, task }
    }

    pub(crate) async fn until_sent(&self, requests: u64) {
        while self.shared.sent.load(Ordering::Relaxed) < requests {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for the answers to all that was sent.
    pub(crate) async fn end(self) -> Tally {
        self.shared.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("the crowd does not panic");
        let failures = std::mem::take(&mut *self.shared.failures.lock().expect("no panic"));
        Tally {
            sent: self.shared.sent.load(Ordering::Relaxed),
            failed: self.shared.failed.load(Ordering::Relaxed),
            failures,
        }
    }
}

async fn post_all(shared: Arc<Shared>, rate: u32) {
    let mut ticks = interval(Duration::from_secs(1) / rate);
    // What a loaded machine missed is sent at once, so that the rate holds.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut posts = JoinSet::new();
    while !shared.stop.load(Ordering::Relaxed) {
        ticks.tick().await;
        shared.sent.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::clone(&shared);
        posts.spawn(async move {
            let answer = timeout(Duration::from_secs(10), post(&shared)).await;
            let problem = match answer {
                Ok(Ok(200)) => return,
                Ok(Ok(status)) => format!("status {status}"),
                Ok(Err(error)) => error.to_string(),
                Err(_) => "no answer for 10 s".to_owned(),
            };
            shared.failed.fetch_add(1, Ordering::Relaxed);
            let mut failures = shared.failures.lock().expect("no panic");
            if failures.len() < 5 {
                failures.push(problem);
            }
        });
    }
    posts.join_all().await;
}

/// Posts one form and gives the status of the answer.
async fn post(shared: &Shared) -> io::Result<u16> {
    let idle = shared.idle.lock().expect("no panic").pop();
    let mut stream = match idle {
        Some(stream) => stream,
        None => TcpStream::connect(&shared.address).await?,
    };
    stream.write_all(REQUEST).await?;
    let mut answer = Vec::new();
    let status = loop {
        if stream.read_buf(&mut answer).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if let Some(status) = status_if_whole(&answer) {
            break status;
        }
    };
    if status == 200 {
        shared.idle.lock().expect("no panic").push(stream);
    }
    Ok(status)
}

/// The status, once the answer is there to its last byte.
fn status_if_whole(answer: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(answer).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    // An error page of HAProxy has no length and ends with the connection.
    (body.len() >= length.unwrap_or(0)).then_some(status)
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} failed of {} {:?}",
            self.failed, self.sent, self.failures
        )
    }
}
