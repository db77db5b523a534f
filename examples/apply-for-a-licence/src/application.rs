//! What a person sends in, question by question.

use civic::Pii;
use civic::pii::tag;
use serde::Deserialize;

/// Longest value of a field, in characters.
const LONGEST: usize = 200;

/// Largest document, in bytes.
pub(crate) const LARGEST: usize = 2 * 1024 * 1024;

/// What a licence is for: the value in the form and its words.
pub(crate) const ACTIVITIES: [(&str, &str); 3] = [
    ("street-trading", "Street trading"),
    ("busking", "Busking"),
    ("late-night-food", "Selling hot food late at night"),
];

/// The form "Your details". A field that is not there counts as empty, so that the person is told which one.
///
/// What is personal is a [`Pii`]: it has no `Display` that could put it into a sentence, its `Debug`
/// prints the kind, and whoever wants the value has to write down why.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    pub(crate) full_name: Pii<String, tag::PersonName>,
    pub(crate) email: Pii<String, tag::Email>,
    pub(crate) phone: Pii<String, tag::Phone>,
    pub(crate) postcode: Pii<String, tag::Postcode>,
    pub(crate) activity: String,
}

/// A document as it was uploaded. Its name on the person's device is not kept: that may hold anything.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) kind: DocumentKind,
    pub(crate) content: Pii<Vec<u8>>,
}

/// What a document is, by its first bytes and not by what its name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentKind {
    Pdf,
    Jpeg,
    Png,
}

/// What is known so far, without what was uploaded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) adult: Option<bool>,
    pub(crate) details: Option<Details>,
    pub(crate) document: Option<DocumentKind>,
    pub(crate) payment: Payment,
}

/// How far the payment is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payment {
    /// What makes a retry the same payment.
    pub(crate) key: Option<String>,
    /// The provider's name for it.
    pub(crate) id: Option<String>,
    pub(crate) paid: bool,
}

/// An application that was sent in.
#[derive(Clone, Debug)]
pub(crate) struct Application {
    pub(crate) reference: String,
    /// Seconds since 1970.
    pub(crate) received: i64,
    pub(crate) details: Details,
    pub(crate) document: Option<DocumentKind>,
}

/// A question that was not answered as it has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// Id of the input in the page.
    pub(crate) field: &'static str,
    /// What the person should do.
    pub(crate) advice: &'static str,
}

impl Default for Details {
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

impl Details {
    /// What has to be put right before they can be kept; empty when nothing has.
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
                activity_in_words(&self.activity).is_some(),
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

/// What the person reads for the value in the form, if there is such a value.
pub(crate) fn activity_in_words(value: &str) -> Option<&'static str> {
    let found = ACTIVITIES.iter().find(|(own, _)| *own == value);
    found.map(|(_, words)| *words)
}

impl Document {
    /// The document, or what the person should do instead.
    pub(crate) fn parse(content: Vec<u8>) -> Result<Self, &'static str> {
        if content.is_empty() {
            return Err("Select a file that shows who you are");
        }
        if content.len() > LARGEST {
            return Err("The selected file must be 2MB or smaller");
        }
        let kind =
            DocumentKind::of(&content).ok_or("The selected file must be a PDF, JPG or PNG")?;
        let content = Pii::new(tag::Unspecified, content);
        Ok(Self { kind, content })
    }
}

impl DocumentKind {
    const ALL: [Self; 3] = [Self::Pdf, Self::Jpeg, Self::Png];

    fn of(content: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| {
            content.starts_with(match kind {
                Self::Pdf => b"%PDF-",
                Self::Jpeg => &[0xFF, 0xD8, 0xFF],
                Self::Png => b"\x89PNG\r\n\x1a\n",
            })
        })
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// As it is kept.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpeg",
            Self::Png => "png",
        }
    }

    pub(crate) fn in_words(self) -> &'static str {
        match self {
            Self::Pdf => "a PDF",
            Self::Jpeg => "a JPG picture",
            Self::Png => "a PNG picture",
        }
    }

    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_names_every_question_in_order() {
        let problems = Details::default().problems();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            ["full_name", "email", "phone", "postcode", "activity"]
        );
        assert_eq!(Details::example().problems(), []);
    }

    #[test]
    fn a_form_prints_no_value() {
        civic::log::assert_no_personal_data!(format!("{:?}", Details::example()));
    }

    #[test]
    fn a_document_is_what_its_bytes_are() {
        let parse =
            |content: &[u8]| Document::parse(content.to_vec()).map(|document| document.kind);
        assert_eq!(parse(b"%PDF-1.7 .."), Ok(DocumentKind::Pdf));
        assert_eq!(parse(b"\xFF\xD8\xFF\xE0"), Ok(DocumentKind::Jpeg));
        assert_eq!(parse(b"\x89PNG\r\n\x1a\n"), Ok(DocumentKind::Png));
        for refused in [&b""[..], b"MZ\x90", b"<svg onload=..>", b" %PDF-"] {
            assert!(parse(refused).is_err());
        }
        let mut large = b"%PDF-".to_vec();
        large.resize(LARGEST, b' ');
        assert!(parse(&large).is_ok());
        large.push(b' ');
        assert!(parse(&large).is_err());
    }
}
