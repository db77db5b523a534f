//! The register as CSV, quoted as in RFC 4180: one line for each field.

use super::row::Row;
use super::{Answer, Register, Spot};

const HEAD: &[&str] = &[
    "field",
    "data",
    "category",
    "purpose",
    "lawful_basis",
    "people",
    "recipients",
    "transfers",
    "retention",
    "security",
    "stored",
    "held_in",
    "written",
    "read",
    "logged",
    "sent",
    "erased",
    "known_by",
];

pub(super) fn write(register: &Register) -> String {
    let mut out = HEAD.join(",") + "\n";
    for row in &register.fields {
        let cells: Vec<String> = cells(register, row)
            .iter()
            .map(|text| quoted(text))
            .collect();
        out += &cells.join(",");
        out += "\n";
    }
    out
}

fn cells(register: &Register, row: &Row) -> Vec<String> {
    let activities: Vec<_> = register
        .activities
        .iter()
        .filter(|activity| match &activity.purpose {
            Answer::Known(name) => row.purposes.contains(name),
            Answer::Unknown { .. } => {
                row.purposes.is_empty() && activity.stores.contains(&row.owner)
            }
        })
        .collect();
    let each = |cell: &dyn Fn(&super::Activity) -> String| -> String {
        let mut all: Vec<String> = activities.iter().map(|activity| cell(activity)).collect();
        all.dedup();
        all.join("; ")
    };
    vec![
        row.field.clone(),
        row.kind.clone(),
        row.category.to_owned(),
        each(&|activity| one(&activity.purpose)),
        each(&|activity| one(&activity.lawful_basis)),
        each(&|activity| list(&activity.people)),
        each(&|activity| list(&activity.recipients)),
        each(&|activity| list(&activity.transfers)),
        one(&row.retention),
        each(&|activity| list(&activity.security)),
        answered(&row.stored),
        spots(&row.held),
        spots(&row.written),
        spots(&row.read),
        spots(&row.logged),
        row.sent
            .iter()
            .map(|sent| format!("{} at {}:{}", one(&sent.to), sent.path, sent.line))
            .collect::<Vec<_>>()
            .join("; "),
        answered(&row.erased),
        super::markdown::origin(row).to_owned(),
    ]
}

fn one(answer: &Answer<String>) -> String {
    match answer {
        Answer::Known(text) => text.clone(),
        Answer::Unknown { not_determined } => format!("not determined: {not_determined}"),
    }
}

fn list(answer: &Answer<Vec<String>>) -> String {
    match answer {
        Answer::Known(list) => list.join("; "),
        Answer::Unknown { not_determined } => format!("not determined: {not_determined}"),
    }
}

fn answered(answer: &Answer<Vec<Spot>>) -> String {
    match answer {
        Answer::Known(list) => spots(list),
        Answer::Unknown { not_determined } => format!("not determined: {not_determined}"),
    }
}

fn spots(list: &[Spot]) -> String {
    let all: Vec<String> = list.iter().map(Spot::shown).collect();
    all.join("; ")
}

/// A cell; what a spreadsheet would take for a formula begins with an apostrophe.
fn quoted(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(quoted("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("users.email"), "users.email");
    }
}
