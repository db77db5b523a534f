//! The register as Markdown.

use core::fmt::Write as _;

use super::row::{Row, Sent};
use super::{Answer, Register, Spot};

pub(super) fn write(register: &Register) -> String {
    let mut out = String::from(
        "# Record of processing activities\n\n\
         UK GDPR Article 30(1). Made by `cargo civic register` from the source of the service and its `civic.toml`: \
         change those, and make it anew.\n\n",
    );
    for (name, value) in [
        ("Controller", text(&register.controller)),
        ("Contact", text(&register.contact)),
        (
            "Data protection officer",
            text(&register.protection_officer),
        ),
        ("Security measures", list(&register.security, ", ")),
    ] {
        let _ = writeln!(out, "- {name}: {value}");
    }
    out.push_str("\n## Processing activities\n\n");
    if register.activities.is_empty() {
        out.push_str("No personal data was found.\n");
    } else {
        table(
            &mut out,
            &[
                "Purpose",
                "Lawful basis",
                "People",
                "Data",
                "Held in",
                "Recipients",
                "Transfers",
                "Kept for",
                "Security",
            ],
            register.activities.iter().map(|activity| {
                vec![
                    text(&activity.purpose),
                    text(&activity.lawful_basis),
                    list(&activity.people, ", "),
                    activity.data.join(", "),
                    codes(&activity.stores),
                    match &activity.recipients {
                        Answer::Known(none) if none.is_empty() => "none found".to_owned(),
                        some => list(some, ", "),
                    },
                    list(&activity.transfers, "; "),
                    list(&activity.retention, ", "),
                    list(&activity.security, ", "),
                ]
            }),
        );
    }
    out.push_str("\n## Where each field is\n\n");
    if register.fields.is_empty() {
        out.push_str("No personal field was found.\n");
    } else {
        table(
            &mut out,
            &[
                "Field", "Data", "Category", "Purpose", "Stored", "Held in", "Written", "Read",
                "Logged", "Sent", "Erased", "Kept for", "Known by",
            ],
            register.fields.iter().map(field),
        );
    }
    let _ = writeln!(
        out,
        "\n## Not determined: {}\n",
        register.not_determined.len()
    );
    for line in &register.not_determined {
        let _ = writeln!(out, "- not determined: {}", escape(line));
    }
    if register.not_determined.is_empty() {
        out.push_str("Everything above is determined.\n");
    }
    out
}

fn field(row: &Row) -> Vec<String> {
    vec![
        format!("`{}`", row.field),
        row.kind.clone(),
        row.category.to_owned(),
        match &row.purposes[..] {
            [] => "not determined".to_owned(),
            purposes => escape(&purposes.join(", ")),
        },
        answered(&row.stored),
        spots(&row.held),
        spots(&row.written),
        spots(&row.read),
        spots(&row.logged),
        sent(&row.sent),
        answered(&row.erased),
        text(&row.retention),
        origin(row).to_owned(),
    ]
}

pub(super) fn origin(row: &Row) -> &'static str {
    match row.origin {
        crate::Origin::Declared => "declared",
        crate::Origin::Scanned => "scanned",
        crate::Origin::Typed => "typed",
    }
}

fn table(out: &mut String, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = writeln!(out, "| {} |", heads.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(heads.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
}

fn text(answer: &Answer<String>) -> String {
    match answer {
        Answer::Known(text) => escape(text),
        Answer::Unknown { not_determined } => unknown(not_determined),
    }
}

fn list(answer: &Answer<Vec<String>>, between: &str) -> String {
    match answer {
        Answer::Known(list) => escape(&list.join(between)),
        Answer::Unknown { not_determined } => unknown(not_determined),
    }
}

fn unknown(why: &str) -> String {
    format!("not determined: {}", escape(why))
}

fn answered(answer: &Answer<Vec<Spot>>) -> String {
    match answer {
        Answer::Known(list) => spots(list),
        Answer::Unknown { not_determined } => unknown(not_determined),
    }
}

fn spots(list: &[Spot]) -> String {
    if list.is_empty() {
        return "none found".to_owned();
    }
    let all: Vec<String> = list
        .iter()
        .map(|spot| match &spot.what {
            Some(what) => format!("`{}` ({})", spot.shown(), escape(what)),
            None => format!("`{}`", spot.shown()),
        })
        .collect();
    all.join(", ")
}

fn sent(list: &[Sent]) -> String {
    if list.is_empty() {
        return "none found".to_owned();
    }
    let all: Vec<String> = list
        .iter()
        .map(|sent| format!("{} at `{}:{}`", text(&sent.to), sent.path, sent.line))
        .collect();
    all.join(", ")
}

fn codes(names: &[String]) -> String {
    let all: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    all.join(", ")
}

/// What would end a cell, begin a tag or a link.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '|' | '<' | '[' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn nothing_in_a_text_ends_a_cell() {
        assert_eq!(escape("a|b\nc<d>[e](f)"), "a\\|b c\\<d>\\[e](f)");
    }
}
