//! What the tests of the workspace share: the repository as files, the text that documents repeat, and the properties
//! that the fuzz targets check too.

#[cfg(feature = "balancer")]
pub mod drill;
pub mod generated;
pub mod property;
pub mod repository;
