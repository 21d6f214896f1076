//! How fast dechaff is compared with other ways to take chaff out of a page, on the same bytes in the same run, in turns.
//!
//! `cargo bench --features peers --bench peers`; `DECHAFF_BENCH_DIR=FOLDER` takes your own pages. What the others do is in
//! `cases/parsers.rs` and `cases/rewriters.rs`. They do less: thirty selectors (`cases/selectors.rs`) where dechaff has its
//! rules, no text, no look at what a cut would do to the rest of the page. The figures also go to `target/bench/peers.json`,
//! from which the chart is made.

use std::process::ExitCode;

use dechaff_benches::{cases_and_peers, exit, sets, turns};

fn main() -> ExitCode {
    exit("peers", sets::sets().and_then(|sets| turns::run("peers", &cases_and_peers(), &sets, "dechaff")))
}
