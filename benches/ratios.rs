//! How fast dechaff is compared with `lol_html` and one handler that does nothing, on the same bytes in the same run, in turns.
//!
//! `cargo bench --bench ratios` takes the project's own pages; `-- FILE...` takes others, all of them as one set, and
//! `DECHAFF_BENCH_DIR=FOLDER` those of a folder. Flags, and names of no file, are meant for criterion in other benchmarks and
//! passed over. The figures also go to `target/bench/ratios.json`.

use std::process::ExitCode;
use std::{env, fs};

use dechaff_benches::{Case, Result, Set, cases, exit, sets, turns};

fn main() -> ExitCode {
    exit("ratios", run_all())
}

fn run_all() -> Result<()> {
    let files = files()?;
    let sets = if files.is_empty() { sets::sets()? } else { vec![Set { name: "files", pages: files }] };
    turns::run("ratios", &cases(), &sets, Case::REFERENCE)
}

/// The files named as arguments; those with nothing in them are left out.
fn files() -> Result<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    for name in env::args_os().skip(1).filter(|arg| !arg.as_encoded_bytes().starts_with(b"-")) {
        let path = sets::called_from().join(name);
        if path.is_file() {
            files.push(fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))?);
        } else {
            eprintln!("{}: no file, passed over", path.display());
        }
    }
    files.retain(|page| !page.is_empty());
    Ok(files)
}
