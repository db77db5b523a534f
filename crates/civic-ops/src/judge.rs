//! Whether a value is personal data: by its name, its type, and what it was bound from.

mod touched;

use std::collections::HashMap;

use crate::facts::{Argument, Facts, Field, SiteKind, TypeFact};
use crate::personal::Names;
use crate::rust::ty::Type;
use crate::rust::value::{Known, Root, Step, Value};

pub(crate) use touched::{How, Touched};

/// What is said of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Personal(Why),
    /// Masked, counted, or fixed when the program was written.
    Safe,
    Unknown,
}

/// Why a value is personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Why {
    /// Id of the kind.
    pub(crate) kind: &'static str,
    /// How the code calls it: `user.email`.
    pub(crate) what: String,
    /// What it was bound from, or which field of which type is printed.
    pub(crate) because: Option<String>,
}

/// Judges values by the types of a whole service.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    pub(crate) names: &'a Names,
    types: HashMap<&'a str, Vec<&'a TypeFact>>,
    /// Types whose `Debug` or `Display` is written by hand, and whether it prints something personal.
    debug: HashMap<&'a str, bool>,
    /// Types whose derived `Debug` prints something personal: the field, and its kind.
    leaks: HashMap<&'a str, (String, &'static str)>,
    display: HashMap<&'a str, bool>,
}

/// Types inside types are followed this far.
const DEPTH: usize = 3;

impl<'a> Judge<'a> {
    pub(crate) fn new(facts: &'a Facts, names: &'a Names) -> Self {
        let mut types: HashMap<&str, Vec<&TypeFact>> = HashMap::new();
        for fact in &facts.types {
            types.entry(&fact.name).or_default().push(fact);
        }
        let mut judge = Self {
            names,
            types,
            debug: facts
                .manual_debug
                .iter()
                .map(|name| (name.as_str(), false))
                .collect(),
            display: HashMap::new(),
            leaks: HashMap::new(),
        };
        judge.find_leaks();
        let mut written = Vec::new();
        for site in &facts.sites {
            let Some(owner) = site.owner.as_deref() else {
                continue;
            };
            if matches!(
                site.kind,
                SiteKind::Display | SiteKind::Debug | SiteKind::ErrorText
            ) {
                let prints = site
                    .arguments
                    .iter()
                    .any(|argument| judge.argument(argument).is_some());
                written.push((site.kind, owner, prints));
            }
        }
        for (kind, owner, prints) in written {
            let list = if kind == SiteKind::Debug {
                &mut judge.debug
            } else {
                &mut judge.display
            };
            *list.entry(owner).or_default() |= prints;
        }
        judge
    }

    /// Why an argument of a site is personal data; `None` if it is not, or cannot be told.
    pub(crate) fn argument(&self, argument: &Argument) -> Option<Why> {
        match self.value(&argument.value, argument.debug) {
            Verdict::Personal(why) => Some(why),
            Verdict::Safe => None,
            Verdict::Unknown => {
                let key = argument.key.as_deref()?;
                let (owner, name) = key
                    .rsplit_once('.')
                    .map_or((None, key), |(owner, name)| (Some(owner), name));
                if last_name(&argument.value).is_some_and(Names::is_harmless) {
                    return None;
                }
                let kind = self.names.kind(owner, name)?;
                Some(Why {
                    kind,
                    what: key.to_owned(),
                    because: None,
                })
            }
        }
    }

    /// Judges a value that is written with `Debug` or `Display`.
    pub(crate) fn value(&self, value: &Value, debug: bool) -> Verdict {
        let (mut verdict, mut ty, mut name) = self.root(value, debug);
        for step in &value.steps {
            match step {
                Step::Index => ty = ty.map(|ty| ty.content().clone()),
                // The inside of a newtype is what its name says.
                Step::Field(field) if field.starts_with(|c: char| c.is_ascii_digit()) => {
                    ty = None;
                }
                Step::Field(field) => {
                    let inner = ty.as_ref().and_then(|ty| self.field(ty.content(), field));
                    let owner = owner_name(ty.as_ref(), name.as_deref());
                    verdict = self.named(owner.as_deref(), field, inner, debug);
                    ty = inner.cloned();
                    name = Some(field.clone());
                }
                // What was hidden is shown again.
                Step::Method(method, _) if exposes(method) => {
                    verdict = self.named(None, name.as_deref().unwrap_or_default(), None, debug);
                }
                Step::Method(method, key) => {
                    if is_passing(method) {
                        continue;
                    }
                    let owner = owner_name(ty.as_ref(), name.as_deref());
                    verdict = if Names::masks(method) {
                        Verdict::Safe
                    } else if let ("get", Some(key)) = (method.as_str(), key) {
                        self.named(None, key, None, debug)
                    } else {
                        self.named(owner.as_deref(), accessor(method), None, debug)
                    };
                    ty = None;
                    name = Some(method.clone());
                }
            }
        }
        if let Verdict::Personal(why) = &mut verdict {
            let path = value.path();
            if !path.is_empty() && why.because.is_none() {
                why.what = path;
            }
        }
        verdict
    }

    fn root(&self, value: &Value, debug: bool) -> (Verdict, Option<Type>, Option<String>) {
        match &value.root {
            Root::Fixed => (Verdict::Safe, None, None),
            Root::Variable { name, known } => {
                let ty = self.type_of(known);
                let verdict = if name == "self" || name.is_empty() {
                    self.printed(ty.as_ref(), debug)
                } else {
                    self.variable(name, known, ty.as_ref(), debug)
                };
                (verdict, ty, Some(name.clone()))
            }
            Root::Call(path) => {
                let last = path.rsplit("::").next().unwrap_or(path).trim();
                let verdict = if Names::masks(last) {
                    Verdict::Safe
                } else if is_wrapping(path) {
                    self.any(&value.parts, debug)
                } else {
                    Verdict::Unknown
                };
                (verdict, None, Some(last.to_owned()))
            }
            Root::Made(name) => {
                let ty = Type {
                    name: name.clone(),
                    args: Vec::new(),
                };
                (self.printed(Some(&ty), debug), Some(ty), None)
            }
            Root::Text | Root::Several => (self.any(&value.parts, debug), None, None),
            Root::Other => (Verdict::Unknown, None, None),
        }
    }

    fn variable(&self, name: &str, known: &Known, ty: Option<&Type>, debug: bool) -> Verdict {
        let from = known
            .from
            .as_ref()
            .map(|from| (from, self.value(from, debug)));
        match from {
            Some((from, Verdict::Personal(mut why))) => {
                if Names::masks(name) {
                    return Verdict::Safe;
                }
                let origin = from.path();
                let origin = origin.trim_start_matches('.');
                if !origin.is_empty() && origin != name {
                    why.because.get_or_insert(format!("bound from `{origin}`"));
                }
                name.clone_into(&mut why.what);
                Verdict::Personal(why)
            }
            // What was masked is safe under any name; a first value may still be replaced.
            Some((from, Verdict::Safe)) if !matches!(from.root, Root::Fixed) => Verdict::Safe,
            _ => self.named(None, name, ty, debug),
        }
    }

    /// Judges by a name, and by the type where that is known.
    fn named(&self, owner: Option<&str>, name: &str, ty: Option<&Type>, debug: bool) -> Verdict {
        let kind = self.names.kind(owner, name);
        let open = match (kind, ty) {
            (Some(kind), Some(ty)) => self.is_open(ty, kind),
            _ => None,
        };
        match (kind, open) {
            (Some(kind), Some(true) | None) if !is_opaque(ty) => Verdict::Personal(Why {
                kind,
                what: name.to_owned(),
                because: None,
            }),
            (_, Some(false)) => Verdict::Safe,
            _ => self.printed(ty, debug),
        }
    }

    /// Judges by what `Debug` or `Display` of a type prints.
    fn printed(&self, ty: Option<&Type>, debug: bool) -> Verdict {
        let Some(content) = ty.map(Type::content) else {
            return Verdict::Unknown;
        };
        if debug {
            if let Some((field, kind)) = self.debug_leak(content) {
                return Verdict::Personal(Why {
                    kind,
                    what: content.name.clone(),
                    because: Some(format!("`Debug` of `{}` prints `{field}`", content.name)),
                });
            }
        } else if self.display.get(content.name.as_str()) == Some(&true) {
            return Verdict::Personal(Why {
                kind: "personal-data",
                what: content.name.clone(),
                because: Some(format!("`Display` of `{}` prints it", content.name)),
            });
        }
        Verdict::Unknown
    }

    /// The field that `Debug` of a type prints, with its kind.
    fn debug_leak(&self, ty: &Type) -> Option<(&str, &'static str)> {
        if let Some(prints) = self.debug.get(ty.name.as_str()) {
            return prints.then_some(("its text", "personal-data"));
        }
        let (field, kind) = self.leaks.get(ty.name.as_str())?;
        Some((field, kind))
    }

    /// Finds the types that print something personal themselves, then those that hold one of these.
    fn find_leaks(&mut self) {
        let facts: Vec<&TypeFact> = self.types.values().flatten().copied().collect();
        let mut facts: Vec<&TypeFact> = facts
            .into_iter()
            .filter(|fact| !fact.in_test && derives_debug(fact))
            .filter(|fact| !self.debug.contains_key(fact.name.as_str()))
            .collect();
        facts.sort_by_key(|fact| (fact.place.file, fact.place.span.start));
        let shown = |fact: &&'a TypeFact| fact.fields.iter().filter(|field| !field.hidden);
        for fact in &facts {
            let direct = shown(fact)
                .find_map(|field| Some((field.name.clone(), self.open_field(fact, field)?)));
            if let Some(leak) = direct {
                self.leaks.entry(&fact.name).or_insert(leak);
            }
        }
        for _ in 0..DEPTH {
            let mut more = Vec::new();
            for fact in &facts {
                if self.leaks.contains_key(fact.name.as_str()) {
                    continue;
                }
                let inner = shown(fact).find_map(|field| {
                    let (name, kind) = self.leaks.get(field.ty.content().name.as_str())?;
                    Some((format!("{}.{name}", field.name), *kind))
                });
                more.extend(inner.map(|leak| (fact.name.as_str(), leak)));
            }
            if more.is_empty() {
                break;
            }
            for (name, leak) in more {
                self.leaks.entry(name).or_insert(leak);
            }
        }
    }

    /// The kind of a field that holds personal data in a type that can be read.
    pub(crate) fn open_field(&self, fact: &TypeFact, field: &Field) -> Option<&'static str> {
        let tuple = field.name.starts_with(|c: char| c.is_ascii_digit());
        // A newtype, or a variant with one value, is what its name says.
        let kind = if tuple && fact.fields.len() == 1 {
            self.names
                .kind(None, fact.variant.as_deref().unwrap_or(&fact.name))
        } else if tuple {
            None
        } else {
            self.names.kind(Some(&fact.name), &field.name)
        }?;
        // What a type of the service's own prints is said where that type stands.
        let content = field.ty.content();
        let own = self.debug_leak(content).is_some() && !self.is_newtype(content, kind, 0);
        (!own && self.is_open(&field.ty, kind) == Some(true)).then_some(kind)
    }

    /// Whether a type of the service holds one value that can be read.
    fn is_newtype(&self, ty: &Type, kind: &str, depth: usize) -> bool {
        depth < DEPTH
            && self.types.get(ty.name.as_str()).is_some_and(|facts| {
                facts.iter().any(|fact| {
                    fact.variant.is_none()
                        && fact.fields.len() == 1
                        && fact.fields[0].name == "0"
                        && self.open_at(&fact.fields[0].ty, kind, depth + 1) == Some(true)
                })
            })
    }

    /// Whether a value of this type can be read when it is printed; `None` if the type is not known.
    fn is_open(&self, ty: &Type, kind: &str) -> Option<bool> {
        self.open_at(ty, kind, 0)
    }

    fn open_at(&self, ty: &Type, kind: &str, depth: usize) -> Option<bool> {
        let content = ty.content();
        let name = content.name.as_str();
        if is_opaque(Some(ty)) {
            return Some(false);
        }
        let is_text = matches!(
            kind,
            "email" | "person-name" | "address" | "credential" | "ip-address" | "postcode"
        );
        Some(match name {
            "String" | "str" | "CompactString" | "SmolStr" | "ArcStr" | "Bytes" | "OsString"
            | "BString" => true,
            "IpAddr" | "Ipv4Addr" | "Ipv6Addr" | "SocketAddr" | "SocketAddrV4" | "SocketAddrV6"
            | "IpNetwork" | "IpNet" => kind == "ip-address",
            "NaiveDate" | "Date" | "DateTime" | "NaiveDateTime" | "OffsetDateTime" => {
                kind == "date-of-birth"
            }
            "u8" => ty.name != "u8",
            "u16" | "u32" | "u64" | "u128" | "i32" | "i64" | "i128" => !is_text,
            "bool" | "f32" | "f64" | "usize" | "isize" | "i8" | "i16" | "char" | "Duration"
            | "Instant" | "SystemTime" | "Uuid" | "()" => false,
            _ => {
                self.types.get(name)?;
                if let Some(prints) = self.debug.get(name) {
                    return Some(*prints);
                }
                self.is_newtype(content, kind, depth) || self.debug_leak(content).is_some()
            }
        })
    }

    /// The type of a field, where all types of that name agree.
    fn field(&self, ty: &Type, field: &str) -> Option<&'a Type> {
        let facts = self.types.get(ty.name.as_str())?;
        let mut types = facts
            .iter()
            .flat_map(|fact| &fact.fields)
            .filter(|candidate| candidate.name == field)
            .map(|field| &field.ty);
        let first = types.next()?;
        types.all(|other| other == first).then_some(first)
    }

    /// The type of a variable: as it is written, or of what it was bound from.
    fn type_of(&self, known: &Known) -> Option<Type> {
        if let Some(ty) = known
            .ty
            .as_deref()
            .filter(|ty| !ty.name.is_empty() && ty.name != "_")
        {
            return Some(ty.clone());
        }
        let from = known.from.as_deref()?;
        let Root::Variable { known, .. } = &from.root else {
            return None;
        };
        let mut ty = self.type_of(known)?;
        for step in &from.steps {
            ty = match step {
                Step::Field(field) => self.field(ty.content(), field)?.clone(),
                Step::Index => ty.content().clone(),
                Step::Method(method, _) if is_passing(method) => ty,
                Step::Method(..) => return None,
            };
        }
        Some(ty)
    }

    fn any(&self, parts: &[Value], debug: bool) -> Verdict {
        let mut verdict = Verdict::Safe;
        for part in parts {
            match self.value(part, debug) {
                Verdict::Personal(why) => return Verdict::Personal(why),
                Verdict::Unknown => verdict = Verdict::Unknown,
                Verdict::Safe => {}
            }
        }
        verdict
    }
}

/// Whether a type is there to hide what it holds.
fn is_opaque(ty: Option<&Type>) -> bool {
    const WORDS: &[&str] = &[
        "Secret",
        "Redact",
        "Sensitive",
        "Masked",
        "Hidden",
        "Protected",
        "Pii",
        "Hash",
        "Encrypted",
        "Zeroizing",
        "Opaque",
    ];
    let mut ty = ty;
    for _ in 0..DEPTH {
        let Some(now) = ty else {
            return false;
        };
        if WORDS.iter().any(|word| now.name.contains(word))
            && !matches!(now.name.as_str(), "HashMap" | "HashSet")
        {
            return true;
        }
        ty = now.args.first();
    }
    false
}

/// The last name of a path: the field or the variable that a value is called by.
pub(crate) fn last_name(value: &Value) -> Option<&str> {
    let step = value.steps.iter().rev().find_map(|step| match step {
        Step::Field(name) => Some(name.as_str()),
        Step::Method(name, _) if !is_passing(name) => Some(name.as_str()),
        _ => None,
    });
    step.or(match &value.root {
        Root::Variable { name, .. } => Some(name),
        Root::Call(path) => path.rsplit("::").next(),
        _ => None,
    })
}

pub(crate) fn derives_debug(fact: &TypeFact) -> bool {
    fact.derives.iter().any(|derive| derive == "Debug")
}

/// What stands before a field: the type where that is known, the name otherwise.
fn owner_name(ty: Option<&Type>, name: Option<&str>) -> Option<String> {
    match name {
        Some(name) if name != "self" && !name.is_empty() && Names::is_person(name) => {
            Some(name.to_owned())
        }
        _ => ty
            .map(|ty| ty.content().name.clone())
            .or_else(|| name.map(str::to_owned)),
    }
}

/// The field that an accessor gives: `email` of `get_email` and `email_ref`.
fn accessor(method: &str) -> &str {
    let method = method.strip_prefix("get_").unwrap_or(method);
    method.strip_suffix("_ref").unwrap_or(method)
}

/// Whether a method shows what a type hides: `expose` of `Pii`, `expose_secret`.
pub(crate) fn exposes(method: &str) -> bool {
    method == "expose" || method.starts_with("expose_")
}

/// Methods whose result says what the value before them says.
pub(crate) fn is_passing(method: &str) -> bool {
    matches!(
        method,
        "as_str"
            | "as_ref"
            | "as_deref"
            | "as_mut"
            | "as_bytes"
            | "as_slice"
            | "to_string"
            | "to_owned"
            | "to_vec"
            | "clone"
            | "cloned"
            | "copied"
            | "into"
            | "into_inner"
            | "inner"
            | "borrow"
            | "deref"
            | "unwrap"
            | "unwrap_or"
            | "unwrap_or_default"
            | "unwrap_or_else"
            | "expect"
            | "ok"
            | "ok_or"
            | "ok_or_else"
            | "trim"
            | "to_lowercase"
            | "to_uppercase"
            | "to_ascii_lowercase"
            | "display"
            | "iter"
            | "into_iter"
            | "join"
            | "first"
            | "last"
            | "next"
            | "take"
            | "get_ref"
            | "lock"
            | "read"
            | "as_value"
            | "await"
            | "to_str"
            | "to_string_lossy"
            | "collect"
            | "context"
            | "map_err"
            | "in_current_span"
    )
}

/// Functions whose result says what their arguments say.
fn is_wrapping(path: &str) -> bool {
    let mut segments = path.rsplit("::").map(str::trim);
    let last = segments.next().unwrap_or_default();
    let owner = segments.next().unwrap_or_default();
    matches!(owner, "field")
        || matches!(
            last,
            "Some"
                | "Ok"
                | "display"
                | "debug"
                | "Borrowed"
                | "Owned"
                | "Display"
                | "Debug"
                | "to_string"
                | "to_string_pretty"
                | "to_value"
        )
        || (matches!(owner, "String" | "Box" | "Arc" | "Cow" | "Rc")
            && matches!(last, "from" | "new"))
}
