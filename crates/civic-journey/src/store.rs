//! Where progress is kept between requests.

pub mod atomic;
#[cfg(feature = "tower")]
mod cookie;
mod letters;
#[cfg(feature = "tower")]
mod progress_store;
pub mod redis;
#[cfg(feature = "tower")]
mod session;
mod sign;
pub mod sql;
pub mod synthetic;
pub mod token;

#[cfg(feature = "tower")]
pub use cookie::{OBJECTION_COOKIE, TokenStore};
#[cfg(feature = "tower")]
pub use progress_store::{AtomicStore, Incoming, ProgressStore};
#[cfg(feature = "tower")]
pub use session::{Session, SessionStore};
