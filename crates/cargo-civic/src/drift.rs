//! Whether committed files are what would be written now, and how they differ.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::PathBuf;

use crate::exit;
use crate::render::visible;
use crate::said::{self, Stop};

/// Lines around a change that are shown.
const AROUND: usize = 3;
/// Where the tables of a comparison would be larger than this, the whole middle is shown as changed.
const MOST: usize = 4_000_000;

/// Compares files with their texts, prints how they differ, and gives the exit code.
pub(crate) fn check(
    files: impl Iterator<Item = (PathBuf, String)>,
    remedy: &str,
) -> Result<u8, Stop> {
    let mut out = String::new();
    let mut drifted = 0_usize;
    for (path, wanted) in files {
        let shown = visible(path.as_os_str().as_encoded_bytes());
        let committed = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                drifted += 1;
                let _ = writeln!(out, "{shown}: there is no such file");
                continue;
            }
            Err(error) => return Err(Stop::failed(&path, "cannot be read", &error)),
        };
        if committed != wanted {
            drifted += 1;
            let _ = writeln!(out, "--- {shown}\n+++ {shown} as it would be written");
            out += &difference(&committed, &wanted);
        }
    }
    if drifted == 0 {
        return said::print(b"no drift\n").map(|()| exit::CLEAN);
    }
    let files = if drifted == 1 { "file is" } else { "files are" };
    let _ = writeln!(out, "{drifted} {files} behind the source: run `{remedy}`");
    said::print(out.as_bytes()).map(|()| exit::FOUND)
}

/// A line of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The lines that differ, with some around them.
fn difference(before: &str, after: &str) -> String {
    let before: Vec<&str> = before.split_inclusive('\n').collect();
    let after: Vec<&str> = after.split_inclusive('\n').collect();
    let lines = compare(&before, &after);
    let near = |at: usize| {
        let from = at.saturating_sub(AROUND);
        let to = (at + AROUND + 1).min(lines.len());
        lines[from..to]
            .iter()
            .any(|line| !matches!(line, Line::Same(_)))
    };
    let mut out = String::new();
    let mut skipped = false;
    for (at, line) in lines.iter().enumerate() {
        if !near(at) {
            skipped = true;
            continue;
        }
        if skipped {
            out.push_str("@@\n");
            skipped = false;
        }
        let (sign, text) = match line {
            Line::Same(text) => (' ', text),
            Line::Gone(text) => ('-', text),
            Line::New(text) => ('+', text),
        };
        out.push(sign);
        let ended = text.trim_end_matches('\n');
        out.push_str(&visible(ended.trim_end_matches('\r').as_bytes()));
        if ended.ends_with('\r') && !matches!(line, Line::Same(_)) {
            out.push_str("\\r");
        }
        out.push('\n');
    }
    out
}

/// The longest common lines of the middle; what both begin and end with is the same.
fn compare<'a>(before: &[&'a str], after: &[&'a str]) -> Vec<Line<'a>> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let tail = before[head..]
        .iter()
        .rev()
        .zip(after[head..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let old = &before[head..before.len() - tail];
    let new = &after[head..after.len() - tail];
    let mut lines: Vec<Line<'a>> = before[..head].iter().map(|line| Line::Same(line)).collect();
    if old.len().saturating_mul(new.len()) > MOST {
        lines.extend(old.iter().map(|line| Line::Gone(line)));
        lines.extend(new.iter().map(|line| Line::New(line)));
    } else {
        middle(old, new, &mut lines);
    }
    lines.extend(
        before[before.len() - tail..]
            .iter()
            .map(|line| Line::Same(line)),
    );
    lines
}

fn middle<'a>(old: &[&'a str], new: &[&'a str], lines: &mut Vec<Line<'a>>) {
    let width = new.len() + 1;
    // Length of the longest common rest from each pair of lines on.
    let mut longest = vec![0_u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            longest[a * width + b] = if old[a] == new[b] {
                longest[(a + 1) * width + b + 1] + 1
            } else {
                longest[(a + 1) * width + b].max(longest[a * width + b + 1])
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < old.len() || b < new.len() {
        if a < old.len() && b < new.len() && old[a] == new[b] {
            lines.push(Line::Same(old[a]));
            a += 1;
            b += 1;
        } else if b == new.len()
            || a < old.len() && longest[(a + 1) * width + b] >= longest[a * width + b + 1]
        {
            lines.push(Line::Gone(old[a]));
            a += 1;
        } else {
            lines.push(Line::New(new[b]));
            b += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_stands_around_it() {
        let before = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
        let after = "1\n2\n3\n4\n5\nsix\n7\n8\n9\n";
        assert_eq!(
            difference(before, after),
            "@@\n 3\n 4\n 5\n-6\n+six\n 7\n 8\n 9\n"
        );
        assert_eq!(difference("a\nb\n", "b\nc\n"), "-a\n b\n+c\n");
        assert_eq!(difference("", "a\n"), "+a\n");
        assert_eq!(difference("a\r\n", "a\n"), "-a\\r\n+a\n");
    }

    #[test]
    fn a_comparison_that_would_be_too_large_ends() {
        let text = |letter: &str| {
            let lines: Vec<String> = (0..3000).map(|line| format!("{letter}{line}\n")).collect();
            lines.concat()
        };
        assert_eq!(difference(&text("a"), &text("b")).lines().count(), 6000);
    }
}
