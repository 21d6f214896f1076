//! Cases in turns on the same pages.
//!
//! They take turns, all about as long, round after round, and the median of each counts: what else the machine does hits all
//! of them alike, and the ratios hold even where the megabytes per second do not. Measured is wall time.

use std::time::{Duration, Instant};

use super::case::{Case, Cut, Ready};

/// How often each case has its turn at most. It has one however long that takes.
const ROUNDS: usize = 31;
/// A turn goes over the pages until it took at least so long: time slices of the system are shorter.
const TURN: Duration = Duration::from_millis(10);

/// What came of it.
pub(super) struct Turns {
    pub(super) pages: usize,
    /// Of all pages.
    pub(super) bytes: usize,
    pub(super) rounds: usize,
    pub(super) took: Duration,
    /// In the order of [`Case::ALL`].
    pub(super) figures: [Figure; 4],
}

/// What came of a case.
#[derive(Default)]
pub(super) struct Figure {
    /// Bytes of input a second.
    pub(super) speed: f64,
    pub(super) cut: Cut,
}

/// Measures all cases in turns on `pages`, until `deadline`.
pub(super) fn compare(pages: &[Vec<u8>], deadline: Instant) -> Turns {
    let start = Instant::now();
    let bytes: usize = pages.iter().map(Vec::len).sum();
    let longest = pages.iter().map(Vec::len).max().unwrap_or_default();
    // No case should have to grow it, or be the first to write there, while the clock runs.
    let mut out = vec![1; longest + longest / 8];
    let mut cases = Case::ALL.map(|case| Measured::new(case.ready(), pages, &mut out));
    let mut rounds = 1;
    while rounds < ROUNDS && Instant::now() < deadline {
        // Another one begins each time: none always has the caches that the same one left.
        cases.rotate_left(1);
        for case in &mut cases {
            case.turn(pages, &mut out);
        }
        rounds += 1;
    }
    cases.rotate_right((rounds - 1) % Case::ALL.len());
    let figures = cases.map(|case| case.figure(bytes));
    Turns { pages: pages.len(), bytes, rounds, took: start.elapsed(), figures }
}

struct Measured {
    ready: Ready,
    /// How often it goes over the pages in a turn.
    passes: u32,
    times: Vec<Duration>,
    cut: Cut,
}

impl Measured {
    /// Finds out how many passes fill a turn. The one that does is the first that counts.
    fn new(ready: Ready, pages: &[Vec<u8>], out: &mut Vec<u8>) -> Self {
        let mut case = Self { ready, passes: 1, times: Vec::new(), cut: Cut::default() };
        loop {
            case.turn(pages, out);
            if case.times.iter().any(|time| *time >= TURN) {
                return case;
            }
            case.times.clear();
            case.passes *= 2;
        }
    }

    fn turn(&mut self, pages: &[Vec<u8>], out: &mut Vec<u8>) {
        let start = Instant::now();
        for _ in 0..self.passes {
            self.cut = Cut::default();
            for page in pages {
                out.clear();
                // A vector takes all, and what can't be cleaned was left out before.
                let cut = self.ready.run(page, out).unwrap_or_default();
                self.cut.elements += cut.elements;
                self.cut.bytes += cut.bytes;
            }
        }
        self.times.push(start.elapsed());
    }

    fn figure(mut self, bytes: usize) -> Figure {
        self.times.sort_unstable();
        let median = self.times[self.times.len() / 2].as_secs_f64();
        Figure { speed: bytes as f64 * f64::from(self.passes) / median, cut: self.cut }
    }
}
