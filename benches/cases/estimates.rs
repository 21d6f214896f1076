//! What criterion found out, read from the files it leaves in `target/criterion`.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use walkdir::WalkDir;

use crate::Result;

/// What criterion says of one benchmark.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The group: here, the name of a set of pages.
    pub group: String,
    /// What was measured: here, a case.
    pub function: String,
    /// With what: here, the size of the chunks. Empty if criterion was told none.
    pub value: String,
    /// Bytes of input, if it was told.
    pub bytes: Option<u64>,
    /// The median time, in nanoseconds.
    pub nanoseconds: f64,
    /// When it was measured.
    pub when: SystemTime,
}

impl Estimate {
    /// MB (10^6 bytes) of input in a second.
    #[must_use]
    pub fn megabytes_per_second(&self) -> Option<f64> {
        self.bytes.map(|bytes| bytes as f64 * 1e3 / self.nanoseconds)
    }
}

/// All estimates in a folder, the newest of each benchmark, by path.
///
/// # Errors
///
/// A file can't be read or is not what criterion 0.8 writes. No folder is no error: nothing has been measured then.
pub fn read(folder: &Path) -> Result<Vec<Estimate>> {
    #[derive(Deserialize)]
    struct Benchmark {
        group_id: String,
        function_id: Option<String>,
        value_str: Option<String>,
        throughput: Option<Throughput>,
    }
    #[derive(Deserialize)]
    struct Throughput {
        #[serde(rename = "BytesDecimal")]
        bytes: Option<u64>,
    }
    #[derive(Deserialize)]
    struct Estimates {
        median: Median,
    }
    #[derive(Deserialize)]
    struct Median {
        point_estimate: f64,
    }
    fn parse<T: DeserializeOwned>(path: &Path) -> Result<T> {
        let text = fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Ok(serde_json::from_str(&text).map_err(|e| format!("{}: {e}", path.display()))?)
    }

    let mut found = Vec::new();
    if !folder.exists() {
        return Ok(found);
    }
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry?;
        if !entry.path().ends_with("new/estimates.json") {
            continue;
        }
        let estimates: Estimates = parse(entry.path())?;
        let benchmark: Benchmark = parse(&entry.path().with_file_name("benchmark.json"))?;
        found.push(Estimate {
            group: benchmark.group_id,
            function: benchmark.function_id.unwrap_or_default(),
            value: benchmark.value_str.unwrap_or_default(),
            bytes: benchmark.throughput.and_then(|throughput| throughput.bytes),
            nanoseconds: estimates.median.point_estimate,
            when: entry.metadata()?.modified()?,
        });
    }
    Ok(found)
}
