//! What rules of the user's own cost: 0, 30, 3,000 and 30,000 of them beside the built-in ones, in turns on the same pages, and the
//! time until they are read and compiled.
//!
//! `cargo bench --bench rules`; `DECHAFF_BENCH_DIR=FOLDER` takes your own pages. The rules come as a filter list: ids and classes
//! alone, and then as real lists are, where one in five asks for an attribute, for two classes at once or for what is around
//! an element. They pick nothing: what is measured is to find that out.

use std::fmt::Write;
use std::process::ExitCode;
use std::time::Instant;

use dechaff::{Cleaner, FilterList};
use dechaff_benches::cleaners::clean_with;
use dechaff_benches::random::Random;
use dechaff_benches::{Case, Result, exit, sets, turns};

/// How many rules, with the names of the two cases.
const COUNTS: [(usize, &str, &str); 3] =
    [(30, "names-30", "mixed-30"), (3_000, "names-3000", "mixed-3000"), (30_000, "names-30000", "mixed-30000")];

fn main() -> ExitCode {
    exit("rules", run())
}

fn run() -> Result<()> {
    let mut cases = vec![clean_with("no-rules", Cleaner::new())];
    println!("{:<12} {:>8} {:>12} {:>12}", "rules", "count", "read, ms", "compiled, ms");
    for (count, names, mixed) in COUNTS {
        for (name, plain) in [(names, true), (mixed, false)] {
            cases.push(compile(name, &filters(count, plain))?);
        }
    }
    turns::run("rules", &cases, &sets::sets()?, "no-rules")
}

/// A cleaner with the rules of `list`, as a case. Prints how long it took to get there.
fn compile(name: &'static str, list: &str) -> Result<Case> {
    let start = Instant::now();
    let filters = FilterList::parse("bench", list)?;
    let (count, read) = (filters.len(), start.elapsed());
    let start = Instant::now();
    let cleaner = Cleaner::builder().filter_list(filters).build();
    let milliseconds = |time: std::time::Duration| time.as_secs_f64() * 1e3;
    println!("{name:<12} {count:>8} {:>12.1} {:>12.1}", milliseconds(read), milliseconds(start.elapsed()));
    Ok(clean_with(name, cleaner))
}

/// A filter list of `count` rules. `plain`: ids and classes alone.
fn filters(count: usize, plain: bool) -> String {
    const WORDS: [&str; 16] = [
        "ad",
        "ads",
        "banner",
        "block",
        "box",
        "container",
        "footer",
        "header",
        "item",
        "main",
        "promo",
        "sidebar",
        "slot",
        "sponsor",
        "widget",
        "wrap",
    ];
    let mut random = Random::new(30_000);
    let mut list = String::new();
    for i in 0..count {
        let mut word = || WORDS[random.below(WORDS.len())];
        let (a, b) = (word(), word());
        let _ = match if plain { i % 10 } else { i % 20 } {
            4 => writeln!(list, "###{a}-{b}-{i}"),
            15 => writeln!(list, "##[class^=\"{a}-{b}-{i}\"]"),
            16 => writeln!(list, "##a[href*=\"//{a}.{b}{i}.example/\"]"),
            17 => writeln!(list, "##.{a}-{i}.{b}"),
            18 => writeln!(list, "##.{a}-{b}-{i} > div"),
            19 => writeln!(list, "##.{a}-{i} .{b}-{i}"),
            _ => writeln!(list, "##.{a}-{b}-{i}"),
        };
    }
    list
}
