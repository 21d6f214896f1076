//! How fast dechaff is compared with other ways to take chaff out of a page, on the same bytes in the same run, in turns.
//!
//! `cargo bench --features peers --bench peers`; `DECHAFF_BENCH_DIR=FOLDER` takes your own pages. What the others do is in
//! `cases/parsers.rs` and `cases/rewriters.rs`. They do less: thirty selectors (`cases/selectors.rs`) where dechaff has its
//! rules, no text, no look at what a cut would do to the rest of the page. The figures also go to `target/bench/peers.json`,
//! from which the chart is made.

use std::env;
use std::process::ExitCode;

use dechaff_benches::{Result, cases_and_peers, exit, results, sets, turns};

fn main() -> ExitCode {
    exit("peers", run_all())
}

fn run_all() -> Result<()> {
    // Without it we run as a test (`cargo test --all-targets`): whether it works, not how fast.
    let measure = env::args_os().any(|arg| arg == "--bench");
    let cases = cases_and_peers();
    let sets = sets::sets()?;
    if !measure {
        sets.iter().try_for_each(|set| turns::try_all(set, &cases))?;
        println!("all cases run");
        return Ok(());
    }
    let mut figures = Vec::new();
    for set in &sets {
        let set = turns::compare(set, &cases)?;
        set.print("dechaff");
        figures.push(set);
    }
    results::save("peers", figures)
}
