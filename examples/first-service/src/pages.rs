//! The pages, in plain HTML that works without styles or scripts.

use std::fmt::Write as _;

use crate::application::{Application, Problem};

/// The form, empty or with what the person typed and what has to be put right.
pub(crate) fn form(application: &Application, problems: &[Problem]) -> String {
    let mut main = String::new();
    if !problems.is_empty() {
        main.push_str("<div role=\"alert\">\n<h2>There is a problem</h2>\n<ul>\n");
        for Problem { field, advice } in problems {
            let _ = writeln!(main, "<li><a href=\"#{field}\">{advice}</a></li>");
        }
        main.push_str("</ul>\n</div>\n");
    }
    main.push_str(
        "<h1>Apply for an example</h1>\n<form method=\"post\" action=\"/apply\" novalidate>\n",
    );
    for (field, label, kind, autocomplete, value) in [
        (
            "full_name",
            "Full name",
            "text",
            "name",
            application
                .full_name
                .expose("shown to the person who typed it"),
        ),
        (
            "email",
            "Email address",
            "email",
            "email",
            &application.email,
        ),
        (
            "nino",
            "National Insurance number",
            "text",
            "off",
            &application.nino,
        ),
        (
            "postcode",
            "Postcode",
            "text",
            "postal-code",
            &application.postcode,
        ),
    ] {
        let problem = problems.iter().find(|problem| problem.field == field);
        let _ = writeln!(main, "<p>\n<label for=\"{field}\">{label}</label><br>");
        if let Some(Problem { advice, .. }) = problem {
            let _ = writeln!(
                main,
                "<strong id=\"{field}-problem\">Error: {advice}</strong><br>"
            );
        }
        let described = if problem.is_some() {
            format!(" aria-invalid=\"true\" aria-describedby=\"{field}-problem\"")
        } else {
            String::new()
        };
        let _ = writeln!(
            main,
            "<input id=\"{field}\" name=\"{field}\" type=\"{kind}\" autocomplete=\"{autocomplete}\" \
             spellcheck=\"false\" value=\"{}\"{described}>\n</p>",
            escape(value)
        );
    }
    main.push_str("<button type=\"submit\">Send application</button>\n</form>");
    let prefix = if problems.is_empty() { "" } else { "Error: " };
    page(&format!("{prefix}Apply for an example"), &main)
}

/// What a person is told when the application went through.
pub(crate) fn sent() -> String {
    page(
        "Application sent",
        "<h1>Application sent</h1>\n<p>We will write to you.</p>",
    )
}

/// What a person is told when something behind the service fails: what to do, and no cause.
pub(crate) fn unavailable() -> String {
    page(
        "Sorry, there is a problem with the service",
        "<h1>Sorry, there is a problem with the service</h1>\n\
         <p>Your application was not sent. Try again later.</p>\n\
         <p><a href=\"/\">Go back to the form</a></p>",
    )
}

/// A request that is no form as this service reads it.
pub(crate) fn unreadable() -> String {
    page(
        "The form could not be read",
        "<h1>The form could not be read</h1>\n\
         <p>Send each of full_name, email, nino and postcode once, as \
         application/x-www-form-urlencoded, in at most 16 kilobytes.</p>\n\
         <p><a href=\"/\">Go to the form</a></p>",
    )
}

/// An address that this service does not have.
pub(crate) fn not_found() -> String {
    page(
        "Page not found",
        "<h1>Page not found</h1>\n<p><a href=\"/\">Go to the form</a></p>",
    )
}

fn page(title: &str, main: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n</head>\n<body>\n<main>\n{main}\n</main>\n</body>\n</html>\n"
    )
}

/// Makes text safe inside a quoted attribute.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_cannot_become_markup() {
        let application = Application {
            email: "\"><script>&".to_owned(),
            ..Application::default()
        };
        let page = form(&application, &application.problems());
        assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;&amp;\""));
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn every_input_has_a_label_and_every_problem_leads_to_its_input() {
        let application = Application::default();
        let problems = application.problems();
        let page = form(&application, &problems);
        for field in ["full_name", "email", "nino", "postcode"] {
            assert!(page.contains(&format!("<label for=\"{field}\">")));
            assert!(page.contains(&format!("<input id=\"{field}\"")));
            assert!(page.contains(&format!("<a href=\"#{field}\">")));
            assert!(page.contains(&format!("aria-describedby=\"{field}-problem\"")));
        }
        assert!(page.contains("<title>Error: "));
    }
}
