//! Pages that are streams: errors keep their type, work is done in portions, and the outcome says how a page ended wherever it went.

mod fixtures;

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::Bytes;
use dechaff::{Category, CleanStream, Cleaner, ErrorKind, Outcome};
use fixtures::{CHUNKS, corpus};
use futures_util::{FutureExt, Stream, StreamExt, TryStreamExt, stream};

const PAGE: &str = "<!doctype html><p>Text</p><div class=\"sharedaddy\">Share this</div><p>Stay informed! Subscribe here.</p>\
    <p>More</p><div class=newsletter-box><h1>x</h1></div>";

/// What only the caller's own stream can have said. It becomes nothing else.
#[derive(Debug, PartialEq, Eq)]
struct OnFire(usize);

fn assert_send<T: Send>(_: &T) {}

/// Polls to the end: what came out up to the first error, and that.
fn drain<S: Stream<Item = Result<Bytes, E>>, E>(stream: S) -> (Vec<u8>, Option<E>) {
    let mut stream = pin!(stream);
    let mut out = Vec::new();
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match stream.as_mut().poll_next(&mut cx) {
            Poll::Ready(Some(Ok(piece))) => {
                assert!(!piece.is_empty(), "an empty piece");
                out.extend_from_slice(&piece);
            }
            Poll::Ready(Some(Err(error))) => return (out, Some(error)),
            Poll::Ready(None) => return (out, None),
            // It has had its portion: nothing else waits here.
            Poll::Pending => {}
        }
    }
}

/// The page in chunks of `size` bytes.
fn chunks(page: &[u8], size: usize) -> impl Stream<Item = Result<Bytes, OnFire>> + Send + use<> {
    let chunks: Vec<_> = page.chunks(size.min(page.len().max(1))).map(|c| Ok(Bytes::copy_from_slice(c))).collect();
    stream::iter(chunks)
}

#[test]
fn a_stream_gives_what_one_call_gives() {
    let all = Cleaner::builder().categories(Category::ALL).build();
    for page in corpus() {
        let want = all.clean(&page.source).unwrap();
        for size in CHUNKS {
            let stream = all.stream(chunks(&page.source, size));
            assert_send(&stream);
            let outcome = stream.outcome();
            assert!(outcome.get().is_none());
            let (out, error) = drain(stream);
            assert!(out == want.0 && error.is_none(), "{} in chunks of {size}", page.name);
            assert_eq!(outcome.get().unwrap().unwrap(), want.1, "{}", page.name);
        }
    }
}

#[test]
fn chunks_may_be_of_other_types() {
    let text = stream::iter(["<p>a", "</p>"]).map(Ok::<_, Infallible>);
    assert_eq!(drain(Cleaner::new().stream(text)).0, b"<p>a</p>");
    let vec = stream::iter([b"<p>".to_vec(), Vec::new(), b"a".to_vec()]).map(Ok::<_, Infallible>);
    assert_eq!(drain(Cleaner::new().stream(vec)).0, b"<p>a");
}

/// Wherever it fails: what comes before the error is a prefix of the right output, and nothing claims to be complete.
#[test]
fn an_error_midway_comes_after_what_is_decided() {
    let want = Cleaner::new().clean_str(PAGE).unwrap().0.into_bytes();
    for fatal in 0..PAGE.len() {
        let failing = chunks(&PAGE.as_bytes()[..fatal], 9).chain(stream::iter([Err(OnFire(fatal))]));
        let stream = Cleaner::new().stream(failing);
        let outcome = stream.outcome();
        let mut stream = Box::pin(stream);
        let (out, error) = drain(stream.as_mut());
        assert_eq!(error, Some(OnFire(fatal)));
        let mut writer = Cleaner::new().writer(Vec::new());
        std::io::Write::write_all(&mut writer, &PAGE.as_bytes()[..fatal]).unwrap();
        assert_eq!(&out, writer.get_ref(), "at {fatal}");
        assert!(want.starts_with(&out));
        assert!(outcome.get().is_none(), "it might go on");
        assert!(drain(stream.as_mut()) == (vec![], None), "it ends");
        assert!(outcome.get().unwrap().unwrap_err().is_unfinished());
    }
}

#[test]
fn a_stream_that_goes_on_after_an_error_is_complete_in_the_end() {
    let page = PAGE.as_bytes();
    let (one, other) = page.split_at(40);
    let items = [Ok(Bytes::copy_from_slice(one)), Err(OnFire(1)), Ok(Bytes::copy_from_slice(other))];
    let stream = Cleaner::new().stream(stream::iter(items));
    let outcome = stream.outcome();
    let items: Vec<_> = stream.collect::<Vec<_>>().now_or_never().unwrap();
    let good: Vec<_> = items.iter().flatten().flatten().copied().collect();
    assert_eq!(good, Cleaner::new().clean(page).unwrap().0);
    assert_eq!(items.iter().filter(|item| item.is_err()).count(), 1);
    assert!(outcome.get().unwrap().is_ok());
}

/// Nothing has to become an error of the caller's type: all bytes come through, those not read yet in the memory they came in.
#[test]
fn a_page_that_cannot_be_read_comes_through_as_it_is() {
    let gzip = [b"\x1f\x8b\x08\0".as_slice(), &[b'<', 0x9C, 0].repeat(100_000)].concat();
    let tag = format!("<p>Rye</p><p title='{}", "x".repeat(300_000)).into_bytes();
    let korean = [b"<meta charset=iso-2022-kr>".as_slice(), &b"<p>Rye is up.</p>".repeat(9_000)].concat();
    let cleaner = Cleaner::builder().max_tag_bytes(50_000).build();
    for (page, name) in [(gzip, "compressed"), (tag, "tag"), (korean, "ISO-2022-KR")] {
        for size in [1, 7_000, usize::MAX] {
            let stream = cleaner.stream(chunks(&page, size));
            let outcome = stream.outcome();
            let (out, error) = drain(stream);
            assert!(out == page && error.is_none(), "{name}: {} of {} bytes", out.len(), page.len());
            let error = outcome.get().unwrap().unwrap_err();
            assert!(error.is_page() && error.to_string().contains(name), "{error}");
        }
    }
}

#[test]
fn a_stream_that_is_dropped_is_unfinished() {
    let stream = Cleaner::new().stream(chunks(PAGE.as_bytes(), 5));
    let outcome = stream.outcome();
    drop(stream);
    assert!(outcome.get().unwrap().unwrap_err().is_unfinished());
    let all = Cleaner::new().stream(chunks(PAGE.as_bytes(), 5)).count().now_or_never().unwrap();
    for taken in 1..all {
        let stream = Cleaner::new().stream(chunks(PAGE.as_bytes(), 5));
        let outcome = stream.outcome();
        let pieces: Vec<_> = stream.take(taken).collect::<Vec<_>>().now_or_never().unwrap();
        assert_eq!(pieces.len(), taken);
        let error = outcome.get().unwrap().unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Unfinished), "{error}");
    }
}

/// Counts how often it was woken.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn whoever_awaits_the_outcome_is_woken_once_it_is_there() {
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut cx = Context::from_waker(&waker);
    let stream = Cleaner::new().stream(chunks(PAGE.as_bytes(), 50));
    let mut outcomes: Vec<Outcome> = vec![stream.outcome(), stream.outcome()];
    assert_send(&outcomes[0]);
    for _ in 0..3 {
        assert!(outcomes.iter_mut().all(|outcome| outcome.poll_unpin(&mut cx).is_pending()));
    }
    assert_eq!(count.0.load(Ordering::Relaxed), 0);
    drain(stream);
    assert_eq!(count.0.load(Ordering::Relaxed), 1, "one task waits, however often it asked");
    for outcome in &mut outcomes {
        assert!(outcome.poll_unpin(&mut cx).is_ready());
    }
}

/// A task that has lost interest, or handed the outcome on, is not kept alive by it.
#[test]
fn who_no_longer_awaits_the_outcome_is_forgotten() {
    let stream = Cleaner::new().stream(stream::pending::<Result<Bytes, OnFire>>());
    let mut outcome = stream.outcome();
    let tasks: Vec<_> = (0..4).map(|_| Arc::new(Count::default())).collect();
    let poll = |outcome: &mut Outcome, task: &Arc<Count>| {
        let waker = Waker::from(Arc::clone(task));
        assert!(outcome.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    };
    poll(&mut outcome, &tasks[0]);
    poll(&mut outcome, &tasks[1]);
    let mut other = outcome.clone();
    poll(&mut other, &tasks[2]);
    drop(other);
    poll(&mut stream.outcome(), &tasks[3]);
    assert_eq!(tasks.iter().map(Arc::strong_count).collect::<Vec<_>>(), [1, 2, 1, 1]);
    drop(stream);
    assert_eq!(tasks.iter().map(|task| task.0.load(Ordering::Relaxed)).collect::<Vec<_>>(), [0, 1, 0, 0]);
}

/// A task that keeps an outcome.
struct Keeps(#[expect(dead_code, reason = "it is dropped")] Outcome);

impl Wake for Keeps {
    fn wake(self: Arc<Self>) {}
}

#[test]
fn a_task_that_is_forgotten_may_take_other_outcomes_with_it() {
    let stream = Cleaner::new().stream(stream::pending::<Result<Bytes, OnFire>>());
    let mut outcome = stream.outcome();
    for _ in 0..2 {
        let mut other = stream.outcome();
        assert!(other.poll_unpin(&mut Context::from_waker(Waker::noop())).is_pending());
        // In the first turn nothing is forgotten, in the second the first task, and at the end the second one.
        let waker = Waker::from(Arc::new(Keeps(other)));
        assert!(outcome.poll_unpin(&mut Context::from_waker(&waker)).is_pending());
    }
    drop(outcome);
}

/// How many polls there are, how many of them were to be repeated at once, and the longest piece.
fn count_polls(stream: impl Stream<Item = Result<Bytes, OnFire>>) -> (usize, usize, usize) {
    let count = Arc::new(Count::default());
    let waker = Waker::from(Arc::clone(&count));
    let mut cx = Context::from_waker(&waker);
    let mut stream = pin!(stream);
    let (mut polls, mut longest) = (0, 0);
    loop {
        polls += 1;
        let woken = count.0.load(Ordering::Relaxed);
        match stream.as_mut().poll_next(&mut cx) {
            Poll::Ready(Some(Ok(piece))) => longest = longest.max(piece.len()),
            Poll::Ready(Some(Err(error))) => panic!("{error:?}"),
            Poll::Ready(None) => return (polls, count.0.load(Ordering::Relaxed), longest),
            Poll::Pending => assert_eq!(count.0.load(Ordering::Relaxed), woken + 1, "it sleeps for ever"),
        }
    }
}

/// Ten megabytes in one chunk, of text that comes out at once, and of an element that is held: at most 64 KiB a poll.
#[test]
fn work_is_done_in_portions() {
    const BYTES: usize = 10_000_000;
    const LEAST: usize = BYTES / 65_536;
    let text = "<p>some words of text</p>\n".repeat(BYTES / 26);
    let (polls, woken, longest) = count_polls(Cleaner::new().stream(chunks(text.as_bytes(), usize::MAX)));
    assert!((LEAST..LEAST + 10).contains(&polls) && woken == 0, "{polls} polls");
    assert!(longest <= 66_000, "{longest} bytes at a time");

    let held = format!("<div class=sharedaddy>{}", "<b>x</b>".repeat(BYTES / 8));
    let cleaner = Cleaner::builder().max_element_bytes(u64::MAX).max_held_bytes(u64::MAX).build();
    let (polls, woken, _) = count_polls(cleaner.stream(chunks(held.as_bytes(), usize::MAX)));
    assert!((LEAST..LEAST + 10).contains(&polls) && woken >= LEAST, "{polls} polls, {woken} of them for nothing");

    // Many small chunks that are all there count as well.
    let (polls, _, _) = count_polls(cleaner.stream(chunks(&held.as_bytes()[..1_000_000], 1)));
    assert!(polls > 10_000, "{polls} polls");
}

/// It can wait inside another future, and go from thread to thread.
#[test]
fn a_stream_can_be_boxed_and_sent() {
    let stream: Pin<Box<dyn Stream<Item = Result<Bytes, OnFire>> + Send>> =
        Box::pin(Cleaner::new().stream(chunks(PAGE.as_bytes(), 11)));
    let page = std::thread::spawn(|| stream.try_collect::<Vec<_>>().now_or_never().unwrap()).join().unwrap();
    assert_eq!(page.unwrap().concat(), Cleaner::new().clean_str(PAGE).unwrap().0.as_bytes());
    let wrapped: CleanStream<_> = Cleaner::new().stream(chunks(b"<p>", 1));
    assert!(format!("{wrapped:?}").starts_with("CleanStream"));
    assert_eq!(wrapped.into_inner().collect::<Vec<_>>().now_or_never().unwrap().len(), 3);
}
