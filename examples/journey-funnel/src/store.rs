//! The shared store of the replicas: the bits of each session, in one process, behind a port of this machine.
//!
//! Stands in for the Redis or the database that a service has; `civic_journey::store` holds their commands.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use civic_journey::store::atomic::{AtomicBits, Kept, ProgressKey};
use civic_journey::{Mark, Marked};

/// Which store the replicas use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Atomic,
    Token,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Atomic => "atomic",
            Self::Token => "token",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Atomic, Self::Token]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// The store's own side; it also holds the applications, under a key that admits each citizen once.
pub struct SharedBits {
    address: SocketAddr,
}

#[derive(Default)]
struct Tables {
    progress: HashMap<String, Kept>,
    applications: HashMap<String, ()>,
}

impl SharedBits {
    /// Answers on a free port until this process ends.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let tables = Arc::new(Mutex::new(Tables::default()));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tables = Arc::clone(&tables);
                thread::spawn(move || answer(&stream, &tables));
            }
        });
        Ok(Self { address })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// Lines in, lines out, until the replica goes. Each line is one look-up under the lock.
fn answer(stream: &TcpStream, tables: &Mutex<Tables>) -> io::Result<()> {
    for line in BufReader::new(stream).lines() {
        let line = line?;
        let words: Vec<&str> = line.split(' ').collect();
        let mut tables = tables.lock().unwrap_or_else(PoisonError::into_inner);
        let answer = match words[..] {
            ["read", key] => tables.progress.get(key).map_or("0 0".to_owned(), |kept| {
                format!("{} {}", kept.start, kept.bits)
            }),
            ["mark", key, start, bits] => {
                let bits = bits.parse().unwrap_or(0);
                let old = tables.progress.get(key).copied();
                let before = old.unwrap_or(Kept {
                    start: start.parse().unwrap_or(1),
                    bits: 0,
                });
                let bits_after = before.bits | bits;
                tables.progress.insert(
                    key.to_owned(),
                    Kept {
                        bits: bits_after,
                        ..before
                    },
                );
                format!("{} {}", u8::from(old.is_none()), bits & !before.bits)
            }
            ["apply", citizen] => {
                let is_new = tables.applications.insert(citizen.to_owned(), ()).is_none();
                u8::from(is_new).to_string()
            }
            _ => "?".to_owned(),
        };
        drop(tables);
        let mut stream = stream;
        stream.write_all(format!("{answer}\n").as_bytes())?;
    }
    Ok(())
}

/// A replica's side of the store.
pub struct Client(Mutex<BufReader<TcpStream>>);

impl Client {
    pub fn connect(address: SocketAddr) -> io::Result<Self> {
        Ok(Self(Mutex::new(BufReader::new(TcpStream::connect(
            address,
        )?))))
    }

    /// Whether the citizen's application is new.
    pub fn apply(&self, citizen: &str) -> io::Result<bool> {
        Ok(self.ask(&format!("apply {citizen}"))? == "1")
    }

    fn ask(&self, line: &str) -> io::Result<String> {
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stream.get_mut().write_all(format!("{line}\n").as_bytes())?;
        let mut answer = String::new();
        stream.read_line(&mut answer)?;
        Ok(answer.trim_end().to_owned())
    }

    fn two(&self, line: &str) -> io::Result<(u64, u64)> {
        let answer = self.ask(line)?;
        let numbers = answer.split_once(' ');
        numbers
            .and_then(|(a, b)| Some((a.parse().ok()?, b.parse().ok()?)))
            .ok_or_else(|| io::Error::other("the store answers with something else"))
    }
}

/// The bits behind the client, shared with the handlers.
pub struct Bits(pub Arc<Client>);

impl AtomicBits for Bits {
    type Error = io::Error;

    async fn read(&self, key: &ProgressKey) -> io::Result<Option<Kept>> {
        let (start, bits) = self.0.two(&format!("read {}", hex(key)))?;
        let start = u32::try_from(start).unwrap_or(0);
        Ok((start != 0).then_some(Kept { start, bits }))
    }

    async fn mark(&self, key: &ProgressKey, mark: &Mark) -> io::Result<Marked> {
        let line = format!("mark {} {} {}", hex(key), mark.start, mark.bits);
        let (started, fresh) = self.0.two(&line)?;
        Ok(Marked {
            started: started == 1,
            fresh,
        })
    }
}

fn hex(key: &ProgressKey) -> String {
    key.as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
