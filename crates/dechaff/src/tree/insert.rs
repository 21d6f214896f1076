//! Creating and closing elements (HTML standard, 13.2.6.1 and 13.2.6.3), with what it means to the watches.

use super::formatting::{Active, Entry};
use super::open::{Node, NodeId, Scope, Space};
use super::tag::{Name, Tag, is};
use super::watch::{Left, Next, UnlessCut, Watch, WatchId, need};
use super::{Mode, StartTag, Token, Trait, Tree};
use crate::report::DeclineReason;

impl Tree {
    /// Inserts an HTML element for the token (13.2.6.1).
    pub(super) fn insert(&mut self, tag: &StartTag) {
        self.insert_in(tag, Space::Html);
    }

    pub(super) fn insert_in(&mut self, tag: &StartTag, space: Space) {
        self.note_foster();
        let id = self.new_id();
        let watch = self.token.watch.take().and_then(|w| self.begin_watch(w));
        let html_inside = tag.traits == Trait::HtmlEncoding;
        let around = if self.fosters() { self.foster_depth() } else { self.open.len() };
        self.token.inserted = Some((id, around));
        self.open.push(tag.name, space, html_inside, id);
        if let Some(watch) = watch {
            self.open.set_watch(watch);
        }
    }

    /// Inserts an element no tag stands for.
    pub(super) fn insert_implied(&mut self, tag: Tag) {
        self.token.implied += 1;
        self.note_foster();
        let id = self.new_id();
        self.open.push(Name::of(tag), Space::Html, false, id);
    }

    pub(super) fn new_id(&mut self) -> NodeId {
        self.next_id += 1;
        self.next_id
    }

    /// The element about to be pushed is the one to watch: what did its start tag change before?
    fn begin_watch(&mut self, id: WatchId) -> Option<WatchId> {
        let token = &self.token;
        let mut needs = 0;
        // After an element that goes, what stands before that one counts: the watch of that one brings it.
        let left = if token.popped_watch.is_some() { Left::Clean } else { token.left };
        let mut fault = None;
        let change = match token.popped {
            // Leaving `head` is part of opening `body`.
            None | Some(Tag::Head) => Ok(0),
            // What a table clears away goes whatever stands above it; the next token would not reach it.
            Some(Tag::P | Tag::Li | Tag::Dd | Tag::Dt | Tag::Option) if token.cleared => {
                Err(DeclineReason::ChangedStart)
            }
            Some(Tag::P) => Ok(need::CLOSE_P),
            Some(Tag::Li) => Ok(need::CLOSE_LI),
            Some(Tag::Dd | Tag::Dt) => Ok(need::CLOSE_DD),
            Some(Tag::Option) => Ok(need::CLOSE_OPTION),
            Some(Tag::Td | Tag::Th) => Ok(need::CLOSE_CELL),
            Some(Tag::Tr) => Ok(need::CLOSE_ROW),
            Some(Tag::Tbody | Tag::Thead | Tag::Tfoot) => Ok(need::CLOSE_SECTION),
            Some(_) => Err(DeclineReason::ChangedStart),
        };
        let unless_cut = token.popped_watch.map(|before| UnlessCut { before, change, left: token.left });
        match change {
            _ if unless_cut.is_some() => {}
            Ok(more) => needs |= more,
            Err(reason) => fault = Some(reason),
        }
        // A tag that leaves foreign content closes more than the one after it need close.
        if token.reformatted || token.form != self.form || token.popped_foreign {
            fault = Some(DeclineReason::ChangedStart);
        }
        if self.fosters() {
            fault = Some(DeclineReason::MovedNodes);
        }
        // Two pieces of an SVG script or style would become one.
        if self.open.current().is_some_and(|n| n.space != Space::Html && matches!(n.tag(), Tag::Script | Tag::Style)) {
            fault = Some(DeclineReason::JoinedText);
        }
        match (token.mode, self.mode) {
            (before, now) if before == now && token.implied == 0 => {}
            (Mode::Initial | Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead, Mode::InBody) => {
                needs |= need::OPEN_BODY;
            }
            (Mode::AfterBody | Mode::AfterAfterBody, Mode::InBody) => needs |= need::REENTER_BODY,
            (Mode::InTable, Mode::InTableBody) if token.implied == 1 => needs |= need::OPEN_SECTION,
            (Mode::InTable | Mode::InTableBody, Mode::InRow) => needs |= need::OPEN_ROW,
            // Popping out of a cell or a row is a need already; anything created is not undone.
            _ if token.implied == 0 && token.popped.is_some() => {}
            _ => fault = Some(DeclineReason::ChangedStart),
        }
        if matches!(self.mode, Mode::InTable | Mode::InTableBody | Mode::InRow) {
            needs |= need::NO_TABLE_TEXT;
            if token.table_text {
                fault = Some(DeclineReason::MovedNodes);
            }
        }
        if left != Left::Clean {
            needs |= need::NO_JOIN;
        }
        if let Some(reason) = fault {
            self.watches.decline(id, token.start, reason);
            return None;
        }
        let watch = Watch {
            id,
            depth: self.open.len(),
            formatting: self.formatting.len(),
            mode: self.mode,
            form: self.form,
            needs,
            left,
            unless_cut,
        };
        let opened = self.watches.open(watch, token.start);
        if opened {
            self.watches.inherit(id);
        }
        opened.then_some(id)
    }

    /// Inserts a void element: it ends with its own tag.
    pub(super) fn insert_void(&mut self, tag: &StartTag) {
        self.insert(tag);
        self.pop_ended();
    }

    /// Pops the current node; an element that this token ends without being its end tag ends before the token.
    pub(super) fn pop(&mut self) {
        let Some(node) = self.pop_plain() else { return };
        if let Some(id) = node.watch
            && let Some(watch) = self.watches.take(id)
        {
            // Without an integration point the token would have met the rules for foreign content.
            let point = node.is_html_point() || node.is_math_text_point();
            // A start tag that leaves foreign content closes more than it would without that: what begins with it may stay for
            // that, and in a second run it must stay as well.
            let point = point || (self.token.popped_foreign && matches!(self.token.next, Next::Start(_)));
            // And so would any token where a foreign element is the current one then; at a point, an end tag.
            let foreign = self.open.current().is_some_and(|n| {
                let point = n.is_html_point() || n.is_math_text_point();
                n.space != Space::Html && (!point || matches!(self.token.next, Next::End(..)))
            });
            let point = point || foreign;
            // A formatting element that was not closed goes on in the list, or went from it by another one's start tag.
            let formatting = node.is(is::FORMATTING);
            // And what it left behind: formatting it opened, a form it did not close.
            if !point && !formatting && self.formatting.len() == watch.formatting && self.token.form == watch.form {
                let Token { start, next, .. } = self.token;
                let goes = self.watches.finish_before(watch, start, next);
                self.token.popped_watch = goes.then_some(id);
            } else {
                self.watches.decline(id, self.token.start, DeclineReason::ChangedState);
            }
        }
    }

    /// Pops the current node, whose end tag the token is.
    pub(super) fn pop_ended(&mut self) {
        if let Some(id) = self.pop_plain().and_then(|node| node.watch) {
            self.token.ended = self.watches.take(id);
        }
    }

    /// Pops the current node; `own`: the token is its end tag.
    pub(super) fn close(&mut self, own: bool) {
        if own {
            self.pop_ended();
        } else {
            self.pop();
        }
    }

    fn pop_plain(&mut self) -> Option<Node> {
        let node = self.open.pop()?;
        if node.space == Space::Html && node.tag().is(is::FORMATTING) {
            self.formatting.note_closed(node.id);
        }
        self.token.popped_foreign |= node.space != Space::Html;
        self.token.popped = Some(node.tag());
        self.token.popped_watch = None;
        Some(node)
    }

    /// Pops down to the entry at `index`, which the token's own end tag names, and that one too.
    pub(super) fn pop_to_ended(&mut self, index: usize) {
        self.close_to(index, true);
    }

    /// Pops down to the entry at `index` and that one too; `own`: the token is its end tag.
    pub(super) fn close_to(&mut self, index: usize, own: bool) {
        self.pop_above(index);
        self.close(own);
    }

    /// Pops everything above the entry at `index`.
    pub(super) fn pop_above(&mut self, index: usize) {
        while self.open.len() > index + 1 {
            self.pop();
        }
    }

    /// Pops down to the entry at `index` and that one too, without being its end tag.
    pub(super) fn pop_to(&mut self, index: usize) {
        self.close_to(index, false);
    }

    /// 13.2.6.3: generate implied end tags, except for `except`.
    pub(super) fn imply_ends(&mut self, except: Option<Tag>) {
        while let Some(node) = self.open.current()
            && node.is(is::IMPLIED_END)
            && Some(node.tag()) != except
        {
            self.pop();
        }
    }

    /// 13.2.6.4.7: close a `p` element, if one is in button scope.
    pub(super) fn close_p(&mut self) {
        if let Some(index) = self.open.in_scope(Tag::P, Scope::Button) {
            self.pop_to(index);
        }
    }

    /// Whether an element inserted now would be foster parented (13.2.6.1).
    pub(super) fn fosters(&self) -> bool {
        self.foster && self.open.current().is_some_and(Node::wants_rows)
    }

    /// A node is about to be inserted: if it is foster parented, it leaves every watched element from the table up.
    pub(super) fn note_foster(&mut self) {
        if self.fosters() {
            // A template above the table takes the node itself (13.2.6.1).
            let table = self.open.topmost(Tag::Table).max(self.open.topmost(Tag::Template)).unwrap_or(0);
            self.watches.disturb(self.token.start, DeclineReason::MovedNodes, |w| w.depth >= table);
        }
    }

    /// How many elements are open around one that is foster parented (13.2.6.1).
    fn foster_depth(&self) -> usize {
        match (self.open.topmost(Tag::Table), self.open.topmost(Tag::Template)) {
            (table, Some(template)) if table.is_none_or(|table| table < template) => template + 1,
            (table, _) => table.unwrap_or(0),
        }
    }

    /// 13.2.4.3: reconstruct the active formatting elements.
    pub(super) fn reconstruct(&mut self) {
        if !self.formatting.wants_reconstruction() {
            return;
        }
        let start = self.formatting.reconstruction_start();
        self.disturb_formatting(start);
        self.token.reformatted = true;
        for i in start..self.formatting.len() {
            let Entry::Element(old) = self.formatting.get(i) else { continue };
            self.note_foster();
            let id = self.new_id();
            self.note_clone(id, old.id);
            self.open.push(old.name, Space::Html, false, id);
            self.formatting.set(i, Active { id, open: true, ..old });
        }
    }

    /// Entries of the formatting list from `index` on were changed: watches that began after them rely on them.
    pub(super) fn disturb_formatting(&mut self, index: usize) {
        self.watches.disturb(self.token.start, DeclineReason::Misnested, |w| w.formatting > index);
    }

    /// 13.2.6.4.7: a formatting element's start tag, after its own clean-up.
    pub(super) fn insert_formatting(&mut self, tag: &StartTag) {
        self.insert(tag);
        let id = self.next_id;
        let active = Active { name: tag.name, attributes: tag.attributes, id, open: true };
        if let Some(dropped) = self.formatting.push(active) {
            self.disturb_formatting(dropped);
        }
    }
}
