//! Text that documents repeat and that is made from the code, between `<!-- generated: NAME -->` and `<!-- end -->`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use civic_pii::Kind;

use crate::repository::Repository;

const START: &str = "<!-- generated: ";
const END: &str = "<!-- end -->";

/// A document whose generated parts may be out of date.
#[derive(Debug)]
pub struct Document {
    /// Path, relative to the root.
    pub file: PathBuf,
    /// The text as it stands.
    pub old: String,
    /// The text as it should be.
    pub new: String,
}

/// Makes every document that has generated parts anew, in memory.
///
/// # Errors
/// When a document names a part that does not exist, or does not end one; the text names file and part.
pub fn documents(repository: &Repository) -> Result<Vec<Document>, String> {
    let mut documents = Vec::new();
    for file in repository.files_ending(".md") {
        let Some(old) = repository.text(file).filter(|text| text.contains(START)) else {
            continue;
        };
        let new = refresh(&old, |name| part(repository, name));
        let new = new.map_err(|problem| format!("{}: {problem}", file.display()))?;
        documents.push(Document {
            file: file.to_owned(),
            old,
            new,
        });
    }
    Ok(documents)
}

/// Links from crates that are published to the licences in the root: where, and what the link says.
pub fn licence_links(repository: &Repository) -> Vec<(PathBuf, &'static Path)> {
    let mut links = Vec::new();
    for package in repository
        .packages()
        .iter()
        .filter(|package| package.is_in("crates"))
    {
        for target in ["../../LICENSE-APACHE", "../../LICENSE-MIT"] {
            let target = Path::new(target);
            links.push((
                package.folder.join(target.file_name().unwrap_or_default()),
                target,
            ));
        }
    }
    links
}

/// Writes what [`documents`] and [`licence_links`] say and returns the files that changed.
///
/// # Errors
/// When a file cannot be written, or as [`documents`].
pub fn write(repository: &Repository) -> Result<Vec<PathBuf>, String> {
    let mut changed = Vec::new();
    for document in documents(repository)? {
        if document.old != document.new {
            fs::write(repository.path(&document.file), document.new)
                .map_err(|error| format!("cannot write {}: {error}", document.file.display()))?;
            changed.push(document.file);
        }
    }
    for (link, target) in licence_links(repository) {
        let path = repository.path(&link);
        if fs::read_link(&path).is_ok_and(|old| old == target) {
            continue;
        }
        make_link(target, &path)
            .map_err(|error| format!("cannot link {}: {error}", link.display()))?;
        changed.push(link);
    }
    Ok(changed)
}

#[cfg(unix)]
fn make_link(target: &Path, path: &Path) -> io::Result<()> {
    if path.exists() {
        fs::remove_file(path)?;
    }
    std::os::unix::fs::symlink(target, path)
}

#[cfg(not(unix))]
fn make_link(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::Error::other("links are made on Unix only"))
}

/// Puts the parts between their markers.
fn refresh(text: &str, part: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut output = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let (name, after) = after.split_once(" -->").ok_or("a marker does not end")?;
        let (_, after) = after
            .split_once(END)
            .ok_or_else(|| format!("`{name}` has no end"))?;
        let part = part(name).ok_or_else(|| format!("nothing generates `{name}`"))?;
        write!(output, "{before}{START}{name} -->\n{part}{END}")
            .expect("a String takes all that is written");
        rest = after;
    }
    output.push_str(rest);
    Ok(output)
}

fn part(repository: &Repository, name: &str) -> Option<String> {
    let text = match name {
        "commands" => commands(),
        "crates" => crates(repository),
        "dependencies" => dependencies(repository),
        "exit-codes" => exit_codes(repository),
        "kinds" => kinds(),
        "stages" => stages(),
        "tools" => tools(),
        _ => return None,
    };
    Some(text)
}

fn kinds() -> String {
    let rows = Kind::ALL.iter().map(|kind| {
        let host = kind
            .source()
            .trim_start_matches("https://")
            .split('/')
            .next()
            .unwrap_or_default();
        [
            format!("`{}`", kind.id()),
            format!("`[{}]`", kind.label()),
            kind.category().id().to_owned(),
            format!("[{host}]({})", kind.source()),
        ]
    });
    table(["id", "marker", "category", "source"], rows)
}

fn crates(repository: &Repository) -> String {
    let packages = repository.packages();
    let rows = packages
        .iter()
        .filter(|package| package.is_in("crates"))
        .map(|package| {
            [
                format!("[`{}`]({})", package.name(), package.folder.display()),
                package.text("description").unwrap_or_default().to_owned(),
                package.text("rust-version").unwrap_or_default().to_owned(),
            ]
        });
    table(["crate", "what it does", "oldest Rust"], rows)
}

fn dependencies(repository: &Repository) -> String {
    let workspace = repository.workspace();
    let url = workspace["workspace"]["package"]["repository"]
        .as_str()
        .unwrap_or_default();
    let (mut git, mut path) = (String::new(), String::new());
    for package in repository.packages() {
        // A command is installed, not depended on.
        if !package.is_in("crates") || package.name().starts_with("cargo-") {
            continue;
        }
        let (name, folder) = (package.name(), package.folder.display());
        let written = writeln!(git, "{name} = {{ git = \"{url}\" }}")
            .and_then(|()| writeln!(path, "{name} = {{ path = \"../civic/{folder}\" }}"));
        written.expect("a String takes all that is written");
    }
    format!(
        "\nFrom git:\n\n```toml\n[dependencies]\n{git}```\n\n\
         From a clone beside your project:\n\n```toml\n[dependencies]\n{path}```\n\n"
    )
}

/// The codes of `cargo civic`, from the constants and the first sentences of their documentation.
fn exit_codes(repository: &Repository) -> String {
    let source = repository
        .text("crates/cargo-civic/src/exit.rs")
        .unwrap_or_default();
    table(["exit code", "when"], parse_exit_codes(&source).into_iter())
}

fn parse_exit_codes(source: &str) -> Vec<[String; 2]> {
    let mut rows = Vec::new();
    let (mut sentence, mut over) = (String::new(), false);
    for line in source.lines() {
        if let Some(doc) = line.strip_prefix("///") {
            over |= doc.is_empty() && !sentence.is_empty();
            if !over {
                sentence.push_str(doc);
            }
        } else if line.contains("const ") && line.contains(": u8 = ") {
            let code = line
                .split(" = ")
                .nth(1)
                .unwrap_or_default()
                .trim_end_matches(';');
            rows.push([
                code.to_owned(),
                sentence.trim().trim_end_matches('.').to_owned(),
            ]);
            (sentence, over) = (String::new(), false);
        }
    }
    rows
}

fn commands() -> String {
    let rows = xtask::COMMANDS.iter().map(|command| {
        let call = format!("cargo xtask {} {}", command.name, command.arguments);
        [format!("`{}`", call.trim_end()), command.about.to_owned()]
    });
    table(["command", "what it does"], rows)
}

fn stages() -> String {
    let rows = xtask::STAGES
        .iter()
        .map(|stage| [format!("`{}`", stage.name), stage.about.to_owned()]);
    table(["stage", "what has to hold"], rows)
}

fn tools() -> String {
    let rows = xtask::TOOLS.iter().map(|tool| {
        [
            format!("`{}`", tool.program),
            format!("`{}`", tool.package),
            tool.why.to_owned(),
        ]
    });
    table(["program", "Debian package", "needed because"], rows)
}

fn table<const N: usize>(head: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut text = format!("\n| {} |\n|{}\n", head.join(" | "), "---|".repeat(N));
    for row in rows {
        let row = row.map(|cell| cell.replace('|', "\\|"));
        writeln!(text, "| {} |", row.join(" | ")).expect("a String takes all that is written");
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_replaced_and_the_rest_stays() {
        let text = "a\n<!-- generated: x -->\nold\n<!-- end -->\nb\n";
        let new = refresh(text, |name| (name == "x").then(|| "new\n".to_owned())).unwrap();
        assert_eq!(new, "a\n<!-- generated: x -->\nnew\n<!-- end -->\nb\n");
        assert_eq!(refresh(&new, |_| Some("new\n".to_owned())).unwrap(), new);
    }

    #[test]
    fn exit_codes_come_with_their_first_paragraph() {
        let source = "//! Codes.\n\n/// All is\n/// well.\n///\n/// More.\npub(crate) const CLEAN: u8 = 0;\n\n\
                      /// Not well.\nconst BAD: u8 = 1;\n";
        let rows = parse_exit_codes(source);
        assert_eq!(
            rows,
            [["0", "All is well"], ["1", "Not well"]].map(|row| row.map(str::to_owned))
        );
    }

    #[test]
    fn unknown_and_endless_parts_are_errors() {
        let unknown = refresh("<!-- generated: y -->\n<!-- end -->", |_| None);
        assert_eq!(unknown.unwrap_err(), "nothing generates `y`");
        let endless = refresh("<!-- generated: y -->\n", |_| Some(String::new()));
        assert_eq!(endless.unwrap_err(), "`y` has no end");
    }
}
