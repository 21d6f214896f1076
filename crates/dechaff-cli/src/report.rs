//! The report as JSON Lines: one object for each thing that was decided.
//!
//! The structs are the format. They are apart from the library's own so that neither binds the other. Lines are made where a
//! page is cleaned; they are written when its turn comes.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use dechaff::Report;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use crate::failure::is_harmful;
use crate::output::OutFile;
use crate::seeing::{Excerpt, Excerpts};

/// Where the lines go.
#[derive(Debug)]
pub(crate) enum ReportWriter {
    /// At once to standard error: standard output carries pages only.
    Stderr,
    /// To a file that appears at the end of the run.
    File(Box<OutFile>),
}

impl ReportWriter {
    /// Starts the report that the argument names.
    pub(crate) fn create(argument: &Path) -> io::Result<Self> {
        if argument.as_os_str() == "-" {
            Ok(Self::Stderr)
        } else {
            OutFile::create(argument).map(|file| Self::File(Box::new(file)))
        }
    }

    /// Adds lines.
    pub(crate) fn add(&mut self, lines: &[u8]) -> io::Result<()> {
        match self {
            // As with standard output: a reader that has seen enough is no error.
            Self::Stderr => match io::stderr().write_all(lines) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                done => done,
            },
            Self::File(file) => file.write_all(lines),
        }
    }

    /// Ends the report.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Stderr => Ok(()),
            Self::File(file) => file.commit(None),
        }
    }
}

/// Which page a line is about. It comes first in each.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Page<'a> {
    /// The input as it was named.
    pub(crate) input: &'a str,
    /// The number of the record or line, from 1, where an input has several pages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) record: Option<u64>,
    /// The field of the line that the page stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) field: Option<&'a str>,
    /// The page's address, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<&'a str>,
}

impl Page<'_> {
    /// What people call it: the input, and where in it the page is: `crawl.warc:3`, `pages.jsonl:7:html`.
    pub(crate) fn label(&self) -> String {
        let mut label = self.input.to_owned();
        if let Some(record) = self.record {
            let _ = write!(label, ":{record}");
        }
        if let Some(field) = self.field {
            let _ = write!(label, ":{field}");
        }
        label
    }
}

/// Adds the lines of one page to `text`.
pub(crate) fn write_lines(text: &mut Vec<u8>, page: Page<'_>, report: &Report, excerpts: &Excerpts) {
    for line in lines(page, report, excerpts) {
        // Neither the structs nor a vector can fail.
        let _ = line.serialize(&mut Serializer::with_formatter(&mut *text, Harmless));
        text.push(b'\n');
    }
}

/// Writes JSON as it is short, with escapes also for what a terminal acts on: the report may be shown on one.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_harmful(*c)) {
            writer.write_all(&rest.as_bytes()[..at])?;
            write!(writer, "\\u{:04x}", u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// One line.
#[derive(Serialize)]
#[serde(tag = "type", content = "data", rename_all = "lowercase")]
enum Line<'a> {
    Cut(Element<'a>),
    Decline(Declined<'a>),
    Stop(Stop<'a>),
    Summary(Summary<'a>),
}

/// An element that a rule picked.
#[derive(Serialize)]
struct Element<'a> {
    #[serde(flatten)]
    page: Page<'a>,
    category: &'a str,
    rule: &'a str,
    tag: &'a str,
    start: u64,
    end: u64,
    /// The first words of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// One that stayed.
#[derive(Serialize)]
struct Declined<'a> {
    #[serde(flatten)]
    element: Element<'a>,
    reason: &'a str,
}

/// Where cutting stopped.
#[derive(Serialize)]
struct Stop<'a> {
    #[serde(flatten)]
    page: Page<'a>,
    offset: u64,
    reason: &'a str,
}

/// The end of a page.
#[derive(Serialize)]
struct Summary<'a> {
    #[serde(flatten)]
    page: Page<'a>,
    encoding: &'static str,
    encoding_evidence: &'static str,
    bytes_in: u64,
    bytes_out: u64,
    cuts: usize,
    declines: usize,
}

/// The lines of one page: cuts, declines, where it stopped, and how much that was.
fn lines<'a>(page: Page<'a>, report: &'a Report, excerpts: &'a Excerpts) -> impl Iterator<Item = Line<'a>> {
    let words = |excerpt: &'a Option<Excerpt>| excerpt.as_ref().map(|excerpt| &*excerpt.words);
    let cuts = report.cuts.iter().zip(&excerpts.cuts).map(move |(c, excerpt)| {
        let (start, end, text) = (c.range.start, c.range.end, words(excerpt));
        Line::Cut(Element { page, category: c.category.name(), rule: &c.rule, tag: &c.tag, start, end, text })
    });
    let declines = report.declines.iter().zip(&excerpts.declines).map(move |(d, excerpt)| {
        let (start, end, text) = (d.range.start, d.range.end, words(excerpt));
        let element = Element { page, category: d.category.name(), rule: &d.rule, tag: &d.tag, start, end, text };
        Line::Decline(Declined { element, reason: d.reason.name() })
    });
    let stop = report.stop.iter().map(move |s| Line::Stop(Stop { page, offset: s.offset, reason: s.reason.name() }));
    let summary = Line::Summary(Summary {
        page,
        encoding: report.encoding.name,
        encoding_evidence: report.encoding.evidence.name(),
        bytes_in: report.bytes_in,
        bytes_out: report.bytes_out,
        cuts: report.cuts.len(),
        declines: report.declines.len(),
    });
    cuts.chain(declines).chain(stop).chain([summary])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_has_a_type_and_its_data() {
        let (_, mut report) = dechaff::clean(b"<p>Text</p><div class=\"sharedaddy\">Share this</div>").unwrap();
        report.cuts[0].range = 11..50;
        let excerpt = Excerpt { words: "Share\u{9b}31m \u{202e}this".to_owned(), tag: String::new() };
        let excerpts = Excerpts { cuts: vec![Some(excerpt)], declines: Vec::new() };
        let mut text = Vec::new();
        write_lines(&mut text, Page { input: "a.html", ..Page::default() }, &report, &excerpts);
        let text: Vec<_> = str::from_utf8(&text).unwrap().lines().collect();
        assert!(text[0].starts_with(r#"{"type":"cut","data":{"input":"a.html","category":"share-widget","rule":""#));
        let end = r#","tag":"div","start":11,"end":50,"text":"Share\u009b31m \u202ethis"}}"#;
        assert!(text[0].ends_with(end), "{}", text[0]);
        assert!(
            text[1].starts_with(r#"{"type":"summary","data":{"input":"a.html","encoding":"UTF-8","#),
            "{}",
            text[1]
        );
        assert_eq!(text.len(), 2);
    }
}
