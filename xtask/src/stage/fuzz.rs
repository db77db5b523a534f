//! A minute of each fuzz target, from a fixed seed: a change is judged by what it breaks, not by luck. New ground is searched
//! by hand, with `cargo xtask fuzz`.

use super::Outcome;
use crate::context::Context;
use crate::fuzz::{self, Tier};
use crate::tool::CXX;

const TIER: Tier = Tier {
    seconds: 60,
    seed: Some(20_261_124),
};

pub(super) fn run(context: &Context) -> Outcome {
    if !CXX.is_here() {
        return if context.with_tools {
            Err(CXX.how_to_install())
        } else {
            Ok(vec![CXX.how_to_install()])
        };
    }
    fuzz::build_and_run(context, &fuzz::targets(context)?, TIER)?;
    Ok(Vec::new())
}
