//! From TOML to a policy builder, by hand, so that each error has a place and quotes no value.

use core::ops::Range;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::Fault;
use super::{Config, KeyRef, KeySource};
use crate::marker::{KEY_ID_MAX, is_key_id, partial_limit};
use crate::{Action, Kind, Pattern, Policy, PolicyBuilder};

const PII: &[&str] = &[
    "default-action",
    "fields",
    "keep",
    "keys",
    "kinds",
    "only",
    "pattern",
    "threshold",
];
const KIND: &[&str] = &["action", "last", "reason", "threshold"];
const KEEP: &[&str] = &["field", "reason"];
const PATTERN: &[&str] = &["name", "regex"];
const KEY: &[&str] = &["env", "file"];
const ACTIONS: &[&str] = &["erase", "keep", "partial", "pseudonymise"];
const DEFAULT_ACTIONS: &[&str] = &["erase", "pseudonymise"];

/// Every key that a `civic.toml` may have, for the test of the example.
#[cfg(test)]
pub(super) const ALL_KEYS: &[&[&str]] = &[PII, KIND, KEEP, PATTERN, KEY, ACTIONS];

type Key<'a> = Spanned<DeString<'a>>;
type Value<'a> = Spanned<DeValue<'a>>;

pub(super) fn document(text: &str) -> Result<Config, Fault> {
    let root = DeTable::parse(text).map_err(|error| {
        let message = format!("not TOML: {}", error.message());
        Fault::new(error.span().unwrap_or_default(), message)
    })?;
    let mut config = Config::default();
    for (key, value) in root.get_ref() {
        // The parts of `cargo civic check` and `cargo civic register`, which read them.
        if matches!(key.get_ref().as_ref(), "check" | "register") {
            continue;
        }
        if key.get_ref() != "pii" {
            let message = format!("unknown table `{}`: expected `pii`", key.get_ref());
            return Err(Fault::new(key.span(), message));
        }
        config = pii(value)?;
    }
    Ok(config)
}

fn pii(value: &Value<'_>) -> Result<Config, Fault> {
    let pii = table("pii", value)?;
    known_keys("pii", pii, PII)?;
    let mut builder = Policy::builder();
    if let Some(value) = pii.get("default-action")
        && name("default action", value, DEFAULT_ACTIONS)? == "pseudonymise"
    {
        builder = builder.default_action(Action::Pseudonymise);
    }
    if let Some(value) = pii.get("threshold") {
        let percent = threshold(value)?;
        builder = Kind::ALL
            .iter()
            .fold(builder, |builder, kind| builder.threshold(*kind, percent));
    }
    if let Some(value) = pii.get("only") {
        let kinds = entries("only", value)?.iter().map(kind);
        builder = builder.only(kinds.collect::<Result<_, _>>()?);
    }
    if let Some(value) = pii.get("kinds") {
        for (key, value) in table("pii.kinds", value)? {
            builder = one_kind(builder, known_kind(key.get_ref(), key.span())?, value)?;
        }
    }
    if let Some(value) = pii.get("fields") {
        for (key, value) in table("pii.fields", value)? {
            if value.get_ref().is_table() {
                let message = format!(
                    "`{}` is a text; a field name with a dot stands in quotes",
                    key.get_ref()
                );
                return Err(Fault::new(key.span(), message));
            }
            field_name(key.get_ref(), key.span())?;
            if value.get_ref().as_str().is_none() {
                return Err(Fault::new(value.span(), "the kind of a field is a text"));
            }
            builder = builder.field(key.get_ref().as_ref(), kind(value)?);
        }
    }
    if let Some(value) = pii.get("keep") {
        for entry in entries("pii.keep", value)? {
            let keep = table("pii.keep", entry)?;
            known_keys("pii.keep", keep, KEEP)?;
            let field = needed("pii.keep", entry, keep, "field")?;
            let why = needed("pii.keep", entry, keep, "reason")?;
            let name = text("field", field)?;
            field_name(name, field.span())?;
            builder = builder.keep_field(name, reason(why)?);
        }
    }
    if let Some(value) = pii.get("pattern") {
        for entry in entries("pii.pattern", value)? {
            builder = pattern(builder, entry)?;
        }
    }
    let keys = pii.get("keys").map_or(Ok(Vec::new()), keys)?;
    if keys.is_empty()
        && let Some(action) = pseudonymising(pii)
    {
        let message = "the action `pseudonymise` needs keys: `pii.keys` with `current`, the id of the key in use";
        return Err(Fault::new(action.span(), message));
    }
    Ok(Config { builder, keys })
}

/// The first action, if any, that needs a key.
fn pseudonymising<'v, 'a>(pii: &'v DeTable<'a>) -> Option<&'v Value<'a>> {
    let kinds = pii
        .get("kinds")
        .and_then(|kinds| kinds.get_ref().as_table());
    let actions = kinds
        .into_iter()
        .flat_map(|kinds| kinds.values())
        .filter_map(|kind| kind.get_ref().as_table()?.get("action"));
    pii.get("default-action")
        .into_iter()
        .chain(actions)
        .find(|action| action.get_ref().as_str() == Some("pseudonymise"))
}

/// Refuses a name that could match no field.
fn field_name(name: &str, span: Range<usize>) -> Result<(), Fault> {
    if name.chars().any(char::is_alphanumeric) {
        Ok(())
    } else {
        let message = "the name of a field has at least one letter or digit";
        Err(Fault::new(span, message))
    }
}

fn one_kind(
    mut builder: PolicyBuilder,
    kind: Kind,
    value: &Value<'_>,
) -> Result<PolicyBuilder, Fault> {
    let path = format!("pii.kinds.{kind}");
    let entry = table(&path, value)?;
    known_keys(&path, entry, KIND)?;
    if let Some(value) = entry.get("threshold") {
        builder = builder.threshold(kind, threshold(value)?);
    }
    let action = match entry.get("action") {
        Some(value) => name("action", value, ACTIONS)?,
        None => "",
    };
    for (key, owner) in [("last", "partial"), ("reason", "keep")] {
        if let Some((key, _)) = entry.get_key_value(key)
            && action != owner
        {
            let message = format!("`{}` goes with the action `{owner}` only", key.get_ref());
            return Err(Fault::new(key.span(), message));
        }
    }
    let with = |key: &str| {
        entry.get(key).ok_or_else(|| {
            let span = entry.get("action").map_or(value.span(), Spanned::span);
            Fault::new(span, format!("the action `{action}` needs `{key}`"))
        })
    };
    let action = match action {
        "" => return Ok(builder),
        "partial" => {
            let Some(limit) = partial_limit(kind) else {
                let span = entry.get("action").map_or(value.span(), Spanned::span);
                let message = format!("any part of a `{kind}` says too much to be shown");
                return Err(Fault::new(span, message));
            };
            let value = with("last")?;
            let last = integer(value)
                .filter(|last| (1..=limit).contains(last))
                .ok_or_else(|| {
                    let message = format!("a partial `{kind}` shows 1 to {limit} characters");
                    Fault::new(value.span(), message)
                })?;
            Action::Partial { last }
        }
        "pseudonymise" => Action::Pseudonymise,
        "keep" => Action::keep(reason(with("reason")?)?),
        _ => Action::Erase,
    };
    Ok(builder.action(kind, action))
}

fn pattern(builder: PolicyBuilder, entry: &Value<'_>) -> Result<PolicyBuilder, Fault> {
    let pattern = table("pii.pattern", entry)?;
    known_keys("pii.pattern", pattern, PATTERN)?;
    let name = needed("pii.pattern", entry, pattern, "name")?;
    let regex = needed("pii.pattern", entry, pattern, "regex")?;
    let (name_text, regex_text) = (text("name", name)?, text("regex", regex)?);
    if let Err(error) = Pattern::new(name_text, regex_text) {
        let place = if error.is_about_name() { name } else { regex };
        return Err(Fault {
            cause: Some(error),
            ..Fault::new(place.span(), "the pattern cannot be used")
        });
    }
    Ok(builder.pattern(name_text, regex_text))
}

fn keys(value: &Value<'_>) -> Result<Vec<KeyRef>, Fault> {
    let keys = table("pii.keys", value)?;
    let Some(current) = keys.get("current") else {
        let message = "`pii.keys` needs `current`, the id of the key in use";
        return Err(Fault::new(value.span(), message));
    };
    let current_id = text("current", current)?;
    let mut refs = Vec::with_capacity(keys.len());
    for (id, value) in keys.iter().filter(|(id, _)| id.get_ref() != "current") {
        if !is_key_id(id.get_ref().as_bytes()) {
            let message = format!(
                "a key id is a lower-case letter and up to {} lower-case letters and digits",
                KEY_ID_MAX - 1
            );
            return Err(Fault::new(id.span(), message));
        }
        let key = KeyRef {
            id: id.get_ref().to_string(),
            source: key_source(id.get_ref(), value)?,
        };
        if key.id == current_id {
            refs.insert(0, key);
        } else {
            refs.push(key);
        }
    }
    if refs.first().is_none_or(|first| first.id != current_id) {
        let mut message = String::from("`current` names no key of `pii.keys`");
        for (i, key) in refs.iter().enumerate() {
            message.push_str(if i == 0 {
                ": expected one of `"
            } else {
                "`, `"
            });
            message.push_str(&key.id);
        }
        message.push_str(if refs.is_empty() {
            ", which has none: add `<id> = { env = \"NAME\" }` or `<id> = { file = \"path\" }`"
        } else {
            "`"
        });
        return Err(Fault::new(current.span(), message));
    }
    Ok(refs)
}

fn key_source(id: &str, value: &Value<'_>) -> Result<KeySource, Fault> {
    let path = format!("pii.keys.{id}");
    let Some(source) = value.get_ref().as_table() else {
        let message =
            format!("`{path}` is a table: `{{ env = \"NAME\" }}` or `{{ file = \"path\" }}`");
        return Err(Fault::new(value.span(), message));
    };
    known_keys(&path, source, KEY)?;
    match (source.get("env"), source.get("file")) {
        (Some(env), None) => Ok(KeySource::Env(filled("env", env)?.to_owned())),
        (None, Some(file)) => Ok(KeySource::File(filled("file", file)?.to_owned())),
        _ => Err(Fault::new(value.span(), "a key has either `env` or `file`")),
    }
}

fn table<'v, 'a>(path: &str, value: &'v Value<'a>) -> Result<&'v DeTable<'a>, Fault> {
    value
        .get_ref()
        .as_table()
        .ok_or_else(|| Fault::new(value.span(), format!("`{path}` is a table")))
}

fn entries<'v, 'a>(path: &str, value: &'v Value<'a>) -> Result<&'v [Value<'a>], Fault> {
    match value.get_ref() {
        DeValue::Array(array) => Ok(array),
        _ => Err(Fault::new(value.span(), format!("`{path}` is a list"))),
    }
}

fn text<'v>(key: &str, value: &'v Value<'_>) -> Result<&'v str, Fault> {
    value
        .get_ref()
        .as_str()
        .ok_or_else(|| Fault::new(value.span(), format!("`{key}` is a text")))
}

fn filled<'v>(key: &str, value: &'v Value<'_>) -> Result<&'v str, Fault> {
    let given = text(key, value)?;
    if given.is_empty() {
        return Err(Fault::new(value.span(), format!("`{key}` is not empty")));
    }
    Ok(given)
}

fn reason<'v>(value: &'v Value<'_>) -> Result<&'v str, Fault> {
    let reason = text("reason", value)?;
    if reason.trim().is_empty() {
        return Err(Fault::new(value.span(), "a reason is not empty"));
    }
    Ok(reason)
}

fn integer(value: &Value<'_>) -> Option<u8> {
    let integer = value.get_ref().as_integer()?;
    u8::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn threshold(value: &Value<'_>) -> Result<u8, Fault> {
    integer(value)
        .filter(|percent| *percent <= 100)
        .ok_or_else(|| {
            let message = "`threshold` is a whole number of percent from 0 to 100";
            Fault::new(value.span(), message)
        })
}

fn needed<'v, 'a>(
    path: &str,
    entry: &Value<'a>,
    table: &'v DeTable<'a>,
    key: &str,
) -> Result<&'v Value<'a>, Fault> {
    table.get(key).ok_or_else(|| {
        let message = format!("an entry of `{path}` needs `{key}`");
        Fault::new(entry.span(), message)
    })
}

fn known_keys(path: &str, table: &DeTable<'_>, allowed: &[&'static str]) -> Result<(), Fault> {
    let known = |key: &Key<'_>| allowed.iter().any(|allowed| key.get_ref() == allowed);
    match table.keys().find(|key| !known(key)) {
        None => Ok(()),
        Some(key) => {
            let what = format!("unknown key `{}` in `{path}`", key.get_ref());
            Err(Fault::new(
                key.span(),
                unknown(&what, key.get_ref(), allowed.iter().copied()),
            ))
        }
    }
}

fn name<'v>(what: &str, value: &'v Value<'_>, allowed: &[&'static str]) -> Result<&'v str, Fault> {
    let given = text(what, value)?;
    if allowed.contains(&given) {
        return Ok(given);
    }
    let what = format!("unknown {what}");
    let message = unknown(&what, given, allowed.iter().copied());
    Err(Fault::new(value.span(), message))
}

fn kind(value: &Value<'_>) -> Result<Kind, Fault> {
    known_kind(text("kind", value)?, value.span())
}

fn known_kind(id: &str, span: Range<usize>) -> Result<Kind, Fault> {
    if id == Kind::Custom.id() {
        return Ok(Kind::Custom);
    }
    Kind::from_id(id).ok_or_else(|| {
        let ids = Kind::ALL
            .iter()
            .chain([&Kind::Custom])
            .map(|kind| kind.id());
        Fault::new(span, unknown(&format!("unknown kind `{id}`"), id, ids))
    })
}

/// The text of an error about a name that is none of the allowed ones.
fn unknown(what: &str, given: &str, allowed: impl Iterator<Item = &'static str>) -> String {
    let allowed: Vec<&str> = allowed.collect();
    let near = allowed
        .iter()
        .map(|name| (distance(given, name), name))
        .filter(|(distance, name)| *distance <= (name.len() / 3).min(2))
        .min();
    let list = format!("`{}`", allowed.join("`, `"));
    match near {
        Some((_, near)) => format!("{what}, did you mean `{near}`? Expected one of {list}"),
        None => format!("{what}: expected one of {list}"),
    }
}

/// Levenshtein's distance: how many letters to put in, take out or change. Names that are far from short count as far.
fn distance(a: &str, b: &str) -> usize {
    if a.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
