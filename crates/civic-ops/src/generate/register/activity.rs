//! The processing activities of Article 30(1): one for each purpose, and one for each table that no purpose names.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::row::Row;
use super::{Answer, Reading, Spot};
use crate::settings::Purpose;

/// What the data is held for, and what Article 30 asks of that.
#[derive(Debug, Serialize)]
pub(super) struct Activity {
    pub(super) purpose: Answer<String>,
    pub(super) lawful_basis: Answer<String>,
    pub(super) people: Answer<Vec<String>>,
    /// Tables and types.
    pub(super) stores: Vec<String>,
    /// Ids of kinds.
    pub(super) data: Vec<String>,
    pub(super) recipients: Answer<Vec<String>>,
    pub(super) transfers: Answer<Vec<String>>,
    pub(super) retention: Answer<Vec<String>>,
    pub(super) security: Answer<Vec<String>>,
}

impl Activity {
    pub(super) fn unknown(&self) -> Vec<String> {
        let lists = [
            &self.people,
            &self.recipients,
            &self.transfers,
            &self.retention,
            &self.security,
        ];
        let name = match &self.purpose {
            Answer::Known(name) => format!("\u{201c}{name}\u{201d}"),
            Answer::Unknown { .. } => format!("`{}`", self.stores.join("`, `")),
        };
        [&self.purpose, &self.lawful_basis]
            .into_iter()
            .filter_map(Answer::why)
            .chain(lists.into_iter().filter_map(Answer::why))
            .map(|why| format!("{name}: {why}"))
            .collect()
    }
}

pub(super) fn activities(
    reading: &Reading<'_>,
    rows: &mut [Row],
    notes: &mut Vec<String>,
) -> Vec<Activity> {
    let purposes = &reading.settings.register.purposes;
    for purpose in purposes {
        for store in &purpose.stores {
            if !rows.iter().any(|row| is_in(row, store)) {
                notes.push(format!(
                    "\u{201c}{}\u{201d} names `{store}`, which holds no personal field that is known, {}",
                    purpose.name,
                    line(reading, purpose).shown()
                ));
            }
        }
    }
    for row in rows.iter_mut() {
        let held_for = purposes
            .iter()
            .filter(|purpose| purpose.stores.iter().any(|store| is_in(row, store)));
        let held_for: Vec<&Purpose> = held_for.collect();
        row.purposes = held_for
            .iter()
            .map(|purpose| purpose.name.clone())
            .collect();
        let mut said = held_for
            .iter()
            .filter_map(|purpose| purpose.retention.as_ref());
        if let (Answer::Unknown { .. }, Some(said)) = (&row.retention, said.next()) {
            row.retention = Answer::Known(said.clone());
        }
    }
    let rows: &[Row] = rows;
    let mut activities: Vec<Activity> = purposes
        .iter()
        .map(|purpose| {
            let of = |row: &&Row| row.purposes.contains(&purpose.name);
            let rows: Vec<&Row> = rows.iter().filter(of).collect();
            declared(reading, purpose, &rows)
        })
        .collect();
    let mut left: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    let mut nowhere: Vec<&Row> = Vec::new();
    for row in rows.iter().filter(|row| row.purposes.is_empty()) {
        if row.is_stored() {
            left.entry(&row.owner).or_default().push(row);
        } else {
            nowhere.push(row);
        }
    }
    activities.extend(left.values().map(|rows| undeclared(reading, rows)));
    if !nowhere.is_empty() {
        activities.push(undeclared(reading, &nowhere));
    }
    activities
}

/// Whether a row belongs to a table or a type of this name.
fn is_in(row: &Row, store: &str) -> bool {
    row.owner.eq_ignore_ascii_case(store) || row.aliases.iter().any(|(ty, _)| ty == store)
}

fn declared(reading: &Reading<'_>, purpose: &Purpose, rows: &[&Row]) -> Activity {
    let spot = line(reading, purpose);
    let missing = |key: &str| format!("the purpose has no `{key}`");
    let security: Vec<String> = reading
        .settings
        .register
        .security
        .iter()
        .chain(&purpose.security)
        .cloned()
        .collect();
    let mut recipients: BTreeSet<String> = purpose.recipients.iter().cloned().collect();
    recipients.extend(receivers(rows));
    let transfers: BTreeSet<String> = match &purpose.transfers {
        Some(said) => BTreeSet::from([said.clone()]),
        None => transfers(reading, &recipients),
    };
    Activity {
        purpose: Answer::Known(purpose.name.clone()),
        lawful_basis: match &purpose.lawful_basis {
            Some(basis) => Answer::Known(basis.clone()),
            None => Answer::unknown(&missing("lawful-basis"), &spot),
        },
        people: list(purpose.people.clone(), &missing("people"), &spot),
        stores: stores(rows),
        data: kinds(rows),
        // That nobody receives anything is something to say, too.
        recipients: Answer::Known(recipients.into_iter().collect()),
        transfers: list(
            transfers.into_iter().collect(),
            &missing("transfers"),
            &spot,
        ),
        retention: match &purpose.retention {
            Some(said) => Answer::Known(vec![said.clone()]),
            None => kept(rows, &spot),
        },
        security: list(security, &missing("security"), &spot),
    }
}

fn undeclared(reading: &Reading<'_>, rows: &[&Row]) -> Activity {
    let spot = Spot {
        what: None,
        ..rows[0].spot.clone()
    };
    let unsaid = "no purpose in `civic.toml` names it";
    let recipients: BTreeSet<String> = receivers(rows).collect();
    let across = transfers(reading, &recipients);
    let security = reading.settings.register.security.clone();
    Activity {
        purpose: Answer::unknown(unsaid, &spot),
        lawful_basis: Answer::unknown(unsaid, &spot),
        people: Answer::unknown(unsaid, &spot),
        stores: stores(rows),
        data: kinds(rows),
        recipients: Answer::Known(recipients.into_iter().collect()),
        transfers: list(across.into_iter().collect(), unsaid, &spot),
        retention: kept(rows, &spot),
        security: list(security, unsaid, &spot),
    }
}

fn line(reading: &Reading<'_>, purpose: &Purpose) -> Spot {
    Spot {
        line: purpose.line,
        ..reading.policy.clone()
    }
}

fn list(said: Vec<String>, why: &str, spot: &Spot) -> Answer<Vec<String>> {
    if said.is_empty() {
        Answer::unknown(why, spot)
    } else {
        Answer::Known(said)
    }
}

fn stores(rows: &[&Row]) -> Vec<String> {
    let names: BTreeSet<&String> = rows.iter().map(|row| &row.owner).collect();
    names.into_iter().cloned().collect()
}

fn kinds(rows: &[&Row]) -> Vec<String> {
    let kinds: BTreeSet<&String> = rows.iter().map(|row| &row.kind).collect();
    kinds.into_iter().cloned().collect()
}

fn receivers<'a>(rows: &[&'a Row]) -> impl Iterator<Item = String> + use<'a> {
    let sent: Vec<_> = rows.iter().flat_map(|row| &row.sent).collect();
    sent.into_iter().filter_map(|sent| match &sent.to {
        Answer::Known(to) => Some(to.clone()),
        Answer::Unknown { .. } => None,
    })
}

/// What is said of the countries that these recipients are in.
fn transfers(reading: &Reading<'_>, recipients: &BTreeSet<String>) -> BTreeSet<String> {
    let known = reading.settings.register.recipients.iter();
    known
        .filter(|recipient| recipients.contains(&recipient.name))
        .filter_map(|recipient| {
            let said = recipient.transfers.as_ref()?;
            Some(format!("{}: {said}", recipient.name))
        })
        .collect()
}

/// How long rows are kept, where the source says it for each of them.
fn kept(rows: &[&Row], spot: &Spot) -> Answer<Vec<String>> {
    let mut said: BTreeSet<String> = BTreeSet::new();
    for row in rows {
        match &row.retention {
            Answer::Known(text) => {
                said.insert(format!("{}: {text}", row.owner));
            }
            Answer::Unknown { not_determined } => {
                return Answer::Unknown {
                    not_determined: not_determined.clone(),
                };
            }
        }
    }
    list(said.into_iter().collect(), "nothing says how long", spot)
}
