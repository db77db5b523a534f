//! The failure modes, as data.

/// One way to get past a scanner.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whether the scanner is known to miss some of it.
    pub(crate) may_leak: bool,
    /// Texts with the secrets in each, as they are written there.
    pub(crate) texts: &'static [(&'static str, &'static [&'static str])],
}

const fn case(
    name: &'static str,
    texts: &'static [(&'static str, &'static [&'static str])],
) -> Case {
    Case {
        name,
        may_leak: false,
        texts,
    }
}

const fn may_leak(
    name: &'static str,
    texts: &'static [(&'static str, &'static [&'static str])],
) -> Case {
    Case {
        name,
        may_leak: true,
        texts,
    }
}

pub(crate) const CASES: &[Case] = &[
    case(
        "plain",
        &[
            (
                "user jane.doe@example.com with AB123456C and 9434765919 rejected as NHS number",
                &["jane.doe@example.com", "AB123456C", "9434765919"],
            ),
            (
                "email=jane.doe@example.com nino=AB123456C nhs_number=9434765919",
                &["jane.doe@example.com", "AB123456C", "9434765919"],
            ),
            (
                "NHS 943 476 5919, NINO AB 12 34 56 C, jane.doe@example.com",
                &["943 476 5919", "AB 12 34 56 C", "jane.doe@example.com"],
            ),
            (
                "jane.doe@example.com AB123456C 4010232137",
                &["jane.doe@example.com", "AB123456C", "4010232137"],
            ),
        ],
    ),
    case(
        "JSON in a string, with escaped quotes",
        &[
            (
                r#"{"message":"payload {\"email\":\"jane.doe@example.com\",\"nino\":\"AB123456C\"}"}"#,
                &["jane.doe@example.com", "AB123456C"],
            ),
            (
                r#"body="{\"a\":\"jane.doe@example.com\",\"b\":\"AB123456C\"}" status=400"#,
                &["jane.doe@example.com", "AB123456C"],
            ),
        ],
    ),
    case(
        "JSON escape of the at sign",
        &[
            (
                r#"{"email":"jane.doe\u0040example.com"}"#,
                &[r"jane.doe\u0040example.com"],
            ),
            (
                r#"{"message":"from jane.doe\u0040example.com, ok"}"#,
                &[r"jane.doe\u0040example.com"],
            ),
            (
                r#"{"m":"{\"x\":\"jane.doe\\u0040example.com\"}"}"#,
                &[r"jane.doe\\u0040example.com"],
            ),
        ],
    ),
    case(
        "JSON escaped twice, a newline before the value",
        &[
            (
                r#"{"message":"{\"note\":\"first line\\nAB123456C\"}"}"#,
                &["AB123456C"],
            ),
            (
                r#"{"log":"{\"msg\":\"nino:\\nAB123456C\\n\"}"}"#,
                &["AB123456C"],
            ),
            (
                r#""{\"a\":\"{\\\"b\\\":\\\"x\\\\nAB123456C\\\"}\"}""#,
                &["AB123456C"],
            ),
            (r"message=one\ttwo\nAB123456C\r\nend", &["AB123456C"]),
        ],
    ),
    case(
        "URL query",
        &[
            (
                "GET /apply?nino=AB123456C&postcode=SW1A1AA HTTP/1.1",
                &["AB123456C", "SW1A1AA"],
            ),
            (
                "GET /apply?q=AB123456C&r=SW1A1AA&s=1 200",
                &["AB123456C", "SW1A1AA"],
            ),
        ],
    ),
    case(
        "URL query, at sign in percent",
        &[
            (
                "GET /login?email=jane.doe%40example.com&next=/ 302",
                &["jane.doe%40example.com"],
            ),
            (
                "referer=https://example.gov.uk/a?u=jane.doe%40example.com",
                &["jane.doe%40example.com"],
            ),
            (
                "redirect=%2Fa%3Fu%3Djane.doe%2540example.com%26x%3D1",
                &["jane.doe%2540example.com"],
            ),
        ],
    ),
    case(
        "URL query, space in percent",
        &[
            ("GET /find?postcode=SW1A%201AA&page=1 200", &["SW1A%201AA"]),
            ("GET /find?q=SW1A%201AA 200", &["SW1A%201AA"]),
            (
                "GET /find?q=AB%2012%2034%2056%20C 200",
                &["AB%2012%2034%2056%20C"],
            ),
            ("GET /find?nhs=943%20476%205919 200", &["943%20476%205919"]),
        ],
    ),
    case(
        "URL query, plus for a space",
        &[
            (
                "GET /find?nino=AB+12+34+56+C&postcode=SW1A+1AA 200",
                &["AB+12+34+56+C", "SW1A+1AA"],
            ),
            (
                "GET /find?q=AB+12+34+56+C&r=SW1A+1AA 200",
                &["AB+12+34+56+C", "SW1A+1AA"],
            ),
            (
                "GET /find?phone=07700+900123&nhs=943+476+5919 200",
                &["07700+900123", "943+476+5919"],
            ),
        ],
    ),
    case(
        "percent before the value",
        &[
            ("GET /search?q=%20AB123456C 200", &["AB123456C"]),
            ("GET /search?q=nino%3DAB123456C 200", &["AB123456C"]),
            ("GET /person/%22AB123456C%22 404", &["AB123456C"]),
            ("GET /person/x%2FAB123456C%2Fy 404", &["AB123456C"]),
        ],
    ),
    case(
        "underscores beside the value",
        &[
            ("stored upload_AB123456C_v2.pdf", &["AB123456C"]),
            ("key=session_AB123456C_", &["AB123456C"]),
            ("object nino_AB123456C.json", &["AB123456C"]),
            (
                "stored scan_jane.doe@example.com_v2",
                &["jane.doe@example.com"],
            ),
            ("file patient_4010232137_scan.pdf", &["4010232137"]),
        ],
    ),
    case(
        "letters beside the value",
        &[
            ("lookup userAB123456Cdetails failed", &["AB123456C"]),
            ("cache key refAB123456Cend", &["AB123456C"]),
            ("GET /getNinoAB123456CRecord", &["AB123456C"]),
            ("id=ninoAB123456C", &["AB123456C"]),
            ("claimAB123456C", &["AB123456C"]),
            ("application AB123456Cx", &["AB123456C"]),
            ("getPatientNhs9434765919Record", &["9434765919"]),
            ("patientId4010232137found", &["4010232137"]),
            ("nhsNumber9434765919", &["9434765919"]),
        ],
    ),
    case(
        "full-width digits",
        &[
            (
                "nhs ９４３４７６５９１９ not found",
                &["９４３４７６５９１９"],
            ),
            ("nino=AB１２３４５６C", &["AB１２３４５６C"]),
            ("record ＡＢ１２３４５６Ｃ failed", &["ＡＢ１２３４５６Ｃ"]),
            (
                "record ４０１０２３２１３７ failed",
                &["４０１０２３２１３７"],
            ),
            ("send to jane.doe＠example.com", &["jane.doe＠example.com"]),
        ],
    ),
    case(
        "Arabic-Indic digits",
        &[
            ("nhs_number=٩٤٣٤٧٦٥٩١٩", &["٩٤٣٤٧٦٥٩١٩"]),
            ("record AB١٢٣٤٥٦C failed", &["AB١٢٣٤٥٦C"]),
            ("record ٤٠١٠٢٣٢١٣٧ failed", &["٤٠١٠٢٣٢١٣٧"]),
            ("user ٩٤٣٤٧٦٥٩١٩ failed", &["٩٤٣٤٧٦٥٩١٩"]),
            ("NHS number ۹۴۳۴۷۶۵۹۱۹", &["۹۴۳۴۷۶۵۹۱۹"]),
        ],
    ),
    case(
        "zero-width space",
        &[
            ("nino AB12\u{200B}3456C rejected", &["AB12\u{200B}3456C"]),
            ("value \u{200B}AB123456C\u{200B}", &["AB123456C"]),
            (
                "A\u{200D}B\u{200D}1\u{200D}23456C",
                &["A\u{200D}B\u{200D}1\u{200D}23456C"],
            ),
            (
                "jane.doe@\u{200B}example.com",
                &["jane.doe@\u{200B}example.com"],
            ),
            (r"AB12\u200b3456C", &[r"AB12\u200b3456C"]),
            ("AB12\u{FEFF}3456C", &["AB12\u{FEFF}3456C"]),
        ],
    ),
    case(
        "soft hyphen",
        &[
            ("nino AB12\u{AD}3456C rejected", &["AB12\u{AD}3456C"]),
            (
                "jane.doe@exam\u{AD}ple.com wrote",
                &["jane.doe@exam\u{AD}ple.com"],
            ),
            ("person 40102\u{AD}32137", &["40102\u{AD}32137"]),
        ],
    ),
    case(
        "non-breaking space",
        &[
            (
                "nino AB\u{A0}12\u{A0}34\u{A0}56\u{A0}C postcode SW1A\u{A0}1AA",
                &["AB\u{A0}12\u{A0}34\u{A0}56\u{A0}C", "SW1A\u{A0}1AA"],
            ),
            (
                "record AB\u{A0}12\u{A0}34\u{A0}56\u{A0}C at SW1A\u{A0}1AA",
                &["AB\u{A0}12\u{A0}34\u{A0}56\u{A0}C", "SW1A\u{A0}1AA"],
            ),
            (
                "person 943\u{A0}476\u{A0}5919, 07700\u{202F}900123",
                &["943\u{A0}476\u{A0}5919", "07700\u{202F}900123"],
            ),
        ],
    ),
    case(
        "non-breaking hyphen and en dash",
        &[
            (
                "nhs 943\u{2011}476\u{2011}5919 and nino AB\u{2013}12\u{2013}34\u{2013}56\u{2013}C",
                &[
                    "943\u{2011}476\u{2011}5919",
                    "AB\u{2013}12\u{2013}34\u{2013}56\u{2013}C",
                ],
            ),
            (
                "person 943\u{2011}476\u{2011}5919, AB\u{2013}12\u{2013}34\u{2013}56\u{2013}C",
                &[
                    "943\u{2011}476\u{2011}5919",
                    "AB\u{2013}12\u{2013}34\u{2013}56\u{2013}C",
                ],
            ),
            (
                "paid 12\u{2013}34\u{2013}56 12345678, card 4111\u{2212}1111\u{2212}1111\u{2212}1111",
                &[
                    "12\u{2013}34\u{2013}56 12345678",
                    "4111\u{2212}1111\u{2212}1111\u{2212}1111",
                ],
            ),
        ],
    ),
    case(
        "Cyrillic letters",
        &[
            ("nino \u{410}B123456C rejected", &["\u{410}B123456C"]),
            (
                "record \u{410}\u{412}123456\u{421}",
                &["\u{410}\u{412}123456\u{421}"],
            ),
            (
                "ja\u{43F}e j\u{430}ne.doe@example.com",
                &["j\u{430}ne.doe@example.com"],
            ),
            (
                "to jane.doe@ex\u{430}mple.com",
                &["jane.doe@ex\u{430}mple.com"],
            ),
        ],
    ),
    case(
        "dots between the groups",
        &[
            (
                "nhs 943.476.5919 and nino AB.12.34.56.C",
                &["943.476.5919", "AB.12.34.56.C"],
            ),
            (
                "person 943.476.5919 at AB.12.34.56.C",
                &["943.476.5919", "AB.12.34.56.C"],
            ),
            (
                "person 401.023.2137, 07700.900.123",
                &["401.023.2137", "07700.900.123"],
            ),
            (
                "card 4111.1111.1111.1111 sort 12.34.56 12345678",
                &["4111.1111.1111.1111", "12.34.56 12345678"],
            ),
        ],
    ),
    case(
        "JSON number",
        &[
            (
                r#"{"nhs_number":9434765919,"card":4111111111111111}"#,
                &["9434765919", "4111111111111111"],
            ),
            (
                r#"{"nhsNumber": 9434765919, "n": 4111111111111111}"#,
                &["9434765919", "4111111111111111"],
            ),
            (
                r#"{"fields":{"message":"matched","patient":4010232137,"pan":4111111111111111}}"#,
                &["4010232137", "4111111111111111"],
            ),
        ],
    ),
    case(
        "leading zero lost",
        &[
            (r#"{"mobile":7700900123}"#, &["7700900123"]),
            ("phone=7700900123 sent", &["7700900123"]),
            (r#"{"phoneNumber": 2079460018}"#, &["2079460018"]),
            ("contact_telephone=1632960001", &["1632960001"]),
        ],
    ),
    case(
        "number as a float",
        &[
            ("nhs_number=9434765919.0", &["9434765919.0"]),
            (r#"{"nhs":9434765919.0}"#, &["9434765919.0"]),
            ("patient 4010232137.0 not found", &["4010232137.0"]),
            ("value 9434765919.0", &["9434765919.0"]),
        ],
    ),
    case(
        "thousands separators",
        &[
            ("nhs number 9,434,765,919 not found", &["9,434,765,919"]),
            ("nhs=9,434,765,919", &["9,434,765,919"]),
            ("person 4,010,232,137 failed", &["4,010,232,137"]),
            ("nhs=9_434_765_919", &["9_434_765_919"]),
        ],
    ),
    case(
        "Debug of a struct",
        &[
            (
                r#"Applicant { id: 7, email: "jane.doe@example.com", nhs: "9434765919" }"#,
                &["jane.doe@example.com", "9434765919"],
            ),
            (
                r#"Applicant { id: 7, nino: Some(Nino("AB123456C")), nhs_number: NhsNumber(9434765919) }"#,
                &["AB123456C", "9434765919"],
            ),
            (
                "Applicant {\n    nino: \"AB123456C\",\n    nhs_number: 9434765919,\n}",
                &["AB123456C", "9434765919"],
            ),
            (
                r#"Form { a: "AB123456C", b: 4010232137 }"#,
                &["AB123456C", "4010232137"],
            ),
        ],
    ),
    case(
        "Debug of bytes",
        &[
            (
                "body=[65, 66, 49, 50, 51, 52, 53, 54, 67]",
                &["65, 66, 49, 50, 51, 52, 53, 54, 67"],
            ),
            (
                "read [110, 105, 110, 111, 61, 65, 66, 49, 50, 51, 52, 53, 54, 67] from peer",
                &["65, 66, 49, 50, 51, 52, 53, 54, 67"],
            ),
            (r#"Bytes(b"nino=AB123456C")"#, &["AB123456C"]),
            (r#"b"\x41\x42123456\x43""#, &[r"\x41\x42123456\x43"]),
            (
                r#"{"message":"[\n    65,\n    66,\n    49,\n    50,\n    51,\n    52,\n    53,\n    54,\n    67,\n]"}"#,
                &[r"65,\n    66,\n    49,\n    50,\n    51,\n    52,\n    53,\n    54,\n    67"],
            ),
            (
                "body=[41, 42, 31, 32, 33, 34, 35, 36, 43]",
                &["41, 42, 31, 32, 33, 34, 35, 36, 43"],
            ),
            (
                "body=[0x41, 0x42, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x43]",
                &["0x41, 0x42, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x43"],
            ),
        ],
    ),
    case(
        "hex dump",
        &[
            (
                "00000000  41 42 31 32 33 34 35 36  43                       |AB123456C|",
                &["41 42 31 32 33 34 35 36  43", "AB123456C"],
            ),
            (
                "00000000: 4142 3132 3334 3536 43                   AB123456C",
                &["4142 3132 3334 3536 43", "AB123456C"],
            ),
            (
                "payload 414231323334353643 and 6a616e652e646f65406578616d706c652e636f6d",
                &[
                    "414231323334353643",
                    "6a616e652e646f65406578616d706c652e636f6d",
                ],
            ),
            (
                "payload 41 42 31 32 33 34 35 36 43 then 41:42:31:32:33:34:35:36:43",
                &["41 42 31 32 33 34 35 36 43", "41:42:31:32:33:34:35:36:43"],
            ),
            (
                "payload 41-42-31-32-33-34-35-36-43 then 0x414231323334353643",
                &["41-42-31-32-33-34-35-36-43", "414231323334353643"],
            ),
            (
                "00000000  6e 69 6e 6f 3d 41 42 31  32 33 34 35 36 43 20 65  |nino=AB123456C e|\n\
                 00000010  6d 61 69 6c 3d 6a 61 6e  65 2e 64 6f 65 40 65 78  |mail=jane.doe@ex|\n\
                 00000020  61 6d 70 6c 65 2e 63 6f  6d 0a                    |ample.com.|",
                &["41 42 31  32 33 34 35 36 43", "AB123456C"],
            ),
            (
                "000000 41 42 31 32 33 34 35 36 43                       >AB123456C<",
                &["41 42 31 32 33 34 35 36 43", "AB123456C"],
            ),
        ],
    ),
    may_leak(
        "split across two fields",
        &[
            ("nino_prefix=AB nino_rest=123456C", &["123456C"]),
            ("part1=AB1234 part2=56C", &["AB1234"]),
        ],
    ),
    case(
        "SQL literal",
        &[
            (
                "INSERT INTO person (nino, email) VALUES ('AB123456C', 'jane.doe@example.com')",
                &["AB123456C", "jane.doe@example.com"],
            ),
            (
                "SELECT * FROM person WHERE nino = 'AB123456C' OR email='jane.doe@example.com'",
                &["AB123456C", "jane.doe@example.com"],
            ),
            (
                r#"statement="UPDATE a SET b = 'jane.doe@example.com' WHERE c = E'AB123456C'""#,
                &["AB123456C", "jane.doe@example.com"],
            ),
        ],
    ),
    case(
        "SQL bind list",
        &[
            (
                "binds: [$1 = 'AB123456C', $2 = 9434765919] for select 1 from patient where nino=$1 and nhs_number=$2",
                &["AB123456C", "9434765919"],
            ),
            (
                "parameters: $1 = 'AB123456C', $2 = '943 476 5919'",
                &["AB123456C", "943 476 5919"],
            ),
            (
                r#"params=["AB123456C", 9434765919]"#,
                &["AB123456C", "9434765919"],
            ),
            (
                r#"params=["AB123456C", "4010232137"]"#,
                &["AB123456C", "4010232137"],
            ),
            (
                r#"bind [("nino", Text("AB123456C")), ("nhs", BigInt(9434765919))]"#,
                &["AB123456C", "9434765919"],
            ),
            (
                r#"query{args=[String("AB123456C"), I64(4010232137)]}"#,
                &["AB123456C", "4010232137"],
            ),
        ],
    ),
    case(
        "panic message",
        &[
            (
                "thread 'main' panicked at src/main.rs:10:5:\ninvalid nino AB123456C",
                &["AB123456C"],
            ),
            (
                r#"called `Result::unwrap()` on an `Err` value: ParseError { input: "AB123456C" }"#,
                &["AB123456C"],
            ),
            (
                "called `Option::unwrap()` on a `None` value: jane.doe@example.com",
                &["jane.doe@example.com"],
            ),
        ],
    ),
    case(
        "backtrace of several lines",
        &[
            (
                "Error: no person AB123456C\n\nCaused by:\n    0: cannot send to jane.doe@example.com\n    1: closed\n\nStack backtrace:\n   0: std::backtrace::capture\n",
                &["AB123456C", "jane.doe@example.com"],
            ),
            (
                "stack backtrace:\n   1: app::find\n             at ./src/find.rs:12:9\n   2: app::load(\"AB123456C\")\n   3: mail(jane.doe@example.com)\n",
                &["AB123456C", "jane.doe@example.com"],
            ),
        ],
    ),
    case(
        "ANSI colour around the value",
        &[
            ("nino=\u{1B}[31mAB123456C\u{1B}[0m", &["AB123456C"]),
            ("\u{1B}[1mAB123456C\u{1B}[0m", &["AB123456C"]),
            (
                "\u{1B}[3mnino\u{1B}[0m\u{1B}[2m=\u{1B}[0mQQ123456C",
                &["QQ123456C"],
            ),
            (r"msg=\u001b[31mAB123456C\u001b[0m", &["AB123456C"]),
            (r"msg=\x1b[31mAB123456C\x1b[0m", &["AB123456C"]),
            (r"msg=\033[31mAB123456C\033[0m", &["AB123456C"]),
            (r"msg=\e[1mAB123456C\e[0m", &["AB123456C"]),
            ("msg=^[[31mAB123456C^[[0m", &["AB123456C"]),
        ],
    ),
    case(
        "ANSI colour inside the value",
        &[
            ("nino=AB12\u{1B}[31m3456C", &["AB12\u{1B}[31m3456C"]),
            ("\u{1B}[1mAB\u{1B}[0m123456C", &["AB\u{1B}[0m123456C"]),
            (
                "jane.doe\u{1B}[2m@\u{1B}[0mexample.com",
                &["jane.doe\u{1B}[2m@\u{1B}[0mexample.com"],
            ),
            (r"msg=AB12\u001b[0m3456C", &[r"AB12\u001b[0m3456C"]),
            (r"msg=AB12\x1b[0m3456C", &[r"AB12\x1b[0m3456C"]),
        ],
    ),
    case(
        "base64 of an address",
        &[
            (
                "body=amFuZS5kb2VAZXhhbXBsZS5jb20=",
                &["amFuZS5kb2VAZXhhbXBsZS5jb20="],
            ),
            (
                r#"{"payload":"eyJlbWFpbCI6ImphbmUuZG9lQGV4YW1wbGUuY29tIn0="}"#,
                &["eyJlbWFpbCI6ImphbmUuZG9lQGV4YW1wbGUuY29tIn0="],
            ),
            (
                "cursor=aWQgNzsgamFuZS5kb2VAZXhhbXBsZS5jb20hIQ==",
                &["aWQgNzsgamFuZS5kb2VAZXhhbXBsZS5jb20hIQ=="],
            ),
            (
                "state=amFuZS5kb2VAZXhhbXBsZS5jb20%3D&x=1",
                &["amFuZS5kb2VAZXhhbXBsZS5jb20"],
            ),
        ],
    ),
    case(
        "basic authentication",
        &[
            (
                "authorization: Basic amFuZTpodW50ZXIycGFzcw==",
                &["amFuZTpodW50ZXIycGFzcw=="],
            ),
            (
                r#"{"Authorization":"Basic amFuZTpodW50ZXIycGFzcw=="}"#,
                &["amFuZTpodW50ZXIycGFzcw=="],
            ),
            (
                "header Basic amFuZTpodW50ZXIycGFzcw== sent",
                &["amFuZTpodW50ZXIycGFzcw=="],
            ),
            (
                r#"headers={"authorization": "Basic amFuZTpodW50ZXIycGFzcw=="}"#,
                &["amFuZTpodW50ZXIycGFzcw=="],
            ),
        ],
    ),
    case(
        "JWT",
        &[
            (
                "token eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0.c2lnbmF0dXJlc2lnbmF0dXJl",
                &[
                    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0.c2lnbmF0dXJlc2lnbmF0dXJl",
                ],
            ),
            (
                "GET /cb?id_token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0.c2lnbmF0dXJlc2lnbmF0dXJl&x=1",
                &[
                    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0.c2lnbmF0dXJlc2lnbmF0dXJl",
                ],
            ),
            (
                "got eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0 without its end",
                &["eyJzdWIiOiJqYW5lLmRvZUBleGFtcGxlLmNvbSIsImlhdCI6MTc1NjcwMDAwMH0"],
            ),
        ],
    ),
    case(
        "user information in a URL",
        &[
            (
                "connecting to postgres://app:hunter2@db.internal:5432/claims",
                &["hunter2"],
            ),
            (
                "connecting to https://jane:hunter2@example.com/a",
                &["hunter2"],
            ),
            ("redis://:hunter2@cache:6379/0", &["hunter2"]),
            ("fetch https://jane:p%40ss@example.com/a", &["p%40ss"]),
            ("amqp://svc:hunter2@127.0.0.1/", &["hunter2"]),
            (
                r#"{"url":"https:\/\/jane:hunter2@example.com\/a"}"#,
                &["hunter2"],
            ),
        ],
    ),
    case(
        "National Insurance number without its suffix",
        &[
            ("nino=AB123456", &["AB123456"]),
            (
                "National Insurance number AB 12 34 56 rejected",
                &["AB 12 34 56"],
            ),
            (r#"{"ni_number":"AB123456"}"#, &["AB123456"]),
        ],
    ),
    case(
        "lower case",
        &[
            (
                "nino ab123456c postcode sw1a 1aa",
                &["ab123456c", "sw1a 1aa"],
            ),
            ("nino=ab123456c&postcode=sw1a1aa", &["ab123456c", "sw1a1aa"]),
            (
                r#"{"nino":"ab 12 34 56 c","postcode":"sw1a 1aa"}"#,
                &["ab 12 34 56 c", "sw1a 1aa"],
            ),
            (
                "national insurance number is ab123456c and he lives at sw1a 1aa",
                &["ab123456c", "sw1a 1aa"],
            ),
        ],
    ),
    case(
        "One Login subject",
        &[
            (
                "sub=urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw=",
                &["urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw="],
            ),
            (
                "user urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw= signed in",
                &["urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw="],
            ),
            (
                "sub=urn%3Afdc%3Agov.uk%3A2022%3A56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw%3D",
                &["56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw"],
            ),
            (
                r#"{"sub":"urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw"}"#,
                &["urn:fdc:gov.uk:2022:56P4CMsGh_02YOlWpd8PAOI-2sVlB2nsNU7mcLZYhYw"],
            ),
        ],
    ),
];

/// What must stay.
pub(crate) const CLEAN: &[&str] = &[
    // A valid NHS number inside a longer one.
    "order 1239434765919000 shipped",
    "id=39434765919001",
    "message id 1234010232137999 received",
    "trace 00004010232137000000000000000001",
    // UUIDs, also ones whose parts are valid numbers.
    "request_id=40102321-3740-4010-8321-374010232137",
    "request_id=9434765e-9196-4f1b-8a2b-943476591901",
    "id 123e4567-e89b-12d3-a456-426614174000",
    "{\"id\":\"ab123456-c123-4123-8123-401023213700\"}",
    // Seconds since 1970 whose last digit satisfies the sum of NHS numbers.
    "ts=1756700001",
    "epoch 1756700028",
    "{\"iat\":1756700001,\"exp\":1756700028}",
    "expires at 1801150001",
    // Bytes that are no text, and hexadecimal that is none.
    "[1, 2, 3, 4, 5, 6, 7, 8]",
    "latencies=[120, 98, 101, 130, 99, 104, 111, 97]",
    "mac-like 41 42 then nothing",
    "00000000  7f 45 4c 46 02 01 01 00  00 00 00 00 00 00 00 00  |.ELF............|",
    "00000000  68 65 6c 6c 6f 20 77 6f  72 6c 64 20 61 67 61 69  |hello world agai|",
    "fingerprint 16:27:ac:a5:76:28:2d:36:63:1b:56:4d:eb:df:a6:48",
    "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709",
];
