//! What the tokenizer believes about namespaces.
//!
//! Whether a `<title>` switches to text mode, and whether `<![CDATA[` opens a section, depends on the namespace it stands in
//! (HTML standard, 13.2.6.5). `lol_html` does not keep a stack of open elements: it follows namespaces by a few rules of its own
//! (`parser/tree_builder_simulator` in `lol_html` 3.0), which are right on well-formed markup and can go astray on other. `<svg/>`
//! enters SVG and stays there. This is a copy of that belief. It tells us two things: where the tokenizer and the tree
//! disagree on a tag that matters, so that we stop cutting; and whether an element leaves the belief as it found it, so that
//! cutting the element does not change how the rest is read.

use crate::tree::Space;
use crate::tree::tag::{Name, Tag, is};
use crate::tree::{StartTag, Trait};

/// The namespaces the tokenizer thinks it is in, outermost first. The first is always HTML.
#[derive(Debug)]
pub(crate) struct Belief {
    stack: Vec<Space>,
}

impl Belief {
    pub(crate) fn new() -> Self {
        Self { stack: vec![Space::Html] }
    }

    /// How many namespaces deep it thinks it is.
    pub(crate) fn depth(&self) -> usize {
        self.stack.len()
    }

    pub(crate) fn is_html(&self) -> bool {
        self.current() == Space::Html
    }

    fn current(&self) -> Space {
        self.stack.last().copied().unwrap_or(Space::Html)
    }

    fn leave(&mut self) {
        if self.stack.len() > 1 {
            self.stack.pop();
        }
    }

    /// Takes a start tag.
    pub(crate) fn start(&mut self, tag: &StartTag) {
        let name = tag.name.tag;
        match (self.current(), name) {
            (_, Tag::Svg) => self.stack.push(Space::Svg),
            (_, Tag::Math) => self.stack.push(Space::Math),
            (Space::Html, _) => {}
            (space, _) => {
                let point = match space {
                    Space::Svg => is_svg_point(name),
                    _ => is_math_point(name) || tag.traits == Trait::HtmlEncoding,
                };
                if name.is(is::BREAKOUT) || (name == Tag::Font && tag.traits == Trait::FontLook) {
                    self.leave();
                } else if point && !tag.self_closing {
                    self.stack.push(Space::Html);
                }
            }
        }
    }

    /// Takes an end tag.
    pub(crate) fn end(&mut self, name: Name) {
        let name = name.tag;
        let leaves = match self.current() {
            Space::Svg => matches!(name, Tag::Svg | Tag::P | Tag::Br),
            Space::Math => matches!(name, Tag::Math | Tag::P | Tag::Br),
            Space::Html => match self.stack.len().checked_sub(2).map(|i| self.stack[i]) {
                Some(Space::Svg) => is_svg_point(name),
                Some(Space::Math) => is_math_point(name) || name == Tag::AnnotationXml,
                _ => false,
            },
        };
        if leaves {
            self.leave();
        }
    }
}

fn is_svg_point(tag: Tag) -> bool {
    matches!(tag, Tag::Desc | Tag::Title | Tag::ForeignObject)
}

fn is_math_point(tag: Tag) -> bool {
    matches!(tag, Tag::Mi | Tag::Mo | Tag::Mn | Tag::Ms | Tag::Mtext)
}
