//! For nginx.

use std::fmt::Write as _;

use super::{ContractProblem, ProbeContract, Server, seconds};
use crate::answer::Endpoint;

pub(super) fn snippet(
    contract: &ProbeContract,
    name: &str,
    servers: &[Server<'_>],
) -> Result<String, ContractProblem> {
    contract.fits()?;
    let detection = seconds(contract.period * contract.failure_threshold);
    let mut text = format!(
        "# The free nginx does not probe, so no drain can be seen by it: mark a server `down` and reload before its
# process is told to stop, with a fixed drain of at least {drain} s.
upstream {name} {{
",
        drain = seconds(contract.drain)
    );
    for server in servers {
        let _ = writeln!(
            text,
            "    server {} max_fails={} fail_timeout={detection}s;",
            server.address(),
            contract.failure_threshold
        );
    }
    text.push_str("}\n\n# The health routes are not for the public.\n");
    for endpoint in Endpoint::ALL {
        let _ = writeln!(text, "location = {} {{ return 404; }}", endpoint.path());
    }
    let _ = write!(
        text,
        "
location / {{
    proxy_pass http://{name};
    proxy_connect_timeout {timeout}s;
    # Only what never reached a server goes to another: a form that is posted twice is two applications.
    proxy_next_upstream error timeout;
    proxy_next_upstream_tries 2;
}}
",
        timeout = seconds(contract.timeout)
    );
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_contract_says() {
        let servers = [Server::new("one", "127.0.0.1:8080", 8081)];
        let text = ProbeContract::DEFAULT.nginx("civic", &servers).unwrap();
        assert!(text.contains("server 127.0.0.1:8080 max_fails=3 fail_timeout=15s;"));
        assert!(text.contains("location = /ready { return 404; }"));
        assert!(!text.contains("non_idempotent"));
    }
}
