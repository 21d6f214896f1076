//! What was measured, and where: files in `target/bench`, from which the table and the picture are made.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Case, Result};

/// What a run found out, with what is to be known about the run.
#[derive(Debug, Deserialize, Serialize)]
pub struct Measured<T> {
    /// Where it ran.
    pub machine: Machine,
    /// What it found, in the order of the run.
    pub figures: Vec<T>,
}

/// A machine, and what ran on it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Machine {
    /// The processor's own name.
    pub processor: String,
    /// The version of the compiler.
    pub rustc: String,
    /// Versions of dechaff and of what it is compared with.
    pub versions: BTreeMap<String, String>,
}

/// Speeds on one set of pages.
#[derive(Debug, Deserialize, Serialize)]
pub struct SetFigures {
    /// The name of the set.
    pub name: String,
    /// How many pages it has.
    pub pages: usize,
    /// Bytes of all of them.
    pub bytes: usize,
    /// How often each case had its turn.
    pub rounds: usize,
    /// The cases, from those that do the least.
    pub cases: Vec<CaseFigure>,
}

/// The speed of one case.
#[derive(Debug, Deserialize, Serialize)]
pub struct CaseFigure {
    /// The name of the case.
    pub name: String,
    /// MB (10^6 bytes) of input in a second.
    pub megabytes_per_second: f64,
}

/// What one case needs for one input.
#[derive(Debug, Deserialize, Serialize)]
pub struct MemoryFigure {
    /// The name of the case.
    pub case: String,
    /// Bytes of input, all in all.
    pub bytes: u64,
    /// The most bytes on the heap at a time that were not there before.
    pub peak: usize,
    /// Bytes of input that had been read when the first byte came out, if it comes in one by one.
    pub first_after: u64,
    /// Microseconds from the first byte read to the first byte out, in the chunks of the run.
    pub first_micros: f64,
}

impl SetFigures {
    /// Its speed, if the case was measured.
    #[must_use]
    pub fn speed(&self, case: &str) -> Option<f64> {
        self.cases.iter().find(|figure| figure.name == case).map(|figure| figure.megabytes_per_second)
    }

    /// Prints a table. Ratios are speeds compared with `reference`.
    pub fn print(&self, reference: &str) {
        let base = self.speed(reference).unwrap_or(f64::NAN);
        println!("{}: {} page(s), {:.1} KB, {} rounds", self.name, self.pages, self.bytes as f64 / 1e3, self.rounds);
        println!("  {:<40} {:>9} {:>8}", "case", "MB/s", "ratio");
        for CaseFigure { name, megabytes_per_second: speed } in &self.cases {
            println!("  {:<40} {speed:>9.1} {:>8.2}", Case::label(name), speed / base);
        }
        println!("  ratio: speed, compared with {}\n", Case::label(reference));
    }
}

impl Machine {
    /// This one.
    ///
    /// # Errors
    ///
    /// The lock file that this was built with does not name what it should.
    pub fn this() -> Result<Self> {
        Ok(Self { processor: processor(), rustc: env!("BENCH_RUSTC").to_owned(), versions: versions()? })
    }

    /// All of it in a line.
    #[must_use]
    pub fn describe(&self) -> String {
        let versions: Vec<_> = self.versions.iter().map(|(name, version)| format!("{name} {version}")).collect();
        format!("{}; rustc {}; {}", self.processor, self.rustc, versions.join(", "))
    }
}

/// The processor's own name, where the system tells it (Linux), else its architecture.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let line = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    line.map_or_else(|| env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// The versions in the lock file.
fn versions() -> Result<BTreeMap<String, String>> {
    #[derive(Deserialize)]
    struct Lock {
        package: Vec<Package>,
    }
    #[derive(Deserialize)]
    struct Package {
        name: String,
        version: String,
    }
    const WANTED: [&str; 4] = ["dechaff", "lol_html", "html5ever", "dom_query"];
    let lock: Lock = toml::from_str(include_str!("../../Cargo.lock"))?;
    let found: BTreeMap<_, _> = lock
        .package
        .into_iter()
        .filter(|package| WANTED.contains(&&*package.name))
        .map(|package| (package.name, package.version))
        .collect();
    if found.len() == WANTED.len() { Ok(found) } else { Err(format!("Cargo.lock: not all of {WANTED:?}").into()) }
}

/// Cargo's target folder, in which this program is.
///
/// # Errors
///
/// The system does not say where this program is.
pub fn target() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let target = program.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    Ok(target.ok_or("this program is in no target folder of cargo's")?.to_owned())
}

/// Writes `target/bench/NAME.json`.
///
/// # Errors
///
/// It can't be written.
pub fn save<T: Serialize>(name: &str, figures: Vec<T>) -> Result<()> {
    let folder = target()?.join("bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join(name).with_extension("json");
    let measured = Measured { machine: Machine::this()?, figures };
    fs::write(&path, serde_json::to_vec_pretty(&measured)?).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(())
}

/// Reads `NAME.json` in `folder`, as [`save`] writes it. None if there is no such file.
///
/// # Errors
///
/// It can't be read, or something else is in it.
pub fn load<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<Option<Measured<T>>> {
    let path = folder.join(name).with_extension("json");
    if !path.exists() {
        return Ok(None);
    }
    let text = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    Ok(Some(
        serde_json::from_str(&text)
            .map_err(|e| format!("{}: {e}\nhint: remove it, and measure again", path.display()))?,
    ))
}
