//! A dependency that takes connections, and one that answers over HTTP.

use std::error::Error;
use std::fmt;
use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// Most bytes that are read of an answer's head.
const MAX_HEAD_BYTES: u64 = 16 * 1024;

/// A dependency that takes connections on a port.
///
/// That something listens is all that it shows.
#[derive(Clone, Debug)]
pub struct TcpConnect {
    address: String,
}

impl TcpConnect {
    /// Connects to this host and port, such as `db.example.com:5432`; the name is resolved for each run.
    pub fn to(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
        }
    }
}

impl HealthCheck for TcpConnect {
    async fn check(&self, _: &Cx) -> Outcome {
        match TcpStream::connect(&self.address).await {
            Ok(_) => Outcome::pass(),
            Err(error) => Outcome::fail("cannot connect").error(&error),
        }
    }
}

/// A dependency that answers `GET` over plain HTTP with a 2xx.
///
/// For TLS, a proxy or credentials use the service's own client in a closure. Ask for something that the dependency answers by
/// itself, never for its report on its own dependencies: services that ask for one another's health fall together.
#[derive(Clone, Debug)]
pub struct HttpGet {
    authority: String,
    address: String,
    path: String,
}

/// An address is not `http://host[:port][/path]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadUrl;

impl HttpGet {
    /// Asks for this address.
    ///
    /// # Errors
    /// When it is not `http://host[:port][/path]`.
    pub fn new(url: &str) -> Result<Self, BadUrl> {
        let rest = url.strip_prefix("http://").ok_or(BadUrl)?;
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, "/"),
        };
        let odd = |byte: u8| byte <= b' ' || byte == 0x7f;
        if authority.is_empty() || authority.contains('@') || url.bytes().any(odd) {
            return Err(BadUrl);
        }
        let has_port = authority
            .rsplit_once(':')
            .is_some_and(|(_, port)| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit()));
        let address = if has_port {
            authority.to_owned()
        } else {
            format!("{authority}:80")
        };
        Ok(Self {
            authority: authority.to_owned(),
            address,
            path: path.split('#').next().unwrap_or("/").to_owned(),
        })
    }

    /// The head of the answer.
    pub(crate) async fn head(&self, method: &str) -> io::Result<Head> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: civic-health\r\nAccept: */*\r\nConnection: close\r\n\r\n",
            self.path, self.authority
        );
        stream.write_all(request.as_bytes()).await?;
        let mut bytes = Vec::new();
        let mut stream = stream.take(MAX_HEAD_BYTES);
        while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            if stream.read_buf(&mut bytes).await? == 0 {
                break;
            }
        }
        Head::parse(&bytes).ok_or_else(|| io::Error::other("no HTTP answer"))
    }
}

impl HealthCheck for HttpGet {
    async fn check(&self, _: &Cx) -> Outcome {
        match self.head("GET").await {
            Ok(head) if (200..300).contains(&head.status) => Outcome::pass(),
            Ok(head) => {
                Outcome::fail("unexpected status").detail(format_args!("status {}", head.status))
            }
            Err(error) => Outcome::fail("no answer").error(&error),
        }
    }
}

/// The head of an answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) status: u16,
    pub(crate) date: Option<String>,
}

impl Head {
    fn parse(bytes: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text.split("\r\n");
        let status = lines.next()?.strip_prefix("HTTP/1.")?.split(' ').nth(1)?;
        let date = lines.take_while(|line| !line.is_empty()).find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("date")
                .then(|| value.trim().to_owned())
        });
        Some(Self {
            status: status.parse().ok()?,
            date,
        })
    }
}

impl fmt::Display for BadUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is not `http://host[:port][/path]`")
    }
}

impl Error for BadUrl {}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;
    use crate::Status;

    async fn answering(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        format!("http://{address}/case?id=1")
    }

    #[tokio::test]
    async fn a_2xx_passes_and_the_rest_fails_without_its_words() {
        let cx = Cx::new(Duration::from_secs(1));
        let cases = [
            ("HTTP/1.1 204 No Content\r\n\r\n", None),
            (
                "HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n",
                Some("unexpected status"),
            ),
            (
                "HTTP/1.1 503 Service Unavailable\r\n\r\n",
                Some("unexpected status"),
            ),
            ("SSH-2.0-x\r\n\r\n", Some("no answer")),
            ("", Some("no answer")),
        ];
        for (answer, reason) in cases {
            let check = HttpGet::new(&answering(answer).await).unwrap();
            assert_eq!(check.check(&cx).await.reason(), reason, "{answer}");
        }
    }

    #[tokio::test]
    async fn a_port_that_nobody_listens_on_fails() {
        let cx = Cx::new(Duration::from_secs(1));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let check = TcpConnect::to(address);
        assert_eq!(check.check(&cx).await.status(), Status::Pass);
        drop(listener);
        assert_eq!(check.check(&cx).await.reason(), Some("cannot connect"));
    }

    #[test]
    fn addresses_that_it_cannot_ask_are_refused() {
        for bad in [
            "https://example.com/",
            "http://",
            "http:///x",
            "http://a@example.com/",
            "http://a b/",
        ] {
            assert_eq!(HttpGet::new(bad).unwrap_err(), BadUrl, "{bad}");
        }
        let check = HttpGet::new("http://example.com").unwrap();
        assert_eq!(
            (check.address.as_str(), check.path.as_str()),
            ("example.com:80", "/")
        );
        let check = HttpGet::new("http://[::1]:8080/x").unwrap();
        assert_eq!(check.address, "[::1]:8080");
    }
}
