//! Which form of body a caller takes.

use crate::answer::Format;

/// Candidates, the preferred one first.
const OFFERS: [(&str, Format); 3] = [
    ("application/json", Format::Json),
    ("application/health+json", Format::HealthJson),
    ("text/plain", Format::Text),
];

/// The form for the values of `Accept`; JSON where nothing fits, since a probe must not be refused for its headers.
pub(crate) fn format<'a>(accept: impl Iterator<Item = &'a str>) -> Format {
    let ranges: Vec<Range<'_>> = accept
        .flat_map(|value| value.split(','))
        .filter_map(Range::parse)
        .collect();
    let mut best = (Format::Json, 0, 0);
    for (name, format) in OFFERS {
        // The most specific range that fits says how much it is wanted.
        let fits = ranges
            .iter()
            .filter_map(|range| Some((range.fits(name)?, range.weight)));
        if let Some((specific, weight)) = fits.max_by_key(|(specific, _)| *specific)
            && (weight, specific) > (best.1, best.2)
        {
            best = (format, weight, specific);
        }
    }
    best.0
}

/// One media range with its weight in thousandths.
struct Range<'a> {
    media: &'a str,
    weight: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let media = parts.next().filter(|media| media.contains('/'))?;
        let weight = parts
            .find_map(|part| part.strip_prefix("q=").or(part.strip_prefix("Q=")))
            .map_or(Some(1.0), |weight| weight.parse::<f32>().ok())?;
        (0.0..=1.0).contains(&weight).then_some(Self {
            media,
            weight: (weight * 1000.0) as u16,
        })
    }

    /// How specific the range is for this type, if it fits.
    fn fits(&self, name: &str) -> Option<u8> {
        if self.media.eq_ignore_ascii_case(name) {
            return Some(3);
        }
        if self.media == "*/*" {
            return Some(1);
        }
        let kind = self.media.strip_suffix("/*")?;
        let offered = name.split('/').next()?;
        kind.eq_ignore_ascii_case(offered).then_some(2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_form_that_the_caller_takes() {
        let cases = [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("application/json", Format::Json),
            ("application/health+json", Format::HealthJson),
            (
                "application/health+json, application/json;q=0.9",
                Format::HealthJson,
            ),
            (
                "application/health+json;q=0.5, application/json",
                Format::Json,
            ),
            ("application/health+json, */*", Format::HealthJson),
            ("Application/Health+JSON", Format::HealthJson),
            ("text/plain", Format::Text),
            ("text/*;q=0.3", Format::Text),
            ("text/plain, application/json", Format::Json),
            ("application/json;q=0, text/plain;q=0.1", Format::Text),
            (
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                Format::Json,
            ),
            ("image/png", Format::Json),
            ("text/plain;q=nonsense, garbage", Format::Json),
        ];
        for (accept, expected) in cases {
            assert_eq!(format([accept].into_iter()), expected, "{accept}");
        }
    }
}
