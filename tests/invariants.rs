//! I1 bytes, I3 chunks, I4 idempotent, I6 total: over the corpus and over random markup. I2 is in `oracle.rs`.

mod fixtures;

use std::sync::LazyLock;

use dechaff::{Category, Cleaner};
use fixtures::{CHUNKS, clean_in_chunks, corpus, markup, without_cuts};
use proptest::prelude::*;

/// Cleans `page` in chunks of each size, and the result once more, and checks what must hold of any page at all.
fn check(cleaner: &Cleaner, page: &[u8], sizes: &[usize]) -> Result<(), String> {
    let (clean, report) = cleaner.clean(page).map_err(|e| e.to_string())?;
    same("I1: the output is not the input minus the cuts", &clean, &without_cuts(page, &report))?;
    if (report.bytes_in, report.bytes_out) != (page.len() as u64, clean.len() as u64) {
        return Err(format!("the report miscounts: {report:?}"));
    }
    for &size in sizes {
        let (chunked, chunked_report) = clean_in_chunks(cleaner, page, size);
        same(&format!("I3: output in chunks of {size}"), &chunked, &clean)?;
        if chunked_report != report {
            return Err(format!("I3: report in chunks of {size}: {chunked_report:?}\n  whole: {report:?}"));
        }
    }
    let (again, second) = cleaner.clean(&clean).map_err(|e| e.to_string())?;
    same(&format!("I4: cleaned once more, it changes: {:?}", second.cuts), &again, &clean)
}

fn same(what: &str, got: &[u8], want: &[u8]) -> Result<(), String> {
    if got == want {
        return Ok(());
    }
    let show = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(2_000)]).into_owned();
    Err(format!("{what}\n  want {:?}\n  got  {:?}", show(want), show(got)))
}

/// Compiled once: there are many pages.
static ALL: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().categories(Category::ALL).build());

#[test]
fn invariants_hold_on_the_corpus() {
    for cleaner in [&Cleaner::new(), &ALL] {
        for page in corpus() {
            check(cleaner, &page.source, &CHUNKS).unwrap_or_else(|e| panic!("{}: {e}", page.name));
        }
    }
}

#[test]
fn invariants_hold_on_truncated_pages() {
    for page in corpus() {
        for percent in [3, 20, 45, 70, 95] {
            let part = &page.source[..page.source.len() * percent / 100];
            check(&ALL, part, &[7]).unwrap_or_else(|e| panic!("{percent} % of {}: {e}", page.name));
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
fn bounds_may_be_as_large_as_a_number() {
    let cleaner =
        Cleaner::builder().max_element_bytes(u64::MAX).max_block_bytes(u64::MAX).max_held_bytes(u64::MAX).build();
    let pages = corpus();
    assert!(pages.iter().any(|page| !cleaner.clean(&page.source).unwrap().1.cuts.is_empty()));
}

#[test]
fn the_first_byte_leaves_long_before_the_last_one_comes() {
    use std::io::Write;
    let page = "<p>some words of text</p>\n".repeat(4_000);
    let mut writer = Cleaner::new().writer(Vec::new());
    writer.write_all(&page.as_bytes()[..1_000]).unwrap();
    assert!(writer.get_ref().len() > 900, "only {} of 1,000 bytes came out", writer.get_ref().len());
}

/// Pages of which a second run once cut more: each is the smallest that a soak found.
#[test]
fn a_second_run_changes_nothing() {
    let pages = [
        // A script in what is cut ended the link that goes on after it.
        "<table><tr><td>open<a><span><button id=onetrust-consent-sdk><script></script><button>Accept</button></button>R&D\
         </span><h2>Leave a reply</h2></a>",
        // Under the first heading stands a button of which only what comes after the second heading says that it goes.
        "<a/><h3>Comments</h3><button>Accept</button><h2/><b id=onetrust-consent-sdk /></b><table/>",
        // What is cut in the `h1` has no say in what the page is about.
        "<h1>Terms<div><h2>We value your privacy</h2><p>We use cookies to analyse traffic on our site.</p></div></h1>\
         <div><h2>We value your privacy</h2><p>We use cookies to analyse traffic on our site.</p></div>",
        // The `div` leaves SVG, and closes the `p`.
        "<p>a<svg class=addtoany_content><div class=addtoany_header>Spread it</div>b",
        // The heading leaves SVG, which goes with the `p` around it.
        "News<li/>a<p id=onetrust-consent-sdk><svg><h2/><a href=/x>Follow us</a>",
        // The second button closes the first, and the quotation in it: it is not in one.
        "<div></div><button id=onetrust-consent-sdk><blockquote><button>Share this:</button></blockquote></button>",
    ];
    for page in pages {
        check(&ALL, page.as_bytes(), &[1, 3, 7]).unwrap_or_else(|e| panic!("{page}: {e}"));
    }
}

proptest! {
    #![proptest_config(fixtures::proptest_config(1_500))]

    #[test]
    fn invariants_hold_on_soup(page in markup::soup(40)) {
        check(&ALL, page.as_bytes(), &[1, 3, 7]).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariants_hold_on_trees(page in markup::trees()) {
        check(&ALL, page.as_bytes(), &[1, 64]).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn invariants_hold_on_any_bytes(page in proptest::collection::vec(any::<u8>(), 0..300)) {
        check(&ALL, &page, &[1, 7]).map_err(TestCaseError::fail)?;
    }
}
