//! The call in Rust that `overhead.py` compares with: cleans the files that are named, over and over for some seconds, and prints
//! the CPU seconds of the fastest round.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(seconds) = arguments.next() else {
        eprintln!("benches/overhead.py runs this: SECONDS FILE...");
        return Ok(());
    };
    let seconds = Duration::try_from_secs_f64(seconds.parse()?)?;
    let pages = arguments.map(fs::read).collect::<Result<Vec<_>, _>>()?;
    let cleaner = dechaff::Cleaner::new();
    let (start, mut best) = (Instant::now(), f64::INFINITY);
    while start.elapsed() < seconds {
        let before = cpu_seconds()?;
        for page in &pages {
            black_box(cleaner.clean(black_box(page))?);
        }
        best = best.min(cpu_seconds()? - before);
    }
    println!("{best}");
    Ok(())
}

/// How long this thread, the only one, has been on a core.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let schedule = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds: f64 = schedule.split(' ').next().unwrap_or_default().parse()?;
    Ok(nanoseconds / 1e9)
}
