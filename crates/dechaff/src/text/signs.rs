//! What the text of an element says: the cues in its lines, summed up, and whether that is enough.

use std::cmp::Reverse;

use memchr::memchr2_iter;

use super::fold::{Folded, mark};
use super::lexicon::{self, Lexicon, Match, kind};
use crate::Category;

/// How many categories there are.
pub(crate) const CATEGORIES: usize = Category::ALL.len();

/// `verdict.toml`, one category of it, as `build.rs` writes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grade {
    pub(crate) enough: u32,
    /// By the place of the kind's bit in [`kind`].
    pub(crate) points: [u8; 10],
    pub(crate) must: u16,
    pub(crate) twice: u16,
    pub(crate) words: u32,
    pub(crate) flow: u32,
    pub(crate) start: u32,
    pub(crate) bare: u32,
    pub(crate) density: u32,
    pub(crate) sentences: u32,
    pub(crate) links: u32,
    pub(crate) inputs: u32,
    pub(crate) slack: u32,
    /// As for `holds`.
    pub(crate) slack_beside: [bool; 4],
    pub(crate) slack_said: u16,
    pub(crate) label_in_link: bool,
    /// An e-mail field, a text area, a share link, a control.
    pub(crate) holds: [u8; 4],
}

mod built_in {
    use super::Grade;

    include!(concat!(env!("OUT_DIR"), "/verdict.rs"));
}

/// The grades, by [`Category::index`].
pub(crate) fn grade(category: usize) -> &'static Grade {
    &built_in::GRADES[category]
}

impl Grade {
    /// What these kinds of cues weigh together.
    pub(crate) fn weigh(&self, mut kinds: u16) -> u32 {
        // To ask twice is to ask.
        if kinds & kind::VERB != 0 {
            kinds &= !kind::ASK;
        }
        let point = |i: usize| u32::from(self.points[i]);
        let mut sum: u32 = (0..self.points.len()).filter(|i| kinds & 1 << i != 0).map(point).sum();
        if kinds & kind::FRAME_2 != 0 && self.twice & kind::FRAME != 0 {
            sum += point(kind::FRAME.trailing_zeros() as usize);
        }
        if kinds & kind::CONTROL_2 != 0 && self.twice & kind::CONTROL != 0 {
            sum += point(kind::CONTROL.trailing_zeros() as usize);
        }
        sum
    }
}

/// The cues of an element's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Signs {
    /// Words of text that stays.
    pub(crate) words: u32,
    /// The same, those in lines with a number or a link counted higher: a counter, an address, a date, an entry of a list is
    /// something else than a note.
    pub(crate) mass: u32,
    /// Of that mass, what lies in lines that have a cue of the category.
    pub(crate) covered: [u32; CATEGORIES],
    /// The kinds that were seen, also in what is cut already.
    pub(crate) kinds: [u16; CATEGORIES],
    /// The same, without what is cut already.
    pub(crate) kept: [u16; CATEGORIES],
}

impl Signs {
    /// Adds those of an inner element that stays.
    pub(crate) fn add_kept(&mut self, inner: &Self) {
        self.words = self.words.saturating_add(inner.words);
        self.mass = self.mass.saturating_add(inner.mass);
        if !inner.has_cues() {
            return;
        }
        for i in 0..CATEGORIES {
            self.covered[i] = self.covered[i].saturating_add(inner.covered[i]);
            self.kinds[i] |= inner.kinds[i] & kind::NOT;
            self.kept[i] = with_seconds(self.kept[i], inner.kept[i]);
        }
        self.add_cut(inner);
    }

    /// Adds those of an inner element that is cut: what it said still speaks for what is around it, though not against it.
    pub(crate) fn add_cut(&mut self, inner: &Self) {
        for (kinds, more) in self.kinds.iter_mut().zip(inner.kinds) {
            *kinds = with_seconds(*kinds, more & !kind::NOT);
        }
    }

    /// Whether there was any cue in it.
    #[inline]
    pub(crate) fn has_cues(&self) -> bool {
        self.kinds != [0; CATEGORIES]
    }

    /// The mass of lines without any cue of the category.
    pub(crate) fn plain(&self, category: usize) -> u32 {
        self.mass.saturating_sub(self.covered[category])
    }
}

/// The union of two sets of kinds. Frames in two places are two frames, buttons likewise.
fn with_seconds(a: u16, b: u16) -> u16 {
    let mut both = a | b;
    if a & b & kind::FRAME != 0 {
        both |= kind::FRAME_2;
    }
    if a & b & kind::CONTROL != 0 {
        both |= kind::CONTROL_2;
    }
    both
}

/// Reads text of blocks. Kept for its memory.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    line: Folded,
    found: Vec<Match>,
    /// Those that count.
    taken: Vec<Match>,
}

impl Reader {
    /// The signs of a block's own text: its lines, parted by [`mark::LINE`]. `titled`: it is a heading, a button or a link, in
    /// which labels count.
    pub(crate) fn read(&mut self, cues: &Lexicon, text: &[u8], titled: bool) -> Signs {
        let mut signs = Signs::default();
        let mut from = 0;
        for to in memchr2_iter(mark::LINE, mark::PERHAPS, text).chain([text.len()]) {
            let line = &text[from..to];
            from = to + 1;
            if line.iter().any(|b| !b.is_ascii_whitespace() && !matches!(*b, mark::LINK | mark::LINK_END)) {
                self.read_line(cues, line, titled, &mut signs);
            }
        }
        signs
    }

    fn read_line(&mut self, cues: &Lexicon, line: &[u8], titled: bool, signs: &mut Signs) {
        if !self.line.read(line) {
            signs.words = signs.words.saturating_add(u32::from(u16::MAX));
            signs.mass = signs.mass.saturating_add(u32::from(u16::MAX));
            return;
        }
        let length = self.line.length();
        let other = self.line.text.contains(&b'#') || self.line.words.iter().any(|w| w.linked);
        let mass = if other { length + OTHER } else { length };
        signs.words = signs.words.saturating_add(length);
        signs.mass = signs.mass.saturating_add(mass);
        if length > LONGEST_LINE || (length > lexicon::SHORT_WORDS && !lexicon::has_long_cue(&self.line)) {
            return;
        }
        cues.find(&self.line, &mut self.found);
        if self.found.is_empty() {
            return;
        }
        let linked = self.line.words.iter().all(|w| w.linked);
        for category in 0..CATEGORIES {
            if !self.found.iter().any(|m| usize::from(m.category) == category) {
                continue;
            }
            let kinds = self.kinds(category, grade(category), titled || linked);
            if kinds != 0 {
                signs.kinds[category] = with_seconds(signs.kinds[category], kinds);
                signs.kept[category] = signs.kinds[category];
                if kinds & kind::NOT == 0 {
                    signs.covered[category] = signs.covered[category].saturating_add(mass);
                }
            }
        }
    }

    /// The kinds of the category's cues in the line, where it keeps within the bounds; nothing where it does not.
    fn kinds(&mut self, category: usize, grade: &Grade, titled: bool) -> u16 {
        let length = self.line.length();
        let mut kinds = 0;
        let own = |m: &&Match| usize::from(m.category) == category;
        if self.found.iter().filter(own).any(|m| m.kind == kind::NOT) {
            kinds |= kind::NOT;
        }
        if length > grade.words || self.line.sentences > grade.sentences {
            return kinds;
        }
        // The longest at each place, and what says most; what it covers says nothing more.
        let line_label = grade.label_in_link && !titled;
        let meaning = |m: &Match| if m.kind == kind::LABEL && line_label { kind::OBJECT } else { m.kind };
        let rank =
            |m: &Match| (grade.weigh(meaning(m)) == 0, m.first, Reverse(m.after), Reverse(grade.weigh(meaning(m))));
        self.found.sort_by_key(rank);
        self.taken.clear();
        let (mut counted, mut start, mut asked) = (0, u32::MAX, u32::MAX);
        for found in self.found.iter().filter(own).filter(|m| m.kind != kind::NOT) {
            let bit = meaning(found);
            let over = self.taken.iter().find(|t| found.first < t.after && found.after > t.first);
            match over {
                // "Use cookies" says what is done, and with what.
                Some(outer) if bit == kind::OBJECT && outer.kind == kind::VERB => {}
                Some(_) => continue,
                None => counted += u32::from(found.after - found.first),
            }
            self.taken.push(Match { kind: bit, ..*found });
            let first = u32::from(found.first);
            if bit & kind::ASKING != 0 {
                asked = asked.min(first);
            } else if grade.weigh(bit) > 0 && bit != kind::CONTROL {
                start = start.min(first);
            }
            kinds = with_seconds(kinds, bit);
            if first <= EARLY && grade.weigh(bit) > 0 {
                kinds |= kind::EARLY;
            }
        }
        // Somebody says it in the text.
        if self.line.quoted_from.is_some_and(|from| u32::from(from) <= start.min(asked)) {
            return kinds & kind::NOT;
        }
        // The request comes first, and where there is none, any cue.
        let start = if asked == u32::MAX { start } else { asked };
        if start != u32::MAX && start > grade.start {
            return kinds & kind::NOT;
        }
        // "Subscribe" and a promise, and no word of what to: in a longer line that is about anything.
        if length > grade.bare && kinds & (kind::OBJECT | kind::PHRASE | kind::LABEL) == 0 && kinds & kind::VERB != 0 {
            kinds = kinds & !kind::VERB | kind::ASK;
        }
        // A word or two of a field's name don't make a line of prose part of a form.
        let telling = grade.weigh(kinds) >= 3;
        let density = if titled {
            grade.density
        } else if grade.density > 0 && self.line.text.contains(&b'#') {
            // An entry of a list of changes.
            100
        } else {
            grade.density * 3 / 2
        };
        let dense = if telling { density } else { 33 };
        if counted * 100 < self.line.words.len() as u32 * dense {
            return kinds & kind::NOT;
        }
        kinds
    }
}

/// A cue after as many words still begins the line: "Please subscribe".
const EARLY: u32 = 1;
/// As many words a number or a link stands for. More than any slack.
const OTHER: u32 = 16;
/// No category has longer lines, in words.
const LONGEST_LINE: u32 = 130;
