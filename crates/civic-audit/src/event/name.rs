//! A short name that is no personal data of a citizen: of staff, a role, an organisation, a recipient.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use civic_pii::Scanner;

/// Longest name, in bytes.
const NAME_MAX: usize = 128;

/// Made once, since it is the same for all; it has no state.
static SCANNER: LazyLock<Scanner> = LazyLock::new(Scanner::new);

/// An identifier of staff, a role, an organisation, a recipient: letters, digits and `._:/@+-`, at most 128.
///
/// A literal is taken as it is, being part of the code. What comes at run time is parsed, and refused where it looks like
/// the identifier of a citizen: a National Insurance number is no name of staff. Nor is an email address; use the number or
/// the account that the directory gives. An identifier of staff remains personal data (UK GDPR Article 4(1)).
///
/// ```
/// use civic_audit::Name;
///
/// let officer = Name::parse("caseworker-7012")?;
/// assert_eq!(officer.as_str(), "caseworker-7012");
/// assert!(Name::parse("AB123456C").is_err());
/// assert!(Name::parse("jo.bloggs@example.com").is_err());
/// assert!(Name::parse("no spaces").is_err());
/// # Ok::<(), civic_audit::UnfitName>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(Cow<'static, str>);

impl Name {
    /// Reads a name.
    ///
    /// ```
    /// assert!(civic_audit::Name::parse("team:licensing").is_ok());
    /// ```
    ///
    /// # Errors
    /// When it is empty or too long, has other characters, or looks like personal data.
    pub fn parse(text: &str) -> Result<Self, UnfitName> {
        if text.is_empty() || text.len() > NAME_MAX {
            return Err(UnfitName("a name has 1 to 128 characters"));
        }
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"._:/@+-".contains(&byte);
        if !text.bytes().all(fits) {
            return Err(UnfitName("a name has letters, digits and ._:/@+- only"));
        }
        if !SCANNER.scan(text).is_empty() {
            return Err(UnfitName(
                "this looks like personal data, which is no name here",
            ));
        }
        Ok(Name(Cow::Owned(text.to_owned())))
    }

    /// The text.
    ///
    /// ```
    /// assert_eq!(civic_audit::Name::from("supervisor").as_str(), "supervisor");
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Name {
    fn from(text: &'static str) -> Self {
        Name(Cow::Borrowed(text))
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text is no [`Name`]. It does not quote the text.
///
/// ```
/// let error = civic_audit::Name::parse("").unwrap_err();
/// assert_eq!(error.to_string(), "a name has 1 to 128 characters");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfitName(&'static str);

impl fmt::Display for UnfitName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for UnfitName {}
