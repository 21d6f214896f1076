//! Pages that are read, by readers that give little, fail or stop; pages that are text; and what is no page but compressed.

mod fixtures;

use std::io::{self, BufRead, ErrorKind as Io, Read, Write};

use dechaff::{Category, CleanReader, Cleaner, Error, ErrorKind};
use fixtures::corpus;

const PAGE: &str = "<!doctype html><p>Text</p><div class=\"sharedaddy\">Share this</div><p>Stay informed! Subscribe here.</p>\
    <p>More</p><div class=newsletter-box><h1>x</h1></div>";

/// What a reader does when it is asked.
enum Does {
    /// Gives so many bytes, if there are as many.
    Gives(usize),
    Fails(Io),
    Ends,
}

/// A reader that does as it is told, call by call.
struct Moody<'a, F> {
    left: &'a [u8],
    calls: usize,
    mood: F,
}

impl<F: FnMut(usize) -> Does> Read for Moody<'_, F> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        match (self.mood)(self.calls) {
            Does::Gives(most) => {
                let most = most.min(room.len());
                self.left.read(&mut room[..most])
            }
            Does::Fails(kind) => Err(kind.into()),
            Does::Ends => Ok(0),
        }
    }
}

fn moody<F: FnMut(usize) -> Does>(page: &[u8], mood: F) -> CleanReader<Moody<'_, F>> {
    Cleaner::new().reader(Moody { left: page, calls: 0, mood })
}

fn clean_page() -> Vec<u8> {
    let (page, report) = Cleaner::new().clean_str(PAGE).unwrap();
    assert!(report.cuts.len() == 2 && report.declines.len() == 1, "{report:?}");
    page.into_bytes()
}

#[test]
fn a_reader_gives_what_one_call_gives() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    for page in corpus() {
        let (want, want_report) = all.clean(&page.source).unwrap();
        for most in [1, 7, 4096, usize::MAX] {
            let mut reader = all.reader(Moody { left: &page.source, calls: 0, mood: |_| Does::Gives(most) });
            let mut got = Vec::new();
            reader.read_to_end(&mut got).unwrap();
            assert!(got == want, "{}: another output", page.name);
            assert_eq!(reader.report(), Some(&want_report));
            assert_eq!(reader.finish().unwrap().1, want_report, "{}", page.name);
        }
    }
}

#[test]
fn a_reader_can_be_read_line_by_line_and_byte_by_byte() {
    let page = "<p>One</p>\n<div class=sharedaddy>Share\nthis</div><p>Two</p>\n";
    let lines: Vec<_> = Cleaner::new().reader(page.as_bytes()).lines().map(Result::unwrap).collect();
    assert_eq!(lines, ["<p>One</p>", "<p>Two</p>"]);
    let bytes: Vec<_> = Cleaner::new().reader(PAGE.as_bytes()).bytes().map(Result::unwrap).collect();
    assert_eq!(bytes, clean_page());
    let mut reader = Cleaner::new().reader(PAGE.as_bytes());
    assert_eq!(reader.read(&mut []).unwrap(), 0, "no room is no end");
    assert!(reader.report().is_none());
}

/// It asks for no more than it needs: what is decided is there before the next byte comes.
#[test]
fn a_reader_reads_on_demand() {
    let page = "<p>some words of text</p>\n".repeat(4_000);
    let mut reader = moody(page.as_bytes(), |_| Does::Gives(500));
    let mut room = [0; 400];
    reader.read_exact(&mut room).unwrap();
    assert_eq!(reader.get_ref().calls, 1);
    assert_eq!(room, page.as_bytes()[..400]);
}

#[test]
fn interruptions_lose_nothing() {
    for kind in [Io::Interrupted, Io::WouldBlock] {
        let mut reader = moody(PAGE.as_bytes(), |call| if call % 2 == 0 { Does::Fails(kind) } else { Does::Gives(5) });
        let (mut got, mut errors) = (Vec::new(), 0);
        loop {
            let mut room = [0; 64];
            match reader.read(&mut room) {
                Ok(0) => break,
                Ok(count) => got.extend_from_slice(&room[..count]),
                Err(error) => {
                    assert_eq!(error.kind(), kind);
                    errors += 1;
                }
            }
        }
        assert!(errors > 10);
        assert_eq!(got, clean_page());
        reader.finish().unwrap();
    }
}

/// Wherever it fails: what comes before the error is a prefix of the right output, and all of it that is decided.
#[test]
fn an_error_comes_after_what_is_decided_and_nothing_claims_to_be_complete() {
    let want = clean_page();
    for fatal in 0..PAGE.len() {
        let mut given = false;
        let mut reader = moody(&PAGE.as_bytes()[..fatal], |call| match call {
            1 if fatal > 0 => Does::Gives(fatal),
            _ if given => Does::Ends,
            _ => {
                given = true;
                Does::Fails(Io::ConnectionReset)
            }
        });
        let mut got = Vec::new();
        let error = reader.read_to_end(&mut got).unwrap_err();
        assert_eq!(error.kind(), Io::ConnectionReset);
        let mut writer = Cleaner::new().writer(Vec::new());
        writer.write_all(&PAGE.as_bytes()[..fatal]).unwrap();
        assert_eq!(&got, writer.get_ref(), "at {fatal}");
        assert!(want.starts_with(&got), "at {fatal}");
        assert_eq!(reader.read_to_end(&mut got).unwrap(), 0, "then it ends");
        assert!(reader.report().is_none());
        assert!(reader.finish().map(drop).unwrap_err().is_unfinished(), "at {fatal}");
    }
}

#[test]
fn a_page_that_was_not_read_to_its_end_is_unfinished() {
    for count in 0..clean_page().len() as u64 {
        let mut reader = Cleaner::new().reader(PAGE.as_bytes());
        io::copy(&mut reader.by_ref().take(count), &mut io::sink()).unwrap();
        assert!(reader.report().is_none());
        let error = reader.finish().map(drop).unwrap_err();
        assert!(error.is_unfinished() && !error.is_page(), "{error}");
    }
}

#[test]
fn what_is_read_from_and_written_to_can_go_to_another_thread() {
    fn assert_send<T: Send + 'static>(_: T) {}
    let cleaner = Cleaner::new();
    assert_send(cleaner.reader(io::empty()));
    assert_send(cleaner.writer(io::sink()));
}

/// Something small of each kind, as its tool writes it, and what follows in a longer file.
const COMPRESSED: [(&str, &[u8]); 6] = [
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3)\xb0\xf3H\xcd\xc9\xc9\xd7Q(\xcf/\xcaIQ\xb4\xd1/\xb0\x03\0"),
    ("zstd", b"\x28\xb5\x2f\xfd\x04\x58\xa1\0\0<p>Hello, world!</p>\xcb\x0f\x86\x1c"),
    ("xz", b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4F\x02\0!\x01\x16\0\0\0t/\xe5\xa3"),
    ("bzip2", b"BZh91AY&SY\x94\xcc\x91\x1c\0\0"),
    ("bzip2", b"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0"),
    ("zip", b"PK\x03\x04\x0a\0\0\0\0\0page.html<p>"),
];

#[test]
fn what_is_something_else_is_an_error_after_all_of_it() {
    for (name, start) in [
        ("PDF", &b"%PDF-1.7\n<p>"[..]),
        ("PNG", b"\x89PNG\r\n\x1a\n"),
        ("GIF", b"GIF89a\0"),
        ("JPEG", b"\xff\xd8\xff\xe0"),
    ] {
        let file = [start, &[b'<', 0x9C, 0].repeat(1_000)].concat();
        let mut writer = Cleaner::new().writer(Vec::new());
        let error = writer.write_all(&file).unwrap_err().downcast::<Error>().unwrap();
        assert!(matches!(error.kind(), ErrorKind::NoHtml { format } if *format == name) && error.is_page(), "{error}");
        assert!(writer.into_inner() == file, "{name}");
    }
}

#[test]
fn what_is_compressed_is_an_error_after_all_of_it() {
    let cleaner = Cleaner::new();
    for (name, start) in COMPRESSED {
        let file = [start, &[b'<', 0x9C, 0].repeat(50_000)].concat();
        let is_it = |error: &Error| matches!(error.kind(), ErrorKind::Compressed { format } if *format == name);
        assert!(is_it(&cleaner.clean(&file).unwrap_err()), "{name}");
        assert!(is_it(&cleaner.page().encoding("utf-8").unwrap().clean(&file).unwrap_err()), "{name}");
        for size in [1, 2, 5, 70_000, file.len()] {
            let mut writer = cleaner.writer(Vec::new());
            let mut sent = 0;
            let error = file.chunks(size).find_map(|chunk| {
                sent += chunk.len();
                writer.write_all(chunk).err()
            });
            let error = error.unwrap().downcast::<Error>().unwrap();
            assert!(is_it(&error) && error.is_page() && !error.is_io(), "{name}: {error}");
            assert!(error.to_string().contains(name));
            assert!(writer.into_inner() == file[..sent], "{name} in chunks of {size}");
        }
        // A reader says so once, and gives the rest to who asks for it.
        let mut reader = cleaner.reader(&file[..]);
        let mut got = Vec::new();
        let error = reader.read_to_end(&mut got).unwrap_err().downcast::<Error>().unwrap();
        assert!(is_it(&error) && !got.is_empty());
        reader.read_to_end(&mut got).unwrap();
        assert!(got == file, "{name}: {} of {} bytes", got.len(), file.len());
        assert!(is_it(&reader.finish().map(drop).unwrap_err()));
    }
}

/// Cut short, it may be anything: it comes out, and is no error.
#[test]
fn less_than_a_magic_number_is_a_page() {
    for (name, start) in COMPRESSED {
        for length in 0..3 {
            let (clean, _) = Cleaner::new().clean(&start[..length]).unwrap();
            assert_eq!(clean, start[..length], "{name}");
        }
    }
}

#[test]
fn text_is_utf_8_whatever_it_says() {
    let cleaner = Cleaner::builder().categories(Category::ALL).build();
    let page = "<meta charset=shift_jis><p>カフェ</p><p>Abonnez-vous à notre newsletter</p><p>Größe</p>";
    let (clean, report) = cleaner.page().content_type("text/html; charset=utf-16").clean_str(page).unwrap();
    assert_eq!(clean, "<meta charset=shift_jis><p>カフェ</p><p>Größe</p>");
    assert_eq!(report.encoding.name, "UTF-8");
    assert_eq!(&page[report.cuts[0].range.start as usize..report.cuts[0].range.end as usize].len(), &39);
    assert_eq!(dechaff::clean_str("\u{FEFF}<p>é").unwrap().0, "\u{FEFF}<p>é");
    for page in corpus() {
        let Ok(text) = String::from_utf8(page.source) else { continue };
        let (clean, _) = cleaner.clean_str(&text).unwrap();
        let told = cleaner.page().encoding("utf-8").unwrap();
        assert!(clean.as_bytes() == told.clean(text.as_bytes()).unwrap().0, "{}", page.name);
    }
}
