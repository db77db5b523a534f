//! Kinds of text around a value.

use civic_pii::Kind;

use super::form::{Place, Sample};
use super::pen::Evidence;

/// How hard a carrier is meant to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The value stands as it is written.
    Plain,
    /// In an encoding, in a disguise or with lost zeros.
    Hard,
    /// Its characters can no longer be read; reported, without a goal.
    Deep,
}

macro_rules! carriers {
    ($($variant:ident, $id:literal, $group:ident, $evidence:ident;)+) => {
        /// A kind of text around a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "the ids say what the variants are")]
        pub enum Carrier {
            $($variant,)+
        }

        impl Carrier {
            /// All carriers.
            pub const ALL: &'static [Carrier] = &[$(Carrier::$variant),+];

            /// Name in the truth file.
            pub const fn id(self) -> &'static str {
                match self {
                    $(Self::$variant => $id,)+
                }
            }

            /// How hard it is meant to be.
            pub const fn group(self) -> Group {
                match self {
                    $(Self::$variant => Group::$group,)+
                }
            }

            /// What it can tell about the value at best.
            pub const fn evidence(self) -> Evidence {
                match self {
                    $(Self::$variant => Evidence::$evidence,)+
                }
            }
        }
    };
}

carriers! {
    Sentence, "sentence", Plain, Word;
    BareSentence, "bare-sentence", Plain, None;
    Logfmt, "logfmt", Plain, Key;
    Json, "json", Plain, Key;
    JsonInString, "json-in-string", Plain, Key;
    DebugStruct, "debug-struct", Plain, Key;
    SqlLiteral, "sql-literal", Plain, Key;
    SqlBind, "sql-bind", Plain, None;
    Header, "header", Plain, Key;
    Panic, "panic", Plain, None;
    Xml, "xml", Plain, Key;
    Csv, "csv", Plain, None;
    JsonNumber, "json-number", Hard, Key;
    UrlQuery, "url-query", Hard, Key;
    PathSegment, "path-segment", Hard, Key;
    FormBody, "form-body", Hard, Key;
    NestedUrl, "nested-url", Hard, Key;
    JsonUnicode, "json-unicode", Hard, Key;
    Obfuscated, "obfuscated", Hard, Key;
    Ansi, "ansi", Hard, None;
    Base64, "base64", Deep, Key;
    ByteDebug, "byte-debug", Deep, None;
}

impl Carrier {
    /// The carrier with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|carrier| carrier.id() == id)
    }

    /// Whether the value can stand in this carrier and be told for what it is.
    pub fn suits(self, sample: &Sample) -> bool {
        let kind = sample.spec.kind;
        let keyed = self.evidence() == Evidence::Key;
        let told = if sample.spec.by_name_only() || sample.form.place == Place::Field {
            keyed
        } else {
            !sample.needs_evidence() || self.evidence().is_for()
        };
        told && match self {
            Self::JsonNumber => {
                sample.form.before.is_empty()
                    && sample.form.after.is_empty()
                    && (7..=18).contains(&sample.text.len())
                    && sample.text.bytes().all(|b| b.is_ascii_digit())
                    && !matches!(kind, Kind::Credential | Kind::BankAccount)
            }
            Self::UrlQuery | Self::FormBody | Self::NestedUrl => sample.form.place != Place::Text,
            Self::PathSegment | Self::Csv => {
                sample.form.place == Place::Any && !sample.spec.by_name_only()
            }
            Self::Obfuscated => kind != Kind::Credential && sample.form.place == Place::Any,
            Self::Base64 | Self::ByteDebug => {
                sample.text.is_ascii() && sample.form.place == Place::Any
            }
            _ => true,
        }
    }
}
