//! What a user of the redactor notices, through its public API.

use std::io;
use std::sync::LazyLock;

use civic_pii::{
    Action, KeyRing, Kind, KindSet, Policy, PolicyBuilder, Receipt, Redactor, Scratch,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn redactor(builder: PolicyBuilder) -> Redactor {
    Redactor::with_policy(
        builder
            .build()
            .expect("the policies of these tests are sound"),
    )
}

/// A redactor with a pattern for numbers and words of its own.
fn with_pattern() -> Redactor {
    redactor(Policy::builder().pattern("case-ref", "(?:CASE)?77[0-9]{6}"))
}

fn keys() -> KeyRing {
    KeyRing::new("k1", vec![7; 32]).expect("32 bytes are enough")
}

fn field(redactor: &Redactor, field: &str, text: &str) -> (String, Receipt) {
    let mut out = String::new();
    let receipt = redactor.redact_field(Some(field), text, &mut Scratch::default(), &mut out);
    (out, receipt)
}

#[test]
fn each_action_does_what_it_says() {
    let text = "nino AB123456C of a.person@example.com";
    for (action, expected) in [
        (Action::Erase, "nino [NINO] of [EMAIL]"),
        (Action::Partial { last: 3 }, "nino [NINO *56C] of [EMAIL]"),
        (Action::keep("made up"), "nino AB123456C of [EMAIL]"),
    ] {
        let redactor = redactor(Policy::builder().action(Kind::Nino, action));
        assert_eq!(redactor.redact(text), expected);
    }
    let policy = Policy::builder()
        .action(Kind::Nino, Action::Pseudonymise)
        .keys(keys());
    let marker = keys().pseudonym(Kind::Nino, "AB 12 34 56 C");
    assert_eq!(
        redactor(policy).redact(text),
        format!("nino {marker} of [EMAIL]")
    );
}

#[test]
fn a_kept_kind_is_not_in_the_receipt() {
    let redactor = redactor(Policy::builder().action(Kind::Nino, Action::keep("made up")));
    let (out, receipt) = field(&redactor, "message", "nino AB123456C a.person@example.com");
    assert_eq!(out, "nino AB123456C [EMAIL]");
    assert_eq!(receipt.kinds(), KindSet::EMPTY.with(Kind::Email));
    assert_eq!(receipt.count(), 1);
}

#[test]
fn a_marker_in_the_text_of_a_user_adds_nothing() {
    let pseudonym = keys().pseudonym(Kind::Nino, "AB123456C");
    let text = format!("[NINO] [EMAIL *COM] [CASE-REF] [REDACTION-FAILED] {pseudonym}");
    let (out, receipt) = field(&with_pattern(), "message", &text);
    assert_eq!(out, text);
    assert!(receipt.is_empty());
}

#[test]
fn a_field_that_holds_a_kind_is_replaced_whole_unless_it_says_nothing() {
    let redactor = redactor(Policy::builder().field("case_worker", Kind::PersonName));
    for name in ["case_worker", "caseWorker", "form.case-worker"] {
        let (out, receipt) = field(&redactor, name, "A. N. Other, caseworker");
        assert_eq!(out, "[PERSON-NAME]");
        assert_eq!(receipt.count(), 1);
    }
    for text in [
        "",
        " ",
        "\"\"",
        "true",
        "false",
        "null",
        "None",
        "[PERSON-NAME]",
        " [NINO] ",
    ] {
        let (out, receipt) = field(&redactor, "case_worker", text);
        assert_eq!(out, text);
        assert!(receipt.is_empty());
    }
    let mut out = String::new();
    let name = Some("case_worker");
    for receipt in [
        redactor.redact_u64(name, 7, &mut out),
        redactor.redact_i64(name, -7, &mut out),
        redactor.redact_u128(name, 7, &mut out),
        redactor.redact_i128(name, -7, &mut out),
        redactor.redact_f64(name, 7.5, &mut out),
    ] {
        assert_eq!(receipt.count(), 1);
        assert!(receipt.kinds().contains(Kind::PersonName));
    }
    assert_eq!(out, "[PERSON-NAME]".repeat(5));
}

#[test]
fn a_kept_field_is_left_alone_by_every_recogniser() {
    let policy = Policy::builder()
        .keep_field("trace_id", "random")
        .pattern("case-ref", "77[0-9]{6}");
    let redactor = redactor(policy);
    let text = "AB123456C a.person@example.com 77123456";
    assert_eq!(
        field(&redactor, "traceId", text),
        (text.to_owned(), Receipt::default())
    );
    assert_eq!(
        redactor.redact_u64(Some("trace_id"), 77_123_456, &mut String::new()),
        Receipt::default()
    );
}

#[test]
fn a_pattern_finds_text_and_numbers() {
    let redactor = with_pattern();
    let (out, receipt) = field(&redactor, "message", "see CASE77123456, AB123456C");
    assert_eq!(out, "see [CASE-REF], [NINO]");
    assert_eq!(
        receipt.kinds(),
        [Kind::Nino, Kind::Custom].into_iter().collect()
    );
    let mut out = String::new();
    for field in [Some("n"), None] {
        out.clear();
        let receipt = redactor.redact_u64(field, 77_123_456, &mut out);
        assert!(receipt.kinds().contains(Kind::Custom));
        assert_eq!(out, "[CASE-REF]");
    }
    assert!(redactor.redact_u64(Some("n"), 12, &mut out).is_empty());
}

#[test]
fn a_pattern_leaves_a_kept_field_alone() {
    let builder = Policy::builder()
        .pattern("licence-application", r"LA-[0-9]{6}")
        .keep_field("example_ref", "made up by us");
    assert_eq!(
        redactor(builder).redact("exampleRef=LA-123456 ref=LA-123456"),
        "exampleRef=LA-123456 ref=[LICENCE-APPLICATION]"
    );
}

#[test]
fn what_is_found_is_what_is_replaced() {
    let text = "LA-123456 for AB123456C by a.person@example.com, [NINO] [LICENCE-APPLICATION]";
    let builder = || Policy::builder().pattern("licence-application", r"LA-[0-9]{6}");
    let kept = |kind| builder().action(kind, Action::keep("public"));
    for (builder, expected) in [
        (
            builder(),
            &["LA-123456", "AB123456C", "a.person@example.com"][..],
        ),
        (kept(Kind::Email), &["LA-123456", "AB123456C"]),
        (kept(Kind::Custom), &["AB123456C", "a.person@example.com"]),
        (
            kept(Kind::Custom).action(Kind::Nino, Action::keep("public")),
            &["a.person@example.com"],
        ),
    ] {
        let redactor = redactor(builder);
        let mut scratch = Scratch::default();
        let found = redactor.find_with(text.as_bytes(), &mut scratch);
        let values: Vec<_> = found.iter().map(|f| &text[f.start..f.end]).collect();
        assert_eq!(values, expected);
        let mut redacted = redactor.redact(text);
        for value in expected {
            assert!(!redacted.contains(value), "{redacted}");
        }
        redacted.truncate(redacted.find(',').unwrap());
        assert_eq!(redacted.matches('[').count(), expected.len(), "{redacted}");
    }
}

#[test]
fn a_policy_narrowed_to_patterns_still_tells_the_other_kinds_apart() {
    let policy = Policy::builder()
        .pattern("licence-application", r"LA-[0-9]{6}")
        .build()
        .unwrap();
    let redactor = Redactor::with_policy(policy.narrowed_to(KindSet::EMPTY.with(Kind::Custom)));
    assert_eq!(
        redactor.redact("LA-123456 for AB123456C"),
        "[LICENCE-APPLICATION] for AB123456C"
    );
    assert_eq!(redactor.explain(b"LA-123456 for AB123456C").len(), 1);
}

#[test]
fn a_pattern_has_partial_and_pseudonym_too() {
    let pattern = || Policy::builder().pattern("case-ref", "CASE77[0-9]{6}");
    let partial = redactor(pattern().action(Kind::Custom, Action::Partial { last: 4 }));
    assert_eq!(partial.redact("CASE77123456"), "[CASE-REF *3456]");
    let keyed = pattern()
        .action(Kind::Custom, Action::Pseudonymise)
        .keys(keys());
    let marker = redactor(keyed).redact("CASE77123456");
    assert!(marker.starts_with("[CASE-REF:k1:"));
    assert_eq!(keys().verify(&marker, "case 77 123456"), Some(true));
    assert_eq!(keys().verify(&marker, "case 77 123457"), Some(false));
}

#[test]
fn json_stays_json() {
    let redactor = with_pattern();
    for (text, expected) in [
        (r#"{"case":77123456}"#, r#"{"case":"[CASE-REF]"}"#),
        (
            r#"{"case":77123456.0,"b":[77123456, 1]}"#,
            r#"{"case":"[CASE-REF]","b":["[CASE-REF]", 1]}"#,
        ),
        (
            r#"{"message":"{\"case\":77123456,\"by\":\"a.person@example.com\"}"}"#,
            r#"{"message":"{\"case\":\"[CASE-REF]\",\"by\":\"[EMAIL]\"}"}"#,
        ),
        (
            r#"2026-11-24 payload {"case":77123456}"#,
            r#"2026-11-24 payload {"case":"[CASE-REF]"}"#,
        ),
    ] {
        assert_eq!(redactor.redact(text), expected);
    }
}

/// Takes so many writes, then fails.
struct Breaks {
    writes: usize,
    taken: Vec<u8>,
}

impl io::Write for Breaks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.writes == 0 {
            let cause = "the disk is full".to_owned();
            return Err(io::Error::new(io::ErrorKind::StorageFull, cause));
        }
        self.writes -= 1;
        // A few bytes at a time, as a slow disk or pipe takes them.
        let few = bytes.len().min(8);
        self.taken.extend_from_slice(&bytes[..few]);
        Ok(few)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_writer_that_breaks_has_got_nothing_personal() {
    let text = "first AB123456C then a.person@example.com and last CD123456A end";
    let whole = Redactor::new().redact(text);
    let mut broke = 0;
    for writes in 0..12 {
        let mut out = Breaks {
            writes,
            taken: Vec::new(),
        };
        let result =
            Redactor::new().redact_into(text.as_bytes(), &mut Scratch::default(), &mut out);
        let taken = String::from_utf8(out.taken).unwrap();
        assert!(whole.starts_with(&taken), "{taken}");
        if let Err(error) = result {
            broke += 1;
            assert_eq!(error.kind(), io::ErrorKind::StorageFull);
            assert_eq!(error.to_string(), "the disk is full");
        } else {
            assert_eq!(taken, whole);
        }
    }
    assert!(broke > 3);
}

#[test]
fn bytes_that_are_no_utf_8_pass_through() {
    let mut out = Vec::new();
    let text = b"\xff\xfe AB123456C \x80\x80";
    Redactor::new()
        .redact_into(text, &mut Scratch::default(), &mut out)
        .unwrap();
    assert_eq!(out, b"\xff\xfe [NINO] \x80\x80");
}

/// Pieces that markers, escapes, quotes and values are made of.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => prop::sample::select(vec![
            "AB123456C", "a.person@example.com", "77123456", "CASE77123456", "[NINO]", "[NINO *56C]", "[CASE-REF]",
            "[NINO:k1:bcdfghjkmnpqrstwbcdf]", "[", "]", "[[", "{", "}", "\"", "\\", "\\\"", "\\n", "\\u0040", "%40", ":",
            ",", " ", "\n", "\":", "é", "nino", "case", "=", "1.0", "-", "CASE", "77", "123456",
        ]).prop_map(str::to_owned),
        3 => prop::sample::select(vec![
            "4434765919", "443 476 5919", "nhs number", "SW1A 2AA", "07700 900123", "+44 20 7946 0123",
            "GB82 WEST 1234 5698 7654 32", "4111 1111 1111 1111", "12-34-56", "12345678", "sort code", "account",
            "password", "token", "Bearer ", "abcdef0123456789", "203.0.113.7", "2001:db8::1", "passport", "123456789",
            "date of birth", "01/02/1980", "1980-02-01", "utr", "1234567895", "https://user:secret@example.com/", "postcode",
            "AB12 CDE", "A1234BC", "prison number", "; ", "/", ".", "?", "&", "'", "<", ">", "(", ")",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,4}",
    ]
}

fn json(depth: u32) -> BoxedStrategy<serde_json::Value> {
    use serde_json::Value;
    let text = prop::collection::vec(piece(), 0..4)
        .prop_map(|parts| parts.concat())
        .boxed();
    let leaf = prop_oneof![
        Just(Value::from(77_123_456)),
        Just(Value::from(-77_123_456)),
        Just(Value::from(77_123_456.5)),
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        text.clone().prop_map(Value::from),
    ];
    if depth == 0 {
        return leaf.boxed();
    }
    let object = prop::collection::vec((text, json(depth - 1)), 0..4)
        .prop_map(|members| Value::Object(members.into_iter().collect()))
        .boxed();
    prop_oneof![
        2 => leaf,
        2 => prop::collection::vec(json(depth - 1), 0..4).prop_map(Value::Array),
        4 => object.clone(),
        // JSON as a string in JSON.
        2 => object.prop_map(|value| Value::from(value.to_string())),
    ]
    .boxed()
}

/// One redactor for each action; made once, since a pattern takes long to compile.
static REDACTORS: LazyLock<[Redactor; 3]> = LazyLock::new(|| {
    [
        Action::Erase,
        Action::Partial { last: 2 },
        Action::Pseudonymise,
    ]
    .map(|action| {
        let builder = Policy::builder()
            .pattern("case-ref", "(?:CASE)?77[0-9]{6}")
            .pattern("capitals", "[A-Z]{4}")
            .keys(keys());
        let kinds = [Kind::Nino, Kind::Email, Kind::Custom];
        redactor(
            kinds
                .into_iter()
                .fold(builder, |b, kind| b.action(kind, action.clone())),
        )
    })
});

proptest! {
    // The same cases in each run, so that an unrelated change never meets a new one; PROPTEST_RNG_SEED and PROPTEST_CASES
    // are for longer searches. A failure becomes a named test, not a file of seeds.
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: match ProptestConfig::default().rng_seed {
            RngSeed::Random => RngSeed::Fixed(20_261_124),
            given @ RngSeed::Fixed(_) => given,
        },
        ..ProptestConfig::default()
    })]

    #[test]
    fn redacting_twice_changes_nothing(parts in prop::collection::vec(piece(), 0..12)) {
        let text = parts.concat();
        for redactor in &*REDACTORS {
            let once = redactor.redact(&text);
            prop_assert_eq!(redactor.redact(&once), once);
        }
    }

    #[test]
    fn text_and_bytes_are_redacted_alike(parts in prop::collection::vec(piece(), 0..12)) {
        let text = parts.concat();
        for redactor in &*REDACTORS {
            let mut out = Vec::new();
            redactor.redact_into(text.as_bytes(), &mut Scratch::default(), &mut out).unwrap();
            prop_assert_eq!(String::from_utf8(out).unwrap(), redactor.redact(&text));
        }
    }

    #[test]
    fn any_json_stays_json(value in prop_oneof![
        json(3).prop_filter("an object or array", |value| value.is_object() || value.is_array()),
    ]) {
        let (dense, pretty) = (value.to_string(), format!("{value:#}"));
        for redactor in &*REDACTORS {
            for text in [&dense, &pretty] {
                let out = redactor.redact(text);
                prop_assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{} became {}", text, out);
                prop_assert!(!out.contains("77123456"), "{}", out);
            }
        }
    }
}
