//! Reads one Rust file in one pass over its tokens.

mod attribute;
mod binding;
mod calls;
mod function;
mod instrument;
mod outside;
mod site;
mod types;

use core::ops::Range;

use super::journeys;
use super::lines::Lines;
use crate::facts::{Call, Function, Journey, Outside, Place, Site, TypeFact};
use crate::rust::token::{Kind, Tokens};
use crate::rust::ty::{Type, angle_end};
use crate::rust::value::{Known, Scope, Value};

use attribute::Attribute;
use binding::Binding;

/// The innermost so many blocks name an item.
const DEEPEST: usize = 64;
/// No more variables than this are looked through for a name.
const MOST_VARIABLES: usize = 1000;
/// Bytes of a place at most.
const LONGEST_SPAN: usize = 4096;

/// What one file holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) types: Vec<TypeFact>,
    pub(crate) functions: Vec<Function>,
    pub(crate) sites: Vec<Site>,
    pub(crate) calls: Vec<Call>,
    /// Types and the traits that are implemented for them.
    pub(crate) implementations: Vec<(String, String)>,
    pub(crate) messages: Vec<(String, Place, String)>,
    pub(crate) outside: Vec<Outside>,
    pub(crate) constants: Vec<(String, String)>,
    /// Values of `env = ".."` in attributes.
    pub(crate) variables: Vec<(String, Place, String)>,
    /// Types whose `Debug` is written by hand.
    pub(crate) manual_debug: Vec<String>,
    /// Modules in files of their own that only tests have.
    pub(crate) test_modules: Vec<String>,
    pub(crate) journeys: Vec<Journey>,
    /// Lines of a `journey!` that could not be read.
    pub(crate) odd_journeys: Vec<usize>,
    /// Where a bracket stands that has no partner.
    pub(crate) unbalanced: Option<usize>,
}

/// Reads a file; `file` is its index.
pub(crate) fn read(text: &str, file: usize, in_test: bool) -> Found {
    let tokens = Tokens::read(text);
    let mut walk = Walk {
        lines: Lines::new(text),
        file,
        tokens: &tokens,
        frames: vec![Frame {
            close: usize::MAX,
            test: in_test,
            ..Frame::default()
        }],
        bindings: Vec::new(),
        deferred: Vec::new(),
        pending: Vec::new(),
        loop_at: usize::MAX,
        may_block_until: 0,
        found: Found {
            unbalanced: tokens.unbalanced,
            ..Found::default()
        },
    };
    walk.all();
    walk.found
}

/// The pass under way.
struct Walk<'a> {
    tokens: &'a Tokens<'a>,
    lines: Lines<'a>,
    file: usize,
    frames: Vec<Frame>,
    /// Variables in scope; the innermost last.
    bindings: Vec<Binding>,
    /// Variables that are in scope from a token on.
    deferred: Vec<(usize, Binding)>,
    /// Attributes of the item that comes next.
    pending: Vec<Attribute>,
    /// Index of the `{` that opens the body of a loop.
    loop_at: usize,
    /// Index of the token up to which code may block.
    may_block_until: usize,
    found: Found,
}

/// What the tokens are inside of.
#[derive(Debug, Default)]
struct Frame {
    /// Index of the token that closes it.
    close: usize,
    name: Option<String>,
    /// The type that an `impl` is for.
    owner: Option<String>,
    /// The trait that an `impl` is of.
    implements: Option<String>,
    test: bool,
    is_loop: bool,
    /// Index of the function that the tokens are in.
    function: Option<usize>,
    /// Place of the frame, itself or one around it, that has an owner.
    owned: Option<usize>,
    /// How many variables were in scope before.
    bindings: usize,
}

impl Scope for Walk<'_> {
    fn known(&self, name: &str) -> Known {
        if name == "self" {
            let ty = self.owner().map(|owner| Type {
                name: owner.to_owned(),
                args: Vec::new(),
            });
            return Known {
                ty: ty.map(Into::into),
                from: None,
            };
        }
        self.bindings
            .iter()
            .rev()
            .take(MOST_VARIABLES)
            .find(|binding| binding.name == name)
            .map(|binding| binding.known.clone())
            .unwrap_or_default()
    }
}

impl Walk<'_> {
    fn all(&mut self) {
        let mut index = 0;
        while index < self.tokens.len() {
            while self.frames.len() > 1
                && self.frames.last().is_some_and(|frame| frame.close <= index)
            {
                if let Some(frame) = self.frames.pop() {
                    self.bindings.truncate(frame.bindings);
                }
            }
            while let Some((from, _)) = self.deferred.last()
                && *from <= index
            {
                if let Some((_, binding)) = self.deferred.pop() {
                    self.bindings.push(binding);
                }
            }
            index = self.token(index).max(index + 1);
        }
    }

    /// Reads what begins at this token, and gives the index to go on from.
    fn token(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        match tokens.kind(index) {
            Some(Kind::Punct(b'#')) => self.attribute(index),
            Some(Kind::Punct(b';')) => {
                self.pending.clear();
                index + 1
            }
            Some(Kind::Open(b'{')) => {
                let test = self.pending_test();
                self.pending.clear();
                self.push(
                    index,
                    Frame {
                        test,
                        ..Frame::default()
                    },
                );
                index + 1
            }
            Some(Kind::Ident) => self.word(index),
            Some(Kind::Punct(b'.')) => {
                self.method(index);
                self.note_method(index);
                self.outside_method(index);
                index + 1
            }
            _ => index + 1,
        }
    }

    fn word(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        let word = tokens.ident(index).unwrap_or_default();
        match word {
            "mod" => {
                if let Some(name) = tokens.ident(index + 1) {
                    return self.module(index, name);
                }
            }
            "fn" if tokens.ident(index + 1).is_some() => return self.function(index),
            "struct" | "enum" if tokens.ident(index + 1).is_some() => return self.types(index),
            "impl" | "trait" if self.begins_item(index) => return self.implementation(index),
            "let" => self.bind_let(index),
            "for" if !tokens.is_punct(index + 1, b'<') => {
                self.bind_for(index);
                self.enter_loop(index);
            }
            "while" | "loop" => self.enter_loop(index),
            "const" | "static" => self.constant(index),
            "macro_rules" if tokens.is_punct(index + 1, b'!') => {
                let name = tokens.ident(index + 2).unwrap_or_default().to_owned();
                let open = index + 3;
                if matches!(tokens.kind(open), Some(Kind::Open(_))) {
                    let test = self.pending_test();
                    self.pending.clear();
                    self.push(
                        open,
                        Frame {
                            name: Some(name),
                            test,
                            ..Frame::default()
                        },
                    );
                    return open + 1;
                }
            }
            _ => {
                if tokens.is_punct(index + 1, b'!')
                    && matches!(tokens.kind(index + 2), Some(Kind::Open(_)))
                {
                    self.macro_call(index, word);
                    self.query_macro(index, word);
                    if word == "journey" {
                        self.journey(index);
                    }
                } else if tokens.is_open(index + 1, b'(')
                    && (index == 0 || !tokens.is_punct(index - 1, b'.'))
                {
                    self.call(index, word);
                    self.note_call(index, index + 1);
                    self.outside_call(index, word);
                } else if tokens.is_path_sep(index + 1) && tokens.is_punct(index + 3, b'<') {
                    let open = angle_end(tokens, index + 3) + 1;
                    if tokens.is_open(open, b'(') {
                        self.note_call(index, open);
                    }
                }
            }
        }
        index + 1
    }

    fn module(&mut self, index: usize, name: &str) -> usize {
        let test = self.pending_test();
        self.pending.clear();
        let next = index + 2;
        if self.tokens.is_open(next, b'{') {
            self.push(
                next,
                Frame {
                    name: Some(name.to_owned()),
                    test,
                    ..Frame::default()
                },
            );
        } else if test || self.in_test() {
            self.found.test_modules.push(name.to_owned());
        }
        next + 1
    }

    /// Reads `journey! { .. }`, whose name stands at this token.
    fn journey(&mut self, index: usize) {
        let at = journeys::Where {
            place: &|range| self.place(range),
            item: self.item(),
            in_test: self.in_test(),
        };
        match journeys::read(self.tokens, index, index + 2, &at) {
            Some(journey) => self.found.journeys.push(journey),
            None if self.in_test() => {}
            None => {
                let line = self.place(&(index..index + 1)).line;
                self.found.odd_journeys.push(line);
            }
        }
    }

    /// Reads the head of an `impl` or of a trait up to its body.
    fn implementation(&mut self, index: usize) -> usize {
        let tokens = self.tokens;
        let mut at = index + 1;
        if tokens.is_punct(at, b'<') {
            at = angle_end(tokens, at) + 1;
        }
        let from = at;
        let mut separator = None;
        let mut end = None;
        while at < tokens.len() {
            match tokens.kind(at) {
                Some(Kind::Open(b'{')) => break,
                Some(Kind::Punct(b';') | Kind::Close(_)) => return index + 1,
                Some(Kind::Ident)
                    if tokens.is_ident(at, "for") && !tokens.is_punct(at + 1, b'<') =>
                {
                    separator = Some(at);
                }
                Some(Kind::Ident) if tokens.is_ident(at, "where") => {
                    end.get_or_insert(at);
                }
                _ => {}
            }
            at = tokens.behind(at);
        }
        let end = end.unwrap_or(at);
        let (owner, implements) = match separator {
            Some(separator) => (
                Type::read(tokens, separator + 1..end).name,
                Some(Type::read(tokens, from..separator).name),
            ),
            None => (Type::read(tokens, from..end).name, None),
        };
        if let Some(implements) = &implements {
            self.found
                .implementations
                .push((owner.clone(), implements.clone()));
        }
        if implements.as_deref() == Some("Debug") {
            self.found.manual_debug.push(owner.clone());
        }
        let test = self.pending_test();
        self.pending.clear();
        self.push(
            at,
            Frame {
                name: Some(owner.clone()),
                owner: Some(owner),
                implements,
                test,
                ..Frame::default()
            },
        );
        at + 1
    }

    /// Whether `impl` at this place begins an item and is not part of a type.
    fn begins_item(&self, index: usize) -> bool {
        index == 0
            || match self.tokens.kind(index - 1) {
                Some(Kind::Punct(b';') | Kind::Open(b'{') | Kind::Close(b'}' | b']' | b')')) => {
                    true
                }
                Some(Kind::Ident) => {
                    matches!(
                        self.tokens.ident(index - 1),
                        Some("unsafe" | "default" | "pub" | "auto")
                    )
                }
                _ => false,
            }
    }

    /// Enters what opens at this token.
    fn push(&mut self, open: usize, frame: Frame) {
        let close = self.tokens.mate(open);
        let outer = self.frames.last().and_then(|outer| outer.owned);
        let frame = Frame {
            owned: frame.owner.as_ref().map(|_| self.frames.len()).or(outer),
            close: close.max(open + 1),
            is_loop: frame.function.is_none()
                && (open == self.loop_at || self.frames.last().is_some_and(|outer| outer.is_loop)),
            function: frame
                .function
                .or_else(|| self.frames.last().and_then(|outer| outer.function)),
            test: frame.test || self.in_test(),
            bindings: self.bindings.len(),
            ..frame
        };
        self.frames.push(frame);
    }

    fn in_test(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.test)
    }

    fn pending_test(&self) -> bool {
        self.pending
            .iter()
            .any(|attribute| attribute.is_test(self.tokens))
    }

    /// The type that the code at hand is a method of.
    fn owner(&self) -> Option<&str> {
        self.owning().and_then(|frame| frame.owner.as_deref())
    }

    /// The trait that the code at hand implements.
    fn implements(&self) -> Option<&str> {
        self.owning().and_then(|frame| frame.implements.as_deref())
    }

    fn owning(&self) -> Option<&Frame> {
        self.frames.last()?.owned.and_then(|at| self.frames.get(at))
    }

    /// The names of what the code at hand is inside of: `accounts::Store::save`.
    fn item(&self) -> String {
        self.item_with(None)
    }

    fn item_with(&self, last: Option<&str>) -> String {
        let frames = &self.frames[self.frames.len().saturating_sub(DEEPEST)..];
        let names = frames.iter().filter_map(|frame| frame.name.as_deref());
        names.chain(last).collect::<Vec<_>>().join("::")
    }

    fn place(&self, tokens: &Range<usize>) -> Place {
        self.place_of(self.tokens.bytes(tokens))
    }

    fn place_of(&self, mut span: Range<usize>) -> Place {
        // What has no end goes on to the end of the file.
        if span.len() > LONGEST_SPAN {
            span.end = span.start + LONGEST_SPAN;
            while !self.tokens.text.is_char_boundary(span.end) {
                span.end -= 1;
            }
        }
        let (line, column) = self.lines.place(span.start);
        Place {
            file: self.file,
            span,
            line,
            column,
        }
    }

    fn value(&self, range: Range<usize>) -> Value {
        Value::read(self.tokens, range, self)
    }
}
