//! Headings and short lines that are chaff only beside chaff: "Share this:" over a row of buttons, "Stay in the loop" over a
//! form.
//!
//! Such an element has ended, and may be cut as far as the tree goes; what comes after it decides. What is cut in between does
//! not count, as if it had never been there: a second run comes to the same answer.

use std::borrow::Cow;
use std::ops::Range;

use crate::Category;
use crate::engine::{Candidate, Engine};
use crate::report::DeclineReason;
use crate::rules::RuleId;
use crate::text::signs::Signs;
use crate::tree::tag::Tag;
use crate::verdict::Facts;

/// An element that waits for what comes after it.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) range: Range<u64>,
    category: Category,
    rule: RuleId,
    tag: Cow<'static, str>,
    name: Tag,
    facts: Facts,
    signs: Signs,
    cut: u64,
    /// Its text is enough by itself, if there is no content under it.
    strong: bool,
    /// How much stayed before it, and before its end; see [`Engine::weight`].
    before: u64,
    weight: u64,
    /// How deep its parent is.
    depth: usize,
}

/// More at once are let go.
const MOST_PENDING: usize = 8;
/// And so is what waits for longer, in bytes.
const LONGEST_WAIT: u64 = 64 * 1024;

impl Engine {
    /// Keeps an element for now that ended with the current end tag.
    pub(super) fn suspend(&mut self, candidate: &Candidate, end: u64, category: Category, rule: RuleId, strong: bool) {
        if self.pending.len() == MOST_PENDING {
            self.keep_pending(0);
        }
        self.pending.push(Pending {
            range: candidate.start..end,
            category,
            rule,
            tag: candidate.tag.clone(),
            name: candidate.name,
            facts: candidate.facts,
            signs: candidate.signs,
            cut: candidate.cut,
            strong,
            before: candidate.weight,
            weight: self.weight,
            depth: self.tree.depth(),
        });
    }

    /// Something came that stays.
    pub(super) fn add_weight(&mut self, weight: u64) {
        self.weight += weight;
        if weight > 0 && !self.pending.is_empty() {
            self.review_pending();
        }
    }

    /// Links that stand alone in their line so far: the line goes on with text.
    pub(super) fn keep_pending_links(&mut self) {
        self.each_waiting_link(Self::keep_pending);
    }

    /// Their line is over.
    pub(super) fn cut_pending_links(&mut self) {
        self.each_waiting_link(Self::cut_pending);
    }

    fn each_waiting_link(&mut self, act: fn(&mut Self, usize)) {
        for index in (0..self.pending.len()).rev() {
            let Some(pending) = self.pending.get(index).filter(|p| p.name == Tag::A) else { continue };
            if self.candidates.last().is_none_or(|c| c.start < pending.range.end) {
                act(self, index);
            }
        }
    }

    /// Something in the line that starts at `start` stays and is no link.
    pub(super) fn keep_links_before(&mut self, start: u64) {
        for index in (0..self.pending.len()).rev() {
            if self.pending[index].name == Tag::A && self.pending[index].range.end <= start {
                self.keep_pending(index);
            }
        }
    }

    /// Decides those of which it is clear what comes after them.
    pub(super) fn review_pending(&mut self) {
        let mut at = self.pending.len();
        while let Some(index) = at.checked_sub(1) {
            at = index;
            let Some(pending) = self.pending.get(index).filter(|p| p.name != Tag::A || self.ended) else { continue };
            let waits = self.candidates.last().is_some_and(|c| c.start >= pending.range.end);
            if waits {
                continue;
            }
            if self.weight > pending.weight && pending.name != Tag::A {
                self.keep_pending(index);
            } else if self.ended || self.tree.depth() < pending.depth {
                if pending.strong {
                    self.cut_pending(index);
                } else {
                    self.keep_pending(index);
                }
            }
        }
    }

    /// A start tag came at `start`: a heading ends what stands under an earlier one.
    pub(super) fn note_heading_start(&mut self, tag: Tag, start: u64) {
        if self.pending.is_empty() || !matches!(tag, Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6) {
            return;
        }
        while let Some(pending) = self.pending.last() {
            let waits = self.candidates.iter().rev().any(|c| c.start >= pending.range.end && c.start != start);
            let level = pending.name as u8;
            let ends = matches!(pending.name, Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6) && tag as u8 <= level;
            if waits || !ends || !pending.strong || self.weight > pending.weight {
                break;
            }
            self.cut_pending(self.pending.len() - 1);
        }
    }

    /// `range` was cut: those that stand directly before it and mean the same go, too.
    pub(super) fn note_cut_after_pending(&mut self, range: &Range<u64>, category: Category, facts: &Facts) {
        self.pending.retain(|p| p.range.start < range.start);
        let anchored = facts.email_input || facts.textarea || facts.share_link || facts.control;
        while let Some(last) = self.pending.last() {
            let beside = last.range.end <= range.start && last.weight == self.weight && last.category == category;
            if !beside || !(last.strong || anchored) {
                break;
            }
            self.cut_pending(self.pending.len() - 1);
        }
    }

    /// The page has been read up to `position`.
    pub(super) fn check_pending(&mut self, position: u64) {
        while self.pending.first().is_some_and(|p| position > p.range.end + LONGEST_WAIT) {
            self.keep_pending(0);
        }
    }

    /// Nothing comes of any of them.
    pub(super) fn keep_all_pending(&mut self) {
        while !self.pending.is_empty() {
            self.keep_pending(0);
        }
    }

    fn keep_pending(&mut self, index: usize) {
        let pending = self.pending.remove(index);
        if pending.strong && pending.name != Tag::A {
            self.note_decline(pending.category, pending.rule, pending.tag, pending.range, DeclineReason::HeadsContent);
        }
    }

    fn cut_pending(&mut self, index: usize) {
        let pending = self.pending.remove(index);
        // It was added to what is around it as if it stayed.
        let around = self.candidates.iter_mut().rev().find(|c| c.start < pending.range.start);
        if let Some(outer) = around {
            outer.facts.words = outer.facts.words.saturating_sub(pending.facts.words);
            outer.facts.bulk = outer.facts.bulk.saturating_sub(pending.facts.bulk);
            outer.signs.take_out(&pending.signs);
            outer.cut += pending.range.end - pending.range.start - pending.cut;
            outer.holds_cut = Some(pending.category);
        }
        // What it weighed is taken from what came after it.
        let weight = pending.weight - pending.before;
        self.weight -= weight;
        for later in self.pending.iter_mut().filter(|p| p.range.start > pending.range.start) {
            later.weight -= weight;
            later.before -= weight;
        }
        for later in self.candidates.iter_mut().filter(|c| c.start > pending.range.start) {
            later.weight -= weight;
        }
        self.record_cut(pending.range, pending.category, pending.rule, pending.tag);
    }
}
