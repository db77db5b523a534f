//! What a person sends in.

use std::fmt;

use serde::Deserialize;

/// The form. A field that is not there counts as empty, so that the person is told which one.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Application {
    #[serde(alias = "name")]
    pub(crate) full_name: FullName,
    pub(crate) email: String,
    pub(crate) nino: String,
    pub(crate) postcode: String,
}

/// A person's name. Its `Debug` does not show it.
///
/// An email address can be told from the text around it; a name in a sentence cannot. So this
/// service never puts the name into text: it is logged as the value of a field called `full_name`
/// or not at all.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct FullName(String);

impl FullName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[PERSON-NAME]")
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
            !self.full_name.as_str().trim().is_empty(),
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
