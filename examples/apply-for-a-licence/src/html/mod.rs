//! The shell of every page, after the patterns of the GOV.UK Design System: plain HTML that works without styles or scripts.

mod fields;

use std::fmt::Write as _;

use crate::application::Problem;
use crate::session::Session;

pub(crate) use fields::{Radios, TextField, file_field};

const SERVICE: &str = "Apply for a licence";

/// Seconds before the end of a session at which a person is warned; less where a session is that short.
const WARNING: u64 = 120;

/// A page on its way.
pub(crate) struct Page<'a> {
    title: &'a str,
    back: Option<&'a str>,
    problems: &'a [Problem],
    session: Option<&'a Session>,
}

impl<'a> Page<'a> {
    /// With this as its title, which is also what its heading says.
    pub(crate) fn new(title: &'a str) -> Self {
        Self {
            title,
            back: None,
            problems: &[],
            session: None,
        }
    }

    /// Leads back to that page.
    pub(crate) fn back(mut self, page: &'a str) -> Self {
        self.back = Some(page);
        self
    }

    /// Says first what has to be put right, in the title too.
    pub(crate) fn problems(mut self, problems: &'a [Problem]) -> Self {
        self.problems = problems;
        self
    }

    /// Warns before the session ends.
    pub(crate) fn session(mut self, session: &'a Session) -> Self {
        self.session = Some(session);
        self
    }

    /// The whole page, around this.
    pub(crate) fn around(self, main: &str) -> String {
        let error = if self.problems.is_empty() {
            ""
        } else {
            "Error: "
        };
        let title = escape(self.title);
        let back = self.back.map_or(String::new(), |page| {
            format!("<a class=\"back\" href=\"{page}\">Back</a>\n")
        });
        let summary = summary(self.problems);
        let (script, timeout) = self.session.map_or_else(Default::default, timeout);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>{error}{title} - {SERVICE}</title>\n\
             <link rel=\"stylesheet\" href=\"/assets/style.css\">\n{script}</head>\n<body>\n\
             <a class=\"skip\" href=\"#main\">Skip to main content</a>\n\
             <header><div class=\"width\"><a href=\"/\">{SERVICE}</a></div></header>\n\
             <div class=\"width\">\n{back}<main id=\"main\">\n{summary}{main}\n</main>\n{timeout}</div>\n\
             <footer><div class=\"width\"><a href=\"/cookies\">Cookies</a></div></footer>\n\
             </body>\n</html>\n"
        )
    }
}

/// A form that is sent to that address, with the token of its session.
pub(crate) fn form(session: &Session, action: &str, inside: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{action}\" novalidate>\n{}{inside}\n</form>",
        token(session)
    )
}

/// As [`form`], for one that carries a file.
pub(crate) fn file_form(session: &Session, action: &str, inside: &str) -> String {
    format!(
        "<form method=\"post\" action=\"{action}\" enctype=\"multipart/form-data\" novalidate>\n{}{inside}\n</form>",
        token(session)
    )
}

fn token(session: &Session) -> String {
    let csrf = session.csrf();
    format!("<input type=\"hidden\" name=\"csrf\" value=\"{csrf}\">\n")
}

/// A heading and paragraphs, for a page that only says something.
pub(crate) fn heading(title: &str) -> String {
    format!("<h1>{}</h1>\n", escape(title))
}

fn summary(problems: &[Problem]) -> String {
    if problems.is_empty() {
        return String::new();
    }
    let mut items = String::new();
    for Problem { field, advice } in problems {
        let _ = writeln!(items, "<li><a href=\"#{field}\">{advice}</a></li>");
    }
    // Focused when the page comes, so that a screen reader begins here.
    format!(
        "<div class=\"summary\" role=\"alert\" tabindex=\"-1\" autofocus aria-labelledby=\"summary-title\">\n\
         <h2 id=\"summary-title\">There is a problem</h2>\n<ul>\n{items}</ul>\n</div>\n"
    )
}

/// The warning before a session ends: a dialog where scripts run, and a link that asks for more time where they do not.
fn timeout(session: &Session) -> (&'static str, String) {
    let lasts = session.lasts();
    let warning = WARNING.min(lasts / 2);
    let (extend, over) = if session.staff().is_some() {
        ("/staff/extend", "/staff/sign-in")
    } else {
        ("/extend", "/timed-out")
    };
    let long = in_words(lasts);
    let page = format!(
        "<aside class=\"timeout\" aria-label=\"Time limit\">\n\
         <p>For your security, this page works for {long}. After that, answers that are not sent are deleted.\n\
         <a href=\"{extend}\" target=\"_blank\" rel=\"noopener\">Get more time (opens in a new tab)</a></p>\n\
         </aside>\n\
         <dialog id=\"timeout-warning\" aria-labelledby=\"timeout-title\" aria-describedby=\"timeout-text\" \
         data-lasts=\"{lasts}\" data-warning=\"{warning}\" data-extend=\"{extend}\" data-over=\"{over}\">\n\
         <h2 id=\"timeout-title\">Do you need more time?</h2>\n\
         <p id=\"timeout-text\">For your security, we delete your answers in \
         <span id=\"timeout-left\" role=\"timer\"></span>.</p>\n\
         <button type=\"button\" id=\"timeout-extend\">Carry on</button>\n</dialog>\n"
    );
    ("<script src=\"/assets/timeout.js\" defer></script>\n", page)
}

/// `20 minutes`, `1 minute`, `45 seconds`.
pub(crate) fn in_words(seconds: u64) -> String {
    let (number, unit) = if seconds >= 60 {
        (seconds / 60, "minute")
    } else {
        (seconds, "second")
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

/// Makes text safe in an element and inside a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_cannot_end_an_attribute() {
        assert_eq!(
            escape("\"><script>'&"),
            "&quot;&gt;&lt;script&gt;&#39;&amp;"
        );
    }

    #[test]
    fn a_page_with_problems_says_so_in_its_title_and_first() {
        let problems = [Problem {
            field: "email",
            advice: "Enter an email address",
        }];
        let page = Page::new("Your details")
            .problems(&problems)
            .around("<h1>Your details</h1>");
        assert!(page.contains("<title>Error: Your details - Apply for a licence</title>"));
        let summary = page
            .find("<a href=\"#email\">Enter an email address</a>")
            .unwrap();
        assert!(summary < page.find("<h1>").unwrap());
        assert!(!Page::new("Your details").around("").contains("Error"));
    }

    #[test]
    fn times_are_in_words() {
        assert_eq!(
            [1200, 119, 60, 59, 1].map(in_words),
            [
                "20 minutes",
                "1 minute",
                "1 minute",
                "59 seconds",
                "1 second"
            ]
        );
    }
}
