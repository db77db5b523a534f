//! When a TLS certificate ends.

use std::error::Error;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use x509_cert::Certificate;

use super::{BlockingCheck, Cx};
use crate::outcome::Outcome;

const DAY: Duration = Duration::from_secs(86_400);

/// When the first certificate of a PEM file ends, its chain included.
///
/// Measures the days that are left. Warns below 21 days and fails below 3, unless told, or when one is not valid yet. Says
/// nothing about whether anyone would trust it. Reads the file anew for each run.
#[derive(Clone, Debug)]
#[must_use]
pub struct CertificateExpiry {
    path: PathBuf,
    warn_below: Duration,
    fail_below: Duration,
}

impl CertificateExpiry {
    /// Looks at the certificates in this PEM file.
    pub fn of(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            warn_below: DAY * 21,
            fail_below: DAY * 3,
        }
    }

    /// Warns when less is left.
    pub fn warn_below(mut self, left: Duration) -> Self {
        self.warn_below = left;
        self
    }

    /// Fails when less is left.
    pub fn fail_below(mut self, left: Duration) -> Self {
        self.fail_below = left;
        self
    }

    fn judge(&self, pem: &[u8], now: SystemTime) -> Outcome {
        let chain = match Certificate::load_pem_chain(pem) {
            Ok(chain) => chain,
            Err(error) => return unreadable(&error),
        };
        let validity = chain.iter().map(|one| one.tbs_certificate().validity());
        let (Some(from), Some(until)) = (
            validity
                .clone()
                .map(|v| v.not_before.to_system_time())
                .max(),
            validity.map(|v| v.not_after.to_system_time()).min(),
        ) else {
            return Outcome::fail("no certificate in the file");
        };
        let left = until.duration_since(now).unwrap_or_default();
        let outcome = if now < from {
            Outcome::fail("a certificate is not valid yet")
        } else if left.is_zero() {
            Outcome::fail("a certificate has ended")
        } else if left < self.fail_below {
            Outcome::fail("a certificate is about to end")
        } else if left < self.warn_below {
            Outcome::warn("a certificate ends soon")
        } else {
            Outcome::pass()
        };
        outcome.observed((left.as_secs_f64() / DAY.as_secs_f64()).floor(), "days")
    }
}

impl BlockingCheck for CertificateExpiry {
    fn check(&self, _: &Cx) -> Outcome {
        match fs::read(&self.path) {
            Ok(pem) => self.judge(&pem, SystemTime::now()),
            Err(error) => unreadable(&error),
        }
    }

    fn measurement(&self) -> &'static str {
        "daysLeft"
    }
}

fn unreadable(error: &(dyn Error + 'static)) -> Outcome {
    Outcome::fail("cannot read the certificate").error(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Status;

    /// Made for this test: service.example.com, valid for 90 days, and ca.example.com, valid for ten years.
    const SHORT: &str = "\
-----BEGIN CERTIFICATE-----
MIIBUTCCAQOgAwIBAgIULDfz/NzE+72kuhIm3YMlVBUSEw0wBQYDK2VwMB4xHDAa
BgNVBAMME3NlcnZpY2UuZXhhbXBsZS5jb20wHhcNMjYxMTI1MDE0ODQ3WhcNMjcw
MjIzMDE0ODQ3WjAeMRwwGgYDVQQDDBNzZXJ2aWNlLmV4YW1wbGUuY29tMCowBQYD
K2VwAyEAyRphn4LYeIrOYm79I1sUENBNFZZJAQUJzWpmLENX50qjUzBRMB0GA1Ud
DgQWBBTGQStik3MRpJnVoKkYMlt0JqzBADAfBgNVHSMEGDAWgBTGQStik3MRpJnV
oKkYMlt0JqzBADAPBgNVHRMBAf8EBTADAQH/MAUGAytlcANBAJ7oUMqnDGElhSyN
raIiHZrr4uWS43zrtIl3oWh6fuKK0xjDv/PYemeX427tn9f2KAU0oBNokLM6xhBb
Qaw4lQM=
-----END CERTIFICATE-----
";
    const LONG: &str = "\
-----BEGIN CERTIFICATE-----
MIIBRjCB+aADAgECAhRG3xnGvqLEX06fBXk0T5592l3fMDAFBgMrZXAwGTEXMBUG
A1UEAwwOY2EuZXhhbXBsZS5jb20wHhcNMjYxMTI1MDE0ODQ3WhcNMzYxMTIyMDE0
ODQ3WjAZMRcwFQYDVQQDDA5jYS5leGFtcGxlLmNvbTAqMAUGAytlcAMhACJrd7gH
WcX8EaIt4+vWJUrscya9aTDwDNNOyzDYqNKRo1MwUTAdBgNVHQ4EFgQUsWOkoULD
nOYQ28i4yP4vxKeP+z0wHwYDVR0jBBgwFoAUsWOkoULDnOYQ28i4yP4vxKeP+z0w
DwYDVR0TAQH/BAUwAwEB/zAFBgMrZXADQQAGgwTN4VBXnW7gdM2Jn/nhZ2KzoDJ/
sErgmwE6CwGdK2w+YmDspROFbGYs2tqoVeqzx65QBukkYHNVjZJHGhME
-----END CERTIFICATE-----
";
    /// When the short one begins and ends, in seconds since 1970.
    const FROM: u64 = 1_795_571_327;
    const UNTIL: u64 = 1_803_347_327;

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_first_to_end_decides_wherever_it_stands() {
        let check = CertificateExpiry::of("unused");
        let day = DAY.as_secs();
        for chain in [format!("{LONG}{SHORT}"), format!("{SHORT}{LONG}")] {
            let reason = |seconds| check.judge(chain.as_bytes(), at(seconds)).reason();
            assert_eq!(reason(UNTIL - 30 * day), None);
            assert_eq!(reason(UNTIL - 20 * day), Some("a certificate ends soon"));
            assert_eq!(
                reason(UNTIL - 2 * day),
                Some("a certificate is about to end")
            );
            assert_eq!(reason(UNTIL + 1), Some("a certificate has ended"));
        }
        let early = check.judge(SHORT.as_bytes(), at(FROM - 1));
        assert_eq!(early.reason(), Some("a certificate is not valid yet"));
        let left = check.judge(SHORT.as_bytes(), at(UNTIL - 10 * day));
        assert!((left.value().unwrap().value - 10.0).abs() < 0.1);
    }

    #[test]
    fn what_is_no_certificate_fails() {
        let check = CertificateExpiry::of("no/such/file.pem");
        let cx = Cx::new(Duration::from_secs(1));
        assert_eq!(check.check(&cx).status(), Status::Fail);
        for pem in [
            "",
            "nonsense",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        ] {
            let outcome = check.judge(pem.as_bytes(), SystemTime::now());
            assert_eq!(outcome.status(), Status::Fail, "{pem}");
        }
    }
}
