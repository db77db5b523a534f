//! What must not compile, and what must.

#[test]
fn order_of_layers() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/ui/fmt_layer_below.rs");
    cases.compile_fail("tests/ui/fmt_layer_above.rs");
    cases.compile_fail("tests/ui/json_layer_above.rs");
    cases.compile_fail("tests/ui/otel_layer_above.rs");
}
