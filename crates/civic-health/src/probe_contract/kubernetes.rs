//! For Kubernetes.

use super::{ContractProblem, ProbeContract, seconds};
use crate::answer::Endpoint;

pub(super) fn snippet(contract: &ProbeContract, port: u16) -> Result<String, ContractProblem> {
    let contract = contract.in_seconds()?;
    let (period, timeout) = (contract.period.as_secs(), contract.timeout.as_secs());
    let failures = contract.failure_threshold;
    let probe = |name: &str, endpoint: Endpoint, successes: u32, failures: u64| {
        format!(
            "          {name}:
            httpGet: {{ path: {}, port: {port} }}
            periodSeconds: {period}
            timeoutSeconds: {timeout}
            successThreshold: {successes}
            failureThreshold: {failures}
",
            endpoint.path()
        )
    };
    let startup = seconds(contract.startup).div_ceil(period);
    Ok(format!(
        "# Parts of a Deployment. /health looks at the process alone: a failing dependency must not restart it.
spec:
  progressDeadlineSeconds: {deadline}
  template:
    spec:
      # The drain and what is in flight after it; the service ends earlier when it can.
      terminationGracePeriodSeconds: {grace}
      containers:
        - name: service
{startup}{readiness}{liveness}",
        deadline = seconds(contract.deadline),
        grace = seconds(contract.drain + contract.in_flight) + 1,
        startup = probe("startupProbe", Endpoint::Startup, 1, startup),
        readiness = probe(
            "readinessProbe",
            Endpoint::Ready,
            contract.success_threshold,
            failures.into()
        ),
        liveness = probe("livenessProbe", Endpoint::Health, 1, failures.into()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_contract_says() {
        let text = ProbeContract::DEFAULT.kubernetes(8081).unwrap();
        let after = |start: &str| text.split(start).nth(1).unwrap();
        assert!(
            after("readinessProbe:")
                .trim_start()
                .starts_with("httpGet: { path: /ready, port: 8081 }")
        );
        assert!(after("startupProbe:").contains("failureThreshold: 12\n"));
        assert!(text.contains("terminationGracePeriodSeconds: 41\n"));
        assert!(text.contains("progressDeadlineSeconds: 180\n"));
        assert_eq!(text.matches("timeoutSeconds: 2\n").count(), 3);
        assert!(!text.contains('\t'));
    }
}
