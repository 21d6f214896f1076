//! The table insertion modes (HTML standard, 13.2.6.4.9 to 13.2.6.4.15), with foster parenting.

use super::open::{Node, Scope};
use super::tag::{Name, Tag, is};
use super::{Mode, StartTag, Trait, Tree};
use crate::report::DeclineReason;

impl Tree {
    /// Text where a table wants rows: white space stays, other text goes before the table (13.2.6.4.10).
    pub(super) fn text_in_table(&mut self, white: bool) {
        let in_table = self.open.current().is_some_and(Node::wants_rows);
        if in_table {
            if white && !self.token.table_text {
                return;
            }
            self.token.table_text = true;
        }
        self.foster = true;
        self.text_in_body(white);
        self.foster = false;
    }

    pub(super) fn start_in_table(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Caption => {
                self.clear_to(|t| t == Tag::Table);
                self.insert(tag);
                self.formatting.push_marker();
                self.mode = Mode::InCaption;
            }
            Tag::Colgroup => {
                self.clear_to(|t| t == Tag::Table);
                self.insert(tag);
                self.mode = Mode::InColumnGroup;
            }
            Tag::Col => {
                self.clear_to(|t| t == Tag::Table);
                self.insert_implied(Tag::Colgroup);
                self.mode = Mode::InColumnGroup;
                self.start_in_column_group(tag);
            }
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                self.clear_to(|t| t == Tag::Table);
                self.insert(tag);
                self.mode = Mode::InTableBody;
            }
            Tag::Td | Tag::Th | Tag::Tr => {
                self.clear_to(|t| t == Tag::Table);
                self.insert_implied(Tag::Tbody);
                self.mode = Mode::InTableBody;
                self.start_in_table_body(tag);
            }
            Tag::Table => {
                if let Some(index) = self.open.in_scope(Tag::Table, Scope::Table) {
                    self.pop_to(index);
                    self.reset_mode();
                    self.start_in_mode(self.mode, tag);
                }
            }
            Tag::Style | Tag::Script | Tag::Template => self.start_head_content(tag),
            Tag::Input if tag.traits == Trait::Hidden => self.insert_void(tag),
            Tag::Form => {
                if self.form.is_none() && !self.in_template() {
                    self.insert(tag);
                    self.form = Some(self.next_id);
                    self.pop_ended();
                }
            }
            _ => {
                self.foster = true;
                self.start_in_body(tag);
                self.foster = false;
            }
        }
    }

    pub(super) fn end_in_table(&mut self, name: Name) {
        match name.tag {
            Tag::Table => self.end_table(),
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => {}
            Tag::Tbody | Tag::Td | Tag::Tfoot | Tag::Th | Tag::Thead | Tag::Tr => {}
            _ => {
                self.foster = true;
                self.end_in_body(name);
                self.foster = false;
            }
        }
    }

    fn end_table(&mut self) {
        if let Some(index) = self.open.in_scope(Tag::Table, Scope::Table) {
            self.pop_to_ended(index);
            self.reset_mode();
        }
    }

    pub(super) fn start_in_caption(&mut self, tag: &StartTag) {
        if tag.name.tag.is(is::TABLE_PART) {
            if self.leave_caption(false) {
                self.start_in_table(tag);
            }
        } else {
            self.start_in_body(tag);
        }
    }

    pub(super) fn end_in_caption(&mut self, name: Name) {
        match name.tag {
            Tag::Caption => {
                self.leave_caption(true);
            }
            Tag::Table => {
                if self.leave_caption(false) {
                    self.end_in_table(name);
                }
            }
            Tag::Body | Tag::Html => {}
            t if t.is(is::TABLE_PART) => {}
            _ => self.end_in_body(name),
        }
    }

    fn leave_caption(&mut self, own: bool) -> bool {
        let Some(index) = self.open.in_scope(Tag::Caption, Scope::Table) else { return false };
        self.imply_ends(None);
        self.leave(index, own);
        self.mode = Mode::InTable;
        true
    }

    pub(super) fn start_in_column_group(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Html => self.start_in_body(tag),
            Tag::Col => self.insert_void(tag),
            Tag::Template => self.start_head_content(tag),
            _ => {
                if self.leave_column_group() {
                    self.start_in_table(tag);
                }
            }
        }
    }

    pub(super) fn end_in_column_group(&mut self, name: Name) {
        match name.tag {
            Tag::Colgroup => {
                if self.open.current_is(Tag::Colgroup) {
                    self.pop_ended();
                    self.mode = Mode::InTable;
                }
            }
            Tag::Col => {}
            Tag::Template => self.end_template(),
            _ => {
                if self.leave_column_group() {
                    self.end_in_table(name);
                }
            }
        }
    }

    pub(super) fn leave_column_group(&mut self) -> bool {
        let there = self.open.current_is(Tag::Colgroup);
        if there {
            self.pop();
            self.mode = Mode::InTable;
        }
        there
    }

    pub(super) fn start_in_table_body(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Tr => {
                self.clear_to(is_section);
                self.insert(tag);
                self.mode = Mode::InRow;
            }
            Tag::Th | Tag::Td => {
                self.clear_to(is_section);
                self.insert_implied(Tag::Tr);
                self.mode = Mode::InRow;
                self.start_in_row(tag);
            }
            Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                if self.leave_section(None) {
                    self.start_in_table(tag);
                }
            }
            _ => self.start_in_table(tag),
        }
    }

    pub(super) fn end_in_table_body(&mut self, name: Name) {
        match name.tag {
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                self.leave_section(Some(name.tag));
            }
            Tag::Table => {
                if self.leave_section(None) {
                    self.end_in_table(name);
                }
            }
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => {}
            Tag::Td | Tag::Th | Tag::Tr => {}
            _ => self.end_in_table(name),
        }
    }

    /// Leaves the section; `own` is the section whose end tag is there.
    fn leave_section(&mut self, own: Option<Tag>) -> bool {
        let sections = [Tag::Tbody, Tag::Thead, Tag::Tfoot];
        let open = match own {
            Some(tag) => self.open.in_scope(tag, Scope::Table).is_some(),
            None => sections.iter().any(|&t| self.open.in_scope(t, Scope::Table).is_some()),
        };
        if !open {
            return false;
        }
        // In a template there is no table around it, and html5ever overlooks a `thead` by itself.
        let seen = [Tag::Tbody, Tag::Tfoot, Tag::Table];
        if own.is_none() && seen.iter().all(|&t| self.open.in_scope(t, Scope::Table).is_none()) {
            self.lose(DeclineReason::ParsersDiffer);
        }
        self.clear_to(is_section);
        let matches = self.open.current().is_some_and(|n| Some(n.tag()) == own);
        self.close(matches);
        self.mode = Mode::InTable;
        true
    }

    pub(super) fn start_in_row(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Th | Tag::Td => {
                self.clear_to(|t| t == Tag::Tr);
                self.insert(tag);
                self.formatting.push_marker();
                self.mode = Mode::InCell;
            }
            Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                if self.leave_row(false) {
                    self.start_in_table_body(tag);
                }
            }
            _ => self.start_in_table(tag),
        }
    }

    pub(super) fn end_in_row(&mut self, name: Name) {
        match name.tag {
            Tag::Tr => {
                self.leave_row(true);
            }
            Tag::Table => {
                if self.leave_row(false) {
                    self.end_in_table_body(name);
                }
            }
            Tag::Tbody | Tag::Tfoot | Tag::Thead => {
                if self.open.in_scope(name.tag, Scope::Table).is_some() && self.leave_row(false) {
                    self.end_in_table_body(name);
                }
            }
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html | Tag::Td | Tag::Th => {}
            _ => self.end_in_table(name),
        }
    }

    fn leave_row(&mut self, own: bool) -> bool {
        if self.open.in_scope(Tag::Tr, Scope::Table).is_none() {
            return false;
        }
        self.clear_to(|t| t == Tag::Tr);
        self.close(own);
        self.mode = Mode::InTableBody;
        true
    }

    pub(super) fn start_in_cell(&mut self, tag: &StartTag) {
        if tag.name.tag.is(is::TABLE_PART) {
            if self.leave_cell() {
                self.start_in_row(tag);
            }
        } else {
            self.start_in_body(tag);
        }
    }

    pub(super) fn end_in_cell(&mut self, name: Name) {
        match name.tag {
            Tag::Td | Tag::Th => {
                if let Some(index) = self.open.in_scope(name.tag, Scope::Table) {
                    self.imply_ends(None);
                    self.leave(index, true);
                    self.mode = Mode::InRow;
                }
            }
            Tag::Body | Tag::Caption | Tag::Col | Tag::Colgroup | Tag::Html => {}
            Tag::Table | Tag::Tbody | Tag::Tfoot | Tag::Thead | Tag::Tr => {
                if self.open.in_scope(name.tag, Scope::Table).is_some() && self.leave_cell() {
                    self.end_in_row(name);
                }
            }
            _ => self.end_in_body(name),
        }
    }

    /// 13.2.6.4.15: close the cell.
    fn leave_cell(&mut self) -> bool {
        let open = [Tag::Td, Tag::Th].iter().filter_map(|&t| self.open.in_scope(t, Scope::Table)).max();
        let Some(index) = open else { return false };
        self.imply_ends(None);
        self.leave(index, false);
        self.mode = Mode::InRow;
        true
    }

    /// Closes the cell or caption at `index`, and the formatting since its marker. That goes before the element itself, so
    /// that its watch compares what is left.
    fn leave(&mut self, index: usize, own: bool) {
        self.pop_above(index);
        let length = self.formatting.clear_to_marker();
        self.disturb_formatting(length);
        self.close(own);
    }

    /// 13.2.6.4.9 and on: clear the stack back to a table (body, row) context.
    fn clear_to(&mut self, stop: fn(Tag) -> bool) {
        while let Some(node) = self.open.current()
            && !(node.space == super::Space::Html
                && (matches!(node.tag(), Tag::Html | Tag::Template) || stop(node.tag())))
        {
            self.pop();
            self.token.cleared = true;
        }
    }

    /// 13.2.4.1: reset the insertion mode appropriately.
    pub(super) fn reset_mode(&mut self) {
        for (_, node) in self.open.iter_down() {
            let mode = match node.tag() {
                _ if node.space != super::Space::Html => continue,
                Tag::Td | Tag::Th => Mode::InCell,
                Tag::Tr => Mode::InRow,
                Tag::Tbody | Tag::Thead | Tag::Tfoot => Mode::InTableBody,
                Tag::Caption => Mode::InCaption,
                Tag::Colgroup => Mode::InColumnGroup,
                Tag::Table => Mode::InTable,
                Tag::Template => self.template_modes.last().copied().unwrap_or(Mode::InTemplate),
                Tag::Head => Mode::InHead,
                Tag::Body => Mode::InBody,
                Tag::Html if self.head_seen => Mode::AfterHead,
                Tag::Html => Mode::BeforeHead,
                _ => continue,
            };
            self.mode = mode;
            return;
        }
        self.lose(DeclineReason::ParsersDiffer);
    }
}

fn is_section(tag: Tag) -> bool {
    matches!(tag, Tag::Tbody | Tag::Tfoot | Tag::Thead)
}
