//! Made-up values of every kind, and the forms in which people and systems write them.

mod contact;
mod education;
mod health;
mod justice;
mod money;
mod network;
mod person;
mod place;
mod secret;
mod tax;
mod travel;

use civic_pii::Kind;

use super::form::Spec;

pub use health::{chi, nhs};

/// Everything known of a kind.
///
/// # Panics
/// When the kind has no values here, which a test rules out for every kind of the scanner.
pub fn spec(kind: Kind) -> &'static Spec {
    all()
        .find(|spec| spec.kind == kind)
        .expect("every kind has a specification, as the tests check")
}

/// Specifications of all kinds, by subject.
pub fn all() -> impl Iterator<Item = &'static Spec> {
    [
        contact::SPECS,
        education::SPECS,
        health::SPECS,
        justice::SPECS,
        money::SPECS,
        network::SPECS,
        person::SPECS,
        place::SPECS,
        secret::SPECS,
        tax::SPECS,
        travel::SPECS,
    ]
    .into_iter()
    .flatten()
}
