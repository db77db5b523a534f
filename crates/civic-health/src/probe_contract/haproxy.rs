//! For HAProxy.

use std::fmt::Write as _;

use super::{ContractProblem, ProbeContract};
use crate::answer::Endpoint;

/// A replica behind a balancer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Server<'a> {
    name: &'a str,
    address: &'a str,
    probe_port: u16,
}

impl<'a> Server<'a> {
    /// A replica that serves at this address, such as `10.0.0.4:8080`, and is probed at this port.
    pub const fn new(name: &'a str, address: &'a str, probe_port: u16) -> Self {
        Self {
            name,
            address,
            probe_port,
        }
    }

    pub(super) const fn address(&self) -> &'a str {
        self.address
    }
}

pub(super) fn snippet(
    contract: &ProbeContract,
    name: &str,
    servers: &[Server<'_>],
) -> Result<String, ContractProblem> {
    contract.fits()?;
    let mut text = format!(
        "backend {name}
    # A request that was sent is not sent again: a form that is posted twice is two applications.
    retries 0
    option httpchk
    http-check send meth GET uri {path} ver HTTP/1.1 hdr Host {name}
    http-check expect status 200
    timeout check {timeout}ms
    default-server check inter {period}ms fall {fall} rise {rise}
",
        path = Endpoint::Ready.path(),
        timeout = contract.timeout.as_millis(),
        period = contract.period.as_millis(),
        fall = contract.failure_threshold,
        rise = contract.success_threshold,
    );
    for server in servers {
        let _ = writeln!(
            text,
            "    server {} {} port {}",
            server.name, server.address, server.probe_port
        );
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_contract_says() {
        let servers = [Server::new("one", "127.0.0.1:8080", 8081)];
        let text = ProbeContract::DEFAULT.haproxy("civic", &servers).unwrap();
        assert!(text.contains("inter 5000ms fall 3 rise 1\n"));
        assert!(text.contains("    timeout check 2000ms\n"));
        assert!(text.contains("    server one 127.0.0.1:8080 port 8081\n"));
    }
}
