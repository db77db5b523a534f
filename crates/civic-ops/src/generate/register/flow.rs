//! Where the fields go: which queries write, read and erase them, which calls log them and which send them.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Row, Sent};
use super::{Answer, Reading, Spot};
use crate::facts::{Argument, Outside, OutsideKind, SiteKind};
use crate::judge::{How, Touched};
use crate::sql::{Statement, Verb};

/// Fills in the rows, and gives what could not be laid to one of them.
pub(super) fn follow(reading: &Reading<'_>, rows: &mut [Row]) -> Vec<String> {
    let mut notes = Vec::new();
    queries(reading, rows);
    erasures(reading, rows);
    logs(reading, rows, &mut notes);
    calls(reading, rows, &mut notes);
    for row in rows {
        for list in [&mut row.written, &mut row.read, &mut row.logged] {
            list.sort();
            list.dedup();
        }
        row.sent
            .sort_by(|a, b| (&a.path, a.line).cmp(&(&b.path, b.line)));
        row.sent.dedup();
    }
    notes
}

fn queries(reading: &Reading<'_>, rows: &mut [Row]) {
    for (spot, sql) in statements(reading) {
        for row in rows.iter_mut().filter(|row| row.is_stored()) {
            if !sql.tables.contains(&row.owner) {
                continue;
            }
            let writes = sql.writes.as_ref() == Some(&row.owner);
            if writes && sql.verb == Verb::Insert && sql.columns.contains(&row.name)
                || sql.sets.contains(&row.name) && writes
            {
                row.written.push(spot.clone());
            }
            let reads = !writes || sql.verb == Verb::Select;
            if reads && (sql.star || sql.columns.contains(&row.name)) {
                row.read.push(spot.clone());
            }
        }
    }
}

/// The queries outside of tests, with their places.
fn statements<'a>(reading: &Reading<'a>) -> impl Iterator<Item = (Spot, &'a Statement)> {
    let facts = reading.facts;
    let settings = reading.settings;
    facts.queries.iter().filter_map(move |query| {
        let call = &facts.calls[query.call];
        let spot = Spot::new(facts, &call.place);
        (!call.in_test && !settings.excludes(&spot.path)).then_some((spot, &query.sql))
    })
}

/// What deletes the rows of a table, or empties a column.
fn erasures(reading: &Reading<'_>, rows: &mut [Row]) {
    let facts = reading.facts;
    let mut deleted: BTreeMap<&str, BTreeSet<Spot>> = BTreeMap::new();
    let mut cleared: BTreeMap<(&str, &str), BTreeSet<Spot>> = BTreeMap::new();
    for (spot, sql) in statements(reading) {
        let Some(table) = sql.writes.as_deref() else {
            continue;
        };
        if sql.verb == Verb::Delete {
            deleted.entry(table).or_default().insert(spot);
            continue;
        }
        for column in &sql.clears {
            let spots = cleared.entry((table, column)).or_default();
            spots.insert(spot.clone());
        }
    }
    // A query builder: `diesel::delete(users::table)`.
    let built = facts
        .calls
        .iter()
        .filter(|call| !call.in_test && call.name == "delete" && !call.is_method);
    for call in built {
        let words: BTreeSet<&str> = call
            .arguments
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .collect();
        for table in facts
            .tables
            .iter()
            .filter(|table| words.contains(table.name.as_str()))
        {
            let spot = Spot::new(facts, &call.place);
            deleted.entry(&table.name).or_default().insert(spot);
        }
    }
    // Rows that go with those of another table.
    for _ in 0..facts.tables.len().min(8) {
        for table in &facts.tables {
            for (other, cascades) in &table.references {
                if *cascades && deleted.contains_key(other.as_str()) && *other != table.name {
                    let spot = Spot::new(facts, &table.place);
                    let spot = spot.with(format!("with `{other}`"));
                    deleted.entry(&table.name).or_default().insert(spot);
                }
            }
        }
    }
    for row in rows.iter_mut().filter(|row| row.is_stored()) {
        let spots: BTreeSet<&Spot> = deleted
            .get(row.owner.as_str())
            .into_iter()
            .chain(cleared.get(&(row.owner.as_str(), row.name.as_str())))
            .flatten()
            .collect();
        row.erased = if spots.is_empty() {
            Answer::unknown("no query was found that erases it", &row.spot)
        } else {
            Answer::Known(spots.into_iter().cloned().collect())
        };
    }
}

fn logs(reading: &Reading<'_>, rows: &mut [Row], notes: &mut Vec<String>) {
    for site in &reading.facts.sites {
        let spot = Spot::new(reading.facts, &site.place);
        if site.in_test
            || matches!(site.kind, SiteKind::Display | SiteKind::Debug)
            || reading.settings.excludes(&spot.path)
        {
            continue;
        }
        for argument in &site.arguments {
            let Some(why) = reading.judge.argument(argument) else {
                continue;
            };
            let how = if argument.debug {
                How::Debug
            } else {
                How::Display
            };
            let mut touched = reading.judge.touched(&argument.value, how);
            if touched.is_empty() {
                let name = why.what.rsplit(['.', ':']).next().unwrap_or_default();
                touched.push(Touched {
                    owner: None,
                    name: name.trim_end_matches("()").to_owned(),
                });
            }
            for one in touched {
                match find(rows, &one) {
                    Found::Rows(found) => {
                        for at in found {
                            rows[at].logged.push(spot.clone().with(&site.name));
                        }
                    }
                    Found::Several(fields) => notes.push(format!(
                        "`{}` is written out by `{}`, and may be any of {fields}, {}",
                        one.name,
                        site.name,
                        spot.shown()
                    )),
                    Found::Nothing => notes.push(format!(
                        "`{}` ({}) is written out by `{}`, and belongs to no field that is known, {}",
                        why.what,
                        why.kind,
                        site.name,
                        spot.shown()
                    )),
                }
            }
        }
    }
}

fn calls(reading: &Reading<'_>, rows: &mut [Row], notes: &mut Vec<String>) {
    for outside in &reading.facts.outside {
        let spot = Spot::new(reading.facts, &outside.place);
        if outside.in_test || reading.settings.excludes(&spot.path) {
            continue;
        }
        let to = recipient(reading, outside, &spot);
        for argument in &outside.arguments {
            let touched = reading.judge.touched(&argument.value, How::Whole);
            if touched.is_empty() && is_body(argument) && argument.value.path().is_empty() {
                notes.push(format!(
                    "what `{}` hands over cannot be told, {}",
                    outside.name,
                    spot.shown()
                ));
            }
            for one in touched {
                match find(rows, &one) {
                    Found::Rows(found) => {
                        for at in found {
                            rows[at].sent.push(Sent {
                                path: spot.path.clone(),
                                line: spot.line,
                                to: to.clone(),
                            });
                        }
                    }
                    Found::Several(fields) => notes.push(format!(
                        "`{}` is sent, and may be any of {fields}, {}",
                        one.name,
                        spot.shown()
                    )),
                    Found::Nothing => notes.push(format!(
                        "`{}` is sent, and belongs to no field that is known, {}",
                        one.name,
                        spot.shown()
                    )),
                }
            }
        }
    }
}

fn is_body(argument: &Argument) -> bool {
    matches!(
        argument.key.as_deref(),
        Some("json" | "form" | "body" | "payload" | "multipart" | "send_json" | "send_form")
    )
}

/// Who a call goes to: by `civic.toml`, by the host of a literal address, or by what carries it.
pub(super) fn recipient(reading: &Reading<'_>, outside: &Outside, spot: &Spot) -> Answer<String> {
    let constants = outside.constants.iter().filter_map(|name| {
        let mut list = reading.facts.constants.iter();
        let (_, text) = list.find(|(constant, _)| constant == name)?;
        Some(text.as_str())
    });
    let host = outside
        .address
        .as_deref()
        .into_iter()
        .chain(constants)
        .find_map(host);
    for recipient in &reading.settings.register.recipients {
        let by_host = host.is_some_and(|host| {
            let mut hosts = recipient.hosts.iter();
            hosts.any(|known| host.eq_ignore_ascii_case(known))
        });
        let by_path = recipient.calls.iter().any(|start| {
            let rest = spot.path.strip_prefix(start.trim_end_matches('/'));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        if by_host || by_path {
            return Answer::Known(recipient.name.clone());
        }
    }
    if let Some(host) = host {
        return Answer::Known(host.to_owned());
    }
    match (outside.kind, outside.address.as_deref()) {
        (OutsideKind::Queue, Some(topic)) => Answer::Known(format!("queue {topic}")),
        (OutsideKind::Mail, _) => Answer::Known("mail".to_owned()),
        _ => Answer::unknown("the address is no literal", spot),
    }
}

/// `api.example.com` of `https://api.example.com:8443/v1`.
fn host(address: &str) -> Option<&str> {
    let (scheme, rest) = address.split_once("://")?;
    let rest = rest.split(['/', '?', '#']).next()?;
    let rest = rest.rsplit('@').next()?;
    let host = rest.split(':').next()?;
    let plain = !host.is_empty() && !host.contains(['{', '}', '$', ' ']);
    (scheme.starts_with("http") && plain).then_some(host)
}

/// Which rows are meant.
enum Found {
    Rows(Vec<usize>),
    /// The fields that may be.
    Several(String),
    Nothing,
}

fn find(rows: &[Row], touched: &Touched) -> Found {
    let named = |row: &Row| {
        row.name == touched.name || row.aliases.iter().any(|(_, name)| *name == touched.name)
    };
    if let Some(owner) = &touched.owner {
        let exact: Vec<usize> = positions(rows, |row| {
            let alias = (owner.clone(), touched.name.clone());
            row.aliases.contains(&alias) || row.owner == *owner && row.name == touched.name
        });
        if !exact.is_empty() {
            return Found::Rows(exact);
        }
    }
    let possible = positions(rows, named);
    match possible[..] {
        [] => Found::Nothing,
        [one] => Found::Rows(vec![one]),
        _ => {
            let fields: Vec<String> = possible
                .iter()
                .map(|at| format!("`{}`", rows[*at].field))
                .collect();
            Found::Several(fields.join(", "))
        }
    }
}

fn positions(rows: &[Row], wanted: impl Fn(&Row) -> bool) -> Vec<usize> {
    let all = rows.iter().enumerate();
    all.filter(|(_, row)| wanted(row))
        .map(|(at, _)| at)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn the_host_of_an_address_is_read_without_its_port_and_who_signs_in() {
        assert_eq!(
            host("https://api.example.com:8443/v1?a=b"),
            Some("api.example.com")
        );
        assert_eq!(host("http://jo@mail.example.com"), Some("mail.example.com"));
        for text in [
            "{base}/x",
            "https://{host}/x",
            "postgres://a/b",
            "topic",
            "https://",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
