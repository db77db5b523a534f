//! A value is found wherever it stands in a text: the scanner reads windows of 64 bytes, and a value that lies across the edge
//! of two of them must not be lost.

use civic_pii::{Kind, Scanner, Scratch};

/// One value of each shape that the scanner anchors, with what gives it away.
const VALUES: &[(Kind, &str, &str)] = &[
    (Kind::Nino, "", "AB123456C"),
    (Kind::Nino, "", "AB 12 34 56 C"),
    (Kind::NhsNumber, "", "401 023 2137"),
    (Kind::ChiNumber, "chi=", "0101801232"),
    (Kind::Utr, "utr=", "1123456789"),
    (Kind::VatNumber, "", "GB980780684"),
    (Kind::PayeReference, "", "123/AB45678"),
    (Kind::TemporaryReferenceNumber, "trn=", "11A11111"),
    (Kind::ChildBenefitNumber, "", "CHB12345678AB"),
    (Kind::DrivingLicence, "", "MORGA657054SM9IJ"),
    (Kind::Passport, "passport ", "123456789"),
    (Kind::VisaGwf, "", "GWF012345678"),
    (Kind::Postcode, "", "SW1A 1AA"),
    (Kind::Postcode, "", "M11AA"),
    (Kind::VehicleRegistration, "", "AB12 CDE"),
    (Kind::VehicleRegistration, "", "ABC 123D"),
    // Its last letter begins a token elsewhere, as in `Bearer`.
    (Kind::VehicleRegistration, "", "NO17 HCB"),
    (Kind::BankAccount, "", "12-34-56 12345678"),
    (Kind::Iban, "", "GB82 WEST 1234 5698 7654 32"),
    (Kind::PaymentCard, "", "4111 1111 1111 1111"),
    (Kind::PrisonNumber, "prison ", "A1234BC"),
    (Kind::Email, "", "jane.doe@example.com"),
    (Kind::Phone, "", "+44 7700 900123"),
    (Kind::Phone, "", "07700 900123"),
    (Kind::IpAddress, "", "203.0.113.77"),
    (Kind::IpAddress, "", "2001:db8:85a3::8a2e:370:7334"),
    (Kind::MacAddress, "", "02:00:5e:10:00:af"),
    (Kind::Credential, "Bearer ", "abcdef0123456789ABCDEF"),
    (
        Kind::Credential,
        "",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    ),
    (Kind::DateOfBirth, "dob=", "1985-03-12"),
    (Kind::DateOfBirth, "born ", "12 March 1985"),
    (Kind::PersonName, "surname=", "Okafor"),
    (Kind::Email, "", "amFuZS5kb2VAZXhhbXBsZS5jb20="),
];

#[test]
fn every_value_is_found_at_every_place_of_a_text() {
    let scanner = Scanner::new();
    let mut scratch = Scratch::default();
    let filler = "a word and then some more of them, ".repeat(12);
    for (kind, before, value) in VALUES {
        for lead in 1..140 {
            for tail in [0, 1, 7, 30, 61, 90] {
                let (lead, tail) = (&filler[..lead], &filler[..tail]);
                let text = format!("{lead} {before}{value} {tail}");
                let start = lead.len() + 1 + before.len();
                let found: Vec<_> = scanner
                    .scan_with(None, text.as_bytes(), &mut scratch)
                    .iter()
                    .map(|finding| (finding.kind, finding.start, finding.end))
                    .collect();
                assert_eq!(found, [(*kind, start, start + value.len())], "{text}");
            }
        }
    }
}
