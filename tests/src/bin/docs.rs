//! Behind `cargo xtask docs`: writes the generated parts of the documents, or with `--check` says which are stale.

use std::process::ExitCode;

use civic_tests::generated;
use civic_tests::repository::Repository;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let check = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => false,
        ["--check"] => true,
        _ => {
            eprintln!("error: `docs` knows `--check` and nothing else");
            return ExitCode::from(2);
        }
    };
    match run(check) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("error: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Result<ExitCode, String> {
    let repository =
        Repository::open().map_err(|error| format!("cannot read the repository: {error}"))?;
    if !check {
        for file in generated::write(&repository)? {
            println!("wrote {}", file.display());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let mut code = ExitCode::SUCCESS;
    for document in generated::documents(&repository)? {
        if document.old != document.new {
            println!("stale: {}", document.file.display());
            code = ExitCode::FAILURE;
        }
    }
    Ok(code)
}
