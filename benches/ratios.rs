//! How fast dechaff is compared with `lol_html` and one handler that does nothing, on the same bytes in the same run.
//!
//! The cases take turns, round after round, and the median of each counts: what else the machine does hits all of them alike,
//! and the ratios hold even where the megabytes per second do not. Measured is wall time: the standard library has no other.
//!
//! `cargo bench -p dechaff --bench ratios` takes the project's own pages; `-- FILE...` takes others, all of them as one set.
//! Flags, and names of no file, are meant for criterion in other benchmarks and passed over. One MB is 10^6 bytes.

mod common;

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs};

use common::{Case, Result};

/// How often each case has its turn...
const ROUNDS: usize = 31;
/// ...if that takes no longer than this for one set of pages...
const BUDGET: Duration = Duration::from_secs(8);
/// ...but at least so often.
const FEWEST_ROUNDS: usize = 5;
/// A turn goes over the pages until it has seen this many bytes, so that the clock is fine enough.
const TURN: usize = 1_000_000;
/// Or has gone over them this often: a tiny page costs what it takes to begin one.
const MOST_PASSES: usize = 1000;

fn main() -> Result<()> {
    // Without it we run as a test (`cargo test --all-targets`): whether it works, not how fast.
    let measure = env::args_os().any(|arg| arg == "--bench");
    let cases = common::cases();
    let files = files()?;
    if !files.is_empty() {
        return compare("files", &files, &cases, measure);
    }
    for page in common::pages()? {
        compare(page.name, &[page.bytes], &cases, measure)?;
    }
    Ok(())
}

/// The files named as arguments.
fn files() -> Result<Vec<Vec<u8>>> {
    // Cargo runs benchmarks in the package's folder; names are meant from where it was called.
    let folder = env::var_os("PWD").map_or_else(PathBuf::new, PathBuf::from);
    let mut files = Vec::new();
    for name in env::args_os().skip(1).filter(|arg| !arg.as_encoded_bytes().starts_with(b"-")) {
        let path = folder.join(name);
        if path.is_file() {
            files.push(fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
        } else {
            eprintln!("{}: no file, passed over", path.display());
        }
    }
    Ok(files)
}

/// Measures `cases` in turns on `pages` and prints the table.
fn compare(name: &str, pages: &[Vec<u8>], cases: &[Case], measure: bool) -> Result<()> {
    let bytes: usize = pages.iter().map(Vec::len).sum();
    if bytes == 0 {
        return Err(format!("{name}: nothing in them").into());
    }
    let (passes, rounds) = if measure { (TURN.div_ceil(bytes).min(MOST_PASSES), ROUNDS) } else { (1, 1) };
    let mut times = vec![Vec::with_capacity(rounds); cases.len()];
    for case in cases {
        turn(case, pages, passes)?;
    }
    let start = Instant::now();
    for round in 0..rounds {
        if round >= FEWEST_ROUNDS && start.elapsed() > BUDGET {
            break;
        }
        // Another one begins each time: none always has the caches that the same one left.
        for i in (0..cases.len()).map(|i| (i + round) % cases.len()) {
            times[i].push(turn(&cases[i], pages, passes)?);
        }
    }
    if !measure {
        println!("{name}: all cases run");
        return Ok(());
    }

    let rounds = times.first().map_or(0, Vec::len);
    let medians: Vec<f64> = times.iter_mut().map(|times| median(times).as_secs_f64()).collect();
    let reference = cases.iter().position(|case| case.name == Case::REFERENCE).map_or(f64::NAN, |i| medians[i]);
    println!("{name}: {} page(s), {:.1} KB, {rounds} rounds", pages.len(), bytes as f64 / 1e3);
    println!("  {:<20} {:>9} {:>7}", "case", "MB/s", "ratio");
    for (case, median) in cases.iter().zip(medians) {
        let speed = (bytes * passes) as f64 / 1e6 / median;
        println!("  {:<20} {speed:>9.1} {:>7.2}", case.name, reference / median);
    }
    println!("  ratio: speed, compared with {}\n", Case::REFERENCE);
    Ok(())
}

/// One turn of a case: `passes` times over all pages.
fn turn(case: &Case, pages: &[Vec<u8>], passes: usize) -> Result<Duration> {
    let start = Instant::now();
    for page in (0..passes).flat_map(|_| pages) {
        case.run(page)?;
    }
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
