//! Markup in no order at all, against html5ever: the output parses to the input's tree minus the elements that went.

#![no_main]

#[path = "../../tests/fixtures/mod.rs"]
mod fixtures;

use std::sync::LazyLock;

use dechaff::{Category, Cleaner};
use fixtures::markup::{CHAFF, COMMON, EXTRAS, MARK, NAMES, STARTS, TEXTS};
use fixtures::oracle;
use libfuzzer_sys::fuzz_target;

/// What a start tag may have. The marks are picked by a vendor's rule and by rules that want more evidence.
const ATTRIBUTES: [&str; 8] = [
    "",
    MARK,
    " class=newsletter-signup",
    " class=cookie-banner",
    " class=share-buttons",
    " class=comment-list",
    " role=main",
    " hidden",
];

/// By tag alone, where the marked elements and no others are to go; then with text, some categories and all of them.
static CLEANERS: LazyLock<[Cleaner; 3]> = LazyLock::new(|| {
    let all = || Cleaner::builder().categories(Category::ALL);
    [all().text_evidence(false).build(), Cleaner::new(), all().build()]
});

// The first byte picks how the page begins, the second one the cleaner; then two bytes are a token.
fuzz_target!(|input: &[u8]| {
    let Some((&[start, cleaner], tokens)) = input.split_first_chunk::<2>() else { return };
    let tokens: String = tokens.chunks_exact(2).map(|t| token(t[0], t[1])).collect();
    let page = format!("{}{tokens}", pick(STARTS, start));
    let (clean, report) = pick(&*CLEANERS, cleaner).clean(page.as_bytes()).expect("any page can be read");
    if report.cuts.is_empty() {
        return;
    }
    for scripting in [true, false] {
        if let Err(difference) = oracle::check(page.as_bytes(), &clean, &report, scripting) {
            let cuts: Vec<_> = report.cuts.iter().map(|c| format!("{} {} {:?}", c.rule, c.tag, c.range)).collect();
            let clean = clean.escape_ascii();
            panic!("I2: scripting {scripting}: {difference}\n  page {page:?}\n  clean \"{clean}\"\n  cuts {cuts:?}");
        }
    }
});

/// The byte as a place in the list: what is next to each other there stays so when a fuzzer counts up or down.
fn pick<T>(list: &[T], place: u8) -> &T {
    &list[usize::from(place) % list.len()]
}

fn token(kind: u8, which: u8) -> String {
    let name = || {
        let place = usize::from(which) % (COMMON.len() + NAMES.len());
        COMMON.get(place).unwrap_or_else(|| &NAMES[place - COMMON.len()])
    };
    match kind % 8 {
        0..=2 => format!("<{}{}{}>", name(), pick(&ATTRIBUTES, kind / 8), if kind & 128 == 0 { "" } else { "/" }),
        3..=4 => format!("</{}>", name()),
        5 => (*pick(TEXTS, which)).into(),
        6 => (*pick(CHAFF, which)).into(),
        _ => (*pick(EXTRAS, which)).into(),
    }
}
