//! Credentials and One Login subjects.

use civic_pii::Kind;

use crate::corpus::encode::base64;
use crate::corpus::form::{Form, Place, Spec, form};
use crate::corpus::rng::Rng;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        kind: Kind::Credential,
        raw: jwt,
        forms: CREDENTIAL,
        keys: &["access token", "id token", "authorization", "jwt"],
        words: &["access token", "bearer token", "JWT"],
    },
    Spec {
        kind: Kind::OneLoginSubject,
        raw: subject,
        forms: SUBJECT,
        keys: &[
            "sub",
            "subject",
            "one login subject",
            "subject id",
            "user sub",
        ],
        words: &[
            "One Login subject",
            "subject identifier",
            "One Login subject identifier",
        ],
    },
];

const CREDENTIAL: &[Form] = &[
    form("jwt"),
    form("jwt-in-brackets").between("[", "]"),
    form("bearer-jwt")
        .between("Bearer ", "")
        .keys(&["authorization", "auth header"])
        .place(Place::Text),
    form("bearer")
        .raw(|rng| token(rng, 40))
        .between("Bearer ", "")
        .keys(&["authorization", "auth header"])
        .place(Place::Text),
    form("bearer-lower")
        .raw(|rng| token(rng, 48))
        .between("bearer ", "")
        .keys(&["authorization"])
        .place(Place::Text),
    form("basic")
        .raw(basic)
        .between("Basic ", "")
        .keys(&["authorization", "proxy authorization"])
        .place(Place::Text),
    form("userinfo-database")
        .raw(password)
        .between("postgres://svc:", "@db.internal:5432/cases")
        .keys(&["dsn", "database url", "upstream"])
        .place(Place::Text),
    form("userinfo-https")
        .raw(|rng| token(rng, 24))
        .between("https://ci:", "@git.internal/app.git")
        .keys(&["remote", "origin url", "upstream"])
        .place(Place::Text),
    form("userinfo-broker")
        .raw(password)
        .between("amqp://mq:", "@mq.internal:5672/%2f")
        .keys(&["broker", "broker url", "upstream"])
        .place(Place::Text),
    form("session-cookie")
        .raw(|rng| token(rng, 32))
        .between("session=", "; Path=/; HttpOnly")
        .keys(&["cookie", "set cookie"])
        .place(Place::Text),
    form("sid-cookie")
        .raw(|rng| rng.hex(32))
        .between("theme=dark; sessionid=", "; lang=cy")
        .keys(&["cookie", "set cookie"])
        .place(Place::Text),
    form("password")
        .raw(password)
        .keys(&["password", "passwd", "user password", "new password"])
        .evidence_only()
        .place(Place::Field),
    form("client-secret")
        .raw(|rng| token(rng, 36))
        .keys(&["client secret", "api key", "secret key", "refresh token"])
        .evidence_only()
        .place(Place::Field),
];

const SUBJECT: &[Form] = &[
    form("plain"),
    form("in-brackets").between("(", ")"),
    form("square-brackets").between("[", "]"),
    form("angle-brackets").between("<", ">"),
    form("quoted").between("'", "'"),
    form("then-comma").between("", ","),
    form("then-semicolon").between("", ";"),
    form("account-path")
        .between("account/", "")
        .place(Place::Text),
    form("user-prefix").between("user=", "").place(Place::Text),
    form("then-arrow").between("", " -> ok").place(Place::Text),
    form("then-full-stop").between("", "."),
];

fn jwt(rng: &mut Rng) -> String {
    let header = rng.pick(&[
        r#"{"alg":"RS256","typ":"JWT"}"#,
        r#"{"alg":"ES256","kid":"k1"}"#,
        r#"{"typ":"JWT","alg":"HS256"}"#,
    ]);
    let payload = format!(
        r#"{{"sub":"{}","iat":{},"aud":"cases"}}"#,
        rng.uuid(),
        rng.range(1_750_000_000, 1_799_999_999)
    );
    format!(
        "{}.{}.{}",
        url_base64(header.as_bytes()),
        url_base64(payload.as_bytes()),
        token(rng, 43)
    )
}

fn basic(rng: &mut Rng) -> String {
    let user = rng.pick(&["svc-intake", "batch", "monitor", "ops"]);
    base64(format!("{user}:{}", password(rng)).as_bytes())
}

fn token(rng: &mut Rng, n: usize) -> String {
    rng.text(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
        n - 1,
    ) + &rng.text("abcdefghijkmnpqrstuvwxyz23456789", 1)
}

/// Without characters that would end it in an address.
fn password(rng: &mut Rng) -> String {
    let word = rng.pick(&["Tulip", "harbour", "Copper", "lantern", "Meadow", "quarry"]);
    format!("{word}{}{}", rng.pick(&["!", "_", "-", "."]), rng.digits(4))
}

fn subject(rng: &mut Rng) -> String {
    format!("urn:fdc:gov.uk:2022:{}=", token(rng, 43))
}

fn url_base64(bytes: &[u8]) -> String {
    base64(bytes)
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_")
}
