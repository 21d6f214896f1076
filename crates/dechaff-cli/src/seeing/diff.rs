//! The difference that cleaning a page makes, as a unified diff.
//!
//! No lines have to be compared: it is known what was cut. The lines that a cut touches are the ones that change, so the diff
//! is exact, and takes time in proportion to the page.

use std::ops::Range;

use anstyle::Style;
use dechaff::Report;

use super::grouped;
use super::original::Text;
use crate::color::{BOLD, CYAN, GREEN, RED, paint};
use crate::failure::harmless;
use crate::report::Page;

/// How many lines are shown around a change.
const CONTEXT: usize = 3;

/// How many characters of a line people see before and after what is left out. It is left out if there are at least twice as
/// many more.
const SHOWN: usize = 120;

/// Who reads a diff.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Reader {
    /// A program: every byte counts.
    Patch,
    /// People, at a terminal that must not be acted upon.
    Eyes {
        /// In colours.
        paint: bool,
    },
}

/// Adds the diff of one page to `out`: nothing if nothing was cut.
pub(crate) fn write(out: &mut Vec<u8>, page: Page<'_>, text: &Text<'_>, report: &Report, reader: Reader) {
    let kept = text.bytes.len() as u64;
    let cuts = report.cuts.iter().map(|cut| &cut.range).filter(|range| range.end <= kept);
    let bytes = reader == Reader::Patch && text.has_ascii_lines(report);
    let place = |offset| if bytes { usize::try_from(offset).unwrap_or(usize::MAX) } else { text.place(offset) };
    let cuts: Vec<_> = cuts.map(|range| place(range.start)..place(range.end)).collect();
    let (page_text, printer) = (if bytes { text.bytes } else { text.text.as_bytes() }, Printer { reader });
    let diff = Diff { lines: Lines::new(page_text), cuts: &cuts };
    let blocks = diff.blocks();
    if blocks.is_empty() {
        return;
    }
    let name = quoted(&page.label());
    printer.strong(out, &format!("--- {name}"));
    printer.strong(out, &format!("+++ {name}"));
    let (mut rest, mut moved) = (&*blocks, 0);
    while let Some(first) = rest.first() {
        let near = |pair: &[Block<'_>]| pair[1].lines.start - pair[0].lines.end <= 2 * CONTEXT;
        let count = 1 + rest.windows(2).take_while(|pair| near(pair)).count();
        let (hunk, others) = rest.split_at(count);
        let last = &hunk[count - 1];
        let start = first.lines.start.saturating_sub(CONTEXT);
        let end = (last.lines.end + CONTEXT).min(diff.lines.count());
        let old = end - start;
        let new = hunk.iter().fold(old, |new, block| new + block.new.len() - block.lines.len());
        // Where there are no lines, the number is that of the line before.
        let number = |count: usize, start: usize| if count == 0 { start } else { start + 1 };
        let (from, to) = (number(old, start), number(new, start.saturating_add_signed(moved)));
        printer.place(out, &format!("@@ -{from},{old} +{to},{new} @@"));
        let mut at = start;
        for block in hunk {
            diff.context(out, printer, at..block.lines.start);
            block.lines.clone().for_each(|line| printer.line(out, '-', &diff.pieces(&diff.lines.range(line))));
            block.new.iter().for_each(|line| printer.line(out, '+', line));
            at = block.lines.end;
        }
        diff.context(out, printer, at..end);
        moved += new.cast_signed() - old.cast_signed();
        rest = others;
    }
}

/// A file name as `patch` and `git` read it: one with a space ends with a tab, one with something special is quoted.
fn quoted(name: &str) -> String {
    if !name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        return if name.contains(' ') { format!("{name}\t") } else { name.to_owned() };
    }
    let mut text = String::from("\"");
    for c in name.chars() {
        match c {
            '"' | '\\' => text.extend(['\\', c]),
            '\n' => text.push_str("\\n"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => {
                c.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| text.push_str(&format!("\\{byte:03o}")));
            }
            c => text.push(c),
        }
    }
    text + "\""
}

/// A piece of a line, and whether it is cut.
type Piece<'a> = (&'a [u8], bool);

/// Lines that change, and what becomes of them.
struct Block<'a> {
    lines: Range<usize>,
    new: Vec<Vec<Piece<'a>>>,
}

struct Diff<'a> {
    lines: Lines<'a>,
    /// In order, and apart from each other.
    cuts: &'a [Range<usize>],
}

impl<'a> Diff<'a> {
    /// The lines that the cuts touch. A line that loses its end takes the next one along.
    fn blocks(&self) -> Vec<Block<'a>> {
        let text = self.lines.text;
        let mut blocks: Vec<Block<'a>> = Vec::new();
        let mut cuts = self.cuts.iter().filter(|cut| !cut.is_empty()).peekable();
        while let Some(first) = cuts.next() {
            let lines = self.lines.at(first.start);
            let start = self.lines.range(lines).start;
            // What stays of the block, in pieces, up to the end of a cut.
            let mut kept: Vec<&'a [u8]> = Vec::new();
            let keep = |piece: &'a [u8], kept: &mut Vec<_>| kept.extend(Some(piece).filter(|piece| !piece.is_empty()));
            keep(&text[start..first.start], &mut kept);
            let mut at = first.end;
            let end = loop {
                let open = kept.last().is_some_and(|piece| !piece.ends_with(b"\n"));
                let end = match text[..at].ends_with(b"\n") && !open {
                    true => at,
                    false => self.lines.end_after(at),
                };
                match cuts.next_if(|cut| cut.start < end) {
                    Some(cut) => {
                        keep(&text[at..cut.start], &mut kept);
                        at = cut.end;
                    }
                    None => break end,
                }
            };
            keep(&text[at..end], &mut kept);
            let count = self.lines.at(end - 1) + 1;
            blocks.push(Block { lines: lines..count, new: split(&kept) });
        }
        blocks
    }

    /// What lies in `range`, in pieces.
    fn pieces(&self, range: &Range<usize>) -> Vec<Piece<'a>> {
        let text = self.lines.text;
        let (mut pieces, mut at) = (Vec::new(), range.start);
        let first = self.cuts.partition_point(|cut| cut.end <= range.start);
        for cut in self.cuts[first..].iter().take_while(|cut| cut.start < range.end) {
            let (start, end) = (cut.start.max(at), cut.end.min(range.end));
            pieces.push((&text[at..start], false));
            pieces.push((&text[start..end], true));
            at = end;
        }
        pieces.push((&text[at..range.end], false));
        pieces
    }

    /// Writes lines that stay.
    fn context(&self, out: &mut Vec<u8>, printer: Printer, lines: Range<usize>) {
        lines.for_each(|line| printer.line(out, ' ', &[(&self.lines.text[self.lines.range(line)], false)]));
    }
}

/// The lines that `kept` makes when it is put together.
fn split<'a>(kept: &[&'a [u8]]) -> Vec<Vec<Piece<'a>>> {
    let (mut lines, mut line) = (Vec::new(), Vec::new());
    for piece in kept {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            line.push((part, false));
            if part.ends_with(b"\n") {
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Where lines begin. Each has its end with it, but perhaps the last one.
struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a [u8]) -> Self {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let starts = [0].into_iter().chain(ends).filter(|start| *start < text.len()).collect();
        Self { text, starts }
    }

    fn count(&self) -> usize {
        self.starts.len()
    }

    /// The number of the line that `place` lies in, from 0.
    fn at(&self, place: usize) -> usize {
        self.starts.partition_point(|start| *start <= place).saturating_sub(1)
    }

    fn range(&self, line: usize) -> Range<usize> {
        self.starts[line]..self.starts.get(line + 1).copied().unwrap_or(self.text.len())
    }

    /// Where the line ends that `place` lies in.
    fn end_after(&self, place: usize) -> usize {
        if place >= self.text.len() { place } else { self.range(self.at(place)).end }
    }
}

/// Writes lines of a diff.
#[derive(Clone, Copy)]
struct Printer {
    reader: Reader,
}

impl Printer {
    fn strong(self, out: &mut Vec<u8>, text: &str) {
        self.note(out, text, BOLD);
    }

    fn place(self, out: &mut Vec<u8>, text: &str) {
        self.note(out, text, CYAN);
    }

    fn note(self, out: &mut Vec<u8>, text: &str, style: Style) {
        match self.reader {
            Reader::Patch => out.extend_from_slice(text.as_bytes()),
            Reader::Eyes { paint: on } => {
                out.extend_from_slice(paint(&harmless(text.trim_end()), style, on).as_bytes());
            }
        }
        out.push(b'\n');
    }

    /// Writes a line: that it was there, is there, or both. What is cut of it stands out.
    fn line(self, out: &mut Vec<u8>, sign: char, pieces: &[Piece<'_>]) {
        let ended =
            pieces.iter().rev().find(|(piece, _)| !piece.is_empty()).is_some_and(|(last, _)| last.ends_with(b"\n"));
        match self.reader {
            Reader::Patch => {
                out.push(sign as u8);
                pieces.iter().for_each(|(piece, _)| out.extend_from_slice(piece));
            }
            Reader::Eyes { paint: on } => {
                let style = match sign {
                    '-' => RED,
                    '+' => GREEN,
                    _ => Style::new(),
                };
                out.extend_from_slice(paint(&sign.to_string(), style, on).as_bytes());
                for (piece, cut) in pieces {
                    let end = [b"\r\n".as_slice(), b"\n"].into_iter().find_map(|end| piece.strip_suffix(end));
                    let piece = String::from_utf8_lossy(end.unwrap_or(piece));
                    let style = if *cut { style.invert() } else { style };
                    if !piece.is_empty() {
                        out.extend_from_slice(paint(&readable(&piece), style, on).as_bytes());
                    }
                }
                if ended {
                    out.push(b'\n');
                }
            }
        }
        if !ended {
            out.extend_from_slice(b"\n\\ No newline at end of file\n");
        }
    }
}

/// A piece of a line for people: shortened, and without what a terminal would act on. Tabs stay.
fn readable(text: &str) -> String {
    let safe = |text: &str| text.split('\t').map(harmless).collect::<Vec<_>>().join("\t");
    let count = text.chars().count();
    if count < SHOWN * 4 {
        return safe(text);
    }
    let place = |number: usize| text.char_indices().nth(number).map_or(text.len(), |(at, _)| at);
    let (head, tail) = (&text[..place(SHOWN)], &text[place(count - SHOWN)..]);
    format!("{}… ({} characters) …{}", safe(head), grouped((count - 2 * SHOWN) as u64), safe(tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The diff without its header.
    fn diff(text: &str, marks: (char, char)) -> String {
        let (mut page, mut cuts, mut open) = (String::new(), Vec::new(), 0);
        for c in text.chars() {
            match c {
                c if c == marks.0 => open = page.len(),
                c if c == marks.1 => cuts.push(open..page.len()),
                c => page.push(c),
            }
        }
        let diff = Diff { lines: Lines::new(page.as_bytes()), cuts: &cuts };
        let mut out = Vec::new();
        let printer = Printer { reader: Reader::Patch };
        for block in diff.blocks() {
            block.lines.clone().for_each(|line| printer.line(&mut out, '-', &diff.pieces(&diff.lines.range(line))));
            block.new.iter().for_each(|line| printer.line(&mut out, '+', line));
        }
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_that_a_cut_touches_change() {
        let diff = |text| diff(text, ('[', ']'));
        assert_eq!(diff("a\nb[x]c\nd\n"), "-bxc\n+bc\n");
        assert_eq!(diff("a\n[x\ny\n]d\n"), "-x\n-y\n");
        // A line that loses its end goes on in the next one.
        assert_eq!(diff("a\n  [x\n]d\ne\n"), "-  x\n-d\n+  d\n");
        assert_eq!(diff("a\n  [x\n][y\n]d\n"), "-  x\n-y\n-d\n+  d\n");
        assert_eq!(diff("[a]\n[b]\n[c\n]"), "-a\n+\n-b\n+\n-c\n");
        assert_eq!(diff("a[x]b[y]c[z\n]d[w]e\nf"), "-axbycz\n-dwe\n+abcde\n");
    }

    #[test]
    fn the_last_line_may_have_no_end() {
        let diff = |text| diff(text, ('[', ']'));
        let note = "\\ No newline at end of file\n";
        assert_eq!(diff("a\nb[x]"), format!("-bx\n{note}+b\n{note}"));
        assert_eq!(diff("a\nb[x\n]"), format!("-bx\n+b\n{note}"));
        assert_eq!(diff("a\n[x]"), format!("-x\n{note}"));
        assert_eq!(diff("[x]"), format!("-x\n{note}"));
    }

    #[test]
    fn names_are_written_as_patch_reads_them() {
        assert_eq!(quoted("a/b.html"), "a/b.html");
        assert_eq!(quoted("a b.html"), "a b.html\t");
        assert_eq!(quoted("a\"\n\u{1b}é.html"), "\"a\\\"\\n\\033é.html\"");
    }

    #[test]
    fn people_see_the_ends_of_a_long_line() {
        let line = readable(&format!("{}\u{1b}[31m\t", "é".repeat(5000)));
        assert!(line.starts_with("éé") && line.contains("… (4,7") && line.ends_with("\\u{1b}[31m\t"), "{line}");
    }
}
