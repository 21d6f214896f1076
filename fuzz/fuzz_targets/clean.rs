//! Any bytes as a page: only whole ranges go, chunks make no difference, a second run changes nothing, nothing panics.

#![no_main]

#[path = "../../tests/fixtures/mod.rs"]
mod fixtures;

use std::io::Write;
use std::sync::LazyLock;

use dechaff::{Category, Cleaner, CleanerBuilder, DeclineReason, Error, ErrorKind, PageCleaner, Report};
use fixtures::without_cuts;
use libfuzzer_sys::fuzz_target;

/// The default, all categories, and bounds that pages of a few hundred bytes meet: of an element, of a block, in all; the last
/// two with selectors that ask for what is around an element.
static CLEANERS: LazyLock<[Cleaner; 10]> = LazyLock::new(|| {
    let all = || Cleaner::builder().categories(Category::ALL);
    let bound = |builder: CleanerBuilder, element, block, total| {
        builder.max_element_bytes(element).max_block_bytes(block).max_held_bytes(total).build()
    };
    let bounded = |element, block, total| bound(all(), element, block, total);
    let selector = |text: &str| text.parse().expect("this is a selector");
    [
        Cleaner::new(),
        all().build(),
        bounded(0, 0, 0),
        bounded(60, 40, 30),
        bounded(100, 60, 150),
        bounded(300, 200, 300),
        bounded(1_000, 100, 500),
        bounded(1_000, 1_000, 2_000),
        bound(all().remove(selector(":first-child")), 40, 1_000, 2_000),
        bound(all().remove(selector("p b, li *")).keep(selector("div > a")), 100, 60, 150),
    ]
});

// The first four bytes are the sizes of the chunks, in turns; the fifth picks the cleaner, and whether the encoding is
// told or looked for, which may hold a page back. The rest is the page.
fuzz_target!(|input: &[u8]| {
    let Some((&[sizes @ .., place], page)) = input.split_first_chunk::<5>() else { return };
    let (place, told) = (usize::from(place % 16), place & 16 == 0);
    // The first two get most of the pages.
    let (place, bounded) = if place < 8 { (place % 2, false) } else { (place - 6, true) };
    let cleaner = CLEANERS[place].page();
    let cleaner = if told { cleaner.encoding("utf-8").expect("this label is known") } else { cleaner };

    let Some((clean, report)) = checked(&cleaner, page, sizes) else { return };
    // What was too large may be small enough for a second run.
    let let_go = |reason| matches!(reason, DeclineReason::TooLarge | DeclineReason::TooDeep);
    if bounded || report.declines.iter().any(|d| let_go(d.reason)) {
        return;
    }
    // What went may have stood before something that seems compressed.
    let (again, second) = match cleaner.clean(&clean) {
        Err(error) if is_refusal(&error) => return,
        again => again.expect("what came out can be read"),
    };
    if second.encoding.name != report.encoding.name {
        // What went had a say in the guess.
        return;
    }
    let (page, clean, cuts) = (page.escape_ascii(), clean.escape_ascii(), &report.cuts);
    assert!(
        again.len() as u64 == report.bytes_out,
        "I4: cleaned once more, it changes\n  page {page}\n  in {:?}, cuts {cuts:?}\n  clean {clean}\n  \
         in {:?}, cuts {:?}",
        report.encoding,
        second.encoding,
        second.cuts
    );
});

/// Cleans the page whole and in chunks. Nothing if it says that it is in an encoding that nobody reads, or is compressed.
fn checked(cleaner: &PageCleaner<'_>, page: &[u8], sizes: [u8; 4]) -> Option<(Vec<u8>, Report)> {
    let shown = page.escape_ascii();
    let whole = cleaner.clean(page);
    let chunked = in_chunks(cleaner, page, sizes);
    let ((clean, report), (chunked, chunked_report)) = match (whole, chunked) {
        (Ok(whole), Ok(chunked)) => (whole, chunked),
        (Err(one), Err(other)) if [&one, &other].iter().all(|e| is_refusal(e)) => return None,
        (one, other) => panic!("read in one way only, or not at all: {shown}\n  {one:?}\n  {other:?}"),
    };
    // The ranges must be in order, apart and in the page: this panics if they are not.
    assert!(clean == without_cuts(page, &report), "I1: not the input minus the cuts\n  page {shown}\n  {report:?}");
    assert_eq!((report.bytes_in, report.bytes_out), (page.len() as u64, clean.len() as u64), "I1: counts of {shown}");
    assert!(
        chunked == clean && chunked_report == report,
        "I3: chunks of {sizes:?} (each one more) make a difference\n  page {shown}\n  whole   {report:?}\n  \
         chunked {chunked_report:?}"
    );
    Some((clean, report))
}

fn is_refusal(error: &Error) -> bool {
    // Of a writer that is used on after the first error, only this is known.
    error.is_page() || matches!(error.kind(), ErrorKind::Poisoned)
}

fn in_chunks(cleaner: &PageCleaner<'_>, mut page: &[u8], sizes: [u8; 4]) -> Result<(Vec<u8>, Report), Error> {
    let mut writer = cleaner.writer(Vec::new());
    for size in sizes.iter().cycle() {
        let (chunk, rest) = page.split_at(page.len().min(usize::from(*size) + 1));
        // After an error there is another one at the end.
        if writer.write_all(chunk).is_err() || rest.is_empty() {
            break;
        }
        page = rest;
    }
    writer.finish()
}
