//! The rules: each a code, a page with two examples, and a pure function from facts to findings.

mod access;
mod data;
mod debug;
mod dependency;
mod environment;
mod failure;
mod migration;
mod query;
mod site;
mod transaction;

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Call, Facts, Place};
use crate::finding::{Finding, Origin, Severity};
use crate::judge::Judge;

/// A rule.
#[derive(Debug)]
pub struct Rule {
    code: &'static str,
    severity: Severity,
    page: &'static str,
    check: fn(&Rule, &Context<'_>, &mut Vec<Finding>),
}

/// The release before: its facts, and the paths of its files.
#[derive(Debug)]
pub(crate) struct Previous {
    pub(crate) facts: Facts,
    pub(crate) migrations: BTreeSet<String>,
}

/// What rules look at.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) judge: &'a Judge<'a>,
    /// Whether tests are looked at too.
    pub(crate) tests: bool,
    /// The previous release, where it is known.
    pub(crate) previous: Option<&'a Previous>,
    /// The calls of each function, in order.
    calls: BTreeMap<usize, Vec<usize>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        facts: &'a Facts,
        judge: &'a Judge<'a>,
        previous: Option<&'a Previous>,
        tests: bool,
    ) -> Self {
        let mut calls: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (index, call) in facts.calls.iter().enumerate() {
            if let Some(function) = call.function.filter(|_| tests || !call.in_test) {
                calls.entry(function).or_default().push(index);
            }
        }
        Self {
            facts,
            judge,
            tests,
            previous,
            calls,
        }
    }

    /// Each function with its calls, in order.
    fn functions(&self) -> impl Iterator<Item = (usize, Vec<&'a Call>)> {
        self.calls.iter().map(|(function, calls)| {
            (
                *function,
                calls.iter().map(|call| &self.facts.calls[*call]).collect(),
            )
        })
    }

    /// All calls that are looked at.
    fn all_calls(&self) -> impl Iterator<Item = &'a Call> {
        let tests = self.tests;
        self.facts
            .calls
            .iter()
            .filter(move |call| tests || !call.in_test)
    }

    /// Queries that are looked at, with their calls.
    fn queries(&self) -> impl Iterator<Item = (&'a Call, &'a crate::sql::Statement)> {
        let facts = self.facts;
        let tests = self.tests;
        facts
            .queries
            .iter()
            .map(move |query| (&facts.calls[query.call], &query.sql))
            .filter(move |(call, _)| tests || !call.in_test)
    }

    /// Columns of a table that hold personal data.
    fn personal_columns(
        &self,
        table: &'a crate::facts::Table,
    ) -> Vec<(&'a str, &'static str, &'a Place)> {
        table
            .columns
            .iter()
            .filter_map(|(name, place)| {
                let kind = self.judge.names.kind(Some(&table.name), name)?;
                Some((name.as_str(), kind, place))
            })
            .collect()
    }

    /// Names of the functions that routes lead to.
    fn handlers(&self) -> BTreeSet<&'a str> {
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for call in self.all_calls() {
            let registers = matches!(
                call.name.as_str(),
                "get" | "post" | "put" | "patch" | "delete" | "any" | "to" | "routes"
            );
            let name = call
                .arguments
                .rsplit("::")
                .next()
                .unwrap_or_default()
                .trim();
            if registers && !call.arguments.contains(['(', '"', '|']) {
                names.insert(name);
            }
        }
        let routed = |attributes: &[String]| {
            attributes.iter().any(|name| {
                matches!(
                    name.as_str(),
                    "get" | "post" | "put" | "patch" | "delete" | "route" | "handler" | "path"
                )
            })
        };
        for function in self
            .facts
            .functions
            .iter()
            .filter(|function| routed(&function.attributes))
        {
            names.insert(&function.name);
        }
        names
    }
}

macro_rules! rules {
    ($($code:literal $severity:ident $check:path;)+) => {
        /// Every rule, by its code.
        pub static RULES: &[Rule] = &[$(Rule {
            code: $code,
            severity: Severity::$severity,
            page: include_str!(concat!("rule/pages/", $code, ".md")),
            check: $check,
        }),+];
    };
}

rules! {
    "AUD-MISSING" Warning data::audit;
    "AX-FORM" Error access::form;
    "AX-MESSAGE" Error access::message;
    "AX-SESSION" Warning access::session;
    "AX-TITLE" Error access::title;
    "DEP-FAILURE" Warning dependency::failure;
    "DEP-HEALTH" Warning dependency::health;
    "DEP-TIMEOUT" Error dependency::timeout;
    "ENV-UNDOCUMENTED" Warning environment::check;
    "ERASE-MISSING" Warning data::erase;
    "FAIL-MISSING" Note failure::check;
    "MIG-DROP" Error migration::drops;
    "MIG-LOCK" Warning migration::locks;
    "MIG-NOT-NULL" Error migration::not_null;
    "MIG-RENAME" Error migration::renames;
    "MIG-TYPE" Warning migration::types;
    "PD-DEBUG" Warning debug::check;
    "PD-ERROR" Error site::check;
    "PD-HEADER" Error site::check;
    "PD-INSTRUMENT" Error site::check;
    "PD-LOG" Error site::check;
    "PD-METRIC" Error site::check;
    "PD-PANIC" Error site::check;
    "PD-PRINT" Warning site::check;
    "PD-RECORD" Error site::check;
    "PD-SPAN" Error site::check;
    "PD-URL" Error site::check;
    "Q-BLOCKING" Error query::blocking;
    "Q-INDEX" Warning query::index;
    "Q-LIKE" Warning query::like;
    "Q-LOOP" Warning query::in_loop;
    "Q-OFFSET" Warning query::offset;
    "Q-SESSION" Warning query::session;
    "Q-UNBOUNDED" Warning query::unbounded;
    "RET-MISSING" Warning data::retention;
    "TX-IGNORED" Error transaction::ignored;
    "TX-MISSING" Warning transaction::missing;
    "TX-OUTSIDE" Error transaction::outside;
}

impl Rule {
    /// Stable code, such as `PD-LOG`.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// How bad a finding of this rule is.
    pub const fn severity(&self) -> Severity {
        self.severity
    }

    /// The page in Markdown: what is found, what is not, what to do, and two examples.
    pub const fn page(&self) -> &'static str {
        self.page
    }

    /// The first line of the page without its code.
    pub fn title(&self) -> &'static str {
        let first = self.page.lines().next().unwrap_or_default();
        first.split_once(": ").map_or(first, |(_, title)| title)
    }

    /// The rule with this code, in any case.
    ///
    /// ```
    /// assert_eq!(civic_ops::Rule::find("pd-log").map(civic_ops::Rule::code), Some("PD-LOG"));
    /// assert!(civic_ops::Rule::find("PD-NONE").is_none());
    /// ```
    pub fn find(code: &str) -> Option<&'static Rule> {
        RULES
            .iter()
            .find(|rule| rule.code.eq_ignore_ascii_case(code))
    }

    pub(crate) fn run(&self, context: &Context<'_>, findings: &mut Vec<Finding>) {
        (self.check)(self, context, findings);
    }

    fn finding(
        &self,
        facts: &Facts,
        place: &Place,
        item: &str,
        message: String,
        help: String,
    ) -> Finding {
        Finding {
            code: self.code,
            severity: self.severity,
            path: facts.paths[place.file].to_string(),
            line: place.line,
            column: place.column,
            item: item.to_owned(),
            message,
            help,
            origin: Origin::Scanned,
            span: place.span.clone(),
            labels: Vec::new(),
            subject: String::new(),
        }
    }

    /// A finding at a call, about this subject.
    fn at(
        &self,
        facts: &Facts,
        call: &Call,
        subject: &str,
        message: String,
        help: &str,
    ) -> Finding {
        Finding {
            subject: subject.to_owned(),
            ..self.finding(facts, &call.place, &call.item, message, help.to_owned())
        }
    }
}
