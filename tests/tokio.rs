//! Readers and writers that do not block: what waits, fails or stops in between.

mod fixtures;

use std::io::{self, ErrorKind as Io};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use dechaff::{AsyncCleanReader, AsyncCleanWriter, Category, Cleaner, Error, ErrorKind};
use fixtures::{CHUNKS, corpus};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufWriter, ReadBuf};

const PAGE: &str = "<!doctype html><p>Text</p><div class=\"sharedaddy\">Share this</div><p>Stay informed! Subscribe here.</p>\
    <p>More</p><div class=newsletter-box><h1>x</h1></div>";

fn clean_page() -> Vec<u8> {
    Cleaner::new().clean_str(PAGE).unwrap().0.into_bytes()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn assert_send<T: Send>(value: T) -> T {
    value
}

/// What happens when it is asked.
#[derive(Clone, Copy)]
enum Does {
    /// So many bytes go through, if there are as many.
    Takes(usize),
    Waits,
    Fails(Io),
}

/// A reader or writer that does as it is told, call by call.
struct Moody<F> {
    bytes: Vec<u8>,
    calls: usize,
    shut: bool,
    mood: F,
}

impl<F: FnMut(usize) -> Does + Unpin> Moody<F> {
    fn new(bytes: &[u8], mood: F) -> Self {
        Self { bytes: bytes.to_vec(), calls: 0, shut: false, mood }
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        self.calls += 1;
        match (self.mood)(self.calls) {
            Does::Takes(most) => Poll::Ready(Ok(most)),
            Does::Fails(kind) => Poll::Ready(Err(kind.into())),
            Does::Waits => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
        }
    }
}

impl<F: FnMut(usize) -> Does + Unpin> AsyncRead for Moody<F> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, room: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.poll(cx).map_ok(|most| {
            let count = most.min(room.remaining()).min(self.bytes.len());
            room.put_slice(&self.bytes[..count]);
            self.bytes.drain(..count);
        })
    }
}

impl<F: FnMut(usize) -> Does + Unpin> AsyncWrite for Moody<F> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(cx).map_ok(|most| {
            let count = most.min(bytes.len());
            self.bytes.extend_from_slice(&bytes[..count]);
            count
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.shut = true;
        Poll::Ready(Ok(()))
    }
}

#[test]
fn they_give_what_one_call_gives() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    for page in corpus() {
        let want = all.clean(&page.source).unwrap();
        for size in CHUNKS {
            let slow = move |call| if call % 3 == 0 { Does::Waits } else { Does::Takes(size) };
            block_on(assert_send(async {
                let mut reader = all.async_reader(Moody::new(&page.source, slow));
                let mut out = Vec::new();
                reader.read_to_end(&mut out).await.unwrap();
                assert!(out == want.0, "{} read by {size}", page.name);
                assert_eq!(reader.report(), Some(&want.1));
                assert_eq!(reader.finish().unwrap().1, want.1);

                let mut writer = all.async_writer(Moody::new(b"", slow));
                for chunk in page.source.chunks(size.min(page.source.len())) {
                    writer.write_all(chunk).await.unwrap();
                }
                let (inner, report) = writer.finish().await.unwrap();
                assert!(inner.bytes == want.0 && report == want.1, "{} written by {size}", page.name);
                assert!(!inner.shut, "it is the caller's");
            }));
        }
    }
}

#[test]
fn a_page_can_be_copied_through_either() {
    block_on(async {
        let mut reader = Cleaner::new().async_reader(PAGE.as_bytes());
        let mut out = Vec::new();
        tokio::io::copy_buf(&mut reader, &mut out).await.unwrap();
        assert_eq!(out, clean_page());
        reader.finish().unwrap();

        let mut writer = Cleaner::new().async_writer(Moody::new(b"", |_| Does::Takes(7)));
        tokio::io::copy(&mut PAGE.as_bytes(), &mut writer).await.unwrap();
        assert!(writer.report().is_none());
        writer.shutdown().await.unwrap();
        writer.shutdown().await.unwrap();
        assert_eq!(writer.report().unwrap().bytes_out, clean_page().len() as u64);
        assert_eq!(writer.write(b"<p>").await.unwrap_err().kind(), Io::BrokenPipe);
        let inner = writer.into_inner();
        assert!(inner.shut && inner.bytes == clean_page());
    });
}

#[test]
fn lines_can_be_read() {
    block_on(async {
        let page = "<p>One</p>\n<div class=sharedaddy>Share\nthis</div><p>Two</p>\n";
        let mut lines = Cleaner::new().async_reader(page.as_bytes()).lines();
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("<p>One</p>"));
        assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("<p>Two</p>"));
        assert_eq!(lines.next_line().await.unwrap(), None);
    });
}

#[test]
fn an_error_of_the_source_comes_after_what_is_decided() {
    let want = clean_page();
    for fatal in 1..PAGE.len() {
        block_on(async {
            let inner = Moody::new(&PAGE.as_bytes()[..fatal], |call| match call {
                1 => Does::Takes(fatal),
                2 => Does::Fails(Io::ConnectionReset),
                _ => Does::Takes(1),
            });
            let mut reader = Cleaner::new().async_reader(inner);
            let mut out = Vec::new();
            assert_eq!(reader.read_to_end(&mut out).await.unwrap_err().kind(), Io::ConnectionReset);
            assert!(want.starts_with(&out), "at {fatal}");
            assert_eq!(reader.read_to_end(&mut out).await.unwrap(), 0);
            assert!(reader.finish().map(drop).unwrap_err().is_unfinished());
        });
    }
}

/// An error of the inner writer at any call, once: what it did not take is offered again, and nothing is lost or comes twice.
#[test]
fn a_writer_goes_on_after_an_error_without_loss() {
    for fatal in 1..20 {
        block_on(async {
            let fails = move |call| if call == fatal { Does::Fails(Io::TimedOut) } else { Does::Takes(9) };
            let mut writer = Cleaner::new().async_writer(Moody::new(b"", fails));
            let mut errors = 0;
            let mut left = PAGE.as_bytes();
            while !left.is_empty() {
                match writer.write(&left[..left.len().min(25)]).await {
                    Ok(count) => left = &left[count..],
                    Err(error) => {
                        assert_eq!(error.kind(), Io::TimedOut);
                        errors += 1;
                    }
                }
            }
            if writer.shutdown().await.is_err() {
                errors += 1;
                writer.shutdown().await.unwrap();
            }
            let calls = writer.get_ref().calls;
            assert_eq!(errors, usize::from(fatal <= calls), "at call {fatal}");
            assert_eq!(writer.into_inner().bytes, clean_page(), "at call {fatal}");
        });
    }
}

#[test]
fn what_is_decided_leaves_at_once() {
    block_on(async {
        let mut writer = Cleaner::new().async_writer(Vec::new());
        writer.write_all(b"<p>News</p><div class=sharedaddy>Share").await.unwrap();
        assert_eq!(writer.get_ref(), b"<p>News</p>");
        writer.flush().await.unwrap();
        assert_eq!(writer.get_ref(), b"<p>News</p>", "what is held is not decided");
    });
}

#[test]
fn what_is_compressed_is_an_error_after_all_of_it() {
    let file = [b"\x28\xb5\x2f\xfd".as_slice(), &[b'<', 0x9C, 0].repeat(50_000)].concat();
    let is_it = |error: &Error| matches!(error.kind(), ErrorKind::Compressed { format: "zstd" });
    block_on(async {
        let mut reader = Cleaner::new().async_reader(&file[..]);
        let mut out = Vec::new();
        assert!(is_it(&reader.read_to_end(&mut out).await.unwrap_err().downcast().unwrap()));
        reader.read_to_end(&mut out).await.unwrap();
        assert!(out == file);
        assert!(is_it(&reader.finish().map(drop).unwrap_err()));

        let mut writer = Cleaner::new().async_writer(Vec::new());
        let mut sent = 0;
        let error = loop {
            match writer.write(&file[sent..]).await {
                Ok(count) => sent += count,
                Err(error) => break error,
            }
        };
        assert!(is_it(&error.downcast().unwrap()));
        let again: Error = writer.write(b"x").await.unwrap_err().downcast().unwrap();
        assert!(matches!(again.kind(), ErrorKind::Poisoned));
        assert!(writer.into_inner() == file[..sent], "all that was taken has come out");

        let mut writer = Cleaner::new().async_writer(Vec::new());
        writer.write_all(&file[..9]).await.unwrap();
        assert!(is_it(&writer.finish().await.map(drop).unwrap_err()));
    });
}

/// What can't be read is not lost in a buffer behind, and what is behind is shut down.
#[test]
fn a_page_that_cannot_be_read_reaches_what_is_behind_the_inner_writer() {
    let file = b"\x1f\x8b\x08 packed";
    let is_it = |error: &Error| matches!(error.kind(), ErrorKind::Compressed { format: "gzip" });
    block_on(async {
        for told in [false, true] {
            let mut buffer = BufWriter::new(Vec::new());
            let mut writer = Cleaner::new().async_writer(&mut buffer);
            writer.write_all(file).await.unwrap();
            if told {
                assert!(is_it(&writer.flush().await.unwrap_err().downcast().unwrap()));
            }
            assert!(is_it(&writer.finish().await.map(drop).unwrap_err()));
            assert_eq!((&buffer.get_ref()[..], buffer.buffer().len()), (&file[..], 0));
        }
        let mut writer = Cleaner::new().async_writer(Moody::new(b"", |_| Does::Takes(3)));
        writer.write_all(file).await.unwrap();
        assert!(is_it(&writer.shutdown().await.unwrap_err().downcast().unwrap()));
        writer.shutdown().await.unwrap();
        assert!(writer.get_ref().shut);
        assert_eq!(writer.into_inner().bytes, file);
    });
}

/// A read of ten megabytes that are all there, and of which nothing comes out, lets others have their turn.
#[test]
fn reading_is_done_in_portions() {
    let held = format!("<div class=sharedaddy>{}", "<b>x</b>".repeat(1_250_000));
    let cleaner = Cleaner::builder().max_element_bytes(u64::MAX).max_held_bytes(u64::MAX).build();
    let mut reader = cleaner.async_reader(held.as_bytes());
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let mut polls = 0;
    let mut room = [0; 100];
    loop {
        polls += 1;
        let mut room = ReadBuf::new(&mut room);
        match Pin::new(&mut reader).poll_read(&mut cx, &mut room) {
            Poll::Ready(Ok(())) => break,
            Poll::Ready(Err(error)) => panic!("{error}"),
            Poll::Pending => {}
        }
    }
    assert!((held.len() / 65_536..held.len() / 60_000).contains(&polls), "{polls} polls");
}

/// So does a write of them, and one that brings out more than the inner writer takes at a time.
#[test]
fn writing_is_done_in_portions() {
    let held = format!("<div class=sharedaddy>{}", "<b>x</b>".repeat(1_250_000));
    let cleaner = Cleaner::builder().max_element_bytes(u64::MAX).max_held_bytes(u64::MAX).build();
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let mut writer = Cleaner::new().async_writer(Vec::new());
    let Poll::Ready(Ok(count)) = Pin::new(&mut writer).poll_write(&mut cx, held.as_bytes()) else { panic!() };
    assert_eq!(count, 65_536);
    let mut writer = cleaner.async_writer(Moody::new(b"", |_| Does::Takes(4096)));
    {
        let mut all = pin!(writer.write_all(held.as_bytes()));
        let polls = 1 + std::iter::from_fn(|| all.as_mut().poll(&mut cx).is_pending().then_some(())).count();
        assert!((held.len() / 65_536..held.len() / 60_000).contains(&polls), "{polls} polls");
    }
    // Nothing closes the element: all of it comes out in the end.
    let mut calls = vec![writer.get_ref().calls];
    let mut shutdown = Poll::Pending;
    while shutdown.is_pending() {
        shutdown = Pin::new(&mut writer).poll_shutdown(&mut cx);
        calls.push(writer.get_ref().calls);
    }
    assert!(matches!(shutdown, Poll::Ready(Ok(()))), "{shutdown:?}");
    assert!(calls.windows(2).all(|pair| pair[1] - pair[0] <= 64), "{calls:?}");
    assert!(writer.into_inner().bytes == cleaner.clean(held.as_bytes()).unwrap().0);
}

#[test]
fn they_can_be_sent_and_shown() {
    let reader: AsyncCleanReader<&[u8]> = assert_send(Cleaner::new().async_reader(&b"<p>"[..]));
    let writer: AsyncCleanWriter<Vec<u8>> = assert_send(Cleaner::new().async_writer(Vec::new()));
    assert_eq!(format!("{reader:?} {writer:?}"), "AsyncCleanReader { .. } AsyncCleanWriter { .. }");
}
