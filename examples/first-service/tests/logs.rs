//! Starts the service, sends it forms as a browser does, and reads the bytes that it logged.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running service. Ends its process when dropped.
struct Service {
    child: Child,
    address: SocketAddr,
    stdout: Option<JoinHandle<String>>,
    stderr: Option<JoinHandle<String>>,
}

/// An answer to a request.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

/// What the service wrote until it ended.
struct Written {
    stdout: String,
    stderr: String,
}

impl Service {
    fn start() -> Self {
        let mut child = command("0").spawn().expect("the binary was built");
        let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("it says where it is");
        let address = line
            .trim()
            .strip_prefix("Listening on http://")
            .unwrap_or_else(|| panic!("the first line was {line:?}"))
            .parse()
            .expect("it is an address");
        let mut stdout = child.stdout.take().expect("it is piped");
        Self {
            child,
            address,
            stdout: Some(thread::spawn(move || read_all(&mut stdout))),
            stderr: Some(thread::spawn(move || line + &read_all(&mut stderr))),
        }
    }

    fn request(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("ten seconds are a valid timeout");
        write!(
            stream,
            "{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        let (head, body) = answer.split_once("\r\n\r\n").expect("it speaks HTTP");
        Answer {
            status: head[9..12].parse().expect("a status has three digits"),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    fn post(&self, form: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> = form
            .iter()
            .map(|(name, value)| format!("{name}={}", url_encode(value)))
            .collect();
        self.request("POST /apply", &pairs.join("&"))
    }

    /// Ends the process and returns what it wrote.
    fn stop(mut self) -> Written {
        self.child.kill().expect("it runs");
        self.wait().1
    }

    fn wait(&mut self) -> (ExitStatus, Written) {
        let status = self.child.wait().expect("it can be waited for");
        let read = |thread: Option<JoinHandle<String>>| {
            thread.expect("read once").join().expect("the reader ends")
        };
        let written = Written {
            stdout: read(self.stdout.take()),
            stderr: read(self.stderr.take()),
        };
        (status, written)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Written {
    fn lines(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).expect("each line is JSON"))
            .collect()
    }

    /// The fields of the one line with this message.
    #[track_caller]
    fn fields(&self, message: &str) -> Value {
        let lines = self.lines();
        let found: Vec<_> = lines
            .iter()
            .filter(|line| line["fields"]["message"] == message)
            .collect();
        assert_eq!(found.len(), 1, "{message} in {}", self.stdout);
        found[0]["fields"].clone()
    }

    /// Fails when a value is in either stream, in any of the forms that it may have been given.
    #[track_caller]
    fn assert_hold_none_of(&self, values: &[&str]) {
        for (stream, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            let text = text.to_lowercase();
            for form in values.iter().flat_map(|value| forms(value)) {
                if let Some(at) = text.find(&form) {
                    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                    let line = text[line..].lines().next().unwrap_or_default();
                    panic!("{form:?} is in {stream}: {line}");
                }
            }
        }
    }
}

fn command(port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_first-service"));
    command
        .env("PORT", port)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn read_all(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a pipe can be read");
    String::from_utf8(bytes).expect("it writes UTF-8")
}

/// As a browser encodes a form: a space becomes `+`, other marks `%` and two digits.
fn url_encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'*' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// A value as it may be written, in lower case: as it is, encoded, closed up, in other groups.
fn forms(value: &str) -> Vec<String> {
    let value = value.to_lowercase();
    let closed: String = value.split(' ').collect();
    let encoded = url_encode(&value).to_lowercase();
    vec![
        encoded.replace('+', "%20"),
        encoded,
        url_encode(&closed).to_lowercase(),
        value.replace(' ', "-"),
        value.replace(' ', "\\u0020"),
        value.replace('@', "\\u0040"),
        closed,
        value,
    ]
}

/// Made up. The parts are what would still tell who it was.
const NAME: &str = "Wilhelmina Canaryname";
const NAME_PARTS: [&str; 2] = ["Wilhelmina", "Canaryname"];
const EMAIL: &str = "w.canary+forms@example.com";
const EMAIL_PARTS: [&str; 2] = ["w.canary", "canary%2bforms"];
const NINO: &str = "AB 12 34 56 C";
const POSTCODE: &str = "EC1A 1BB";

fn form<'a>(nino: &'a str, postcode: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("full_name", NAME),
        ("email", EMAIL),
        ("nino", nino),
        ("postcode", postcode),
    ]
}

#[test]
fn a_form_leaves_no_value_in_the_logs() {
    let service = Service::start();
    let answer = service.post(&form(NINO, POSTCODE));
    let written = service.stop();

    assert_eq!(answer.status, 503);
    assert!(
        answer
            .body
            .contains("Sorry, there is a problem with the service")
    );
    for cause in ["case", "409", "duplicate", "example.com", "Canary", "AB"] {
        assert!(!answer.body.contains(cause), "{cause} in {}", answer.body);
    }

    written.assert_hold_none_of(&[NAME, EMAIL, NINO, POSTCODE]);
    written.assert_hold_none_of(&NAME_PARTS);
    written.assert_hold_none_of(&EMAIL_PARTS);

    // What an engineer needs is still there.
    let request = written.fields("request");
    assert_eq!(request["method"], "POST");
    assert_eq!(request["uri"], "/apply");
    assert_eq!(request["status"], 503);
    assert!(request["elapsed_ms"].is_f64());
    assert_eq!(
        written.fields("form by field"),
        serde_json::json!({
            "message": "form by field",
            "full_name": "[PERSON-NAME]",
            "email": "[EMAIL]",
            "nino": "[NINO]",
            "postcode": "[POSTCODE]",
        })
    );
    let failure = written.fields("could not create a case");
    assert_eq!(failure["error"], "could not create a case for [EMAIL]");
    let causes = failure["causes"].as_str().expect("causes are text");
    for part in [
        "POST https://case-store.example/cases?email=",
        " failed: the answer was 409 with ",
        "duplicate",
        "[EMAIL]",
        "[NINO]",
        "[POSTCODE]",
    ] {
        assert!(causes.contains(part), "{part} in {causes}");
    }
    assert_eq!(
        written.fields("form as a whole")["form"],
        "Application { full_name: [PERSON-NAME], email: \"[EMAIL]\", nino: \"[NINO]\", postcode: \"[POSTCODE]\" }"
    );
}

#[test]
fn a_form_as_people_type_it_leaves_no_value_either() {
    for (nino, postcode) in [
        ("ab123456c", "ec1a1bb"),
        ("AB123456C", "EC1A1BB"),
        ("ab 12 34 56 c", "ec1a 1bb"),
        ("  AB 123456 C ", " EC1A  1BB "),
        ("QQ 12 34 56 D", "GIR 0AA"),
    ] {
        let service = Service::start();
        let answer = service.post(&form(nino, postcode));
        let written = service.stop();
        assert_eq!(answer.status, 503);
        written.assert_hold_none_of(&[NAME, EMAIL, nino.trim(), postcode.trim()]);
    }
}

#[test]
fn values_in_an_address_leave_nothing_in_the_logs() {
    let service = Service::start();
    let query = format!(
        "/?email={}&nino=AB123456C&postcode=EC1A+1BB",
        url_encode(EMAIL)
    );
    assert_eq!(service.request(&format!("GET {query}"), "").status, 200);
    assert_eq!(service.request("GET /apply/AB123456C", "").status, 404);
    let written = service.stop();
    written.assert_hold_none_of(&[EMAIL, "AB123456C", POSTCODE]);
    assert_eq!(written.lines().len(), 2);
    let statuses: Vec<_> = written
        .lines()
        .iter()
        .map(|line| line["fields"]["status"].clone())
        .collect();
    assert_eq!(statuses, [200, 404]);
}

#[test]
fn a_form_with_gaps_is_sent_back_with_advice() {
    let service = Service::start();
    let answer = service.post(&[("full_name", NAME), ("email", "w.canary"), ("nino", NINO)]);
    let written = service.stop();

    assert_eq!(answer.status, 422);
    assert!(
        answer
            .body
            .contains("Enter an email address in the correct format")
    );
    assert!(answer.body.contains("Enter your postcode"));
    assert!(!answer.body.contains("Enter your full name"));
    // The person finds what they typed; nothing on the way keeps it.
    assert!(answer.body.contains(NAME));
    assert!(
        answer
            .head
            .to_lowercase()
            .contains("cache-control: no-store")
    );

    written.assert_hold_none_of(&[NAME, NINO]);
    assert_eq!(written.fields("request")["status"], 422);
}

#[test]
fn a_request_that_is_no_form_gets_a_clear_answer() {
    let service = Service::start();
    let twice = service.request(
        "POST /apply",
        "email=one%40canary.example&email=two%40canary.example",
    );
    let long = service.request("POST /apply", &format!("email={}", "x".repeat(20 * 1024)));
    let written = service.stop();
    for (answer, status) in [(twice, 422), (long, 413)] {
        assert_eq!(answer.status, status);
        assert!(answer.body.contains("The form could not be read"));
        assert!(answer.body.contains("application/x-www-form-urlencoded"));
    }
    written.assert_hold_none_of(&["one@canary.example", "two@canary.example"]);
}

#[test]
fn the_form_and_the_health_answer_are_there() {
    let service = Service::start();
    let form = service.request("GET /", "");
    assert_eq!(form.status, 200);
    assert!(
        form.body
            .contains("<label for=\"nino\">National Insurance number</label>")
    );
    let health = service.request("GET /health", "");
    assert_eq!((health.status, health.body.as_str()), (200, "ok\n"));
    let written = service.stop();
    assert!(written.stderr.contains("curl -i http://127.0.0.1:"));
    assert!(written.stderr.contains("email=ada%40example.com"));
}

#[cfg(unix)]
#[test]
fn sigterm_ends_it_in_order() {
    let mut service = Service::start();
    assert_eq!(service.request("GET /health", "").status, 200);
    let sent = Command::new("kill")
        .args(["-TERM", &service.child.id().to_string()])
        .status()
        .expect("every Unix has it");
    assert!(sent.success());
    let started = Instant::now();
    let (status, written) = service.wait();
    assert!(status.success(), "{status}");
    assert!(started.elapsed() < Duration::from_secs(5));
    assert_eq!(written.fields("stopping")["message"], "stopping");
}

#[test]
fn a_port_that_is_taken_or_no_number_is_a_clear_error() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let port = taken.local_addr().expect("it is bound").port().to_string();
    for (port, message) in [
        (port.as_str(), "error: cannot listen on 127.0.0.1:"),
        ("many", "error: PORT is not a number from 0 to 65535"),
        ("70000", "error: PORT is not a number from 0 to 65535"),
    ] {
        let output = command(port).output().expect("the binary was built");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
        assert!(output.stdout.is_empty());
    }
}
