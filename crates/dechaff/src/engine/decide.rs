//! What becomes of the elements that rules picked: cut, kept, or let go because they are held too long.

use std::borrow::Cow;
use std::ops::Range;

use super::blocks::Blurb;
use super::{Candidate, Engine};
use crate::Category;
use crate::report::{Cut, Decline, DeclineReason, Report};
use crate::rules::RuleId;
use crate::rules::index::Picks;
use crate::text::fold::mark;
use crate::tree::tag::Tag;
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

    /// The page can't be followed any further: from here on everything stays.
    pub(super) fn give_up(&mut self, reason: DeclineReason) {
        self.tree.lose(reason);
        self.settle();
    }

    /// A frameset takes the place of the body, and would not have if the elements cut so far were still there; or the page was
    /// given up, and it can't be known whether one comes.
    pub(super) fn restore_provisional(&mut self, reason: DeclineReason) {
        let possible = self.frameset_possible();
        let Some(first) = self.provisional.take().filter(|_| possible) else { return };
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
                // What waits in an element that ends is decided before that is.
                if !self.pending.is_empty() {
                    if self.ends_line {
                        self.cut_pending_links(self.beginning);
                    }
                    self.review_pending();
                }
                // Decided before: it grew too large.
                let Some(at) = self.candidates.iter().rposition(|c| c.watch == watch) else { continue };
                match result {
                    Ok(()) if self.keep_plain(at) => {}
                    Ok(()) => self.decide(at, end),
                    Err(reason) => self.keep(at, end, reason),
                }
            }
        }
        self.closed = closed;
        self.doom_next();
        if let Some(reason) = self.tree.lost().map(|stop| stop.reason) {
            self.restore_provisional(reason);
            self.keep_all_pending();
        }
        if !self.pending.is_empty() {
            self.review_pending();
        }
        if self.report.cuts.len() + self.report.declines.len() >= self.setup.limits.report_entries
            && self.tree.lost().is_none()
        {
            self.give_up(DeclineReason::ReportFull);
        }
        if self.picked == 0 {
            self.text_log.clear();
        }
        if self.candidates.is_empty() {
            self.lines.clear();
        }
        self.note_bounds();
    }

    /// The candidate's range ends at `end` and may be cut: do its rules, or its text, want it?
    pub(super) fn decide(&mut self, at: usize, end: u64) {
        let candidate = &self.candidates[at];
        let size = end - candidate.start - candidate.cut;
        if size > self.setup.bounds.element {
            return self.keep(at, end, DeclineReason::TooLarge);
        }
        if candidate.doomed || (candidate.start == self.token_start && self.has_refused()) {
            return self.keep(at, end, DeclineReason::ChangedStart);
        }
        if !self.hold.parts_cleanly(&(candidate.start..end)) {
            return self.keep(at, end, DeclineReason::Encoding);
        }
        let mut reason = DeclineReason::NoEvidence;
        if !candidate.picks.is_empty() {
            match self.choose_rule(candidate) {
                Ok((category, rule)) => {
                    self.read_block(at);
                    return self.cut(at, end, category, rule);
                }
                Err(e) => reason = e,
            }
        }
        if size > self.setup.bounds.block || end - candidate.start > self.setup.bounds.gross() {
            return self.keep(at, end, reason);
        }
        self.read_block(at);
        match self.judge_block(at) {
            Blurb::Yes(category, rule) => self.cut(at, end, category, rule),
            Blurb::Perhaps(category, rule, strong)
                if self.at_end_tag && end > self.token_start && self.begins_line(at) =>
            {
                let candidate = self.remove(at);
                if let Some(parted) = self.lines.get_mut(candidate.lines).filter(|b| **b == mark::LINE) {
                    *parted = mark::PERHAPS;
                }
                self.decline(&candidate.picks, candidate.tag.clone(), candidate.start..end, reason);
                self.suspend(candidate, end, category, rule, strong);
            }
            Blurb::Guarded(category, rule, guard) => {
                let (tag, start) = (self.candidates[at].tag.clone(), self.candidates[at].start);
                self.keep(at, end, reason);
                self.note_decline(category, rule, tag, start..end, guard);
            }
            Blurb::Perhaps(..) | Blurb::No => self.keep(at, end, reason),
        }
    }

    /// Whether the current token has ended an element that stays for its structure, and is not in one that goes.
    fn has_refused(&self) -> bool {
        self.refused.iter().any(|start| !self.report.cuts.iter().rev().take(8).any(|c| c.range.contains(start)))
    }

    /// Were the element cut that begins with the current token, those that this token has ended would end elsewhere, and might
    /// go in a second run: so it stays.
    fn doom_next(&mut self) {
        if self.refused.is_empty() {
            return;
        }
        let start = self.token_start;
        if self.has_refused()
            && let Some(next) = self.candidates.last_mut().filter(|c| c.start == start)
        {
            next.doomed = true;
        }
        self.refused.clear();
    }

    /// The rule that cuts the candidate.
    fn choose_rule(&self, candidate: &Candidate) -> Result<(Category, RuleId), DeclineReason> {
        let around = Around {
            text: &self.text_log[candidate.text..],
            topics: self.topics,
            prose: candidate.prose,
            forum: self.page.as_ref().is_some_and(Page::is_forum),
        };
        let mut reason = DeclineReason::NoEvidence;
        let mut vetoed = None;
        for pick in candidate.picks.iter() {
            let rule = self.setup.index.rule(pick);
            // A vendor's rule knows its own element better than a word in its class does.
            if vetoed == Some(rule.category) && !rule.certain {
                continue;
            }
            match judge(rule, &candidate.facts, &around) {
                Ok(()) => return Ok((rule.category, rule.id.clone())),
                Err(e) => {
                    reason = e;
                    vetoed = if rule.certain { Some(rule.category) } else { vetoed };
                }
            }
        }
        Err(reason)
    }

    /// Takes a candidate out whose own lines are read.
    fn remove(&mut self, at: usize) -> Candidate {
        let candidate = self.candidates.remove(at);
        self.judged -= u32::from(candidate.judged);
        self.picked -= u32::from(!candidate.picks.is_empty());
        candidate
    }

    fn cut(&mut self, at: usize, end: u64, category: Category, rule: RuleId) {
        self.forget_lines(at);
        let candidate = self.remove(at);
        self.tree.note_gone(candidate.watch);
        let range = candidate.start..end;
        // One that begins with the token that ends this one goes with it.
        while self.candidates.get(at).is_some_and(|c| c.start < end) {
            self.remove(at);
        }
        self.forget_declines(&range, candidate.declines);
        // What comes after it, or has begun with the token that ended it, comes after what was before it.
        self.line = candidate.line;
        if let Some(next) = self.candidates.get_mut(at) {
            next.line = candidate.line;
            // A link that seemed to stand alone does not.
            if next.name == Tag::A && next.line.loose && next.judged {
                next.judged = false;
                self.judged -= 1;
            }
        }
        self.topics = candidate.topics;
        self.weight = candidate.weight;
        for later in &mut self.candidates[at..] {
            later.weight = candidate.weight;
        }
        if let Some(outer) = self.outer(at) {
            outer.add_cut(&candidate, &range, category);
        }
        let anchored = !candidate.picks.is_empty() || candidate.facts.held.is_form();
        self.record_cut(range.clone(), category, rule, candidate.tag);
        self.note_cut_after_pending(&range, category, anchored);
    }

    /// Remembers what `range` is in the page. Most of what was noted may have gone with elements around it.
    fn note_range(&mut self, range: &Range<u64>) {
        let Report { cuts, declines, .. } = &self.report;
        if self.hold.count_noted() > 1024 + 4 * (cuts.len() + declines.len()) {
            let ranges = cuts.iter().map(|cut| &cut.range).chain(declines.iter().map(|decline| &decline.range));
            self.hold.forget_all_but(ranges, self.tree.lost().map(|stop| stop.offset));
        }
        self.hold.note(range);
    }

    /// Drops `range` and writes it down.
    pub(super) fn record_cut(&mut self, range: Range<u64>, category: Category, rule: RuleId, tag: Cow<'static, str>) {
        let cuts = &mut self.report.cuts;
        let first = cuts.partition_point(|c| c.range.start < range.start);
        let after = cuts.partition_point(|c| c.range.start < range.end);
        cuts.drain(first..after);
        self.note_range(&range);
        self.report.cuts.insert(first, Cut { category, rule, tag, range: range.clone() });
        self.hold.cut(range.clone());
        self.tree.note_cut(&range);
        self.header_cells.retain(|(_, at)| !range.contains(at));
        self.heading.note_cut(&range);
        if self.tree.frameset_ruled_out() >= self.undecided().min(range.start) {
            let first = self.provisional.map_or(range.start, |p| p.min(range.start));
            self.in_bounds_until = self.in_bounds_until.min(first.saturating_add(self.setup.bounds.total));
            self.provisional = Some(first);
        }
    }

    pub(super) fn keep(&mut self, at: usize, end: u64, reason: DeclineReason) {
        self.read_block(at);
        let wanted = structural(reason) && (!self.candidates[at].picks.is_empty() || self.is_wanted_again(at));
        if wanted && self.candidates[at].start < self.token_start {
            self.refused.push(self.candidates[at].start);
        }
        let candidate = self.remove(at);
        self.keep_removed(at, candidate, end, reason);
    }

    /// The candidate stays that was at `at`.
    fn keep_removed(&mut self, at: usize, candidate: Candidate, end: u64, reason: DeclineReason) {
        // It may be open still, if it was too large, or in one reading of two.
        self.tree.forget(candidate.watch);
        if candidate.name != Tag::A {
            self.keep_links_before(candidate.start);
        }
        if let Some(outer) = self.outer(at) {
            outer.add_kept(&candidate);
        }
        self.check_bulk(at);
        if matches!(reason, DeclineReason::Forum | DeclineReason::LittleProse)
            && let Some(page) = &mut self.page
        {
            page.forget_prose(candidate.prose);
        }
        self.decline(&candidate.picks, candidate.tag, candidate.start..end, reason);
        if !self.pending.is_empty() {
            self.review_pending();
        }
    }

    pub(super) fn decline(&mut self, picks: &Picks, tag: Cow<'static, str>, range: Range<u64>, reason: DeclineReason) {
        let Some(pick) = picks.iter().next() else { return };
        let rule = self.setup.index.rule(pick);
        self.note_decline(rule.category, rule.id.clone(), tag, range, reason);
    }

    pub(super) fn note_decline(
        &mut self,
        category: Category,
        rule: RuleId,
        tag: Cow<'static, str>,
        range: Range<u64>,
        reason: DeclineReason,
    ) {
        self.note_range(&range);
        self.report.declines.push(Decline { category, rule, tag, range, reason });
    }

    /// What was declined in `range` is not worth telling any more: it goes. Before it there were `since` declines; those after
    /// them may be of elements around it as well, which grew too large.
    pub(super) fn forget_declines(&mut self, range: &Range<u64>, since: usize) {
        let declines = &mut self.report.declines;
        let tail = declines.split_off(since.min(declines.len()));
        let stays = |decline: &Decline| !range.contains(&decline.range.start);
        let pending = self.pending.iter_mut().map(|p| &mut p.candidate);
        for later in self.candidates.iter_mut().chain(pending).filter(|c| c.declines > since) {
            later.declines = since + tail.iter().take(later.declines - since).filter(|d| stays(d)).count();
        }
        declines.extend(tail.into_iter().filter(stays));
    }

    /// The page has been read up to `position`: lets go of what is held too long. The outcome depends on where elements end,
    /// not on where chunks do: an element that grew past its bound can't come back under it, and where several grew past
    /// theirs, the one that did first is let go first, since that has a say in what becomes of the others.
    pub(super) fn check_bounds(&mut self, position: u64) {
        if position <= self.in_bounds_until {
            return;
        }
        while let Some((most, held)) = self.next_bound().filter(|(most, _)| position > *most) {
            match held {
                Held::Inner => self.keep(self.candidates.len() - 1, most, DeclineReason::TooLarge),
                Held::Outer if self.candidates[0].picks.is_empty() => self.release_block(0),
                Held::Outer => self.keep(0, most, DeclineReason::TooLarge),
                Held::Pending => self.keep_pending(0),
                Held::Provisional => {
                    if self.tree.frameset_ruled_out() >= self.undecided().min(most) {
                        self.give_up(DeclineReason::TooLarge);
                    }
                    self.provisional = None;
                }
            }
        }
        if !self.frameset_possible() {
            self.provisional = None;
        }
        self.in_bounds_until = u64::MAX;
        self.note_bounds();
    }

    /// What is held has changed: it may be another thing that grows past its bound next.
    pub(super) fn note_bounds(&mut self) {
        let most = self.next_bound().map_or(u64::MAX, |(most, _)| most);
        self.in_bounds_until = self.in_bounds_until.min(most);
    }

    /// What grows past its bound next, and the offset at which it does.
    pub(super) fn next_bound(&self) -> Option<(u64, Held)> {
        let bounds = self.setup.bounds;
        let is_text = |candidate: &Candidate| candidate.picks.is_empty();
        let inner = self.candidates.last().map(|c| {
            let bound = if is_text(c) { bounds.block } else { bounds.element };
            ((c.start + c.cut).saturating_add(bound), Held::Inner)
        });
        let outer = self.candidates.first().map(|c| {
            let bound = if is_text(c) { bounds.gross() } else { bounds.total };
            (c.start.saturating_add(bound), Held::Outer)
        });
        let pending = self.pending.first().map(|p| (p.range.start.saturating_add(bounds.gross()), Held::Pending));
        let provisional = self.provisional.map(|first| (first.saturating_add(bounds.total), Held::Provisional));
        // Of equal ones, the first: a page that is given up keeps everything.
        [provisional, inner, outer, pending].into_iter().flatten().min_by_key(|(most, _)| *most)
    }
}

/// What may be held no further than to some offset.
#[derive(Clone, Copy)]
pub(super) enum Held {
    /// The innermost element that is not decided.
    Inner,
    /// The outermost one, by what it holds in all.
    Outer,
    /// The first element that waits for what comes after it.
    Pending,
    /// The cuts that hang on a `frameset`.
    Provisional,
}

/// Whether the reason is where the element ends, and not what it holds.
fn structural(reason: DeclineReason) -> bool {
    use DeclineReason::{
        ChangedStart, ChangedState, Encoding, JoinedText, Misnested, MovedNodes, OpenAtBodyEnd, ParsersDiffer,
    };
    matches!(
        reason,
        ChangedStart | ChangedState | Encoding | JoinedText | Misnested | MovedNodes | OpenAtBodyEnd | ParsersDiffer
    )
}

#[cfg(test)]
mod tests {
    use encoding_rs::WINDOWS_1252;

    use crate::Cleaner;
    use crate::encoding::sniff::Hints;
    use crate::engine::Engine;

    /// Where things are in the page is remembered as long as the report has them, however many there were.
    #[test]
    fn offsets_of_what_went_with_an_element_around_it_are_forgotten() {
        let hints = Hints { label: Some(WINDOWS_1252), content_type: None };
        let mut engine = Engine::new(Cleaner::new().setup(), hints, None, None);
        let share = "<b class=sharedaddy>x</b>".repeat(2_000);
        let boxes = format!("<p>Rye</p><div class=sharedaddy>{share}</div>").repeat(20);
        engine.push(boxes.as_bytes(), &mut |_| Ok(())).unwrap();
        assert_eq!(engine.report.cuts.len(), 20);
        let noted = engine.hold.count_noted();
        assert!((40..4 * 2_000 + 2_000).contains(&noted), "{noted} are noted");
    }
}
