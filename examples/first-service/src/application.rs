//! What a person sends in.

use civic_pii::{Pii, tag};
use serde::Deserialize;

/// The form. A field that is not there counts as empty, so that the person is told which one.
///
/// An email address can be told from the text around it; a name in a sentence cannot. So the name is
/// a [`Pii`]: it has no `Display` that could put it into a sentence, its `Debug` prints the kind, and
/// whoever wants the value has to write down why.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Application {
    #[serde(alias = "name")]
    pub(crate) full_name: Pii<String, tag::PersonName>,
    pub(crate) email: String,
    pub(crate) nino: String,
    pub(crate) postcode: String,
}

impl Default for Application {
    fn default() -> Self {
        Self {
            full_name: Pii::new(tag::PersonName, String::new()),
            email: String::new(),
            nino: String::new(),
            postcode: String::new(),
        }
    }
}

/// A question of the form that was not answered as it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Id of the input in the page.
    pub(crate) field: &'static str,
    /// What the person should do.
    pub(crate) advice: &'static str,
}

impl Application {
    /// What has to be put right before it can be sent on; empty when nothing has.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut require = |ok: bool, field, advice| {
            if !ok {
                problems.push(Problem { field, advice });
            }
        };
        require(
            !self.full_name.expose("is it there?").trim().is_empty(),
            "full_name",
            "Enter your full name",
        );
        require(
            self.email.contains('@'),
            "email",
            "Enter an email address in the correct format, like name@example.com",
        );
        require(
            !self.nino.trim().is_empty(),
            "nino",
            "Enter your National Insurance number",
        );
        require(
            !self.postcode.trim().is_empty(),
            "postcode",
            "Enter your postcode",
        );
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_names_every_question_in_order() {
        let fields: Vec<_> = Application::default()
            .problems()
            .iter()
            .map(|problem| problem.field)
            .collect();
        assert_eq!(fields, ["full_name", "email", "nino", "postcode"]);
    }
}
