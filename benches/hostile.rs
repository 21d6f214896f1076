//! What the hostile pages cost: time per byte, next to an ordinary page and to `lol_html` alone, and memory.
//!
//! `cargo bench --bench hostile` measures all of them at 10 MB; `-- NAME...` those whose name has one of these
//! words in it, `-- --megabytes=1` at another size, `-- --all` with all categories. Each page is measured in a process of its
//! own: its peak of memory is its own, and one that takes too long can be stopped. The time is that of the processor where the
//! system tells it: other work on the machine hardly counts.
//!
//! The columns: nanoseconds per byte of dechaff, how many times those of an ordinary page; the same of `lol_html` with one
//! handler on every element that does nothing, compared with its own time on the ordinary page; by how much the memory of the
//! process grew at most; how many elements were cut and declined, and where cutting stopped, if it did.

#[path = "../tests/fixtures/hostile.rs"]
mod hostile;

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use dechaff::{Category, Cleaner};
use dechaff_benches::{CHUNK, Case, Result, exit, rewriters, sets};

/// A page may take this many times as long per byte as an ordinary one.
const LIMIT: f64 = 5.0;
/// One run of one case on one page is given up after this.
const PATIENCE: Duration = Duration::from_secs(20);
/// A page is run until all runs took this long: the clock of the processor's time has coarse ticks.
const ENOUGH: Duration = Duration::from_millis(400);
/// Bytes of a page that is run once, to see whether it works.
const TRIAL: usize = 10_000;
/// What stands for the page that the others are compared with.
const ORDINARY: &str = "(corpus pages)";

fn main() -> ExitCode {
    exit("hostile", run_all())
}

fn run_all() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, case, name, size, all] = &arguments[..]
        && flag == CHILD
    {
        return run(case, name, size.parse()?, all == "true");
    }
    if sets::only_own("hostile") {
        return Ok(());
    }
    let flag = |name: &str| arguments.iter().find_map(|a| a.strip_prefix(name));
    let measure = flag("--bench").is_some();
    let size = flag("--megabytes=").map_or(Ok(10.0), str::parse::<f64>)? * 1e6;
    // Without `--bench` we run as a test (`cargo test --all-targets`): whether it works, not how fast.
    let size = if measure { size as usize } else { TRIAL };
    let all = flag("--all").is_some();
    let words: Vec<&String> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    let wanted = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(*word));

    let base = measure_page(ORDINARY, size, all)?;
    println!("{:40} {:>9} {:>6} {:>9} {:>6} {:>8}  outcome", "page", "ns/byte", "times", "lol_html", "times", "memory");
    print(ORDINARY, &base, &base);
    let mut slow = 0;
    let pages = hostile::pages();
    for page in pages.iter().filter(|page| wanted(page.name)) {
        let figures = measure_page(page.name, size, all)?;
        slow += u32::from(print(page.name, &figures, &base));
    }
    if measure {
        println!("\n{slow} pages take more than {LIMIT} times as long per byte as an ordinary one");
    } else {
        println!("\nall pages run; their times mean nothing at this size");
    }
    Ok(())
}

/// What was found out about a page: nanoseconds per byte of dechaff and of `lol_html`; none where patience ended.
struct Figures {
    dechaff: Option<f64>,
    lol_html: Option<f64>,
    megabytes: f64,
    outcome: String,
}

/// Prints a line; whether dechaff took too long.
fn print(name: &str, figures: &Figures, base: &Figures) -> bool {
    let times = |own: Option<f64>, base: Option<f64>| own.zip(base).map_or(f64::INFINITY, |(own, base)| own / base);
    let (own, lol) = (times(figures.dechaff, base.dechaff), times(figures.lol_html, base.lol_html));
    let nanoseconds = |figure: Option<f64>| figure.unwrap_or(f64::INFINITY);
    println!(
        "{name:40} {:9.2} {own:6.1} {:9.2} {lol:6.1} {:6.1}MB  {}{}",
        nanoseconds(figures.dechaff),
        nanoseconds(figures.lol_html),
        figures.megabytes,
        figures.outcome,
        if own > LIMIT { "  SLOW" } else { "" },
    );
    own > LIMIT
}

fn measure_page(name: &str, size: usize, all: bool) -> Result<Figures> {
    let lol_html = child(Case::REFERENCE, name, size, all)?;
    let dechaff = child("dechaff", name, size, all)?;
    let (dechaff, megabytes, outcome) =
        dechaff.map_or((None, f64::NAN, "gave up waiting".to_owned()), |(t, m, o)| (Some(t), m, o));
    Ok(Figures { dechaff, lol_html: lol_html.map(|l| l.0), megabytes, outcome })
}

/// The first argument of a process that measures one page.
const CHILD: &str = "--one-page";

/// Runs a case in a process of its own: nanoseconds per byte, megabytes, and what became of the page.
fn child(case: &str, name: &str, size: usize, all: bool) -> Result<Option<(f64, f64, String)>> {
    let mut child = Command::new(env::current_exe()?)
        .args([CHILD, case, name, &size.to_string(), &all.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let start = Instant::now();
    while child.try_wait()?.is_none() {
        if start.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(5));
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("{name}: {case}: {}", output.status).into());
    }
    let text = String::from_utf8(output.stdout)?;
    let mut fields = text.trim_end().splitn(3, ' ');
    let mut next = || fields.next().ok_or("a field is missing");
    Ok(Some((next()?.parse()?, next()?.parse()?, next()?.to_owned())))
}

/// The process that measures one page.
fn run(case: &str, name: &str, size: usize, all: bool) -> Result<()> {
    let page = if name == ORDINARY {
        sets::long_page(size)?
    } else {
        hostile::pages().iter().find(|page| page.name == name).ok_or("no such page")?.build(size)
    };
    let cleaner = if all { Cleaner::builder().categories(Category::ALL).build() } else { Cleaner::new() };
    let reference = rewriters::one_handler();
    let mut out = Vec::with_capacity(page.len());
    // The most that making the page took does not count.
    let _ = fs::write("/proc/self/clear_refs", "5");
    let before = memory("VmRSS:");
    let mut outcome = "-".to_owned();
    let mut grown = f64::NAN;
    let mut runs = 0;
    let start = now();
    while runs == 0 || (size > TRIAL && now() - start < ENOUGH) {
        if case == Case::REFERENCE {
            out.clear();
            reference.run(&page, &mut out)?;
        } else {
            outcome = clean(&cleaner, &page);
        }
        if runs == 0 {
            grown = memory("VmHWM:") - before;
        }
        runs += 1;
    }
    let each = (now() - start) / runs;
    println!("{} {grown} {outcome}", each.as_secs_f64() * 1e9 / page.len() as f64);
    Ok(())
}

/// Cleans a page into nothing and says what became of it. A page that may be refused for what it is made to be is no failure
/// here.
fn clean(cleaner: &Cleaner, page: &[u8]) -> String {
    let mut writer = cleaner.writer(io::sink());
    let written = page.chunks(CHUNK).try_for_each(|chunk| writer.write_all(chunk));
    let finished = written.and_then(|()| writer.finish().map_err(io::Error::from));
    finished.map_or_else(
        |e| format!("error: {e}"),
        |(_, report)| {
            let stop = report.stop.map_or(String::new(), |stop| format!(", stop at {}: {}", stop.offset, stop.reason));
            format!("{} cut, {} declined{stop}", report.cuts.len(), report.declines.len())
        },
    )
}

/// CPU time of this thread where the system tells it (Linux), time on the clock elsewhere.
fn now() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let on_cpu = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = on_cpu.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

/// A figure of this process in megabytes, where the system tells it (Linux): what it has, or the most that it had.
fn memory(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kilobytes: Option<f64> = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    kilobytes.map_or(f64::NAN, |kilobytes| kilobytes / 1024.0)
}
