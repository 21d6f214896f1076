//! The two readings of a page: by one who runs scripts, and by one who does not.
//!
//! The content of `noscript` is text to a browser, and markup to a parser that runs no scripts, as scrapers use them. It can
//! close what stands around it. A cut must be right in both readings. They differ from a `noscript` on until they come to the
//! same state again, mostly at its end tag; only so long there are two trees, and an element may be cut if both say so.

use std::ops::Range;

use crate::element::Element;
use crate::report::{DeclineReason, Stop};
use crate::tokens::{self, Scanner, Token, View};
use crate::tree::tag::{Name, Tag, is};
use crate::tree::watch::{Closed, Left, WatchId};
use crate::tree::{StartTag, Tree};

/// Longer `noscript` content is not looked into: nothing is cut after it.
const LONGEST: usize = 256 * 1024;

/// The readings of one page.
#[derive(Debug)]
pub(crate) struct Readings {
    with_scripts: Tree,
    /// There while it differs.
    without: Option<Box<Tree>>,
    /// The content of the `noscript` we are in, and where it starts.
    noscript: Option<(u64, Vec<u8>)>,
    answers: Vec<Closed>,
    /// Open elements that were copied and compared.
    spent: u64,
}

/// How many open elements may be copied or compared before the page is given up: so many at once, and two more with each byte.
/// It takes thousands of open elements, and a `noscript` after the other, to come near it; each costs as much as all of them.
const ALLOWANCE: u64 = 1 << 18;
/// To copy one is as much work as to compare so many.
const COPY: u64 = 4;

impl Readings {
    /// At most `most_depth` elements may be open.
    pub(crate) fn new(most_depth: usize) -> Self {
        Self { with_scripts: Tree::new(most_depth), without: None, noscript: None, answers: Vec::new(), spent: 0 }
    }

    /// The page as it is read by one who runs scripts.
    pub(crate) fn with_scripts(&mut self) -> &mut Tree {
        &mut self.with_scripts
    }

    /// See [`Tree::start_tag`].
    pub(crate) fn start_tag(&mut self, tag: &StartTag) -> bool {
        let noscript = tag.name.tag == Tag::Noscript;
        if noscript && self.without.is_none() && self.lost().is_none() {
            self.spend(COPY);
            self.without = self.lost().is_none().then(|| Box::new(self.with_scripts.without_scripting()));
        }
        let text = self.with_scripts.start_tag(tag);
        if let Some(without) = &mut self.without
            && without.start_tag(tag) != text
            && !noscript
        {
            self.lose(DeclineReason::ParsersDiffer);
        }
        if noscript && text {
            self.noscript = Some((tag.end, Vec::new()));
        }
        self.compare();
        text
    }

    /// See [`Tree::end_tag`].
    pub(crate) fn end_tag(&mut self, name: Name, start: u64, end: u64) {
        self.each(|tree| tree.end_tag(name, start, end));
    }

    /// The end tag of a text element, [`Tree::end_text`].
    pub(crate) fn end_text(&mut self, start: u64, end: u64) {
        let Some((content_start, content)) = self.noscript.take() else {
            return self.each(|tree| tree.end_text(start, end));
        };
        self.with_scripts.end_text(start, end);
        if content.len() > LONGEST {
            self.lose(DeclineReason::ParsersDiffer);
        }
        if let Some(without) = &mut self.without {
            read_markup(without, &content, content_start);
            without.end_tag(Name::of(Tag::Noscript), start, end);
        }
        self.compare();
    }

    /// A piece of the content of a text element.
    pub(crate) fn text_content(&mut self, piece: &[u8]) {
        if let Some((_, content)) = &mut self.noscript
            && content.len() <= LONGEST
        {
            content.extend_from_slice(piece);
        }
    }

    /// See [`Tree::text`]. Whether the readings agree after it is looked at with the next tag: how many pieces a text comes in is up to
    /// the chunks, and looking costs something.
    pub(crate) fn text(&mut self, text: &[u8]) {
        self.with_scripts.text(text);
        if let Some(without) = &mut self.without {
            without.text(text);
            self.bring_together();
        }
    }

    /// A CDATA section: text of a foreign element.
    pub(crate) fn cdata(&mut self) {
        self.each(|tree| tree.text(b"x"));
        self.check_cdata();
    }

    /// What is a CDATA section in one reading is a comment in the other one, and may end elsewhere.
    fn check_cdata(&mut self) {
        if self.without.as_ref().is_some_and(|w| w.allows_cdata() != self.with_scripts.allows_cdata()) {
            self.lose(DeclineReason::ParsersDiffer);
        }
    }

    /// See [`Tree::comment`].
    pub(crate) fn comment(&mut self) {
        self.check_cdata();
        self.each(Tree::comment);
    }

    /// See [`Tree::doctype`].
    pub(crate) fn doctype(&mut self, text: &[u8]) {
        self.each(|tree| tree.doctype(text));
    }

    /// End of input, at this offset.
    pub(crate) fn finish(&mut self, at: u64) {
        if self.noscript.is_some() {
            self.lose(DeclineReason::ParsersDiffer);
        }
        self.each(|tree| tree.finish(at));
    }

    /// Gives the page up: nothing is cut after this.
    pub(crate) fn lose(&mut self, reason: DeclineReason) {
        self.without = None;
        // What the current token decided was decided in one reading only.
        let hasty = self.with_scripts.answers().map(|a| Closed { result: a.result.and(Err(reason)), ..a });
        self.answers.extend(hasty);
        self.with_scripts.lose(reason);
    }

    /// Where and why cutting stopped, if it did.
    pub(crate) fn lost(&self) -> Option<&Stop> {
        self.with_scripts.lost()
    }

    /// See [`Tree::token`].
    pub(crate) fn token(&self) -> Range<u64> {
        self.with_scripts.token()
    }

    /// See [`Tree::allows_cdata`].
    pub(crate) fn allows_cdata(&self) -> bool {
        self.with_scripts.allows_cdata()
    }

    /// See [`Tree::makes_html`].
    pub(crate) fn makes_html(&self, tag: &StartTag) -> bool {
        self.with_scripts.makes_html(tag)
    }

    /// See [`Tree::frameset_ruled_out`].
    pub(crate) fn frameset_ruled_out(&self) -> u64 {
        self.with_scripts.frameset_ruled_out()
    }

    /// See [`Tree::set_frameset_open`].
    pub(crate) fn set_frameset_open(&mut self, open: bool) {
        self.each(|tree| tree.set_frameset_open(open));
    }

    /// See [`Tree::note_cut`].
    pub(crate) fn note_cut(&mut self, range: &Range<u64>) {
        self.with_scripts.note_cut(range);
    }

    /// See [`Tree::depth`].
    pub(crate) fn depth(&self) -> usize {
        self.with_scripts.depth()
    }

    /// See [`Tree::current`].
    pub(crate) fn current(&self) -> Tag {
        self.with_scripts.current()
    }

    /// See [`Tree::is_within`].
    pub(crate) fn is_within(&self, tags: &[Tag]) -> bool {
        self.with_scripts.is_within(tags)
    }

    /// See [`Tree::table`].
    pub(crate) fn table(&self) -> Option<usize> {
        self.with_scripts.table()
    }

    /// See [`Tree::forget`].
    pub(crate) fn forget(&mut self, watch: WatchId) {
        self.each(|tree| tree.forget(watch));
    }

    /// See [`Tree::in_select`].
    pub(crate) fn in_select(&self) -> bool {
        self.with_scripts.in_select()
    }

    /// See [`Tree::in_quotation`].
    pub(crate) fn in_quotation(&self) -> bool {
        self.with_scripts.in_quotation()
    }

    /// See [`Tree::note_kept`].
    pub(crate) fn note_kept(&mut self, watch: WatchId) {
        self.each(|tree| tree.note_kept(watch));
    }

    /// See [`Tree::note_gone`].
    pub(crate) fn note_gone(&mut self, watch: WatchId) {
        self.each(|tree| tree.note_gone(watch));
    }

    /// Whether there are [`Readings::answers`].
    #[inline]
    pub(crate) fn has_answers(&self) -> bool {
        self.with_scripts.has_answers() || !self.answers.is_empty()
    }

    /// The watches answered since the last call. One may come twice; the first answer holds.
    pub(crate) fn answers(&mut self) -> impl Iterator<Item = Closed> {
        self.answers.drain(..).chain(self.with_scripts.answers())
    }

    fn each(&mut self, act: impl Fn(&mut Tree)) {
        act(&mut self.with_scripts);
        if let Some(without) = &mut self.without {
            act(without);
            self.compare();
        }
    }

    /// Both have taken the same token: brings their answers together, and drops the second one where it agrees again.
    fn compare(&mut self) {
        self.bring_together();
        if let Some(without) = &self.without
            && self.noscript.is_none()
            && self.with_scripts.may_agree(without)
        {
            if self.with_scripts.agrees(without) {
                self.without = None;
            }
            self.spend(1);
        }
    }

    /// Makes one answer of two.
    fn bring_together(&mut self) {
        let Some(without) = &mut self.without else { return };
        if let Some(reason) = without.lost().map(|stop| stop.reason) {
            return self.lose(reason);
        }
        if self.with_scripts.has_answers() || without.has_answers() {
            let others: Vec<Closed> = without.answers().collect();
            let ours: Vec<Closed> = self.with_scripts.answers().collect();
            for &answer in &ours {
                let other = others.iter().find(|o| o.watch == answer.watch);
                let result = match other {
                    Some(other) if other.end == answer.end => answer.result.and(other.result),
                    _ => answer.result.and(Err(DeclineReason::ParsersDiffer)),
                };
                self.answers.push(Closed { result, ..answer });
            }
            for &other in others.iter().filter(|o| ours.iter().all(|a| a.watch != o.watch)) {
                self.answers.push(Closed { result: Err(DeclineReason::ParsersDiffer), ..other });
            }
        }
    }

    /// All open elements were looked at. A page on which that is too much is given up.
    fn spend(&mut self, times: u64) {
        self.spent += times * self.depth() as u64;
        if self.spent > ALLOWANCE + 2 * self.with_scripts.token().end {
            self.lose(DeclineReason::TooDeep);
        }
    }
}

/// Feeds the content of a `noscript` to a tree as markup.
fn read_markup(tree: &mut Tree, content: &[u8], start: u64) {
    let view = View { bytes: content, base: start };
    let end = start + content.len() as u64;
    let mut scanner = Scanner::new(start, usize::MAX);
    let mut in_text = false;
    while let Some(token) = scanner.next(view, end, true, tree.allows_cdata()) {
        match token {
            Token::Text(range) => tree.text(view.slice(&range)),
            Token::Content(_) => {}
            Token::Cdata => tree.text(b"x"),
            Token::Comment => tree.comment(),
            Token::Doctype(range) => tree.doctype(view.slice(&range)),
            Token::EndTag { at, .. } if in_text => {
                tree.end_text(at.start, at.end);
                in_text = false;
            }
            Token::EndTag { name, at } => tree.end_tag(name, at.start, at.end),
            Token::StartTag(tag) => {
                if tree.start_tag(&read_tag(view, &tag, &scanner)) {
                    scanner.enter(tag.name.tag);
                    in_text = true;
                }
            }
        }
    }
    if scanner.position() != end || !scanner.is_between_tokens() {
        // A comment or a tag goes on after the end tag.
        tree.lose(DeclineReason::ParsersDiffer);
    }
}

fn read_tag(view: View<'_>, tag: &tokens::StartTag, scanner: &Scanner) -> StartTag {
    let element = Element::new(view, tag, scanner.attributes(), u32::MAX);
    let &tokens::StartTag { name, start, end, self_closing, .. } = tag;
    StartTag {
        name,
        start,
        end,
        self_closing,
        attributes: if name.tag.is(is::FORMATTING) { element.attribute_hash() } else { 0 },
        traits: element.traits(),
        watch: None,
        left: Left::Clean,
    }
}
