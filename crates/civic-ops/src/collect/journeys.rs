//! Reads `journey! { .. }`: what a service declares of its journeys, with the place of each name.

use core::ops::Range;

use crate::facts::{Journey, JourneyOutcome, JourneyStep, Place};
use crate::rust::token::{Kind, Tokens};

/// Why a `journey!` could not be read; the compiler says more.
pub(crate) const OTHER_FORM: &str = "a `journey!` of another form than the macro takes";

/// Where names stand and in which item: what only the pass over the file knows.
pub(crate) struct Where<'a> {
    pub(crate) place: &'a dyn Fn(&Range<usize>) -> Place,
    pub(crate) item: String,
    pub(crate) in_test: bool,
}

/// Reads the call whose name stands at `index` and whose bracket opens at `open`; `None` where it has another form.
pub(crate) fn read(
    tokens: &Tokens<'_>,
    index: usize,
    open: usize,
    at: &Where<'_>,
) -> Option<Journey> {
    let mut reader = Reader {
        tokens,
        at: open + 1,
        end: tokens.inside(open).end,
        place: at.place,
    };
    reader.head()?;
    let variable = reader.ident()?;
    reader.punct(b':')?;
    let ty = reader.ident()?;
    reader.punct(b'=')?;
    let name = reader.text()?;
    reader.punct(b';')?;

    reader.word("steps")?;
    let step_type = reader.ident()?;
    let steps = reader.braced(Reader::step)?;
    reader.word("outcomes")?;
    let outcome_type = reader.ident()?;
    let outcomes = reader.braced(Reader::outcome)?;

    reader.word("expected")?;
    let expected = reader.time()?;
    reader.word("abandon_after")?;
    let abandon_after = reader.time()?;
    reader.word("slo")?;
    reader.punct(b'=')?;
    let slo = reader.number()?.parse().ok()?;
    Some(Journey {
        name,
        variable,
        ty,
        step_type,
        outcome_type,
        steps,
        outcomes,
        expected,
        abandon_after,
        slo,
        place: (at.place)(&(index..tokens.behind(open))),
        item: at.item.clone(),
        in_test: at.in_test,
    })
}

/// Goes through the tokens of one call from left to right.
struct Reader<'a> {
    tokens: &'a Tokens<'a>,
    at: usize,
    /// Where it ends.
    end: usize,
    place: &'a dyn Fn(&Range<usize>) -> Place,
}

impl Reader<'_> {
    /// Attributes, visibility and `static`.
    fn head(&mut self) -> Option<()> {
        self.attributes();
        if self.tokens.is_ident(self.at, "pub") {
            self.at += 1;
            if self.tokens.is_open(self.at, b'(') {
                self.at = self.tokens.behind(self.at);
            }
        }
        self.word("static")
    }

    fn attributes(&mut self) {
        while self.tokens.is_punct(self.at, b'#') && self.tokens.is_open(self.at + 1, b'[') {
            self.at = self.tokens.behind(self.at + 1);
        }
    }

    fn step(&mut self) -> Option<JourneyStep> {
        let place = (self.place)(&(self.at..self.at + 3));
        let variant = self.ident()?;
        self.punct(b'=')?;
        let name = self.text()?;
        let mut needs = Vec::new();
        if self.tokens.is_ident(self.at, "needs") {
            self.at += 1;
            needs = self.bracketed(b'[', Self::text)?;
        }
        Some(JourneyStep {
            variant,
            name,
            needs,
            place,
        })
    }

    fn outcome(&mut self) -> Option<JourneyOutcome> {
        let place = (self.place)(&(self.at..self.at + 5));
        let variant = self.ident()?;
        self.punct(b'=')?;
        let name = self.text()?;
        self.punct(b':')?;
        let complete = match self.ident()?.as_str() {
            "complete" => true,
            "failed" => false,
            _ => return None,
        };
        Some(JourneyOutcome {
            variant,
            name,
            complete,
            place,
        })
    }

    fn braced<T>(&mut self, each: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.bracketed(b'{', each)
    }

    /// What stands in brackets, with commas between, and perhaps one behind the last.
    fn bracketed<T>(&mut self, bracket: u8, each: fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        if !self.tokens.is_open(self.at, bracket) {
            return None;
        }
        let close = self.tokens.inside(self.at).end;
        self.at += 1;
        let mut all = Vec::new();
        loop {
            self.attributes();
            if self.at >= close {
                self.at = close + 1;
                return Some(all);
            }
            all.push(each(self)?);
            if self.at < close {
                self.punct(b',')?;
            }
        }
    }

    /// `= 12 minutes;` in seconds.
    fn time(&mut self) -> Option<u64> {
        self.punct(b'=')?;
        let number: u64 = self.number()?.parse().ok()?;
        let unit = match self.ident()?.as_str() {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            "days" => 86_400,
            _ => return None,
        };
        self.punct(b';')?;
        number.checked_mul(unit)
    }

    /// The digits of a number, without `_` and without the name of its type.
    fn number(&mut self) -> Option<String> {
        if self.tokens.kind(self.at) != Some(Kind::Literal) || self.at >= self.end {
            return None;
        }
        let text = self.tokens.text_of(&(self.at..self.at + 1));
        self.at += 1;
        let digits = text
            .find(|character: char| character.is_ascii_alphabetic())
            .map_or(text, |end| &text[..end]);
        Some(digits.replace('_', ""))
    }

    fn text(&mut self) -> Option<String> {
        let text = self.tokens.string(self.at).filter(|_| self.at < self.end)?;
        self.at += 1;
        Some(text)
    }

    fn ident(&mut self) -> Option<String> {
        let name = self.tokens.ident(self.at).filter(|_| self.at < self.end)?;
        self.at += 1;
        Some(name.to_owned())
    }

    fn word(&mut self, word: &str) -> Option<()> {
        (self.ident()? == word).then_some(())
    }

    fn punct(&mut self, character: u8) -> Option<()> {
        let there = self.at < self.end && self.tokens.is_punct(self.at, character);
        self.at += usize::from(there);
        there.then_some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::{Facts, Sources, facts};

    const APPLY: &str = r#"
civic_journey::journey! {
    /// Apply for a licence.
    #[allow(dead_code)]
    pub(crate) static APPLY: Apply = "apply";
    steps ApplyStep {
        /// Where it begins.
        Start = "start",
        Pay = "pay" needs ["payments", "ledger",],
    }
    outcomes ApplyOutcome { Submitted = "submitted": complete, Refused = "refused": failed }
    expected = 1_2 minutes;
    abandon_after = 48 hours;
    slo = 99.5;
}
"#;

    fn read(text: &str) -> Facts {
        facts(&Sources::from_texts([("src/journey.rs", text)]))
    }

    #[test]
    fn every_part_is_read_with_its_place() {
        let facts = read(APPLY);
        let [journey] = &facts.journeys[..] else {
            panic!("one journey, not {:?}", facts.journeys)
        };
        assert_eq!(
            (
                &*journey.name,
                &*journey.variable,
                &*journey.ty,
                journey.place.line
            ),
            ("apply", "APPLY", "Apply", 2)
        );
        assert_eq!((journey.expected, journey.abandon_after), (720, 172_800));
        assert!((journey.slo - 99.5).abs() < f64::EPSILON);
        let steps: Vec<_> = journey
            .steps
            .iter()
            .map(|step| (&*step.variant, &*step.name, step.place.line))
            .collect();
        assert_eq!(steps, [("Start", "start", 8), ("Pay", "pay", 9)]);
        assert_eq!(journey.steps[1].needs, ["payments", "ledger"]);
        let outcomes: Vec<_> = journey
            .outcomes
            .iter()
            .map(|outcome| (&*outcome.name, outcome.complete, outcome.place.line))
            .collect();
        assert_eq!(outcomes, [("submitted", true, 11), ("refused", false, 11)]);
    }

    #[test]
    fn what_has_another_form_is_not_determined() {
        for (from, to) in [
            ("complete", "done"),
            ("minutes", "weeks"),
            ("slo = 99.5;", ""),
            ("steps", "stages"),
            ("\"pay\"", "PAY"),
            ("\"apply\";", "\"apply\""),
        ] {
            let facts = read(&APPLY.replace(from, to));
            assert!(facts.journeys.is_empty(), "{from} -> {to}");
            let why: Vec<_> = facts
                .undecided
                .iter()
                .map(|it| (&*it.why, it.line))
                .collect();
            assert_eq!(why, [(super::OTHER_FORM, 2)], "{from} -> {to}");
        }
    }

    #[test]
    fn the_definition_of_the_macro_and_its_use_in_a_comment_are_no_journeys() {
        let facts = read("/// journey! { }\nmacro_rules! journey { ($($t:tt)*) => {}; }\n");
        assert!(facts.journeys.is_empty() && facts.undecided.is_empty());
    }
}
