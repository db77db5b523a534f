//! What `cargo test` and nextest ask of a program that is a single test.

/// Whether the test is to run now; where only its name is asked for, prints it.
pub(crate) fn wants(name: &str) -> bool {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if has("--list") {
        if !has("--ignored") {
            println!("{name}: test");
        }
        return false;
    }
    let mut filters = arguments
        .iter()
        .filter(|text| !text.starts_with('-'))
        .peekable();
    filters.peek().is_none() || filters.any(|filter| name.contains(filter.as_str()))
}
