//! A SHA-256 digest in the form that registries of images write it.

use std::fmt;

/// `sha256:` and 64 hexadecimal digits.
///
/// ```
/// use civic_audit::Digest;
/// let text = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
/// assert_eq!(Digest::parse(text)?.as_str(), text);
/// assert!(Digest::parse("latest").is_err());
/// # Ok::<(), civic_audit::UnfitDigest>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Digest(String);

impl Digest {
    /// Reads a digest.
    ///
    /// ```
    /// assert!(civic_audit::Digest::parse("sha256:00").is_err());
    /// ```
    ///
    /// # Errors
    /// When it has another form.
    pub fn parse(text: &str) -> Result<Self, UnfitDigest> {
        let hex = text.strip_prefix("sha256:").ok_or(UnfitDigest)?;
        let fits = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if hex.len() == 64 && hex.bytes().all(fits) {
            Ok(Digest(text.to_owned()))
        } else {
            Err(UnfitDigest)
        }
    }

    /// The text.
    ///
    /// ```
    /// # use civic_audit::Digest;
    /// # let text = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    /// assert!(Digest::parse(text)?.as_str().starts_with("sha256:"));
    /// # Ok::<(), civic_audit::UnfitDigest>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no [`Digest`]. It is not quoted.
///
/// ```
/// assert_eq!(
///     civic_audit::UnfitDigest.to_string(),
///     "a digest is `sha256:` and 64 hexadecimal digits in lower case"
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnfitDigest;

impl fmt::Display for UnfitDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a digest is `sha256:` and 64 hexadecimal digits in lower case")
    }
}

impl std::error::Error for UnfitDigest {}
