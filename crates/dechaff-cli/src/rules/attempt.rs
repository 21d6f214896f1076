//! What a selector picks in a page.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use dechaff::{Cleaner, CleanerBuilder, Cut, Decline, Selector};
use encoding_rs::Encoding;

use crate::changing::selector;
use crate::command::print;
use crate::exit::ExitCode;
use crate::failure::{Failure, harmless};
use crate::input::Input;
use crate::seeing::excerpt::first_words;

/// How many characters of an element's text are shown.
const SHOWN: usize = 50;
/// How often the page is cleaned at most, to find where elements end that lie inside others.
const RUNS: usize = 1_000;

/// Prints a line for each element that a selector picks in the page at `path`.
pub(super) fn attempt(text: &str, path: &Path) -> Result<ExitCode, Failure> {
    let selector = selector("SELECTOR", text)?;
    let input = Input::new(path);
    let page = input.page()?;
    let found = Found::find(&page, &selector).map_err(|error| Failure::page(&input, &error))?;
    print(found.lines(&page))
}

/// What a selector picks.
struct Found {
    /// By where they begin.
    elements: BTreeMap<u64, Element>,
    encoding: &'static Encoding,
}

struct Element {
    tag: String,
    end: End,
}

enum End {
    /// Where it ends.
    At(u64),
    /// It would stay, for this reason.
    Stays(&'static str),
    /// It was not looked for to the last.
    Unknown,
}

impl Found {
    /// All that `selector` picks in `page`. What is inside of a cut, no report tells. But nothing is cut if it is kept as well,
    /// which shows where elements begin; and with a bound that larger ones outgrow, the smaller ones in them are cut, which
    /// shows where they end.
    fn find(page: &[u8], selector: &Selector) -> Result<Self, dechaff::Error> {
        let (_, report) = bare(u64::MAX).remove(selector.clone()).keep(selector.clone()).build().clean(page)?;
        let encoding = Encoding::for_label(report.encoding.name.as_bytes()).unwrap_or(encoding_rs::UTF_8);
        let begun = |decline: Decline| (decline.range.start, Element { tag: decline.tag.into(), end: End::Unknown });
        let mut elements: BTreeMap<u64, Element> = report.declines.into_iter().map(begun).collect();
        let mut bound = u64::MAX;
        for _ in 0..RUNS {
            let (_, report) = bare(bound).remove(selector.clone()).build().clean(page)?;
            if bound == u64::MAX {
                for decline in report.declines {
                    let element = Element { tag: decline.tag.into(), end: End::Stays(decline.reason.name()) };
                    elements.insert(decline.range.start, element);
                }
            }
            for cut in &report.cuts {
                let element = Element { tag: cut.tag.to_string(), end: End::At(cut.range.end) };
                elements.insert(cut.range.start, element);
            }
            let open = |cut: &&Cut| {
                let mut inside = elements.range(cut.range.clone());
                inside.any(|(_, element)| matches!(element.end, End::Unknown))
            };
            let sizes = report.cuts.iter().filter(open).map(|cut| cut.range.end - cut.range.start);
            let Some(largest) = sizes.max() else { break };
            bound = bound.min(largest) - 1;
        }
        Ok(Self { elements, encoding })
    }

    /// A line for each.
    fn lines(&self, page: &[u8]) -> String {
        let mut text = String::new();
        for (&start, Element { tag, end }) in &self.elements {
            let last = if let End::At(end) = end { *end as usize } else { page.len() };
            // Words of markup come between those of text: what is shown fits in many times as much.
            let bytes = &page[start as usize..last.min(start as usize + (SHOWN << 8))];
            let (markup, _) = self.encoding.decode_without_bom_handling(bytes);
            let words = harmless(&first_words(&markup, SHOWN));
            let _ = match end {
                End::At(end) => writeln!(text, "{start}..{end}  {tag}  {words}"),
                End::Stays(reason) => writeln!(text, "{start}..  {tag}  {words}  (would stay: {reason})"),
                End::Unknown => writeln!(text, "{start}..  {tag}  {words}"),
            };
        }
        text
    }
}

/// Cuts nothing but what is asked for, up to `bound` bytes of it, and however much it is.
fn bare(bound: u64) -> CleanerBuilder {
    let builder = Cleaner::builder().categories([]).text_evidence(false);
    builder.max_element_bytes(u64::MAX).max_held_bytes(bound).max_report_entries(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(page: &str, selector: &str) -> String {
        Found::find(page.as_bytes(), &selector.parse().unwrap()).unwrap().lines(page.as_bytes())
    }

    #[test]
    fn elements_inside_each_other_all_have_a_line() {
        let page = "<div>one <div>two <p>three</p></div><div>four</div></div><p>five<table><tr class=x><td>six</table>";
        assert_eq!(
            find(page, "div, tr"),
            "0..57  div  one two three four\n9..36  div  two three\n36..51  div  four\n\
             71..  tr  six  (would stay: changed-start)\n"
        );
        assert_eq!(find(page, "b"), "");
        let deep = format!("<p>a{}x{}", "<div>".repeat(12), "</div>".repeat(12));
        let ends: Vec<_> = find(&deep, "div").lines().map(|line| line.split("  ").next().unwrap().to_owned()).collect();
        let want: Vec<_> = (0..12).map(|n| format!("{}..{}", 4 + 5 * n, deep.len() - 6 * n)).collect();
        assert_eq!(ends, want);
    }
}
