//! Text in lines: what stands between words, where lines and paragraphs begin, how far they are moved in.
//!
//! Knows nothing of HTML. Gaps are asked for as often as one likes, and the widest of them is written when the next word comes:
//! so there is never one at the beginning, and none at the end.

/// What stands between two words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(super) enum Gap {
    #[default]
    None,
    Space,
    Tab,
    /// So many ends of lines: two of them make an empty line.
    Lines(u32),
}

impl Gap {
    pub(super) const LINE: Self = Self::Lines(1);
    pub(super) const PARAGRAPH: Self = Self::Lines(2);
}

/// How many lists inside each other are moved in. Those inside of them stand where the last one does.
const DEEPEST: usize = 16;

/// Writes text.
#[derive(Default, Debug)]
pub(super) struct Layout {
    out: String,
    /// Something was written before.
    begun: bool,
    gap: Gap,
    /// It is as it was asked for, and no wider.
    settled: bool,
    /// What the next line begins with: the mark of a list's item.
    mark: Option<String>,
    /// How far the items are moved in that are open.
    indents: Vec<usize>,
    /// How many lines were begun.
    lines: u64,
    /// How many words were written.
    words: u64,
}

impl Layout {
    /// What was written since this was asked for the last time.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.out)
    }

    /// How many lines were begun so far.
    pub(super) fn lines(&self) -> u64 {
        self.lines
    }

    /// How many words and pieces of words were written so far.
    pub(super) fn words(&self) -> u64 {
        self.words
    }

    /// Asks for at least this gap before the next word.
    pub(super) fn part(&mut self, gap: Gap) {
        // After its mark, an item begins on the same line whatever is around its first word.
        if self.mark.is_none() && !self.settled {
            self.gap = self.gap.max(gap);
        }
    }

    /// Asks for just this gap, whatever else is asked for before the next word.
    pub(super) fn part_by(&mut self, gap: Gap) {
        if self.mark.is_none() {
            self.gap = gap;
            self.settled = true;
        }
    }

    /// Ends an item or a row: a mark without a word after it is not written, and gaps are asked for as before.
    pub(super) fn end_item(&mut self) {
        self.mark = None;
        self.settled = false;
    }

    /// Writes a word after a space, before the gap that was asked for.
    pub(super) fn insert(&mut self, word: &str) {
        let asked = (std::mem::replace(&mut self.gap, Gap::Space), self.settled);
        self.word(word);
        (self.gap, self.settled) = asked;
    }

    /// Ends the line. Twice, it leaves one empty.
    pub(super) fn end_line(&mut self) {
        self.add_line(2);
    }

    /// Begins an item, whose first line has this mark and whose other lines are moved in as far.
    pub(super) fn begin_item(&mut self, mark: String) {
        self.mark = None;
        self.part(Gap::LINE);
        self.mark = Some(mark);
    }

    /// Sets how many items are open around the next word, whose marks are as wide as these.
    pub(super) fn indent(&mut self, widths: impl Iterator<Item = usize>) {
        self.indents.clear();
        self.indents.extend(widths.take(DEEPEST));
    }

    /// Adds text in which white space is a gap between words. Control characters are none.
    pub(super) fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(end) = rest.find(|c: char| c.is_ascii_whitespace() || c.is_control()) {
            self.word(&rest[..end]);
            let mut after = rest[end..].chars();
            if after.next().is_some_and(|c| c.is_ascii_whitespace()) {
                self.part(Gap::Space);
            }
            rest = after.as_str();
        }
        self.word(rest);
    }

    /// Adds text whose white space stays as it is.
    pub(super) fn preformatted(&mut self, text: &str) {
        for (number, line) in text.split('\n').enumerate() {
            if number > 0 {
                self.add_line(u32::MAX);
            }
            let mut rest = line.trim_end_matches('\r');
            while let Some(end) = rest.find(|c: char| c.is_control() && c != '\t') {
                self.word(&rest[..end]);
                rest = rest[end..].trim_start_matches(|c: char| c.is_control() && c != '\t');
            }
            self.word(rest);
        }
    }

    /// Ends the text: what was written has an end of line.
    pub(super) fn end(&mut self) {
        if self.begun {
            self.out.push('\n');
        }
    }

    fn add_line(&mut self, most: u32) {
        if self.mark.is_none() && !self.settled {
            self.gap = match self.gap {
                Gap::Lines(lines) => Gap::Lines(lines.saturating_add(1).min(most.max(lines))),
                _ => Gap::LINE,
            };
        }
    }

    fn word(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        let asked = std::mem::take(&mut self.gap);
        self.settled = false;
        match if self.begun { asked } else { Gap::LINE } {
            Gap::None => {}
            Gap::Space => self.out.push(' '),
            Gap::Tab => self.out.push('\t'),
            Gap::Lines(lines) => self.begin_line(if self.begun { lines } else { 0 }),
        }
        self.begun = true;
        self.words += 1;
        self.out.push_str(word);
    }

    /// Begins a line after so many ends of lines.
    fn begin_line(&mut self, ends: u32) {
        for _ in 0..ends {
            self.out.push('\n');
        }
        self.lines += 1;
        let mark = self.mark.take();
        // The innermost item's own mark stands in what its other lines are moved in by.
        let outer = self.indents.len() - usize::from(mark.is_some() && !self.indents.is_empty());
        let width = self.indents[..outer].iter().sum();
        self.out.extend(std::iter::repeat_n(' ', width));
        self.out.push_str(&mark.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Layout)) -> String {
        let mut layout = Layout::default();
        write(&mut layout);
        layout.end();
        layout.take()
    }

    #[test]
    fn the_widest_gap_counts_and_none_stands_at_an_end() {
        let text = written(|layout| {
            layout.part(Gap::PARAGRAPH);
            layout.text(" \n a  b\u{7}c ");
            layout.part(Gap::PARAGRAPH);
            layout.part(Gap::LINE);
            layout.text("d\u{a0}e");
            layout.end_line();
            layout.text(" f");
            layout.part(Gap::Tab);
            layout.text("g ");
            layout.part(Gap::PARAGRAPH);
        });
        assert_eq!(text, "a bc\n\nd\u{a0}e\nf\tg\n");
        assert_eq!(written(|layout| layout.text(" \t ")), "");
    }

    #[test]
    fn items_have_marks_and_lines_of_their_own() {
        let text = written(|layout| {
            layout.text("list");
            layout.indent([2].into_iter());
            layout.begin_item("- ".to_owned());
            layout.part(Gap::PARAGRAPH);
            layout.text("a");
            layout.part(Gap::LINE);
            layout.text("b");
            layout.indent([2, 3].into_iter());
            layout.begin_item("1. ".to_owned());
            layout.text("c");
            layout.end_line();
            layout.text("d");
            layout.indent([].into_iter());
            layout.part(Gap::PARAGRAPH);
            layout.text("e");
        });
        assert_eq!(text, "list\n- a\n  b\n  1. c\n     d\n\ne\n");
    }

    #[test]
    fn preformatted_text_stays_as_it_is() {
        let text = written(|layout| {
            layout.text("a");
            layout.part(Gap::PARAGRAPH);
            layout.preformatted("  b\n\n\n\tc\r\n d\u{1b}e\n");
            layout.part(Gap::PARAGRAPH);
            layout.text("f");
        });
        assert_eq!(text, "a\n\n  b\n\n\n\tc\n de\n\nf\n");
    }
}
