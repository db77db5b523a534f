//! A log of requests that does not tell who sent them.
//!
//! The usual trace layers record the path, the query, the address of the client and its user agent
//! with every request. In a public service each of them is personal data sooner or later:
//! `/applications/QQ123456C`, `?email=..`. [`HttpTrace`] records four things that are none.
//!
//! | field | holds |
//! |---|---|
//! | `http.request.method` | a method of HTTP, or `_OTHER` |
//! | `http.route` | the route as the code has it, such as `/applications/{id}`, or `unmatched` |
//! | `http.response.status_code` | the status |
//! | `duration_ms` | time until the head of the response was there, in milliseconds |
//!
//! They stand in one event at the end of each request, and all but the duration on a span around
//! it. The span also has a `request_id`: see [`RequestId`].

mod future;
mod id;
mod layer;

pub use future::ResponseFuture;
pub use id::RequestId;
pub use layer::{HttpTrace, HttpTraceService};
