//! What is shown of the counts, and where.

use std::sync::Arc;

use civic_core::MetricSource;
use civic_metrics::{Conflict, Exposition};

/// The sources that the builder was given; handed out as often as somebody shows them.
#[derive(Clone, Default)]
pub(crate) struct Sources(Vec<Arc<dyn MetricSource>>);

impl Sources {
    pub(crate) fn add(&mut self, source: impl MetricSource + 'static) {
        self.0.push(Arc::new(source));
    }

    pub(crate) fn exposition(&self) -> Result<Exposition, Conflict> {
        let mut sources = self.0.iter().cloned();
        sources.try_fold(Exposition::new(), Exposition::with)
    }
}

/// `/metrics`, in the format that the scrape asks for.
#[cfg(feature = "health")]
pub(crate) fn routes(exposition: Exposition) -> axum::Router {
    use axum::http::HeaderMap;
    use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
    use axum::routing::get;
    use civic_metrics::Format;

    let exposition = Arc::new(exposition);
    let answer = async move |headers: HeaderMap| {
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let format = Format::from_accept(accept.unwrap_or_default());
        let head = [
            (CONTENT_TYPE, format.content_type()),
            (CACHE_CONTROL, "no-store"),
        ];
        (head, exposition.render(format))
    };
    axum::Router::new().route("/metrics", get(answer))
}
