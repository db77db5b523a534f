//! What a person sends in.

use civic::Pii;
use civic::pii::tag;
use serde::Deserialize;

/// Longest value of a field, in characters.
const LONGEST: usize = 200;

/// What a licence is for: the value in the form and its words.
pub(crate) const ACTIVITIES: [(&str, &str); 3] = [
    ("street-trading", "Street trading"),
    ("busking", "Busking"),
    ("late-night-food", "Selling hot food late at night"),
];

/// The form. A field that is not there counts as empty, so that the person is told which one.
///
/// What is personal is a [`Pii`]: it has no `Display` that could put it into a sentence, its `Debug`
/// prints the kind, and whoever wants the value has to write down why.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Application {
    pub(crate) full_name: Pii<String, tag::PersonName>,
    pub(crate) email: Pii<String, tag::Email>,
    pub(crate) phone: Pii<String, tag::Phone>,
    pub(crate) postcode: Pii<String, tag::Postcode>,
    pub(crate) activity: String,
}

impl Default for Application {
    fn default() -> Self {
        Self {
            full_name: Pii::new(tag::PersonName, String::new()),
            email: Pii::new(tag::Email, String::new()),
            phone: Pii::new(tag::Phone, String::new()),
            postcode: Pii::new(tag::Postcode, String::new()),
            activity: String::new(),
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
    /// What has to be put right before it can be kept; empty when nothing has.
    pub(crate) fn problems(&self) -> Vec<Problem> {
        let why = "checked before it is kept";
        let answered = |text: &str| !text.trim().is_empty() && text.chars().count() <= LONGEST;
        let email = self.email.expose(why).trim();
        let checks = [
            (
                "full_name",
                answered(self.full_name.expose(why)),
                "Enter your full name, in 200 characters or fewer",
            ),
            (
                "email",
                answered(email)
                    && email
                        .split_once('@')
                        .is_some_and(|(name, host)| !name.is_empty() && host.contains('.')),
                "Enter an email address in the correct format, like name@example.com",
            ),
            (
                "phone",
                self.phone
                    .expose(why)
                    .chars()
                    .filter(char::is_ascii_digit)
                    .count()
                    >= 10
                    && answered(self.phone.expose(why)),
                "Enter a telephone number, like 020 7946 0000",
            ),
            (
                "postcode",
                answered(self.postcode.expose(why)),
                "Enter your postcode",
            ),
            (
                "activity",
                ACTIVITIES.iter().any(|(value, _)| *value == self.activity),
                "Select what the licence is for",
            ),
        ];
        let wrong = checks.into_iter().filter(|(_, right, _)| !right);
        wrong
            .map(|(field, _, advice)| Problem { field, advice })
            .collect()
    }

    /// Made up, with numbers and a domain that are reserved for that.
    #[cfg(test)]
    pub(crate) fn example() -> Self {
        Self {
            full_name: Pii::new(tag::PersonName, "Ada Example".to_owned()),
            email: Pii::new(tag::Email, "ada@example.com".to_owned()),
            phone: Pii::new(tag::Phone, "020 7946 0000".to_owned()),
            postcode: Pii::new(tag::Postcode, "SW1A 2AA".to_owned()),
            activity: "busking".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_names_every_question_in_order() {
        let problems = Application::default().problems();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            ["full_name", "email", "phone", "postcode", "activity"]
        );
        assert_eq!(Application::example().problems(), []);
    }

    #[test]
    fn a_form_prints_no_value() {
        civic::log::assert_no_personal_data!(format!("{:?}", Application::example()));
    }
}
