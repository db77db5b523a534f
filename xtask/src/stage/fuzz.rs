//! A minute of each fuzz target.

use super::Outcome;
use crate::context::Context;
use crate::fuzz;
use crate::tool::CXX;

const SECONDS: u32 = 60;

pub(super) fn run(context: &Context) -> Outcome {
    if !CXX.is_here() {
        return if context.with_tools {
            Err(CXX.how_to_install())
        } else {
            Ok(vec![CXX.how_to_install()])
        };
    }
    fuzz::build_and_run(context, &fuzz::targets(context)?, SECONDS)?;
    Ok(Vec::new())
}
