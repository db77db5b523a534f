//! A seeded, labelled corpus of service logs over every kind of personal data.
//!
//! Values are made up: Ofcom's numbers for drama, `example.*` domains, addresses for documentation,
//! check digits computed here. Same seed, same bytes.

pub mod carrier;
pub mod checksum;
pub mod disguise;
pub mod draw;
pub mod encode;
pub mod envelope;
pub mod form;
pub mod name;
pub mod pen;
pub mod rng;
pub mod values;

mod clean;
mod lookalike;

use civic_pii::Kind;

use carrier::{Carrier, Group};
use envelope::Envelope;
use form::Sample;
use pen::{Label, Pen};
use rng::Rng;

/// What to generate.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    /// Size of the text, reached with the last line.
    pub bytes: usize,
    /// Seed of every choice.
    pub seed: u64,
    /// Share of lines that hold personal data.
    pub pii_rate: f64,
}

/// Lines with their labels.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// The lines, each ended by a line feed.
    pub text: String,
    /// Labels of the lines that have some, with the line's number from 0.
    pub truth: Vec<(usize, Vec<Label>)>,
}

/// Share of the lines without personal data that resemble it.
const LOOKALIKES: f64 = 0.10;
/// Share of those that hold a labelled value which must stay.
const UNTOUCHED: f64 = 0.25;
/// Share of the lines with fields that hold a second value.
const SECOND: f64 = 0.25;

impl Corpus {
    /// Generates the corpus of this recipe.
    pub fn generate(recipe: &Recipe) -> Self {
        let mut rng = Rng::new(recipe.seed);
        let mut decks = Decks::default();
        let mut corpus = Corpus {
            text: String::with_capacity(recipe.bytes + 512),
            truth: Vec::new(),
        };
        let mut line = 0;
        while corpus.text.len() < recipe.bytes {
            let rng = &mut rng;
            let pen = if rng.chance(recipe.pii_rate) {
                labelled(&mut decks, rng)
            } else if !rng.chance(LOOKALIKES) {
                plain(clean::message, Envelope::any(rng), rng)
            } else if !rng.chance(UNTOUCHED) {
                plain(lookalike::message, Envelope::any(rng), rng)
            } else if rng.chance(0.5) {
                against(&mut decks, rng)
            } else {
                alone(&mut decks, rng)
            };
            corpus.text.push_str(&pen.text);
            corpus.text.push('\n');
            if !pen.labels.is_empty() {
                corpus.truth.push((line, pen.labels));
            }
            line += 1;
        }
        corpus
    }

    /// The lines, without their line feeds.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }
}

/// Deals the kinds in rounds, so that each has its share, and each kind's forms in turn.
#[derive(Debug, Default)]
struct Decks {
    kinds: Vec<Kind>,
    alone: Vec<Kind>,
    next_form: Vec<usize>,
}

impl Decks {
    fn deal(&mut self, rng: &mut Rng) -> Sample {
        if self.kinds.is_empty() {
            self.kinds = Kind::ALL.to_vec();
            rng.shuffle(&mut self.kinds);
        }
        let kind = self.kinds.pop().expect("refilled when empty");
        self.sample(kind, rng)
    }

    /// A value that is nothing without a name or a word.
    fn deal_alone(&mut self, rng: &mut Rng) -> Sample {
        loop {
            if self.alone.is_empty() {
                self.alone = Kind::ALL.to_vec();
                rng.shuffle(&mut self.alone);
            }
            let kind = self.alone.pop().expect("refilled when empty");
            let sample = self.sample(kind, rng);
            if sample.is_nothing_alone()
                && sample.form.place == form::Place::Any
                && !resembles_another(&sample.text)
            {
                return sample;
            }
        }
    }

    fn sample(&mut self, kind: Kind, rng: &mut Rng) -> Sample {
        self.next_form.resize(Kind::ALL.len(), 0);
        let form = &mut self.next_form[kind as usize];
        *form += 1;
        values::spec(kind).sample(*form, rng)
    }
}

fn labelled(decks: &mut Decks, rng: &mut Rng) -> Pen {
    let sample = decks.deal(rng);
    let carrier = carrier_for(&sample, rng);
    let mut samples = vec![sample];
    if holds_fields(carrier) && rng.chance(SECOND) {
        let second = decks.deal(rng);
        if carrier.suits(&second) {
            samples.push(second);
        }
    }
    draw::line(carrier, &samples, rng)
}

/// A value that is nothing alone, with nothing around it.
fn alone(decks: &mut Decks, rng: &mut Rng) -> Pen {
    let sample = decks.deal_alone(rng);
    let carrier = rng.pick(&[
        Carrier::BareSentence,
        Carrier::SqlBind,
        Carrier::Panic,
        Carrier::Csv,
    ]);
    draw::line(carrier, &[sample], rng)
}

/// A number that is right in every way but stands in a technical field.
fn against(decks: &mut Decks, rng: &mut Rng) -> Pen {
    let sample = if rng.chance(0.5) {
        // The first form is the number without separators.
        values::spec(Kind::NhsNumber).sample(0, rng)
    } else {
        decks.deal_alone(rng)
    };
    draw::under_name(rng.pick(lookalike::NAMES), &sample, rng)
}

fn plain(message: fn(&mut Rng) -> String, envelope: Envelope, rng: &mut Rng) -> Pen {
    let mut pen = Pen::new(Carrier::BareSentence);
    envelope.write(&mut pen, rng, |pen, rng| pen.push(&message(rng)));
    pen
}

fn carrier_for(sample: &Sample, rng: &mut Rng) -> Carrier {
    // Few forms can be a number, so those that can are one more often.
    if Carrier::JsonNumber.suits(sample) && rng.chance(0.35) {
        return Carrier::JsonNumber;
    }
    let group = match rng.below(20) {
        0..12 => Group::Plain,
        12..19 => Group::Hard,
        _ => Group::Deep,
    };
    let fits: Vec<Carrier> = Carrier::ALL
        .iter()
        .copied()
        .filter(|carrier| carrier.suits(sample))
        .collect();
    let of_group: Vec<Carrier> = fits
        .iter()
        .copied()
        .filter(|carrier| carrier.group() == group)
        .collect();
    if of_group.is_empty() {
        rng.pick(&fits)
    } else {
        rng.pick(&of_group)
    }
}

fn holds_fields(carrier: Carrier) -> bool {
    matches!(
        carrier,
        Carrier::Logfmt
            | Carrier::Json
            | Carrier::JsonInString
            | Carrier::DebugStruct
            | Carrier::Xml
            | Carrier::UrlQuery
            | Carrier::FormBody
            | Carrier::JsonNumber
    )
}

/// Whether ten digits happen to pass as an NHS or CHI number, or an international prefix begins.
fn resembles_another(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let passes = digits.len() == 10
        && checksum::mod_11(&digits[..9]).map(|check| check.to_string())
            == Some(digits[9..].into());
    // Health and Care numbers pass by nature; their range is their own.
    passes && !digits.starts_with('3') && !digits.starts_with("999") || digits.starts_with("00")
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::corpus::pen::Evidence;

    const SMALL: Recipe = Recipe {
        bytes: 2_000_000,
        seed: 11,
        pii_rate: 0.2,
    };

    #[test]
    fn one_recipe_gives_one_corpus_and_another_seed_another() {
        let corpus = Corpus::generate(&SMALL);
        let again = Corpus::generate(&SMALL);
        assert_eq!(corpus.text, again.text);
        assert_eq!(corpus.truth, again.truth);
        let other = Corpus::generate(&Recipe { seed: 12, ..SMALL });
        assert_ne!(corpus.text, other.text);
    }

    #[test]
    fn every_kind_is_written_in_at_least_ten_forms_that_differ() {
        let mut rng = Rng::new(1);
        let kinds: BTreeSet<Kind> = values::all().map(|spec| spec.kind).collect();
        assert_eq!(kinds.len(), Kind::ALL.len());
        assert_eq!(values::all().count(), Kind::ALL.len());
        for spec in values::all() {
            let names: BTreeSet<&str> = spec.forms.iter().map(|form| form.name).collect();
            assert_eq!(
                names.len(),
                spec.forms.len(),
                "{}: a name stands twice",
                spec.kind
            );
            assert!(names.len() >= 10, "{}: {} forms", spec.kind, names.len());
            assert!(!spec.keys.is_empty(), "{} has no field", spec.kind);
            for i in 0..spec.forms.len() {
                let sample = spec.sample(i, &mut rng);
                assert!(
                    !sample.text.is_empty(),
                    "{} {}",
                    spec.kind,
                    sample.form.name
                );
                assert!(
                    Carrier::ALL.iter().any(|carrier| carrier.suits(&sample)),
                    "{} {} suits no carrier",
                    spec.kind,
                    sample.form.name
                );
            }
        }
    }

    #[test]
    fn labels_lie_in_order_in_their_line_and_hold_the_value() {
        let corpus = Corpus::generate(&SMALL);
        let lines: Vec<&str> = corpus.lines().collect();
        for (number, labels) in &corpus.truth {
            let line = lines[*number];
            let mut done = 0;
            for label in labels {
                assert!(done <= label.start && label.start < label.end, "{line}");
                done = label.end;
                let value = line.get(label.start..label.end).expect("whole characters");
                assert_eq!(value, value.trim(), "{line}");
                assert!(
                    value.chars().any(char::is_alphanumeric),
                    "{value:?} in {line}"
                );
                // A label begins at the value and not at a neighbour of it.
                match (label.kind, label.carrier) {
                    (Kind::Email, "sentence" | "logfmt" | "json") => assert!(
                        value.contains('@') && !value.contains(['<', '>']),
                        "{value:?} in {line}"
                    ),
                    (Kind::VisaGwf, "sentence" | "json") => {
                        assert!(value.to_uppercase().starts_with("GWF"), "{value:?}");
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn each_kind_carrier_and_evidence_has_enough_samples_at_the_default_size() {
        let corpus = Corpus::generate(&Recipe {
            bytes: 20_000_000,
            seed: 20_261_124,
            pii_rate: 0.02,
        });
        let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
        let mut carriers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut evidence: BTreeMap<Evidence, usize> = BTreeMap::new();
        let mut untouched = 0;
        for label in corpus.truth.iter().flat_map(|(_, labels)| labels) {
            *evidence.entry(label.evidence).or_default() += 1;
            if label.untouched {
                untouched += 1;
            } else {
                *kinds.entry(label.kind).or_default() += 1;
                *carriers.entry(label.carrier).or_default() += 1;
            }
        }
        for kind in Kind::ALL {
            let count = kinds.get(kind).copied().unwrap_or(0);
            assert!(count >= 50, "{kind} has {count} samples");
        }
        for carrier in Carrier::ALL {
            let count = carriers.get(carrier.id()).copied().unwrap_or(0);
            assert!(count >= 30, "{} has {count} samples", carrier.id());
        }
        assert_eq!(evidence.len(), Evidence::ALL.len());
        assert!(untouched > 500, "{untouched} values that must stay");
    }

    #[test]
    fn a_value_that_must_stay_has_neither_name_nor_word_for_it() {
        let corpus = Corpus::generate(&SMALL);
        for label in corpus.truth.iter().flat_map(|(_, labels)| labels) {
            if label.untouched {
                assert!(!label.evidence.is_for(), "{label:?}");
            } else {
                assert_ne!(label.evidence, Evidence::Against, "{label:?}");
            }
        }
    }
}
