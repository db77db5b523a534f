//! An audit trail whose process is killed, whose disk fails and whose power is cut, a few times each.

use crate::context::Context;
use crate::stage::Outcome;
use crate::tool::{FIU, XFS_IO};

pub(super) fn run(context: &Context) -> Outcome {
    let missing: Vec<String> = [FIU, XFS_IO]
        .iter()
        .filter(|tool| !tool.is_here())
        .map(crate::tool::Tool::how_to_install)
        .collect();
    if context.with_tools
        && let Some(missing) = missing.first()
    {
        return Err(missing.clone());
    }
    let faults = ["run", "-p", "civic-benches", "--bin", "audit-faults"];
    context.run(&mut context.cargo(faults))?;
    Ok(missing)
}
