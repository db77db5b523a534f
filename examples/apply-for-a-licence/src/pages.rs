//! The pages, in plain HTML that works without styles or scripts.

use std::fmt::Write as _;

use crate::application::{ACTIVITIES, Application, Problem};

/// The form, empty or with what the person typed and what has to be put right.
pub(crate) fn form(application: &Application, problems: &[Problem]) -> String {
    let why = "shown to the person who typed it";
    let mut main = String::new();
    if !problems.is_empty() {
        main.push_str("<div role=\"alert\">\n<h2>There is a problem</h2>\n<ul>\n");
        for Problem { field, advice } in problems {
            let _ = writeln!(main, "<li><a href=\"#{field}\">{advice}</a></li>");
        }
        main.push_str("</ul>\n</div>\n");
    }
    main.push_str(
        "<h1>Apply for a licence</h1>\n<form method=\"post\" action=\"/apply\" novalidate>\n",
    );
    for (field, label, kind, autocomplete, value) in [
        (
            "full_name",
            "Full name",
            "text",
            "name",
            application.full_name.expose(why),
        ),
        (
            "email",
            "Email address",
            "email",
            "email",
            application.email.expose(why),
        ),
        (
            "phone",
            "Telephone number",
            "tel",
            "tel",
            application.phone.expose(why),
        ),
        (
            "postcode",
            "Postcode",
            "text",
            "postal-code",
            application.postcode.expose(why),
        ),
    ] {
        let (error, described) = error_of(field, problems);
        let _ = writeln!(
            main,
            "<p>\n<label for=\"{field}\">{label}</label><br>\n{error}\
             <input id=\"{field}\" name=\"{field}\" type=\"{kind}\" autocomplete=\"{autocomplete}\" \
             spellcheck=\"false\" value=\"{}\"{described}>\n</p>",
            escape(value)
        );
    }
    let (error, described) = error_of("activity", problems);
    let _ = writeln!(
        main,
        "<fieldset id=\"activity\"{described}>\n<legend>What is the licence for?</legend>\n{error}"
    );
    for (value, words) in ACTIVITIES {
        let checked = if application.activity == value {
            " checked"
        } else {
            ""
        };
        let _ = writeln!(
            main,
            "<p><input type=\"radio\" id=\"{value}\" name=\"activity\" value=\"{value}\"{checked}>\n\
             <label for=\"{value}\">{words}</label></p>"
        );
    }
    main.push_str("</fieldset>\n<button type=\"submit\">Send application</button>\n</form>");
    let prefix = if problems.is_empty() { "" } else { "Error: " };
    page(&format!("{prefix}Apply for a licence"), &main)
}

/// What a person is told when the application is kept.
pub(crate) fn received(reference: &str) -> String {
    page(
        "Application received",
        &format!(
            "<h1>Application received</h1>\n<p>Your reference is <strong>{}</strong>.</p>\n\
             <p>We will write to you.</p>",
            escape(reference)
        ),
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
         <p>Send each of full_name, email, phone, postcode and activity once, as \
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

/// The message beside an input, and what ties the two together for a screen reader.
fn error_of(field: &str, problems: &[Problem]) -> (String, String) {
    match problems.iter().find(|problem| problem.field == field) {
        Some(Problem { advice, .. }) => (
            format!("<strong id=\"{field}-problem\">Error: {advice}</strong><br>\n"),
            format!(" aria-invalid=\"true\" aria-describedby=\"{field}-problem\""),
        ),
        None => (String::new(), String::new()),
    }
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
    use civic::Pii;
    use civic::pii::tag;

    use super::*;

    #[test]
    fn what_a_person_typed_cannot_become_markup() {
        let application = Application {
            email: Pii::new(tag::Email, "\"><script>&".to_owned()),
            ..Application::default()
        };
        let page = form(&application, &application.problems());
        assert!(page.contains("value=\"&quot;&gt;&lt;script&gt;&amp;\""));
        assert!(!page.contains("<script>"));
    }

    #[test]
    fn every_input_has_a_label_and_every_problem_leads_to_its_input() {
        let application = Application::default();
        let page = form(&application, &application.problems());
        for field in ["full_name", "email", "phone", "postcode"] {
            assert!(page.contains(&format!("<label for=\"{field}\">")));
            assert!(page.contains(&format!("<input id=\"{field}\"")));
        }
        for field in ["full_name", "email", "phone", "postcode", "activity"] {
            assert!(page.contains(&format!("<a href=\"#{field}\">")));
            assert!(page.contains(&format!("id=\"{field}\"")));
            assert!(page.contains(&format!("aria-describedby=\"{field}-problem\"")));
        }
        assert!(page.contains("<title>Error: "));
    }
}
