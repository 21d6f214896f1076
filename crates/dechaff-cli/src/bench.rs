//! `dechaff bench`: how fast files are cleaned on this machine, compared with what does less.
//!
//! ```text
//! pages ──┐
//!         ├──► turns ──► table
//! cases ──┘
//! ```
#![cfg_attr(not(feature = "bench"), allow(unused))]

#[cfg(feature = "bench")]
mod case;
#[cfg(feature = "bench")]
mod growth;
#[cfg(feature = "bench")]
mod table;
#[cfg(feature = "bench")]
mod turns;

use crate::cli::commands::Bench;
use crate::exit::ExitCode;
use crate::failure::Failure;

/// Measures, and prints a table.
#[cfg(feature = "bench")]
pub(crate) fn run(args: &Bench) -> Result<ExitCode, Failure> {
    use std::time::{Duration, Instant};

    use case::Case;

    use crate::command::{print, tell};
    use crate::input::Input;

    let deadline = Instant::now() + Duration::from_secs(args.seconds.into());
    let asked = growth::asked();
    // Before a process measures its growth it does nothing that would make it grow.
    let check = asked.is_none().then(dechaff::Cleaner::new);
    let (mut pages, mut files, mut code) = (Vec::new(), Vec::new(), ExitCode::Success);
    for path in &args.files {
        let input = Input::new(path);
        let page = input.page().and_then(|page| match check.as_ref().map(|cleaner| cleaner.clean(&page)) {
            Some(Err(error)) => Err(Failure::page(&input, &error)),
            _ => Ok(page),
        });
        match page {
            Ok(page) if page.is_empty() => {}
            Ok(page) => {
                pages.push(page);
                files.push(path.clone());
            }
            // What has been said is not said again.
            Err(failure) if asked.is_none() => {
                tell(&failure);
                code = code.merge(failure.code());
            }
            Err(_) => {}
        }
    }
    if pages.is_empty() {
        return Err(Failure::usage("bench", "no page to measure with", "name files with HTML in them"));
    }
    if let Some(case) = asked {
        let growth = growth::own(case, &pages);
        return print(growth.map(|bytes| bytes.to_string()).unwrap_or_default());
    }
    let growths = Case::ALL.map(|case| growth::measure(case, &files));
    let turns = turns::compare(&pages, deadline);
    print(table::table(&turns, growths))?;
    Ok(code)
}

/// This tool was built without what it compares with.
#[cfg(not(feature = "bench"))]
pub(crate) fn run(_: &Bench) -> Result<ExitCode, Failure> {
    Err(Failure::usage("bench", "this dechaff was built without it", "build it with the feature: --features bench"))
}
