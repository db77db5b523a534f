//! Questions of a form, each with its message beside it.

use std::fmt::Write as _;

use super::escape;
use crate::application::Problem;

/// A question that is answered with a line of text.
pub(crate) struct TextField<'a> {
    pub(crate) id: &'static str,
    pub(crate) label: &'static str,
    /// What it is for or what it looks like; may be empty.
    pub(crate) hint: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) autocomplete: &'static str,
    pub(crate) value: &'a str,
}

/// A question with a few answers to choose from.
pub(crate) struct Radios<'a> {
    pub(crate) id: &'static str,
    pub(crate) legend: &'static str,
    /// Whether the question is the heading of the page.
    pub(crate) is_heading: bool,
    pub(crate) hint: &'static str,
    pub(crate) options: &'a [(&'a str, &'a str)],
    pub(crate) chosen: &'a str,
}

impl TextField<'_> {
    pub(crate) fn html(&self, problems: &[Problem]) -> String {
        let Self {
            id,
            label,
            kind,
            autocomplete,
            ..
        } = self;
        let around = Around::of(id, self.hint, problems);
        let value = escape(self.value);
        format!(
            "<div class=\"{}\">\n<label for=\"{id}\">{label}</label>\n{}{}\
             <input id=\"{id}\" name=\"{id}\" type=\"{kind}\" autocomplete=\"{autocomplete}\" \
             spellcheck=\"false\" value=\"{value}\"{}>\n</div>\n",
            around.class, around.hint, around.message, around.attributes
        )
    }
}

impl Radios<'_> {
    pub(crate) fn html(&self, problems: &[Problem]) -> String {
        let around = Around::of(self.id, self.hint, problems);
        let legend = if self.is_heading {
            format!("<h1>{}</h1>", self.legend)
        } else {
            self.legend.to_owned()
        };
        let mut options = String::new();
        for (at, (value, words)) in self.options.iter().enumerate() {
            // The first has the id of the question, which the summary leads to.
            let id = match at {
                0 => self.id.to_owned(),
                more => format!("{}-{}", self.id, more + 1),
            };
            let checked = if *value == self.chosen {
                " checked"
            } else {
                ""
            };
            let _ = writeln!(
                options,
                "<div class=\"radio\"><input type=\"radio\" id=\"{id}\" name=\"{}\" value=\"{value}\"{checked}>\
                 <label for=\"{id}\">{words}</label></div>",
                self.id
            );
        }
        format!(
            "<div class=\"{}\">\n<fieldset{}>\n<legend>{legend}</legend>\n{}{}{options}</fieldset>\n</div>\n",
            around.class, around.attributes, around.hint, around.message
        )
    }
}

/// A question that is answered with a file of these media types.
pub(crate) fn file_field(
    id: &'static str,
    label: &str,
    hint: &'static str,
    accept: &str,
    problems: &[Problem],
) -> String {
    let around = Around::of(id, hint, problems);
    format!(
        "<div class=\"{}\">\n<label for=\"{id}\">{label}</label>\n{}{}\
         <input id=\"{id}\" name=\"{id}\" type=\"file\" accept=\"{accept}\"{}>\n</div>\n",
        around.class, around.hint, around.message, around.attributes
    )
}

/// The hint and the message of a question, and what ties them to it for a screen reader.
struct Around {
    class: &'static str,
    hint: String,
    message: String,
    attributes: String,
}

impl Around {
    fn of(id: &str, hint: &str, problems: &[Problem]) -> Self {
        let problem = problems.iter().find(|problem| problem.field == id);
        let mut ids = Vec::new();
        let hint = if hint.is_empty() {
            String::new()
        } else {
            ids.push(format!("{id}-hint"));
            format!("<p class=\"hint\" id=\"{id}-hint\">{hint}</p>\n")
        };
        let message = problem.map_or(String::new(), |problem| {
            ids.push(format!("{id}-error"));
            format!(
                "<p class=\"error\" id=\"{id}-error\"><span class=\"hidden\">Error:</span> {}</p>\n",
                problem.advice
            )
        });
        let mut attributes = String::new();
        if !ids.is_empty() {
            let _ = write!(attributes, " aria-describedby=\"{}\"", ids.join(" "));
        }
        Self {
            class: if problem.is_some() {
                "question wrong"
            } else {
                "question"
            },
            hint,
            message,
            attributes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_of_a_field_is_tied_to_it() {
        let problems = [Problem {
            field: "email",
            advice: "Enter an email address",
        }];
        let field = TextField {
            id: "email",
            label: "Email address",
            hint: "We write to you there",
            kind: "email",
            autocomplete: "email",
            value: "\"x",
        };
        let html = field.html(&problems);
        assert!(html.contains("<label for=\"email\">"));
        assert!(html.contains("aria-describedby=\"email-hint email-error\""));
        assert!(html.contains("id=\"email-hint\"") && html.contains("id=\"email-error\""));
        assert!(html.contains("value=\"&quot;x\""));
        assert!(!field.html(&[]).contains("error"));
    }

    #[test]
    fn the_summary_leads_to_the_first_choice() {
        let radios = Radios {
            id: "activity",
            legend: "What is it for?",
            is_heading: false,
            hint: "",
            options: &[("a", "A"), ("b", "B")],
            chosen: "b",
        };
        let html = radios.html(&[]);
        assert!(html.contains("id=\"activity\" name=\"activity\" value=\"a\">"));
        assert!(html.contains("id=\"activity-2\" name=\"activity\" value=\"b\" checked>"));
    }
}
