//! Asks over connections that are kept, at a steady rate or as fast as answers come.

use std::cell::RefCell;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::{JoinSet, LocalSet};
use tokio::time::{MissedTickBehavior, interval};

/// A connection that is kept.
pub(super) struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    /// Bytes of the last answer: the next one is most likely as long, and then need not be read to be known as whole.
    usual: usize,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            answer: Vec::with_capacity(4096),
            usual: 0,
        })
    }

    /// Asks, and waits for the answer to its last byte.
    pub(super) async fn get(&mut self, path: &str) -> io::Result<()> {
        self.ask(format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n").as_bytes())
            .await
    }

    /// What the thread of the service has used of its processor.
    async fn processor_seconds(&mut self) -> io::Result<f64> {
        self.usual = 0;
        self.get("/processor-nanoseconds").await?;
        let text = String::from_utf8_lossy(&self.answer);
        let figure = text
            .split("\r\n\r\n")
            .nth(1)
            .and_then(|body| body.parse::<f64>().ok());
        figure.map_or_else(
            || Err(io::Error::other("no figure")),
            |nanoseconds| Ok(nanoseconds / 1e9),
        )
    }

    async fn ask(&mut self, request: &[u8]) -> io::Result<()> {
        self.stream.write_all(request).await?;
        self.answer.clear();
        while self.answer.len() != self.usual || self.usual == 0 {
            if self.stream.read_buf(&mut self.answer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            if self.answer.len() != self.usual && is_whole(&self.answer) {
                self.usual = self.answer.len();
            }
        }
        Ok(())
    }
}

/// Whether the answer is there to its last byte. Every answer here has a length.
fn is_whole(answer: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(answer) else {
        return false;
    };
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<usize>().ok())?
    });
    length.is_some_and(|length| body.len() >= length)
}

/// Connections that are kept, each of which asks again as soon as it is answered.
pub(super) struct Crowd {
    connections: Vec<Connection>,
    /// Asks the service how much of its processor it has used.
    meter: Connection,
}

/// Answers, how long they took, and the processor time that the service needed for them.
#[derive(Clone, Copy, Default)]
pub(super) struct Pace {
    answers: f64,
    seconds: f64,
    processor: f64,
}

impl Crowd {
    pub(super) async fn open(address: SocketAddr, connections: usize) -> io::Result<Self> {
        let mut crowd = Self {
            connections: Vec::new(),
            meter: Connection::open(address).await?,
        };
        for _ in 0..connections {
            crowd.connections.push(Connection::open(address).await?);
        }
        Ok(crowd)
    }

    /// Asks for so long, and to the last answer.
    pub(super) async fn ask(&mut self, path: &'static str, time: Duration) -> io::Result<Pace> {
        let request: Arc<[u8]> = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n\r\n")
            .into_bytes()
            .into();
        let before = self.meter.processor_seconds().await?;
        let start = Instant::now();
        let mut askers = JoinSet::new();
        for mut connection in self.connections.drain(..) {
            let request = Arc::clone(&request);
            askers.spawn(async move {
                let mut answers = 0u32;
                while start.elapsed() < time {
                    connection.ask(&request).await?;
                    answers += 1;
                }
                io::Result::Ok((connection, answers))
            });
        }
        let mut all = 0;
        while let Some(asked) = askers.join_next().await {
            let (connection, answers) = asked.map_err(io::Error::other)??;
            self.connections.push(connection);
            all += answers;
        }
        Ok(Pace {
            answers: f64::from(all),
            seconds: start.elapsed().as_secs_f64(),
            processor: self.meter.processor_seconds().await? - before,
        })
    }
}

impl Pace {
    /// Answers in a second.
    pub(super) fn rate(self) -> f64 {
        self.answers / self.seconds
    }

    /// Answers in a second of the service's processor: what other processes take does not count.
    pub(super) fn processor_rate(self) -> f64 {
        self.answers / self.processor
    }
}

impl std::ops::AddAssign for Pace {
    fn add_assign(&mut self, other: Self) {
        self.answers += other.answers;
        self.seconds += other.seconds;
        self.processor += other.processor;
    }
}

/// Seconds that each answer took, when so many a second are asked for this long, whatever comes back.
///
/// Does not wait for answers longer than `patience` after that; what is not there then counts as that long.
pub(super) async fn open_loop(
    address: SocketAddr,
    path: &'static str,
    rate: u32,
    time: Duration,
    patience: Duration,
) -> io::Result<Vec<f64>> {
    let idle: Rc<RefCell<Vec<Connection>>> = Rc::default();
    let taken: Rc<RefCell<Vec<f64>>> = Rc::default();
    let local = LocalSet::new();
    let asked = local
        .run_until(async {
            let mut ticks = interval(Duration::from_secs(1) / rate);
            // What a loaded machine missed is asked at once, so that the rate holds.
            ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
            let start = Instant::now();
            let mut asked = 0;
            let mut askers = JoinSet::new();
            loop {
                ticks.tick().await;
                if start.elapsed() >= time {
                    break;
                }
                asked += 1;
                let (idle, taken) = (Rc::clone(&idle), Rc::clone(&taken));
                askers.spawn_local(async move {
                    let start = Instant::now();
                    let kept = idle.borrow_mut().pop();
                    let mut connection = match kept {
                        Some(connection) => connection,
                        None => Connection::open(address).await?,
                    };
                    connection.get(path).await?;
                    taken.borrow_mut().push(start.elapsed().as_secs_f64());
                    idle.borrow_mut().push(connection);
                    io::Result::Ok(())
                });
            }
            let rest = async {
                while let Some(asker) = askers.join_next().await {
                    asker.map_err(io::Error::other)??;
                }
                io::Result::Ok(())
            };
            match tokio::time::timeout(patience, rest).await {
                Ok(ended) => ended.map(|()| asked),
                Err(_) => Ok(asked),
            }
        })
        .await?;
    drop(local);
    let mut taken = taken.take();
    taken.resize(asked, (time + patience).as_secs_f64());
    Ok(taken)
}
