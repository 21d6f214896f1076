//! How many megabytes of HTML per second dechaff cleans, next to what bounds it and to `lol_html`, on the same bytes. And how
//! long it takes to compile the rules.
//!
//! `cargo bench --bench throughput`, with a part of a name (`-- large/dechaff`) for some of it; `DECHAFF_BENCH_DIR=FOLDER` takes
//! your own pages. dechaff is measured in chunks of four sizes, the others in chunks of 64 KiB. Criterion measures one case
//! after another, so on a busy machine they are not comparable: for ratios that hold there, see `ratios.rs` and `peers.rs`.

use std::process::ExitCode;
use std::time::{Duration, SystemTime};

use criterion::{BenchmarkId, Criterion, Throughput};
use dechaff_benches::cleaners::Mode;
use dechaff_benches::estimates::{self, Estimate};
use dechaff_benches::{CHUNK, Case, Result, Set, cases, exit, results, sets};

/// What chunks are called by size, in bytes.
const CHUNKS: [(&str, usize); 4] = [("1KiB", 1 << 10), ("16KiB", 16 << 10), ("64KiB", CHUNK), ("whole", usize::MAX)];
/// The one that all cases have.
const COMMON: &str = "64KiB";

fn main() -> ExitCode {
    exit("throughput", run_all())
}

fn run_all() -> Result<()> {
    let folder = results::target()?.join("criterion");
    // Short ones: there are many of them, and all of it should take no more than four minutes.
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_500))
        .nresamples(10_000)
        .without_plots()
        .output_directory(&folder)
        .configure_from_args();
    let start = SystemTime::now();
    let sets = sets::sets()?;
    for set in &sets {
        clean(&mut criterion, set)?;
    }
    compile(&mut criterion);
    criterion.final_summary();

    let measured: Vec<_> = estimates::read(&folder)?.into_iter().filter(|estimate| estimate.when >= start).collect();
    for set in &sets {
        print(set.name, &measured);
    }
    Ok(())
}

/// All cases on one set of pages.
fn clean(criterion: &mut Criterion, set: &Set) -> Result<()> {
    let mut group = criterion.benchmark_group(set.name);
    group.throughput(Throughput::BytesDecimal(set.bytes() as u64));
    let mut out = Vec::with_capacity(set.longest());
    let mut measure = |case: &Case, chunk| {
        let mut run = || {
            set.pages.iter().try_for_each(|page| {
                out.clear();
                case.run(page, &mut out)
            })
        };
        // Once before it counts: an error would only make it look fast.
        run()?;
        group.bench_function(BenchmarkId::new(case.name, chunk), |b| b.iter(&mut run));
        Ok::<_, Box<dyn std::error::Error>>(())
    };
    let is_ours = |case: &Case| Mode::ALL.iter().any(|mode| mode.name() == case.name);
    for case in cases().iter().filter(|case| !is_ours(case)) {
        measure(case, COMMON)?;
    }
    for mode in Mode::ALL {
        for (name, chunk) in CHUNKS {
            measure(&mode.case(chunk), name)?;
        }
    }
    group.finish();
    Ok(())
}

/// The time until a cleaner is ready, once per process.
fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("compile");
    for mode in [Mode::Default, Mode::All] {
        group.bench_function(mode.name(), |b| b.iter(|| mode.cleaner()));
    }
    group.finish();
}

/// Prints what this run found out for one set of pages; nothing if it measured none of it.
fn print(set: &str, measured: &[Estimate]) {
    let of_case =
        |name: &str| measured.iter().filter(|e| e.group == set && e.function == name).cloned().collect::<Vec<_>>();
    let speed = |name: &str, chunk: &str| {
        of_case(name).iter().find(|e| e.value == chunk).and_then(Estimate::megabytes_per_second)
    };
    let base = speed(Case::REFERENCE, COMMON);
    let mut lines = Vec::new();
    for case in cases() {
        for (chunk, _) in CHUNKS {
            if let Some(speed) = speed(case.name, chunk) {
                let ratio = base.map_or_else(|| "-".to_owned(), |base| format!("{:.2}", speed / base));
                lines.push(format!("  {:<40} {chunk:>6} {speed:>9.1} {ratio:>8}", Case::label(case.name)));
            }
        }
    }
    if !lines.is_empty() {
        println!("\n{set}\n  {:<40} {:>6} {:>9} {:>8}\n{}", "case", "chunks", "MB/s", "ratio", lines.join("\n"));
        println!("  ratio: speed, compared with {}", Case::label(Case::REFERENCE));
    }
}
