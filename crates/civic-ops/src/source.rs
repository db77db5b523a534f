//! The files that are read, in one order whatever the order in which they come.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use walkdir::{DirEntry, WalkDir};

/// The texts of a service's files, by their paths.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: BTreeMap<String, Text>,
}

/// What is in a file.
#[derive(Clone, Debug)]
enum Text {
    Read(String),
    /// It could not be read, and why.
    Unread(&'static str),
}

/// Larger files are not read: nobody wrote them.
const LARGEST: u64 = 8 * 1024 * 1024;

impl Sources {
    /// Takes texts with the paths that they have in the report.
    ///
    /// ```
    /// let sources = civic_ops::Sources::from_texts([("src/main.rs", "fn main() {}")]);
    /// assert_eq!(sources.text("src/main.rs"), Some("fn main() {}"));
    /// ```
    pub fn from_texts<P: Into<String>, T: Into<String>>(
        texts: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        let files = texts
            .into_iter()
            .map(|(path, text)| (path.into(), Text::Read(text.into())))
            .collect();
        Self { files }
    }

    /// Reads a folder to its bottom, without hidden folders, `target` and `node_modules`; or one file.
    ///
    /// Links are not followed. A file that is no text, or larger than 8 MiB, is kept as one of which nothing can be said.
    ///
    /// # Errors
    /// If the folder cannot be listed, or a file not be read.
    pub fn read(root: &Path) -> io::Result<Self> {
        let mut sources = Self::default();
        for entry in WalkDir::new(root).into_iter().filter_entry(is_ours) {
            let entry = entry?;
            if !entry.file_type().is_file() || !is_read(&entry, root) {
                continue;
            }
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let parts: Vec<_> = relative
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            let path = if parts.is_empty() {
                entry.file_name().to_string_lossy().into_owned()
            } else {
                parts.join("/")
            };
            let text = if entry.metadata()?.len() > LARGEST {
                Text::Unread("the file is larger than 8 MiB")
            } else {
                match String::from_utf8(fs::read(entry.path())?) {
                    Ok(text) => Text::Read(text),
                    Err(_) => Text::Unread("the file is not UTF-8"),
                }
            };
            sources.files.insert(path, text);
        }
        Ok(sources)
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<&str> {
        match self.files.get(path)? {
            Text::Read(text) => Some(text),
            Text::Unread(_) => None,
        }
    }

    /// Paths and texts, sorted by path.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter_map(|(path, text)| match text {
            Text::Read(text) => Some((path.as_str(), text.as_str())),
            Text::Unread(_) => None,
        })
    }

    /// Paths that could not be read, and why.
    pub(crate) fn unread(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.files.iter().filter_map(|(path, text)| match text {
            Text::Unread(why) => Some((path.as_str(), *why)),
            Text::Read(_) => None,
        })
    }
}

fn is_ours(entry: &DirEntry) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_dir() {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    // The files of CI stand in a hidden folder.
    (!name.starts_with('.') || name == ".github") && name != "target" && name != "node_modules"
}

fn is_read(entry: &DirEntry, root: &Path) -> bool {
    if entry.path() == root {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(
        extension,
        "rs" | "sql" | "html" | "jinja" | "j2" | "tera" | "hbs" | "njk" | "yml" | "yaml"
    ) || matches!(
        &*name,
        "Cargo.toml" | "civic.toml" | ".env.example" | ".env.sample" | "README.md"
    )
}
