//! A stand-in for the system behind the service. It always fails, and its errors quote what they were sent.

use std::error::Error;
use std::fmt;

use crate::application::Application;

/// Where the case store would be. `.example` resolves nowhere.
const ADDRESS: &str = "https://case-store.example/cases";

/// The address that a case is sent to, with the person's details in its query: a common mistake.
pub(crate) fn url(application: &Application) -> String {
    format!(
        "{ADDRESS}?email={}&nino={}&postcode={}",
        percent_encode(&application.email),
        percent_encode(&application.nino),
        percent_encode(&application.postcode),
    )
}

/// Sends the application on.
///
/// # Errors
/// Always, with a chain of three: what was tried, the request that failed, the answer that was read.
pub(crate) fn create_case(application: &Application) -> Result<(), CreateCaseError> {
    Err(CreateCaseError {
        applicant: application.email.clone(),
        cause: RequestError {
            url: url(application),
            cause: AnswerError {
                body: format!(
                    r#"{{"error":"duplicate","record":{{"email":"{}","nino":"{}","postcode":"{}"}}}}"#,
                    application.email, application.nino, application.postcode
                ),
            },
        },
    })
}

/// The case could not be created.
#[derive(Debug)]
pub(crate) struct CreateCaseError {
    applicant: String,
    cause: RequestError,
}

/// The request failed.
#[derive(Debug)]
struct RequestError {
    url: String,
    cause: AnswerError,
}

/// The answer was a refusal.
#[derive(Debug)]
struct AnswerError {
    body: String,
}

impl fmt::Display for CreateCaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "could not create a case for {}", self.applicant)
    }
}

impl Error for CreateCaseError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

impl fmt::Display for RequestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "POST {} failed", self.url)
    }
}

impl Error for RequestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the answer was 409 with {}", self.body)
    }
}

impl Error for AnswerError {}

/// Encodes a value for the query of an address (RFC 3986, section 2.1).
fn percent_encode(value: &str) -> String {
    let mut encoded = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_encoded_byte_by_byte() {
        assert_eq!(percent_encode("a b@é~"), "a%20b%40%C3%A9~");
    }
}
