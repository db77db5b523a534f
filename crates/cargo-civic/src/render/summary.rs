//! What the whole scan found, in numbers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use civic_pii::{Category, Receipt};
use indicatif::HumanBytes;

use super::palette::{Painted, Palette};

/// Columns of the longest bar.
const BAR: u64 = 24;

/// Eighths of a column.
const BLOCKS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Counts what a scan saw.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    pub(crate) inputs: u64,
    pub(crate) inputs_with_findings: u64,
    pub(crate) unreadable: u64,
    pub(crate) lines: u64,
    /// Bytes that were scanned, after unpacking.
    pub(crate) bytes: u64,
    /// Number of values that were found or replaced.
    pub(crate) found: u64,
    /// How many of each kind, by the name in reports.
    kinds: BTreeMap<Cow<'static, str>, Row>,
    /// The policy file, if there is one.
    policy: Option<String>,
}

#[derive(Debug)]
struct Row {
    category: Category,
    /// Zero where only the sum over all kinds is known.
    count: u64,
}

impl Summary {
    /// Of a scan under the policy of this path.
    pub(crate) fn under(policy: Option<String>) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    /// Counts one value.
    pub(crate) fn add(&mut self, kind: Cow<'static, str>, category: Category) {
        self.found += 1;
        let row = Row { category, count: 0 };
        self.kinds.entry(kind).or_insert(row).count += 1;
    }

    /// Counts the values that a redaction removed; how many there were of each kind it does not say.
    pub(crate) fn add_receipt(&mut self, receipt: Receipt) {
        // Most lines are clean, and looking through all kinds for each of them would show.
        if receipt.is_empty() {
            return;
        }
        self.found += u64::from(receipt.count());
        for kind in receipt.kinds().iter() {
            let row = Row {
                category: kind.category(),
                count: 0,
            };
            self.kinds.entry(kind.id().into()).or_insert(row);
        }
    }

    /// Writes a sentence, and a table of the kinds if there is any.
    pub(crate) fn write(
        &self,
        replaced: bool,
        palette: &Palette,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let found = self.found;
        let mut read = format!(
            "{} ({}, {})",
            plural(self.inputs, "input"),
            plural(self.lines, "line"),
            HumanBytes(self.bytes)
        );
        if let Some(policy) = &self.policy {
            read.push_str(" under the policy ");
            read.push_str(policy);
        }
        if found == 0 {
            let part = match self.unreadable {
                0 => "",
                _ => "what could be read of ",
            };
            writeln!(out, "no personal data found in {part}{read}")?;
        } else {
            writeln!(
                out,
                "{} of {} {} in {} of {read}",
                plural(found, "value"),
                plural(self.kinds.len() as u64, "kind"),
                if replaced { "replaced" } else { "found" },
                grouped(self.inputs_with_findings),
            )?;
            if replaced {
                let kinds: Vec<_> = self.kinds.keys().map(|kind| &**kind).collect();
                writeln!(out, "  {}", kinds.join(", "))?;
            } else {
                self.write_table(palette, out)?;
            }
        }
        if self.unreadable > 0 {
            let text = format!(
                "{} could not be read whole",
                plural(self.unreadable, "input")
            );
            writeln!(out, "{}", Painted(palette.error, text))?;
        }
        Ok(())
    }

    fn write_table(&self, palette: &Palette, out: &mut impl Write) -> io::Result<()> {
        let mut rows: Vec<_> = self.kinds.iter().collect();
        rows.sort_by_key(|(_, row)| std::cmp::Reverse(row.count));
        let most = rows.first().map_or(1, |(_, row)| row.count);
        let name_width = rows.iter().map(|(kind, _)| kind.len()).max();
        let name_width = name_width.unwrap_or(0);
        let count_width = grouped(most).len();

        writeln!(out)?;
        for (kind, row) in rows {
            let colour = palette.category(row.category);
            let (bar, rest) = bar(row.count, most);
            let name = format!("{kind:<name_width$}");
            write!(
                out,
                "  {}  {:>count_width$}  {}",
                Painted(colour, name),
                grouped(row.count),
                Painted(colour, bar),
            )?;
            let note = match row.category {
                Category::Special => "special category data",
                Category::CriminalOffence => "criminal offence data",
                _ => "",
            };
            if !note.is_empty() {
                write!(out, "{:rest$}{}", "", Painted(palette.dim, note))?;
            }
            writeln!(out)?;
        }
        writeln!(out)
    }
}

/// A bar in proportion, never empty, and how many columns bring the next text under those above.
fn bar(count: u64, most: u64) -> (String, usize) {
    let eighths = u128::from(count) * u128::from(BAR * 8) / u128::from(most.max(1));
    let eighths = (eighths as usize).max(1);
    let mut bar = "█".repeat(eighths / 8);
    let mut columns = eighths / 8;
    if !eighths.is_multiple_of(8) {
        bar.push(BLOCKS[eighths % 8]);
        columns += 1;
    }
    (bar, BAR as usize + 2 - columns)
}

fn plural(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(count))
}

/// The number with a comma between groups of three digits.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use civic_pii::Kind;

    use super::*;

    fn written(summary: &Summary) -> String {
        let mut out = Vec::new();
        summary
            .write(false, &Palette::new(false), &mut out)
            .expect("memory does not fail");
        String::from_utf8(out).expect("a summary is text")
    }

    #[test]
    fn the_table_is_sorted_aligned_and_says_the_legal_category() {
        let mut summary = Summary {
            inputs: 2,
            inputs_with_findings: 1,
            lines: 12_345,
            bytes: 1 << 20,
            ..Summary::default()
        };
        let mut add = |kind: Kind| summary.add(kind.id().into(), kind.category());
        for _ in 0..1000 {
            add(Kind::Email);
        }
        for _ in 0..500 {
            add(Kind::NhsNumber);
        }
        add(Kind::Crn);
        assert_eq!(
            written(&summary),
            "1,501 values of 3 kinds found in 1 of 2 inputs (12,345 lines, 1.00 MiB)\n\
             \n\
             \x20 email       1,000  ████████████████████████\n\
             \x20 nhs-number    500  ████████████              special category data\n\
             \x20 crn             1  ▏                         criminal offence data\n\
             \n"
        );
    }

    #[test]
    fn nothing_found_is_one_sentence() {
        let summary = Summary {
            inputs: 1,
            lines: 1,
            ..Summary::default()
        };
        assert_eq!(
            written(&summary),
            "no personal data found in 1 input (1 line, 0 B)\n"
        );
        let summary = Summary {
            unreadable: 1,
            ..summary
        };
        let text = written(&summary);
        assert!(
            text.starts_with(
                "no personal data found in what could be read of 1 input (1 line, 0 B)\n"
            ),
            "{text}"
        );
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
