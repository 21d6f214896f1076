//! A light model of the HTML standard's tree construction stage (13.2.6): no tree is built, only what is open is known.
//!
//! It reads the page's tokens and says, of each element it was asked to watch, where its range ends and whether the range
//! may be cut. The files follow the standard: [`tag`] has the names, `open` the stack of open elements (13.2.4.2),
//! `formatting` the list of active formatting elements (13.2.4.3), `document` the modes around `head` and `body`, `body`
//! the "in body" mode, `table` the table modes, `foreign` SVG and MathML. [`watch`] has the cut rule.
//!
//! What it leaves out it refuses: a frameset page is not cut at all.

mod body;
mod document;
mod foreign;
mod formatting;
mod insert;
mod open;
mod quirks;
mod table;
pub(crate) mod tag;
pub(crate) mod watch;

use crate::report::{DeclineReason, Stop};
use formatting::Formatting;
pub(crate) use open::NodeId;
use open::{Open, Scope, Space};
use tag::{Name, Tag, is};
use watch::{Closed, Left, Next, Watch, WatchId, Watches};

/// The insertion modes (13.2.4.1). "Text" is not among them: the tokenizer says where text elements end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    Initial,
    BeforeHtml,
    BeforeHead,
    InHead,
    /// Only with scripting off.
    InHeadNoscript,
    AfterHead,
    InBody,
    InTable,
    InCaption,
    InColumnGroup,
    InTemplate,
    InTableBody,
    InRow,
    InCell,
    AfterBody,
    AfterAfterBody,
}

/// A start tag, as far as tree construction looks at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct StartTag {
    pub(crate) name: Name,
    /// Offset of `<`.
    pub(crate) start: u64,
    /// Offset after `>`.
    pub(crate) end: u64,
    pub(crate) self_closing: bool,
    /// Hash of the attributes; for formatting elements only.
    pub(crate) attributes: u64,
    /// What some rule of the standard asks of the attributes; see [`Trait`].
    pub(crate) traits: Trait,
    pub(crate) watch: Option<WatchId>,
    pub(crate) left: Left,
}

/// The one attribute fact that matters for a tag, if any.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Trait {
    #[default]
    None,
    /// `input type=hidden` (13.2.6.4.9).
    Hidden,
    /// `font` with `color`, `face` or `size` (13.2.6.5).
    FontLook,
    /// `annotation-xml` with an HTML `encoding` (13.2.6.5).
    HtmlEncoding,
}

/// An element that no tag stands for, and that is not there to be seen when the next tag has come, or not as what it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Untagged {
    /// A formatting element made after another one, whose attributes it has (13.2.4.3, 13.2.6.4.7).
    Clone { id: NodeId, of: NodeId },
    /// It came and went with an end tag (13.2.6.4.7, `</p>` and `</br>`).
    Passing { parent: Option<NodeId>, tag: Tag },
}

/// Formatting elements beyond this many are not followed: nothing is cut after that. Pages have a handful.
const MOST_FORMATTING: usize = 64;

/// The tree construction stage, one page's worth.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// Elements deeper than this are not followed: nothing is cut after that.
    most_depth: usize,
    open: Open,
    formatting: Formatting,
    mode: Mode,
    form: Option<NodeId>,
    head_seen: bool,
    frameset_ok: bool,
    /// Where a frameset was ruled out first, by something that is not cut.
    ruled_out: u64,
    /// And where it was last.
    ruled_out_last: u64,
    /// Whether that may still be cut, so that a frameset that comes now can't be judged.
    frameset_open: bool,
    quirks: bool,
    /// Set while the "in table" rules hand a token to the "in body" rules (13.2.6.1, foster parenting).
    foster: bool,
    /// The stack of template insertion modes (13.2.4.1).
    template_modes: Vec<Mode>,
    /// Whether scripts are taken to run: the content of `noscript` is text then.
    scripting: bool,
    /// Why nothing is cut any more.
    lost: Option<Stop>,
    watches: Watches,
    next_id: NodeId,
    /// Elements that no tag stands for; none if nobody asks.
    untagged: Option<Vec<Untagged>>,
    token: Token,
}

/// What happened while the current token was processed.
#[derive(Clone, Copy, Debug)]
struct Token {
    start: u64,
    end: u64,
    next: Next,
    mode: Mode,
    form: Option<NodeId>,
    /// A watch asked for by this token and not begun yet.
    watch: Option<WatchId>,
    left: Left,
    /// The lowest element popped.
    popped: Option<Tag>,
    /// A table cleared away what did not belong into it.
    cleared: bool,
    /// A foreign element was popped.
    popped_foreign: bool,
    /// It, if it was watched and may be cut.
    popped_watch: Option<WatchId>,
    /// The token's own element, and how many are open around it.
    inserted: Option<(NodeId, usize)>,
    /// Elements created besides the token's own.
    implied: u32,
    /// The list of formatting elements was changed before the token's own element came.
    reformatted: bool,
    /// The watched element that the token's own end tag ends.
    ended: Option<Watch>,
    /// In a run of text: whether it held anything but white space, in a table.
    table_text: bool,
    in_text: bool,
    drops: Drops,
}

impl Token {
    fn new(start: u64, end: u64, next: Next) -> Self {
        Self {
            start,
            end,
            next,
            mode: Mode::Initial,
            form: None,
            watch: None,
            left: Left::Clean,
            popped: None,
            cleared: false,
            popped_foreign: false,
            popped_watch: None,
            inserted: None,
            implied: 0,
            reformatted: false,
            ended: None,
            table_text: false,
            in_text: false,
            drops: Drops::Nothing,
        }
    }
}

/// What is dropped if it comes next: the line break after `<pre>` (13.2.6.4.7), which may come in two pieces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Drops {
    Nothing,
    LineBreak,
    LineFeed,
}

impl Tree {
    /// At most `most_depth` elements may be open.
    pub(crate) fn new(most_depth: usize) -> Self {
        Self {
            most_depth,
            open: Open::new(),
            formatting: Formatting::default(),
            mode: Mode::Initial,
            form: None,
            head_seen: false,
            frameset_ok: true,
            ruled_out: u64::MAX,
            ruled_out_last: 0,
            frameset_open: true,
            quirks: false,
            foster: false,
            template_modes: Vec::new(),
            scripting: true,
            lost: None,
            watches: Watches::default(),
            next_id: 0,
            untagged: None,
            token: Token::new(0, 0, Next::Eof),
        }
    }

    /// From now on some elements that no tag stands for are remembered, for [`Tree::take_untagged`].
    pub(crate) fn follow_untagged(&mut self) {
        self.untagged.get_or_insert_default();
    }

    /// Processes a start tag: whether the content of its element is text, up to its end tag. A watch it asks for is answered
    /// sooner or later through [`Tree::answers`].
    pub(crate) fn start_tag(&mut self, tag: &StartTag) -> bool {
        if self.lost.is_some() {
            return false;
        }
        let next = Next::Start(tag.name.tag);
        self.watches.begin_token();
        self.watches.resolve(next);
        self.begin(tag.start, tag.end, next);
        let created = self.next_id;
        self.token.watch = tag.watch;
        self.token.left = tag.left;
        if self.html_rules_apply(Some(tag)) {
            self.start_in_mode(self.mode, tag);
        } else {
            self.start_foreign(tag);
        }
        if self.open.len() > self.most_depth || self.formatting.len() > MOST_FORMATTING {
            self.lose(DeclineReason::TooDeep);
        }
        self.finish_token();
        // The standard dropped the tag (a second `body`, a cell outside a table): there is no element to cut.
        if let Some(watch) = self.token.watch.take() {
            self.watches.decline(watch, tag.start, DeclineReason::NoElement);
        }
        if let Some(reason) = self.lost.as_ref().map(|stop| stop.reason) {
            // It may have been watched after the page was given up.
            self.watches.disturb_all(tag.start, reason);
        }
        // The standard may have dropped the tag, or the node may be one that it created besides.
        tag.name.tag.is(is::TEXT_MODE)
            && self.next_id != created
            && self.open.current().is_some_and(|n| n.id == self.next_id && n.is_html(tag.name.tag))
            && (self.scripting || tag.name.tag != Tag::Noscript)
    }

    /// Processes an end tag, stray ones included.
    pub(crate) fn end_tag(&mut self, name: Name, start: u64, end: u64) {
        if self.lost.is_some() {
            return;
        }
        // The table modes ask for table scope (13.2.6.4.9 and on).
        let scope = if name.tag == Tag::Table || name.tag.is(is::TABLE_PART) { Scope::Table } else { Scope::Default };
        let next = Next::End(name.tag, self.open.in_scope(name.tag, scope).is_some());
        self.watches.begin_token();
        self.watches.resolve(next);
        self.begin(start, end, next);
        if self.open.current().is_none_or(|n| n.space == Space::Html) {
            self.end_in_mode(self.mode, name);
        } else {
            self.end_foreign(name);
        }
        self.finish_token();
    }

    /// The tokenizer left the text mode of the current element: its end tag.
    pub(crate) fn end_text(&mut self, start: u64, end: u64) {
        if self.lost.is_some() {
            return;
        }
        if !self.open.current().is_some_and(|n| n.is(is::TEXT_MODE)) {
            return self.lose(DeclineReason::ParsersDiffer);
        }
        self.watches.begin_token();
        self.begin(start, end, Next::Comment);
        self.pop_ended();
        self.finish_token();
    }

    /// Processes a piece of text; a run may come in pieces.
    pub(crate) fn text(&mut self, text: &[u8]) {
        let text = if self.token.drops == Drops::Nothing { text } else { self.drop_line_break(text) };
        let Some(&first) = text.first() else { return };
        if self.lost.is_some() {
            return;
        }
        let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | 0);
        let white = text.iter().all(blank);
        if !self.token.in_text {
            let start = self.token.end;
            self.begin(start, start, Next::Text(first));
            self.token.in_text = true;
        }
        let html = self.html_rules_apply(None);
        // `&#10;` is white space, too, and would not open the body; references are not read here.
        if !white && html && self.is_outside_body() && text.iter().find(|b| !blank(b)) == Some(&b'&') {
            return self.lose(DeclineReason::ParsersDiffer);
        }
        if !self.watches.is_idle() {
            self.watches.resolve(Next::Text(first));
            // White space leaves some needs open: what comes after it has the second word.
            if first.is_ascii_whitespace()
                && let Some(&second) = text.iter().find(|b| !b.is_ascii_whitespace())
            {
                self.watches.resolve(Next::Text(second));
            }
        }
        if text.iter().all(|&b| b == 0) {
            return;
        }
        if html {
            self.text_in_mode(white);
        } else if !white {
            self.rule_out_frameset();
        }
    }

    /// Whether text opens the body, or goes back into it, unless it is white space.
    fn is_outside_body(&self) -> bool {
        use Mode::{AfterAfterBody, AfterBody, AfterHead, BeforeHead, BeforeHtml, InHead, InHeadNoscript, Initial};
        matches!(
            self.mode,
            Initial | BeforeHtml | BeforeHead | InHead | InHeadNoscript | AfterHead | AfterBody | AfterAfterBody
        )
    }

    /// The text without the line break that is dropped at its start.
    fn drop_line_break<'t>(&mut self, text: &'t [u8]) -> &'t [u8] {
        let (dropped, next) = match (self.token.drops, text) {
            (Drops::LineBreak, [b'\r']) => (1, Drops::LineFeed),
            (Drops::LineBreak, [b'\r', b'\n', ..]) => (2, Drops::Nothing),
            (Drops::LineBreak, [b'\r' | b'\n', ..]) | (Drops::LineFeed, [b'\n', ..]) => (1, Drops::Nothing),
            (drops, []) => (0, drops),
            _ => (0, Drops::Nothing),
        };
        self.token.drops = next;
        &text[dropped..]
    }

    pub(crate) fn comment(&mut self) {
        if self.lost.is_some() {
            return;
        }
        self.token.in_text = false;
        self.token.table_text = false;
        self.token.drops = Drops::Nothing;
        self.watches.resolve(Next::Comment);
    }

    /// Processes a doctype: `text` is what stands between `<!` and `>`.
    pub(crate) fn doctype(&mut self, text: &[u8]) {
        if self.lost.is_some() {
            return;
        }
        self.token.in_text = false;
        self.watches.resolve(Next::Doctype);
        if self.mode == Mode::Initial {
            self.quirks = quirks::is_quirks(text);
            self.mode = Mode::BeforeHtml;
        }
    }

    /// End of input, at this offset.
    pub(crate) fn finish(&mut self, at: u64) {
        if self.lost.is_none() {
            self.watches.end_of_input(at);
        }
    }

    /// Gives the page up: nothing is cut after this.
    pub(crate) fn lose(&mut self, reason: DeclineReason) {
        if self.lost.is_none() {
            self.lost = Some(Stop { offset: self.token.start, reason });
            self.watches.disturb_all(self.token.start, reason);
        }
    }

    /// Where and why cutting stopped, if it did.
    pub(crate) fn lost(&self) -> Option<&Stop> {
        self.lost.as_ref()
    }

    /// The token that was processed last; of text, where it begins.
    pub(crate) fn token(&self) -> std::ops::Range<u64> {
        self.token.start..self.token.end
    }

    /// Whether text here is quoted or shown as code.
    pub(crate) fn in_quotation(&self) -> bool {
        [Tag::Pre, Tag::Code, Tag::Blockquote, Tag::Figcaption].iter().any(|&t| self.open.topmost(t).is_some())
    }

    /// Where something stands that rules out that a `frameset` takes the place of the body (13.2.6.4.7), as far as nothing
    /// more is cut.
    pub(crate) fn frameset_ruled_out(&self) -> u64 {
        self.ruled_out
    }

    /// `range` is cut: what stands in it no longer rules anything out.
    pub(crate) fn note_cut(&mut self, range: &std::ops::Range<u64>) {
        if range.contains(&self.ruled_out) {
            self.ruled_out = if self.ruled_out_last >= range.end { self.ruled_out_last } else { u64::MAX };
        }
    }

    /// Whether a `frameset` that comes next could take the place of the body once everything is cut that may be.
    pub(crate) fn set_frameset_open(&mut self, open: bool) {
        self.frameset_open = open;
    }

    fn rule_out_frameset(&mut self) {
        self.frameset_ok = false;
        self.ruled_out = self.ruled_out.min(self.token.start);
        self.ruled_out_last = self.token.start;
    }

    /// The same page, as one reads it who runs no scripts.
    pub(crate) fn without_scripting(&self) -> Self {
        Self { scripting: false, ..self.clone() }
    }

    /// Whether it is worth looking if they [agree](Tree::agrees).
    pub(crate) fn may_agree(&self, other: &Self) -> bool {
        self.mode == other.mode
            && self.open.len() == other.open.len()
            && self.formatting.len() == other.formatting.len()
            && self.open.current().map(|node| node.name) == other.open.current().map(|node| node.name)
    }

    /// Whether this and another reading of the page have come to the same state, so that they will not differ again before
    /// the next `noscript`.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        self.may_agree(other)
            && self.head_seen == other.head_seen
            && self.template_modes == other.template_modes
            && self.lost.is_none()
            && other.lost.is_none()
            && self.open.agrees(&other.open)
            // The form that is pointed to need not be open any more.
            && self.form.is_some() == other.form.is_some()
            && self.place(self.form) == other.place(other.form)
            && self.formatting.agrees(&other.formatting, |a, b| self.place(a) == other.place(b))
            && self.watches.agrees(&other.watches)
    }

    /// Where on the stack an element is.
    fn place(&self, id: Option<NodeId>) -> Option<usize> {
        id.and_then(|id| self.open.place(id))
    }

    /// Whether a `select` is open.
    pub(crate) fn in_select(&self) -> bool {
        self.open.topmost(Tag::Select).is_some()
    }

    /// Whether CDATA sections are read as such here (13.2.5.42).
    pub(crate) fn allows_cdata(&self) -> bool {
        self.open.current().is_some_and(|n| n.space != Space::Html)
    }

    /// Whether there are [`Tree::answers`].
    #[inline]
    pub(crate) fn has_answers(&self) -> bool {
        self.watches.has_answers()
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> usize {
        self.open.len()
    }

    /// The element that the start tag has made which was processed last, if it has, and how many are open around it. It may have
    /// ended already.
    pub(crate) fn inserted(&self) -> Option<(NodeId, usize)> {
        self.token.inserted
    }

    /// The open elements, from the root on.
    pub(crate) fn open_elements(&self) -> impl DoubleEndedIterator<Item = (NodeId, Name)> + ExactSizeIterator {
        self.open.iter()
    }

    /// The formatting elements that are made anew where they were not closed.
    pub(crate) fn formatting_elements(&self) -> impl Iterator<Item = NodeId> {
        (0..self.formatting.len()).filter_map(|at| match self.formatting.get(at) {
            formatting::Entry::Element(active) => Some(active.id),
            formatting::Entry::Marker => None,
        })
    }

    /// What has come since the last call.
    pub(crate) fn take_untagged(&mut self) -> Vec<Untagged> {
        self.untagged.as_mut().map(std::mem::take).unwrap_or_default()
    }

    fn note_untagged(&mut self, element: impl FnOnce(&Self) -> Untagged) {
        if self.untagged.is_some() {
            let element = element(self);
            self.untagged.get_or_insert_default().push(element);
        }
    }

    /// An element that is empty comes into being and goes.
    fn note_passing(&mut self, tag: Tag) {
        self.note_foster();
        self.note_untagged(|tree| Untagged::Passing { parent: tree.open.current().map(|node| node.id), tag });
    }

    fn note_clone(&mut self, id: NodeId, of: NodeId) {
        self.note_untagged(|_| Untagged::Clone { id, of });
    }

    /// The innermost open element.
    pub(crate) fn current(&self) -> Tag {
        self.open.current().map_or(Tag::Html, |node| node.tag())
    }

    /// Whether one of `tags` is open.
    pub(crate) fn is_within(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|&t| self.open.topmost(t).is_some())
    }

    /// Where on the stack the innermost table is.
    pub(crate) fn table(&self) -> Option<usize> {
        self.open.topmost(Tag::Table)
    }

    /// The watch `id` is not asked for any more: its element stays.
    pub(crate) fn forget(&mut self, id: WatchId) {
        self.watches.forget(id);
        self.watches.note_kept(id, self.token.start);
    }

    /// The watches answered since the last call.
    pub(crate) fn answers(&mut self) -> std::vec::Drain<'_, Closed> {
        self.watches.drain()
    }

    /// A watch that was answered with yes is not cut after all.
    pub(crate) fn note_kept(&mut self, watch: WatchId) {
        self.watches.note_kept(watch, self.token.start);
    }

    /// A watch that was answered with yes is cut.
    pub(crate) fn note_gone(&mut self, watch: WatchId) {
        self.watches.note_gone(watch);
    }

    fn begin(&mut self, start: u64, end: u64, next: Next) {
        self.token = Token {
            mode: self.mode,
            form: self.form,
            table_text: self.token.in_text && self.token.table_text,
            ..Token::new(start, end, next)
        };
    }

    /// Compares the state after the token with the one before the element that it ended.
    fn finish_token(&mut self) {
        self.token.table_text = false;
        let Some(watch) = self.token.ended.take() else { return };
        let same = self.lost.is_none()
            && self.open.len() == watch.depth
            && self.formatting.len() == watch.formatting
            && self.mode == watch.mode
            && self.form == watch.form;
        if same {
            self.watches.finish(watch, self.token.end);
        } else {
            self.watches.decline(watch.id, self.token.end, DeclineReason::ChangedState);
        }
    }

    /// Whether a token goes to the HTML rules or to those for foreign content (13.2.6, tree construction dispatcher).
    fn html_rules_apply(&self, tag: Option<&StartTag>) -> bool {
        let Some(node) = self.open.current() else { return true };
        if node.space == Space::Html || node.is_html_point() {
            return true;
        }
        let Some(tag) = tag else { return node.is_math_text_point() };
        match node.tag() {
            Tag::AnnotationXml => node.space == Space::Math && tag.name.tag == Tag::Svg,
            _ => node.is_math_text_point() && !matches!(tag.name.tag, Tag::Mglyph | Tag::Malignmark),
        }
    }
}
