//! What the types promise: threads, errors that pass through, and no use after an error.

mod fixtures;

use std::error::Error as _;
use std::io::{self, Write};
use std::sync::Barrier;
use std::thread;

use dechaff::{Category, CleanWriter, Cleaner, Error, ErrorKind};
use fixtures::{CHUNKS, clean_in_chunks, corpus};

const PAGE: &str = "<p>Text</p><div class=\"sharedaddy\">Share this</div><p>More</p>";

fn assert_send<T: Send>() {}
fn assert_sync<T: Sync>() {}

#[test]
fn a_cleaner_serves_many_threads() {
    assert_send::<Cleaner>();
    assert_sync::<Cleaner>();
    assert_send::<CleanWriter<Vec<u8>>>();
    assert_send::<Error>();
    assert_sync::<Error>();
    let cleaner = Cleaner::new();
    let (want, _) = cleaner.clean(PAGE.as_bytes()).unwrap();
    thread::scope(|scope| {
        for _ in 0..8 {
            let cleaner = cleaner.clone();
            let want = &want;
            scope.spawn(move || assert_eq!(&cleaner.clean(PAGE.as_bytes()).unwrap().0, want));
        }
    });
}

/// All threads at once, each in an order of its own and in chunks of its own size: nobody hears of anybody else's page.
#[test]
fn threads_that_share_a_cleaner_find_what_one_finds() {
    const THREADS: usize = 8;
    let cleaner = Cleaner::builder().categories(Category::ALL).build();
    let pages = corpus();
    let alone: Vec<_> = pages.iter().map(|page| cleaner.clean(&page.source).unwrap()).collect();
    assert!(alone.iter().any(|(_, report)| !report.cuts.is_empty()));
    let barrier = Barrier::new(THREADS);
    thread::scope(|scope| {
        for number in 0..THREADS {
            let (cleaner, pages, alone, barrier) = (&cleaner, &pages, &alone, &barrier);
            scope.spawn(move || {
                barrier.wait();
                // Steps of a prime that divides no number of pages we have go over all of them.
                let step = [1, 7, 11, 13, 17, 19, 23, 29][number];
                for at in (0..pages.len()).map(|i| (number * 5 + i * step) % pages.len()) {
                    let (page, want) = (&pages[at], &alone[at]);
                    let got = clean_in_chunks(cleaner, &page.source, CHUNKS[1 + number % (CHUNKS.len() - 1)]);
                    assert!(got == *want, "{} in thread {number}", page.name);
                }
            });
        }
    });
}

/// Takes `left` bytes, then fails.
#[derive(Debug)]
struct Full {
    left: usize,
    taken: Vec<u8>,
}

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.left == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let n = bytes.len().min(self.left);
        self.left -= n;
        self.taken.extend_from_slice(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_error_of_the_inner_writer_passes_through_and_the_writer_is_done() {
    let mut full = Full { left: 5, taken: Vec::new() };
    let mut writer = Cleaner::new().writer(&mut full);
    let error = writer.write_all(PAGE.as_bytes()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    let again = writer.write_all(b"x").unwrap_err().downcast::<Error>().unwrap();
    assert!(matches!(again.kind(), ErrorKind::Poisoned), "{again}");
    assert!(matches!(writer.finish().unwrap_err().into_kind(), ErrorKind::Poisoned));
    assert_eq!(full.taken, b"<p>Te", "each byte is written once");
}

#[test]
fn finish_gives_the_writer_back() {
    let mut writer = Cleaner::new().writer(Vec::new());
    for byte in PAGE.as_bytes() {
        writer.write_all(std::slice::from_ref(byte)).unwrap();
    }
    let (page, report) = writer.finish().unwrap();
    assert_eq!(page, b"<p>Text</p><p>More</p>");
    assert_eq!((report.count(Category::ShareWidget), report.bytes_cut()), (1, PAGE.len() as u64 - page.len() as u64));
}

#[test]
fn an_unknown_category_is_named_and_so_are_the_known_ones() {
    let error = "cookies".parse::<Category>().unwrap_err();
    let text = error.to_string();
    assert!(text.contains("'cookies'") && text.contains("cookie-notice") && text.contains("source-credit"), "{text}");
    assert!(error.source().is_none());
    for category in Category::ALL {
        assert_eq!(category.name().parse::<Category>().unwrap(), category);
    }
}

#[test]
fn nothing_is_a_page_too() {
    let (page, report) = Cleaner::new().clean(b"").unwrap();
    assert!(page.is_empty() && report.cuts.is_empty() && report.declines.is_empty() && report.stop.is_none());
}
