//! Plain forms of characters: what a reader takes for a Latin letter, a digit, a space or a hyphen.

/// The character that begins here, if the bytes are UTF-8.
pub(super) fn character(bytes: &[u8]) -> Option<(char, usize)> {
    let len = match bytes.first()? {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => return None,
    };
    let character = core::str::from_utf8(bytes.get(..len)?)
        .ok()?
        .chars()
        .next()?;
    Some((character, len))
}

/// The plain form of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plain {
    Same,
    Ascii(u8),
    Invisible,
}

/// Latin letters, digits and signs for what looks like them; other letters stay.
pub(super) fn plain(character: char) -> Plain {
    let code = character as u32;
    match code {
        0x00AD
        | 0x034F
        | 0x061C
        | 0x115F
        | 0x1160
        | 0x17B4
        | 0x17B5
        | 0x180B..=0x180E
        | 0x200B..=0x200F
        | 0x202A..=0x202E
        | 0x2060..=0x206F
        | 0x3164
        | 0xFE00..=0xFE0F
        | 0xFEFF
        | 0xFFA0 => Plain::Invisible,
        0x00A0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            Plain::Ascii(b' ')
        }
        0x2010..=0x2015 | 0x2043 | 0x2212 | 0xFE58 | 0xFE63 => Plain::Ascii(b'-'),
        0x00B7 | 0x2024 | 0x3002 | 0xFF61 | 0x2027 | 0x30FB => Plain::Ascii(b'.'),
        0x2044 | 0x2215 => Plain::Ascii(b'/'),
        0xFF01..=0xFF5E => Plain::Ascii((code - 0xFF01) as u8 + b'!'),
        0xFE6B => Plain::Ascii(b'@'),
        0x1D7CE..=0x1D7FF => Plain::Ascii(b'0' + ((code - 0x1D7CE) % 10) as u8),
        0x1D400..=0x1D6A3 => {
            let letter = (code - 0x1D400) % 52;
            Plain::Ascii(if letter < 26 {
                b'A' + letter as u8
            } else {
                b'a' + (letter - 26) as u8
            })
        }
        _ => digit_or_look_alike(character),
    }
}

/// First digits of the scripts whose ten digits follow each other.
const ZEROS: [u32; 20] = [
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810, 0xA8D0, 0xAA50,
];

fn digit_or_look_alike(character: char) -> Plain {
    let code = character as u32;
    if let Some(zero) = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))
    {
        return Plain::Ascii(b'0' + (code - zero) as u8);
    }
    let latin = match character {
        'А' | 'Α' => b'A',
        'В' | 'Β' => b'B',
        'С' | 'Ϲ' => b'C',
        'Е' | 'Ε' => b'E',
        'Н' | 'Η' => b'H',
        'І' | 'Ι' | 'Ӏ' => b'I',
        'Ј' => b'J',
        'К' | 'Κ' => b'K',
        'М' | 'Μ' => b'M',
        'Ν' => b'N',
        'О' | 'Ο' => b'O',
        'Р' | 'Ρ' => b'P',
        'Ѕ' => b'S',
        'Т' | 'Τ' => b'T',
        'Х' | 'Χ' => b'X',
        'У' | 'Υ' | 'Ү' => b'Y',
        'Ζ' => b'Z',
        'Ԍ' => b'G',
        'Ԛ' => b'Q',
        'Ԝ' => b'W',
        'а' | 'ɑ' => b'a',
        'с' | 'ϲ' => b'c',
        'ԁ' => b'd',
        'е' => b'e',
        'һ' => b'h',
        'і' | 'ι' => b'i',
        'ј' => b'j',
        'о' | 'ο' => b'o',
        'р' | 'ρ' => b'p',
        'ѕ' => b's',
        'υ' => b'u',
        'ν' => b'v',
        'х' => b'x',
        'у' => b'y',
        _ => return Plain::Same,
    };
    Plain::Ascii(latin)
}
