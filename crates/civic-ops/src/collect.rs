//! From files to facts.

mod journeys;
mod lines;
mod migrations;
mod queries;
mod rust;
mod tests_only;

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use crate::facts::{Facts, Template, Undecided};
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
            for function in &mut found.functions {
                function.in_test = true;
            }
            found.calls.iter_mut().for_each(|call| call.in_test = true);
            for journey in &mut found.journeys {
                journey.in_test = true;
            }
            for outside in &mut found.outside {
                outside.in_test = true;
            }
            found.messages.clear();
            found.variables.clear();
        }
        let before = facts.functions.len();
        for call in &mut found.calls {
            call.function = call.function.map(|function| before + function);
        }
        for line in found.odd_journeys.drain(..) {
            facts
                .undecided
                .push(undecided(path, line, journeys::OTHER_FORM));
        }
        facts.journeys.append(&mut found.journeys);
        for outside in &mut found.outside {
            outside.function = outside.function.map(|function| before + function);
        }
        facts.outside.append(&mut found.outside);
        facts.constants.append(&mut found.constants);
        facts.calls.append(&mut found.calls);
        facts.implementations.append(&mut found.implementations);
        facts.messages.append(&mut found.messages);
        facts.variables.append(&mut found.variables);
        facts.sites.append(&mut found.sites);
        facts.types.append(&mut found.types);
        facts.functions.append(&mut found.functions);
        facts.manual_debug.append(&mut found.manual_debug);
    }
    other_files(sources, &mut facts);
    facts
}

/// Stack for the parser of SQL: an expression may be nested as deeply as a statement is long.
const STACK: usize = 256 * 1024 * 1024;

/// Reads what is no Rust: migrations, templates, documents; and the SQL in the Rust files.
fn other_files(sources: &Sources, facts: &mut Facts) {
    for (path, text) in sources.texts() {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        match extension {
            "html" | "jinja" | "j2" | "tera" | "hbs" | "njk" if !tests_only::is_test_path(path) => {
                let file = facts.paths.len();
                facts.paths.push(Arc::from(path));
                facts.templates.push(Template {
                    file,
                    text: text.to_owned(),
                });
            }
            "md" | "example" | "sample" | "yml" | "yaml" => {
                facts.documents.push_str(text);
                facts.documents.push('\n');
            }
            _ => {}
        }
    }
    let read = || {
        queries::read(facts);
        migrations::read(sources, facts);
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, read);
        // Without the thread there are no tables and no queries, and no rule speaks of them.
        if let Ok(thread) = thread {
            let _ = thread.join();
        }
    });
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
