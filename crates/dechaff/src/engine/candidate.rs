//! The elements that are followed: what is known of one until it is decided.

use std::borrow::Cow;
use std::ops::Range;

use super::Engine;
use super::blocks::{self, Surroundings};
use crate::Category;
use crate::rules::index::Picks;
use crate::text::signs::Signs;
use crate::tree::tag::Tag;
use crate::tree::watch::WatchId;
use crate::verdict::{Facts, Topics};

/// An element that rules picked, or whose text may speak for cutting it, and that is not decided yet.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) watch: WatchId,
    pub(super) start: u64,
    /// Nothing, where only its text can speak for it.
    pub(super) picks: Picks,
    pub(super) tag: Cow<'static, str>,
    pub(super) facts: Facts,
    /// Where its text begins in the log.
    pub(super) text: usize,
    /// Its text is judged: where that begins in the log of lines, and what was found in it so far.
    pub(super) judged: bool,
    pub(super) name: Tag,
    pub(super) place: Surroundings,
    pub(super) lines: usize,
    pub(super) signs: Signs,
    /// How much there was before it that stays; see [`Engine::weight`].
    pub(super) weight: u64,
    /// What the page is about, as far as was known before it.
    pub(super) topics: Topics,
    /// The line of text before it.
    pub(super) line: LineState,
    /// The category of what was cut in it last.
    pub(super) holds_cut: Option<Category>,
    /// Bytes in it that are cut already.
    pub(super) cut: u64,
    /// How many declines were known when it began: those after it are inside it.
    pub(super) declines: usize,
    /// Words of prose before it.
    pub(super) prose: u32,
    /// It can't be cut, whatever it holds.
    pub(super) doomed: bool,
}

/// The line of text that is being read. After an element that is cut, it goes on as if there had been none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LineState {
    /// It has text that is in no link.
    pub(super) loose: bool,
    pub(super) in_link: bool,
    /// The text ended within a word.
    pub(super) in_word: bool,
}

impl Candidate {
    /// Adds what an inner element holds that stays.
    pub(super) fn add_kept(&mut self, inner: &Self) {
        self.facts.add_kept(&inner.facts);
        self.signs.add_kept(&inner.signs);
        self.cut += inner.cut;
        self.holds_cut = inner.holds_cut.or(self.holds_cut);
    }

    /// Adds what an inner element held that is cut, at `range`: evidence only.
    pub(super) fn add_cut(&mut self, inner: &Self, range: &Range<u64>, category: Category) {
        self.facts.add_cut(&inner.facts);
        self.signs.add_cut(&inner.signs);
        self.cut += range.end - range.start;
        self.holds_cut = Some(category);
    }
}

impl Engine {
    /// The candidate around the one that is, or was, at `at`.
    pub(super) fn outer(&mut self, at: usize) -> Option<&mut Candidate> {
        self.candidates.get_mut(at.checked_sub(1)?)
    }

    /// Begins to follow an element.
    pub(super) fn begin_candidate(&mut self, candidate: Candidate) {
        self.next_watch += 1;
        self.judged += u32::from(candidate.judged);
        if !candidate.picks.is_empty() {
            self.line.in_word &= self.picked > 0 || self.page.is_some();
            self.picked += 1;
        }
        self.candidates.push(candidate);
        self.note_bounds();
        if self.judged > blocks::MOST_JUDGED {
            self.release_outer_block();
        }
    }

    /// Offset before which everything is decided.
    pub(super) fn undecided(&self) -> u64 {
        let candidate = self.candidates.first().map_or(u64::MAX, |c| c.start);
        let pending = self.pending.first().map_or(u64::MAX, |p| p.range.start);
        candidate.min(pending)
    }

    /// Whether a `frameset` could still take the place of the body, were it not for elements that may be cut.
    pub(super) fn frameset_possible(&self) -> bool {
        self.tree.frameset_ruled_out() >= self.undecided().min(self.scanner.position())
    }
}
