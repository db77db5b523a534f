//! A text that is no suspect is one that no redaction changes, under any name of a field that is scanned.

use civic_pii::{Redactor, Scratch};
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces of every shape that the scanner is anchored at, and what stands around them.
const PIECES: &[&str] = &[
    "AB123456C",
    "AB 12 34 56 C",
    "9434765919",
    "943 476 5919",
    "943-476-5919",
    "7700900123",
    "a.person",
    "@",
    "example.com",
    "4111111111111111",
    "SW1A 1AA",
    "SW1A",
    "1AA",
    "AB12 CDE",
    "A123 BCD",
    "ABC 123A",
    "GB82WEST",
    "12345698765432",
    "GB82 WEST 1234 5698 7654 32",
    "192.168.0.1",
    "2001:db8::1",
    "00:11:22:33:44:55",
    "0011.2233.4455",
    "abcd.abcd.abcd",
    "password",
    "token",
    "Bearer ",
    "eyJhbGciOiJub25lIn0",
    "name",
    "=",
    ":",
    ": ",
    "\"",
    "'",
    "%40",
    "%20",
    "\\u0040",
    "\\n",
    "\u{e9}",
    "\u{ff10}",
    " ",
    "-",
    "/",
    ",",
    ".",
    "[",
    "]",
    "<",
    "</name>",
    "dob",
    "1980-01-02",
    "02/01/1980",
    "2026-11-25T10:11:12.123Z",
    "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
    "authentication",
    "J",
    "B",
    "A1234BC",
    "12A34567",
    "123/A1",
    "MORGA657054SM9IJ",
    "request handled",
    "GET",
    "x",
    "0",
    "7",
    "\n",
    "QUJDREVGR0hJSktM",
    "{",
    "}",
];

fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(select(PIECES), 0..7).prop_map(|pieces| pieces.concat())
}

/// Names that speak for a kind, against any, and for nothing; and none.
fn scanned_fields() -> Vec<Option<&'static str>> {
    let redactor = Redactor::new();
    let names = [
        "detail",
        "nhs_id",
        "applicant",
        "client_ip",
        "phone_line",
        "count",
        "order_id",
        "version",
    ];
    let scanned = names.into_iter().filter(|name| redactor.scans_field(name));
    let all: Vec<_> = scanned.map(Some).chain([None]).collect();
    assert!(all.len() > 5);
    all
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(4000)
    })]

    #[test]
    fn what_is_no_suspect_stays_as_it_is(
        texts in prop::collection::vec(text(), 1..9),
        field in select(scanned_fields()),
    ) {
        let redactor = Redactor::new();
        let mut scratch = Scratch::default();
        let (mut sheet, mut places) = (String::new(), Vec::new());
        for (index, text) in texts.iter().enumerate() {
            if index > 0 {
                sheet.extend((0..Redactor::GAP).map(|_| '\0'));
            }
            places.push(sheet.len()..sheet.len() + text.len());
            sheet.push_str(text);
        }
        let suspects = redactor.suspects(&sheet, &places, &mut scratch);
        for (index, text) in texts.iter().enumerate() {
            let mut out = String::new();
            let receipt = redactor.redact_field(field, text, &mut scratch, &mut out);
            if !suspects.contains(index) {
                prop_assert!(receipt.is_empty(), "{text:?} became {out:?}");
                prop_assert_eq!(&out, text);
            }
            // Its neighbours do not make a text a suspect.
            let alone = redactor.suspects(text, std::slice::from_ref(&(0..text.len())), &mut scratch);
            prop_assert_eq!(suspects.contains(index), alone.contains(0), "{:?} in {:?}", text, sheet);
        }
    }

    #[test]
    fn a_uuid_is_no_suspect_and_stays(id in any::<u128>(), field in select(scanned_fields())) {
        let redactor = Redactor::new();
        let mut scratch = Scratch::default();
        let mut text = format!("{id:032x}");
        for hyphen in [8, 13, 18, 23] {
            text.insert(hyphen, '-');
        }
        for text in [text.to_uppercase(), text] {
            let suspects = redactor.suspects(&text, std::slice::from_ref(&(0..36)), &mut scratch);
            prop_assert!(!suspects.contains(0));
            let mut out = String::new();
            let receipt = redactor.redact_field(field, &text, &mut scratch, &mut out);
            prop_assert!(receipt.is_empty(), "{text:?} became {out:?}");
        }
    }

    #[test]
    fn a_number_that_is_no_suspect_stays(value in any::<u128>(), shift in 0_u32..128) {
        let redactor = Redactor::new();
        let value = value >> shift;
        if !redactor.suspects_integer(value) {
            for field in [None, Some("nhs_number"), Some("pin"), Some("n")] {
                if field.is_none_or(|field| redactor.scans_field(field)) {
                    let receipt = redactor.redact_u128(field, value, &mut String::new());
                    prop_assert!(receipt.is_empty());
                    let receipt = redactor.redact_f64(field, value as f64, &mut String::new());
                    prop_assert!(receipt.is_empty() || redactor.suspects_float(value as f64));
                }
            }
        }
    }
}
