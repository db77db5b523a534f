//! Names of fields in the styles that programs use.

use super::rng::Rng;

/// The words of a name in one style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `nhs_number`
    Snake,
    /// `nhsNumber`
    Camel,
    /// `NhsNumber`
    Pascal,
    /// `nhs-number`
    Kebab,
    /// `NHS_NUMBER`
    Shout,
    /// `Nhs-Number`
    Header,
}

impl Style {
    /// The name, given as small words with single spaces, in this style.
    pub fn write(self, words: &str) -> String {
        let mut out = String::new();
        for (i, word) in words.split(' ').enumerate() {
            match self {
                Self::Snake | Self::Shout if i > 0 => out.push('_'),
                Self::Kebab | Self::Header if i > 0 => out.push('-'),
                _ => {}
            }
            match self {
                Self::Snake | Self::Kebab => out.push_str(word),
                Self::Camel if i == 0 => out.push_str(word),
                Self::Shout => out.push_str(&word.to_ascii_uppercase()),
                Self::Camel | Self::Pascal | Self::Header => {
                    out.push_str(&word[..1].to_ascii_uppercase());
                    out.push_str(&word[1..]);
                }
            }
        }
        out
    }

    /// A style of the fields of a JSON object or a query.
    pub fn of_data(rng: &mut Rng) -> Self {
        rng.pick(&[
            Self::Snake,
            Self::Snake,
            Self::Snake,
            Self::Camel,
            Self::Camel,
            Self::Kebab,
            Self::Pascal,
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_written_in_each_style() {
        for (style, expected) in [
            (Style::Snake, "nhs_number"),
            (Style::Camel, "nhsNumber"),
            (Style::Pascal, "NhsNumber"),
            (Style::Kebab, "nhs-number"),
            (Style::Shout, "NHS_NUMBER"),
            (Style::Header, "Nhs-Number"),
        ] {
            assert_eq!(style.write("nhs number"), expected);
        }
    }
}
