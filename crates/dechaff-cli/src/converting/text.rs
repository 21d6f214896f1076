//! The text of a page, tag by tag, as it streams by.
//!
//! What is text and what is not goes by `innerText` (HTML standard, 3.2.7), with empty lines between all blocks and marks before
//! the items of lists. No tree is built: what depends on one, which elements are hidden, has been left out before.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

use crate::seeing::markup::{self, gap};

use super::layout::{Gap, Layout};

/// Makes text of a page that comes in pieces.
pub(super) struct TextMaker {
    tokenizer: Tokenizer<Reader>,
    /// What the tokenizer has not read yet.
    input: BufferQueue,
}

impl TextMaker {
    pub(super) fn new(links: bool) -> Self {
        let reader = Reader(RefCell::new(State { links, ..State::default() }));
        let options = TokenizerOpts { discard_bom: false, ..TokenizerOpts::default() };
        Self { tokenizer: Tokenizer::new(reader, options), input: BufferQueue::default() }
    }

    /// Takes a piece of the page; gives the text that it brings.
    pub(super) fn push(&mut self, page: &str) -> String {
        if !page.is_empty() {
            self.input.push_back(StrTendril::from_slice(page));
            let _ = self.tokenizer.feed(&self.input);
        }
        self.tokenizer.sink.0.borrow_mut().layout.take()
    }

    /// Ends the page; gives the rest of its text.
    pub(super) fn finish(self) -> String {
        let _ = self.tokenizer.feed(&self.input);
        self.tokenizer.end();
        let mut state = self.tokenizer.sink.0.into_inner();
        state.end_link();
        state.layout.end();
        state.layout.take()
    }
}

/// Elements whose tags leave a paragraph's gap, or in items and cells, where lines are close, the end of a line.
const BLOCKS: [&str; 24] = [
    "address", "article", "aside", "body", "center", "details", "dialog", "div", "dl", "fieldset", "figure", "footer",
    "form", "header", "hgroup", "hr", "main", "menu", "nav", "ol", "search", "section", "table", "ul",
];

/// Those that leave a paragraph's gap even there.
const PARAGRAPHS: [&str; 9] = ["blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre"];

/// How the content of an element is read that is no markup, and whether it is seen.
fn raw(name: &str) -> Option<(RawKind, bool)> {
    Some(match name {
        "script" => (RawKind::ScriptData, false),
        "style" | "iframe" | "noembed" | "noframes" | "noscript" => (RawKind::Rawtext, false),
        "title" | "textarea" => (RawKind::Rcdata, false),
        "xmp" => (RawKind::Rawtext, true),
        _ => return None,
    })
}

/// A list that is open.
#[derive(Debug)]
struct List {
    /// The number of the next item, if they have numbers.
    next: Option<i64>,
    /// How wide the mark of the current item is; 0 before the first one.
    width: usize,
}

/// A table that is open.
#[derive(Default, Debug)]
struct Table {
    /// It has had a row.
    begun: bool,
    /// How many words were written when its row began.
    words: u64,
    /// How many lines are begun when its cell's first one is.
    lines: u64,
}

/// The lists and tables that are followed. What is open inside of the last one counts as a part of it.
const MOST_OPEN: usize = 256;

#[derive(Debug, Default)]
struct State {
    layout: Layout,
    links: bool,
    lists: Vec<List>,
    tables: Vec<Table>,
    /// An element is open whose content is not seen. It ends with the next tag.
    unseen: bool,
    /// How many templates are open. Only their own end tags end them (HTML standard, 13.2.6.4.22).
    templates: u32,
    /// How many drawings and formulas are open.
    foreign: u32,
    preformatted: u32,
    /// A `pre` was opened: an end of line that follows is a part of its tag.
    just_opened: bool,
    /// The address of the link that is open, and how many words came before it.
    link: Option<(String, u64)>,
    /// How many words there were when the last link ended.
    link_end: u64,
}

struct Reader(RefCell<State>);

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => state.tag(&tag),
            Token::CharacterTokens(text) => {
                state.text(&text);
                TokenSinkResult::Continue
            }
            _ => TokenSinkResult::Continue,
        }
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.0.borrow().foreign > 0
    }
}

impl State {
    fn text(&mut self, text: &str) {
        if self.unseen || self.templates > 0 {
            return;
        }
        if self.preformatted == 0 {
            return self.layout.text(text);
        }
        let first = std::mem::take(&mut self.just_opened);
        self.layout.preformatted(text.strip_prefix('\n').filter(|_| first).unwrap_or(text));
    }

    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        self.just_opened = false;
        // In drawings and formulas, and only there, an element may end with its start tag.
        let whole = start && tag.self_closing && (self.foreign > 0 || matches!(name, "svg" | "math"));
        let raw = raw(name).filter(|_| start && !whole);
        self.unseen = matches!(raw, Some((_, false)));
        if !self.unseen {
            self.seen(tag, whole);
        }
        match raw {
            Some((kind, _)) => TokenSinkResult::RawData(kind),
            None if start && name == "plaintext" => TokenSinkResult::Plaintext,
            None => TokenSinkResult::Continue,
        }
    }

    /// What a tag does to the text around it.
    fn seen(&mut self, tag: &Tag, whole: bool) {
        let name = &*tag.name;
        let start = tag.kind == TagKind::StartTag;
        if name == "template" {
            self.templates = nested(self.templates, start);
        }
        if self.templates > 0 {
            return;
        }
        match name {
            "a" if start => {
                self.end_link();
                // Links that follow each other are entries of a menu, which style sheets part.
                if self.layout.words() == self.link_end {
                    self.layout.part(Gap::Space);
                }
                self.link = address(tag).filter(|_| self.links).map(|address| (address, self.layout.words()));
            }
            "a" => {
                self.end_link();
                self.link_end = self.layout.words();
            }
            "br" => self.layout.end_line(),
            "wbr" => {}
            "li" => self.item(tag),
            "td" | "th" if start => self.cell(),
            "td" | "th" => {}
            "tr" => self.row(start),
            "svg" | "math" if !whole => self.foreign = nested(self.foreign, start),
            _ if BLOCKS.contains(&name) || PARAGRAPHS.contains(&name) => {
                // The gap is that of what is around the element.
                if start {
                    self.part(name);
                }
                self.block(tag);
                if !start {
                    self.part(name);
                }
            }
            _ => match gap(name) {
                markup::Gap::None => {}
                markup::Gap::Space => self.layout.part(Gap::Space),
                markup::Gap::Line => self.layout.part(Gap::LINE),
            },
        }
    }

    /// Parts the block `name` from what is around it.
    fn part(&mut self, name: &str) {
        let apart = self.tables.is_empty() && self.lists.is_empty() || PARAGRAPHS.contains(&name);
        self.layout.part(if apart { Gap::PARAGRAPH } else { Gap::LINE });
    }

    fn block(&mut self, tag: &Tag) {
        let start = tag.kind == TagKind::StartTag;
        match &*tag.name {
            "pre" => {
                self.preformatted = nested(self.preformatted, start);
                self.just_opened = start;
            }
            "ol" | "ul" | "menu" => {
                self.layout.end_item();
                if start && self.lists.len() < MOST_OPEN {
                    let first = attribute(tag, "start").and_then(|value| value.trim().parse().ok());
                    let next = (&*tag.name == "ol").then(|| first.unwrap_or(1));
                    self.lists.push(List { next, width: 0 });
                } else if !start {
                    self.lists.pop();
                }
                self.indent();
            }
            "table" => {
                self.layout.end_item();
                if start && self.tables.len() < MOST_OPEN {
                    self.tables.push(Table::default());
                } else if !start {
                    self.tables.pop();
                }
            }
            _ => {}
        }
    }

    fn item(&mut self, tag: &Tag) {
        self.layout.end_item();
        if tag.kind == TagKind::EndTag {
            return self.layout.part(Gap::LINE);
        }
        if self.lists.last().is_none_or(|list| list.width > 0) {
            self.layout.part_by(Gap::LINE);
        }
        let number = attribute(tag, "value").and_then(|value| value.trim().parse().ok());
        let mark = match self.lists.last_mut().and_then(|list| list.next.as_mut()) {
            Some(next) => {
                let this = number.unwrap_or(*next);
                *next = this.saturating_add(1);
                format!("{this}. ")
            }
            None => "- ".to_owned(),
        };
        if let Some(list) = self.lists.last_mut() {
            list.width = mark.len();
        }
        self.indent();
        self.layout.begin_item(mark);
    }

    fn row(&mut self, start: bool) {
        self.layout.end_item();
        let Some(table) = self.tables.last_mut() else { return self.layout.part(Gap::LINE) };
        if std::mem::replace(&mut table.begun, true) {
            self.layout.part_by(Gap::LINE);
        }
        if start {
            table.words = self.layout.words();
        }
    }

    /// Cells stand side by side, if they are of one line.
    fn cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return self.layout.part(Gap::Tab) };
        let first = self.layout.words() == table.words;
        if !first {
            self.layout.part_by(if self.layout.lines() <= table.lines { Gap::Tab } else { Gap::LINE });
        }
        // The first word of the row begins a line, too.
        table.lines = self.layout.lines() + u64::from(first);
    }

    fn indent(&mut self) {
        self.layout.indent(self.lists.iter().map(|list| list.width).filter(|width| *width > 0));
    }

    /// Writes where the link leads that ends here.
    fn end_link(&mut self) {
        if let Some((address, words)) = self.link.take()
            && self.layout.words() > words
        {
            self.layout.insert(&format!("<{address}>"));
        }
    }
}

/// How many are open after a tag.
fn nested(open: u32, start: bool) -> u32 {
    if start { open + 1 } else { open.saturating_sub(1) }
}

fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// Where a link leads, if that is another page. White space in it does not count (URL standard, 4.4).
fn address(tag: &Tag) -> Option<String> {
    let address: String = attribute(tag, "href")?.trim().split(['\t', '\n', '\r']).collect();
    let script = address.get(..11).is_some_and(|scheme| scheme.eq_ignore_ascii_case("javascript:"));
    (!address.is_empty() && !address.starts_with('#') && !script).then_some(address)
}
