//! Documents, manifests and sources agree with each other, and nothing is in them that should not be.

mod document;
mod manifest;
mod source;

use civic_tests::repository::Repository;

fn repository() -> Repository {
    Repository::open().expect("the repository can be read")
}

/// Fails with all problems at once, so that one run shows all there is to do.
#[track_caller]
fn assert_none(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
