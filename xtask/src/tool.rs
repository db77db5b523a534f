//! Programs from outside that a stage or a test needs, and where Debian has them.

use std::process::Command;

use crate::context::Context;

/// A program that is not part of the Rust toolchain.
#[derive(Debug)]
pub struct Tool {
    /// Name on the `PATH`.
    pub program: &'static str,
    /// Debian package that brings it.
    pub package: &'static str,
    /// What does not run without it.
    pub why: &'static str,
}

/// Every program from outside that the tests use.
pub const TOOLS: &[Tool] = &[CXX, HAPROXY, PROMETHEUS, REDIS, POSTGRESQL, FIU, XFS_IO];

/// Compiles libFuzzer, which is C++.
pub(crate) const CXX: Tool = Tool {
    program: "c++",
    package: "g++",
    why: "the fuzz targets link libFuzzer, which is C++",
};

/// The balancer that real replicas are restarted behind.
pub(crate) const HAPROXY: Tool = Tool {
    program: "haproxy",
    package: "haproxy",
    why: "replicas are restarted behind it to see that no request is lost",
};

/// Lets calls of the system fail.
pub(crate) const FIU: Tool = Tool {
    program: "fiu-run",
    package: "fiu-utils",
    why: "an audit trail is tried on a disk that fails",
};

/// Shuts a file system down as if the power were cut.
pub(crate) const XFS_IO: Tool = Tool {
    program: "xfs_io",
    package: "xfsprogs",
    why: "an audit trail is tried in a power cut",
};

/// Scrapes the example of a funnel; its package brings `promtool`, which checks what is shown.
pub(crate) const PROMETHEUS: Tool = Tool {
    program: "prometheus",
    package: "prometheus",
    why: "it checks the metrics and scrapes the example of a funnel",
};

/// An atomic store of progress.
pub(crate) const REDIS: Tool = Tool {
    program: "redis-server",
    package: "redis-server",
    why: "the commands that keep progress there are tried against it",
};

/// An atomic store of progress; this is the program that Debian has on the path.
pub(crate) const POSTGRESQL: Tool = Tool {
    program: "pg_ctlcluster",
    package: "postgresql",
    why: "the statements that keep progress there are tried against it",
};

/// What single tests of the stages `tests` and `examples` need; without it they say so and skip.
pub(crate) const OF_TESTS: [Tool; 3] = [PROMETHEUS, REDIS, POSTGRESQL];

impl Tool {
    /// Whether the program can be started.
    pub(crate) fn is_here(&self) -> bool {
        Context::finds(self.program)
    }

    /// One line for the summary of a run that did without it.
    pub(crate) fn how_to_install(&self) -> String {
        format!(
            "no `{}` ({}); `apt-get install {}` brings it",
            self.program, self.why, self.package
        )
    }
}

/// Installs the programs that are missing from Debian's packages.
///
/// # Errors
/// When one is still missing afterwards.
pub(crate) fn install_missing(context: &Context) -> Result<(), String> {
    let missing: Vec<&Tool> = TOOLS.iter().filter(|tool| !tool.is_here()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    context.run(apt_get().arg("update"))?;
    let packages = missing.iter().map(|tool| tool.package);
    context.run(
        apt_get()
            .args(["install", "--yes", "--no-install-recommends"])
            .args(packages),
    )?;
    match missing.iter().find(|tool| !tool.is_here()) {
        None => Ok(()),
        Some(tool) => Err(format!(
            "the package `{}` brought no `{}`",
            tool.package, tool.program
        )),
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
