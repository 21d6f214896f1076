//! Cleans a file and says on standard error what was cut, what stayed, and why.
//!
//! ```sh
//! cargo run --release -p dechaff --example file -- page.html > clean.html
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let path = env::args_os().nth(1).ok_or("name a file")?;
    let (clean, report) = dechaff::clean(&fs::read(path)?)?;
    io::stdout().write_all(&clean)?;

    for cut in &report.cuts {
        eprintln!("cut  {:14} <{}> at {:?} by {}", cut.category, cut.tag, cut.range, cut.rule);
    }
    for decline in &report.declines {
        eprintln!("kept {:14} <{}> at {:?}: {}", decline.category, decline.tag, decline.range, decline.reason);
    }
    if let Some(stop) = &report.stop {
        eprintln!("nothing was cut after byte {}: {}", stop.offset, stop.reason);
    }
    Ok(())
}
