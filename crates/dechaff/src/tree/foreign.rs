//! Foreign content: SVG and MathML (HTML standard, 13.2.6.5).

use super::open::Space;
use super::tag::{Name, Tag, is};
use super::{StartTag, Trait, Tree};

impl Tree {
    /// `svg` or `math` in HTML content.
    pub(super) fn start_foreign_root(&mut self, tag: &StartTag, space: Space) {
        self.reconstruct();
        self.insert_foreign(tag, space);
    }

    fn insert_foreign(&mut self, tag: &StartTag, space: Space) {
        self.insert_in(tag, space);
        if tag.self_closing {
            self.pop_ended();
        }
    }

    /// Whether the tag, if it comes next, makes an HTML element, if any.
    pub(crate) fn makes_html(&self, tag: &StartTag) -> bool {
        (self.html_rules_apply(Some(tag)) || breaks_out(tag)) && !matches!(tag.name.tag, Tag::Svg | Tag::Math)
    }

    /// A start tag while the adjusted current node is foreign.
    pub(super) fn start_foreign(&mut self, tag: &StartTag) {
        if breaks_out(tag) {
            while let Some(node) = self.open.current()
                && node.space != Space::Html
                && !node.is_math_text_point()
                && !node.is_html_point()
            {
                self.pop();
            }
            return self.start_in_mode(self.mode, tag);
        }
        let space = self.open.current().map_or(Space::Html, |n| n.space);
        self.insert_foreign(tag, space);
    }

    /// An end tag while the current node is foreign.
    pub(super) fn end_foreign(&mut self, name: Name) {
        if matches!(name.tag, Tag::Br | Tag::P) {
            while let Some(node) = self.open.current()
                && node.space != Space::Html
                && !node.is_math_text_point()
                && !node.is_html_point()
            {
                self.pop();
            }
            return self.end_in_mode(self.mode, name);
        }
        let mut found = None;
        for (index, node) in self.open.iter_down() {
            if node.space == Space::Html {
                break;
            }
            if node.name == name {
                found = Some(index);
                break;
            }
        }
        match found {
            Some(index) => self.pop_to_ended(index),
            None => self.end_in_mode(self.mode, name),
        }
    }
}

/// Whether the tag leaves foreign content.
fn breaks_out(tag: &StartTag) -> bool {
    tag.name.tag.is(is::BREAKOUT) || (tag.name.tag == Tag::Font && tag.traits == Trait::FontLook)
}
