//! What is shown of a page besides the page: what went, what stayed, and why.
//!
//! A page is looked at where it was cleaned, on any thread: [`Views::see`] makes a [`Seen`] of its bytes and its report. When
//! its turn comes, `lane.rs` writes that. [`original`] keeps the bytes and reads them, [`markup`] tells text from tags and
//! [`excerpt`] takes the first words of it; [`explain`], [`diff`], [`html`] and [`tally`] each make one view.

mod diff;
pub(crate) mod excerpt;
mod explain;
pub(crate) mod html;
pub(crate) mod markup;
pub(crate) mod original;
pub(crate) mod tally;

use std::io::{self, IsTerminal};
use std::path::Path;

use dechaff::Report;

use crate::cli::seeing::Seeing;
use crate::color;
use crate::report::{Page, write_lines};
use excerpt::{count_words, first_words};
use original::Text;
use tally::Tally;

/// How long an excerpt is at most, in characters.
const EXCERPT: usize = 80;

/// Where something is said that is no file of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stream {
    /// Standard output, which carries no page then.
    Out,
    /// Standard error.
    Err,
}

/// Where lines of the report go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Lines {
    /// To standard output.
    Out,
    /// To where the report was opened.
    Report,
}

/// What is wanted of each page.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Views {
    /// Nothing is written but what is said here.
    pub(crate) dry_run: bool,
    /// Lines of JSON, and where they go.
    report: Option<Lines>,
    /// A line for each decision.
    explain: bool,
    /// A table in the end.
    pub(crate) stats: bool,
    /// The difference that it makes, and for whom.
    diff: Option<diff::Reader>,
    /// A page to look at. Of few pages, all is shown.
    html: Option<html::Extent>,
    /// Where that goes which is for people.
    pub(crate) stream: Stream,
    /// That is coloured.
    paint: bool,
}

impl Views {
    /// What the arguments ask for, with the `report` as it was named, for this number of inputs.
    pub(crate) fn new(seeing: &Seeing, diff: bool, report: Option<&Path>, inputs: usize) -> Self {
        let stream = if seeing.dry_run { Stream::Out } else { Stream::Err };
        let out = io::stdout().is_terminal();
        let terminal = if stream == Stream::Out { out } else { io::stderr().is_terminal() };
        let reader = if color::is_on(seeing.color, out) {
            diff::Reader::Eyes { paint: true }
        } else if out {
            diff::Reader::Eyes { paint: false }
        } else {
            diff::Reader::Patch
        };
        Self {
            dry_run: seeing.dry_run,
            report: report
                .map(|path| if seeing.dry_run && path.as_os_str() == "-" { Lines::Out } else { Lines::Report }),
            explain: seeing.explain,
            stats: seeing.stats,
            diff: diff.then_some(reader),
            html: seeing.html_report.as_ref().map(|_| html::Extent::of(inputs)),
            stream,
            paint: color::is_on(seeing.color, terminal),
        }
    }

    /// Whether standard output carries something else than pages.
    pub(crate) const fn mutes(&self) -> bool {
        self.dry_run || self.diff.is_some()
    }

    /// Whether the bytes of pages have to be kept.
    pub(crate) const fn needs_bytes(&self) -> bool {
        self.report.is_some() || self.explain || self.stats || self.diff.is_some() || self.html.is_some()
    }

    /// The table of what was counted.
    pub(crate) fn table(&self, tally: &Tally) -> String {
        tally.table(self.paint)
    }

    /// Looks at the page that had the bytes `original`, or began with them if it is very long.
    pub(crate) fn see(&self, page: Page<'_>, original: &[u8], report: &Report) -> Seen {
        let mut seen = Seen::default();
        if !self.needs_bytes() {
            return seen;
        }
        let text = Text::new(original, report);
        let excerpts = Excerpts::new(&text, report);
        if let Some(lines) = self.report {
            let lines = if lines == Lines::Out { &mut seen.out } else { &mut seen.report };
            write_lines(lines, page, report, &excerpts);
        }
        if self.explain {
            let lines = if self.stream == Stream::Out { &mut seen.out } else { &mut seen.err };
            explain::write(lines, page, report, &excerpts, self.paint);
        }
        if let Some(reader) = self.diff {
            diff::write(&mut seen.out, page, &text, report, reader);
            if report.bytes_in > original.len() as u64 {
                seen.left = Some("longer than what is kept in memory: the diff is not of all of it".to_owned());
            }
        }
        if let Some(extent) = self.html {
            html::write(&mut seen.html, page, &text, report, &excerpts, extent);
        }
        if self.stats || self.html.is_some() {
            seen.tally.add(&text, report);
        }
        seen
    }
}

/// What is to be said of some pages, ready to be written.
#[derive(Default, Debug)]
pub(crate) struct Seen {
    /// Lines of the report.
    pub(crate) report: Vec<u8>,
    /// What goes to standard output instead of pages.
    pub(crate) out: Vec<u8>,
    /// What goes to standard error.
    pub(crate) err: Vec<u8>,
    /// Sections of the report for browsers.
    pub(crate) html: Vec<u8>,
    /// What is counted.
    pub(crate) tally: Tally,
    /// What could not be shown, and why.
    pub(crate) left: Option<String>,
}

impl Seen {
    /// Adds what is to be said of pages that come later.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.report.append(&mut other.report);
        self.out.append(&mut other.out);
        self.err.append(&mut other.err);
        self.html.append(&mut other.html);
        self.tally.append(other.tally);
        self.left = self.left.take().or(other.left);
    }
}

/// The first words of each element in a report. There are none of what lies beyond the bytes that were kept.
pub(crate) struct Excerpts {
    /// Of its cuts, in their order.
    pub(crate) cuts: Vec<Option<Excerpt>>,
    /// Of its declines, in theirs.
    pub(crate) declines: Vec<Option<Excerpt>>,
}

/// How an element begins.
pub(crate) struct Excerpt {
    /// The first words of its text. It may have none.
    pub(crate) words: String,
    /// Its start tag, shortened.
    pub(crate) tag: String,
}

impl Excerpts {
    fn new(text: &Text<'_>, report: &Report) -> Self {
        let excerpt = |range| {
            let markup = text.get(range)?;
            Some(Excerpt { words: first_words(markup, EXCERPT), tag: excerpt::start_tag(markup, EXCERPT) })
        };
        Self {
            cuts: report.cuts.iter().map(|cut| excerpt(&cut.range)).collect(),
            declines: report.declines.iter().map(|decline| excerpt(&decline.range)).collect(),
        }
    }
}

/// The words of the element at `range`, where it was kept in memory.
fn words(text: &Text<'_>, range: &std::ops::Range<u64>) -> u64 {
    text.get(range).map_or(0, count_words)
}

/// A number with commas, as in `14,413`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How much `part` is of `all`, in per cent.
#[allow(clippy::cast_precision_loss, reason = "one digit is shown")]
pub(crate) fn percent(part: u64, all: u64) -> String {
    format!("{:.1} %", if all == 0 { 0.0 } else { part as f64 * 100.0 / all as f64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        let numbers = [0, 7, 999, 1000, 14_413, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "7", "999", "1,000", "14,413", "1,234,567"]);
        assert_eq!([percent(1, 8), percent(0, 0)], ["12.5 %", "0.0 %"]);
    }
}
