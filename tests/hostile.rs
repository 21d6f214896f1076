//! What holds of any page holds of the hostile ones: the output is the input minus the cuts, however it is cut into chunks; a
//! second run changes nothing; what is held back stays within its bound.

mod fixtures;
#[path = "fixtures/hostile.rs"]
mod hostile;

use std::io::Write;

use dechaff::{Category, Cleaner, Report};
use fixtures::{clean_in_chunks, without_cuts};

#[test]
fn invariants_hold_on_hostile_pages() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    let mut failures = Vec::new();
    for cleaner in [&Cleaner::new(), &all] {
        for hostile in hostile::pages() {
            let broken = broken(cleaner, &hostile.build(12_000), !WAITING.contains(&hostile.name));
            failures.extend(broken.map(|what| format!("{}: {what}", hostile.name)));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// More elements wait at once for what comes after them than are followed: the last few go, and the last few of the rest in a
/// second run. It is a bound like that on size.
const WAITING: [&str; 3] = ["headings that wait", "headings that wait in nested boxes", "links that wait in one line"];

/// The invariant that `page` breaks, if any; `settled`: a second run should change nothing.
fn broken(cleaner: &Cleaner, page: &[u8], settled: bool) -> Option<String> {
    let (clean, report) = match cleaner.clean(page) {
        Ok(done) => done,
        Err(error) => return Some(error.to_string()),
    };
    if without_cuts(page, &report) != clean {
        return Some("the output is not the input minus the cuts".to_owned());
    }
    if (report.bytes_in, report.bytes_out) != (page.len() as u64, clean.len() as u64) {
        return Some("the report miscounts".to_owned());
    }
    for size in [3, 4096] {
        let (chunked, chunked_report) = clean_in_chunks(cleaner, page, size);
        if chunked != clean {
            return Some(format!("another output in chunks of {size}"));
        }
        if chunked_report != report {
            let stops = (chunked_report.stop, report.stop);
            return Some(format!("another report in chunks of {size}; where they stopped: {stops:?}"));
        }
    }
    let (again, second) = cleaner.clean(&clean).ok()?;
    (settled && again != clean).then(|| format!("cleaned once more, it changes: {:?}", second.cuts.first()))
}

/// The bounds of this test: small enough that a page of half a megabyte goes far beyond them.
const ELEMENT: u64 = 8 << 10;
const BLOCK: u64 = 2 << 10;
const HELD: u64 = 32 << 10;
const CHUNK: usize = 4 << 10;

#[test]
fn what_is_held_back_is_bounded() {
    let bounded = Cleaner::builder().max_element_bytes(ELEMENT).max_block_bytes(BLOCK).max_held_bytes(HELD).build();
    let mut failures = Vec::new();
    for hostile in hostile::pages().iter() {
        let page = hostile.build(400_000);
        let mut writer = bounded.writer(Vec::new());
        let mut progress = Vec::new();
        for chunk in page.chunks(CHUNK) {
            let before = progress.last().map_or(0, |&(read, _)| read);
            writer.write_all(chunk).unwrap();
            progress.push((before + chunk.len(), writer.get_ref().len()));
        }
        let (_, report) = writer.finish().unwrap();
        let held = progress.iter().map(|&(read, written)| read - decided(&report, read, written)).max().unwrap_or(0);
        let most = HELD as usize + CHUNK + longest_tag(&page) + SLACK;
        if held > most {
            failures.push(format!("{}: held back {held} bytes, more than {most}", hostile.name));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// What a chunk can leave unread besides: the beginning of a name, of a reference, of a comment's end.
const SLACK: usize = 16;

/// The byte of input up to which all was decided when `read` bytes had come in and `written` had come out: those are the input
/// without the cuts.
fn decided(report: &Report, read: usize, written: usize) -> usize {
    let mut at = written;
    for cut in report.cuts.iter().map(|cut| cut.range.start as usize..cut.range.end as usize) {
        if cut.start > at || cut.end > read {
            break;
        }
        at += cut.len();
    }
    at
}

/// A single tag, however long, is read as a whole. So is one that never ends.
fn longest_tag(page: &[u8]) -> usize {
    let mut longest = 0;
    let mut quote = None;
    let mut start = None;
    for (i, pair) in page.windows(2).enumerate() {
        match (start, quote, pair[0]) {
            (None, _, b'<') if pair[1].is_ascii_alphabetic() || pair[1] == b'/' => start = Some(i),
            (Some(_), None, b'"' | b'\'') => quote = Some(pair[0]),
            (Some(_), Some(open), c) if c == open => quote = None,
            (Some(from), None, b'>') => {
                longest = longest.max(i + 1 - from);
                start = None;
            }
            _ => {}
        }
    }
    longest.max(start.map_or(0, |from| page.len() - from))
}
