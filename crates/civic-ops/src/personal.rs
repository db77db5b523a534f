//! Which names in source code stand for personal data.
//!
//! The names of fields are those of `civic-pii`. What is added here belongs to source code alone: who owns a `name`, which
//! words say that a value is masked or counted, and what a web service calls its callers.

use civic_pii::{Kind, Scanner};

/// Judges names of variables, fields and methods.
#[derive(Debug)]
pub(crate) struct Names(Scanner);

/// Words that say that a value no longer is what it was, or never was.
const MASKED: &[&str] = &[
    "masked",
    "mask",
    "redacted",
    "redact",
    "hashed",
    "hash",
    "encrypted",
    "encrypt",
    "cipher",
    "ciphertext",
    "obfuscated",
    "anonymised",
    "anonymized",
    "anonymous",
    "pseudonym",
    "pseudonymised",
    "censored",
    "sanitised",
    "sanitized",
    "digest",
    "fingerprint",
    "hmac",
    "sha256",
    "scrubbed",
    "truncated",
    "placeholder",
    "dummy",
    "fake",
    "example",
];

/// First words that make a name a question, a count or a setting.
const FLAGS: &[&str] = &[
    "is", "has", "had", "no", "num", "n", "should", "use", "uses", "enable", "enabled", "disable",
    "disabled", "missing", "require", "requires", "required", "default", "allow", "allowed", "max",
    "min", "total", "count", "with", "without", "can", "needs", "supports", "verify", "validate",
    "valid", "on", "show", "hide", "send", "sent",
];

/// Words inside of a name that make it one.
const INNER_FLAGS: &[&str] = &[
    "verify",
    "verified",
    "notify",
    "notifications",
    "show",
    "hide",
    "enable",
    "require",
    "requires",
];

/// Last words of names whose value tells nothing of a person.
const HARMLESS: &[&str] = &[
    "id", "ids", "uuid", "uid", "key", "idx", "index", "count", "counts", "len", "length", "size",
    "total", "hash", "status", "code", "kind", "type", "ty", "time", "at", "ms", "secs", "seconds",
    "duration", "elapsed", "version", "level", "port", "err", "error", "errors", "e", "ex", "why",
    "reason", "cause", "enabled", "valid", "ok", "result", "num", "number", "attempts", "retries",
    "limit", "offset", "page", "file", "path", "host", "domain", "topic", "queue", "table",
    "column", "template",
];

/// Those who are persons, and have a `name` and an `address`.
const PERSONS: &[&str] = &[
    "user",
    "users",
    "person",
    "applicant",
    "claimant",
    "citizen",
    "customer",
    "patient",
    "member",
    "employee",
    "student",
    "learner",
    "pupil",
    "prisoner",
    "offender",
    "defendant",
    "landlord",
    "tenant",
    "spouse",
    "child",
    "parent",
    "guardian",
    "contact",
    "subscriber",
    "registrant",
    "attendee",
    "visitor",
    "profile",
    "caseworker",
    "respondent",
    "beneficiary",
    "payee",
    "payer",
    "cardholder",
    "victim",
    "witness",
    "driver",
    "voter",
    "resident",
    "taxpayer",
    "signatory",
    "donor",
];

/// Owners of what a service is told about itself.
const SETTINGS: &[&str] = &[
    "config", "cfg", "conf", "settings", "setting", "options", "opts", "smtp", "mailer", "env",
    "defaults", "server", "db", "database", "postgres", "mysql", "redis", "pg", "kafka",
    "rabbitmq", "sasl", "registry", "broker",
];

/// Words before `email` that make it an address of the service.
const SERVICE_MAIL: &[&str] = &[
    "support", "admin", "system", "noreply", "from", "sender", "service", "team", "smtp", "mailer",
    "default",
];

/// Words before `token` that make it no credential.
const OTHER_TOKENS: &[&str] = &[
    "next",
    "page",
    "continuation",
    "cancel",
    "cancellation",
    "sync",
    "parse",
    "lex",
    "end",
    "start",
    "stop",
    "shutdown",
    "current",
    "resume",
    "pagination",
    "skip",
    "expected",
    "unexpected",
    "punct",
    "previous",
    "prev",
    "last",
    "first",
    "after",
    "before",
    "peek",
    "the",
    "span",
    "string",
    "close",
    "closing",
    "drop",
];

/// Names of special categories and circumstances, which have no kind of their own.
const SPECIAL: &[&str] = &[
    "ethnicity",
    "religion",
    "diagnosis",
    "nationality",
    "gender",
    "sexual_orientation",
    "disability",
    "marital_status",
    "immigration_status",
    "medical_notes",
    "medical_history",
    "salary",
];

impl Default for Names {
    fn default() -> Self {
        Self(Scanner::new())
    }
}

impl Names {
    /// With a scanner that knows further names, and names to keep.
    pub(crate) fn with(scanner: Scanner) -> Self {
        Self(scanner)
    }

    /// What a value of this name is, as the id of a kind; `owner` is the name that stands before it.
    pub(crate) fn kind(&self, owner: Option<&str>, name: &str) -> Option<&'static str> {
        let words = words(name);
        let first = words.first()?;
        let last = words.last()?;
        // The working directory, in most Rust code.
        if last == "pwd" {
            return None;
        }
        if words.iter().any(|word| MASKED.contains(&word.as_str()))
            || (words.len() > 1 && FLAGS.contains(&first.as_str()))
            || words[..words.len() - 1]
                .iter()
                .any(|word| INNER_FLAGS.contains(&word.as_str()))
        {
            return None;
        }
        let owner_words = owner.map(self::words).unwrap_or_default();
        let owned_by = |list: &[&str]| {
            owner_words
                .iter()
                .chain(&words[..words.len() - 1])
                .any(|word| list.contains(&word.as_str()))
        };
        let is_setting = owned_by(SETTINGS);
        if let Some(kind) = self.field(name, &words) {
            let harmless = match kind {
                Kind::CompanyNumber | Kind::VatNumber | Kind::Uprn => true,
                Kind::Email => is_setting || owned_by(SERVICE_MAIL),
                Kind::Credential => false,
                _ => is_setting,
            };
            return (!harmless).then(|| kind.id());
        }
        let joined = words.join("_");
        let ends_with = |end: &str| joined == end || joined.ends_with(&format!("_{end}"));
        let starts =
            |list: &[&str]| words.len() == 1 || !list.contains(&words[words.len() - 2].as_str());
        if SPECIAL.iter().any(|name| ends_with(name)) {
            return Some("special-category");
        }
        if (ends_with("username") || ends_with("user_name") || ends_with("nickname")) && !is_setting
        {
            return Some(Kind::PersonName.id());
        }
        if matches!(last.as_str(), "name" | "names")
            && (words.len() == 1 || ends_with("display_name"))
        {
            let person = owner_words
                .last()
                .is_some_and(|word| PERSONS.contains(&word.as_str()));
            return person.then(|| Kind::PersonName.id());
        }
        if joined == "address" {
            let person = owner_words
                .last()
                .is_some_and(|word| PERSONS.contains(&word.as_str()));
            return person.then(|| Kind::Address.id());
        }
        let network = [
            "peer_addr",
            "peer_address",
            "peer_ip",
            "client_ip_addr",
            "caller_ip",
            "real_ip",
        ];
        if network.iter().any(|name| ends_with(name)) {
            return Some(Kind::IpAddress.id());
        }
        if last == "ip" {
            let infrastructure = [
                "server",
                "host",
                "node",
                "bind",
                "listen",
                "local",
                "pod",
                "container",
                "cluster",
                "dns",
                "upstream",
                "gateway",
                "public",
                "external",
                "internal",
                "proxy",
                "private",
                "bound",
                "target",
                "interface",
            ];
            return (!is_setting && !owned_by(&infrastructure)).then(|| Kind::IpAddress.id());
        }
        let credential = (last == "token" && words.len() > 1 && starts(OTHER_TOKENS))
            || matches!(last.as_str(), "jwt" | "totp" | "otp")
            || [
                "mfa_code",
                "verification_code",
                "recovery_code",
                "one_time_code",
                "auth_code",
            ]
            .iter()
            .any(|name| ends_with(name));
        credential.then(|| Kind::Credential.id())
    }

    /// Whether the last word of a name says that its value tells nothing of a person.
    pub(crate) fn is_harmless(name: &str) -> bool {
        words(name).last().is_some_and(|last| {
            HARMLESS.contains(&last.as_str()) || MASKED.contains(&last.as_str())
        })
    }

    /// Whether a function of this name gives back something that is no longer personal.
    pub(crate) fn masks(name: &str) -> bool {
        words(name)
            .iter()
            .any(|word| MASKED.contains(&word.as_str()) || word == "pseudonymise")
            || matches!(
                name,
                "len" | "count" | "is_some" | "is_none" | "is_empty" | "domain"
            )
    }

    /// Whether a name is one of a person: `applicant`, `new_user`.
    pub(crate) fn is_person(name: &str) -> bool {
        words(name)
            .last()
            .is_some_and(|last| PERSONS.contains(&last.as_str()))
    }

    fn field(&self, name: &str, words: &[String]) -> Option<Kind> {
        self.0.kind_of_field(name).or_else(|| {
            // `emails`, `phone_numbers`.
            let plural = words.last()?.strip_suffix('s')?;
            let mut words = words.to_vec();
            plural.clone_into(words.last_mut()?);
            self.0
                .kind_of_field(&words.join("_"))
                .filter(|kind| *kind != Kind::Credential)
        })
    }
}

/// The words of a name, in lower case: `userName`, `user_name` and `USER-NAME` alike.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before_small = false;
    let mut rest = name.chars().peekable();
    while let Some(character) = rest.next() {
        if !character.is_alphanumeric() {
            if !word.is_empty() {
                words.push(core::mem::take(&mut word));
            }
            before_small = false;
            continue;
        }
        let next_small = rest.peek().is_some_and(|next| next.is_lowercase());
        if character.is_uppercase() && !word.is_empty() && (before_small || next_small) {
            words.push(core::mem::take(&mut word));
        }
        before_small = character.is_lowercase() || character.is_numeric();
        word.extend(character.to_lowercase());
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_personal_data_are_known_with_their_owners() {
        let names = Names::default();
        for (owner, name, kind) in [
            (None, "applicant_email", "email"),
            (Some("user"), "name", "person-name"),
            (Some("Applicant"), "address", "address"),
            (None, "emails", "email"),
            (None, "client_ip", "ip-address"),
            (None, "ip", "ip-address"),
            (None, "github_username", "person-name"),
            (None, "reset_token", "credential"),
            (Some("smtp"), "password", "credential"),
            (None, "nationality", "special-category"),
        ] {
            assert_eq!(names.kind(owner, name), Some(kind), "{name}");
        }
    }

    #[test]
    fn masks_counts_settings_and_things_are_left_alone() {
        let names = Names::default();
        for (owner, name) in [
            (None, "masked_email"),
            (None, "email_hash"),
            (None, "has_email"),
            (None, "email_id"),
            (None, "auto_verify_email"),
            (None, "name"),
            (Some("queue"), "name"),
            (None, "address"),
            (None, "next_token"),
            (None, "token"),
            (Some("config"), "email"),
            (None, "support_email"),
            (None, "server_ip"),
            (Some("db"), "username"),
            (None, "email_template"),
        ] {
            assert_eq!(names.kind(owner, name), None, "{name}");
        }
        assert!(Names::masks("mask_email") && Names::masks("sha256") && !Names::masks("email"));
    }
}
