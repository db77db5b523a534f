//! For Amazon ECS behind an application load balancer.

use serde_json::json;

use super::{ContractProblem, ProbeContract, seconds};
use crate::answer::Endpoint;

/// The longest `stopTimeout` on Fargate, in seconds.
const LONGEST_STOP: u64 = 120;

pub(super) fn snippet(contract: &ProbeContract, port: u16) -> Result<String, ContractProblem> {
    let contract = contract.in_seconds()?;
    let (period, timeout) = (contract.period.as_secs(), contract.timeout.as_secs());
    let stop = seconds(contract.drain + contract.in_flight) + 1;
    if stop > LONGEST_STOP {
        return Err(ContractProblem::Platform(
            "ECS stops a task after 120 s: drain + in_flight must be below 120 s",
        ));
    }
    if !(5..=300).contains(&period) || !(2..=120).contains(&timeout) || timeout >= period {
        return Err(ContractProblem::Platform(
            "a target group needs a period of 5 to 300 s and a timeout of 2 to 120 s below it",
        ));
    }
    let (failures, successes) = (contract.failure_threshold, contract.success_threshold);
    if !(2..=10).contains(&failures) {
        return Err(ContractProblem::Platform(
            "a target group needs a failure_threshold of 2 to 10",
        ));
    }
    let check = format!(
        "curl --fail --silent --max-time {timeout} http://127.0.0.1:{port}{} || exit 1",
        Endpoint::Health.path()
    );
    let text = json!({
        "containerDefinition": {
            "healthCheck": {
                "command": ["CMD-SHELL", check],
                "interval": period,
                "timeout": timeout,
                "retries": failures,
                "startPeriod": seconds(contract.startup).min(300),
            },
            "stopTimeout": stop,
        },
        "targetGroup": {
            "HealthCheckPath": Endpoint::Ready.path(),
            "HealthCheckPort": port.to_string(),
            "HealthCheckIntervalSeconds": period,
            "HealthCheckTimeoutSeconds": timeout,
            "UnhealthyThresholdCount": failures,
            // Two is the least that a target group takes.
            "HealthyThresholdCount": successes.max(2),
            "Matcher": { "HttpCode": "200" },
            "TargetGroupAttributes": [{
                "Key": "deregistration_delay.timeout_seconds",
                "Value": seconds(contract.drain).to_string(),
            }],
        },
    });
    Ok(format!("{text:#}\n"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn it_says_what_the_contract_says() {
        let text = ProbeContract::DEFAULT.ecs(8081);
        let contract: serde_json::Value = serde_json::from_str(&text.unwrap()).unwrap();
        assert_eq!(contract["targetGroup"]["HealthCheckPath"], "/ready");
        assert_eq!(contract["targetGroup"]["HealthCheckIntervalSeconds"], 5);
        assert_eq!(contract["targetGroup"]["UnhealthyThresholdCount"], 3);
        assert_eq!(contract["containerDefinition"]["stopTimeout"], 41);
    }

    #[test]
    fn what_ecs_cannot_keep_is_refused() {
        let second = Duration::from_secs(1);
        let good = ProbeContract::DEFAULT;
        let long = ProbeContract {
            in_flight: second * 100,
            ..good
        };
        let short = ProbeContract {
            period: second * 4,
            ..good
        };
        for contract in [long, short] {
            let problem = contract.ecs(8081).unwrap_err();
            assert!(matches!(problem, ContractProblem::Platform(_)), "{problem}");
        }
    }
}
