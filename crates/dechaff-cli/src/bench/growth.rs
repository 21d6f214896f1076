//! By how much a process grows that cleans pages. Each case has a process of its own: memory that was used once is used again,
//! and a second case would seem to need none.

use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::case::Case;

/// What tells a process that all it has to do is to measure its growth, by the name of a case.
const ASKED: &str = "DECHAFF_BENCH_GROWTH";

/// The case with which this process is to measure its own growth, if it is one that another one started for that.
pub(super) fn asked() -> Option<Case> {
    let name = env::var(ASKED).ok()?;
    Case::ALL.into_iter().find(|case| case.name() == name)
}

/// Runs this program again with one case, over `files` once. Gives the growth in bytes, where it can be told.
pub(super) fn measure(case: Case, files: &[PathBuf]) -> Option<u64> {
    // Standard input can't be read twice.
    if !cfg!(target_os = "linux") || files.iter().any(|file| file.as_os_str() == "-") {
        return None;
    }
    let mut command = Command::new(env::current_exe().ok()?);
    command.args(["bench", "--"]).args(files).env(ASKED, case.name()).stdin(Stdio::null()).stderr(Stdio::null());
    let output = command.output().ok()?;
    str::from_utf8(&output.stdout).ok()?.parse().ok()
}

/// The growth of this process: the most that was resident while all pages went through, without what was resident before,
/// the pages themselves. Nothing that comes out is kept.
pub(super) fn own(case: Case, pages: &[Vec<u8>]) -> Option<u64> {
    let before = peak()?;
    let ready = case.ready();
    for page in pages {
        ready.run(page, &mut io::sink()).ok()?;
    }
    Some(peak()?.saturating_sub(before))
}

/// The most bytes that were resident at a time in this process.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}
