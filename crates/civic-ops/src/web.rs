//! What a value tells of a web request: its headers and its address.

use crate::rust::value::{Root, Step, Value};

/// A part of a request that people are known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Web {
    /// All headers, or one that identifies a caller; how the code calls it.
    Header(String),
    /// An address with its query.
    Url(String),
    /// A header that says nothing of a person.
    Harmless,
}

/// Headers whose value identifies a caller or lets one in.
const PERSONAL: &[&str] = &[
    "authorization",
    "cookie",
    "set-cookie",
    "proxy-authorization",
    "x-forwarded-for",
    "x-real-ip",
    "forwarded",
    "x-api-key",
    "x-auth-token",
    "x-csrf-token",
    "referer",
    "cf-connecting-ip",
    "true-client-ip",
];

/// What the value is of a request; `None` if it is something else. `follow` says whether to look at what it was bound from.
pub(crate) fn web(value: &Value, debug: bool, follow: bool) -> Option<Web> {
    let steps: Vec<&Step> = value
        .steps
        .iter()
        .filter(|step| !matches!(step, Step::Method(name, _) if is_passing(name)))
        .collect();
    let Some(last) = steps.last() else {
        return root(value, debug, follow);
    };
    let before = match steps.len().checked_sub(2).map(|at| steps[at]) {
        Some(Step::Field(name) | Step::Method(name, _)) => Some(name.as_str()),
        Some(Step::Index) => None,
        None => match &value.root {
            Root::Variable { name, .. } => Some(name.as_str()),
            _ => None,
        },
    };
    let path = || value.path();
    let requested = before.is_some_and(is_request);
    match last {
        Step::Method(name, None) | Step::Field(name) => match name.as_str() {
            "headers"
                if before.is_some_and(|before| {
                    matches!(before, "data" | "event" | "ctx" | "context")
                }) =>
            {
                Some(Web::Header(path()))
            }
            "headers" | "headers_mut" if requested => Some(Web::Header(path())),
            "uri" | "full_url" | "query_string" | "original_uri" | "path_and_query"
                if requested =>
            {
                Some(Web::Url(path()))
            }
            "url" if requested => Some(Web::Url(path())),
            "query_string" | "path_and_query" | "raw_query" => Some(Web::Url(path())),
            "query" if before.is_some_and(|before| before == "uri" || is_request(before)) => {
                Some(Web::Url(path()))
            }
            _ => None,
        },
        Step::Method(name, Some(key)) => {
            let of_headers = before.is_some_and(|before| before.contains("header"));
            let asks = matches!(name.as_str(), "get" | "get_all" | "header");
            (asks && (of_headers || name == "header")).then(|| header(key, path()))
        }
        Step::Index => None,
    }
}

fn root(value: &Value, debug: bool, follow: bool) -> Option<Web> {
    let Root::Variable { name, known } = &value.root else {
        return None;
    };
    let ty = known.ty.as_deref().map(|ty| ty.content().name.as_str());
    match ty {
        Some("HeaderMap" | "Headers") => return Some(Web::Header(name.clone())),
        Some("Request" | "HttpRequest" | "ServiceRequest" | "Parts") if debug => {
            return Some(Web::Header(name.clone()));
        }
        Some("OriginalUri" | "RawQuery") => return Some(Web::Url(name.clone())),
        _ => {}
    }
    // What it was bound from says more than its name.
    if let Some(from) = known.from.as_ref().filter(|_| follow) {
        match web(from, debug, follow) {
            Some(Web::Header(_)) => return Some(Web::Header(name.clone())),
            Some(Web::Url(_)) => return Some(Web::Url(name.clone())),
            Some(Web::Harmless) => return Some(Web::Harmless),
            None => {}
        }
    }
    match name.as_str() {
        "headers" | "header_map" | "request_headers" | "req_headers" if ty.is_none() && debug => {
            Some(Web::Header(name.clone()))
        }
        "original_uri" | "request_uri" | "request_url" | "query_string" | "raw_query"
        | "full_uri"
            if ty.is_none_or(|ty| matches!(ty, "String" | "str" | "Uri" | "Url")) =>
        {
            Some(Web::Url(name.clone()))
        }
        _ => None,
    }
}

/// What a header of this name is; a constant such as `CONTENT_TYPE` names one too.
fn header(key: &str, path: String) -> Web {
    let key = key.to_ascii_lowercase().replace('_', "-");
    let key = key.trim_start_matches("header-");
    if PERSONAL.contains(&key) {
        Web::Header(path)
    } else {
        Web::Harmless
    }
}

fn is_request(name: &str) -> bool {
    matches!(
        name,
        "req"
            | "request"
            | "r"
            | "parts"
            | "http_request"
            | "http_req"
            | "incoming"
            | "head"
            | "request_parts"
            | "self_request"
    )
}

fn is_passing(name: &str) -> bool {
    matches!(
        name,
        "clone"
            | "to_string"
            | "unwrap"
            | "unwrap_or"
            | "unwrap_or_default"
            | "as_str"
            | "cloned"
            | "as_ref"
            | "to_str"
            | "ok"
            | "expect"
            | "to_owned"
            | "as_bytes"
            | "map"
            | "and_then"
            | "next"
            | "trim"
    )
}
