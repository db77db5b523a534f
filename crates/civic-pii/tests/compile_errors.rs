//! What must not compile, and what the compiler says about it.
//!
//! One mistake per file, named after it. The texts beside them are those of the compiler that the workspace is built
//! with; after a change of compiler run with `TRYBUILD=overwrite` and read the difference.

#[test]
fn personal_data_does_not_get_out_by_accident() {
    trybuild::TestCases::new().compile_fail("tests/compile_errors/*.rs");
}
