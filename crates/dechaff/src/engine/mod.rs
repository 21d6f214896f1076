//! One page on its way through: tokens, tree, rules and hold, wired together.
//!
//! `intake` takes the bytes, this file the tokens; `decide` says what becomes of the elements that rules picked, `blocks` of those that only
//! their text speaks for, and `pending` of those that wait for what comes after them.

mod around;
pub(crate) mod blocks;
mod candidate;
mod decide;
mod heading;
mod intake;
mod paths;
mod pending;
mod telling;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use blocks::Surroundings;
use candidate::{Candidate, LineState};
use heading::Heading;
use paths::Paths;
use pending::Pending;
use telling::Told;

use crate::element::Element;
use crate::encoding::sniff::{Hints, Sniffer};
use crate::left::LeftContext;
use crate::observer::Observer;
use crate::readings::Readings;
use crate::report::Report;
use crate::rules::Stems;
use crate::rules::index::{Index, Lookup, Picks};
use crate::text::signs::{Reader, Signs};
use crate::tokens::{self, Scanner, Token};
use crate::tree::tag::{Name, Tag, is};
use crate::tree::watch::{Closed, Left, WatchId};
use crate::tree::{NodeId, StartTag};
use crate::verdict::{ForumMarks, Page, Topics, count_words};
use crate::{Category, cut::Hold};

/// How much may be held back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Bytes of one element, without what is cut inside it.
    pub(crate) element: u64,
    /// Bytes of an element that only its text speaks for, likewise.
    pub(crate) block: u64,
    /// Bytes in all.
    pub(crate) total: u64,
}

impl Bounds {
    /// Bytes of a block that only its text speaks for, those counted that are cut in it.
    fn gross(self) -> u64 {
        self.block.saturating_mul(4).min(self.total)
    }
}

/// Elements inside each other that rules picked and that are followed at once: the text of each is looked through on its own.
/// Real pages have up to ten.
const MOST_PICKED: u32 = 16;

/// How much of a page is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Open elements.
    pub(crate) depth: usize,
    /// Attributes of a start tag.
    pub(crate) attributes: usize,
    /// Bytes of an attribute's value.
    pub(crate) attribute_bytes: u32,
    /// Bytes of a tag.
    pub(crate) tag_bytes: u64,
    /// Cuts and declines.
    pub(crate) report_entries: usize,
}

/// What a cleaner is compiled to.
#[derive(Debug)]
pub(crate) struct Setup {
    pub(crate) index: Index,
    pub(crate) bounds: Bounds,
    pub(crate) limits: Limits,
    /// What says that a page is about a category.
    pub(crate) topics: [Option<Stems>; 7],
    pub(crate) forum: ForumMarks,
    /// Whether comment threads are cut, and the page's kind must be found out.
    pub(crate) threads: bool,
    /// What speaks in text for the categories; none if text is not looked at.
    pub(crate) text: Option<blocks::TextRules>,
    /// Who is told of decisions, unless the page has somebody else.
    pub(crate) observer: Option<Observer>,
}

/// The state of one page.
pub(crate) struct Engine {
    setup: Arc<Setup>,
    /// Until it is known which encoding the page is in.
    sniffer: Option<Sniffer>,
    /// Where the current token starts.
    token_start: u64,
    /// The end of input was reached.
    ended: bool,
    scanner: Scanner,
    lookup: Lookup,
    /// There if a selector asks for what is around an element.
    paths: Option<Paths>,
    /// The elements that the user wants to keep whole. Some of them are no longer open.
    protected: Vec<NodeId>,
    tree: Readings,
    hold: Hold,
    page: Option<Page>,
    /// Outermost first.
    candidates: Vec<Candidate>,
    /// Up to here nothing that is held can outgrow its bound.
    in_bounds_until: u64,
    /// Where the first cut is that a `frameset` would undo.
    provisional: Option<u64>,
    next_watch: WatchId,
    /// Answers being worked on; kept for its memory.
    closed: Vec<Closed>,
    /// Where elements start that the current token has ended and that stay though they were wanted.
    refused: Vec<u64>,
    /// The text of the elements that rules picked, tags left out.
    text_log: Vec<u8>,
    /// How many such elements are open.
    picked: u32,
    /// The text of the judged blocks that are open, without that of inner blocks that are closed.
    lines: Vec<u8>,
    /// How many judged blocks are open.
    judged: u32,
    reader: Reader,
    /// Words and things that stayed so far, while somebody asks.
    weight: u64,
    pending: Vec<Pending>,
    line: LineState,
    /// Header cells of open tables: the table's place on the stack, the cell's in the input.
    header_cells: Vec<(usize, u64)>,
    /// The current token is an end tag.
    at_end_tag: bool,
    /// It ends a line of text.
    ends_line: bool,
    /// Where the element starts that begins with the current token, while what that token ended is decided.
    beginning: u64,
    topics: Topics,
    /// The text of the `title` or `h1` we are in.
    heading: Heading,
    in_heading: bool,
    /// The element whose content the tokenizer reads as text, while in it.
    text_element: Option<Tag>,
    left: LeftContext,
    report: Report,
    told: Told,
    failed: bool,
}

impl Engine {
    /// `host`: of the page's address, in lower case. `observer`: of this page alone.
    pub(crate) fn new(setup: Arc<Setup>, hints: Hints, host: Option<Box<str>>, observer: Option<Observer>) -> Self {
        let page = setup.threads.then(Page::new);
        let limits = setup.limits;
        let paths = setup.index.asks_around().map(Paths::new);
        let lookup = Lookup::new(&setup.index, host);
        let told = Told::new(observer.or_else(|| setup.observer.clone()));
        Self {
            setup,
            sniffer: Some(Sniffer::new(hints)),
            token_start: 0,
            ended: false,
            scanner: Scanner::new(0, limits.attributes),
            lookup,
            paths,
            protected: Vec::new(),
            tree: Readings::new(limits.depth),
            hold: Hold::default(),
            page,
            candidates: Vec::new(),
            in_bounds_until: u64::MAX,
            provisional: None,
            next_watch: 0,
            closed: Vec::new(),
            refused: Vec::new(),
            text_log: Vec::new(),
            picked: 0,
            lines: Vec::new(),
            judged: 0,
            reader: Reader::default(),
            weight: 0,
            pending: Vec::new(),
            line: LineState::default(),
            header_cells: Vec::new(),
            at_end_tag: false,
            ends_line: false,
            beginning: u64::MAX,
            topics: Topics::default(),
            heading: Heading::default(),
            in_heading: false,
            text_element: None,
            left: LeftContext::new(),
            report: Report::default(),
            told,
            failed: false,
        }
    }

    /// Reads tokens up to `limit`; `last`: the input ends there. Gives where a tag begins that is larger than it may be: nothing
    /// from there on is read.
    fn read_tokens(&mut self, limit: u64, last: bool) -> Option<u64> {
        while self.tree.lost().is_none()
            && let Some(token) = self.scanner.next(self.hold.view(), limit, last, self.tree.allows_cdata())
        {
            // Bounds are passed in the order of the bytes, wherever chunks end: before the token does something, and in the middle
            // of text.
            if !matches!(token, Token::Text(_)) {
                if let Token::StartTag(tokens::StartTag { start, .. }) | Token::EndTag { at: Range { start, .. }, .. } =
                    token
                    && self.is_tag_too_large(start)
                {
                    return Some(start);
                }
                self.check_bounds(self.scanner.position());
                if self.tree.lost().is_some() {
                    break;
                }
            }
            match token {
                Token::Text(range) if range.end > self.in_bounds_until => self.text_past_bound(&range),
                Token::Text(range) => self.text(&range),
                Token::Content(range) => self.content(&range),
                Token::StartTag(tag) => self.start_tag(&tag),
                Token::EndTag { at, .. } if self.text_element.is_some() => self.end_content(&at),
                Token::EndTag { name, at } => self.end_tag(name, &at),
                Token::Comment => {
                    self.tree.comment();
                    self.left.note_markup(false);
                }
                Token::Cdata => {
                    self.tree.cdata();
                    self.left.note_markup(false);
                }
                Token::Doctype(range) => {
                    self.tree.doctype(self.hold.view().slice(&range));
                    self.left.note_markup(false);
                }
            }
            if self.tree.has_answers() {
                self.settle();
            }
        }
        if self.tree.lost().is_some() {
            // Where nothing is cut any more, nobody asks for tokens.
            self.scanner.skip_to(limit);
            return None;
        }
        if let Some(start) = self.scanner.open_tag()
            && self.is_tag_too_large(start)
        {
            return Some(start);
        }
        self.check_bounds(self.scanner.position());
        None
    }

    /// Whether the tag from `start` to where the scanner is has more bytes than it may. That is so from the byte on that is one
    /// too many, whether the tag has ended or not: other bounds that are passed before it come first.
    fn is_tag_too_large(&mut self, start: u64) -> bool {
        let most = start.saturating_add(self.setup.limits.tag_bytes);
        if self.scanner.position() <= most {
            return false;
        }
        self.check_bounds(most + 1);
        self.tree.lost().is_none()
    }

    fn end_tag(&mut self, name: Name, at: &Range<u64>) {
        self.token_start = at.start;
        self.tree.end_tag(name, at.start, at.end);
        self.at_end_tag = true;
        self.ends_line = blocks::ends_line(name.tag);
        if self.tree.has_answers() || !self.pending.is_empty() {
            self.settle();
        }
        self.at_end_tag = false;
        self.ends_line = false;
        self.left.note_markup(false);
        // The end of what is cut parts nothing.
        if self.report.cuts.last().is_none_or(|c| c.range.end != at.end) {
            self.note_line(name.tag, false);
            self.end_line(name.tag, u64::MAX);
            self.line.in_word &= !name.tag.is(is::SPECIAL);
        }
        if name.tag == Tag::H1 {
            self.end_heading();
        }
        if let Some(page) = &mut self.page {
            page.note_tag(name.tag, false);
        }
    }

    /// Text in which a bound is passed: what stands before it, then the bound, then the rest. The byte after which it is passed
    /// says where, as it would if the page came byte by byte.
    fn text_past_bound(&mut self, range: &Range<u64>) {
        let mut at = range.start;
        while at < range.end && self.tree.lost().is_none() {
            let passed = self.next_bound().map_or(u64::MAX, |(most, _)| most.saturating_add(1));
            let next = passed.clamp(at, range.end);
            if next > at {
                self.text(&(at..next));
            }
            // Looked at in any case, so that this comes to an end.
            self.in_bounds_until = 0;
            self.check_bounds(next);
            at = next;
        }
    }

    /// A piece of text.
    fn text(&mut self, range: &Range<u64>) {
        let text = self.hold.view().slice(range);
        let solid = text.iter().any(|b| !b.is_ascii_whitespace());
        self.tree.text(text);
        self.left.note_text(text);
        if self.tree.has_answers() {
            self.settle();
        }
        let text = self.hold.view().slice(range);
        if self.in_heading {
            self.heading.note(range.start, text);
        }
        if solid && !self.line.loose && !self.line.in_link {
            self.line.loose = true;
            self.keep_pending_links();
        }
        if self.candidates.is_empty() && self.page.is_none() && self.pending.is_empty() {
            return;
        }
        let text = self.hold.view().slice(range);
        // A list of countries to choose from is not text.
        if self.tree.in_select() {
            return;
        }
        if self.judged > 0 {
            // White space is white space: most text between tags is the indentation of the source.
            self.lines.extend_from_slice(if solid { text } else { b" " });
        }
        if self.picked > 0 || self.page.is_some() {
            let words = count_words(text, &mut self.line.in_word);
            if let Some(page) = &mut self.page {
                page.note_words(words);
            }
            if self.picked > 0 {
                self.text_log.extend_from_slice(text);
            }
            if let Some(inner) = self.candidates.last_mut() {
                inner.facts.words = inner.facts.words.saturating_add(words);
            }
        }
        if !solid {
            return;
        }
        let text = self.hold.view().slice(range);
        let bulk: u32 = text.iter().map(|b| u32::from(!b.is_ascii_whitespace())).sum();
        if let Some(inner) = self.candidates.last_mut() {
            inner.facts.bulk = inner.facts.bulk.saturating_add(bulk);
            if self.judged > 0 && inner.facts.bulk > blocks::MOST_BULK {
                self.release_blocks(self.candidates.len());
            }
        }
        self.add_weight(u64::from(bulk));
    }

    /// The `title` or `h1` is over: what is the page about?
    fn end_heading(&mut self) {
        self.topics.note(self.heading.text(), &self.setup.topics);
        self.heading.clear();
        self.in_heading = false;
    }

    /// The content of a script and the like: text to nobody but the search for forum markers and topics.
    fn content(&mut self, range: &Range<u64>) {
        let text = self.hold.view().slice(range);
        match self.text_element {
            Some(Tag::Title) => self.heading.note(range.start, text),
            Some(Tag::Script) => {
                if let Some(page) = &mut self.page {
                    page.note_script(&self.setup.forum, text);
                }
            }
            Some(Tag::Noscript) => self.tree.text_content(text),
            _ => {}
        }
    }

    /// The end tag of a script and the like.
    fn end_content(&mut self, at: &Range<u64>) {
        if self.text_element.take() == Some(Tag::Title) {
            self.end_heading();
        }
        self.token_start = at.start;
        self.tree.end_text(at.start, at.end);
        self.left.note_markup(false);
        self.settle();
    }

    fn start_tag(&mut self, event: &tokens::StartTag) {
        let setup = Arc::clone(&self.setup);
        let element = Element::new(self.hold.view(), event, self.scanner.attributes(), setup.limits.attribute_bytes);
        let name = element.name;
        let picks = setup.index.pick(&element, element.raw_name, element.attributes(), &mut self.lookup);
        let (role_main, limited) = (element.role_main(), element.limited);
        let mut facts = element.facts(picks.link);
        facts.main_content |= picks.content || role_main;
        facts.protected = picks.protected;
        if let Some(page) = &mut self.page {
            page.note_tag(name.tag, true);
            let generator = element.generator();
            for (attribute, value) in element.attributes() {
                page.note_attribute(&setup.forum, name.tag, (attribute, value), generator);
            }
        }
        if name.tag == Tag::Frameset {
            let open = self.frameset_possible();
            self.tree.set_frameset_open(open);
        }
        let mut tag = StartTag {
            name,
            start: event.start,
            end: event.end,
            self_closing: event.self_closing,
            attributes: if name.tag.is(is::FORMATTING) { element.attribute_hash() } else { 0 },
            traits: element.traits(),
            watch: None,
            left: Left::Clean,
        };
        let stands_alone = name.tag == Tag::A && !self.line.loose && self.is_among_links();
        let block = (blocks::is_judged(name.tag) || stands_alone) && setup.text.is_some() && self.tree.makes_html(&tag);
        let button = if self.judged > 0 { element.button_text().map(<[u8]>::to_vec) } else { None };
        let unsure = !self.lookup.unsure.is_empty();
        let wanted = (block || unsure || !picks.is_empty()).then(|| match name.tag {
            Tag::Other => Cow::Owned(String::from_utf8_lossy(element.raw_name).to_ascii_lowercase()),
            tag => Cow::Borrowed(tag.name()),
        });
        if let Some(tag_name) = wanted {
            let fault = self.fault(&picks, name.tag, limited, role_main);
            if let Some(reason) = fault {
                self.decline(&picks, tag_name.clone(), event.start..event.end, reason);
            }
            let picks = if fault.is_some() { Picks::default() } else { picks };
            let judged = block && !role_main && !limited;
            if judged || unsure || !picks.is_empty() {
                tag.left = match self.left.left() {
                    Left::Clean if self.hold.is_after_shift(event.start) => Left::Replaced,
                    left => left,
                };
                let watch = self.next_watch;
                tag.watch = Some(watch);
                self.begin_candidate(Candidate {
                    watch,
                    start: event.start,
                    picks,
                    tag: tag_name,
                    facts,
                    text: self.text_log.len(),
                    judged,
                    name: name.tag,
                    place: Surroundings::default(),
                    lines: self.lines.len(),
                    signs: Signs::default(),
                    weight: self.weight,
                    topics: self.topics,
                    line: self.line,
                    holds_cut: None,
                    cut: 0,
                    declines: self.report.declines.len(),
                    prose: self.prose_before(),
                    doomed: false,
                });
            }
        }
        self.token_start = event.start;
        let holds_text = self.tree.start_tag(&tag);
        if self.lookup.follows || facts.protected || !self.protected.is_empty() {
            self.ask_around(event, &mut tag, &mut facts);
        }
        // What it is in is known once its tag has closed what it closes.
        let own = self.candidates.len().checked_sub(1).filter(|&at| block && self.candidates[at].start == event.start);
        if let Some(own) = own {
            self.candidates[own].place = self.surroundings();
        }
        self.ends_line = blocks::ends_line(name.tag);
        self.beginning = event.start;
        if self.tree.has_answers() || !self.pending.is_empty() {
            self.settle();
        }
        self.ends_line = false;
        self.beginning = u64::MAX;
        // A void element may be gone already: it parts nothing then.
        let gone = self.report.cuts.last().is_some_and(|c| c.range.contains(&event.start));
        if !gone {
            // A candidate has its own facts, also where it has ended with its start tag.
            if tag.watch.is_none()
                && let Some(inner) = self.candidates.last_mut()
            {
                inner.facts.add_kept(&facts);
            }
            self.end_line(name.tag, event.start);
            self.note_line(name.tag, true);
            if let Some(text) = button {
                self.note_button(&text);
            }
            self.line.in_word &= !name.tag.is(is::SPECIAL);
            self.add_weight(u64::from(facts.things && !name.tag.is(is::HEAD_CONTENT)));
        }
        self.line.in_link |= name.tag == Tag::A && !gone;
        self.note_heading_start(name.tag, event.start);
        if name.tag == Tag::Table {
            self.header_cells.retain(|&(table, _)| table + 1 < self.tree.depth());
        }
        if matches!(name.tag, Tag::Th | Tag::Thead | Tag::Caption) && !gone {
            self.note_header_cell(event.start);
        }
        self.left.note_markup(matches!(name.tag, Tag::Pre | Tag::Listing));
        self.in_heading |= name.tag == Tag::H1;
        if holds_text {
            self.scanner.enter(name.tag);
            self.text_element = Some(name.tag);
        }
    }
}

/// Whether any of `categories` needs the page's kind.
pub(crate) fn needs_page(categories: &[Category]) -> bool {
    categories.contains(&Category::CommentThread)
}
