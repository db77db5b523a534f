//! Starts the service, sends it forms as a browser does, and reads what it logged and kept.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Made up: a reserved domain, a number for drama, a postcode of an office.
const VALUES: [(&str, &str); 4] = [
    ("full_name", "Wilhelmina Canaryname"),
    ("email", "w.canary@example.com"),
    ("phone", "020 7946 0123"),
    ("postcode", "EC1A 1BB"),
];

/// A running service with a database of its own. Ends its process when dropped.
struct Service {
    child: Child,
    address: SocketAddr,
    management: SocketAddr,
    stdout: Option<JoinHandle<String>>,
    folder: TempDir,
}

impl Service {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let mut child = command(&folder.path().join("licences.db"), "0")
            .spawn()
            .expect("the binary was built");
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
        let (address, management) = (
            address("Listening on http://"),
            address("Probes come to http://"),
        );
        // What comes later is read, so that the service never waits for a reader.
        thread::spawn(move || std::io::copy(&mut stderr, &mut std::io::sink()));
        let mut stdout = child.stdout.take().expect("it is piped");
        let stdout = thread::spawn(move || {
            let mut text = String::new();
            stdout.read_to_string(&mut text).expect("it writes UTF-8");
            text
        });
        Self {
            child,
            address,
            management,
            stdout: Some(stdout),
            folder,
        }
    }

    /// The status and the whole answer.
    fn request(&self, head: &str, body: &str) -> (u16, String) {
        Self::request_at(self.address, head, body)
    }

    /// Asks as a balancer does.
    fn probe(&self, path: &str) -> (u16, String) {
        Self::request_at(self.management, &format!("GET {path}"), "")
    }

    fn wait_until_ready(&self) {
        let start = Instant::now();
        while self.probe("/ready").0 != 200 {
            assert!(start.elapsed() < Duration::from_secs(10), "never ready");
            thread::sleep(Duration::from_millis(10));
        }
    }

    fn request_at(address: SocketAddr, head: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("ten seconds are a valid timeout");
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: canary-agent\r\n\
             X-Request-Id: w.canary@example.com\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        (
            answer[9..12].parse().expect("a status has three digits"),
            answer,
        )
    }

    fn post(&self, fields: &[(&str, &str)]) -> (u16, String) {
        let pairs: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", url_encode(value)))
            .collect();
        self.request("POST /apply", &pairs.join("&"))
    }

    /// Ends the process; the log that it left, in which no value of the form is.
    fn log(&mut self) -> Vec<Value> {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it can be waited for");
        let text = self
            .stdout
            .take()
            .expect("read once")
            .join()
            .expect("the reader ends");
        let small = text.to_lowercase();
        for (_, value) in VALUES {
            for part in [
                value.to_lowercase(),
                url_encode(value).to_lowercase(),
                value.to_lowercase().replace(' ', ""),
            ] {
                assert!(!small.contains(&part), "{part} in {text}");
            }
        }
        for part in ["canary", "127.0.0.1"] {
            assert!(!small.contains(part), "{part} in {text}");
        }
        text.lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(database: &Path, port: &str) -> Command {
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

fn url_encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn complete_form() -> Vec<(&'static str, &'static str)> {
    let mut fields = VALUES.to_vec();
    fields.push(("activity", "busking"));
    fields
}

fn with_message<'a>(log: &'a [Value], message: &str) -> &'a Value {
    let found: Vec<_> = log
        .iter()
        .filter(|line| line["fields"]["message"] == message)
        .collect();
    assert_eq!(found.len(), 1, "{message} in {log:?}");
    &found[0]["fields"]
}

#[test]
fn an_application_is_kept_and_its_reference_is_all_that_is_logged() {
    let mut service = Service::start();
    let (status, answer) = service.post(&complete_form());
    assert_eq!(status, 200, "{answer}");
    let log = service.log();
    let received = with_message(&log, "application received");
    let reference = received["reference"].as_str().expect("it is text");
    assert!(
        answer.contains(&format!("<strong>{reference}</strong>")),
        "{answer}"
    );
    assert_eq!(received["activity"], "busking");
    let request = with_message(&log, "request answered");
    assert_eq!(request["http.request.method"], "POST");
    assert_eq!(request["http.route"], "/apply");
    assert_eq!(request["http.response.status_code"], 200);

    let database = std::fs::read_dir(service.folder.path()).expect("it is there");
    let kept = database
        .map(|file| std::fs::read(file.expect("it is listed").path()).expect("it is readable"))
        .any(|bytes| {
            bytes
                .windows(20)
                .any(|window| window == VALUES[1].1.as_bytes())
        });
    assert!(kept, "the address is in the database and nowhere else");
}

#[test]
fn a_form_with_gaps_is_sent_back_with_what_was_typed() {
    let mut service = Service::start();
    let (status, answer) = service.post(&VALUES);
    assert_eq!(status, 422);
    assert!(
        answer.contains("Select what the licence is for"),
        "{answer}"
    );
    assert!(
        answer.contains("value=\"Wilhelmina Canaryname\""),
        "{answer}"
    );
    assert!(
        answer.to_lowercase().contains("cache-control: no-store"),
        "{answer}"
    );
    let log = service.log();
    assert_eq!(
        with_message(&log, "form sent back")["fields"],
        "[\"activity\"]"
    );
}

#[test]
fn what_stands_in_an_address_is_not_logged() {
    let mut service = Service::start();
    let (status, answer) = service.request("GET /?email=w.canary%40example.com", "");
    assert_eq!(status, 200);
    // The id that was sent is none, so it is not handed back.
    assert!(!answer.contains("w.canary"), "{answer}");
    assert_eq!(service.request("GET /case/w.canary@example.com", "").0, 404);
    assert_eq!(
        service
            .request(
                "POST /apply",
                "email=one%40canary.example&email=two%40canary.example"
            )
            .0,
        422
    );
    // The health routes are not for citizens.
    assert_eq!(service.request("GET /health", "").0, 404);
    assert_eq!(service.probe("/health").0, 200);
    let log = service.log();
    let routes: Vec<_> = log
        .iter()
        .filter_map(|line| line["fields"].get("http.route").and_then(Value::as_str))
        .collect();
    assert_eq!(routes, ["/", "unmatched", "/apply", "unmatched"]);
}

#[test]
fn a_start_that_fails_says_what_to_do_on_both_outputs() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let database = folder.path().join("no-such-folder").join("licences.db");
    for (database, port, message) in [
        (
            database.as_path(),
            "0",
            "cannot open the database; DATABASE names its file: the database failed: ",
        ),
        (
            Path::new(":memory:"),
            "many",
            "PORT is not a number from 0 to 65535",
        ),
    ] {
        let output = command(database, port)
            .output()
            .expect("the binary was built");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with(&format!("Error: {message}")), "{stderr}");
        let stdout = String::from_utf8_lossy(&output.stdout);
        let last: Value =
            serde_json::from_str(stdout.lines().last().expect("a line")).expect("JSON");
        assert_eq!(last["fields"]["message"], "main failed");
        assert!(
            last["fields"]["error"]
                .as_str()
                .expect("text")
                .starts_with(message)
        );
    }
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_in_order() {
    let mut service = Service::start();
    service.wait_until_ready();
    let ready = service.probe("/ready").1;
    for check in ["database", "disk", "event-loop"] {
        assert!(ready.contains(check), "{ready}");
    }
    let sent = Command::new("kill")
        .args(["-TERM", &service.child.id().to_string()])
        .status()
        .expect("every Unix has it");
    assert!(sent.success());
    // It serves on until the balancer has seen three times that it is not ready.
    let mut told = 0;
    while told < 3 {
        assert_eq!(service.request("GET /", "").0, 200);
        told += u32::from(service.probe("/ready").0 == 503);
    }
    let status = service.child.wait().expect("it can be waited for");
    assert!(status.success(), "{status}");
}
