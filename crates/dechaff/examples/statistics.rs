//! Cleans files, several at a time, and counts with an observer what was cut and what stayed, and why. The pages are not kept.
//!
//! ```sh
//! cargo run --release -p dechaff --example statistics -- corpus/*/source.html
//! ```

use std::collections::{BTreeMap, VecDeque};
use std::error::Error;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::{env, io, thread};

use dechaff::{Category, Cleaner, Decision};

/// What is counted: by category and rule, elements and bytes that went; by reason, elements that stayed.
#[derive(Default)]
struct Statistics {
    cuts: BTreeMap<(Category, String), (u64, u64)>,
    declines: BTreeMap<(Category, &'static str), u64>,
    stops: u64,
}

impl Statistics {
    fn note(&mut self, decision: Decision<'_>) {
        match decision {
            Decision::Cut(cut) => {
                let (count, bytes) = self.cuts.entry((cut.category, cut.rule.to_string())).or_default();
                *count += 1;
                *bytes += cut.range.end - cut.range.start;
            }
            Decision::Decline(decline) => {
                *self.declines.entry((decline.category, decline.reason.name())).or_default() += 1;
            }
            Decision::Stop(_) => self.stops += 1,
            // There may be more in later versions.
            _ => {}
        }
    }
}

fn clean(cleaner: &Cleaner, path: &PathBuf) -> Result<(), Box<dyn Error>> {
    let mut reader = cleaner.reader(File::open(path)?);
    io::copy(&mut reader, &mut io::sink())?;
    reader.finish()?;
    Ok(())
}

fn main() {
    let statistics = Arc::<Mutex<Statistics>>::default();
    let noted = Arc::clone(&statistics);
    let cleaner = Cleaner::builder()
        .categories(Category::ALL)
        .observer(move |decision| noted.lock().expect("nobody panics").note(decision))
        .build();

    let files: Mutex<VecDeque<_>> = Mutex::new(env::args_os().skip(1).map(PathBuf::from).collect());
    let next = || files.lock().expect("nobody panics").pop_front();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(path) = next() {
                    if let Err(error) = clean(&cleaner, &path) {
                        eprintln!("{}: {error}", path.display());
                    }
                }
            });
        }
    });

    let statistics = statistics.lock().expect("nobody panics");
    for ((category, rule), (count, bytes)) in &statistics.cuts {
        println!("cut {category} {rule}: {count}, {bytes} bytes");
    }
    for ((category, reason), count) in &statistics.declines {
        println!("kept {category}, {reason}: {count}");
    }
    println!("stopped: {}", statistics.stops);
}
