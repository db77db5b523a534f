//! gzip and zstd, whole, in several parts, and broken.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::support::{CLEAN, Folder, personal};

fn gzip(content: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(content.as_bytes())
        .expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

fn zstd(content: &str) -> Vec<u8> {
    compress_to_vec(content.as_bytes(), CompressionLevel::Fastest)
}

/// A zstd frame that decoders skip.
fn skippable() -> Vec<u8> {
    [&b"\x50\x2a\x4d\x18\x05\0\0\0"[..], b"notes"].concat()
}

#[test]
fn archives_are_told_by_their_first_bytes() {
    let content = format!("{CLEAN}{}", personal());
    for packed in [gzip(&content), zstd(&content)] {
        let folder = Folder::new().with("a.log", &packed);
        let run = folder.scan(&["--format=jsonl", "a.log"]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert_eq!(run.places(), [(2, 20, 29), (2, 33, 56)]);
        let run = folder.scan_with_input(&["--redact", "-"], &packed);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let cleaned = format!("{CLEAN}INFO submitted nino=[NINO] by [EMAIL] in 31 ms\n");
        assert_eq!(run.text(), cleaned);
    }
}

#[test]
fn archives_of_several_parts_are_read_to_the_end() {
    let parts = [CLEAN.repeat(3), personal()];
    let gzipped: Vec<u8> = parts.iter().flat_map(|part| gzip(part)).collect();
    let zstandard = [skippable(), zstd(&parts[0]), skippable(), zstd(&parts[1])].concat();
    for packed in [gzipped, zstandard] {
        let run = Folder::new()
            .with("a.log", packed)
            .scan(&["--format=jsonl", "a.log"]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert_eq!(run.places(), [(4, 20, 29), (4, 33, 56)]);
    }
}

#[test]
fn an_archive_that_ends_early_is_scanned_up_to_there() {
    // Not repetitive, so that the cut loses little text.
    let mut noise = String::new();
    for number in 0..200_000_u32 {
        let number = number.wrapping_mul(2_654_435_761);
        writeln!(noise, "{number:x} step done").expect("memory does not fail");
    }
    let content = format!("{}{noise}", personal());
    for (name, packed) in [("gzip", gzip(&content)), ("zstd", zstd(&content))] {
        let folder = Folder::new()
            .with("a.log", &packed[..packed.len() / 2])
            .with("b.log", personal());
        let run = folder.scan(&["--format=jsonl", "--kind=nino", "a.log", "b.log"]);
        assert_eq!(run.code, Some(3));
        let paths: Vec<_> = run.objects().iter().map(|o| o["path"].clone()).collect();
        assert_eq!(paths, ["a.log", "b.log"], "{name}");
        let message = format!("error: a.log: the {name} archive ends early, scanned up to there");
        assert!(run.stderr.contains(&message), "{}", run.stderr);

        let run = folder.scan(&["--redact", "a.log"]);
        assert_eq!(run.code, Some(3));
        assert!(
            run.stdout.len() > content.len() / 4,
            "{name}: {}",
            run.stdout.len()
        );
    }
}

#[test]
fn a_damaged_archive_is_said_to_be_damaged() {
    let content = personal().repeat(2000);
    for (name, packed) in [("gzip", gzip(&content)), ("zstd", zstd(&content))] {
        let mut packed = packed;
        packed.extend_from_slice(b"and some text that somebody appended");
        let run = Folder::new()
            .with("a.log", packed)
            .scan(&["--format=jsonl", "a.log"]);
        assert_eq!(run.code, Some(3));
        assert_eq!(run.places().len(), 4000);
        let message = format!("error: a.log: the {name} archive is damaged");
        assert!(run.stderr.contains(&message), "{}", run.stderr);
    }
}

#[test]
fn a_checksum_that_does_not_match_is_damage() {
    let content = personal();
    let mut gzipped = gzip(&content);
    // The checksum comes before the length, in the last eight bytes.
    let place = gzipped.len() - 8;
    gzipped[place] ^= 1;
    let mut zstandard = zstd(&content);
    *zstandard.last_mut().expect("a frame is not empty") ^= 1;
    for (name, packed) in [("gzip", gzipped), ("zstd", zstandard)] {
        let run = Folder::new()
            .with("a.log", packed)
            .scan(&["--format=jsonl", "a.log"]);
        assert_eq!(run.code, Some(3), "{name}");
        assert_eq!(run.places().len(), 2, "{name}");
        assert!(run.stderr.contains("archive is damaged"), "{}", run.stderr);
    }
}
