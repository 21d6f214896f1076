//! How fast dechaff is compared with `lol_html` and one handler that does nothing, on the same bytes in the same run.
//!
//! The cases take turns, all about as long, round after round, and the median of each counts: what else the machine does hits
//! all of them alike, and the ratios hold even where the megabytes per second do not. Measured is wall time: the standard
//! library has no other.
//!
//! `cargo bench -p dechaff --bench ratios` takes the project's own pages; `-- FILE...` takes others, all of them as one set.
//! Flags, and names of no file, are meant for criterion in other benchmarks and passed over. One MB is 10^6 bytes.

mod cases;

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs};

use cases::{Case, Result};

/// How often each case has its turn...
const ROUNDS: usize = 31;
/// ...if that takes no longer than this for one set of pages...
const BUDGET: Duration = Duration::from_secs(8);
/// ...but at least so often.
const FEWEST_ROUNDS: usize = 5;
/// A turn goes over the pages until it took at least so long: time slices of the system are shorter.
const TURN: Duration = Duration::from_millis(10);

fn main() -> Result<()> {
    // Without it we run as a test (`cargo test --all-targets`): whether it works, not how fast.
    let measure = env::args_os().any(|arg| arg == "--bench");
    let cases = cases::cases();
    let files = files()?;
    if !files.is_empty() {
        return compare("files", &files, &cases, measure);
    }
    for page in cases::pages()? {
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
    if !measure {
        cases.iter().try_for_each(|case| turn(case, pages, 1).map(drop))?;
        println!("{name}: all cases run");
        return Ok(());
    }
    let passes = cases.iter().map(|case| passes(case, pages)).collect::<Result<Vec<_>>>()?;
    let mut times = vec![Vec::with_capacity(ROUNDS); cases.len()];
    let start = Instant::now();
    let mut rounds = 0;
    while rounds < ROUNDS && (rounds < FEWEST_ROUNDS || start.elapsed() < BUDGET) {
        // Another one begins each time: none always has the caches that the same one left.
        for i in (0..cases.len()).map(|i| (i + rounds) % cases.len()) {
            times[i].push(turn(&cases[i], pages, passes[i])?);
        }
        rounds += 1;
    }

    let speeds: Vec<f64> = times
        .iter_mut()
        .zip(passes)
        .map(|(times, passes)| bytes as f64 * passes as f64 / 1e6 / median(times).as_secs_f64())
        .collect();
    let reference = cases.iter().position(|case| case.name == Case::REFERENCE).map_or(f64::NAN, |i| speeds[i]);
    println!("{name}: {} page(s), {:.1} KB, {rounds} rounds", pages.len(), bytes as f64 / 1e3);
    println!("  {:<16} {:>9} {:>7}", "case", "MB/s", "ratio");
    for (case, speed) in cases.iter().zip(speeds) {
        println!("  {:<16} {speed:>9.1} {:>7.2}", case.name, speed / reference);
    }
    println!("  ratio: speed, compared with {}\n", Case::REFERENCE);
    Ok(())
}

/// How often a case must go over the pages to fill a turn.
fn passes(case: &Case, pages: &[Vec<u8>]) -> Result<u32> {
    let mut passes = 1;
    while turn(case, pages, passes)? < TURN {
        passes *= 2;
    }
    Ok(passes)
}

/// One turn of a case: `passes` times over all pages.
fn turn(case: &Case, pages: &[Vec<u8>], passes: u32) -> Result<Duration> {
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
