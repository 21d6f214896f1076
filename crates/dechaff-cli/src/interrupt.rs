//! Ctrl-C leaves nothing behind: temporary files are removed before the run ends by a signal.

use std::collections::BTreeSet;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::{NamedTempFile, TempPath};

/// The temporary files that are there now.
static FILES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// Who waits for signals is needed once, and not before there is something to remove.
static WATCH: Once = Once::new();

/// The path of a temporary file that is removed when this is dropped, or when the run is interrupted.
#[derive(Debug)]
pub(crate) struct Guarded(Option<TempPath>);

/// Creates a temporary file with `make`. No signal can come between its creation and its entry in the list.
pub(crate) fn create<F>(make: impl FnOnce() -> io::Result<NamedTempFile<F>>) -> io::Result<(F, Guarded)> {
    WATCH.call_once(watch);
    let mut files = files();
    let (file, path) = make()?.into_parts();
    files.insert(path.to_path_buf());
    Ok((file, Guarded(Some(path))))
}

impl Guarded {
    /// Gives the file its name, in place of what had it.
    pub(crate) fn persist(mut self, target: &Path) -> io::Result<()> {
        let Some(path) = self.0.take() else { return Ok(()) };
        let name = path.to_path_buf();
        let done = path.persist(target);
        files().remove(&name);
        done.map_err(io::Error::from)
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if let Some(path) = self.0.take() {
            let name = path.to_path_buf();
            drop(path);
            files().remove(&name);
        }
    }
}

impl Deref for Guarded {
    type Target = Path;

    fn deref(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }
}

fn files() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    FILES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what is there. The list stays locked: no other file can come to be before the process ends.
#[cfg(unix)]
fn end(signal: i32) {
    let files = files();
    for path in &*files {
        let _ = std::fs::remove_file(path);
    }
    // By the signal itself: a shell stops its loop only if the program died of Ctrl-C.
    let _ = signal_hook::low_level::emulate_default_handler(signal);
    std::process::exit(128 + signal);
}

/// Waits for the signals that end a run. One that whoever started it has turned off stays off, as with `nohup`.
#[cfg(unix)]
fn watch() {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let ignored = ignored();
    let signals: Vec<_> = [SIGHUP, SIGINT, SIGTERM].into_iter().filter(|s| ignored & (1 << (s - 1)) == 0).collect();
    if let Ok(mut signals) = signal_hook::iterator::Signals::new(signals) {
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                end(signal);
            }
        });
    }
}

/// The signals that are ignored, a bit each. Where the system can't be asked, that is the one that `nohup` turns off:
/// whoever hangs up leaves a temporary file behind, which is better than a run that ends.
#[cfg(unix)]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(1 << (signal_hook::consts::SIGHUP - 1))
}

/// Elsewhere a temporary file may stay. What has its name is whole all the same.
#[cfg(not(unix))]
fn watch() {}
