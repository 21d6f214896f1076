//! Many pages through one cleaner in one process: does its memory grow?
//!
//! `cargo bench --bench soak -- 20` cleans 20 GB; without a number it is 0.2. The pages are those of the corpus,
//! each time another way: cut short, put together of two, with other bytes here and there, in chunks of other sizes, and now
//! and then given up half-way. A seed makes them the same each time; `--seed=N` takes another one.
//!
//! Memory is what the system says the process has in memory (Linux). It may grow until the largest page has come by; after the
//! first gigabyte, or the first fifth of a shorter run, it may not. One GB is 10^9 bytes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;
use std::{env, fs};

use dechaff::{Category, Cleaner};
use dechaff_benches::random::Random;
use dechaff_benches::{Result, exit, sets};

/// Kilobytes by which memory may grow after the first gigabyte.
const SLACK: u64 = 6 << 10;

fn main() -> ExitCode {
    exit("soak", run_all())
}

fn run_all() -> Result<()> {
    if sets::only_own("soak") {
        return Ok(());
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    // Without `--bench` we run as a test (`cargo test --all-targets`): whether it works.
    let usual = if arguments.iter().any(|a| a == "--bench") { 0.2 } else { 0.002 };
    let gigabytes = arguments.iter().find(|a| !a.starts_with('-')).map_or(Ok(usual), |a| a.parse::<f64>())?;
    let seed = arguments.iter().find_map(|a| a.strip_prefix("--seed=")).map_or(Ok(1), str::parse::<u64>)?;
    let total = (gigabytes * 1e9) as u64;
    let step = 1_000_000_000.min(total / 5);

    let pages = sets::corpus()?;
    let cleaner = Cleaner::builder().categories(Category::ALL).build();
    let mut random = Random::new(seed);
    let (mut done, mut count, mut next, mut first) = (0, 0_u64, step, None);
    let start = Instant::now();
    println!("seed {seed}, {} pages", pages.len());
    while done < total {
        let page = vary(&pages, &mut random);
        clean(&cleaner, &page, &mut random)?;
        done += page.len() as u64;
        count += 1;
        if done >= next {
            next += step;
            let memory = memory()?;
            let seconds = start.elapsed().as_secs_f64();
            println!("{:8.2} GB, {count} pages, {memory} KB in memory, {seconds:.0} s", done as f64 / 1e9);
            let first = *first.get_or_insert(memory);
            if memory > first + SLACK {
                return Err(format!("memory grew from {first} KB to {memory} KB: something is not let go").into());
            }
        }
    }
    Ok(())
}

/// A page as it never was.
fn vary(pages: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut page = pages[random.below(pages.len())].clone();
    if random.below(3) == 0 {
        page.truncate(random.below(page.len()));
    }
    if random.below(3) == 0 {
        let other = &pages[random.below(pages.len())];
        let from = random.below(other.len());
        let at = random.below(page.len());
        page.splice(at..at, other[from..].iter().copied());
    }
    if random.below(2) == 0 && !page.is_empty() {
        const ODD: &[u8] = b"<>\"'/=&;!- \0\x1b\xe3\xff";
        for _ in 0..random.below(60) {
            let at = random.below(page.len());
            page[at] = ODD[random.below(ODD.len())];
        }
    }
    page
}

/// Cleans a page, whole or in chunks, and now and then not to its end.
fn clean(cleaner: &Cleaner, page: &[u8], random: &mut Random) -> Result<()> {
    if random.below(4) == 0 {
        cleaner.clean(page)?;
        return Ok(());
    }
    let most = [16, 1_000, 100_000][random.below(3)];
    let mut writer = cleaner.writer(io::sink());
    let mut rest = page;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(rest.len().min(1 + random.below(most)));
        writer.write_all(chunk)?;
        rest = after;
        if random.below(5_000) == 0 {
            return Ok(());
        }
    }
    writer.finish()?;
    Ok(())
}

/// Kilobytes of this process in memory; 0 where the system does not tell.
fn memory() -> Result<u64> {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return Ok(0) };
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.split_whitespace().next().ok_or("VmRSS is empty")?.parse()?)
}
