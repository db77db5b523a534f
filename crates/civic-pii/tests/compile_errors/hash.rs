use civic_pii::{Pii, tag};

#[derive(Hash)]
struct Applicant {
    nino: Pii<String, tag::Nino>,
}

fn main() {}
