//! SQL migrations: the tables as the last of them leaves them.

use core::ops::Range;
use std::collections::BTreeMap;
use std::sync::Arc;

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, ColumnDef, ColumnOption, ObjectType, Statement,
    TableConstraint,
};

use super::{Lines, undecided};
use crate::facts::{Change, ChangeKind, Facts, Place, Table};
use crate::source::Sources;
use crate::sql::{last, parse};

/// What a migration says where a table has a retention of its own.
const RETENTION: &str = "civic: retention";

pub(super) fn read(sources: &Sources, facts: &mut Facts) {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    facts.postgres = sources
        .texts()
        .any(|(path, text)| path.ends_with("Cargo.toml") && text.contains("postgres"));
    for (path, text) in sources.texts().filter(|(path, _)| is_migration(path)) {
        let file = facts.paths.len();
        facts.paths.push(Arc::from(path));
        let lines = Lines::new(text);
        for span in statements(text) {
            let sql = &text[span.clone()];
            if !changes_tables(sql) {
                continue;
            }
            let place = |span: Range<usize>| {
                let (line, column) = lines.place(span.start);
                Place {
                    file,
                    span,
                    line,
                    column,
                }
            };
            let Some(parsed) = parse(sql) else {
                let begin = place(span.clone());
                let why = "the migration cannot be parsed";
                facts.undecided.push(undecided(path, begin.line, why));
                continue;
            };
            let mut migration = Migration {
                tables: &mut tables,
                changes: &mut facts.changes,
                sql,
                start: span.start,
                place: &place,
            };
            for ast in &parsed {
                migration.apply(ast);
            }
        }
    }
    facts.tables = tables.into_values().collect();
}

fn is_migration(path: &str) -> bool {
    let sql = path
        .rsplit_once('.')
        .is_some_and(|(_, extension)| extension == "sql");
    let file = path.rsplit('/').next().unwrap_or(path);
    let down = file == "down.sql" || file.ends_with(".down.sql");
    sql && !down
        && path
            .split('/')
            .any(|part| part.contains("migration") || file == "schema.sql" && part == file)
}

/// Whether a statement is one of those that are read here.
fn changes_tables(sql: &str) -> bool {
    let mut words = sql
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default())
        .flat_map(str::split_whitespace)
        .map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    match first.as_str() {
        "create" => matches!(
            second.as_str(),
            "table" | "index" | "unique" | "temporary" | "temp"
        ),
        "alter" | "drop" => second == "table",
        _ => false,
    }
}

/// One statement under way.
struct Migration<'a, P> {
    tables: &'a mut BTreeMap<String, Table>,
    changes: &'a mut Vec<Change>,
    sql: &'a str,
    start: usize,
    place: &'a P,
}

impl<P: Fn(Range<usize>) -> Place> Migration<'_, P> {
    fn apply(&mut self, ast: &Statement) {
        match ast {
            Statement::CreateTable(create) => {
                let name = last(&create.name.to_string());
                self.change(ChangeKind::Create, &name, None);
                let mut table = Table {
                    place: self.find(&name),
                    name: name.clone(),
                    columns: Vec::new(),
                    indexed: Vec::new(),
                    references: Vec::new(),
                    retention: retention(self.sql),
                };
                for column in &create.columns {
                    self.column(&mut table, column);
                }
                for constraint in &create.constraints {
                    constrain(&mut table, constraint);
                }
                self.tables.entry(name).or_insert(table);
            }
            Statement::AlterTable(alter) => {
                let name = last(&alter.name.to_string());
                for operation in &alter.operations {
                    self.changed(&name, operation);
                }
                let Some(mut table) = self.tables.remove(&name) else {
                    return;
                };
                for operation in &alter.operations {
                    self.alter(&mut table, operation);
                }
                if let Some(said) = retention(self.sql) {
                    table.retention = Some(said);
                }
                self.tables.insert(table.name.clone(), table);
            }
            Statement::CreateIndex(index) => {
                if !index.concurrently {
                    self.change(
                        ChangeKind::Index,
                        &last(&index.table_name.to_string()),
                        None,
                    );
                }
                let first = index
                    .columns
                    .first()
                    .map(|column| last(&column.column.to_string()));
                if let Some(table) = self.tables.get_mut(&last(&index.table_name.to_string())) {
                    table.indexed.extend(first);
                }
            }
            Statement::Drop {
                object_type: ObjectType::Table,
                names,
                ..
            } => {
                for name in names {
                    self.change(ChangeKind::Drop, &last(&name.to_string()), None);
                    self.tables.remove(&last(&name.to_string()));
                }
            }
            _ => {}
        }
    }

    /// Notes what an ALTER changes for those who use the table.
    fn changed(&mut self, table: &str, operation: &AlterTableOperation) {
        match operation {
            AlterTableOperation::DropColumn { column_names, .. } => {
                for column in column_names {
                    self.change(ChangeKind::Drop, table, Some(&column.value));
                }
            }
            AlterTableOperation::RenameColumn {
                old_column_name, ..
            } => {
                self.change(ChangeKind::Rename, table, Some(&old_column_name.value));
            }
            AlterTableOperation::RenameTable { .. } => self.change(ChangeKind::Rename, table, None),
            AlterTableOperation::AddColumn { column_def, .. } => {
                let has = |wanted: fn(&ColumnOption) -> bool| {
                    column_def
                        .options
                        .iter()
                        .any(|option| wanted(&option.option))
                };
                let required = has(|option| matches!(option, ColumnOption::NotNull));
                let filled = has(|option| {
                    matches!(
                        option,
                        ColumnOption::Default(_) | ColumnOption::Generated { .. }
                    )
                });
                if required && !filled {
                    self.change(ChangeKind::NotNull, table, Some(&column_def.name.value));
                }
            }
            AlterTableOperation::AlterColumn { column_name, op } => match op {
                AlterColumnOperation::SetNotNull => {
                    self.change(ChangeKind::NotNull, table, Some(&column_name.value));
                }
                AlterColumnOperation::SetDataType { .. } => {
                    self.change(ChangeKind::Type, table, Some(&column_name.value));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn change(&mut self, kind: ChangeKind, table: &str, column: Option<&str>) {
        let column = column.map(str::to_lowercase);
        let place = self.find(column.as_deref().unwrap_or(table));
        self.changes.push(Change {
            kind,
            table: table.to_owned(),
            column,
            place,
        });
    }

    fn alter(&self, table: &mut Table, operation: &AlterTableOperation) {
        match operation {
            AlterTableOperation::AddColumn { column_def, .. } => self.column(table, column_def),
            AlterTableOperation::DropColumn { column_names, .. } => {
                for column in column_names {
                    let dropped = column.value.to_lowercase();
                    table.columns.retain(|(name, _)| *name != dropped);
                }
            }
            AlterTableOperation::RenameColumn {
                old_column_name,
                new_column_name,
            } => {
                let old = old_column_name.value.to_lowercase();
                for (name, _) in table.columns.iter_mut().filter(|(name, _)| *name == old) {
                    *name = new_column_name.value.to_lowercase();
                }
            }
            AlterTableOperation::RenameTable { table_name } => {
                let text = table_name.to_string();
                table.name = last(text.rsplit(' ').next().unwrap_or_default());
                table.place = self.find(&table.name);
            }
            AlterTableOperation::AddConstraint { constraint, .. } => constrain(table, constraint),
            _ => {}
        }
    }

    fn column(&self, table: &mut Table, column: &ColumnDef) {
        let name = column.name.value.to_lowercase();
        for option in &column.options {
            let text = option.option.to_string().to_uppercase();
            if text.contains("PRIMARY KEY") || text.starts_with("UNIQUE") {
                table.indexed.push(name.clone());
            }
            refer(table, &option.option.to_string());
        }
        let place = self.find(&name);
        table.columns.push((name, place));
    }

    /// Where a name stands in the statement, as a word.
    fn find(&self, name: &str) -> Place {
        let lower = self.sql.to_ascii_lowercase();
        let is_word = |at: usize| {
            let before = lower[..at].chars().next_back();
            let after = lower[at + name.len()..].chars().next();
            [before, after]
                .into_iter()
                .flatten()
                .all(|c| !c.is_alphanumeric() && c != '_')
        };
        let at = lower
            .match_indices(name)
            .map(|(at, _)| at)
            .find(|at| is_word(*at))
            .unwrap_or(0);
        (self.place)(self.start + at..self.start + at + name.len().min(self.sql.len() - at))
    }
}

/// The duration behind `civic: retention`.
fn retention(sql: &str) -> Option<String> {
    let (_, rest) = sql.split_once(RETENTION)?;
    let line = rest.lines().next().unwrap_or_default();
    let word = line.split_whitespace().next().unwrap_or_default();
    Some(word.to_owned())
}

fn constrain(table: &mut Table, constraint: &TableConstraint) {
    let text = constraint.to_string();
    let upper = text.to_uppercase();
    if (upper.contains("PRIMARY KEY") || upper.contains("UNIQUE"))
        && let Some((_, columns)) = text.split_once('(')
    {
        let first = columns.split([',', ')']).next().unwrap_or_default();
        table.indexed.push(last(first));
    }
    refer(table, &text);
}

/// Notes the table behind `REFERENCES`.
fn refer(table: &mut Table, text: &str) {
    let upper = text.to_uppercase();
    if let Some(at) = upper.find("REFERENCES ")
        && let Some(rest) = text.get(at + "REFERENCES ".len()..)
    {
        let name = rest.split(['(', ' ']).next().unwrap_or_default();
        let cascades = upper.contains("ON DELETE CASCADE");
        table.references.push((last(name), cascades));
    }
}

/// Where the statements of a text stand: cut at `;` outside of quotes and comments.
fn statements(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let skip = match bytes[at] {
            b';' => {
                spans.push(start..at);
                start = at + 1;
                1
            }
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            quote @ (b'\'' | b'"') => rest[1..]
                .find(char::from(quote))
                .map_or(rest.len(), |end| end + 2),
            b'$' => dollar(rest),
            _ => 1,
        };
        at += skip;
        while !text.is_char_boundary(at.min(text.len())) {
            at += 1;
        }
    }
    if !text[start..].trim().is_empty() {
        spans.push(start..text.len());
    }
    spans
}

/// Length of what stands between `$tag$` and the next one; 1 where there is none.
fn dollar(rest: &str) -> usize {
    let tag = rest[1..]
        .find('$')
        .map(|end| &rest[..end + 2])
        .filter(|tag| {
            tag[1..tag.len() - 1]
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
    let Some(tag) = tag else {
        return 1;
    };
    rest[tag.len()..]
        .find(tag)
        .map_or(rest.len(), |end| end + 2 * tag.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_cut_outside_of_quotes_and_comments() {
        let text = "a ';' b; -- x;y\nc $$ ; $$ $t$ ; $t$; /* ; */ d";
        let found: Vec<&str> = statements(text)
            .into_iter()
            .map(|span| text[span].trim())
            .collect();
        assert_eq!(
            found,
            ["a ';' b", "-- x;y\nc $$ ; $$ $t$ ; $t$", "/* ; */ d"]
        );
        for hostile in ["é;'", "$é$", "$a$ \u{1f600}", "--", "/*", "'\u{1f600}"] {
            statements(hostile);
        }
    }
}
