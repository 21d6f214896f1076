//! The "in body" insertion mode (HTML standard, 13.2.6.4.7), with the adoption agency.

use super::formatting::{Active, Entry};
use super::open::{Scope, Space};
use super::tag::{Name, Tag, is};
use super::watch::Watch;
use super::{Drops, Mode, StartTag, Trait, Tree};
use crate::report::DeclineReason;

impl Tree {
    pub(super) fn text_in_body(&mut self, white: bool) {
        self.reconstruct();
        self.note_foster();
        if !white {
            self.rule_out_frameset();
        }
    }

    pub(super) fn start_in_body(&mut self, tag: &StartTag) {
        let t = tag.name.tag;
        match t {
            // Their attributes go to the elements that are open: nothing watched may hold such a tag.
            Tag::Html | Tag::Body if self.in_template() => {}
            Tag::Html | Tag::Body => {
                if t == Tag::Body {
                    self.rule_out_frameset();
                }
                self.watches.disturb(self.token.start, DeclineReason::MovedNodes, |_| true);
            }
            Tag::Frameset => {
                if self.frameset_ok || self.frameset_open {
                    self.lose(DeclineReason::Frameset);
                }
            }
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                self.close_p();
                if self.open.current().is_some_and(|n| n.is(is::HEADING)) {
                    self.pop();
                }
                self.insert(tag);
            }
            Tag::Pre | Tag::Listing => {
                self.close_p();
                self.insert(tag);
                self.token.drops = Drops::LineBreak;
                self.rule_out_frameset();
            }
            Tag::Form => {
                if self.form.is_none() || self.in_template() {
                    self.close_p();
                    self.insert(tag);
                    if !self.in_template() {
                        self.form = Some(self.next_id);
                    }
                }
            }
            Tag::Li => self.start_item(tag, &[Tag::Li]),
            Tag::Dd | Tag::Dt => self.start_item(tag, &[Tag::Dd, Tag::Dt]),
            Tag::Plaintext => {
                self.close_p();
                self.insert(tag);
            }
            Tag::Button => {
                if let Some(index) = self.open.in_scope(Tag::Button, Scope::Default) {
                    self.imply_ends(None);
                    self.pop_to(index);
                }
                self.reconstruct();
                self.insert(tag);
                self.rule_out_frameset();
            }
            Tag::A => {
                if let Some(at) = self.formatting.last_named(tag.name)
                    && let Entry::Element(old) = self.formatting.get(at)
                {
                    self.token.reformatted = true;
                    self.adopt(tag.name, false);
                    if let Some(at) = self.formatting.position(old.id) {
                        self.remove_formatting(at);
                    }
                    if let Some(index) = self.open.position(old.name, old.id) {
                        self.remove_open(index);
                    }
                }
                self.reconstruct();
                self.insert_formatting(tag);
            }
            Tag::Nobr => {
                self.reconstruct();
                if self.open.in_scope(Tag::Nobr, Scope::Default).is_some() {
                    self.token.reformatted = true;
                    self.adopt(tag.name, false);
                    self.reconstruct();
                }
                self.insert_formatting(tag);
            }
            Tag::Applet | Tag::Marquee | Tag::Object => {
                self.reconstruct();
                self.insert(tag);
                self.formatting.push_marker();
                self.rule_out_frameset();
            }
            Tag::Table => {
                if !self.quirks {
                    self.close_p();
                }
                self.insert(tag);
                self.rule_out_frameset();
                self.mode = Mode::InTable;
            }
            Tag::Input => {
                if let Some(index) = self.open.in_scope(Tag::Select, Scope::Default) {
                    self.pop_to(index);
                }
                self.reconstruct();
                self.insert_void(tag);
                if tag.traits != Trait::Hidden {
                    self.rule_out_frameset();
                }
            }
            Tag::Param | Tag::Source | Tag::Track => self.insert_void(tag),
            Tag::Hr => {
                self.close_p();
                if self.open.in_scope(Tag::Select, Scope::Default).is_some() {
                    self.imply_ends(None);
                }
                self.insert_void(tag);
                self.rule_out_frameset();
            }
            Tag::Textarea | Tag::Iframe => {
                self.insert(tag);
                self.rule_out_frameset();
            }
            Tag::Noscript if !self.scripting => {
                self.reconstruct();
                self.insert(tag);
            }
            Tag::Noembed | Tag::Noscript => self.insert(tag),
            Tag::Xmp => {
                self.close_p();
                self.reconstruct();
                self.insert(tag);
                self.rule_out_frameset();
            }
            Tag::Select => {
                // A second one acts as the end tag of the first.
                if let Some(index) = self.open.in_scope(Tag::Select, Scope::Default) {
                    self.pop_to_ended(index);
                } else {
                    self.reconstruct();
                    self.insert(tag);
                    self.rule_out_frameset();
                }
            }
            Tag::Option | Tag::Optgroup => {
                if self.open.in_scope(Tag::Select, Scope::Default).is_some() {
                    self.imply_ends((t == Tag::Option).then_some(Tag::Optgroup));
                } else if self.open.current_is(Tag::Option) {
                    self.pop();
                }
                self.reconstruct();
                self.insert(tag);
            }
            Tag::Rb | Tag::Rtc | Tag::Rp | Tag::Rt => {
                if self.open.in_scope(Tag::Ruby, Scope::Default).is_some() {
                    self.imply_ends(matches!(t, Tag::Rp | Tag::Rt).then_some(Tag::Rtc));
                }
                self.insert(tag);
            }
            Tag::Math => self.start_foreign_root(tag, Space::Math),
            Tag::Svg => self.start_foreign_root(tag, Space::Svg),
            Tag::Frame | Tag::Head => {}
            _ if t.is(is::HEAD_CONTENT) => self.start_head_content(tag),
            _ if t.is(is::TABLE_PART) => {}
            _ if t.is(is::FORMATTING) => {
                self.reconstruct();
                self.insert_formatting(tag);
            }
            _ if t.is(is::VOID) => {
                self.reconstruct();
                self.insert_void(tag);
                self.rule_out_frameset();
            }
            _ if t.is(is::CLOSES_P) => {
                self.close_p();
                self.insert(tag);
            }
            _ => {
                self.reconstruct();
                self.insert(tag);
            }
        }
    }

    /// `li`, `dd`, `dt`: an open one of the same kind is closed, unless something special stands between.
    fn start_item(&mut self, tag: &StartTag, closes: &[Tag]) {
        self.rule_out_frameset();
        let topmost = closes.iter().filter_map(|&t| self.open.topmost(t)).max();
        if let Some(index) = topmost.filter(|&index| index >= self.open.item_bound()) {
            self.imply_ends(Some(self.open.get(index).tag()));
            self.pop_to(index);
        } else {
            let bound = self.open.item_bound();
            self.refuse_foreign(bound);
            // What stands between, and goes with the `p`, hides an item: without it that one would be closed.
            if topmost.is_some()
                && let Some(p) = self.open.in_scope(Tag::P, Scope::Button)
            {
                let hides = |w: &Watch| (p..=bound).contains(&w.depth);
                self.watches.disturb(self.token.start, DeclineReason::ChangedState, hides);
            }
        }
        self.close_p();
        self.insert(tag);
    }

    pub(super) fn end_in_body(&mut self, name: Name) {
        let t = name.tag;
        match t {
            Tag::Template => self.end_template(),
            Tag::Body | Tag::Html => self.end_body(name),
            Tag::Form => self.end_form(),
            Tag::P => {
                if let Some(index) = self.open.in_scope(Tag::P, Scope::Button) {
                    self.imply_ends(Some(Tag::P));
                    self.pop_to_ended(index);
                } else {
                    self.note_passing(Tag::P);
                }
            }
            Tag::Li => self.end_item(Tag::Li, Scope::List),
            Tag::Dd | Tag::Dt => self.end_item(t, Scope::Default),
            Tag::H1 | Tag::H2 | Tag::H3 | Tag::H4 | Tag::H5 | Tag::H6 => {
                let headings = [Tag::H1, Tag::H2, Tag::H3, Tag::H4, Tag::H5, Tag::H6];
                let open = headings.iter().filter_map(|&h| self.open.in_scope(h, Scope::Default)).max();
                if let Some(index) = open {
                    self.imply_ends(None);
                    self.pop_to_ended(index);
                }
            }
            Tag::Applet | Tag::Marquee | Tag::Object => {
                if let Some(index) = self.open.in_scope(t, Scope::Default) {
                    self.imply_ends(None);
                    self.pop_to_ended(index);
                    let length = self.formatting.clear_to_marker();
                    self.disturb_formatting(length);
                }
            }
            Tag::Br => {
                self.reconstruct();
                self.note_passing(Tag::Br);
                self.rule_out_frameset();
            }
            _ if t.is(is::BLOCK_END) => {
                if let Some(index) = self.open.in_scope(t, Scope::Default) {
                    self.imply_ends(None);
                    self.pop_to_ended(index);
                }
            }
            _ if t.is(is::FORMATTING) => self.adopt(name, true),
            _ => self.end_any_other(name),
        }
    }

    pub(super) fn in_template(&self) -> bool {
        self.open.topmost(Tag::Template).is_some()
    }

    fn end_item(&mut self, tag: Tag, scope: Scope) {
        if let Some(index) = self.open.in_scope(tag, scope) {
            self.imply_ends(Some(tag));
            self.pop_to_ended(index);
        }
    }

    fn end_form(&mut self) {
        if self.in_template() {
            if let Some(index) = self.open.in_scope(Tag::Form, Scope::Default) {
                self.imply_ends(None);
                self.pop_to_ended(index);
            }
            return;
        }
        let Some(form) = self.form.take() else { return };
        let Some(index) = self.open.position(Name::of(Tag::Form), form) else { return };
        if index < self.open.scope_bound(Scope::Default) {
            return;
        }
        self.imply_ends(None);
        if self.open.len() == index + 1 {
            self.pop_ended();
        } else {
            self.remove_open(index);
        }
    }

    /// "Any other end tag" (13.2.6.4.7): up to the nearest element of that name, or none if something special comes first.
    fn end_any_other(&mut self, name: Name) {
        if let Some(index) = self.open.named_above_special(name) {
            self.imply_ends(Some(name.tag));
            self.pop_to_ended(index);
        } else {
            self.refuse_foreign(self.open.special_bound());
        }
    }

    /// Gives the page up where an integration point of SVG or MathML was what bounded a search: the standard counts those among
    /// the special elements, but not every parser does, and the page without a cut must be the same to all of them.
    fn refuse_foreign(&mut self, bound: usize) {
        if self.open.get(bound).space != Space::Html {
            self.lose(DeclineReason::ParsersDiffer);
        }
    }

    /// Takes an element out of the middle of the stack: what stands above it is no longer where it was.
    fn remove_open(&mut self, index: usize) {
        self.watches.disturb(self.token.start, DeclineReason::Misnested, |w| w.depth >= index);
        let node = self.open.remove(index);
        self.formatting.note_closed(node.id);
    }

    fn remove_formatting(&mut self, at: usize) {
        self.disturb_formatting(at);
        self.formatting.remove(at);
    }

    /// The adoption agency algorithm (13.2.6.4.7), for the end tag of a formatting element (`own`), or for a start tag that
    /// acts as one.
    fn adopt(&mut self, subject: Name, own: bool) {
        if let Some(node) = self.open.current()
            && node.space == Space::Html
            && node.name == subject
            && self.formatting.position(node.id).is_none()
        {
            let index = self.open.len() - 1;
            return self.close_to(index, own);
        }
        for _ in 0..8 {
            let Some(at) = self.formatting.last_named(subject) else { return self.end_any_other(subject) };
            let Entry::Element(active) = self.formatting.get(at) else { return };
            let Some(index) = self.open.position(active.name, active.id) else {
                return self.remove_formatting(at);
            };
            if index < self.open.scope_bound(Scope::Default) {
                return;
            }
            let furthest = (index + 1..self.open.len()).find(|&i| self.open.get(i).is(is::SPECIAL));
            let Some(furthest) = furthest else {
                self.remove_formatting(at);
                return self.close_to(index, own);
            };
            self.rearrange(at, active, index, furthest);
        }
    }

    /// Steps 9 to 20 of the adoption agency: elements between the formatting element at `index` and the furthest block
    /// are cloned, and everything changes its parent.
    fn rearrange(&mut self, at: usize, active: Active, index: usize, furthest: usize) {
        self.watches.disturb(self.token.start, DeclineReason::Misnested, |w| w.depth >= index || w.formatting > at);
        let mut bookmark = at + 1;
        let mut furthest = furthest;
        let mut node = furthest;
        let mut inner = 0;
        let mut first = true;
        loop {
            inner += 1;
            node -= 1;
            if node == index {
                break;
            }
            let listed = self.formatting.position(self.open.get(node).id);
            let listed = match listed {
                Some(i) if inner > 3 => {
                    self.remove_formatting(i);
                    if i < bookmark {
                        bookmark -= 1;
                    }
                    None
                }
                other => other,
            };
            let Some(i) = listed else {
                self.open.remove(node);
                furthest -= 1;
                continue;
            };
            let Entry::Element(old) = self.formatting.get(i) else { continue };
            let id = self.new_id();
            self.disturb_formatting(i);
            self.note_clone(id, old.id);
            self.formatting.set(i, Active { id, open: true, ..old });
            self.open.replace_id(node, id);
            if first {
                bookmark = i + 1;
                first = false;
            }
        }
        let id = self.new_id();
        self.note_clone(id, active.id);
        self.formatting.insert(bookmark, Active { id, open: true, ..active });
        let old = self.formatting.position(active.id).unwrap_or(at);
        self.remove_formatting(old);
        self.open.remove(index);
        self.open.insert(furthest, active.name, id);
    }
}
