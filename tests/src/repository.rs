//! The repository as files and manifests.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::Table;

/// The files that a person would commit, and the manifests among them.
#[derive(Debug)]
pub struct Repository {
    root: PathBuf,
    files: Vec<PathBuf>,
}

/// A package of this repository, by its manifest.
#[derive(Debug)]
pub struct Package {
    /// Folder, relative to the root, such as `crates/civic-pii`.
    pub folder: PathBuf,
    /// The manifest as it stands, nothing inherited.
    pub manifest: Table,
}

impl Repository {
    /// Lists the files below the root of the workspace.
    ///
    /// # Errors
    /// When a folder cannot be read.
    pub fn open() -> io::Result<Self> {
        let package = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = package.parent().unwrap_or(package).to_owned();
        let mut files = Vec::new();
        walk(&root, Path::new(""), &mut files)?;
        files.sort();
        Ok(Self { root, files })
    }

    /// Paths of all files, relative to the root, sorted; build output and version control left out.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Files whose name ends so, such as `.md`.
    pub fn files_ending(&self, end: &str) -> impl Iterator<Item = &Path> {
        self.files
            .iter()
            .map(PathBuf::as_path)
            .filter(move |file| file.to_string_lossy().ends_with(end))
    }

    /// Where a path that is relative to the root really is.
    pub fn path(&self, file: impl AsRef<Path>) -> PathBuf {
        self.root.join(file)
    }

    /// The text of a file, or `None` when it is not UTF-8 or not there.
    pub fn text(&self, file: impl AsRef<Path>) -> Option<String> {
        fs::read_to_string(self.path(file)).ok()
    }

    /// The manifest of the workspace.
    ///
    /// # Panics
    /// When there is none or it is not TOML: then cargo would not have built this.
    pub fn workspace(&self) -> Table {
        self.manifest(Path::new("Cargo.toml"))
    }

    /// Every package, sorted by folder; the fuzz targets, which stand outside the workspace, too.
    pub fn packages(&self) -> Vec<Package> {
        let manifests = self
            .files
            .iter()
            .filter(|file| file.ends_with("Cargo.toml"));
        let packages = manifests.map(|file| Package {
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            manifest: self.manifest(file),
        });
        packages
            .filter(|package| package.manifest.contains_key("package"))
            .collect()
    }

    fn manifest(&self, file: &Path) -> Table {
        let text = self.text(file).expect("cargo has read this manifest");
        text.parse().expect("cargo has parsed this manifest")
    }
}

impl Package {
    /// A text in `[package]`, or `None` when it is missing or inherited.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.manifest["package"].get(key)?.as_str()
    }

    /// Name of the package.
    ///
    /// # Panics
    /// When there is none: then cargo would not have built this.
    pub fn name(&self) -> &str {
        self.text("name").expect("cargo asks for a name")
    }

    /// Whether the package goes to a registry.
    pub fn is_published(&self) -> bool {
        let publish = self.manifest["package"].get("publish");
        publish.and_then(toml::Value::as_bool) != Some(false)
    }

    /// Whether the package stands in this folder of the root, such as `crates`.
    pub fn is_in(&self, folder: &str) -> bool {
        self.folder.starts_with(folder)
    }
}

/// Files that stand in the repository but are not part of it.
fn is_left_out(name: &str) -> bool {
    matches!(name, "target" | ".git") || name.ends_with(".profraw")
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        if is_left_out(&entry.file_name().to_string_lossy()) {
            continue;
        }
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            walk(root, &path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
