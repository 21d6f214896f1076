//! Writers that fail, stutter or take their time. What reached one is always a prefix of the right output; the error comes
//! through as it was; and after it nothing is written any more.

mod fixtures;

use std::error::Error as _;
use std::fmt;
use std::io::{self, ErrorKind as Io, Write};

use dechaff::{Category, Cleaner, Error, ErrorKind};
use fixtures::corpus;

/// Cuts of both kinds, one of them inside an element that stays, and some text that waits for what comes after it.
const PAGE: &str = "<!doctype html><h1>News</h1><p>Text</p><div class=\"sharedaddy\">Share this</div><ul><li>Rye\
    <li><a href=/n>Newsletter</a></ul><h3>Stay in the loop</h3><form><input type=email><button>Sign up</button></form>\
    <p>Stay informed! Subscribe here.</p><div class=newsletter-box><h1>x</h1></div><h3>Share this:</h3><p>More &amp; more</p>";

/// Nothing of it comes out before its end, and then all of it.
const HELD: &[u8] = b"<div class=newsletter-box>Issue 12";

fn clean_page() -> Vec<u8> {
    let (page, report) = Cleaner::new().clean(PAGE.as_bytes()).unwrap();
    assert!(report.cuts.len() >= 4 && !report.declines.is_empty(), "{report:?}");
    page
}

/// What only the caller's own writer can have said.
#[derive(Debug, PartialEq, Eq)]
struct OnFire(usize);

impl fmt::Display for OnFire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "on fire at {}", self.0)
    }
}

impl std::error::Error for OnFire {}

/// What a writer does with the next bytes.
enum Does {
    /// Takes so many of them, if there are as many.
    Takes(usize),
    Fails(io::Error),
}

/// A writer that does as it is told, call by call, given what it has so far.
struct Moody<F> {
    taken: Vec<u8>,
    calls: usize,
    mood: F,
}

impl<F: FnMut(usize, usize) -> Does> Moody<F> {
    /// `mood` is told how many bytes were taken and how many calls there were.
    fn new(mood: F) -> Self {
        Self { taken: Vec::new(), calls: 0, mood }
    }
}

impl<F: FnMut(usize, usize) -> Does> Write for Moody<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.calls += 1;
        match (self.mood)(self.taken.len(), self.calls) {
            Does::Fails(error) => Err(error),
            Does::Takes(most) => {
                let n = bytes.len().min(most);
                self.taken.extend_from_slice(&bytes[..n]);
                Ok(n)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Cleans `page` into `inner` in chunks of `size` bytes, up to the first error.
fn clean_into(cleaner: &Cleaner, page: &[u8], size: usize, inner: &mut impl Write) -> Result<(), io::Error> {
    let mut writer = cleaner.writer(inner);
    for (i, chunk) in page.chunks(size).enumerate() {
        if let Err(error) = writer.write_all(chunk) {
            // Not only the next call: all of them.
            for later in [chunk, b"", b"<p>x"].iter().cycle().take(7) {
                poisoned(writer.write(later).unwrap_err().downcast().expect("an error of the cleaner"));
            }
            poisoned(writer.finish().map(drop).unwrap_err());
            return Err(error);
        }
        if i % 3 == 0 {
            writer.flush()?;
        }
    }
    Ok(writer.finish().map(drop)?)
}

#[track_caller]
fn poisoned(error: Error) {
    assert!(matches!(error.kind(), ErrorKind::Poisoned), "{error}");
    assert!(!error.is_io() && error.source().is_none());
    assert_eq!(io::Error::from(error).kind(), Io::Other);
}

#[test]
fn a_failure_at_any_byte_leaves_what_came_before_it() {
    let (cleaner, want) = (Cleaner::new(), clean_page());
    for size in [1, 7, 64, PAGE.len()] {
        for fatal in 0..want.len() {
            let mut inner = Moody::new(|taken, _| match fatal - taken {
                0 => Does::Fails(io::Error::new(Io::StorageFull, OnFire(fatal))),
                left => Does::Takes(left),
            });
            let error = clean_into(&cleaner, PAGE.as_bytes(), size, &mut inner).unwrap_err();
            assert_eq!(inner.taken, want[..fatal], "in chunks of {size}");
            assert_eq!(error.kind(), Io::StorageFull);
            assert_eq!(error.downcast::<OnFire>().unwrap(), OnFire(fatal));
        }
    }
}

/// The last bytes are written, and may fail, when the page ends.
#[test]
fn a_failure_at_the_end_is_an_error_of_finish() {
    for (fails, kind) in [(Io::StorageFull, Io::StorageFull), (Io::WouldBlock, Io::WouldBlock)] {
        let mut inner = Moody::new(|_, _| Does::Fails(io::Error::new(fails, OnFire(1))));
        let mut writer = Cleaner::new().writer(&mut inner);
        // It may become anything yet.
        writer.write_all(HELD).unwrap();
        let error = writer.finish().map(drop).unwrap_err();
        assert!(error.is_io());
        assert_eq!(error.to_string(), "the output could not be written");
        assert_eq!(error.source().unwrap().to_string(), "on fire at 1");
        let ErrorKind::Io(inside) = error.kind() else { panic!("{error:?}") };
        assert_eq!(inside.kind(), kind);
        let error = io::Error::from(error);
        assert_eq!((error.kind(), error.downcast::<OnFire>().unwrap()), (kind, OnFire(1)));
    }
}

/// A cleaner behind another one can't read what comes out of that: to the first it is a writer that fails.
#[test]
fn an_error_of_a_cleaner_behind_is_one_of_the_output() {
    let narrow = Cleaner::builder().max_tag_bytes(100).build();
    let page = format!("<p>Rye</p><p title='{}'>", "x".repeat(200));
    let mut writer = Cleaner::new().writer(narrow.writer(Vec::new()));
    writer.write_all(page.as_bytes()).unwrap();
    let error = writer.finish().unwrap_err();
    assert!(error.is_io() && !error.is_page(), "{error:?}");
    let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
    let behind = source.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert!(matches!(behind.kind(), ErrorKind::Memory { offset: 10, limit: 100 }), "{behind:?}");

    // The first error that is seen is the cause, and nothing is written after it.
    let mut writer = Cleaner::new().writer(narrow.writer(Vec::new()));
    let error = writer.write_all(page.repeat(3).as_bytes()).unwrap_err();
    let behind = error.get_ref().unwrap().downcast_ref::<Error>().unwrap();
    assert!(matches!(behind.kind(), ErrorKind::Memory { offset: 10, limit: 100 }), "{behind:?}");
}

#[test]
fn an_error_of_the_system_keeps_its_number() {
    let mut inner = Moody::new(|_, _| Does::Fails(io::Error::from_raw_os_error(28)));
    let mut writer = Cleaner::new().writer(&mut inner);
    writer.write_all(HELD).unwrap();
    let ErrorKind::Io(error) = writer.finish().map(drop).unwrap_err().into_kind() else { panic!("another kind") };
    assert_eq!(error.raw_os_error(), Some(28));
}

#[test]
fn a_writer_that_takes_little_gets_all() {
    let (cleaner, want) = (Cleaner::new(), clean_page());
    for most in [1, 2, 3, 17] {
        for size in [1, 7, PAGE.len()] {
            let mut inner = Moody::new(|_, _| Does::Takes(most));
            clean_into(&cleaner, PAGE.as_bytes(), size, &mut inner).unwrap();
            assert_eq!(inner.taken, want, "{most} bytes at a time");
        }
    }
}

/// Numbers that look random and are the same each time.
fn random(seed: &mut u64) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    (*seed >> 33) as usize
}

#[test]
fn a_writer_that_is_interrupted_is_asked_again() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    let mut seed = 7;
    let mut interruptions = 0;
    for page in corpus() {
        let (want, _) = all.clean(&page.source).unwrap();
        let size = 1 + random(&mut seed) % 5_000;
        let mut inner = Moody::new(|_, _| {
            let dice = random(&mut seed);
            interruptions += usize::from(dice.is_multiple_of(3));
            if dice.is_multiple_of(3) { Does::Fails(Io::Interrupted.into()) } else { Does::Takes(1 + dice % 700) }
        });
        clean_into(&all, &page.source, size, &mut inner).unwrap_or_else(|e| panic!("{}: {e}", page.name));
        assert!(inner.taken == want, "{}: another output", page.name);
    }
    assert!(interruptions > 500, "only {interruptions} interruptions");
}

#[test]
fn a_writer_that_would_block_is_an_error_that_says_so() {
    let want = clean_page();
    let mut inner = Moody::new(|_, calls| if calls == 4 { Does::Fails(Io::WouldBlock.into()) } else { Does::Takes(9) });
    let error = clean_into(&Cleaner::new(), PAGE.as_bytes(), 5, &mut inner).unwrap_err();
    assert_eq!(error.kind(), Io::WouldBlock);
    assert!(!inner.taken.is_empty() && want.starts_with(&inner.taken));
    assert_eq!(inner.calls, 4, "it was written to after the error");
}

#[test]
fn a_writer_that_takes_nothing_is_full() {
    let want = clean_page();
    for full in [0, 1, 40] {
        let mut inner = Moody::new(|taken, _| Does::Takes(full - taken));
        let error = clean_into(&Cleaner::new(), PAGE.as_bytes(), 11, &mut inner).unwrap_err();
        assert_eq!((error.kind(), &inner.taken[..]), (Io::WriteZero, &want[..full]));
    }
}

/// Wherever it fails on a real page, in chunks of any size.
#[test]
fn what_came_out_is_a_prefix_on_every_corpus_page() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    let mut seed = 11;
    for page in corpus() {
        let (want, _) = all.clean(&page.source).unwrap();
        for _ in 0..6 {
            let (fatal, size) = (random(&mut seed) % want.len(), 1 + random(&mut seed) % 9_000);
            let mut inner = Moody::new(|taken, _| match fatal - taken {
                0 => Does::Fails(Io::BrokenPipe.into()),
                left => Does::Takes(left),
            });
            let error = clean_into(&all, &page.source, size, &mut inner).unwrap_err();
            assert_eq!(error.kind(), Io::BrokenPipe);
            assert!(inner.taken == want[..fatal], "{}: not the first {fatal} bytes", page.name);
        }
    }
}

/// One that could go on is not gone on with: the bytes that it did not take would be missing in the middle. The page is longer
/// than what is read at a time.
#[test]
fn nothing_is_written_after_an_error_even_if_it_could_be() {
    let page = format!("{}{PAGE}", "<p>Rye is up.</p>\n").repeat(3_000);
    let (want, _) = Cleaner::new().clean(page.as_bytes()).unwrap();
    assert!(want.len() > 300_000);
    for fatal in [0, 1, 70_000, 200_000, want.len() - 1] {
        let mut failed = false;
        let mut inner = Moody::new(|taken, _| {
            if failed || taken < fatal {
                return Does::Takes(if failed { usize::MAX } else { fatal - taken });
            }
            failed = true;
            Does::Fails(Io::TimedOut.into())
        });
        let error = clean_into(&Cleaner::new(), page.as_bytes(), page.len(), &mut inner).unwrap_err();
        assert_eq!(error.kind(), Io::TimedOut);
        assert!(inner.taken == want[..fatal], "{} bytes came after an error at {fatal}", inner.taken.len() - fatal);
    }
}

/// Fails whenever it is flushed, but takes all bytes.
struct Unflushable(Vec<u8>);

impl Write for Unflushable {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::Error::new(Io::TimedOut, OnFire(self.0.len())))
    }
}

#[test]
fn a_flush_that_fails_is_an_error_and_loses_nothing() {
    let want = clean_page();
    let mut inner = Unflushable(Vec::new());
    let mut writer = Cleaner::new().writer(&mut inner);
    for chunk in PAGE.as_bytes().chunks(50) {
        writer.write_all(chunk).unwrap();
        assert_eq!(writer.flush().unwrap_err().kind(), Io::TimedOut);
    }
    let error = io::Error::from(writer.finish().map(drop).unwrap_err());
    assert_eq!((error.kind(), error.downcast::<OnFire>().unwrap()), (Io::TimedOut, OnFire(want.len())));
    assert_eq!(inner.0, want);
}
