//! Classes of bytes as bits that the low and the high half of a byte have in common.
//!
//! A byte belongs to a class when the class's bit is set in the entry of its low nibble in one table and of its high nibble
//! in the other. Two pairs of tables hold all classes. Bytes above 0x7F have none: a shuffle gives zero for an index with the
//! highest bit set.

pub(super) const DIGIT: i8 = 1;
pub(super) const SEPARATOR: i8 = 1 << 1;
pub(super) const DASH: i8 = 1 << 2;
/// 0x41 to 0x4F and 0x61 to 0x6F.
pub(super) const LETTER_LOW: i8 = 1 << 3;
/// 0x50 to 0x5A and 0x70 to 0x7A.
pub(super) const LETTER_HIGH: i8 = 1 << 4;
pub(super) const COLON: i8 = 1 << 5;
pub(super) const EQUALS: i8 = 1 << 6;
pub(super) const AT: i8 = -128;

pub(super) const FIRST_LOW: [i8; 16] = {
    let middle = DIGIT | LETTER_LOW | LETTER_HIGH;
    [
        DIGIT | SEPARATOR | LETTER_HIGH | AT,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        middle,
        LETTER_LOW | LETTER_HIGH | COLON,
        SEPARATOR | LETTER_LOW,
        SEPARATOR | LETTER_LOW,
        SEPARATOR | DASH | LETTER_LOW | EQUALS,
        SEPARATOR | LETTER_LOW,
        SEPARATOR | LETTER_LOW,
    ]
};

pub(super) const FIRST_HIGH: [i8; 16] = [
    0,
    0,
    SEPARATOR | DASH,
    DIGIT | COLON | EQUALS,
    LETTER_LOW | AT,
    LETTER_HIGH,
    LETTER_LOW,
    LETTER_HIGH,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
];

pub(super) const TOKEN: i8 = 1;
pub(super) const PERCENT: i8 = 1 << 1;
pub(super) const BACKSLASH: i8 = 1 << 2;
pub(super) const BRACKET: i8 = 1 << 3;
pub(super) const ESCAPE: i8 = 1 << 4;
pub(super) const SLASH: i8 = 1 << 5;
pub(super) const LESS: i8 = 1 << 6;
pub(super) const DOT: i8 = -128;

pub(super) const SECOND_LOW: [i8; 16] = [
    0,
    0,
    TOKEN,
    0,
    0,
    PERCENT,
    0,
    0,
    0,
    0,
    TOKEN,
    BRACKET | ESCAPE,
    BACKSLASH | LESS,
    0,
    DOT,
    SLASH,
];

pub(super) const SECOND_HIGH: [i8; 16] = [
    0,
    ESCAPE,
    PERCENT | SLASH | DOT,
    LESS,
    TOKEN,
    BRACKET | BACKSLASH,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
];
