//! The payment provider, as this service sees it: over HTTP, with a time limit, and not believed without a look.
//!
//! Plain HTTP to this machine, which is where the fake one is. For a real one take a client with TLS, such as `reqwest`, and
//! keep what is checked here: the limit of time and of size, the key of a retry, and the amount.

pub(crate) mod fake;
mod process;
mod wire;

use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::handshake;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::wire::{Asked, Told};
use crate::failure::PaymentError;

pub(crate) use process::{ARGUMENT, FakeProvider};
pub(crate) use wire::State;

/// What a licence costs, in pence.
pub(crate) const FEE: u64 = 2500;

/// How long the provider has for an answer. A citizen waits that long.
const LIMIT: Duration = Duration::from_secs(3);

/// Longest answer that is read, in bytes.
const LONGEST: usize = 16 * 1024;

/// A client of the provider.
#[derive(Clone, Debug)]
pub(crate) struct Payments {
    authority: String,
}

impl Payments {
    /// The provider at `http://host:port`; `None` for an address of another form.
    pub(crate) fn at(origin: &str) -> Option<Self> {
        let authority = origin.strip_prefix("http://")?;
        let odd = |byte: u8| !(byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
        let fits = !authority.is_empty() && !authority.bytes().any(odd);
        fits.then(|| Self {
            authority: authority.to_owned(),
        })
    }

    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.authority)
    }

    /// Begins the payment of this key, or finds it again. The person comes back to that address.
    pub(crate) async fn begin(&self, key: &str, back: &str) -> Result<Told, PaymentError> {
        let asked = Asked {
            key: key.to_owned(),
            amount: FEE,
            back: back.to_owned(),
        };
        let asked = serde_json::to_vec(&asked).map_err(|_| PaymentError::Unreadable)?;
        let told = self.ask(Method::POST, "/payments", asked).await?;
        self.believe(told, None, key)
    }

    /// How far the payment is.
    pub(crate) async fn look_up(&self, id: &str, key: &str) -> Result<State, PaymentError> {
        let told = self
            .ask(Method::GET, &format!("/payments/{id}"), Vec::new())
            .await?;
        Ok(self.believe(told, Some(id), key)?.state)
    }

    /// An answer that is about the payment that was asked for, to the penny, and that leads nowhere else.
    fn believe(&self, told: Told, id: Option<&str>, key: &str) -> Result<Told, PaymentError> {
        let plain =
            |id: &str| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !plain(&told.id) || id.is_some_and(|id| id != told.id) || told.key != key {
            return Err(PaymentError::Untrue("payment"));
        }
        if told.amount != FEE {
            return Err(PaymentError::Untrue("amount"));
        }
        let origin = self.origin();
        if !told
            .page
            .strip_prefix(&origin)
            .is_some_and(|path| path.starts_with('/'))
        {
            return Err(PaymentError::Untrue("page"));
        }
        Ok(told)
    }

    async fn ask(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Told, PaymentError> {
        let asked = timeout(LIMIT, self.ask_unlimited(method, path, body)).await;
        asked.map_err(|_| PaymentError::Slow)?
    }

    async fn ask_unlimited(
        &self,
        method: Method,
        path: &str,
        body: Vec<u8>,
    ) -> Result<Told, PaymentError> {
        let unreachable = |error| PaymentError::Unreachable(error);
        let stream = TcpStream::connect(&self.authority)
            .await
            .map_err(|error| unreachable(error.into()))?;
        let (mut sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|error| unreachable(error.into()))?;
        // Ends with the sender.
        tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, &self.authority)
            .header(CONTENT_TYPE, "application/json")
            .body(Full::new(Bytes::from(body)))
            .map_err(|error| unreachable(error.into()))?;
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| unreachable(error.into()))?;
        let status = response.status();
        if status != StatusCode::OK {
            return Err(PaymentError::Refused(status.as_u16()));
        }
        let body = Limited::new(response.into_body(), LONGEST).collect().await;
        let body = body.map_err(unreachable)?.to_bytes();
        // The error would quote the answer.
        serde_json::from_slice(&body).map_err(|_| PaymentError::Unreadable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_anything_else_is_not_believed() {
        let payments = Payments::at("http://127.0.0.1:9").unwrap();
        let told = Told {
            id: "1f".to_owned(),
            key: "key".to_owned(),
            amount: FEE,
            state: State::Paid,
            page: "http://127.0.0.1:9/card/1f".to_owned(),
        };
        let believe = |told: &Told| payments.believe(told.clone(), Some("1f"), "key");
        assert!(believe(&told).is_ok());
        let lies: [fn(&mut Told); 6] = [
            |told| told.id = "2f".to_owned(),
            |told| told.id = String::new(),
            |told| told.key = "other".to_owned(),
            |told| told.amount = 1,
            |told| told.page = "https://example.com/card".to_owned(),
            |told| told.page = "http://127.0.0.1:90/card".to_owned(),
        ];
        for lie in lies {
            let mut told = told.clone();
            lie(&mut told);
            assert!(
                matches!(believe(&told), Err(PaymentError::Untrue(_))),
                "{told:?}"
            );
        }
    }

    #[test]
    fn an_address_is_a_host_and_a_port() {
        assert!(Payments::at("http://127.0.0.1:9").is_some());
        for wrong in [
            "",
            "http://",
            "https://127.0.0.1",
            "http://a/b",
            "http://a;b",
            "http://a b",
        ] {
            assert!(Payments::at(wrong).is_none(), "{wrong}");
        }
    }
}
