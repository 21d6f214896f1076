//! An observer is told each decision once, in the order of the page, with the ranges of the report, wherever chunks end; and never
//! anything that is not in the report in the end.

mod fixtures;

use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

use dechaff::{Category, Cleaner, Cut, Decision, Decline, PageCleaner, Report, Stop};
use fixtures::{CHUNKS, corpus, markup};
use proptest::prelude::*;

/// What an observer was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Heard {
    cuts: Vec<Cut>,
    declines: Vec<Decline>,
    stop: Vec<Stop>,
}

impl Heard {
    fn note(&mut self, decision: Decision<'_>) {
        match decision {
            Decision::Cut(cut) => self.cuts.push(cut.clone()),
            Decision::Decline(decline) => self.declines.push(decline.clone()),
            Decision::Stop(stop) => self.stop.push(stop.clone()),
            other => panic!("{other:?}"),
        }
    }

    fn of(report: &Report) -> Self {
        Self {
            cuts: report.cuts.clone(),
            declines: report.declines.clone(),
            stop: report.stop.clone().into_iter().collect(),
        }
    }
}

/// The page cleaner with an observer, and where that one writes down what it is told.
fn observed<'c>(page: PageCleaner<'c>) -> (PageCleaner<'c>, Arc<Mutex<Heard>>) {
    let heard = Arc::<Mutex<Heard>>::default();
    let notes = Arc::clone(&heard);
    (page.observer(move |decision| notes.lock().unwrap().note(decision)), heard)
}

fn check(cleaner: &Cleaner, page: &[u8], sizes: &[usize]) -> Result<(), String> {
    for &size in sizes {
        let (observed, heard) = observed(cleaner.page());
        let mut writer = observed.writer(Vec::new());
        for chunk in page.chunks(size.min(page.len().max(1))) {
            writer.write_all(chunk).map_err(|e| e.to_string())?;
        }
        let (_, report) = writer.finish().map_err(|e| e.to_string())?;
        let (heard, want) = (heard.lock().unwrap().clone(), Heard::of(&report));
        if heard != want {
            return Err(format!("in chunks of {size}\n  told   {heard:?}\n  report {want:?}"));
        }
    }
    Ok(())
}

static ALL: LazyLock<Cleaner> = LazyLock::new(|| Cleaner::builder().categories(Category::ALL).build());

#[test]
fn what_is_told_on_the_corpus_is_what_is_reported() {
    let mut bounded = Vec::new();
    for (element, block, total) in [(100, 60, 150), (2_000, 500, 1_000)] {
        let all = Cleaner::builder().categories(Category::ALL);
        bounded.push(all.max_element_bytes(element).max_block_bytes(block).max_held_bytes(total).build());
    }
    bounded.push(Cleaner::builder().max_report_entries(2).build());
    for page in corpus() {
        for cleaner in bounded.iter().chain([&*ALL, &Cleaner::new()]) {
            check(cleaner, &page.source, &CHUNKS).unwrap_or_else(|e| panic!("{}: {e}", page.name));
        }
    }
}

#[test]
fn offsets_are_those_of_the_page_in_another_encoding() {
    for page in corpus() {
        let Ok(text) = String::from_utf8(page.source) else { continue };
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cleaner = ALL.page().encoding("utf-16le").unwrap();
        for size in [3, 4096, wide.len()] {
            let (observed, heard) = observed(cleaner.clone());
            let mut writer = observed.writer(Vec::new());
            wide.chunks(size).for_each(|chunk| writer.write_all(chunk).unwrap());
            let (_, report) = writer.finish().unwrap();
            assert_eq!(*heard.lock().unwrap(), Heard::of(&report), "{} in chunks of {size}", page.name);
        }
    }
}

/// As soon as it is final, and not before: an element around it may go as well.
#[test]
fn a_decision_is_told_as_soon_as_nothing_can_change_it() {
    let cleaner = Cleaner::new();
    let (page, heard) = observed(cleaner.page());
    let told = || heard.lock().unwrap().clone();
    let mut writer = page.writer(Vec::new());
    writer.write_all(b"<p>News</p><div class=sharedaddy>Share this</div><p>More").unwrap();
    assert_eq!(told().cuts.len(), 1, "it was cut, and what follows has come out");
    assert_eq!(told().cuts[0].range, 11..49);
    writer.write_all(b"</p><article class=sharedaddy>").unwrap();
    assert_eq!(told().declines.len(), 1);
    // This one is in an element that may go.
    writer.write_all(b"</article><div class=newsletter-signup><div class=sharedaddy>Share</div>").unwrap();
    assert_eq!((told().cuts.len(), told().declines.len()), (1, 1));
    writer.write_all(b"<h1>News</h1></div><p>").unwrap();
    assert_eq!((told().cuts.len(), told().declines.len()), (2, 2), "it did not: {:?}", told());
    drop(writer);
    assert_eq!((told().cuts.len(), told().declines.len()), (2, 2), "a page that is given up decides nothing more");
}

/// A cleaner's observer hears of all pages but those that have one of their own.
#[test]
fn a_page_may_have_an_observer_of_its_own() {
    let heard = Arc::<Mutex<Heard>>::default();
    let notes = Arc::clone(&heard);
    let cleaner = Cleaner::builder().observer(move |decision| notes.lock().unwrap().note(decision)).build();
    let page = b"<p>Text</p><div class=sharedaddy>Share this</div>";
    cleaner.clean(page).unwrap();
    cleaner.clone().page().clean(page).unwrap();
    assert_eq!(heard.lock().unwrap().cuts.len(), 2);
    let (own, own_heard) = observed(cleaner.page());
    own.clean(page).unwrap();
    assert_eq!((heard.lock().unwrap().cuts.len(), own_heard.lock().unwrap().cuts.len()), (2, 1));
}

/// There is no report then; what was cut before is told all the same.
#[test]
fn what_was_cut_before_an_error_is_told() {
    let cleaner = Cleaner::builder().max_tag_bytes(100).build();
    let page = format!("<p>Text</p><div class=sharedaddy>Share this</div><p title='{}", "x".repeat(200));
    let (observed, heard) = observed(cleaner.page());
    let error = observed.clean(page.as_bytes()).unwrap_err();
    assert!(error.is_page(), "{error}");
    let heard = heard.lock().unwrap().clone();
    assert_eq!((heard.cuts.len(), heard.stop.len()), (1, 1), "{heard:?}");
}

proptest! {
    #![proptest_config(fixtures::proptest_config(600))]

    #[test]
    fn what_is_told_of_soup_is_what_is_reported(page in markup::soup(40)) {
        check(&ALL, page.as_bytes(), &[1, 7, usize::MAX]).map_err(TestCaseError::fail)?;
    }

    #[test]
    fn what_is_told_of_trees_is_what_is_reported(page in markup::trees()) {
        check(&ALL, page.as_bytes(), &[1, 64]).map_err(TestCaseError::fail)?;
    }
}
