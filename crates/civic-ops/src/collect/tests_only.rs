//! Which files are there for tests only.

/// Whether a path is one of tests: `tests/api.rs`, `src/store/tests.rs`, `test-utils/src/lib.rs`.
pub(super) fn is_test_path(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let file = parts.pop().unwrap_or_default();
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let of_tests = |word: &str| {
        matches!(
            word,
            "test"
                | "tests"
                | "testing"
                | "e2e"
                | "bench"
                | "benches"
                | "fixtures"
                | "mock"
                | "mocks"
                | "testutil"
                | "testutils"
        )
    };
    parts
        .iter()
        .any(|part| part.split(['-', '_']).any(of_tests))
        || stem.split('_').next_back().is_some_and(of_tests)
        || stem
            .split('_')
            .next()
            .is_some_and(|first| matches!(first, "test" | "tests"))
}

/// Where a module may stand that a file declares without a body: a file, and the folder of its own modules.
pub(super) fn files_of_module(path: &str, module: &str) -> [String; 3] {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let base = match (stem, folder) {
        ("mod" | "lib" | "main", "") => String::new(),
        ("mod" | "lib" | "main", folder) => format!("{folder}/"),
        (stem, "") => format!("{stem}/"),
        (stem, folder) => format!("{folder}/{stem}/"),
    };
    [
        format!("{base}{module}.rs"),
        format!("{base}{module}/"),
        format!("{folder}/{module}.rs"),
    ]
}

/// Whether a path is this file or in this folder.
pub(super) fn is_within(path: &str, test: &str) -> bool {
    path == test || (test.ends_with('/') && path.starts_with(test))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_tests_are_known() {
        for path in [
            "tests/api.rs",
            "crates/a/tests/x/mod.rs",
            "src/store/tests.rs",
            "src/user_test.rs",
            "test-utils/src/lib.rs",
            "crates/integration-tests/src/main.rs",
        ] {
            assert!(is_test_path(path), "{path}");
        }
        for path in [
            "src/main.rs",
            "src/latest.rs",
            "src/contest/mod.rs",
            "src/attest.rs",
        ] {
            assert!(!is_test_path(path), "{path}");
        }
    }

    #[test]
    fn a_module_stands_beside_its_parent_or_below_it() {
        assert_eq!(
            files_of_module("src/lib.rs", "fake")[..2],
            ["src/fake.rs", "src/fake/"]
        );
        assert_eq!(
            files_of_module("src/store.rs", "fake")[0],
            "src/store/fake.rs"
        );
        assert!(is_within("src/fake/a.rs", "src/fake/") && !is_within("src/fakes.rs", "src/fake"));
    }
}
