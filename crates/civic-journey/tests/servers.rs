//! The commands of the atomic store against a real Redis and a real PostgreSQL, where these are installed.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[path = "../../../tests/postgres_server.rs"]
#[expect(dead_code, reason = "others kill the server, which these tests do not")]
mod postgres_server;

mod support {
    use std::path::{Path, PathBuf};
    use std::{env, fs, process};

    /// Where a program stands, or one line that says what is skipped.
    pub(crate) fn find(program: &str, package: &str) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut folders: Vec<PathBuf> = env::split_paths(&path).collect();
        // Debian keeps each version of PostgreSQL in a folder of its own.
        let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
        let found = folders
            .into_iter()
            .map(|folder| folder.join(program))
            .find(|file| file.is_file());
        if found.is_none() {
            println!("skipped: no `{program}`; `apt-get install {package}` brings it");
        }
        found
    }

    /// A folder of this process, removed when it is dropped.
    pub(crate) struct Folder(PathBuf);

    impl Folder {
        pub(crate) fn new(name: &str) -> Self {
            let path = env::temp_dir().join(format!("civic-{name}-{}", process::id()));
            fs::create_dir_all(&path).expect("the temporary folder can be written");
            Self(path)
        }

        pub(crate) fn path(&self) -> &Path {
            &self.0
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }
}

use civic_core::KeyRing;
use civic_journey::Mark;
use civic_journey::store::atomic::{AtomicBits, AtomicProgress, Kept, MemoryBits, ProgressKey};
use civic_journey::{Journey, Marked};

civic_journey::journey! {
    pub static APPLY: Apply = "apply-for-a-licence";
    steps ApplyStep { Start = "start", Pay = "pay" }
    outcomes ApplyOutcome { Submitted = "submitted": complete }
    expected = 12 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}

/// The key of a session.
fn key(session: &str) -> ProgressKey {
    static JOURNEY: Journey<Apply> = Journey::new();
    let keys = KeyRing::new("k1", vec![7; 32]).unwrap();
    let store = AtomicProgress::new(MemoryBits::default(), &keys);
    now(store.open(&JOURNEY, session.as_bytes(), 1000)).0
}

/// What is marked in turn under one key, with what must come out; the same for every store.
fn conversation() -> Vec<(Mark, Marked, Kept)> {
    let mark = |bits, at: u64, again| Mark {
        start: (at / 10) as u32,
        bits,
        expires: at / 10 * 10 + 172_800,
        now: at,
        again,
    };
    let day = 1_767_268_800;
    let later = day + 60;
    let first = (day / 10) as u32;
    let done = Mark::DONE;
    let high = 1 << 31;
    vec![
        (
            mark(0b11, day, false),
            Marked {
                started: true,
                fresh: 0b11,
            },
            Kept {
                start: first,
                bits: 0b11,
            },
        ),
        // A refresh that also reaches the last step that a journey may have.
        (
            mark(0b10 | high, later, false),
            Marked {
                started: false,
                fresh: high,
            },
            Kept {
                start: first,
                bits: 0b11 | high,
            },
        ),
        // To begin again does nothing before the end.
        (
            mark(0b1, later, true),
            Marked {
                started: false,
                fresh: 0,
            },
            Kept {
                start: first,
                bits: 0b11 | high,
            },
        ),
        (
            mark(done, later, false),
            Marked {
                started: false,
                fresh: done,
            },
            Kept {
                start: first,
                bits: 0b11 | high | done,
            },
        ),
        (
            mark(done, later, false),
            Marked {
                started: false,
                fresh: 0,
            },
            Kept {
                start: first,
                bits: 0b11 | high | done,
            },
        ),
        // After the end it does, and once.
        (
            mark(0b1, later, true),
            Marked {
                started: true,
                fresh: 0b1,
            },
            Kept {
                start: first + 6,
                bits: 0b1,
            },
        ),
        (
            mark(0b1, later, true),
            Marked {
                started: false,
                fresh: 0,
            },
            Kept {
                start: first + 6,
                bits: 0b1,
            },
        ),
    ]
}

#[test]
fn memory_answers_as_it_should() {
    let bits = MemoryBits::default();
    let key = key("a");
    for (mark, marked, kept) in conversation() {
        let Ok(answer) = now(bits.mark(&key, &mark));
        assert_eq!(answer, marked, "{mark:?}");
        assert_eq!(now(bits.read(&key)), Ok(Some(kept)), "{mark:?}");
    }
}

mod redis_server {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::os::unix::net::UnixStream;
    use std::process::{Child, Command, Stdio};
    use std::thread;
    use std::time::Duration;

    use civic_journey::store::redis;

    use super::support::{Folder, find};
    use super::{conversation, key};

    struct Server {
        child: Child,
        folder: Folder,
    }

    impl Server {
        fn start() -> Option<Self> {
            let program = find("redis-server", "redis-server")?;
            let folder = Folder::new("redis");
            let child = Command::new(program)
                .args(["--port", "0", "--save", "", "--appendonly", "no", "--dir"])
                .arg(folder.path())
                .arg("--unixsocket")
                .arg(folder.path().join("socket"))
                .stdout(Stdio::null())
                .spawn()
                .expect("a program that is there can be started");
            Some(Self { child, folder })
        }

        fn connect(&self) -> Client {
            let socket = self.folder.path().join("socket");
            for _ in 0..300 {
                if let Ok(stream) = UnixStream::connect(&socket) {
                    return Client(BufReader::new(stream));
                }
                thread::sleep(Duration::from_millis(50));
            }
            panic!("redis-server does not answer");
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    /// As much of the protocol as the test needs.
    struct Client(BufReader<UnixStream>);

    #[derive(Debug, PartialEq)]
    enum Answer {
        Integer(i64),
        Bytes(Option<Vec<u8>>),
        List(Vec<Answer>),
    }

    impl Client {
        fn ask(&mut self, words: &[&[u8]]) -> Answer {
            let mut request = format!("*{}\r\n", words.len()).into_bytes();
            for word in words {
                request.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
                request.extend_from_slice(word);
                request.extend_from_slice(b"\r\n");
            }
            self.0.get_mut().write_all(&request).unwrap();
            self.answer()
        }

        fn answer(&mut self) -> Answer {
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            let (kind, rest) = line.trim_end().split_at(1);
            let number = || rest.parse::<i64>().expect("a number");
            match kind {
                ":" => Answer::Integer(number()),
                "*" => Answer::List((0..number()).map(|_| self.answer()).collect()),
                "$" if number() < 0 => Answer::Bytes(None),
                "$" => {
                    let mut bytes = vec![0; number() as usize + 2];
                    self.0.read_exact(&mut bytes).unwrap();
                    bytes.truncate(bytes.len() - 2);
                    Answer::Bytes(Some(bytes))
                }
                _ => panic!("{line}"),
            }
        }

        fn mark(&mut self, key: &[u8], mark: &civic_journey::Mark) -> civic_journey::Marked {
            let arguments = redis::arguments(mark);
            let mut words: Vec<&[u8]> = vec![b"EVAL", redis::MARK.as_bytes(), b"1", key];
            words.extend(arguments.iter().map(String::as_bytes));
            let Answer::List(answers) = self.ask(&words) else {
                panic!("no list");
            };
            let answers: Vec<i64> = answers
                .into_iter()
                .map(|answer| match answer {
                    Answer::Integer(number) => number,
                    other => panic!("{other:?}"),
                })
                .collect();
            redis::marked(mark, &answers).expect("an answer for each bit")
        }
    }

    #[test]
    fn redis_answers_as_it_should() {
        let Some(server) = Server::start() else {
            return;
        };
        let mut client = server.connect();
        let key = redis::key(&key("a"));
        for (mark, marked, kept) in conversation() {
            assert_eq!(client.mark(&key, &mark), marked, "{mark:?}");
            let Answer::Bytes(Some(value)) = client.ask(&[b"GET", &key]) else {
                panic!("nothing is kept");
            };
            assert_eq!(redis::kept(&value), Some(kept), "{mark:?}");
        }
        // It goes by itself when the journey counts as given up.
        let Answer::Integer(ttl) = client.ask(&[b"TTL", &key]) else {
            panic!("no time to live");
        };
        assert!((172_000..=172_800).contains(&ttl), "{ttl}");
    }

    #[test]
    fn one_of_many_is_first() {
        let Some(server) = Server::start() else {
            return;
        };
        let key = redis::key(&key("b"));
        let mark = conversation()[0].0;
        let marked: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| server.connect().mark(&key, &mark)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(marked.iter().filter(|marked| marked.started).count(), 1);
        assert_eq!(
            marked.iter().filter(|marked| marked.fresh == 0b11).count(),
            1
        );
        assert_eq!(marked.iter().filter(|marked| marked.fresh == 0).count(), 7);
    }
}

mod postgresql {
    use std::path::PathBuf;
    use std::process::Command;
    use std::thread;

    use civic_journey::store::atomic::ProgressKey;
    use civic_journey::store::sql;
    use civic_journey::{Mark, Marked};

    use super::support::{Folder, find};
    use super::{conversation, key, postgres_server};

    /// A server of the test's own, with the table that the commands ask for.
    struct Server {
        running: postgres_server::Server,
        psql: PathBuf,
        _folder: Folder,
    }

    impl Server {
        fn start(name: &str) -> Option<Self> {
            for program in ["initdb", "pg_ctl"] {
                find(program, "postgresql")?;
            }
            let psql = find("psql", "postgresql")?;
            let folder = Folder::new(name);
            let server = Self {
                running: postgres_server::Server::start(folder.path())?,
                psql,
                _folder: folder,
            };
            server.ask(&format!("{};", sql::CREATE));
            Some(server)
        }

        /// `psql` on this server: rows and tags without their frame, and the first error ends it.
        fn psql(&self) -> Command {
            let mut psql = Command::new(&self.psql);
            let config = postgres_server::Server::config(self.running.port());
            psql.args(["-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", &config]);
            psql
        }

        /// Lines that `psql` prints for a script: rows, and a tag for each change.
        fn ask(&self, script: &str) -> Vec<String> {
            let output = self
                .psql()
                .args(["-c", script])
                .output()
                .expect("a program that is there can be started");
            let errors = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{script}\n{errors}");
            let lines = String::from_utf8(output.stdout).unwrap();
            lines.lines().map(str::to_owned).collect()
        }

        fn mark(&self, key: &ProgressKey, mark: &Mark) -> Marked {
            let key = literal(key);
            let mut script = format!(
                "PREPARE open(bytea, bigint, bigint, bigint, bigint) AS {};\nPREPARE mark(bytea, bigint) AS {};\n\
                 EXECUTE open({key}, {}, {}, {}, {});\n",
                sql::OPEN,
                sql::MARK,
                mark.start,
                mark.expires,
                mark.now,
                i32::from(mark.again)
            );
            for bit in sql::bits(mark) {
                script += "EXECUTE mark(";
                script += &key;
                script += ", ";
                script += &bit.to_string();
                script += ");\n";
            }
            let lines = self.pipe(&script);
            let started = lines.iter().any(|line| line == "INSERT 0 1");
            let changed: Vec<u64> = lines
                .iter()
                .filter_map(|line| line.strip_prefix("UPDATE ")?.parse().ok())
                .collect();
            sql::marked(mark, started, &changed)
        }

        /// As [`Server::ask`], through standard input, so that each statement commits as a client's would; `-c` makes one
        /// transaction of all.
        fn pipe(&self, script: &str) -> Vec<String> {
            use std::io::Write;
            use std::process::Stdio;
            let mut child = self
                .psql()
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a program that is there can be started");
            let mut input = child.stdin.take().expect("it was asked for");
            input.write_all(script.as_bytes()).unwrap();
            drop(input);
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{script}");
            let lines = String::from_utf8(output.stdout).unwrap();
            lines.lines().map(str::to_owned).collect()
        }

        fn read(&self, key: &ProgressKey, now: u64) -> Option<civic_journey::store::atomic::Kept> {
            let script = format!(
                "PREPARE read(bytea, bigint) AS {}; EXECUTE read({}, {now});",
                sql::READ,
                literal(key)
            );
            let lines = self.ask(&script);
            let row = lines.iter().find_map(|line| line.split_once('|'))?;
            Some(sql::kept(row.0.parse().unwrap(), row.1.parse().unwrap()))
        }
    }

    fn literal(key: &ProgressKey) -> String {
        let hex: Vec<String> = key
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("'\\x{}'", hex.concat())
    }

    #[test]
    fn postgresql_answers_as_it_should() {
        let Some(server) = Server::start("postgresql-turns") else {
            return;
        };
        let session = key("a");
        for (mark, marked, kept) in conversation() {
            assert_eq!(server.mark(&session, &mark), marked, "{mark:?}");
            assert_eq!(server.read(&session, mark.now), Some(kept), "{mark:?}");
        }
        // What has expired is not read, begins anew, and is swept.
        let (first, ..) = conversation()[0];
        let later = first.now + 200_000;
        assert_eq!(server.read(&session, later), None);
        let late = Mark {
            start: (later / 10) as u32,
            expires: later + 172_800,
            now: later,
            ..first
        };
        assert_eq!(
            server.mark(&session, &late),
            Marked {
                started: true,
                fresh: 0b11
            }
        );
        let swept = server.ask(&format!(
            "PREPARE sweep(bigint) AS {}; EXECUTE sweep({});",
            sql::SWEEP,
            later * 2
        ));
        assert!(swept.contains(&"DELETE 1".to_owned()), "{swept:?}");
    }

    #[test]
    fn one_of_many_is_first() {
        let Some(server) = Server::start("postgresql-crowd") else {
            return;
        };
        let session = key("b");
        let mark = conversation()[0].0;
        let marked: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| server.mark(&session, &mark)))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert_eq!(marked.iter().filter(|marked| marked.started).count(), 1);
        for bit in [0b01, 0b10] {
            assert_eq!(
                marked
                    .iter()
                    .filter(|marked| marked.fresh & bit != 0)
                    .count(),
                1
            );
        }
    }
}

/// Runs what waits for nothing outside.
fn now<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    match future
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()))
    {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the store in memory waits for nothing"),
    }
}
