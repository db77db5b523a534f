//! The fakes, and every form in which a sink may print them.

/// In a domain that is reserved for documentation.
pub(crate) const EMAIL: &str = "canary.door@example.com";
/// A made-up NHS number with a right check digit.
pub(crate) const NHS: u64 = 4_434_765_919;

/// Whether a fake is anywhere in these bytes, as text, as hexadecimal or as a list of bytes.
pub(crate) fn found_in(output: &[u8]) -> bool {
    let text = String::from_utf8_lossy(output).to_lowercase();
    needles().iter().any(|needle| text.contains(needle))
        // An integer or a float in a protobuf message.
        || holds(output, &NHS.to_le_bytes())
        || holds(output, &(NHS as f64).to_le_bytes())
        || holds(output, &varint(NHS))
}

/// Forms of both fakes in text; a part is enough, so that one cut by a sink is found too.
fn needles() -> Vec<String> {
    let part = b"canary";
    let number = NHS.to_string();
    let join = |texts: Vec<String>, between: &str| texts.join(between);
    let hex: Vec<String> = part.iter().map(|byte| format!("{byte:02x}")).collect();
    let decimal: Vec<String> = part.iter().map(u8::to_string).collect();
    vec![
        "canary".to_owned(),
        format!("{}.", &number[..1]) + &number[1..],
        number,
        join(hex.clone(), ""),
        join(hex.clone(), " "),
        join(hex, ", "),
        join(decimal.clone(), ","),
        join(decimal, ", "),
    ]
}

fn holds(output: &[u8], needle: &[u8]) -> bool {
    output.windows(needle.len()).any(|window| window == needle)
}

fn varint(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
    bytes
}
