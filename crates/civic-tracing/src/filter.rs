//! Directives that keep the loudest targets from logging what passes through them.

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, ParseError};

/// Targets that log bodies, headers, parameters or addresses, with the level that they get at most.
///
/// At `DEBUG` and `TRACE` these libraries log what they carry: request and response bytes, header
/// values, SQL with its parameters, rows, redirects with their queries. A redactor finds what has a
/// shape, and a body has names, free text and answers that have none. So [`guarded_filter`] holds
/// these targets at `INFO` or `WARN`, whatever the level for everything else.
///
/// | target | what it logs below that level |
/// |---|---|
/// | `hyper`, `h2`, `hyper_util` | bytes of bodies and headers, addresses |
/// | `reqwest` | addresses with paths and queries, redirects |
/// | `tower_http` | whole requests and responses in its default trace layer |
/// | `axum::rejection` | the values that an extractor could not read |
/// | `tokio_postgres`, `postgres` | statements, parameters, notices with row values |
/// | `sqlx` | statements, with values where they are part of the text |
/// | `diesel`, `sea_orm` | statements with their binds |
/// | `rustls` | server names, certificates of clients |
/// | `tungstenite`, `tokio_tungstenite` | messages |
/// | `lapin`, `rdkafka` | payloads and keys |
/// | `aws_smithy_runtime`, `aws_config` | requests and responses with bodies, credentials' names |
/// | `tonic` | metadata |
/// | `opentelemetry`, `opentelemetry_sdk`, `opentelemetry_otlp` | what was to be exported |
pub const GUARDED_TARGETS: &[(&str, LevelFilter)] = &[
    ("hyper", LevelFilter::INFO),
    ("hyper_util", LevelFilter::INFO),
    ("h2", LevelFilter::INFO),
    ("reqwest", LevelFilter::INFO),
    ("tower_http", LevelFilter::INFO),
    ("axum::rejection", LevelFilter::INFO),
    ("tokio_postgres", LevelFilter::INFO),
    ("postgres", LevelFilter::INFO),
    ("sqlx", LevelFilter::WARN),
    ("diesel", LevelFilter::INFO),
    ("sea_orm", LevelFilter::INFO),
    ("rustls", LevelFilter::INFO),
    ("tungstenite", LevelFilter::INFO),
    ("tokio_tungstenite", LevelFilter::INFO),
    ("lapin", LevelFilter::INFO),
    ("rdkafka", LevelFilter::INFO),
    ("aws_smithy_runtime", LevelFilter::INFO),
    ("aws_config", LevelFilter::INFO),
    ("tonic", LevelFilter::INFO),
    ("opentelemetry", LevelFilter::INFO),
    ("opentelemetry_sdk", LevelFilter::INFO),
    ("opentelemetry_otlp", LevelFilter::INFO),
];

/// A filter by these directives, in which [`GUARDED_TARGETS`] stay at their levels.
///
/// `directives` has the form of `RUST_LOG`, such as `info` or `debug,my_service=trace`. A directive
/// that names a guarded target, or a part of one, in so many words is obeyed: `debug,hyper=trace`
/// opens `hyper`, on purpose and for everybody to see.
///
/// ```
/// use civic_tracing::guarded_filter;
///
/// let filter = guarded_filter("debug,sqlx=debug")?.to_string();
/// assert!(filter.contains("hyper=info") && filter.contains("sqlx=debug"));
/// assert!(!filter.contains("sqlx=warn"));
/// # Ok::<(), tracing_subscriber::filter::ParseError>(())
/// ```
///
/// # Errors
/// When the directives cannot be parsed.
pub fn guarded_filter(directives: &str) -> Result<EnvFilter, ParseError> {
    let directives: Vec<&str> = directives.split(',').map(str::trim).collect();
    let named: Vec<&str> = directives.iter().copied().map(target).collect();
    // `EnvFilter` lets errors through where no level is given.
    let mut levels = directives.iter().filter_map(|text| text.parse().ok());
    let level = levels.next_back().unwrap_or(LevelFilter::ERROR);
    let mut all: Vec<String> = GUARDED_TARGETS
        .iter()
        // A guard holds a target back and never opens it further than everything else.
        .filter(|(guarded, most)| *most < level && !named.contains(guarded))
        .map(|(guarded, most)| format!("{guarded}={most}"))
        .collect();
    all.extend(directives.into_iter().map(str::to_owned));
    EnvFilter::builder().parse(all.join(","))
}

/// The target of a directive such as `hyper=trace` or `hyper[span]=trace`; of a bare level, nothing that is guarded.
fn target(directive: &str) -> &str {
    let end = directive.find(['=', '[']).unwrap_or(directive.len());
    &directive[..end]
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::Subscriber;
    use tracing_subscriber::layer::{Context, Layer};
    use tracing_subscriber::prelude::*;

    use super::*;

    #[derive(Clone, Default)]
    struct Targets(Arc<Mutex<Vec<String>>>);

    impl<S: Subscriber> Layer<S> for Targets {
        fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
            let metadata = event.metadata();
            let text = format!("{} {}", metadata.target(), metadata.level());
            self.0.lock().unwrap().push(text);
        }
    }

    fn logged(directives: &str) -> Vec<String> {
        let targets = Targets::default();
        let filter = guarded_filter(directives).unwrap();
        let stack = tracing_subscriber::registry()
            .with(targets.clone())
            .with(filter);
        tracing::subscriber::with_default(stack, || {
            tracing::trace!(target: "hyper::proto", "flushed 105 bytes");
            tracing::info!(target: "hyper::proto", "listening");
            tracing::debug!(target: "tokio_postgres::query", "parameters");
            tracing::info!(target: "sqlx::query", "select");
            tracing::warn!(target: "sqlx::query", "slow select");
            tracing::trace!(target: "my_service", "mine");
        });
        Arc::into_inner(targets.0).map_or_else(Vec::new, |t| t.into_inner().unwrap())
    }

    #[test]
    fn guarded_targets_stay_quiet_when_everything_is_turned_on() {
        assert_eq!(
            logged("trace"),
            ["hyper::proto INFO", "sqlx::query WARN", "my_service TRACE"]
        );
    }

    #[test]
    fn a_target_that_is_named_is_opened() {
        let all = logged("info, hyper=trace");
        assert_eq!(
            all,
            [
                "hyper::proto TRACE",
                "hyper::proto INFO",
                "sqlx::query WARN"
            ]
        );
        assert_eq!(
            logged("error,hyper::proto=trace"),
            ["hyper::proto TRACE", "hyper::proto INFO"]
        );
    }

    #[test]
    fn a_mistake_in_the_directives_is_told() {
        assert!(guarded_filter("my_service=loud").is_err());
    }
}
