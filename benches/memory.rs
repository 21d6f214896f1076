//! How much memory dechaff needs, and how soon something comes out.
//!
//! `cargo bench --bench memory` streams pages of 1, 16 and 128 MiB in chunks of 16 KiB: the medium page, whose middle comes
//! again and again, so that no input is ever held as a whole. `DECHAFF_BENCH_DIR=FOLDER` takes your own pages instead, each by
//! itself. One MiB is 2^20 bytes. The figures also go to `target/bench/memory.json`.
//!
//! Memory is the most bytes on the heap at a time, without those that were there before: the input and the compiled rules, whose
//! size stands by itself. The report counts. Nothing that comes out is kept. How many bytes must have come in before something
//! comes out is found by sending them one by one; the time until then is that of a run in chunks, the median of several.

use std::cell::Cell;
use std::env;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use dechaff::Cleaner;
use dechaff_benches::cleaners::Mode;
use dechaff_benches::results::MemoryFigure;
use dechaff_benches::{Case, Result, exit, generate, results, sets};
use lol_html::element;
use lol_html::send::{HtmlRewriter, Settings};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Input comes in chunks of this many bytes.
const CHUNK: usize = 16 << 10;
const MIB: u64 = 1 << 20;
/// How often the time to the first byte is taken.
const TIMES: usize = 31;

fn main() -> ExitCode {
    exit("memory", run_all())
}

fn run_all() -> Result<()> {
    // Without it we run as a test (`cargo test --all-targets`): whether it works.
    let measure = env::args_os().any(|arg| arg == "--bench");
    let rules = heap(|| Ok(Cleaner::new()))?;
    println!(
        "the compiled rules: {:.0} KB, of which {:.0} KB stay\n",
        rules.peak as f64 / 1e3,
        rules.kept as f64 / 1e3
    );

    let inputs = if let Some(own) = sets::own()? {
        own.pages.into_iter().map(Input::page).collect()
    } else {
        let mebibytes: &[u64] = if measure { &[1, 16, 128] } else { &[1] };
        mebibytes.iter().map(|size| Input::stream(size * MIB)).collect::<Result<Vec<_>>>()?
    };
    println!(
        "{:<40} {:>12} {:>14} {:>16} {:>14}",
        "case", "input KB", "peak heap KB", "first out after", "in microsec."
    );
    let mut figures = Vec::new();
    for input in &inputs {
        for subject in [Subject::Rewriter, Subject::Cleaner(Mode::Default), Subject::Cleaner(Mode::All)] {
            let figure = subject.measure(input)?;
            println!(
                "{:<40} {:>12.0} {:>14.1} {:>10} bytes {:>14.1}",
                Case::label(&figure.case),
                figure.bytes as f64 / 1e3,
                figure.peak as f64 / 1e3,
                figure.first_after,
                figure.first_micros
            );
            figures.push(figure);
        }
    }
    if measure { results::save("memory", figures) } else { Ok(()) }
}

/// Something to read in chunks, of which no more is held than is needed to make it.
struct Input {
    head: Vec<u8>,
    /// Comes again and again, up to the size of the input. Nothing if it is a page that is there as a whole.
    body: Vec<u8>,
    end: Vec<u8>,
    size: u64,
}

impl Input {
    fn page(page: Vec<u8>) -> Self {
        Self { size: page.len() as u64, head: page, body: Vec::new(), end: Vec::new() }
    }

    /// About `size` bytes: it ends with a whole body.
    fn stream(size: u64) -> Result<Self> {
        let page = generate::page(150_000)?;
        let ends = (page.head.len() + page.end.len()) as u64;
        let bodies = size.saturating_sub(ends) / page.body.len() as u64;
        Ok(Self { size: ends + bodies * page.body.len() as u64, head: page.head, body: page.body, end: page.end })
    }

    /// Its parts, one after the other. Takes no memory.
    fn parts(&self) -> impl Iterator<Item = &[u8]> {
        let ends = self.head.len() + self.end.len();
        let bodies = (self.size as usize - ends).checked_div(self.body.len()).unwrap_or_default();
        let body = std::iter::repeat_n(&*self.body, bodies);
        std::iter::once(&*self.head).chain(body).chain(std::iter::once(&*self.end))
    }

    /// Hands all of it on in chunks of `chunk` bytes, or less where a part ends.
    fn send(&self, chunk: usize, mut write: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.parts().flat_map(|part| part.chunks(chunk)).try_for_each(&mut write)
    }
}

/// What is measured.
#[derive(Clone, Copy)]
enum Subject {
    /// `lol_html` with one handler that does nothing.
    Rewriter,
    Cleaner(Mode),
}

/// Why reading ends early: all that was to be found out is known.
const SEEN: &str = "the first byte is out";

impl Subject {
    fn measure(self, input: &Input) -> Result<MemoryFigure> {
        let name = match self {
            Self::Rewriter => Case::REFERENCE,
            Self::Cleaner(mode) => mode.name(),
        };
        let cleaner = match self {
            Self::Rewriter => None,
            Self::Cleaner(mode) => Some(mode.cleaner()),
        };
        let peak = heap(|| run(cleaner.as_ref(), input, CHUNK, |_| Ok(())))?.peak;
        let first_after = first(cleaner.as_ref(), input, 1)?.0;
        let mut times = (0..TIMES).map(|_| Ok(first(cleaner.as_ref(), input, CHUNK)?.1)).collect::<Result<Vec<_>>>()?;
        times.sort_unstable();
        let first_micros = times[TIMES / 2].as_secs_f64() * 1e6;
        Ok(MemoryFigure { case: name.to_owned(), bytes: input.size, peak, first_after, first_micros })
    }
}

/// Bytes read and time passed when the first byte came out; all of the input if none did.
fn first(cleaner: Option<&Cleaner>, input: &Input, chunk: usize) -> Result<(u64, Duration)> {
    let start = Instant::now();
    let seen = Cell::new(None);
    let result = run(cleaner, input, chunk, |read| {
        seen.set(Some((read, start.elapsed())));
        Err(SEEN.into())
    });
    match seen.get() {
        Some(seen) => Ok(seen),
        None => result.map(|()| (input.size, start.elapsed())),
    }
}

/// Sends the input through; tells `out` of each output, with the bytes that were read by then. Without a cleaner it is
/// `lol_html`'s turn. Ends when `out` fails.
fn run(cleaner: Option<&Cleaner>, input: &Input, chunk: usize, out: impl Fn(u64) -> Result<()>) -> Result<()> {
    let read = Cell::new(0);
    let tell = |bytes: &[u8]| if bytes.is_empty() { Ok(()) } else { out(read.get()) };
    match cleaner {
        Some(cleaner) => {
            let mut writer =
                cleaner.writer(Sink(|bytes: &[u8]| tell(bytes).map_err(|e| io::Error::other(e.to_string()))));
            input.send(chunk, |bytes| {
                read.set(read.get() + bytes.len() as u64);
                Ok(writer.write_all(bytes)?)
            })?;
            let (_, report) = writer.finish()?;
            black_box(report);
        }
        None => {
            let failed = Cell::new(false);
            let settings = Settings::new_send().append_element_content_handler(element!("*", |_| Ok(())));
            let mut rewriter = HtmlRewriter::new(settings.with_strict(false), |bytes: &[u8]| {
                failed.set(failed.get() || tell(bytes).is_err());
            });
            input.send(chunk, |bytes| {
                read.set(read.get() + bytes.len() as u64);
                rewriter.write(bytes)?;
                if failed.get() { Err(SEEN.into()) } else { Ok(()) }
            })?;
            rewriter.end()?;
        }
    }
    Ok(())
}

/// Calls a function with what is written.
struct Sink<F>(F);

impl<F: FnMut(&[u8]) -> io::Result<()>> Write for Sink<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (self.0)(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes on the heap.
struct Heap {
    /// The most at a time that were not there before.
    peak: usize,
    /// Those that what was made still has.
    kept: usize,
}

/// What `work` takes of the heap, together with what it gives.
fn heap<T>(work: impl FnOnce() -> Result<T>) -> Result<Heap> {
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let made = work()?;
    let heap =
        Heap { peak: HEAP.peak_usage().saturating_sub(before), kept: HEAP.current_usage().saturating_sub(before) };
    drop(made);
    Ok(heap)
}
