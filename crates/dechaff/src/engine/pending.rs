//! Headings and short lines that are chaff only beside chaff: "Share this:" over a row of buttons, "Stay in the loop" over a
//! form.
//!
//! Such an element has ended, and may be cut as far as the tree goes; what comes after it decides. What is cut in between does
//! not count, as if it had never been there: a second run comes to the same answer.

use std::ops::Range;

use crate::Category;
use crate::engine::{Candidate, Engine};
use crate::report::DeclineReason;
use crate::rules::RuleId;
use crate::tree::tag::{Tag, is};

/// An element that waits for what comes after it.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) range: Range<u64>,
    category: Category,
    rule: RuleId,
    /// What it was before; what is around it has not heard of it yet.
    pub(super) candidate: Candidate,
    /// Its text is enough by itself, if there is no content under it.
    strong: bool,
    /// How much stayed before its end; see [`Engine::weight`].
    weight: u64,
    /// How much stayed before the heading that ends what stands under it, once that has come.
    under: Option<u64>,
    /// How deep its parent is.
    depth: usize,
}

/// More at once are let go.
const MOST_PENDING: usize = 8;

impl Engine {
    /// Keeps an element for now that ended with the current end tag.
    pub(super) fn suspend(
        &mut self,
        mut candidate: Candidate,
        end: u64,
        category: Category,
        rule: RuleId,
        strong: bool,
    ) {
        self.tree.note_kept(candidate.watch);
        // What is in it goes with it, or stays with it.
        let inside = self.pending.partition_point(|p| p.range.end <= candidate.start);
        for inner in self.pending.drain(inside..) {
            candidate.facts.add_kept(&inner.candidate.facts);
            candidate.signs.add_kept(&inner.candidate.signs);
        }
        if self.pending.len() == MOST_PENDING {
            self.let_go_pending();
        }
        if candidate.name == Tag::A {
            // Its line goes on as if it were not there.
            self.line = candidate.line;
        }
        self.in_bounds_until = self.in_bounds_until.min(candidate.start.saturating_add(self.setup.bounds.gross()));
        self.pending.push(Pending {
            range: candidate.start..end,
            category,
            rule,
            strong,
            weight: self.weight,
            under: None,
            depth: self.tree.depth(),
            candidate,
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
        self.each_waiting_link(u64::MAX, Self::keep_pending);
    }

    /// Their line is over, by the start of the element at `own` or by an end tag.
    pub(super) fn cut_pending_links(&mut self, own: u64) {
        self.each_waiting_link(own, Self::cut_pending);
    }

    fn each_waiting_link(&mut self, own: u64, act: fn(&mut Self, usize)) {
        if self.pending.is_empty() {
            return;
        }
        for index in (0..self.pending.len()).rev() {
            let Some(pending) = self.pending.get(index).filter(|p| p.candidate.name == Tag::A) else { continue };
            let inner = self.candidates.iter().rev().find(|c| c.start != own);
            if inner.is_none_or(|c| c.start < pending.range.end) {
                act(self, index);
            }
        }
        self.review_pending();
    }

    /// Something in the line stays that is no link.
    pub(super) fn keep_links_before(&mut self, start: u64) {
        if self.pending.iter().any(|p| p.candidate.name == Tag::A && p.range.end <= start) {
            self.each_waiting_link(u64::MAX, Self::keep_pending);
        }
    }

    /// Decides those of which it is clear what comes after them.
    pub(super) fn review_pending(&mut self) {
        let mut at = self.pending.len();
        while let Some(index) = at.checked_sub(1) {
            at = index;
            let Some(pending) = self.pending.get(index).filter(|p| p.candidate.name != Tag::A || self.ended) else {
                continue;
            };
            // What begins with the current token comes after what that token ended.
            let inner = self.candidates.iter().rev().find(|c| c.start != self.beginning);
            let waits = inner.is_some_and(|c| c.start >= pending.range.end);
            if waits || index + 1 < self.pending.len() {
                continue;
            }
            if pending.under.unwrap_or(self.weight) > pending.weight && pending.candidate.name != Tag::A {
                self.keep_pending(index);
            } else if pending.under.is_some() || self.ended || self.tree.depth() < pending.depth {
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
        if self.pending.is_empty() || !tag.is(is::HEADING) {
            return;
        }
        let inner = self.candidates.iter().rev().find(|c| c.start != start).map(|c| c.start);
        for pending in self.pending.iter_mut().filter(|p| p.strong && p.under.is_none()) {
            let waits = inner.is_some_and(|inner| inner >= pending.range.end);
            let earlier = pending.candidate.name;
            if earlier.is(is::HEADING) && tag as u8 <= earlier as u8 && !waits {
                pending.under = Some(self.weight);
            }
        }
        self.review_pending();
    }

    /// `range` was cut: those that stand directly before it and mean the same go, too; those that say little by themselves if it
    /// is `anchored`, a form or a row of buttons and not just another line.
    pub(super) fn note_cut_after_pending(&mut self, range: &Range<u64>, category: Category, anchored: bool) {
        self.pending.retain(|p| p.range.start < range.start);
        while let Some(last) = self.pending.last() {
            let beside = last.range.end <= range.start && last.weight == self.weight && last.category == category;
            if !beside || !(last.strong || anchored) {
                break;
            }
            self.cut_pending(self.pending.len() - 1);
        }
    }

    /// Nothing comes of any of them.
    pub(super) fn keep_all_pending(&mut self) {
        while !self.pending.is_empty() {
            self.keep_pending(0);
        }
    }

    pub(super) fn keep_pending(&mut self, index: usize) {
        let Pending { range, category, rule, candidate, strong, .. } = self.pending.remove(index);
        let at = self.around(&range);
        if let Some(outer) = self.outer(at) {
            outer.place.card |= outer.name == Tag::A;
            outer.add_kept(&candidate);
        }
        self.check_bulk(at);
        if strong && candidate.name != Tag::A {
            self.note_decline(category, rule, candidate.tag, range, DeclineReason::HeadsContent);
        }
    }

    /// Too many wait: the first one stays, whatever it is.
    fn let_go_pending(&mut self) {
        let Pending { range, category, rule, candidate, .. } = &self.pending[0];
        let (category, rule, tag, range) = (*category, rule.clone(), candidate.tag.clone(), range.clone());
        self.pending[0].strong = false;
        self.keep_pending(0);
        self.note_decline(category, rule, tag, range, DeclineReason::TooDeep);
    }

    fn cut_pending(&mut self, index: usize) {
        let Pending { range, category, rule, candidate, weight, .. } = self.pending.remove(index);
        let at = self.around(&range);
        if let Some(outer) = self.outer(at) {
            outer.add_cut(&candidate, &range, category);
        }
        // What it weighed is taken from what came after it.
        let own = weight - candidate.weight;
        self.weight -= own;
        for other in &mut self.pending {
            if other.range.start > range.start {
                other.weight -= own;
                other.candidate.weight -= own;
            }
            other.under = other.under.map(|under| if under >= weight { under - own } else { under });
        }
        for later in self.candidates.iter_mut().filter(|c| c.start > range.start) {
            later.weight -= own;
        }
        self.forget_declines(&range, candidate.declines);
        self.record_cut(range, category, rule, candidate.tag);
    }

    /// How many candidates are around `range`: they are the first ones.
    fn around(&self, range: &Range<u64>) -> usize {
        self.candidates.iter().rposition(|c| c.start < range.start).map_or(0, |i| i + 1)
    }
}
