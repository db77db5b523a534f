//! What the tests of the workspace share: the repository as files, the text that documents repeat, and the properties
//! that the fuzz targets check too.

pub mod generated;
pub mod property;
pub mod repository;
