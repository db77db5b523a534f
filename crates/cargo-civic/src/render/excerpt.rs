//! The part of a line that is shown around a value.

use super::mask::Mask;
use super::visible::{columns, first_columns, last_columns, visible};

/// Stands where the line was cut off.
const CUT: &str = "…";

/// What is shown of a line: the text before the value, the value or its marker, the text behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    pub(super) before: String,
    pub(super) marked: String,
    pub(super) after: String,
}

/// Cuts a window of so many columns out of `text`, around the bytes `start..end`.
///
/// `masks` are the bytes that are shown as markers only, sorted. If one of them begins at `start`,
/// the marker stands for the value. The work does not depend on the length of the text.
pub(super) fn excerpt(
    text: &[u8],
    (start, end): (usize, usize),
    masks: &[Mask<'_>],
    width: usize,
) -> Excerpt {
    // A character has at most four bytes.
    let reach = 4 * width;
    let first = not_inside(text, start.saturating_sub(reach), masks);
    let mut last = text.len().min(end.saturating_add(reach));
    if let Some(mask) = masks.get(covering(masks, last))
        && mask.start < last
    {
        last = mask.end.max(last);
    }

    let marked = shown(text, start, end, masks);
    let before = shown(text, first, start, masks);
    let after = shown(text, end, last, masks);

    let room = width.saturating_sub(columns(&marked));
    let (before_width, after_width) = (columns(&before), columns(&after));
    let (before_room, after_room) = if before_width + after_width <= room {
        (before_width, after_width)
    } else {
        let before_room = before_width.min((room / 2).max(room.saturating_sub(after_width)));
        (before_room, room - before_room)
    };
    Excerpt {
        before: cut_front(&before, before_room, first > 0),
        marked,
        after: cut_back(&after, after_room, last < text.len()),
    }
}

fn cut_front(text: &str, room: usize, more: bool) -> String {
    if !more && columns(text) <= room {
        return text.to_owned();
    }
    format!("{CUT}{}", last_columns(text, room.saturating_sub(1)))
}

fn cut_back(text: &str, room: usize, more: bool) -> String {
    if !more && columns(text) <= room {
        return text.to_owned();
    }
    format!("{}{CUT}", first_columns(text, room.saturating_sub(1)))
}

/// The bytes `from..to` with markers for what is masked.
fn shown(text: &[u8], from: usize, to: usize, masks: &[Mask<'_>]) -> String {
    let mut out = String::new();
    let mut done = from;
    for mask in &masks[covering(masks, from)..] {
        if mask.start >= to {
            break;
        }
        if mask.start > done {
            out.push_str(&visible(&text[done..mask.start]));
        }
        out.push('[');
        out.push_str(mask.label);
        out.push(']');
        done = mask.end;
    }
    if done < to {
        out.push_str(&visible(&text[done..to]));
    }
    out
}

/// The first mask that ends behind this place.
fn covering(masks: &[Mask<'_>], at: usize) -> usize {
    masks.partition_point(|mask| mask.end <= at)
}

/// A place at or near `at` that is inside neither a mask nor a character.
fn not_inside(text: &[u8], at: usize, masks: &[Mask<'_>]) -> usize {
    if let Some(mask) = masks.get(covering(masks, at))
        && mask.start < at
    {
        return mask.start;
    }
    let continues = |byte: &&u8| **byte & 0xc0 == 0x80;
    at + text[at..].iter().take(3).take_while(continues).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mask(start: usize, end: usize) -> Mask<'static> {
        Mask {
            start,
            end,
            label: "NINO",
        }
    }

    fn line(excerpt: &Excerpt) -> String {
        [&excerpt.before[..], &excerpt.marked, &excerpt.after].concat()
    }

    #[test]
    fn a_line_that_fits_is_shown_whole() {
        let text = b"user AB123456C and QQ123456C done";
        let masks = [mask(5, 14), mask(19, 28)];
        let excerpt = excerpt(text, (19, 28), &masks, 60);
        assert_eq!(excerpt.before, "user [NINO] and ");
        assert_eq!(excerpt.marked, "[NINO]");
        assert_eq!(excerpt.after, " done");
    }

    #[test]
    fn a_long_line_becomes_a_window_around_the_value() {
        let text = ["é".repeat(5000), "AB123456C".into(), "x".repeat(50_000)].concat();
        let masks = [mask(10_000, 10_009)];
        let excerpt = excerpt(text.as_bytes(), (10_000, 10_009), &masks, 40);
        assert_eq!(columns(&line(&excerpt)), 40);
        assert!(excerpt.before.starts_with("…é"), "{excerpt:?}");
        assert!(excerpt.after.ends_with("x…"), "{excerpt:?}");
    }

    #[test]
    fn a_value_near_an_end_gets_its_room_from_the_other_side() {
        let text = ["ab ".into(), "AB123456C".into(), "x".repeat(500)].concat();
        let excerpt = excerpt(text.as_bytes(), (3, 12), &[mask(3, 12)], 40);
        assert_eq!(excerpt.before, "ab ");
        assert_eq!(columns(&line(&excerpt)), 40);
    }

    #[test]
    fn a_neighbour_that_lies_across_the_edge_of_the_window_stays_hidden() {
        // Every second value is longer than the whole window.
        let secret = "s".repeat(100);
        let text = format!("{secret} AB123456C {secret}");
        let masks = [mask(0, 100), mask(101, 110), mask(111, 211)];
        for width in 1..80 {
            let shown = line(&excerpt(text.as_bytes(), (101, 110), &masks, width));
            assert!(!shown.contains("ss"), "{width}: {shown}");
            assert!(shown.contains("[NINO]"), "{width}: {shown}");
        }
    }

    #[test]
    fn without_masks_the_value_is_shown() {
        let excerpt = excerpt(b"a AB123456C b", (2, 11), &[], 40);
        assert_eq!(line(&excerpt), "a AB123456C b");
    }
}
