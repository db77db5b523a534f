//! What was redacted once has nothing left to redact: the text stays as it is, and the receipt stays empty.

use civic_pii::{Redactor, Scratch};

/// Made-up values in many ways of writing, and what only looks like one.
const VALUES: &[&str] = &[
    "AB123456C",
    "ab 12 34 56 c",
    "QQ123456C",
    "4010232137",
    "401 023 2137",
    "943-476-5919",
    "0101900015",
    "GB 358145737 000",
    "GB123456782",
    "12-34-56 12345678",
    "12-34-56 account number 12345678",
    "GB82 WEST 1234 5698 7654 32",
    "4111 1111 1111 1111",
    "SW1A 2AA",
    "GIR 0AA",
    "BD51 SMR",
    "KWD 6587",
    "7281 DP",
    "MORGA 657054 SM9IJ 35",
    "ZE 247 2072",
    "M916 4330 19068",
    "366 PY 00971867",
    "111 / OL18478",
    "123/AB456",
    "76 I9 14 21",
    "57-W-22087",
    "A 1234 BC",
    "X 123456",
    "2003/0011985X",
    "265416/21G",
    "533401372",
    "98 765 4321",
    "jo.bloggs@example.com",
    "jo.o''bloggs@example.com",
    "07700 900123",
    "(020) 7946 0018",
    "+44 (0)20 7946 0018",
    "+33 1 99 00 12 34",
    "203.0.113.9",
    "::ffff:203.0.113.9",
    "2001:db8::1",
    "00:00:5e:00:53:af",
    "0000.5e00.53af",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "Bearer abcdefGH-1234_abcdefgh~1",
    "session=q1oPYcyKSN8c38QhbY11t1XPgdlb4H; Path=/",
    "1971-09-18",
    "18 September 1971",
    "September 18, 1971",
    "Smith, Jane",
    "Jane O'Neill",
    "1 High Street, Weatherfield",
    "Flat 2, 64 Church Street, SW1A 2AA",
    "%4a%4f@example.com",
    "SW1A%202AA",
    "AB%31%32%33%34%35%36C",
    "[NINO]",
    "[PERSON-NAME] Jane",
    "1234567",
    "2026-11-24T10:11:12Z",
    "null",
];

/// What stands around them; `{}` is the value.
const AROUND: &[&str] = &[
    "{}",
    "nino={}",
    "nhs_number={} outcome=ok",
    r#"{"postcode": "{}" }"#,
    r#"{"m":"{\"fullName\":\"{}\",\"x\":1}"}"#,
    "Applicant { date_of_birth: Some(\"{}\"), home_address: Text(\"{}\") }",
    "full_name={} password={}",
    "home_address: {}, phone: {}",
    "GET /people/{}/history?surname={}&trn={} 200",
    "the passport number is {}, please check",
    "value {} is not a valid National Insurance number",
    "<ns2:Surname>{}</ns2:Surname><Dob>{}</Dob>",
    "params=(7, '{}', NULL)",
    "authorization: {}",
    "upload_{}_v2 and {}{}",
    "cannot import row 4: 25;en;\"{}\";open;{}",
    "vehicle_reg=[{}] sort_code={} account={}",
    "prison number {} of {} by employer {}",
    "client_ip: {} mac={} session={}",
    "order {} count={} uprn {}",
];

#[test]
fn a_second_pass_changes_nothing_and_its_receipt_is_empty() {
    let redactor = Redactor::new();
    let mut scratch = Scratch::default();
    let mut failures = Vec::new();
    let mut lines = 0;
    for around in AROUND {
        for (i, value) in VALUES.iter().enumerate() {
            for step in [0, 7] {
                // Every place takes another value, so that values stand beside one another.
                let mut line = String::new();
                for (place, part) in around.split("{}").enumerate() {
                    if place > 0 {
                        let other = VALUES[(i + (place - 1) * step) % VALUES.len()];
                        line.push_str(if place == 1 { value } else { other });
                    }
                    line.push_str(part);
                }
                lines += 1;
                let once = redactor.redact(&line);
                let mut twice = String::new();
                let receipt = redactor.redact_field(None, &once, &mut scratch, &mut twice);
                if twice != once || !receipt.is_empty() {
                    failures.push(format!("{line}\n  {once}\n  {twice}"));
                }
            }
        }
    }
    assert!(lines > 2_000, "{lines} lines are too few");
    assert!(
        failures.is_empty(),
        "{} of {lines} lines:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn a_value_inside_another_fields_value_is_settled_by_the_first_pass() {
    let redactor = Redactor::new();
    for line in [
        r#"{"address_line_1":"back\\slash jo@example.com"}"#,
        r#"{"address_line_1":"c/o \"jo@example.com\""}"#,
        "address: \"Flat 1, jo@example.com\"",
        r#"{"token":"{\"a\":\"{\\\"email\\\":\\\"jo@example.com\\\"}\"}"}"#,
        r#"{"token":"{\"nino\":\"AB123456C\"}"}"#,
        r#"{"AB123456C":9434765919,"jo@example.com":9434765919.0}"#,
        "jo@example.com: 9434765919",
    ] {
        let once = redactor.redact(line);
        assert_ne!(once, line);
        assert_eq!(redactor.redact(&once), once, "{line}");
    }
}
