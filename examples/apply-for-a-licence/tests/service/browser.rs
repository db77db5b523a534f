//! As much of a browser as a person needs here: cookies, forms, redirects; no scripts.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::process::{Service, VALUES};

/// What the service answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut own = lines.filter(|(own, _)| own.eq_ignore_ascii_case(name));
        own.next().map(|(_, value)| value.trim())
    }

    pub fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{self:?}");
        self.header("location").expect("a redirect says where to")
    }

    pub fn title(&self) -> &str {
        let from = self.body.split_once("<title>").map_or("", |(_, rest)| rest);
        from.split_once(" - ").map_or("", |(title, _)| title)
    }

    #[track_caller]
    pub fn shows(&self, text: &str) {
        assert!(self.body.contains(text), "{text:?} is not in {}", self.body);
    }
}

/// One person, with the cookies that they got.
#[derive(Clone)]
pub struct Browser {
    address: SocketAddr,
    payments: SocketAddr,
    pub cookies: BTreeMap<String, String>,
    pub headers: Vec<(String, String)>,
    /// Of the last page with a form.
    pub csrf: String,
}

impl Browser {
    pub fn of(service: &Service) -> Self {
        Self {
            address: service.address,
            payments: service.payments,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            csrf: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, "text/plain", b"")
    }

    /// Sends a form, with the token of the last page.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        let csrf = self.csrf.clone();
        fields.push(("csrf", &csrf));
        self.post_raw(path, &fields)
    }

    pub fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let pairs: Vec<_> = fields
            .iter()
            .map(|(name, value)| format!("{name}={}", url_encode(value)))
            .collect();
        let body = pairs.join("&");
        self.send(
            "POST",
            path,
            "application/x-www-form-urlencoded",
            body.as_bytes(),
        )
    }

    pub fn upload(&mut self, content: &[u8]) -> Answer {
        let csrf = self.csrf.clone();
        self.upload_with(&csrf, content)
    }

    pub fn upload_with(&mut self, csrf: &str, content: &[u8]) -> Answer {
        let mut body = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n\
             --edge\r\nContent-Disposition: form-data; name=\"document\"; filename=\"w.canary.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n--edge--\r\n");
        self.send(
            "POST",
            "/upload",
            "multipart/form-data; boundary=edge",
            &body,
        )
    }

    /// Gets where an answer leads to.
    pub fn follow(&mut self, answer: &Answer) -> Answer {
        let path = answer.leads_to().to_owned();
        self.get(&path)
    }

    fn send(&mut self, method: &str, path: &str, content_type: &str, body: &[u8]) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        let mut headers = vec![("Cookie", cookies.as_str()), ("Content-Type", content_type)];
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let answer = request(self.address, method, path, &headers, body);
        for line in answer.head.lines() {
            let Some(("set-cookie", cookie)) = line.split_once(": ") else {
                continue;
            };
            let (pair, attributes) = cookie.split_once(';').expect("it has attributes");
            let (name, value) = pair.split_once('=').expect("it has a value");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        if let Some((_, rest)) = answer.body.split_once("name=\"csrf\" value=\"") {
            rest[..64].clone_into(&mut self.csrf);
        }
        answer
    }

    /// Begins, and comes to the first question.
    pub fn begin(&mut self) -> Answer {
        self.get("/").shows("Start now");
        let answer = self.post_raw("/start", &[]);
        assert_eq!(answer.leads_to(), "/eligibility");
        self.follow(&answer)
    }

    /// From the first question to the payment.
    pub fn answer_until_payment(&mut self) -> Answer {
        let answer = self.post("/eligibility", &[("adult", "yes")]);
        self.follow(&answer);
        let answer = self.post("/details", &complete_form());
        self.follow(&answer);
        let answer = self.upload(b"%PDF-1.7 canary document");
        assert_eq!(answer.leads_to(), "/pay");
        self.follow(&answer)
    }

    /// Pays at the provider, or has the card declined, and comes back; the page that follows.
    pub fn pay(&mut self, choice: &str) -> Answer {
        let answer = self.post("/pay", &[]);
        let page = answer.leads_to().to_owned();
        let path = page
            .strip_prefix(&format!("http://{}", self.payments))
            .unwrap_or_else(|| panic!("{page} is not the provider's"));
        let card = request(self.payments, "GET", path, &[], b"");
        card.shows("You would pay £25 here");
        let decided = request(self.payments, "POST", &format!("{path}/{choice}"), &[], b"");
        let back = decided.leads_to().to_owned();
        let path = back
            .strip_prefix(&format!("http://{}", self.address))
            .unwrap_or_else(|| panic!("{back} is not the service's"));
        self.get(path)
    }

    /// The whole journey, with a page looked at before each form.
    pub fn apply(&mut self) -> String {
        self.begin();
        self.answer_until_payment();
        let answer = self.pay("pay");
        self.follow(&answer);
        let answer = self.post("/check", &[]);
        reference(&self.follow(&answer))
    }
}

/// The reference on the last page.
pub fn reference(page: &Answer) -> String {
    let (_, rest) = page
        .body
        .split_once("<strong>LIC-")
        .unwrap_or_else(|| panic!("{page:?}"));
    format!("LIC-{}", &rest[..10])
}

pub fn complete_form() -> Vec<(&'static str, &'static str)> {
    let mut fields = VALUES.to_vec();
    fields.push(("activity", "busking"));
    fields
}

/// One request, one answer, one connection.
pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .expect("twenty seconds are a valid timeout");
    let mut head = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nUser-Agent: canary-agent\r\n\
         X-Request-Id: w.canary@example.com\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    head += "\r\n";
    let mut request = head.into_bytes();
    request.extend_from_slice(body);
    // A service that does not want all of it may answer and close before it has read it.
    let _ = stream.write_all(&request);
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("it answers");
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head ends");
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let bytes = bytes.split_off(end + 4);
    Answer {
        status: head[9..12].parse().expect("a status has three digits"),
        head,
        body: String::from_utf8_lossy(&bytes).into_owned(),
        bytes,
    }
}

pub fn url_encode(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
