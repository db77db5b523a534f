//! Messages of services that hold nothing personal.

use super::rng::Rng;

/// An ordinary message.
pub(super) fn message(rng: &mut Rng) -> String {
    rng.pick(MESSAGES)(rng)
}

const HOSTS: &[&str] = &[
    "ledger",
    "letters",
    "rules",
    "intake",
    "blob-store",
    "outbox",
    "search",
];
const PAGES: &[&str] = &[
    "/who-is-applying",
    "/check-your-answers",
    "/static/govuk-frontend.min.css",
    "/healthz",
    "/cases/open",
    "/upload/progress",
    "/confirmation",
    "/metrics",
    "/static/icons/arrow.svg",
];

fn host(rng: &mut Rng) -> &'static str {
    rng.pick(HOSTS)
}

fn page(rng: &mut Rng) -> &'static str {
    rng.pick(PAGES)
}

type Message = fn(&mut Rng) -> String;

const MESSAGES: &[Message] = &[
    |r| {
        format!(
            "10.{}.{}.{} - - \"{} {} HTTP/1.1\" {} {} \"-\" \"kube-probe/1.31\" rt={}.{} uct=\"0.001\" urt=\"0.0{}\"",
            r.range(0, 255),
            r.range(0, 255),
            r.range(1, 254),
            r.pick(&["GET", "POST", "HEAD"]),
            page(r),
            r.pick(&[200, 200, 204, 304, 404, 502]),
            r.range(0, 90_000),
            r.range(0, 3),
            r.digits(3),
            r.digits(2)
        )
    },
    |r| {
        format!(
            "[Consumer clientId=consumer-{}-1, groupId={}] Committed offset {} for partition answers-{} leaderEpoch={}",
            host(r),
            host(r),
            r.range(1_000, 90_000_000),
            r.range(0, 47),
            r.range(0, 60)
        )
    },
    |r| {
        format!(
            "GC(%d) Pause Young (Normal) (G1 Evacuation Pause) {}M->{}M({}M) {}.{}ms",
            r.range(200, 900),
            r.range(20, 199),
            r.range(900, 2048),
            r.range(1, 80),
            r.digits(3)
        )
        .replace("%d", &r.range(1, 9_000).to_string())
    },
    |r| {
        format!(
            "Successfully assigned default/{}-{}-{} to node-pool-{}-{}",
            host(r),
            r.hex(9),
            r.text("bcdfghjklmnpqrstvwxz2456789", 5),
            r.range(1, 4),
            r.hex(8)
        )
    },
    |r| {
        format!(
            "Back-off restarting failed container={} pod={}-{} restarts={} exit_code={}",
            host(r),
            host(r),
            r.range(0, 9),
            r.range(1, 40),
            r.pick(&[1, 137, 139, 143])
        )
    },
    |r| {
        format!(
            "deployed revision {} of {} image=registry.internal/{}@sha256:{} replicas={}",
            r.hex(40),
            host(r),
            host(r),
            r.hex(64),
            r.range(1, 12)
        )
    },
    |r| {
        format!(
            "letter rendered template={}-v{} pages={} bytes={} took={}ms",
            r.pick(&["reminder", "decision", "appeal"]),
            r.range(1, 30),
            r.range(1, 6),
            r.range(9_000, 400_000),
            r.range(4, 900)
        )
    },
    |r| {
        format!(
            "circuit {} for {} after {} failures in {}s, probe at +{}ms",
            r.pick(&["opened", "closed", "half-open"]),
            host(r),
            r.range(3, 20),
            r.range(5, 60),
            r.range(100, 30_000)
        )
    },
    |r| {
        format!(
            "plan: Seq Scan on claim (cost=0.00..{}.{} rows={} width={}) (actual time={}.{}..{}.{} rows={} loops=1)",
            r.range(10, 90_000),
            r.digits(2),
            r.range(1, 90_000),
            r.range(4, 400),
            r.range(0, 9),
            r.digits(3),
            r.range(10, 900),
            r.digits(3),
            r.range(0, 90_000)
        )
    },
    |r| {
        format!(
            "checkpoint complete: wrote {} buffers ({}.{}%); {} WAL file(s) added; write={}.{} s, sync={}.{} s",
            r.range(10, 90_000),
            r.range(0, 99),
            r.digits(1),
            r.range(0, 20),
            r.range(0, 300),
            r.digits(3),
            r.range(0, 9),
            r.digits(3)
        )
    },
    |r| {
        format!(
            "autovacuum of table \"cases.public.claim\": index scans: {} pages: {} removed, {} remain",
            r.range(0, 3),
            r.range(0, 900),
            r.range(100, 99_999)
        )
    },
    |r| {
        format!(
            "feature {} resolved to {} by rule {} in {}us",
            r.pick(&["new-banner", "bulk-upload", "welsh"]),
            r.pick(&["on", "off"]),
            r.range(1, 12),
            r.range(2, 400)
        )
    },
    |r| {
        format!(
            "span closed name={} time.busy={}us time.idle={}us",
            r.pick(&["render", "match", "fetch"]),
            r.range(1, 99_999),
            r.range(1, 99_999)
        )
    },
    |r| {
        format!(
            "uploaded {} of {} parts bucket=evidence-eu key=in/{}.bin etag=\"{}-{}\"",
            r.range(1, 30),
            r.range(30, 90),
            r.uuid(),
            r.hex(32),
            r.range(2, 90)
        )
    },
    |r| {
        format!(
            "outbox drained batch={} size={} lag={}ms cursor={}",
            r.uuid(),
            r.range(1, 500),
            r.range(0, 90_000),
            r.range(100, 99_999_999)
        )
    },
    |r| {
        format!(
            "no answer from https://{}.internal:8443{} within {}ms, trying again ({} of 5)",
            host(r),
            page(r),
            r.range(50, 5_000),
            r.range(1, 5)
        )
    },
    |r| {
        format!(
            "thread pool exec: active={} queued={} completed={}",
            r.range(0, 64),
            r.range(0, 900),
            r.range(1_000, 99_999_999)
        )
    },
    |r| {
        format!(
            "accepted connection from 127.0.0.1:{} proto=h2 tls=TLSv1.3 alpn=h2 sni={}.internal",
            r.range(32_768, 60_999),
            host(r)
        )
    },
    |r| {
        format!(
            "rule {} matched {} of {} conditions -> {}",
            r.range(1, 400),
            r.range(0, 9),
            r.range(9, 20),
            r.pick(&["refer", "allow", "hold"])
        )
    },
    |r| {
        format!(
            "loaded config from /etc/{}/settings.toml ({} keys, {} overridden by environment)",
            host(r),
            r.range(10, 200),
            r.range(0, 30)
        )
    },
    |r| {
        format!(
            "heartbeat ok member={}-{} term={} commit={} applied={}",
            host(r),
            r.range(0, 4),
            r.range(1, 90),
            r.range(1_000, 9_999_999),
            r.range(1_000, 9_999_999)
        )
    },
    |r| {
        format!(
            "user signed in method={} assurance={} took_ms={}",
            r.pick(&["otp", "app", "passkey"]),
            r.pick(&["P1", "P2"]),
            r.range(100, 9_000)
        )
    },
    |r| {
        format!(
            "validation errors on {}: [\"required\", \"too_long\"] fields={}",
            page(r),
            r.range(1, 8)
        )
    },
    |r| {
        format!(
            "email sent template={} provider_status={} queue=letters-{}",
            r.uuid(),
            r.pick(&["delivered", "accepted"]),
            r.range(1, 5)
        )
    },
    |r| {
        format!(
            "session {} extended by {} minutes",
            r.hex(24),
            r.range(5, 40)
        )
    },
    |r| {
        format!(
            "cron nightly-reconcile finished rows={} mismatched={} elapsed={}m{}s",
            r.range(1, 99_999),
            r.range(0, 40),
            r.range(1, 90),
            r.range(1, 59)
        )
    },
    |r| {
        format!(
            "postcode lookup answered from cache hits={} misses={}",
            r.range(1, 9_999),
            r.range(0, 99)
        )
    },
    |r| {
        format!(
            "resolved 3 SRV records for _amqp._tcp.{}.internal ttl={}",
            host(r),
            r.range(5, 3_600)
        )
    },
    |r| {
        format!(
            "scaling {} from {} to {} because cpu={}.{}%",
            host(r),
            r.range(1, 6),
            r.range(6, 12),
            r.range(50, 99),
            r.digits(1)
        )
    },
    |r| {
        format!(
            "wrote snapshot {}/{} crc32={} in {}ms",
            r.range(1_000, 99_999),
            r.range(1, 9),
            r.hex(8),
            r.range(1, 900)
        )
    },
];
