//! Blocks that only their text speaks for.
//!
//! At its start tag a block may become anything. So every block is followed like an element that a rule named, until it
//! ends or until it is clear that it is none: too many words, too many bytes. Its text is collected without tags; when it ends
//! and nothing in it was a cue, nobody hears of it.
//!
//! The text of a block is what stays of it: what is cut inside it is taken out of the log, as if it had never been there. So a
//! second run, which does not see that any more, reads the same lines. Cues count even so, like all evidence: they can only be
//! missing in the second run, never new.

use memchr::memchr;

use crate::Category;
use crate::engine::{Candidate, Engine};
use crate::report::DeclineReason;
use crate::rules::RuleId;
use crate::text::fold::mark;
use crate::text::lexicon::{Lexicon, kind};
use crate::text::signs::{CATEGORIES, Grade, grade};
use crate::tree::tag::{Tag, is};

/// What is compiled for text.
#[derive(Debug)]
pub(crate) struct TextRules {
    pub(super) lexicon: Lexicon,
    block: RuleId,
    heading: RuleId,
    shell: RuleId,
}

impl TextRules {
    pub(crate) fn new(categories: &[Category]) -> Self {
        Self {
            lexicon: Lexicon::new(categories),
            block: RuleId::new("text/block"),
            heading: RuleId::new("text/heading"),
            shell: RuleId::new("text/shell"),
        }
    }
}

/// Bytes of text of what is no blurb, whatever it says. Three times the longest line of most categories.
pub(super) const MOST_BULK: u32 = 4096;
/// A line that goes only beside other chaff has no more words than this.
const SHORT_LINE: u32 = 10;
/// Nor has the text of a button that is no button.
const LONGEST_LABEL: u32 = 5;
/// An icon, and a logo or a picture of the letter; more pictures are content.
const MOST_IMAGES: u32 = 2;
/// A box with more words before the form has more than one purpose.
const TIGHT: u32 = 12;
/// What stands on a button is short, in bytes.
const LONGEST_BUTTON: usize = 128;
/// How many header cells of a table are remembered, and of how many tables inside each other.
const MOST_CELLS: usize = 8;
/// Blocks inside each other that are followed at once; more are wrappers in wrappers.
pub(super) const MOST_JUDGED: u32 = 32;

/// Whether elements of this name are judged by their text. Not those that are part of a structure that would be another
/// without them (cells, terms), nor those that hold content by their meaning (quotations, figures).
pub(super) fn is_judged(tag: Tag) -> bool {
    matches!(
        tag,
        Tag::P
            | Tag::Div
            | Tag::Li
            | Tag::Ul
            | Tag::Ol
            | Tag::Menu
            | Tag::Section
            | Tag::Aside
            | Tag::Form
            | Tag::Fieldset
            | Tag::Footer
            | Tag::Header
            | Tag::Nav
            | Tag::Button
            | Tag::Center
            | Tag::Address
            | Tag::Details
            | Tag::Dialog
            | Tag::Hgroup
            | Tag::H2
            | Tag::H3
            | Tag::H4
            | Tag::H5
            | Tag::H6
    )
}

/// Whether text before and after the tag is not on one line.
pub(super) fn ends_line(tag: Tag) -> bool {
    tag.is(is::SPECIAL) && !matches!(tag, Tag::Br | Tag::Img | Tag::Input | Tag::Wbr)
}

fn is_heading(tag: Tag) -> bool {
    tag.is(is::HEADING) && tag != Tag::H1
}

/// Where a block stands: what is open once its start tag has closed what it closes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings {
    /// In a quotation or in code.
    quoted: bool,
    /// In a footer that is no article's, an aside, a menu or a dialog.
    aside: bool,
    form: bool,
    /// The innermost table, by its place on the stack.
    table: Option<usize>,
    /// It is a link around blocks: a card, not an entry of a menu.
    pub(super) card: bool,
}

/// What the text of a block comes to.
pub(super) enum Blurb {
    /// It is one.
    Yes(Category, RuleId),
    /// It is one if something comes next to it that is.
    Perhaps(Category, RuleId, bool),
    /// It looks like one, and is kept.
    Guarded(Category, RuleId, DeclineReason),
    No,
}

impl Engine {
    /// Where the block stands that has just begun.
    pub(super) fn surroundings(&self) -> Surroundings {
        let footer = self.tree.is_within(&[Tag::Footer]) && !self.tree.is_within(&[Tag::Article]);
        Surroundings {
            quoted: self.tree.in_quotation(),
            aside: footer || self.tree.is_within(&[Tag::Aside, Tag::Nav, Tag::Dialog]),
            form: self.tree.is_within(&[Tag::Form]),
            table: self.tree.table(),
            card: false,
        }
    }

    /// A tag stands in the text of the blocks that are followed.
    pub(super) fn note_line(&mut self, tag: Tag, start: bool) {
        if self.judged == 0 {
            return;
        }
        match tag {
            Tag::A => self.lines.push(if start { mark::LINK } else { mark::LINK_END }),
            Tag::Br | Tag::Img | Tag::Input | Tag::Wbr | Tag::Span | Tag::Other | Tag::Svg => self.lines.push(b' '),
            // Where one that is followed stood is marked when it is decided.
            _ if is_judged(tag) => {}
            _ if tag.is(is::SPECIAL) => self.lines.push(mark::LINE),
            _ => {}
        }
    }

    /// What an `input` says that is a button: a line of its own.
    pub(super) fn note_button(&mut self, text: &[u8]) {
        if self.judged > 0 && !text.is_empty() {
            self.lines.push(mark::LINE);
            self.lines.extend_from_slice(&text[..text.len().min(LONGEST_BUTTON)]);
            self.lines.push(mark::LINE);
        }
    }

    /// A tag: does a line of text end there? `own`: where the element starts that begins with it.
    pub(super) fn end_line(&mut self, tag: Tag, own: u64) {
        if tag == Tag::A {
            self.line.in_link = false;
        } else if ends_line(tag) {
            self.line.in_link &= tag == Tag::Button;
            self.line.loose = false;
            self.cut_pending_links(own);
        }
    }

    /// Whether a link that starts here may be an entry of a row of links: not in a block that is judged with its only line.
    pub(super) fn is_among_links(&self) -> bool {
        use Tag::{Article, Aside, Body, Div, Footer, Head, Header, Html, Main, Menu, Nav, Section, Td, Ul};
        matches!(
            self.tree.current(),
            Html | Head | Article | Aside | Body | Div | Footer | Header | Main | Menu | Nav | Section | Td | Ul
        )
    }

    /// Adds the text of a block's own lines to its signs, and leaves a mark in its place.
    pub(super) fn read_block(&mut self, at: usize) {
        let candidate = &self.candidates[at];
        let from = candidate.lines;
        let to = self.candidates.get(at + 1).map_or(self.lines.len(), |c| c.lines);
        let (judged, name) = (candidate.judged, candidate.name);
        if judged && let Some(text) = &self.setup.text {
            let own = &self.lines[from..to];
            self.candidates[at].place.card |= name == Tag::A && own.len() > 1 && memchr(mark::LINE, own).is_some();
            if own.iter().any(|b| b.is_ascii_alphanumeric() || *b >= 0x80) {
                let titled = is_heading(name) || matches!(name, Tag::Button | Tag::A);
                let signs = self.reader.read(&text.lexicon, own, titled);
                self.candidates[at].signs.add_kept(&signs);
            }
        }
        if !judged {
            return;
        }
        let parted = self.judged > 1;
        if to == self.lines.len() {
            self.lines.truncate(from);
            self.lines.extend(parted.then_some(mark::LINE));
        } else {
            self.lines.splice(from..to, parted.then_some(mark::LINE));
        }
        let left = from + usize::from(parted);
        for later in &mut self.candidates[at + 1..] {
            later.lines = later.lines + left - to;
        }
    }

    /// The candidate is cut: takes all of it out of the log.
    pub(super) fn forget_lines(&mut self, at: usize) {
        let from = self.candidates[at].lines;
        let to = self.candidates.get(at + 1).map_or(self.lines.len(), |c| c.lines);
        self.lines.drain(from..to);
        for later in &mut self.candidates[at + 1..] {
            later.lines -= to - from;
        }
    }

    /// Whether there is no text directly before the candidate that would go on after it.
    pub(super) fn begins_line(&self, at: usize) -> bool {
        if self.candidates[at].line.loose {
            return false;
        }
        let Some(outer) = self.candidates[..at].iter().rfind(|c| c.judged) else { return true };
        let before = &self.lines[outer.lines..self.candidates[at].lines];
        let line = before.rsplit(|&b| matches!(b, mark::LINE | mark::PERHAPS)).next().unwrap_or_default();
        line.iter().all(|b| b.is_ascii_whitespace() || matches!(*b, mark::LINK | mark::LINK_END))
    }

    /// Nearly every block is followed for nothing: no rule named it, and there is no cue in its text. Keeps such a one if it is
    /// the innermost; false if it is another.
    pub(super) fn keep_plain(&mut self, at: usize) -> bool {
        let Some(candidate) = self.candidates.last() else { return false };
        let plain = at + 1 == self.candidates.len()
            && candidate.picks.is_empty()
            && candidate.judged
            && candidate.holds_cut.is_none()
            && !candidate.doomed;
        if !plain {
            return false;
        }
        self.read_block(at);
        let Some((candidate, around)) = self.candidates.split_last_mut() else { return false };
        if candidate.signs.has_cues() {
            return false;
        }
        self.tree.note_kept(candidate.watch);
        if let Some(outer) = around.last_mut() {
            outer.add_kept(candidate);
        }
        let (name, start) = (candidate.name, candidate.start);
        self.candidates.pop();
        self.judged -= 1;
        if name != Tag::A {
            self.keep_links_before(start);
        }
        self.check_bulk(at);
        if !self.pending.is_empty() {
            self.review_pending();
        }
        true
    }

    /// What the text of the candidate comes to; its own lines are read.
    pub(super) fn judge_block(&self, at: usize) -> Blurb {
        let Some(text) = &self.setup.text else { return Blurb::No };
        let candidate = &self.candidates[at];
        if !candidate.judged || candidate.place.card {
            return Blurb::No;
        }
        let (facts, signs) = (&candidate.facts, &candidate.signs);
        if facts.bulk == 0
            && !facts.things
            && !facts.protected
            // What the user removes is all that the user removes.
            && let Some(category) = candidate.holds_cut.filter(|category| *category != Category::Custom)
        {
            return Blurb::Yes(category, text.shell.clone());
        }
        if signs.words == 0 {
            return Blurb::No;
        }
        let mut weak = Blurb::No;
        for index in (0..CATEGORIES).filter(|&i| text.lexicon.covers(i)) {
            match self.judge_as(at, index, text) {
                Blurb::No => {}
                // Another category may be sure.
                perhaps @ Blurb::Perhaps(_, _, false) => {
                    if matches!(weak, Blurb::No) {
                        weak = perhaps;
                    }
                }
                sure => return sure,
            }
        }
        weak
    }

    /// What the text of the candidate comes to as chaff of one category.
    fn judge_as(&self, at: usize, index: usize, text: &TextRules) -> Blurb {
        let candidate = &self.candidates[at];
        let (facts, signs) = (&candidate.facts, &candidate.signs);
        let (category, grade, kinds) = (Category::ALL[index], grade(index), signs.kinds[index]);
        let spoken = kinds & !kind::NOT != 0 && kinds & kind::NOT == 0;
        if !spoken || self.is_out_of_place(at, index) || !fits(candidate, index, grade) {
            return Blurb::No;
        }
        if signs.words > grade.flow && self.is_in_flow(candidate) {
            return Blurb::No;
        }
        let heading = is_heading(candidate.name);
        let rule = if heading { text.heading.clone() } else { text.block.clone() };
        if !is_enough(candidate, index, grade) {
            let hint = grade.weigh(kinds & !kind::WHOLE) >= 2 || kinds & kind::LABEL != 0;
            let short = signs.words <= SHORT_LINE && signs.plain(index) == 0 && facts.links == 0;
            // A line that comes to it in its middle is a sentence about something.
            let first = kinds & kind::EARLY != 0;
            let content = facts.protected || self.is_content(candidate);
            let weak = hint && short && first && candidate.name != Tag::A && !content;
            return if weak { Blurb::Perhaps(category, rule, false) } else { Blurb::No };
        }
        match self.guard(candidate, category) {
            Some(reason) => Blurb::Guarded(category, rule, reason),
            None if heading || candidate.name == Tag::A => Blurb::Perhaps(category, rule, true),
            None => Blurb::Yes(category, rule),
        }
    }

    /// Whether such words mean something else where the candidate stands.
    fn is_out_of_place(&self, at: usize, index: usize) -> bool {
        let candidate = &self.candidates[at];
        let (facts, signs, category) = (&candidate.facts, &candidate.signs, Category::ALL[index]);
        let mut around = self.candidates[..at].iter().filter(|c| c.judged);
        match category {
            // The table of contents: an entry "Newsletters" leads to a section.
            Category::Subscription if candidate.name == Tag::Li && facts.section_link => true,
            // "Tell me when it is back in stock", over a form: the form means that.
            _ if candidate.name == Tag::Form => {
                around.any(|c| c.signs.words <= TIGHT && c.signs.kinds[index] & kind::NOT != 0)
            }
            // A form is one thing: it goes whole, or it stays whole.
            Category::Subscription => around.any(|c| c.name == Tag::Form),
            // "Source: the ministry" under a chart is part of it; the line of a republished page links to where it was.
            Category::SourceCredit => facts.links == 0,
            // In plain text a button is short.
            Category::ShareWidget => {
                let pressed = facts.held.share_link || facts.held.control || facts.links > 0;
                let said = signs.kinds[index] & (kind::PHRASE | kind::LABEL) != 0;
                !pressed && !said && signs.words > LONGEST_LABEL
            }
            _ => false,
        }
    }

    /// Whether the text of the candidate, which stays, would speak for it in a second run as well: without what is cut in it.
    pub(super) fn is_wanted_again(&mut self, at: usize) -> bool {
        let candidate = &mut self.candidates[at];
        if !candidate.judged || candidate.signs.kept == [0; CATEGORIES] {
            return false;
        }
        candidate.signs.kinds = candidate.signs.kept;
        candidate.facts.held = candidate.facts.kept;
        candidate.holds_cut = None;
        !matches!(self.judge_block(at), Blurb::No)
    }

    /// Why a block that is a blurb by its text stays.
    fn guard(&self, candidate: &Candidate, category: Category) -> Option<DeclineReason> {
        let facts = &candidate.facts;
        if facts.protected {
            return Some(DeclineReason::Protected);
        }
        if facts.quotation || self.is_content(candidate) {
            return Some(DeclineReason::Quotation);
        }
        // Cookies are listed in tables.
        let table = facts.table && category != Category::CookieNotice;
        if facts.main_content || facts.article || facts.media || table {
            return Some(DeclineReason::HoldsContent);
        }
        if facts.topic_link {
            return Some(DeclineReason::OnTopic);
        }
        // A menu has an entry for the page itself.
        let entry = matches!(candidate.name, Tag::Li | Tag::A);
        // And a button is no part of what is written on it.
        let button = candidate.name == Tag::Button;
        let aside = facts.held.email_input || button || (is_aside(candidate) && !entry);
        (self.topics.has(category) && !aside).then_some(DeclineReason::OnTopic)
    }

    /// Whether the candidate is part of what a reader reads on after.
    fn is_in_flow(&self, candidate: &Candidate) -> bool {
        let form = candidate.name == Tag::Form || candidate.place.form;
        let held = &candidate.facts.held;
        !is_aside(candidate) && !form && !held.email_input && !held.control
    }

    /// Whether the candidate is quoted, shown as code, or data in a table.
    fn is_content(&self, candidate: &Candidate) -> bool {
        candidate.place.quoted
            || candidate.place.table.is_some_and(|t| self.header_cells.iter().any(|&(table, _)| table == t))
    }

    /// A header cell at `at`: the table it is in holds data.
    pub(super) fn note_header_cell(&mut self, at: u64) {
        let Some(table) = self.tree.table() else { return };
        let depth = self.tree.depth();
        while self.header_cells.last().is_some_and(|&(t, _)| t >= depth) {
            self.header_cells.pop();
        }
        // One says it; more are there in case that one is cut.
        let known = self.header_cells.iter().rev().take_while(|(t, _)| *t == table).count();
        if known < MOST_CELLS && self.header_cells.len() < MOST_CELLS * MOST_CELLS {
            self.header_cells.push((table, at));
        }
    }

    /// The blocks among the first `count` candidates are none that their text could cut: they hold too much.
    pub(super) fn release_blocks(&mut self, count: usize) {
        for at in (0..count).rev() {
            if self.candidates[at].judged {
                self.release_block(at);
            }
        }
    }

    /// Too many are open: the outermost is let go.
    pub(super) fn release_outer_block(&mut self) {
        if let Some(at) = self.candidates.iter().position(|c| c.judged) {
            self.release_block(at);
        }
    }

    pub(super) fn release_block(&mut self, at: usize) {
        self.read_block(at);
        self.judged -= u32::from(self.candidates[at].judged);
        if !self.candidates[at].picks.is_empty() {
            self.candidates[at].judged = false;
            return;
        }
        let candidate = self.candidates.remove(at);
        self.tree.forget(candidate.watch);
        if let Some(outer) = self.outer(at) {
            outer.add_kept(&candidate);
        }
        self.note_bounds();
    }

    /// The candidate before `at` was given more to hold: too much?
    pub(super) fn check_bulk(&mut self, at: usize) {
        let outer = at.checked_sub(1).and_then(|i| self.candidates.get(i));
        if outer.is_some_and(|c| c.judged && c.facts.bulk > MOST_BULK) {
            self.release_blocks(at);
        }
    }
}

fn is_aside(candidate: &Candidate) -> bool {
    candidate.place.aside || matches!(candidate.name, Tag::Footer | Tag::Aside | Tag::Nav | Tag::Dialog)
}

/// Whether the block keeps within the bounds of the category.
fn fits(candidate: &Candidate, index: usize, grade: &Grade) -> bool {
    let (facts, signs) = (&candidate.facts, &candidate.signs);
    let beside = grade.slack_beside.iter().zip(held(candidate)).any(|(&counts, there)| counts && there);
    let said = grade.slack_said == 0 || signs.kinds[index] & grade.slack_said != 0;
    let slack = if beside && said { grade.slack } else { 0 };
    signs.words <= grade.words * 3
        && signs.plain(index) <= slack
        && facts.links <= grade.links
        && facts.inputs <= grade.inputs
        && facts.images <= MOST_IMAGES
        && !facts.kept.password_input
        && (!facts.kept.textarea || Category::ALL[index] == Category::CommentForm)
}

/// What the block holds, in the order of [`Grade::holds`].
fn held(candidate: &Candidate) -> [bool; 4] {
    let held = &candidate.facts.held;
    [held.email_input, held.textarea, held.share_link, held.control]
}

/// Whether cues, and what the block holds, are enough.
fn is_enough(candidate: &Candidate, index: usize, grade: &Grade) -> bool {
    let kinds = candidate.signs.kinds[index];
    let held = grade.holds.iter().zip(held(candidate)).map(|(&points, there)| if there { points } else { 0 });
    let (held, things): (u32, u32) = held.fold((0, 0), |(sum, n), p| (sum + u32::from(p), n + u32::from(p > 0)));
    // Without a word of text nothing is decided here.
    let said = grade.weigh(kinds & !kind::CONTROL);
    let different = (kinds & !(kind::PART | kind::NOTES)).count_ones() + things;
    said >= 2
        && grade.weigh(kinds) + held >= grade.enough
        && (grade.must == 0 || things > 0 || kinds & (grade.must | kind::PHRASE | kind::LABEL) != 0)
        && (different >= 2 || kinds & (kind::PHRASE | kind::LABEL) != 0)
}
