//! Ordinary lines of logs hold nothing personal, however much their numbers look like it.

use civic_pii::Scanner;

const ORDINARY: &[&str] = &[
    "I1124 10:11:12.123456       1 reconciler.go:345] \"Reconciling pod\" pod=\"kube-system/coredns-5d78c9869d-xk2vp\" restartCount=3",
    "10.0.3.17 - - [24/Nov/2026:10:11:12 +0000] \"GET /static/app.3f9a1c2b.js HTTP/1.1\" 200 12345 \"-\" \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.6478.126 Safari/537.36\"",
    "java.lang.OutOfMemoryError: Java heap space at java.base/java.util.Arrays.copyOf(Arrays.java:3537) [GC pause 123M->45M(512M) 12.345ms]",
    "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b merge branch release/2026.11 into main, 12 files changed, 345 insertions(+), 67 deletions(-)",
    "[Consumer clientId=c-1, groupId=g] Committed offset 1234567890 for partition orders-17 leader epoch 42",
    "price GBP 1,234.56 total 12,345,678 pence, VAT 20% 246.91",
    "lat 51.5073509 lon -0.1277583 zoom 12",
    "Range: bytes=1048576-2097151/10485760",
    "sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709 crc32 3d8a1c2f",
    "upgraded openssl 3.0.13-1~deb12u1 to 3.0.14-1~deb12u2",
    "s3://bucket-prod-eu-west-2/2026/11/24/part-00000-8c301daf-8b02-4e19-8806-d5f68025a149.c000.snappy.parquet",
    "duration=PT1H30M retry-after 120 interval P3DT12H",
    "kafka lag 123456 on topic-12 partition 3 offset 9876543210",
    "thread 140735123456789 took 123456 us, 12 345 678 rows",
    "request id 4442587FB7D0A2F9, x-amz-id-2 vlR7PnpV2Ce81l0PRw6jlUpck7Jo5ZsQjryTjKlc5aLWGVHPZLj5NeC6qMa0emYBDXOo6QBU0Wo",
    "ERR_1234 E0382 RFC 7231 ISO 8601 CVE-2026-12345 JIRA ABC-1234 PROJ-123456",
    "build 20261124.3 of image registry/app:1.2.3-20261124",
    "container b827ebe55505 exited with code 137 after 12 s",
    "node ip-10-0-3-17.eu-west-2.compute.internal is Ready v1.29.3-eks-ae9a62a",
    "TLS13_AES_256_GCM_SHA384 ECDHE-RSA-AES128-GCM-SHA256 x25519",
    "pg: duration: 12.345 ms  statement: SELECT 1 WHERE id = 1234567890 AND code = 'AB12'",
    "session=44504b35c14ce0d4f608ac5c1195bab4; retry",
    "order ABC 1234 shipped; SKU ZX 1234567; model RX 580",
    "EAN 5012345678900 ISBN 978-0-306-40615-7",
    "epoch 1700000000 1732442400123 1732442400",
    "with that this time then also more",
    "that.this.then.0abc deadbeef dead.beef.cafe",
    "versions 1.2.3.4 and 20.04.6.1; kernel 5.15.0-1053-aws",
    "March 27, 2026 release; April 1, 2026 was quiet",
    "error 0x80070005 at 0x7fff5fbff8c0",
    "Flight BA 2490 delayed, bus E 1234, gate B 123",
    "ref 123 / abc and 404 / notfound9 then",
    // Numbers whose checksums hold by chance.
    "[error] 5465#8752: *4363658827 upstream timed out while reading response header",
    "GET /api/v2/orders/4743061903/items/99 200 91ms",
    "GET /api/v1/applications/eb9f698b-80ad-4947-8d4b-b155ec3fce39/documents/4059509647 200 54ms",
    "remote: Counting objects: 100% (20596/79850), done.",
    "haproxy: fe be/web9 0/0/9/806/198 200 39803 - - ---- 82/65/0/0/0 0/0",
    "haproxy: fe be/web9 7/0/4/224/571 200 2140 - - ---- 28/83/0/0/0 0/0",
    "arn:aws:lambda:eu-west-2:441291486947:function:claims-api:37",
    "on queue https://sqs.eu-west-2.example/442991369940/dead-letter",
    "request: \"POST /passport-details HTTP/1.1\", upstream: \"http://10.238.232.158:8080/\"",
    "request: \"POST /bank-details HTTP/1.1\", upstream: \"http://10.96.18.129:8080/\"",
    "user_id=253701795 account_id=11032929 action=save tenant=284",
    "parcel JD0049261171856496 scanned at hub 35",
    "index 0eccd9d..0056080 100644 --- a/src/lib.rs",
];

#[test]
fn ordinary_lines_stay_as_they_are() {
    let scanner = Scanner::new();
    for line in ORDINARY {
        assert_eq!(scanner.scan(line), [], "{line}");
    }
}

#[test]
fn what_stands_around_a_number_does_not_hide_it() {
    let scanner = Scanner::new();
    for (line, id) in [
        ("GET /upn/M919314915213 200 17ms", "upn"),
        ("GET /company-number/01827438 200 16ms", "company-number"),
        ("PUT /api/vrn/123538975?expand=true 404 11ms", "vat-number"),
        ("GET /v1/prisoners/A5089BJ HTTP/1.1", "prison-number"),
        ("could not process 438 620 1548", "nhs-number"),
        ("received 151.66.148.204 from upstream", "ip-address"),
        ("Audit : nhs id: 7037847089", "nhs-number"),
        ("ern=967/ZL46187 duration_ms=520", "paye-reference"),
        ("mobile 07700.900123 rang", "phone"),
    ] {
        let kinds: Vec<_> = scanner.scan(line).iter().map(|f| f.kind.id()).collect();
        assert_eq!(kinds, [id], "{line}");
    }
}

#[test]
fn the_odd_postcode_is_found_behind_a_key_and_alone() {
    let scanner = Scanner::new();
    for line in [
        r#"postcode: "GIR 0AA" }"#,
        "Address { postcode: \"GIR 0AA\" }",
        "got GIR 0AA twice",
        "postcode=gir0aa",
    ] {
        let kinds: Vec<_> = scanner.scan(line).iter().map(|f| f.kind.id()).collect();
        assert_eq!(kinds, ["postcode"], "{line}");
    }
}
