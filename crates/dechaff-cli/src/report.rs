//! The report as JSON Lines: one object for each thing that was decided.
//!
//! The structs are the format. They are apart from the library's own so that neither binds the other.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use dechaff::Report;
use serde::Serialize;

use crate::output::OutFile;

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

    /// Adds the lines of one input.
    pub(crate) fn add(&mut self, input: &str, report: &Report) -> io::Result<()> {
        let mut text = Vec::new();
        for line in lines(input, report) {
            serde_json::to_writer(&mut text, &line)?;
            text.push(b'\n');
        }
        match self {
            // As with standard output: a reader that has seen enough is no error.
            Self::Stderr => match io::stderr().write_all(&text) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
                done => done,
            },
            Self::File(file) => file.write_all(&text),
        }
    }

    /// Ends the report.
    pub(crate) fn commit(self) -> io::Result<()> {
        match self {
            Self::Stderr => Ok(()),
            Self::File(file) => file.commit(),
        }
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
    input: &'a str,
    category: &'a str,
    rule: &'a str,
    tag: &'a str,
    start: u64,
    end: u64,
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
    input: &'a str,
    offset: u64,
    reason: &'a str,
}

/// The end of an input.
#[derive(Serialize)]
struct Summary<'a> {
    input: &'a str,
    encoding: &'static str,
    encoding_evidence: &'static str,
    bytes_in: u64,
    bytes_out: u64,
    cuts: usize,
    declines: usize,
}

/// The lines of one input: cuts, declines, where it stopped, and how much that was.
fn lines<'a>(input: &'a str, report: &'a Report) -> impl Iterator<Item = Line<'a>> {
    let cuts = report.cuts.iter().map(move |c| {
        let (start, end) = (c.range.start, c.range.end);
        Line::Cut(Element { input, category: c.category.name(), rule: &c.rule, tag: &c.tag, start, end })
    });
    let declines = report.declines.iter().map(move |d| {
        let (start, end) = (d.range.start, d.range.end);
        let element = Element { input, category: d.category.name(), rule: &d.rule, tag: &d.tag, start, end };
        Line::Decline(Declined { element, reason: d.reason.name() })
    });
    let stop = report.stop.iter().map(move |s| Line::Stop(Stop { input, offset: s.offset, reason: s.reason.name() }));
    let summary = Line::Summary(Summary {
        input,
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
        let text: Vec<_> = lines("a.html", &report).map(|line| serde_json::to_string(&line).unwrap()).collect();
        assert!(text[0].starts_with(r#"{"type":"cut","data":{"input":"a.html","category":"share-widget","rule":""#));
        assert!(text[0].ends_with(r#","tag":"div","start":11,"end":50}}"#), "{}", text[0]);
        assert!(
            text[1].starts_with(r#"{"type":"summary","data":{"input":"a.html","encoding":"UTF-8","#),
            "{}",
            text[1]
        );
        assert_eq!(text.len(), 2);
    }
}
