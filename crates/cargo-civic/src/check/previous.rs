//! The source of a service as it was at a revision, by git.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use civic_ops::Sources;

use crate::render::visible;
use crate::said::Stop;

/// Reads the Rust, SQL and Cargo files of a folder as they were at this revision.
pub(super) fn read(root: &Path, revision: &str) -> Result<Sources, Stop> {
    let shown = visible(revision.as_bytes());
    if revision.starts_with('-') || revision.contains(char::is_whitespace) {
        return Err(Stop::Usage(format!("`{shown}` is no revision")));
    }
    let list = git(root, &["ls-tree", "-r", "-z", "--name-only", revision], "")?;
    let paths: Vec<String> = list
        .stdout
        .split(|byte| *byte == 0)
        .filter_map(|path| String::from_utf8(path.to_vec()).ok())
        .filter(|path| is_read(path))
        .collect();
    let asked: String = paths
        .iter()
        .flat_map(|path| [revision, ":./", path, "\n"])
        .collect();
    let files = git(root, &["cat-file", "--batch"], &asked)?;
    Ok(Sources::from_texts(texts(&paths, &files.stdout)))
}

fn is_read(path: &str) -> bool {
    // A line of the question is one file.
    let plain = !path.contains('\n');
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    plain && (matches!(extension, "rs" | "sql") || path.ends_with("Cargo.toml"))
}

fn git(root: &Path, arguments: &[&str], input: &str) -> Result<Output, Stop> {
    let failed = |what: &str| Stop::Failed(format!("git {}: {what}", arguments[0]));
    let mut child = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(&error.to_string()))?;
    let stdin = child.stdin.take();
    let input = input.to_owned();
    // Git answers while it is asked; the two pipes are not to wait for each other.
    let writer = std::thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A git that ends early says so by its exit code.
            let _ = stdin.write_all(input.as_bytes());
        }
    });
    let output = child
        .wait_with_output()
        .map_err(|error| failed(&error.to_string()))?;
    let _ = writer.join();
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let first = said.lines().next().unwrap_or_default();
    Err(Stop::Usage(format!(
        "git {}: {}",
        arguments[0],
        visible(first.as_bytes())
    )))
}

/// Takes the answers of `git cat-file --batch` apart: a line that ends in the size, the bytes, an end of line.
fn texts(paths: &[String], mut answers: &[u8]) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for path in paths {
        let Some(end) = answers.iter().position(|byte| *byte == b'\n') else {
            break;
        };
        let head = String::from_utf8_lossy(&answers[..end]).into_owned();
        answers = &answers[end + 1..];
        // A link to another repository has no content here.
        let Some(size) = head
            .rsplit(' ')
            .next()
            .and_then(|size| size.parse::<usize>().ok())
        else {
            continue;
        };
        let size = size.min(answers.len());
        if let Ok(text) = String::from_utf8(answers[..size].to_vec()) {
            texts.push((path.clone(), text));
        }
        answers = &answers[(size + 1).min(answers.len())..];
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_taken_apart_by_their_sizes() {
        let paths = ["a.rs", "gone.rs", "b.rs"].map(str::to_owned);
        let answers = b"1f blob 3\na\nb\nHEAD:./gone.rs missing\n2f blob 0\n\n";
        let found = texts(&paths, answers);
        assert_eq!(
            found,
            [
                ("a.rs".to_owned(), "a\nb".to_owned()),
                ("b.rs".to_owned(), String::new())
            ]
        );
        assert!(texts(&paths, b"1f blob 900\nx").len() == 1);
    }
}
