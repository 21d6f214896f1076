//! I1 bytes, I3 chunks, I4 idempotent, I6 total: over the corpus and over random markup. I2 is in `oracle.rs`.

mod fixtures;

use dechaff::{Category, Cleaner};
use fixtures::{CHUNKS, clean_in_chunks, corpus, markup, without_cuts};
use proptest::prelude::*;

/// Cleans `page` in chunks of each size, and the result once more, and checks what must hold of any page at all.
fn check(cleaner: &Cleaner, page: &[u8], sizes: &[usize]) {
    let (clean, report) = cleaner.clean(page).unwrap();
    assert_eq!(without_cuts(page, &report), clean, "I1: the output is not the input minus the cuts");
    assert_eq!(report.bytes_in, page.len() as u64);
    assert_eq!(report.bytes_out, clean.len() as u64);
    for &size in sizes {
        let (chunked, chunked_report) = clean_in_chunks(cleaner, page, size);
        assert_eq!(show(&chunked), show(&clean), "I3: output in chunks of {size}");
        assert_eq!(chunked_report, report, "I3: report in chunks of {size}");
    }
    let (again, second) = cleaner.clean(&clean).unwrap();
    assert_eq!(show(&again), show(&clean), "I4: cleaned once more, it changes: {:?}", second.cuts);
}

fn show(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn all() -> Cleaner {
    Cleaner::builder().categories(Category::ALL).build()
}

#[test]
fn invariants_hold_on_the_corpus() {
    for cleaner in [Cleaner::new(), all()] {
        for page in corpus() {
            check(&cleaner, &page.source, &CHUNKS);
        }
    }
}

#[test]
fn invariants_hold_on_truncated_pages() {
    let cleaner = all();
    for page in corpus() {
        for percent in [3, 20, 45, 70, 95] {
            check(&cleaner, &page.source[..page.source.len() * percent / 100], &[7]);
        }
    }
}

#[test]
fn small_bounds_let_go_and_lose_nothing() {
    for (element, total) in [(0, 0), (100, 100), (2_000, 1_000), (2_000, 10_000)] {
        let cleaner =
            Cleaner::builder().categories(Category::ALL).max_element_bytes(element).max_held_bytes(total).build();
        for page in corpus() {
            let (clean, report) = cleaner.clean(&page.source).unwrap();
            assert_eq!(without_cuts(&page.source, &report), clean);
            for cut in &report.cuts {
                assert!(cut.range.end - cut.range.start <= total, "{}: {cut:?}", page.name);
            }
            for size in [1, 64] {
                assert_eq!(clean_in_chunks(&cleaner, &page.source, size), (clean.clone(), report.clone()));
            }
        }
    }
}

#[test]
fn the_first_byte_leaves_long_before_the_last_one_comes() {
    use std::io::Write;
    let page = "<p>some words of text</p>\n".repeat(4_000);
    let mut writer = Cleaner::new().writer(Vec::new());
    writer.write_all(&page.as_bytes()[..1_000]).unwrap();
    assert!(writer.get_ref().len() > 900, "only {} of 1,000 bytes came out", writer.get_ref().len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn invariants_hold_on_soup(page in markup::soup(40)) {
        check(&all(), page.as_bytes(), &[1, 3, 7]);
    }

    #[test]
    fn invariants_hold_on_trees(page in markup::trees()) {
        check(&all(), page.as_bytes(), &[1, 64]);
    }

    #[test]
    fn invariants_hold_on_any_bytes(page in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&all(), &page, &[1, 7]);
    }
}
