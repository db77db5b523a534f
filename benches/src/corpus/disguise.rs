//! Unicode disguises: what keyboards, word processors and copy and paste do to a value.

use civic_pii::Kind;

use super::rng::Rng;

/// A disguise that changes each character alone.
type Change = (&'static str, fn(char) -> char);

/// The text in a disguise that suits it, and the name of the disguise.
pub fn disguise(kind: Kind, text: &str, rng: &mut Rng) -> Option<(String, &'static str)> {
    let mut ways: Vec<Change> = Vec::new();
    if text.contains(|c: char| c.is_ascii_digit()) {
        ways.push(("full-width", full_width));
        ways.push(("arabic-indic", arabic_indic));
    }
    if text.contains(' ') {
        ways.push(("nbsp", |c| if c == ' ' { '\u{a0}' } else { c }));
        ways.push(("narrow-nbsp", |c| if c == ' ' { '\u{202f}' } else { c }));
        ways.push(("figure-space", |c| if c == ' ' { '\u{2007}' } else { c }));
    }
    if text.contains('-') && kind != Kind::Email {
        ways.push(("en-dash", |c| if c == '-' { '\u{2013}' } else { c }));
        ways.push(("hard-hyphen", |c| if c == '-' { '\u{2011}' } else { c }));
        ways.push(("minus", |c| if c == '-' { '\u{2212}' } else { c }));
    }
    if text.contains(|c| homoglyph(c) != c) {
        ways.push(("homoglyph", homoglyph));
    }
    // Invisible characters, `ways.len()` and up.
    let invisible = [
        ("zero-width-space", '\u{200b}'),
        ("zero-width-joiner", '\u{200d}'),
        ("word-joiner", '\u{2060}'),
        ("soft-hyphen", '\u{ad}'),
        ("byte-order-mark", '\u{feff}'),
    ];
    let length = text.chars().count();
    let hidden = if length > 3 { invisible.len() } else { 0 };
    if ways.len() + hidden == 0 {
        return None;
    }
    let choice = rng.below(ways.len() + hidden);
    if let Some((name, change)) = ways.get(choice) {
        return Some((text.chars().map(change).collect(), name));
    }
    let (name, mark) = invisible[choice - ways.len()];
    let every = if rng.chance(0.3) { 2 } else { length / 2 };
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i > 0 && i % every == 0 {
            out.push(mark);
        }
        out.push(c);
    }
    Some((out, name))
}

fn full_width(c: char) -> char {
    shifted(c, '\u{ff10}')
}

fn arabic_indic(c: char) -> char {
    shifted(c, '\u{660}')
}

fn shifted(c: char, zero: char) -> char {
    match c.to_digit(10) {
        Some(digit) => char::from_u32(zero as u32 + digit).unwrap_or(c),
        None => c,
    }
}

/// The Cyrillic letter that looks like this capital.
fn homoglyph(c: char) -> char {
    match c {
        'A' => '\u{410}',
        'B' => '\u{412}',
        'C' => '\u{421}',
        'E' => '\u{415}',
        'H' => '\u{41d}',
        'K' => '\u{41a}',
        'M' => '\u{41c}',
        'O' => '\u{41e}',
        'P' => '\u{420}',
        'T' => '\u{422}',
        'X' => '\u{425}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disguise_changes_the_text_and_keeps_its_visible_length() {
        let mut rng = Rng::new(3);
        for _ in 0..200 {
            let (text, name) =
                disguise(Kind::Nino, "AB 12 34 56 C", &mut rng).expect("digits have a disguise");
            assert_ne!(text, "AB 12 34 56 C", "{name}");
            assert!(text.chars().count() >= 13, "{name}");
        }
    }
}
