//! Values reach a layer by the visitor method that they would have reached it by.

use tracing::info;

use crate::{EMAIL, NINO, Seen, recorded};

#[test]
fn types_are_kept() {
    let (recorder, counts) = recorded(|| {
        info!(
            signed = -3,
            unsigned = 7_u64,
            wide_signed = -170_000_000_000_000_000_000_i128,
            wide_unsigned = 170_000_000_000_000_000_000_u128,
            float = 1.5,
            yes = true,
            text = "plain",
            bytes = &b"plain"[..],
            debug = ?"plain",
            display = %"plain",
            some = Some(1_u64),
            none = None::<u64>,
            "message {}",
            1
        );
    });
    for (field, method, text) in [
        ("signed", "i64", "-3"),
        ("unsigned", "u64", "7"),
        ("wide_signed", "i128", "-170000000000000000000"),
        ("wide_unsigned", "u128", "170000000000000000000"),
        ("float", "f64", "1.5"),
        ("yes", "bool", "true"),
        ("text", "str", "plain"),
        ("bytes", "bytes", "plain"),
        ("debug", "debug", "\"plain\""),
        ("display", "debug", "plain"),
        ("some", "u64", "1"),
        ("message", "debug", "message 1"),
    ] {
        assert_eq!(recorder.value(field), (method, text.to_owned()), "{field}");
    }
    assert!(!recorder.seen().iter().any(|seen| seen.field == "none"));
    assert_eq!(
        (counts.redacted(), counts.cut(), counts.dropped()),
        (0, 0, 0)
    );
}

#[test]
fn redacted_values_keep_their_type_where_it_can_hold_a_marker() {
    let (recorder, counts) = recorded(|| {
        info!(text = NINO, bytes = NINO.as_bytes(), debug = ?NINO, display = %EMAIL, "to {EMAIL}");
    });
    for (field, method, text) in [
        ("text", "str", "[NINO]"),
        ("bytes", "bytes", "[NINO]"),
        ("debug", "debug", "\"[NINO]\""),
        ("display", "debug", "[EMAIL]"),
        ("message", "debug", "to [EMAIL]"),
    ] {
        assert_eq!(recorder.value(field), (method, text.to_owned()), "{field}");
    }
    assert_eq!(counts.redacted(), 5);
}

/// 943 476 5919 is the example that NHS documents publish; its check digit is right.
#[test]
fn numbers_that_are_personal_data_become_markers() {
    let (recorder, counts) = recorded(|| {
        info!(nhs_number = 9_434_765_919_u64);
        info!(nhs_number = 9_434_765_919_i64);
        info!(nhs_number = 9_434_765_919_u128);
        info!(nhs_number = 9_434_765_919_i128);
        info!(nhs_number = 9_434_765_919_f64);
    });
    let expected = Seen {
        field: "nhs_number".to_owned(),
        method: "str",
        text: "[NHS-NUMBER]".to_owned(),
    };
    assert_eq!(recorder.seen(), vec![expected; 5]);
    assert_eq!(counts.redacted(), 5);
}

#[test]
fn values_keep_their_field_when_there_are_more_than_the_stack_holds() {
    let (recorder, _) = recorded(|| {
        info!(
            f01 = 1, f02 = 2, f03 = 3, f04 = 4, f05 = 5, f06 = 6, f07 = 7, f08 = 8, f09 = 9,
            f10 = 10, f11 = 11, f12 = 12, f13 = 13, f14 = 14, f15 = 15, f16 = 16, f17 = 17,
            f18 = 18, f19 = 19, f20 = 20, f21 = 21, f22 = 22, f23 = 23, f24 = 24, f25 = 25,
            f26 = 26, f27 = 27, f28 = 28, f29 = 29, f30 = 30, f31 = 31, f32 = 32, f33 = NINO,
            f34 = 34, f35 = 35, f36 = 36, f37 = 37, f38 = 38, f39 = 39, f40 = 40, f41 = %EMAIL,
        );
    });
    let seen = recorder.seen();
    assert_eq!(seen.len(), 41);
    for (index, seen) in seen.iter().enumerate() {
        let number = index + 1;
        assert_eq!(seen.field, format!("f{number:02}"));
        match number {
            33 => assert_eq!((seen.method, seen.text.as_str()), ("str", "[NINO]")),
            41 => assert_eq!((seen.method, seen.text.as_str()), ("debug", "[EMAIL]")),
            _ => assert_eq!((seen.method, &seen.text), ("i64", &number.to_string())),
        }
    }
}

#[test]
fn values_keep_their_field_at_each_array_size() {
    let (recorder, _) = recorded(|| {
        info!(a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = NINO);
        info!(
            a = 1,
            b = 2,
            c = 3,
            d = 4,
            e = 5,
            f = 6,
            g = 7,
            i = 8,
            j = NINO
        );
        info!(
            a01 = 1,
            a02 = 2,
            a03 = 3,
            a04 = 4,
            a05 = 5,
            a06 = 6,
            a07 = 7,
            a08 = 8,
            a09 = 9,
            a10 = 10,
            a11 = 11,
            a12 = 12,
            a13 = 13,
            a14 = 14,
            a15 = 15,
            a16 = 16,
            a17 = 17,
            a18 = 18,
            a19 = 19,
            a20 = 20,
            a21 = 21,
            a22 = 22,
            a23 = 23,
            a24 = 24,
            a25 = 25,
            a26 = 26,
            a27 = 27,
            a28 = 28,
            a29 = 29,
            a30 = 30,
            a31 = 31,
            a32 = NINO,
        );
    });
    for field in ["h", "j", "a32"] {
        assert_eq!(recorder.value(field), ("str", "[NINO]".to_owned()));
    }
    assert_eq!(recorder.seen().len(), 8 + 9 + 32);
}
