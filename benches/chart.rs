//! Makes the picture and the table of what was measured: `cargo run -p dechaff-benches --bin chart`.
//!
//! It reads what the benchmarks left in cargo's target folder: speeds from `peers`, else from `ratios`, else from `throughput`,
//! so that all bars are from one run; the time to compile the rules from `throughput`; memory from `memory`. It writes
//! `benches/chart.svg` and prints the table.
//!
//! `--write README.md` writes the table between the markers of that file instead; `--svg FILE` writes the picture elsewhere;
//! `--figures FOLDER` reads another target folder.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use dechaff_benches::estimates::{self, Estimate};
use dechaff_benches::results::{self, CaseFigure, Machine, Measured, SetFigures};
use dechaff_benches::{Result, cases, exit, svg, table};

/// The sets in the order of a table; others come after them.
const ORDER: [&str; 4] = ["small", "medium", "large", "corpus"];
/// The set that is drawn and that ratios are for, if it was measured.
const MAIN: &str = "medium";
/// The chunks of `throughput` that all cases have.
const CHUNKS: &str = "64KiB";

fn main() -> ExitCode {
    exit("chart", run())
}

fn run() -> Result<()> {
    let (mut write, mut svg) = (None, PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/chart.svg")));
    let mut figures = results::target()?;
    let mut arguments = env::args_os().skip(1);
    while let Some(flag) = arguments.next() {
        let value =
            arguments.next().map(PathBuf::from).ok_or_else(|| format!("{}: a path is missing", flag.display()))?;
        match flag.to_str() {
            Some("--write") => write = Some(value),
            Some("--svg") => svg = value,
            Some("--figures") => figures = value,
            _ => return Err(format!("{}: no such option\nhint: --write, --svg and --figures", flag.display()).into()),
        }
    }

    let estimates = estimates::read(&figures.join("criterion"))?;
    let folder = figures.join("bench");
    let Measured { machine, figures: sets } = match results::load(&folder, "peers")? {
        Some(measured) => measured,
        None => match results::load(&folder, "ratios")? {
            Some(measured) => measured,
            None => Measured { machine: Machine::this()?, figures: of_criterion(&estimates) },
        },
    };
    let main = sets.iter().find(|set| set.name == MAIN).or(sets.first()).ok_or_else(|| {
        format!("{}: nothing was measured\nhint: cargo bench --features peers --bench peers", figures.display())
    })?;
    let compile: Vec<_> = estimates.into_iter().filter(|estimate| estimate.group == "compile").collect();
    let memory = results::load(&folder, "memory")?.map_or_else(Vec::new, |measured| measured.figures);

    fs::write(&svg, svg::draw(&machine, main)).map_err(|e| format!("{}: {e}", svg.display()))?;
    let text = table::markdown(&machine, &sets, main, &compile, &memory);
    let Some(readme) = write else {
        print!("{text}");
        return Ok(());
    };
    let in_file = |e: &dyn std::fmt::Display| format!("{}: {e}", readme.display());
    let old = fs::read_to_string(&readme).map_err(|e| in_file(&e))?;
    let new = table::insert(&old, &text).map_err(|e| in_file(&e))?;
    fs::write(&readme, new).map_err(|e| in_file(&e))?;
    Ok(())
}

/// The speeds that criterion found, as if they were measured in turns.
fn of_criterion(estimates: &[Estimate]) -> Vec<SetFigures> {
    let mut sets: Vec<SetFigures> = Vec::new();
    for estimate in estimates.iter().filter(|estimate| estimate.value == CHUNKS) {
        let (Some(bytes), Some(megabytes_per_second)) = (estimate.bytes, estimate.megabytes_per_second()) else {
            continue;
        };
        let figure = CaseFigure { name: estimate.function.clone(), megabytes_per_second };
        if let Some(set) = sets.iter_mut().find(|set| set.name == estimate.group) {
            set.cases.push(figure);
        } else {
            let (name, bytes) = (estimate.group.clone(), bytes as usize);
            sets.push(SetFigures { name, pages: 1, bytes, rounds: 1, cases: vec![figure] });
        }
    }
    // Criterion's folders are in the order of the alphabet.
    let cases = cases();
    let place = |name: &str| cases.iter().position(|case| case.name == name).unwrap_or(cases.len());
    for set in &mut sets {
        set.cases.sort_by_key(|figure| place(&figure.name));
    }
    sets.sort_by_key(|set| ORDER.iter().position(|name| *name == set.name).unwrap_or(ORDER.len()));
    sets
}
