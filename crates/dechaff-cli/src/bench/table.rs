//! The figures as a table.

use std::fmt::Write;

use super::case::Case;
use super::turns::Turns;
use crate::changing::grouped;

/// All that was measured, for people. `growths` are bytes, in the order of [`Case::ALL`].
pub(super) fn table(turns: &Turns, growths: [Option<u64>; 4]) -> String {
    let mut text = String::new();
    let pages = plural(turns.pages, "page");
    let (bytes, took) = (size(turns.bytes as f64), turns.took.as_secs_f64());
    let _ = writeln!(text, "{pages}, {bytes}; {} in {took:.1} s\n", plural(turns.rounds, "round"));
    let head = ["MB/s", "of copying", "of lol_html", "bytes cut", "cuts", "peak memory"];
    let _ = writeln!(text, "{:27}{}", "", head.map(|name| format!("  {name:>11}")).concat());
    let [copy, pass_through, ..] = &turns.figures;
    for ((case, figure), growth) in Case::ALL.iter().zip(&turns.figures).zip(growths) {
        let cleans = !matches!(case, Case::Copy | Case::PassThrough);
        let count = |number: usize| if cleans { grouped(number) } else { String::new() };
        let row = [
            rounded(figure.speed / 1e6),
            rounded(figure.speed / copy.speed),
            rounded(figure.speed / pass_through.speed),
            count(figure.cut.bytes as usize),
            count(figure.cut.elements),
            growth.map_or_else(|| "?".to_owned(), |bytes| size(bytes as f64)),
        ];
        let _ = writeln!(text, "{:27}{}", case.label(), row.map(|cell| format!("  {cell:>11}")).concat());
    }
    text.push('\n');
    text.push_str(if growths.iter().all(Option::is_some) {
        "MB are 10^6 bytes. Peak memory: by how much the resident size of a process of its own grew\n\
         while it cleaned all pages once, compiled rules included, the pages themselves left out.\n"
    } else {
        "MB are 10^6 bytes. Peak memory was not measured: that needs files, and Linux.\n"
    });
    text
}

/// How many of something there are.
fn plural(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(count)) }
}

/// A number, with as many digits as tell something.
fn rounded(number: f64) -> String {
    match number {
        ..0.01 => format!("{number:.4}"),
        ..0.1 => format!("{number:.3}"),
        ..10.0 => format!("{number:.2}"),
        ..100.0 => format!("{number:.1}"),
        _ => grouped(number.round() as usize),
    }
}

/// A number of bytes: `150 KB`. KB is 10^3 bytes, MB 10^6.
fn size(bytes: f64) -> String {
    let unit = |amount: f64, unit: &str| format!("{amount:.*} {unit}", usize::from(amount < 9.95));
    match bytes {
        ..1e3 => format!("{bytes:.0} bytes"),
        ..1e6 => unit(bytes / 1e3, "KB"),
        ..1e9 => unit(bytes / 1e6, "MB"),
        _ => unit(bytes / 1e9, "GB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_digits_that_count() {
        assert_eq!(
            [0.00123, 0.0123, 0.987, 9.5, 42.24, 12_345.6].map(rounded),
            ["0.0012", "0.012", "0.99", "9.50", "42.2", "12,346"]
        );
        assert_eq!([12.0, 1_234.0, 56_789.0, 1.5e6].map(size), ["12 bytes", "1.2 KB", "57 KB", "1.5 MB"]);
    }
}
