//! The rolling restart behind a real HAProxy.

use super::Outcome;
use crate::context::Context;
use crate::tool::HAPROXY;

pub(super) fn run(context: &Context) -> Outcome {
    if !HAPROXY.is_here() {
        return if context.with_tools {
            Err(HAPROXY.how_to_install())
        } else {
            Ok(vec![HAPROXY.how_to_install()])
        };
    }
    let drill = [
        "test",
        "--package",
        "civic-tests",
        "--features",
        "balancer",
        "--test",
        "balancer",
        "--",
        // One crowd at a time: two would take each other's processor.
        "--test-threads",
        "1",
    ];
    context.run(&mut context.cargo(drill))?;
    Ok(Vec::new())
}
