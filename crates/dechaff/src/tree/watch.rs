//! The cut rule: when may the bytes of an element go?
//!
//! An element is *watched* when a rule names it. Its range may be cut when the parser, after the range, is in the state it
//! was in before it; when no node of the range was moved out of it, and none into it; and when the bytes that come
//! together don't form something new. Everything else is declined, with its reason.
//!
//! The state is compared without copying it. The stack of open elements is the same as before when nothing below the
//! element was touched and the element itself is gone; the list of formatting elements is the same when no entry older
//! than the element was touched and no newer one is left; the insertion mode and the form pointer are compared as values.
//! So a watch stores two lengths and two values, and everything in the tree that touches an older entry disturbs the
//! watches that rely on it.
//!
//! Some starts change the state in a way that the *next* token would bring about as well: a `<div>` closes an open `p`,
//! and so does the `<ul>` after it. Such a watch ends with *needs*, and the token after the range decides.

use super::Mode;
use super::open::NodeId;
use super::tag::{Tag, is};
use crate::report::DeclineReason;

/// Names a watch: a number that whoever asked for it gave.
pub(crate) type WatchId = u32;

/// What stands directly before an element, where the bytes after it could join with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Left {
    /// A tag, a comment, or text that nothing can join.
    #[default]
    Clean,
    /// Nothing: it is the beginning of the page, and bytes like those of a byte order mark would be one there.
    Start,
    /// Text that ends in `<`: a letter would make it a tag (13.2.5.6).
    LessThan,
    /// Text that ends in `&` and letters or digits: more of them would make another character (13.2.5.72).
    Ampersand,
    /// Text that ends in a carriage return: a line feed would make one line break of two (13.2.3.5).
    CarriageReturn,
    /// Text that ends within a character: the rest of it could follow.
    CutOff,
    /// Text that ends in a replacement character: in the page's own encoding it may be the first half of a character, and the
    /// second half, which can look like ASCII, could follow. Or an escape sequence, and the next one could follow, which is an
    /// error (Encoding Standard, 12.2.1, "ISO-2022-JP output").
    Replaced,
    /// The start tag of `pre`, `listing` or `textarea`: a line feed would be dropped (13.2.6.4.7).
    PreTag,
}

/// What the token after the range must do for the cut to be exact; bits.
pub(super) mod need {
    /// Close the `p` that the element's start tag closed.
    pub(in crate::tree) const CLOSE_P: u16 = 1;
    /// Close the `li` it closed.
    pub(in crate::tree) const CLOSE_LI: u16 = 1 << 1;
    /// Close the `dd` or `dt` it closed.
    pub(in crate::tree) const CLOSE_DD: u16 = 1 << 2;
    /// Close the cell it closed.
    pub(in crate::tree) const CLOSE_CELL: u16 = 1 << 3;
    /// Close the row it closed.
    pub(in crate::tree) const CLOSE_ROW: u16 = 1 << 4;
    /// Close the table section it closed.
    pub(in crate::tree) const CLOSE_SECTION: u16 = 1 << 5;
    /// Close the `option` it closed.
    pub(in crate::tree) const CLOSE_OPTION: u16 = 1 << 12;
    /// Open a table section, as its start tag did.
    pub(in crate::tree) const OPEN_SECTION: u16 = 1 << 10;
    /// Open a row, as its start tag did.
    pub(in crate::tree) const OPEN_ROW: u16 = 1 << 11;
    /// Open `body`, as its start tag did.
    pub(in crate::tree) const OPEN_BODY: u16 = 1 << 6;
    /// Leave the "after body" modes, as its start tag did.
    pub(in crate::tree) const REENTER_BODY: u16 = 1 << 7;
    /// Not be text that a table would move.
    pub(in crate::tree) const NO_TABLE_TEXT: u16 = 1 << 8;
    /// Not join with `Left`.
    pub(in crate::tree) const NO_JOIN: u16 = 1 << 9;
}

/// A watched element that is still open.
#[derive(Clone, Copy, Debug)]
pub(super) struct Watch {
    pub(super) id: WatchId,
    /// Its index on the stack of open elements.
    pub(super) depth: usize,
    /// Length of the formatting list before it.
    pub(super) formatting: usize,
    pub(super) mode: Mode,
    pub(super) form: Option<NodeId>,
    pub(super) needs: u16,
    pub(super) left: Left,
    /// Its start tag ended another watched element. If that one stays, this holds as well; if it goes, nothing was ended.
    pub(super) unless_cut: Option<UnlessCut>,
}

impl Watch {
    /// The element before it stays: takes over what its own start changed then.
    fn settle(&mut self) -> Result<(), DeclineReason> {
        if let Some(UnlessCut { change, left, .. }) = self.unless_cut.take() {
            self.needs |= change?;
            self.left = left;
            if left != Left::Clean {
                self.needs |= need::NO_JOIN;
            }
        }
        Ok(())
    }
}

/// What a start tag changed if the watched element before it stays.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnlessCut {
    pub(super) before: WatchId,
    pub(super) change: Result<u16, DeclineReason>,
    /// What stands before it then: the end of that element.
    pub(super) left: Left,
}

/// A watched element whose range has ended, and that waits for the next token.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    watch: Watch,
    end: u64,
}

/// The tree's answer for one watch.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Closed {
    pub(crate) watch: WatchId,
    /// Offset of the first byte after the element, in bytes; where the decline was found, if it is one.
    pub(crate) end: u64,
    pub(crate) result: Result<(), DeclineReason>,
}

/// What the token after a range is, as far as needs go.
#[derive(Clone, Copy, Debug)]
pub(super) enum Next {
    /// A start tag.
    Start(Tag),
    /// An end tag; whether an element of that name is open, in scope.
    End(Tag, bool),
    /// Text: its first byte.
    Text(u8),
    Comment,
    Doctype,
    Eof,
}

/// What an element that starts with the current token takes over from one whose range that token ended well, if that one is
/// cut: needs that the token met. Then the token after the second element must meet them.
#[derive(Clone, Copy, Debug)]
struct Legacy {
    from: WatchId,
    needs: u16,
    left: Left,
    /// Who takes it over, once it has begun, and what that one needs and has before it by itself.
    heir: Option<WatchId>,
    own: (u16, Left),
    /// It was taken over.
    applied: bool,
}

impl Legacy {
    /// What `watch` leaves, if anything.
    fn of(watch: &Watch) -> Option<Self> {
        let Watch { id, needs, left, .. } = *watch;
        let empty = needs == 0 && left == Left::Clean;
        (!empty).then_some(Self { from: id, needs, left, heir: None, own: (0, Left::Clean), applied: false })
    }
}

/// How many elements may be watched at once: more than anyone asks for.
const MOST_OPEN: usize = 64;

/// All watches of one page.
#[derive(Clone, Debug, Default)]
pub(super) struct Watches {
    open: Vec<Watch>,
    waiting: Vec<Waiting>,
    closed: Vec<Closed>,
    legacies: Vec<Legacy>,
    /// How many watches may have an `unless_cut`.
    unsettled: u32,
}

impl Watches {
    /// Whether nothing is watched: the common case, in which the tree need not look.
    #[inline]
    pub(super) fn is_idle(&self) -> bool {
        self.open.is_empty() && self.waiting.is_empty()
    }

    /// The next tag begins: all that the last one ended is settled.
    pub(super) fn begin_token(&mut self) {
        self.legacies.clear();
    }

    /// The watch `heir` begins with the current token.
    pub(super) fn inherit(&mut self, heir: WatchId) {
        let Some(own) = self.open.last().map(|w| (w.needs, w.left)) else { return };
        for legacy in &mut self.legacies {
            (legacy.heir, legacy.own) = (Some(heir), own);
        }
    }

    /// The element of this watch is cut: its heir takes over what it needed.
    pub(super) fn note_gone(&mut self, gone: WatchId) {
        // What was begun as if it went needs no other case any more.
        for watch in self.open.iter_mut().chain(self.waiting.iter_mut().map(|w| &mut w.watch)) {
            if watch.unless_cut.is_some_and(|u| u.before == gone) {
                watch.unless_cut = None;
            }
        }
        for legacy in self.legacies.iter_mut().filter(|l| l.from == gone) {
            legacy.applied = true;
        }
        let Some(&Legacy { heir, own, .. }) = self.legacies.iter().find(|l| l.applied) else { return };
        let open = self.open.iter_mut().rev().find(|w| Some(w.id) == heir);
        let waiting = self.waiting.iter_mut().rev().map(|w| &mut w.watch);
        let Some(heir) = open.or_else(|| waiting.into_iter().find(|w| Some(w.id) == heir)) else { return };
        // Those inside the one that goes no longer count: they began after it.
        let inside = self.legacies.iter_mut().filter(|l| l.from > gone && l.applied);
        for inner in inside {
            inner.applied = false;
            heir.needs &= !inner.needs;
            if heir.left == inner.left {
                heir.left = own.1;
            }
        }
        heir.needs |= own.0;
        for legacy in self.legacies.iter().filter(|l| l.applied) {
            heir.needs |= legacy.needs;
            if legacy.left != Left::Clean {
                heir.left = legacy.left;
                // Also if the element stays that both the one that goes and the heir's start tag ended.
                if let Some(unless_cut) = heir.unless_cut.as_mut().filter(|u| u.before < legacy.from) {
                    unless_cut.left = legacy.left;
                }
            }
        }
        heir.needs &= !need::NO_JOIN;
        if heir.left != Left::Clean {
            heir.needs |= need::NO_JOIN;
        }
    }

    /// Whether the same watches are open under the same conditions, and none waits.
    pub(super) fn agrees(&self, other: &Self) -> bool {
        let same = |(a, b): (&Watch, &Watch)| {
            (a.id, a.depth, a.formatting, a.mode, a.needs, a.left)
                == (b.id, b.depth, b.formatting, b.mode, b.needs, b.left)
                && a.form.is_some() == b.form.is_some()
                && a.unless_cut.is_none()
                && b.unless_cut.is_none()
        };
        self.waiting.is_empty()
            && other.waiting.is_empty()
            && self.open.len() == other.open.len()
            && self.open.iter().zip(&other.open).all(same)
    }

    pub(super) fn drain(&mut self) -> std::vec::Drain<'_, Closed> {
        self.closed.drain(..)
    }

    pub(super) fn has_answers(&self) -> bool {
        !self.closed.is_empty()
    }

    /// Starts a watch; false where too many are open.
    pub(super) fn open(&mut self, watch: Watch, at: u64) -> bool {
        if self.open.len() >= MOST_OPEN {
            self.decline(watch.id, at, DeclineReason::TooDeep);
            return false;
        }
        self.unsettled += u32::from(watch.unless_cut.is_some());
        self.open.push(watch);
        true
    }

    /// The element of this watch stays: what was left open for the one whose start ended it is settled.
    pub(super) fn note_kept(&mut self, kept: WatchId, at: u64) {
        if self.unsettled == 0 {
            return;
        }
        if self.is_idle() {
            self.unsettled = 0;
        }
        let relies = |w: &Watch| w.unless_cut.is_some_and(|u| u.before == kept);
        if let Some(index) = self.open.iter().rposition(relies) {
            if let Err(reason) = self.open[index].settle() {
                let watch = self.open.remove(index);
                self.decline(watch.id, at, reason);
            }
        } else if let Some(index) = self.waiting.iter().rposition(|w| relies(&w.watch))
            && let Err(reason) = self.waiting[index].watch.settle()
        {
            let Waiting { watch, end } = self.waiting.remove(index);
            self.decline(watch.id, end, reason);
        }
    }

    pub(super) fn decline(&mut self, watch: WatchId, at: u64, reason: DeclineReason) {
        self.closed.push(Closed { watch, end: at, result: Err(reason) });
    }

    /// Nobody wants to know of `id` any more.
    pub(super) fn forget(&mut self, id: WatchId) {
        // The outermost is forgotten first.
        if let Some(index) = self.open.iter().position(|w| w.id == id) {
            self.open.remove(index);
        } else {
            self.waiting.retain(|w| w.watch.id != id);
        }
    }

    /// Takes the open watch `id`; `None` when it was disturbed before.
    pub(super) fn take(&mut self, id: WatchId) -> Option<Watch> {
        let index = self.open.iter().rposition(|w| w.id == id)?;
        Some(self.open.remove(index))
    }

    /// The range of `watch` ends at `end`: done, or waiting for the next token.
    pub(super) fn finish(&mut self, watch: Watch, end: u64) {
        let inherits = self.legacies.iter().any(|l| l.heir == Some(watch.id));
        if watch.needs == 0 && watch.unless_cut.is_none() && !inherits {
            self.closed.push(Closed { watch: watch.id, end, result: Ok(()) });
        } else {
            self.waiting.push(Waiting { watch, end });
        }
    }

    /// The range of `watch` ends before the token `next`, which implies its end. Whether it may be cut.
    pub(super) fn finish_before(&mut self, mut watch: Watch, end: u64, next: Next) -> bool {
        let result = answer(&mut watch.needs, watch.left, next).unwrap_or(Err(DeclineReason::ChangedStart));
        self.closed.push(Closed { watch: watch.id, end, result });
        if result.is_ok() {
            self.legacies.extend(Legacy::of(&watch));
        }
        result.is_ok()
    }

    /// Declines every open watch that `relies` on what was just touched.
    #[inline]
    pub(super) fn disturb(&mut self, at: u64, reason: DeclineReason, relies: impl Fn(&Watch) -> bool) {
        if self.open.is_empty() {
            return;
        }
        let closed = &mut self.closed;
        self.open.retain(|w| {
            let hit = relies(w);
            if hit {
                closed.push(Closed { watch: w.id, end: at, result: Err(reason) });
            }
            !hit
        });
    }

    /// Declines everything: the tree can't go on.
    pub(super) fn disturb_all(&mut self, at: u64, reason: DeclineReason) {
        self.disturb(at, reason, |_| true);
        for w in self.waiting.drain(..) {
            self.closed.push(Closed { watch: w.watch.id, end: w.end, result: Err(reason) });
        }
    }

    /// End of input: everything that is open ends here, and nothing can come between any more. Formatting and form no
    /// longer matter: nothing follows that they could change.
    pub(super) fn end_of_input(&mut self, at: u64) {
        self.resolve(Next::Eof);
        while let Some(watch) = self.open.pop() {
            self.finish_before(watch, at, Next::Eof);
        }
    }

    /// Answers the watches that wait for `next`. What stays unanswered (white space says nothing) goes on waiting.
    pub(super) fn resolve(&mut self, next: Next) {
        if self.waiting.is_empty() {
            return;
        }
        let (closed, legacies) = (&mut self.closed, &mut self.legacies);
        self.waiting.retain_mut(|w| {
            let Waiting { watch, end } = w;
            let Some(result) = answer(&mut watch.needs, watch.left, next) else { return true };
            if result.is_ok() {
                legacies.extend(Legacy::of(watch));
            }
            closed.push(Closed { watch: watch.id, end: *end, result });
            false
        });
    }
}

/// Whether `next` meets the needs; `None` when it leaves them open.
fn answer(needs: &mut u16, left: Left, next: Next) -> Option<Result<(), DeclineReason>> {
    if let Next::Text(first) = next {
        if *needs & need::NO_JOIN != 0 {
            if joins(left, first) {
                return Some(Err(DeclineReason::JoinedText));
            }
            *needs &= !need::NO_JOIN;
        }
        let white = matches!(first, b' ' | b'\t' | b'\n' | b'\r' | 0x0C);
        if *needs & need::NO_TABLE_TEXT != 0 && !white {
            return Some(Err(DeclineReason::MovedNodes));
        }
        if white && *needs & (need::NO_TABLE_TEXT | need::REENTER_BODY) == *needs && *needs != 0 {
            return None;
        }
    }
    // Whether half a character is followed by nothing or by a tag, it is read in different ways.
    if matches!(next, Next::Eof) && left == Left::Replaced {
        return Some(Err(DeclineReason::JoinedText));
    }
    let structural = *needs & !(need::NO_JOIN | need::NO_TABLE_TEXT);
    let met = (0..16).map(|i| 1 << i).filter(|bit| structural & bit != 0).all(|bit| meets(bit, next));
    Some(if met { Ok(()) } else { Err(DeclineReason::ChangedStart) })
}

fn joins(left: Left, first: u8) -> bool {
    match left {
        Left::Clean => false,
        Left::Start => first >= 0x80,
        Left::LessThan => first.is_ascii_alphabetic() || matches!(first, b'/' | b'!' | b'?'),
        Left::Ampersand => first.is_ascii_alphanumeric() || matches!(first, b'#' | b';' | b'='),
        Left::CarriageReturn => first == b'\n',
        Left::CutOff => first >= 0x80,
        Left::Replaced => !first.is_ascii_whitespace(),
        Left::PreTag => matches!(first, b'\n' | b'\r'),
    }
}

/// Whether `next` by itself brings about what the element's start tag had brought about.
fn meets(bit: u16, next: Next) -> bool {
    use Tag::{
        Body, Caption, Col, Colgroup, Dd, Dl, Dt, Html, Li, Menu, Ol, Table, Tbody, Td, Tfoot, Th, Thead, Tr, Ul,
    };
    let section_start = |t| matches!(t, Caption | Col | Colgroup | Tbody | Tfoot | Thead);
    match (bit, next) {
        (need::OPEN_SECTION | need::OPEN_ROW, Next::Eof) => false,
        (_, Next::Eof) => true,
        (need::CLOSE_P, Next::Start(t)) => t.is(is::CLOSES_P) && t != Tag::Form,
        (need::CLOSE_P, Next::End(t, open)) => open && t.is(is::BLOCK_END),
        (need::CLOSE_LI, Next::Start(t)) => t == Li,
        (need::CLOSE_LI, Next::End(t, open)) => open && matches!(t, Ul | Ol | Menu),
        (need::CLOSE_DD, Next::Start(t)) => matches!(t, Dd | Dt),
        (need::CLOSE_DD, Next::End(t, open)) => open && t == Dl,
        (need::CLOSE_OPTION, Next::Start(t)) => matches!(t, Tag::Option | Tag::Optgroup),
        (need::CLOSE_OPTION, Next::End(t, open)) => open && matches!(t, Tag::Select | Tag::Optgroup),
        (need::CLOSE_CELL, Next::Start(t)) => matches!(t, Td | Th | Tr) || section_start(t),
        (need::CLOSE_CELL, Next::End(t, open)) => open && matches!(t, Tr | Tbody | Thead | Tfoot | Table),
        (need::CLOSE_ROW, Next::Start(t)) => t == Tr || section_start(t),
        (need::CLOSE_ROW, Next::End(t, open)) => open && matches!(t, Tbody | Thead | Tfoot | Table),
        (need::CLOSE_SECTION, Next::Start(t)) => section_start(t),
        (need::CLOSE_SECTION, Next::End(t, open)) => open && t == Table,
        (need::OPEN_SECTION, Next::Start(t)) => matches!(t, Tr | Td | Th),
        (need::OPEN_ROW, Next::Start(t)) => matches!(t, Td | Th),
        (need::OPEN_BODY, Next::Start(t)) => {
            !t.is(is::HEAD_CONTENT)
                && !matches!(t, Html | Tag::Head | Body | Tag::Frameset | Tag::Frame | Tag::Noscript)
                && !t.is(is::TABLE_PART)
        }
        // A reference may stand for white space: `&#10;`.
        (need::OPEN_BODY | need::REENTER_BODY, Next::Text(first)) => {
            !first.is_ascii_whitespace() && !matches!(first, 0 | b'&')
        }
        (need::REENTER_BODY, Next::Start(t)) => !matches!(t, Html | Tag::Frameset | Tag::Noframes),
        (need::REENTER_BODY, Next::End(t, _)) => matches!(t, Body | Html),
        _ => false,
    }
}
