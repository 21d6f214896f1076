//! What becomes of the elements that rules picked: cut, kept, or let go because they are held too long.

use std::ops::Range;

use super::Engine;
use crate::Category;
use crate::report::{Cut, Decline, DeclineReason};
use crate::rules::index::Picks;
use crate::tree::watch::Closed;
use crate::verdict::{Around, Page, judge};

impl Engine {
    /// Words of prose before an element that starts here: what comments hold does not speak for cutting those inside them.
    pub(super) fn prose_before(&self) -> u32 {
        let Some(page) = &self.page else { return 0 };
        let outer = self.candidates.iter().filter(|c| self.is_thread(&c.picks)).map(|c| c.prose).min();
        outer.unwrap_or(u32::MAX).min(page.prose())
    }

    pub(super) fn is_thread(&self, picks: &Picks) -> bool {
        picks.iter().any(|at| self.setup.index.rule(at).category == Category::CommentThread)
    }

    /// The tokenizer and the tree disagree: from here on everything stays.
    pub(super) fn give_up(&mut self, reason: DeclineReason) {
        self.tree.lose(reason);
        self.settle();
    }

    /// A frameset takes the place of the body, and would not have if the elements cut so far were still there; or the page was
    /// given up, and it can't be known whether one comes.
    pub(super) fn restore_provisional(&mut self, reason: DeclineReason) {
        let Some(first) = self.provisional.take().filter(|_| self.tree.frameset_possible()) else { return };
        self.hold.restore(first);
        let at = self.report.cuts.partition_point(|c| c.range.start < first);
        for Cut { category, rule, tag, range } in self.report.cuts.drain(at..) {
            self.report.declines.push(Decline { category, rule, tag, range, reason });
        }
    }

    /// Acts on what the tree found out.
    pub(super) fn settle(&mut self) {
        let mut closed = std::mem::take(&mut self.closed);
        // An answer can bring about another one.
        while self.tree.has_answers() {
            closed.extend(self.tree.answers());
            for Closed { watch, end, result } in closed.drain(..) {
                // Decided before: it grew too large.
                let Some(at) = self.candidates.iter().rposition(|c| c.watch == watch) else { continue };
                match result {
                    Ok(()) => self.decide(at, end),
                    Err(reason) => self.keep(at, end, reason),
                }
            }
        }
        self.closed = closed;
        if let Some(reason) = self.tree.lost().map(|stop| stop.reason) {
            self.restore_provisional(reason);
        }
        if self.candidates.is_empty() {
            self.text_log.clear();
        }
    }

    /// The candidate's range ends at `end` and may be cut: do its rules want it?
    pub(super) fn decide(&mut self, at: usize, end: u64) {
        let candidate = &self.candidates[at];
        let size = end - candidate.start - candidate.cut;
        if size > self.setup.bounds.element {
            return self.keep(at, end, DeclineReason::TooLarge);
        }
        if !self.believes_alike(candidate, end) {
            // Were the element that ended it here cut, it would end elsewhere, and might go in a second run.
            if let Some(next) = self.candidates.last_mut().filter(|c| c.start == self.token_start) {
                next.doomed = true;
            }
            return self.keep(at, end, DeclineReason::TokenizerGap);
        }
        let around = Around {
            text: &self.text_log[candidate.text..],
            topics: self.topics,
            prose: candidate.prose,
            forum: self.page.as_ref().is_some_and(Page::is_forum),
        };
        let mut reason = DeclineReason::NoEvidence;
        let mut chosen = None;
        let mut vetoed = None;
        for pick in candidate.picks.iter() {
            let rule = self.setup.index.rule(pick);
            // A vendor's rule knows its own element better than a word in its class does.
            if vetoed == Some(rule.category) && !rule.certain {
                continue;
            }
            match judge(rule, &candidate.facts, &around) {
                Ok(()) => {
                    chosen = Some(rule);
                    break;
                }
                Err(e) => {
                    reason = e;
                    vetoed = if rule.certain { Some(rule.category) } else { vetoed };
                }
            }
        }
        let Some(rule) = chosen else { return self.keep(at, end, reason) };
        let candidate = self.candidates.remove(at);
        let range = candidate.start..end;
        while self.report.cuts.last().is_some_and(|c| c.range.start >= range.start) {
            self.report.cuts.pop();
        }
        // Declines since it began are of elements inside it, or of some around it that grew too large.
        let since = self.report.declines.split_off(candidate.declines);
        self.report.declines.extend(since.into_iter().filter(|d| d.range.start < range.start));
        for later in &mut self.candidates[at..] {
            later.declines = later.declines.min(self.report.declines.len());
        }
        self.report.cuts.push(Cut {
            category: rule.category,
            rule: rule.id.clone(),
            tag: candidate.tag,
            range: range.clone(),
        });
        self.hold.cut(range.clone());
        if self.tree.frameset_possible() {
            self.provisional = Some(self.provisional.map_or(range.start, |p| p.min(range.start)));
        }
        if let Some(outer) = at.checked_sub(1).and_then(|i| self.candidates.get_mut(i)) {
            outer.facts.add_cut(&candidate.facts);
            outer.cut += range.end - range.start;
        }
    }

    pub(super) fn keep(&mut self, at: usize, end: u64, reason: DeclineReason) {
        let candidate = self.candidates.remove(at);
        self.tree.note_kept(candidate.watch);
        if let Some(outer) = at.checked_sub(1).and_then(|i| self.candidates.get_mut(i)) {
            outer.facts.add_kept(&candidate.facts);
            outer.cut += candidate.cut;
        }
        if matches!(reason, DeclineReason::Forum | DeclineReason::LittleProse)
            && let Some(page) = &mut self.page
        {
            page.forget_prose(candidate.prose);
        }
        self.decline(&candidate.picks, candidate.tag, candidate.start..end, reason);
    }

    pub(super) fn decline(&mut self, picks: &Picks, tag: String, range: Range<u64>, reason: DeclineReason) {
        let Some(pick) = picks.iter().next() else { return };
        let rule = self.setup.index.rule(pick);
        self.report.declines.push(Decline { category: rule.category, rule: rule.id.clone(), tag, range, reason });
    }

    /// Keeps all candidates from the one at `index` on.
    pub(super) fn decline_from(&mut self, index: usize, reason: DeclineReason, end: u64) {
        while self.candidates.len() > index {
            self.keep(self.candidates.len() - 1, end, reason);
        }
    }

    /// The page has been read up to `position`: lets go of what is held too long. The outcome depends on where elements end,
    /// not on where chunks do: an element that grew past its bound can't come back under it.
    pub(super) fn check_bounds(&mut self, position: u64) {
        let bounds = self.setup.bounds;
        if self.escape.is_some_and(|at| position > at) && self.tree.lost().is_none() {
            self.give_up(DeclineReason::Encoding);
        }
        match self.provisional {
            Some(_) if !self.tree.frameset_possible() => self.provisional = None,
            Some(first) if position > first + bounds.total => self.give_up(DeclineReason::TooLarge),
            _ => {}
        }
        while let Some(inner) = self.candidates.last() {
            let most = inner.start + inner.cut + bounds.element;
            if position <= most {
                break;
            }
            self.keep(self.candidates.len() - 1, most, DeclineReason::TooLarge);
        }
        while let Some(outer) = self.candidates.first() {
            let most = outer.start + bounds.total;
            if position <= most {
                break;
            }
            self.keep(0, most, DeclineReason::TooLarge);
        }
    }
}
