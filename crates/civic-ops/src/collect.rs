//! From files to facts.

mod lines;
mod rust;
mod tests_only;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::facts::{Facts, Undecided};
use crate::source::Sources;

pub(crate) use lines::Lines;

/// Reads all facts out of the files.
pub(crate) fn collect(sources: &Sources) -> Facts {
    let mut facts = Facts::default();
    for (path, why) in sources.unread() {
        facts.undecided.push(undecided(path, 1, why));
    }
    let mut test_files = BTreeSet::new();
    let mut files = Vec::new();
    for (path, text) in sources.texts().filter(|(path, _)| is_rust(path)) {
        let file = facts.paths.len();
        facts.paths.push(Arc::from(path));
        let in_test = tests_only::is_test_path(path);
        // A defect here must cost one file and not the others.
        let Ok(found) = catch_unwind(AssertUnwindSafe(|| rust::read(text, file, in_test))) else {
            facts.undecided.push(undecided(
                path,
                1,
                "reading it broke off: a defect of this program",
            ));
            continue;
        };
        for module in &found.test_modules {
            test_files.extend(tests_only::files_of_module(path, module));
        }
        if let Some(at) = found.unbalanced {
            let (line, _) = Lines::new(text).place(at);
            facts
                .undecided
                .push(undecided(path, line, "a bracket has no partner"));
        }
        files.push((path, found));
    }
    for (path, mut found) in files {
        if test_files
            .iter()
            .any(|test| tests_only::is_within(path, test))
        {
            found.sites.iter_mut().for_each(|site| site.in_test = true);
            found.types.iter_mut().for_each(|ty| ty.in_test = true);
            found
                .functions
                .iter_mut()
                .for_each(|function| function.in_test = true);
        }
        facts.sites.append(&mut found.sites);
        facts.types.append(&mut found.types);
        facts.functions.append(&mut found.functions);
        facts.manual_debug.append(&mut found.manual_debug);
    }
    facts
}

/// Whether a path is one of Rust source.
pub(crate) fn is_rust(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "rs")
}

pub(crate) fn undecided(path: &str, line: usize, why: &str) -> Undecided {
    Undecided {
        path: path.to_owned(),
        line,
        why: why.to_owned(),
    }
}
