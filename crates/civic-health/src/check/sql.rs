//! A database that answers.

use std::error::Error;
use std::fmt;
use std::future::Future;

use super::{Cx, HealthCheck};
use crate::outcome::Outcome;

/// A database that answers a query, over whatever driver the service has.
///
/// The closure runs a `select 1` on the service's own pool, so that no driver's version is tied
/// to this crate:
///
/// ```
/// # struct Pool;
/// # impl Pool { async fn execute(&self, _: &str) -> Result<u64, std::io::Error> { Ok(1) } }
/// use std::sync::Arc;
/// use civic_health::check::Sql;
/// use civic_health::{Component, Health, Spec};
///
/// let pool = Arc::new(Pool);
/// let postgres = Sql::new(move || {
///     let pool = Arc::clone(&pool);
///     async move { pool.execute("select 1").await }
/// });
/// let spec = Spec::shared("postgres").component(Component::Datastore);
/// let health = Health::builder("service").check(spec, postgres).build()?;
/// # Ok::<(), civic_health::BuildError>(())
/// ```
///
/// What the driver says of an error, often with host and user, goes to the log only.
#[must_use]
pub struct Sql<F> {
    query: F,
}

impl<F, Fut, T, E> Sql<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    /// Runs this query.
    pub fn new(query: F) -> Self {
        Self { query }
    }
}

impl<F, Fut, T, E> HealthCheck for Sql<F>
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    async fn check(&self, _: &Cx) -> Outcome {
        match (self.query)().await {
            Ok(_) => Outcome::pass(),
            Err(error) => Outcome::fail("query failed").error(&*error.into()),
        }
    }
}

impl<F> fmt::Debug for Sql<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sql").finish_non_exhaustive()
    }
}
