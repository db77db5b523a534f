//! Messages whose numbers and codes resemble personal data and are none.
//!
//! The names come from logs of brokers, databases, build systems and devices; none was chosen by
//! looking at what the scanner knows.

use super::rng::Rng;

/// A message that should stay as it is.
pub(super) fn message(rng: &mut Rng) -> String {
    rng.pick(MESSAGES)(rng)
}

/// Names of fields that hold technical numbers.
pub(super) const NAMES: &[&str] = &[
    "delivery_tag",
    "lsn",
    "xmin",
    "nonce",
    "fsync_cursor",
    "ledger_height",
    "blockNumber",
    "tick_count",
    "hwm",
    "shard_pos",
    "seqno",
    "txnid",
    "log_position",
    "buildNumber",
    "uptime_us",
    "watermark",
    "allocations",
    "fingerprint32",
    "row_version",
    "snowflake",
    "requestOrdinal",
    "inode",
    "heap_objects",
    "cycles",
    "generation",
    "packet_counter",
    "revision",
    "bytes_written",
    "invoice_number",
    "asset_tag",
    "rss_bytes",
    "frame_index",
    "page_lsn",
    "pulse_counter",
];

type Message = fn(&mut Rng) -> String;

fn name(rng: &mut Rng) -> &'static str {
    rng.pick(NAMES)
}

fn version(r: &mut Rng) -> String {
    format!(
        "{}.{}.{}.{}",
        r.range(1, 140),
        r.range(0, 40),
        r.range(0, 9_999),
        r.range(0, 255)
    )
}

const MESSAGES: &[Message] = &[
    |r| {
        format!(
            "relay caught up {}={} {}={}",
            name(r),
            r.range(1_000_000_000, 9_999_999_999),
            name(r),
            r.digits(9)
        )
    },
    |r| {
        format!(
            "{{\"event\":\"commit\",\"{}\":{},\"{}\":\"{}\"}}",
            name(r),
            r.range(1_000_000_000, 9_999_999_999),
            name(r),
            r.digits(10)
        )
    },
    |r| {
        format!(
            "span end start={} end={}",
            r.range(1_760_000_000, 1_799_999_999),
            r.range(1_760_000_000, 1_799_999_999)
        )
    },
    |r| {
        format!(
            "tick ts={} mono_ns={}",
            r.range(1_760_000_000_000, 1_799_999_999_999),
            r.digits(16)
        )
    },
    |r| {
        format!(
            "message {} redelivered, receipt {}",
            r.digits(19),
            r.hex(32)
        )
    },
    |r| {
        format!(
            "purchase PO-{} raised, invoice INV{} for £{}.{}",
            r.digits(8),
            r.digits(9),
            r.range(1, 9_999),
            r.digits(2)
        )
    },
    |r| {
        format!(
            "nginx/{} upgraded, OpenSSL 3.0.{}, agent build {}",
            version(r),
            r.range(1, 19),
            version(r)
        )
    },
    |r| {
        format!(
            "browser \"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{} Safari/537.36\" not supported",
            version(r)
        )
    },
    |r| {
        format!(
            "crate fetched {}-{}.{}.{}-rc.{}+{}",
            r.pick(&["serde", "tokio", "hyper"]),
            r.range(0, 3),
            r.range(0, 99),
            r.range(0, 99),
            r.range(1, 9),
            r.hex(7)
        )
    },
    |r| {
        format!(
            "ulid {} assigned to shard {}",
            r.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 26),
            r.range(0, 63)
        )
    },
    |r| {
        format!(
            "traceparent 00-{}-{}-01 tracestate=rojo={}",
            r.hex(32),
            r.hex(16),
            r.hex(16)
        )
    },
    |r| {
        format!(
            "dump {:08x}: {} {} {} {} {} {} {} {}",
            r.range(0, 99_999_999),
            r.hex(4),
            r.hex(4),
            r.hex(4),
            r.hex(4),
            r.hex(4),
            r.hex(4),
            r.hex(4),
            r.hex(4)
        )
    },
    |r| {
        format!(
            "depot at {}.{}, -{}.{} served {} parcels",
            r.range(50, 57),
            r.digits(6),
            r.range(0, 5),
            r.digits(6),
            r.range(1, 900)
        )
    },
    |r| {
        format!(
            "report covers {:02}/{:02}/2026 to {:02}/{:02}/2026, {} rows",
            r.range(1, 28),
            r.range(1, 12),
            r.range(1, 28),
            r.range(1, 12),
            r.digits(5)
        )
    },
    |r| {
        format!(
            "retention window 2019-{:02}-{:02}..2026-{:02}-{:02} pruned {} objects",
            r.range(1, 12),
            r.range(1, 28),
            r.range(1, 12),
            r.range(1, 28),
            r.digits(6)
        )
    },
    |r| {
        format!(
            "cipher TLS_AES_256_GCM_SHA384 kid={} serial={}",
            r.hex(20),
            r.hex(32)
        )
    },
    |r| {
        format!(
            "codec H264 level 4.1 profile M4A container MP4 frame {}x{} crc {}",
            r.range(320, 3_840),
            r.range(240, 2_160),
            r.hex(8)
        )
    },
    |r| {
        format!(
            "camera roll IMG_{}_{}.JPG EXIF ISO{} f/{}.{} 1/{}s",
            r.digits(8),
            r.digits(6),
            r.pick(&[100, 400, 800]),
            r.range(1, 9),
            r.range(0, 9),
            r.range(30, 4_000)
        )
    },
    |r| {
        format!(
            "part {}{}-{} not stocked at depot {}{}",
            r.capitals(2),
            r.digits(4),
            r.digits(3),
            r.capitals(1),
            r.digits(3)
        )
    },
    |r| {
        format!(
            "ticket {}-{} moved to review by pipeline #{}",
            r.pick(&["OPS", "DEV", "SRE", "APP"]),
            r.digits(4),
            r.digits(7)
        )
    },
    |r| {
        format!(
            "error {}{} at sector {} sense {:02X}/{:02X}/{:02X}",
            r.pick(&["E", "W", "ORA-", "SQLSTATE "]),
            r.digits(5),
            r.digits(9),
            r.range(0, 255),
            r.range(0, 255),
            r.range(0, 255)
        )
    },
    |r| {
        format!(
            "postcode_lookup_ms={} email_sent=true phone_verified={} nino_present=false address_count={}",
            r.range(1, 900),
            r.pick(&["true", "false"]),
            r.range(0, 4)
        )
    },
    |r| {
        format!(
            "{{\"email_template\":\"{}\",\"passport_check\":\"skipped\",\"dob_valid\":true,\"card_type\":\"debit\"}}",
            r.uuid()
        )
    },
    |r| {
        format!(
            "nhs_number_valid=true passport_scan_bytes={} iban_country=GB phone_attempts={}",
            r.digits(9),
            r.range(1, 5)
        )
    },
    |r| {
        format!(
            "password reset page served variant={} password_policy=v{} token_ttl={}",
            r.pick(&["a", "b"]),
            r.range(1, 9),
            r.range(60, 3_600)
        )
    },
    |r| {
        format!(
            "decorator @Transactional on LetterService@{} proxied by com.example.Proxy${}",
            r.hex(8),
            r.range(1, 99)
        )
    },
    |r| {
        format!(
            "npm install @scope/ui@{}.{}.{} added {} packages in {}s",
            r.range(1, 9),
            r.range(0, 40),
            r.range(0, 40),
            r.range(10, 2_000),
            r.range(1, 90)
        )
    },
    |r| {
        format!(
            "counters p50={} p90={} p99={} max={} sum={}",
            r.digits(3),
            r.digits(4),
            r.digits(5),
            r.digits(6),
            r.digits(10)
        )
    },
    |r| {
        format!(
            "balance carried forward £{},{},{}.{} over {} accounts",
            r.range(1, 9),
            r.digits(3),
            r.digits(3),
            r.digits(2),
            r.digits(4)
        )
    },
    |r| {
        format!(
            "range bytes {}-{}/{} served from edge {}",
            r.digits(7),
            r.digits(8),
            r.digits(9),
            r.pick(&["LHR50-C1", "MAN50", "LCY2"])
        )
    },
    |r| {
        format!(
            "progress 200/304 done, {}/{} chunks, eta 00:{:02}:{:02}",
            r.range(1, 99),
            r.range(100, 999),
            r.range(0, 59),
            r.range(0, 59)
        )
    },
    |r| {
        format!(
            "sensor {}:{} reading {} hPa at {} m",
            r.hex(4),
            r.hex(4),
            r.range(950, 1_050),
            r.range(0, 900)
        )
    },
    |r| {
        format!(
            "module ::ffff loaded, std::collections::hash::map {}::{} frames",
            r.range(1, 9),
            r.range(1, 9)
        )
    },
    |r| {
        format!(
            "listening on 0.0.0.0:{} and [::]:{}, peers 10.{}.{}.{} 192.168.{}.{} fe80::{}",
            r.range(1_024, 9_999),
            r.range(1_024, 9_999),
            r.range(0, 255),
            r.range(0, 255),
            r.range(1, 254),
            r.range(0, 255),
            r.range(1, 254),
            r.hex(4)
        )
    },
    |r| {
        format!(
            "commit {} on release/{}.{} by pipeline {}",
            r.hex(40),
            r.range(1, 30),
            r.range(0, 12),
            r.digits(10)
        )
    },
    |r| {
        format!(
            "object key {}/{}/{}.parquet size {}",
            r.hex(2),
            r.hex(2),
            r.hex(40),
            r.digits(9)
        )
    },
    |r| {
        format!(
            "licence Apache-2.0 accepted, product key {}-{}-{}-{}",
            r.capitals(5),
            r.capitals(5),
            r.capitals(5),
            r.capitals(5)
        )
    },
    |r| {
        format!(
            "order {} packed, parcel {}{}GB, {} items",
            r.digits(16),
            r.capitals(2),
            r.digits(9),
            r.range(1, 20)
        )
    },
    |r| {
        format!(
            "flight of {} requests, group {}, mode 0{}{}{}, umask 0022",
            r.digits(5),
            r.digits(5),
            r.range(0, 7),
            r.range(0, 7),
            r.range(0, 7)
        )
    },
    |r| {
        format!(
            "session {} user_id={} roles=[clerk] tenant={}",
            r.uuid(),
            r.range(1, 9_999_999),
            r.hex(6)
        )
    },
];
