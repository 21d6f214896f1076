//! I6 total: time grows with the length of the page and no faster, whatever the page does. Every hostile page at two sizes:
//! eight times the input should take eight times as long; quadratic work would take 64 times.
//!
//! How long a byte takes is not asked here, where nothing is optimized, but by `cargo bench --bench hostile`.

#[path = "fixtures/hostile.rs"]
mod hostile;

use std::fs;
use std::io::{self, Write};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use dechaff::Cleaner;
use hostile::Hostile;

const SMALL: usize = 32_000;
const LARGE: usize = 8 * SMALL;
/// A byte of the large page may take so many times as long; with quadratic work it would take eight times. The caches of the
/// processor hold the small page and not the large one.
const MOST: f64 = 4.0;

/// CPU time of this thread where the system tells it (Linux), time on the clock elsewhere: other work on the machine should
/// not count.
fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let on_cpu = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = on_cpu.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// Time of one run, from as many as the clock's coarse ticks ask for.
fn time(mut run: impl FnMut()) -> Duration {
    const ENOUGH: Duration = Duration::from_millis(16);
    let start = now();
    let mut runs = 0;
    while now() - start < ENOUGH {
        run();
        runs += 1;
    }
    (now() - start) / runs
}

/// How many times as long a byte of the large page takes as one of the small page; `clean` is what is measured.
fn growth(page: &Hostile, clean: impl Fn(&[u8])) -> f64 {
    let nanoseconds = |size| {
        let page = page.build(size);
        time(|| clean(&page)).as_secs_f64() * 1e9 / page.len() as f64
    };
    let (small, large) = (nanoseconds(SMALL), nanoseconds(LARGE));
    println!("{:40} {small:8.1} ns/byte, {large:8.1} on a larger page: {:.1} times", page.name, large / small);
    large / small
}

fn check(pages: &[&Hostile], clean: impl Fn(&[u8])) {
    let grown = pages.iter().map(|page| (page.name, growth(page, &clean)));
    let failures: Vec<_> = grown.filter(|(_, growth)| *growth > MOST).collect();
    assert!(
        failures.is_empty(),
        "on a page of eight times the length a byte takes so many times as long:\n{failures:#?}"
    );
}

#[test]
fn time_grows_with_the_input_and_no_faster() {
    let cleaner = Cleaner::new();
    let pages = hostile::pages();
    let pages: Vec<_> = pages.iter().collect();
    check(&pages, |page| drop(cleaner.clean(page).unwrap()));
}

/// What can't be decided is kept, and must not be read again with each piece of it.
#[test]
fn small_chunks_of_what_does_not_end_cost_no_more() {
    const CHUNK: usize = 16;
    let cleaner = Cleaner::new();
    let pages = hostile::pages();
    let long: Vec<_> =
        pages.iter().filter(|page| page.name.contains("goes on") || page.name.contains("one long")).collect();
    assert!(long.len() > 12);
    check(&long, |page| {
        let mut writer = cleaner.writer(io::sink());
        page.chunks(CHUNK).for_each(|chunk| writer.write_all(chunk).unwrap());
        writer.finish().unwrap();
    });
}
