//! Which fields of which types a value brings along: for the register, where a finding says only that there is one.

use std::collections::BTreeSet;

use super::{Judge, accessor, exposes, is_passing, is_wrapping, owner_name};
use crate::personal::Names;
use crate::rust::ty::Type;
use crate::rust::value::{Root, Step, Value};

/// A personal field that a value holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Touched {
    /// The type that the field stands in, where that is known.
    pub(crate) owner: Option<String>,
    pub(crate) name: String,
}

/// How much of a value is written out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// The value itself.
    Display,
    /// With the fields that its `Debug` shows.
    Debug,
    /// With all of its fields.
    Whole,
}

/// Values inside of values are followed this far.
const DEPTH: usize = 4;
/// So many values inside of one are looked at: nobody writes more by hand.
const MOST: usize = 5_000;

impl Judge<'_> {
    /// The personal fields that a value holds, as far as it is written out.
    pub(crate) fn touched(&self, value: &Value, how: How) -> Vec<Touched> {
        let mut found = Vec::new();
        let mut left = MOST;
        self.touch(value, how, 0, &mut left, &mut found);
        found.sort();
        found.dedup();
        found
    }

    fn touch(
        &self,
        value: &Value,
        how: How,
        depth: usize,
        left: &mut usize,
        found: &mut Vec<Touched>,
    ) {
        if depth > DEPTH || *left == 0 {
            return;
        }
        *left -= 1;
        let mut name = None;
        let mut ty = None;
        match &value.root {
            Root::Fixed | Root::Other => {}
            Root::Variable { name: root, known } => {
                ty = self.type_of(known);
                name = Some(root.as_str()).filter(|name| *name != "self" && !name.is_empty());
                if value.steps.iter().all(is_still) {
                    if name.is_some_and(Names::masks) {
                        return;
                    }
                    let before = found.len();
                    if let Some(from) = &known.from {
                        self.touch(from, how, depth + 1, left, found);
                    }
                    // What it was bound from says more than its name.
                    if found.len() > before {
                        return;
                    }
                }
            }
            Root::Call(path) => {
                let last = path.rsplit("::").next().unwrap_or(path).trim();
                if Names::masks(last) {
                    return;
                }
                if is_wrapping(path) {
                    self.touch_all(&value.parts, how, depth, left, found);
                }
                name = Some(last);
            }
            Root::Made(_) | Root::Text | Root::Several => {
                self.touch_all(&value.parts, how, depth, left, found);
            }
        }
        let mut owner = None;
        for step in &value.steps {
            match step {
                Step::Index => ty = ty.map(|ty| ty.content().clone()),
                Step::Field(field) if field.starts_with(|c: char| c.is_ascii_digit()) => ty = None,
                Step::Field(field) => {
                    owner = owner_name(ty.as_ref(), name);
                    ty = ty
                        .as_ref()
                        .and_then(|ty| self.field(ty.content(), field))
                        .cloned();
                    name = Some(field);
                }
                Step::Method(method, _) if carries(method) => {}
                Step::Method(method, _) if Names::masks(method) => return,
                Step::Method(method, key) => {
                    owner = owner_name(ty.as_ref(), name);
                    name = Some(match (method.as_str(), key) {
                        ("get", Some(key)) => key,
                        _ => accessor(method),
                    });
                    ty = None;
                }
            }
        }
        let named = name.filter(|name| self.names.kind(owner.as_deref(), name).is_some());
        match (named, &ty) {
            (Some(name), _) if ty.as_ref().is_none_or(|ty| !says_little(ty)) => {
                found.push(Touched {
                    owner,
                    name: name.to_owned(),
                });
            }
            (_, Some(ty)) if how != How::Display => self.fields_of(ty, how, found),
            _ => {}
        }
    }

    fn touch_all(
        &self,
        parts: &[Value],
        how: How,
        depth: usize,
        left: &mut usize,
        found: &mut Vec<Touched>,
    ) {
        for part in parts {
            self.touch(part, how, depth + 1, left, found);
        }
    }

    /// The personal fields of a type and of those inside of it, each type once however often it is held.
    fn fields_of(&self, ty: &Type, how: How, found: &mut Vec<Touched>) {
        let mut seen = BTreeSet::new();
        let mut level: Vec<&str> = vec![&ty.content().name];
        for _ in 0..=DEPTH {
            let mut next = Vec::new();
            for name in level {
                let facts = self
                    .types
                    .get(name)
                    .filter(|_| seen.insert(name.to_owned()));
                for fact in facts.into_iter().flatten() {
                    for field in &fact.fields {
                        let written = match how {
                            How::Whole => self.holds(&fact.name, &field.name, &field.ty).is_some(),
                            _ => !field.hidden && self.open_field(fact, field).is_some(),
                        };
                        if written {
                            found.push(Touched {
                                owner: Some(fact.name.clone()),
                                name: field.name.clone(),
                            });
                        } else if how == How::Whole || !field.hidden {
                            next.push(field.ty.content().name.as_str());
                        }
                    }
                }
            }
            level = next;
        }
    }

    /// The kind of personal data that a field of this type holds, hidden from `Debug` or not.
    pub(crate) fn holds(&self, owner: &str, name: &str, ty: &Type) -> Option<&'static str> {
        if says_little(ty) {
            return None;
        }
        let text = ["email", "person-name", "address", "postcode", "ip-address"];
        let kind = self.names.kind(Some(owner), name)?;
        let number = ty.content().name.starts_with(['u', 'i'])
            && ty.content().name[1..].bytes().all(|b| b.is_ascii_digit());
        (!(number && text.contains(&kind))).then_some(kind)
    }
}

/// Whether a step leaves the value what it is.
fn is_still(step: &Step) -> bool {
    match step {
        Step::Method(method, _) => carries(method),
        Step::Index => true,
        Step::Field(_) => false,
    }
}

/// Whether the result of a method brings along what the value before it says.
fn carries(method: &str) -> bool {
    exposes(method) || is_passing(method) || matches!(method, "parse" | "try_into" | "into_bytes")
}

/// Types whose values are counts, answers and times.
fn says_little(ty: &Type) -> bool {
    matches!(
        ty.content().name.as_str(),
        "bool"
            | "f32"
            | "f64"
            | "usize"
            | "isize"
            | "i8"
            | "i16"
            | "char"
            | "Duration"
            | "Instant"
            | "SystemTime"
            | "Uuid"
            | "()"
    )
}
