//! The gate against slow-down: instructions for each byte of input, counted by callgrind and compared with
//! `benches/instructions.toml`. Time depends on what else the machine does; the number of instructions hardly does.
//!
//! `cargo bench --bench instructions` fails if a figure is above its pin by more than the margin; `-- --update` writes new pins.
//! Without valgrind it says so and passes: what can't be measured is no failure.
//!
//! A process of its own goes over the pages once, another one more often, both under callgrind. The difference is what the other
//! passes took: starting and compiling the rules cancel out. Seeds of hash tables leave some chance in it, most of it in the
//! compiling, which is why there are several passes: the figures of six runs lay within 0.4 % of each other.
//!
//! Another compiler makes other instructions, and other processors have other ones, for which memchr has ways of its own. The
//! pins name the compiler, the architecture and whether there is AVX2; where one of them differs, a figure above its pin is
//! reported, but it is no failure. A margin that allowed for all compilers would let a slow-down through that is as large.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::{env, fs};

use dechaff_benches::cleaners::Mode;
use dechaff_benches::{CHUNK, Case, Result, exit, generate, results, sets};
use serde::{Deserialize, Serialize};

/// The first argument of a process that is counted: case, set and passes come after it.
const CHILD: &str = "--passes";
/// What stands at the top of the file with the pins.
const COMMENT: &str = "\
# Instructions for each byte of input, counted by callgrind: the gate against slow-down.
# Written by `cargo bench --bench instructions -- --update`; what it counts is in benches/instructions.rs.
";
/// The passes that count go over at least so many bytes.
const BYTES: usize = 2_000_000;
/// A figure may lie this part above its pin.
const MARGIN: f64 = 0.03;

/// The file with the pins.
#[derive(Deserialize, Serialize)]
struct Pins {
    /// What they were counted with: elsewhere they are a hint and no gate.
    with: Tools,
    /// By set of pages and case.
    instructions_per_byte: BTreeMap<String, BTreeMap<String, f64>>,
}

/// What a figure depends on besides our code.
#[derive(Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Tools {
    rustc: String,
    architecture: String,
    avx2: bool,
}

fn main() -> ExitCode {
    run_all().unwrap_or_else(|error| exit("instructions", Err(error)))
}

fn run_all() -> Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [flag, case, set, passes] = &arguments[..]
        && flag == CHILD
    {
        return run(case, set, passes.parse()?).map(|()| ExitCode::SUCCESS);
    }
    let sets = ["corpus", "medium"];
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if !has("--bench") {
        // We run as a test (`cargo test --all-targets`): whether it works.
        sets.iter().try_for_each(|set| run(Mode::Default.name(), set, 1))?;
        return Ok(ExitCode::SUCCESS);
    }
    if !Command::new("valgrind").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        println!("instructions: not counted, since there is no valgrind\nhint: install it with your package manager");
        return Ok(ExitCode::SUCCESS);
    }

    let mut counted: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for set in sets {
        let bytes: usize = pages(set)?.iter().map(Vec::len).sum();
        for mode in [Mode::Default, Mode::All] {
            let more = BYTES.div_ceil(bytes);
            let (one, all) = (count(mode.name(), set, 1)?, count(mode.name(), set, 1 + more)?);
            let each = all.checked_sub(one).ok_or("more passes took less than one")? as f64 / (more * bytes) as f64;
            counted.entry(set.to_owned()).or_default().insert(mode.name().to_owned(), (each * 100.0).round() / 100.0);
        }
    }
    let counted = Pins { with: Tools::these(), instructions_per_byte: counted };
    if has("--update") {
        fs::write(path(), format!("{COMMENT}\n{}", toml::to_string(&counted)?))?;
        println!("{}: written", path().display());
        return Ok(ExitCode::SUCCESS);
    }
    let text =
        fs::read_to_string(path()).map_err(|e| format!("{}: {e}\nhint: write it with --update", path().display()))?;
    let pins: Pins = toml::from_str(&text).map_err(|e| format!("{}: {e}", path().display()))?;
    Ok(compare(&counted, &pins))
}

fn path() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.toml"))
}

impl Tools {
    fn these() -> Self {
        let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let avx2 = info.lines().any(|line| line.starts_with("flags") && line.split(' ').any(|flag| flag == "avx2"));
        Self { rustc: env!("BENCH_RUSTC").to_owned(), architecture: env::consts::ARCH.to_owned(), avx2 }
    }
}

/// Prints each figure beside its pin, and fails if one is too high where the pins hold.
fn compare(counted: &Pins, pins: &Pins) -> ExitCode {
    let holds = counted.with == pins.with;
    println!("{:<8} {:<30} {:>12} {:>8} {:>8}", "pages", "case", "instr./byte", "pin", "change");
    let (mut high, mut low) = (0, 0);
    for (set, cases) in &counted.instructions_per_byte {
        for (case, figure) in cases {
            let pin =
                pins.instructions_per_byte.get(set).and_then(|cases| cases.get(case)).copied().unwrap_or(f64::NAN);
            let change = figure / pin - 1.0;
            let ok = change <= MARGIN;
            high += u32::from(!ok);
            low += u32::from(change < -MARGIN);
            let note = if ok { "" } else { "  TOO MANY" };
            println!("{set:<8} {:<30} {figure:>12.2} {pin:>8.2} {:>+7.2}%{note}", Case::label(case), change * 100.0);
        }
    }
    let percent = MARGIN * 100.0;
    let update = "hint: if this is what it should cost, write new pins: cargo bench --bench instructions -- --update";
    if low > 0 && high == 0 {
        println!("{low} figure(s) are more than {percent} % below their pin: it can be lowered\n{update}");
    }
    if high == 0 {
        return ExitCode::SUCCESS;
    }
    println!(
        "{high} figure(s) are more than {percent} % above their pin, or have none: this change makes dechaff slower"
    );
    if holds {
        println!("{update}");
        ExitCode::FAILURE
    } else {
        println!("no failure here: the pins are for {:?}, and this is {:?}", pins.with, counted.with);
        ExitCode::SUCCESS
    }
}

/// Instructions of a process that goes `passes` times over a set of pages.
fn count(case: &str, set: &str, passes: usize) -> Result<u64> {
    let out = results::target()?.join("bench").join("callgrind.out");
    fs::create_dir_all(out.with_file_name(""))?;
    let mut flag = std::ffi::OsString::from("--callgrind-out-file=");
    flag.push(&out);
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet"])
        .arg(flag)
        .arg(env::current_exe()?)
        .args([CHILD, case, set, &passes.to_string()])
        .output()?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("valgrind: {}\n{said}", output.status).into());
    }
    let text = fs::read_to_string(&out)?;
    fs::remove_file(&out)?;
    let total = text.lines().find_map(|line| line.strip_prefix("totals:")).ok_or("callgrind wrote no totals")?;
    Ok(total.trim().parse()?)
}

/// The pages of a set. They are the project's own, whatever else is to be measured in this run.
fn pages(set: &str) -> Result<Vec<Vec<u8>>> {
    if set == "corpus" { sets::corpus() } else { Ok(vec![generate::page(150_000)?.bytes()]) }
}

/// What is counted: some passes over the pages.
fn run(case: &str, set: &str, passes: usize) -> Result<()> {
    let mode = Mode::ALL.into_iter().find(|mode| mode.name() == case).ok_or("no such case")?;
    let (pages, case) = (pages(set)?, mode.case(CHUNK));
    let mut out = Vec::with_capacity(1 << 20);
    for page in (0..passes).flat_map(|_| &pages) {
        out.clear();
        case.run(page, &mut out)?;
    }
    Ok(())
}
