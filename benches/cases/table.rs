//! The figures as Markdown, and where they go in the README.

use std::fmt::Write;

use crate::estimates::Estimate;
use crate::results::{Machine, MemoryFigure, SetFigures};
use crate::{Case, Result};

/// Where the text begins in the README, and where it ends.
const MARKERS: (&str, &str) = ("<!-- speed -->", "<!-- /speed -->");
/// What ratios are taken to.
const BASE: &str = "dechaff";

/// All that was measured. Sets are columns, cases are rows; the last column compares speeds on the set called `main`.
#[must_use]
pub fn markdown(
    machine: &Machine,
    sets: &[SetFigures],
    main: &SetFigures,
    compile: &[Estimate],
    memory: &[MemoryFigure],
) -> String {
    let mut text = String::from("| MB/s |");
    for set in sets {
        let pages = if set.pages == 1 { String::new() } else { format!("{} pages, ", set.pages) };
        let _ = write!(text, " {}: {pages}{} |", set.name, size(set.bytes as f64));
    }
    let _ = write!(text, " {} on {} = 1 |\n|---|", BASE, main.name);
    text.push_str(&"--:|".repeat(sets.len() + 1));
    text.push('\n');
    for figure in &main.cases {
        let _ = write!(text, "| {} |", label(&figure.name));
        for set in sets {
            let speed = set.speed(&figure.name).map_or_else(|| "-".to_owned(), grouped);
            let _ = write!(text, " {speed} |");
        }
        let ratio = main.speed(BASE).map_or_else(|| "-".to_owned(), |base| ratio(figure.megabytes_per_second / base));
        let _ = writeln!(text, " {ratio} |");
    }
    if !memory.is_empty() {
        text.push_str(
            "\n| memory | input | most on the heap | first byte out after | that is |\n|---|--:|--:|--:|--:|\n",
        );
        for figure in memory {
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} bytes of input | {:.1} \u{b5}s |",
                label(&figure.case),
                size(figure.bytes as f64),
                size(figure.peak as f64),
                figure.first_after,
                figure.first_micros
            );
        }
    }
    if !compile.is_empty() {
        let times: Vec<_> = compile
            .iter()
            .map(|estimate| format!("{:.1} ms ({})", estimate.nanoseconds / 1e6, label(&estimate.function)))
            .collect();
        let _ = writeln!(text, "\nTime until a `Cleaner` is ready: {}.", times.join(", "));
    }
    let _ = writeln!(text, "\n{}.", machine.describe());
    text
}

/// `readme` with `text` between the markers.
///
/// # Errors
///
/// One of the markers is missing, or they are in the wrong order.
pub fn insert(readme: &str, text: &str) -> Result<String> {
    let (open, close) = MARKERS;
    let found = readme.split_once(open).and_then(|(before, rest)| Some((before, rest.split_once(close)?.1)));
    let (before, after) = found.ok_or_else(|| {
        format!("no place for the table\nhint: put {open} and, after it, {close} on lines of their own")
    })?;
    Ok(format!("{before}{open}\n{text}{close}{after}"))
}

/// A case, as Markdown.
fn label(name: &str) -> String {
    Case::label(name).replace('<', "`<`")
}

/// A ratio, with as many digits as tell something.
fn ratio(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}") } else { grouped(ratio) }
}

/// A number of bytes: `150 KB`. KB is 10^3 bytes, MB 10^6.
pub(crate) fn size(bytes: f64) -> String {
    let unit = |amount: f64, unit: &str| format!("{amount:.*} {unit}", usize::from(amount < 9.95));
    if bytes < 1e3 {
        format!("{bytes:.0} bytes")
    } else if bytes < 1e6 {
        unit(bytes / 1e3, "KB")
    } else {
        unit(bytes / 1e6, "MB")
    }
}

/// A number without a fraction, with commas: `14,600`.
pub(crate) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
