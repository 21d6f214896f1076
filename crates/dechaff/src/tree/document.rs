//! The insertion modes around `head` and `body` (HTML standard, 13.2.6.4.1 to 13.2.6.4.6, 13.2.6.4.17 and .20), and the
//! dispatch to the others.

use super::tag::{Name, Tag, is};
use super::{Mode, StartTag, Tree};
use crate::report::DeclineReason;

impl Tree {
    pub(super) fn start_in_mode(&mut self, mode: Mode, tag: &StartTag) {
        match mode {
            Mode::Initial => {
                // No doctype: quirks mode (13.2.6.4.1).
                self.quirks = true;
                self.mode = Mode::BeforeHtml;
                self.start_in_mode(self.mode, tag);
            }
            Mode::BeforeHtml => self.start_before_html(tag),
            Mode::BeforeHead => self.start_before_head(tag),
            Mode::InHead => self.start_in_head(tag),
            Mode::InHeadNoscript => self.start_in_head_noscript(tag),
            Mode::AfterHead => self.start_after_head(tag),
            Mode::InBody => self.start_in_body(tag),
            Mode::InTable => self.start_in_table(tag),
            Mode::InCaption => self.start_in_caption(tag),
            Mode::InColumnGroup => self.start_in_column_group(tag),
            Mode::InTemplate => self.start_in_template(tag),
            Mode::InTableBody => self.start_in_table_body(tag),
            Mode::InRow => self.start_in_row(tag),
            Mode::InCell => self.start_in_cell(tag),
            Mode::AfterBody | Mode::AfterAfterBody => {
                if tag.name.tag == Tag::Html {
                    self.start_in_body(tag);
                } else if mode == Mode::AfterAfterBody && tag.name.tag == Tag::Noframes {
                    self.start_head_content(tag);
                } else {
                    self.mode = Mode::InBody;
                    self.start_in_body(tag);
                }
            }
        }
    }

    pub(super) fn end_in_mode(&mut self, mode: Mode, name: Name) {
        match mode {
            Mode::Initial => {
                self.quirks = true;
                self.mode = Mode::BeforeHtml;
                self.end_in_mode(self.mode, name);
            }
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead => {
                self.end_before_body(mode, name);
            }
            Mode::InHeadNoscript => self.end_in_head_noscript(name),
            Mode::InBody => self.end_in_body(name),
            Mode::InTable => self.end_in_table(name),
            Mode::InCaption => self.end_in_caption(name),
            Mode::InColumnGroup => self.end_in_column_group(name),
            Mode::InTemplate => {
                if name.tag == Tag::Template {
                    self.end_template();
                }
            }
            Mode::InTableBody => self.end_in_table_body(name),
            Mode::InRow => self.end_in_row(name),
            Mode::InCell => self.end_in_cell(name),
            Mode::AfterBody => {
                if name.tag == Tag::Html {
                    self.mode = Mode::AfterAfterBody;
                } else {
                    self.mode = Mode::InBody;
                    self.end_in_body(name);
                }
            }
            Mode::AfterAfterBody => {
                self.mode = Mode::InBody;
                self.end_in_body(name);
            }
        }
    }

    /// A piece of text, by the HTML rules.
    pub(super) fn text_in_mode(&mut self, white: bool) {
        match self.mode {
            Mode::Initial if white => {}
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::InHeadNoscript | Mode::AfterHead if white => {}
            Mode::Initial => {
                self.quirks = true;
                self.open_body();
                self.text_in_body(white);
            }
            Mode::InHeadNoscript => {
                self.leave_head_noscript();
                self.text_in_mode(white);
            }
            Mode::BeforeHtml | Mode::BeforeHead | Mode::InHead | Mode::AfterHead => {
                self.open_body();
                self.text_in_body(white);
            }
            Mode::InBody | Mode::InCaption | Mode::InCell | Mode::InTemplate => self.text_in_body(white),
            Mode::InTable | Mode::InTableBody | Mode::InRow => self.text_in_table(white),
            Mode::InColumnGroup if white => {}
            Mode::InColumnGroup => {
                // In a template there may be none to leave: the text is dropped.
                if self.leave_column_group() {
                    self.text_in_mode(white);
                }
            }
            Mode::AfterBody | Mode::AfterAfterBody => {
                if !white {
                    self.mode = Mode::InBody;
                }
                self.text_in_body(white);
            }
        }
    }

    /// Whatever is still missing of `html`, `head` and `body` is created.
    fn open_body(&mut self) {
        if self.open.len() == 0 {
            self.insert_implied(Tag::Html);
        }
        if !self.head_seen {
            self.head_seen = true;
            self.insert_implied(Tag::Head);
        }
        if self.open.current_is(Tag::Head) {
            self.pop();
        }
        self.insert_implied(Tag::Body);
        self.mode = Mode::InBody;
    }

    fn start_before_html(&mut self, tag: &StartTag) {
        if tag.name.tag == Tag::Html {
            self.insert(tag);
        } else {
            self.insert_implied(Tag::Html);
        }
        self.mode = Mode::BeforeHead;
        if tag.name.tag != Tag::Html {
            self.start_before_head(tag);
        }
    }

    fn start_before_head(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Html => self.start_in_body(tag),
            Tag::Head => {
                self.insert(tag);
                self.head_seen = true;
                self.mode = Mode::InHead;
            }
            _ => {
                self.insert_implied(Tag::Head);
                self.head_seen = true;
                self.mode = Mode::InHead;
                self.start_in_head(tag);
            }
        }
    }

    fn start_in_head(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Html => self.start_in_body(tag),
            Tag::Head => {}
            Tag::Noscript => {
                self.insert(tag);
                if !self.scripting {
                    self.mode = Mode::InHeadNoscript;
                }
            }
            t if t.is(is::HEAD_CONTENT) => self.start_head_content(tag),
            _ => {
                self.pop();
                self.mode = Mode::AfterHead;
                self.start_after_head(tag);
            }
        }
    }

    fn start_in_head_noscript(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Html => self.start_in_body(tag),
            Tag::Basefont | Tag::Bgsound | Tag::Link | Tag::Meta | Tag::Noframes | Tag::Style => {
                self.start_head_content(tag);
            }
            Tag::Head | Tag::Noscript => {}
            _ => {
                self.leave_head_noscript();
                self.start_in_head(tag);
            }
        }
    }

    fn end_in_head_noscript(&mut self, name: Name) {
        match name.tag {
            Tag::Noscript => {
                self.pop_ended();
                self.mode = Mode::InHead;
            }
            Tag::Br => {
                self.leave_head_noscript();
                self.end_in_mode(self.mode, name);
            }
            _ => {}
        }
    }

    fn leave_head_noscript(&mut self) {
        self.pop();
        self.mode = Mode::InHead;
    }

    /// What the "in head" rules do with metadata content, which stands in body and tables too.
    pub(super) fn start_head_content(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Template => {
                self.insert(tag);
                self.formatting.push_marker();
                self.rule_out_frameset();
                self.mode = Mode::InTemplate;
                self.template_modes.push(Mode::InTemplate);
            }
            t if t.is(is::VOID) => self.insert_void(tag),
            _ => self.insert(tag),
        }
    }

    fn start_after_head(&mut self, tag: &StartTag) {
        match tag.name.tag {
            Tag::Html => self.start_in_body(tag),
            Tag::Body => {
                self.insert(tag);
                self.rule_out_frameset();
                self.mode = Mode::InBody;
            }
            Tag::Frameset => self.lose(DeclineReason::Frameset),
            Tag::Head => {}
            t if t.is(is::HEAD_CONTENT) => self.start_head_content(tag),
            _ => {
                self.open_body();
                self.start_in_body(tag);
            }
        }
    }

    /// 13.2.6.4.18: what comes first in a template says in which mode it is read.
    fn start_in_template(&mut self, tag: &StartTag) {
        let mode = match tag.name.tag {
            t if t.is(is::HEAD_CONTENT) => return self.start_head_content(tag),
            Tag::Caption | Tag::Colgroup | Tag::Tbody | Tag::Tfoot | Tag::Thead => Mode::InTable,
            Tag::Col => Mode::InColumnGroup,
            Tag::Tr => Mode::InTableBody,
            Tag::Td | Tag::Th => Mode::InRow,
            _ => Mode::InBody,
        };
        self.template_modes.pop();
        self.template_modes.push(mode);
        self.mode = mode;
        self.start_in_mode(mode, tag);
    }

    /// `</template>`, by the "in head" rules (13.2.6.4.4).
    pub(super) fn end_template(&mut self) {
        let Some(index) = self.open.topmost(Tag::Template) else { return };
        self.pop_above(index);
        let length = self.formatting.clear_to_marker();
        self.disturb_formatting(length);
        self.pop_ended();
        self.template_modes.pop();
        self.reset_mode();
    }

    /// End tags before `body`: `</head>` closes, four others are taken as if `body` came, the rest is ignored.
    fn end_before_body(&mut self, mode: Mode, name: Name) {
        match name.tag {
            Tag::Template => self.end_template(),
            Tag::Head if mode == Mode::InHead => {
                self.pop_ended();
                self.mode = Mode::AfterHead;
            }
            Tag::Head if mode != Mode::AfterHead => {
                if self.open.len() == 0 {
                    self.insert_implied(Tag::Html);
                }
                self.head_seen = true;
                self.mode = Mode::AfterHead;
            }
            Tag::Body | Tag::Html | Tag::Br => {
                self.open_body();
                self.end_in_body(name);
            }
            _ => {}
        }
    }

    /// `</body>`, and `</html>` as far as it implies it (13.2.6.4.7).
    pub(super) fn end_body(&mut self, name: Name) {
        if self.open.in_scope(Tag::Body, super::Scope::Default).is_none() {
            return;
        }
        // Nothing is popped: what is open now gets all that still comes, white space after `</html>` included.
        self.watches.disturb(self.token.start, DeclineReason::OpenAtBodyEnd, |_| true);
        self.mode = if name.tag == Tag::Html { Mode::AfterAfterBody } else { Mode::AfterBody };
    }
}
