//! What an explanation says to write into `civic.toml` keeps the value that it explains.

use civic_pii::{Config, Explanation, Finding, Kind, Redactor, Scratch};

/// A pattern of the user, beside which the lines of an explanation have to stand.
const POLICY: &str = r#"
[[pii.pattern]]
name = "case-ref"
regex = "CASE[0-9]{8}"
"#;

const LINES: &[&str] = &[
    "AB123456C",
    "nino AB123456C",
    "nino=AB123456C by a.person@example.com",
    r#"{"form.nhs-number":9434765919,"a\"b":"a.person@example.com"}"#,
    r#"{"msg":"{\"nhsNumber\":\"943 476 5919\"}"}"#,
    "GET /find?post%2Dcode=SW1A%201AA&e=a.person%40example.com 200",
    "passport number 925665416 of the applicant",
    "surname=Example phone: 020 7946 0999",
    "card 4111 1111 1111 1111, iban GB82 WEST 1234 5698 7654 32",
    "Authorization: Bearer abcdefghijklmnop.qrstuvwxyz0123456789",
    "2001:db8::1 203.0.113.9 00:00:5e:00:53:01",
    "dob 1980-02-29, PNC 2001/0000001A",
    "QUIxMjM0NTZDIGEucGVyc29uQGV4YW1wbGUuY29t",
    "CASE12345678 and ref=CASE12345678",
];

fn redactor(policy: &str) -> Redactor {
    let config = Config::parse(policy).unwrap_or_else(|error| panic!("{error}:\n{policy}"));
    Redactor::with_policy(config.policy_without_keys().expect("no keys are named"))
}

fn found(redactor: &Redactor, line: &str) -> Vec<Finding> {
    let mut scratch = Scratch::default();
    redactor
        .find_with(line.as_bytes(), &mut scratch)
        .into_owned()
}

fn same(a: &Finding, b: &Finding) -> bool {
    (a.start, a.end, a.kind) == (b.start, b.end, b.kind)
}

/// The explanation that belongs to a finding.
fn explanation(explanations: &[Explanation], finding: &Finding) -> Explanation {
    explanations
        .iter()
        .find(|explanation| explanation.accepted && same(&explanation.finding, finding))
        .cloned()
        .unwrap_or_else(|| panic!("{finding:?} is not explained"))
}

#[test]
fn the_lines_to_keep_a_value_parse_and_keep_it() {
    let plain = redactor(POLICY);
    let mut kinds = Vec::new();
    for line in LINES {
        let explanations = plain.explain(line.as_bytes());
        let findings = found(&plain, line);
        assert!(!findings.is_empty(), "{line}");
        for finding in findings {
            let explanation = explanation(&explanations, &finding);
            for lines in [explanation.keep_line, explanation.keep_kind_line] {
                let kept = redactor(&format!("{POLICY}\n{lines}\n"));
                let still = found(&kept, line).iter().any(|other| same(other, &finding));
                assert!(!still, "{finding:?} of {line} in spite of\n{lines}");
            }
            kinds.push(finding.kind);
        }
    }
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.len() >= 15, "the lines show few kinds: {kinds:?}");
}

#[test]
fn a_threshold_of_an_explanation_is_in_the_unit_of_the_file() {
    let redactor = redactor("[pii.kinds.nino]\nthreshold = 73\n");
    let explanations = redactor.explain(b"AB123456C");
    let nino = explanations
        .iter()
        .find(|explanation| explanation.finding.kind == Kind::Nino)
        .expect("a candidate");
    assert_eq!(nino.threshold, 73);
    let needed = format!(
        "[pii.kinds.nino]\nthreshold = {}",
        nino.finding.confidence + 1
    );
    assert_eq!(nino.keep_line, needed);
}
