//! SQL: what a statement reads, writes and asks for.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, FromTable, Query, SelectItem, SetExpr, Statement as Ast, TableObject,
    Value, Visit, Visitor,
};
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::parser::Parser;

/// What a statement does.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each answers a question of its own"
)]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Statement {
    pub(crate) verb: Verb,
    /// Tables that it names, in lower case.
    pub(crate) tables: BTreeSet<String>,
    /// The table that it writes.
    pub(crate) writes: Option<String>,
    pub(crate) limit: bool,
    pub(crate) offset: bool,
    /// Whether it gives one row whatever the table holds: only aggregates, and no groups.
    pub(crate) one_row: bool,
    /// Columns that it names, in lower case.
    pub(crate) columns: BTreeSet<String>,
    /// Whether it reads all columns.
    pub(crate) star: bool,
    /// Columns that it compares for equality with a value.
    pub(crate) compares: BTreeSet<String>,
    /// Columns that it sets.
    pub(crate) sets: BTreeSet<String>,
    /// Columns that it sets to nothing, or to a text that is the same for every row.
    pub(crate) clears: BTreeSet<String>,
    /// Whether it looks for a text with a wildcard before it.
    pub(crate) leading_wildcard: bool,
    /// Whether its condition is about time.
    pub(crate) by_time: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Verb {
    Select,
    Insert,
    Update,
    Delete,
    #[default]
    Other,
}

/// Longer statements are not read.
const LONGEST: usize = 32 * 1024;

/// Parses a text in the first dialect that takes it.
pub(crate) fn parse(text: &str) -> Option<Vec<Ast>> {
    if text.len() > LONGEST {
        return None;
    }
    let dialects: [&dyn Dialect; 4] = [
        &PostgreSqlDialect {},
        &SQLiteDialect {},
        &MySqlDialect {},
        &GenericDialect {},
    ];
    dialects
        .into_iter()
        .find_map(|dialect| Parser::parse_sql(dialect, text).ok())
}

/// What the first statement of a text does; `None` if it cannot be parsed.
pub(crate) fn read(text: &str) -> Option<Statement> {
    let parsed = parse(text)?;
    let mut statement = Statement::default();
    for ast in &parsed {
        statement.add(ast);
    }
    Some(statement)
}

impl Statement {
    fn add(&mut self, ast: &Ast) {
        let mut reader = Reader(self);
        let _ = ast.visit(&mut reader);
        match ast {
            Ast::Query(query) => {
                if self.verb == Verb::Other {
                    self.verb = Verb::Select;
                }
                self.star = query.to_string().contains('*');
                self.one_row = gives_one_row(query);
                self.limit |= query.limit_clause.is_some() || query.fetch.is_some();
            }
            Ast::Insert(insert) => {
                self.verb = Verb::Insert;
                let columns = insert
                    .columns
                    .iter()
                    .map(|column| column.value.to_lowercase());
                self.columns.extend(columns);
                if let TableObject::TableName(name) = &insert.table {
                    self.writes = Some(last(&name.to_string()));
                }
            }
            Ast::Update(update) => {
                self.verb = Verb::Update;
                self.writes = Some(last(&update.table.relation.to_string()));
                for assignment in &update.assignments {
                    let column = last(&assignment.target.to_string());
                    if is_fixed(&assignment.value) {
                        self.clears.insert(column.clone());
                    }
                    self.sets.insert(column);
                }
            }
            Ast::Delete(delete) => {
                self.verb = Verb::Delete;
                let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) =
                    &delete.from;
                self.writes = from.first().map(|table| last(&table.relation.to_string()));
            }
            _ => {}
        }
        self.columns.extend(self.sets.iter().cloned());
        self.tables.extend(self.writes.clone());
    }
}

struct Reader<'a>(&'a mut Statement);

impl Visitor for Reader<'_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        let text = query.limit_clause.as_ref().map(ToString::to_string);
        self.0.offset |= text.is_some_and(|text| text.to_ascii_uppercase().contains("OFFSET"));
        ControlFlow::Continue(())
    }

    fn pre_visit_relation(&mut self, relation: &sqlparser::ast::ObjectName) -> ControlFlow<()> {
        self.0.tables.insert(last(&relation.to_string()));
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        self.0.columns.extend(column_name(expr));
        match expr {
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::Eq => {
                    for (column, value) in [(left, right), (right, left)] {
                        if let Some(column) = column_name(column)
                            && column_name(value).is_none()
                        {
                            self.0.compares.insert(column);
                        }
                    }
                }
                BinaryOperator::Lt
                | BinaryOperator::LtEq
                | BinaryOperator::Gt
                | BinaryOperator::GtEq => {
                    let names = [column_name(left), column_name(right)];
                    self.0.by_time |= names.into_iter().flatten().any(|name| is_time(&name));
                }
                _ => {}
            },
            Expr::Like { pattern, .. } | Expr::ILike { pattern, .. } => {
                self.0.leading_wildcard |= begins_with_wildcard(pattern);
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn is_time(column: &str) -> bool {
    column.ends_with("_at")
        || column.ends_with("_on")
        || column.contains("date")
        || column.contains("expir")
        || column.contains("time")
}

fn column_name(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Identifier(name) => Some(name.value.to_lowercase()),
        Expr::CompoundIdentifier(names) => names.last().map(|name| name.value.to_lowercase()),
        _ => None,
    }
}

/// Whether a value is written out: NULL, or a text.
fn is_fixed(value: &Expr) -> bool {
    match value {
        Expr::Value(value) => {
            matches!(value.value, Value::Null | Value::SingleQuotedString(_))
        }
        Expr::Nested(inner) | Expr::Cast { expr: inner, .. } => is_fixed(inner),
        _ => false,
    }
}

fn begins_with_wildcard(pattern: &Expr) -> bool {
    match pattern {
        Expr::Value(value) => match &value.value {
            Value::SingleQuotedString(text) => text.starts_with('%'),
            _ => false,
        },
        Expr::BinaryOp { left, .. } => begins_with_wildcard(left),
        Expr::Function(function) => {
            let text = function.args.to_string();
            function.name.to_string().eq_ignore_ascii_case("concat") && text.starts_with("('%")
        }
        Expr::Nested(inner) => begins_with_wildcard(inner),
        _ => false,
    }
}

/// Whether a query has only aggregates and no groups.
fn gives_one_row(query: &Query) -> bool {
    let SetExpr::Select(select) = &*query.body else {
        return false;
    };
    let aggregate = |item: &SelectItem| {
        let text = item.to_string().to_ascii_lowercase();
        ["count(", "sum(", "max(", "min(", "avg(", "exists("]
            .iter()
            .any(|name| text.trim_start().starts_with(name))
    };
    let grouped = select.group_by.to_string().len() > "GROUP BY ".len();
    (select.from.is_empty() || select.projection.iter().all(aggregate)) && !grouped
}

/// The last name of a path, without quotes, in lower case: `users` of `public."Users" u`.
pub(crate) fn last(name: &str) -> String {
    let name = name.split_whitespace().next().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or(name);
    name.trim_matches(['"', '`', '[', ']', '(', ')'])
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_known_by_what_it_does() {
        let select =
            read("SELECT * FROM public.users u WHERE u.email = $1 ORDER BY id LIMIT 5 OFFSET $2")
                .expect("SQL");
        assert_eq!(select.verb, Verb::Select);
        assert!(select.tables.contains("users") && select.limit && select.offset);
        assert!(select.compares.contains("email"));
        let like = read("select id from t where name like '%' || ? || '%'").expect("SQL");
        assert!(like.leading_wildcard && !like.limit);
        assert!(read("SELECT COUNT(*) FROM t").expect("SQL").one_row);
        let update = read("UPDATE users SET email = NULL WHERE id = $1").expect("SQL");
        assert_eq!(update.writes.as_deref(), Some("users"));
        assert!(update.sets.contains("email") && update.clears.contains("email"));
        let update = read("UPDATE users SET email = $1 WHERE id = $2").expect("SQL");
        assert!(update.clears.is_empty());
        let delete = read("DELETE FROM users WHERE created_at < now()").expect("SQL");
        assert!(delete.verb == Verb::Delete && delete.by_time);
        assert_eq!(
            read("INSERT INTO a (b) VALUES (1)")
                .expect("SQL")
                .writes
                .as_deref(),
            Some("a")
        );
        assert!(read("SELEKT").is_none());
    }
}
