//! What the environment says.

use std::env::{self, VarError};
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use crate::failure::StartError;
use crate::payments::Payments;

pub(crate) struct Settings {
    pub(crate) port: u16,
    pub(crate) database: PathBuf,
    /// What browsers call this service; unless told, the address that it listens on.
    pub(crate) origin: Option<String>,
    /// The payment provider; unless told, a fake one is started.
    pub(crate) payments: Option<Payments>,
    pub(crate) session: Duration,
    pub(crate) audit_may_vanish: bool,
}

impl Settings {
    /// # Errors
    /// When a value cannot be read; the error names it and says what is allowed.
    pub(crate) fn from_environment() -> Result<Self, StartError> {
        let port = match text(env::var("PORT"), StartError::Port)? {
            None => 8080,
            Some(port) => port.parse().map_err(|_| StartError::Port)?,
        };
        let seconds = match text(env::var("SESSION_SECONDS"), StartError::Session)? {
            None => 20 * 60,
            Some(seconds) => seconds.parse().map_err(|_| StartError::Session)?,
        };
        if !(1..=72_000).contains(&seconds) {
            return Err(StartError::Session);
        }
        let origin = text(env::var("ORIGIN"), StartError::Origin)?;
        if origin
            .as_deref()
            .is_some_and(|origin| is_secure(origin).is_none())
        {
            return Err(StartError::Origin);
        }
        let payments = text(env::var("PAYMENTS"), StartError::Payments)?
            .map(|origin| Payments::at(&origin).ok_or(StartError::Payments));
        Ok(Self {
            port,
            database: env::var_os("DATABASE")
                .map_or_else(|| PathBuf::from("licences.db"), PathBuf::from),
            origin,
            payments: payments.transpose()?,
            session: Duration::from_secs(seconds),
            audit_may_vanish: env::var_os("AUDIT_MAY_VANISH").is_some_and(|value| value == "yes"),
        })
    }
}

fn text(value: Result<String, VarError>, error: StartError) -> Result<Option<String>, StartError> {
    match value {
        Ok(value) => Ok(Some(value)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(error),
    }
}

/// Whether browsers reach this origin by HTTPS; `None` for one that is no origin, or is plain HTTP to another machine.
pub(crate) fn is_secure(origin: &str) -> Option<bool> {
    let is_host = |host: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(fits)
    };
    if let Some(host) = origin.strip_prefix("https://") {
        return is_host(host).then_some(true);
    }
    let host = origin
        .strip_prefix("http://")
        .filter(|host| is_host(host))?;
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    let here = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    here.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for (origin, secure) in [
            ("https://licences.example.com", Some(true)),
            ("https://licences.example.com:8443", Some(true)),
            ("http://127.0.0.1:8080", Some(false)),
            ("http://[::1]:8080", Some(false)),
            ("http://localhost", Some(false)),
            ("http://licences.example.com", None),
            ("http://10.0.0.1", None),
            ("https://", None),
            ("https://a/b", None),
            ("licences.example.com", None),
        ] {
            assert_eq!(is_secure(origin), secure, "{origin}");
        }
    }
}
