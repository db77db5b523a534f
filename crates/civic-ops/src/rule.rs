//! The rules: each a code, a page with two examples, and a pure function from facts to findings.

mod debug;
mod site;

use crate::facts::{Facts, Place};
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

/// What rules look at.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) facts: &'a Facts,
    pub(crate) judge: &'a Judge<'a>,
    /// Whether tests are looked at too.
    pub(crate) tests: bool,
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
}
