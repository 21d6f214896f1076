//! Cases in turns on the same pages.
//!
//! They take turns, all about as long, round after round, and the median of each counts: what else the machine does hits all
//! of them alike, and the ratios hold even where the megabytes per second do not. Measured is wall time: the standard library
//! has no other.

use std::env;
use std::time::{Duration, Instant};

use crate::results::{self, CaseFigure, SetFigures};
use crate::{Case, Result, Set};

/// How often each case has its turn...
const ROUNDS: usize = 31;
/// ...if that takes no longer than this for one set of pages...
const BUDGET: Duration = Duration::from_secs(8);
/// ...but at least so often.
const FEWEST_ROUNDS: usize = 5;
/// A turn goes over the pages until it took at least so long: time slices of the system are shorter.
const TURN: Duration = Duration::from_millis(10);

/// Measures `cases` on each of `sets`, prints a table for each with speeds compared with `reference`, and saves the figures as
/// those of the benchmark `name`.
///
/// # Errors
///
/// The first case that fails, or a file that can't be written.
pub fn run(name: &str, cases: &[Case], sets: &[Set], reference: &str) -> Result<()> {
    // Without it we run as a test (`cargo test --all-targets`): whether it works, not how fast.
    if !env::args_os().any(|arg| arg == "--bench") {
        sets.iter().try_for_each(|set| try_all(set, cases))?;
        println!("all cases run");
        return Ok(());
    }
    let mut figures = Vec::new();
    for set in sets {
        let set = compare(set, cases)?;
        set.print(reference);
        figures.push(set);
    }
    results::save(name, figures)
}

/// Runs each case once on each page: whether it works, not how fast.
///
/// # Errors
///
/// The first case that fails.
pub fn try_all(set: &Set, cases: &[Case]) -> Result<()> {
    let mut out = Vec::new();
    cases.iter().try_for_each(|case| turn(case, set, 1, &mut out).map(drop))
}

/// Measures `cases` in turns on the pages of `set`.
///
/// # Errors
///
/// The first case that fails.
pub fn compare(set: &Set, cases: &[Case]) -> Result<SetFigures> {
    // Room for what a parser adds: no case should have to grow it while the clock runs.
    let mut out = Vec::with_capacity(set.longest() * 2);
    let passes = cases.iter().map(|case| passes(case, set, &mut out)).collect::<Result<Vec<_>>>()?;
    let mut times = vec![Vec::with_capacity(ROUNDS); cases.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS && (rounds < FEWEST_ROUNDS || start.elapsed() < BUDGET) {
        // Another one begins each time: none always has the caches that the same one left.
        for i in (0..cases.len()).map(|i| (i + rounds) % cases.len()) {
            times[i].push(turn(&cases[i], set, passes[i], &mut out)?);
        }
        rounds += 1;
    }
    let figure = |((case, times), passes): ((&Case, &mut Vec<Duration>), u32)| CaseFigure {
        name: case.name.to_owned(),
        megabytes_per_second: set.bytes() as f64 * f64::from(passes) / 1e6 / median(times).as_secs_f64(),
    };
    Ok(SetFigures {
        name: set.name.to_owned(),
        pages: set.pages.len(),
        bytes: set.bytes(),
        rounds,
        cases: cases.iter().zip(&mut times).zip(passes).map(figure).collect(),
    })
}

/// How often a case must go over the pages to fill a turn.
fn passes(case: &Case, set: &Set, out: &mut Vec<u8>) -> Result<u32> {
    let mut passes = 1;
    while turn(case, set, passes, out)? < TURN {
        passes *= 2;
    }
    Ok(passes)
}

/// One turn of a case: `passes` times over all pages.
fn turn(case: &Case, set: &Set, passes: u32, out: &mut Vec<u8>) -> Result<Duration> {
    let start = Instant::now();
    for page in (0..passes).flat_map(|_| &set.pages) {
        out.clear();
        case.run(page, out)?;
    }
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
