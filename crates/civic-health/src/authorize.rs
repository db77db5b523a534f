//! Who may see every detail.

use std::error::Error;
use std::fmt;

use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap, Uri};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Decides whether a caller may see every detail.
///
/// A closure from [`Caller`] to `bool` is one. It runs for each probe, so it must be quick and must not ask anybody.
pub trait Authorizer: Send + Sync + 'static {
    /// Whether this caller may see every detail.
    fn allows(&self, caller: &Caller<'_>) -> bool;
}

/// What is known of a caller.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Caller<'a> {
    /// The headers of the request.
    pub headers: &'a HeaderMap,
    /// The target of the request.
    pub uri: &'a Uri,
    /// What layers above have found out, such as who is logged in.
    pub extensions: &'a Extensions,
}

impl<F: Fn(&Caller<'_>) -> bool + Send + Sync + 'static> Authorizer for F {
    fn allows(&self, caller: &Caller<'_>) -> bool {
        self(caller)
    }
}

/// Allows whoever sends `Authorization: Bearer` with the right token.
///
/// Holds the token's SHA-256 only, and compares digests in constant time: neither the length nor a
/// prefix can be found by timing. Not made for passwords, which are short enough to be guessed.
///
/// ```
/// use civic_health::BearerToken;
///
/// let token = BearerToken::new("c2VjcmV0LWZvci1vbi1jYWxsLW9ubHk")?;
/// assert!(BearerToken::new("short").is_err());
/// # Ok::<(), civic_health::WeakToken>(())
/// ```
#[derive(Clone)]
pub struct BearerToken {
    digest: [u8; 32],
}

/// A token is shorter than [`BearerToken::MIN_BYTES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeakToken;

impl BearerToken {
    /// Fewest bytes that a token may have: 128 bits, if they are random.
    pub const MIN_BYTES: usize = 16;

    /// Takes the token that callers have to send.
    ///
    /// # Errors
    /// When it is shorter than [`Self::MIN_BYTES`].
    pub fn new(token: impl AsRef<[u8]>) -> Result<Self, WeakToken> {
        let token = token.as_ref();
        if token.len() < Self::MIN_BYTES {
            return Err(WeakToken);
        }
        Ok(Self {
            digest: Sha256::digest(token).into(),
        })
    }
}

impl Authorizer for BearerToken {
    fn allows(&self, caller: &Caller<'_>) -> bool {
        let sent = caller
            .headers
            .get(AUTHORIZATION)
            .map(http::HeaderValue::as_bytes);
        let Some((scheme, token)) = sent.and_then(|sent| sent.split_at_checked(7)) else {
            return false;
        };
        let digest: [u8; 32] = Sha256::digest(token).into();
        let same: bool = digest.ct_eq(&self.digest).into();
        scheme.eq_ignore_ascii_case(b"bearer ") && same
    }
}

impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken")
    }
}

impl fmt::Display for WeakToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the token is shorter than {} bytes",
            BearerToken::MIN_BYTES
        )
    }
}

impl Error for WeakToken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_is_taken() {
        let token = BearerToken::new("0123456789abcdef").unwrap();
        let allows = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, value.parse().unwrap());
            token.allows(&Caller {
                headers: &headers,
                uri: &Uri::from_static("/ready"),
                extensions: &Extensions::new(),
            })
        };
        assert!(allows("Bearer 0123456789abcdef"));
        assert!(allows("bearer 0123456789abcdef"));
        for wrong in [
            "Bearer 0123456789abcde",
            "Bearer 0123456789abcdefg",
            "Bearer ",
            "Bearer",
            "Basic 0123456789abcdef",
            "",
        ] {
            assert!(!allows(wrong), "{wrong}");
        }
        assert_eq!(format!("{token:?}"), "BearerToken");
    }
}
