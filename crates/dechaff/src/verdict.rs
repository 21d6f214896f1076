//! What an element holds, what the page is, and whether a rule may cut.
//!
//! Bounds are counted on what stays: the words of an element that is cut inside another don't count for the outer one. So a
//! second run, which no longer sees them, comes to the same answer. Evidence (an e-mail field, a share link, a word) counts
//! even when it stands in an inner cut: it can only be missing in the second run, never new.

use crate::Category;
use crate::report::DeclineReason;
use crate::rules::{Holds, Rule, Stems, guards};
use crate::tree::tag::{Tag, is};

/// What stands in an element.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Facts {
    /// Words of text that stay; not counted while no element is open that a rule picked.
    pub(crate) words: u32,
    /// Bytes of text that stay, white space left out.
    pub(crate) bulk: u32,
    /// Links that stay, other than share buttons and those that act as a button.
    pub(crate) links: u32,
    /// Those of them that go to a social network.
    pub(crate) profile_links: u32,
    /// An `h1`, `main` or `role=main` that stays, or what a rule file names as content.
    pub(crate) main_content: bool,
    /// What the user wants to keep.
    pub(crate) protected: bool,
    /// An `article` that stays.
    pub(crate) article: bool,
    /// A `pre`, `code` or `blockquote` that stays: text about something, not the thing itself.
    pub(crate) quotation: bool,
    pub(crate) held: Held,
    /// The same, without what is cut already.
    pub(crate) kept: Held,
    /// A link that names a topic, or leads to a section of the page, that stays.
    pub(crate) topic_link: bool,
    pub(crate) section_link: bool,
    /// Fields to fill in that stay.
    pub(crate) inputs: u32,
    /// Pictures that stay.
    pub(crate) images: u32,
    /// A video or a frame that stays: more than a blurb has.
    pub(crate) media: bool,
    /// A table that stays.
    pub(crate) table: bool,
    /// Something besides text and boxes that stays: an element that holds none is empty without its text.
    pub(crate) things: bool,
}

/// Things that speak for a rule.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Held {
    pub(crate) email_input: bool,
    pub(crate) password_input: bool,
    pub(crate) textarea: bool,
    pub(crate) share_link: bool,
    /// A button, or a link that acts as one.
    pub(crate) control: bool,
}

impl Held {
    /// Whether there is something to fill in or to press.
    pub(crate) fn is_form(&self) -> bool {
        self.email_input || self.textarea || self.share_link || self.control
    }

    fn add(&mut self, inner: &Self) {
        self.email_input |= inner.email_input;
        self.password_input |= inner.password_input;
        self.textarea |= inner.textarea;
        self.share_link |= inner.share_link;
        self.control |= inner.control;
    }
}

impl Facts {
    /// Adds what an inner element holds that was kept.
    pub(crate) fn add_kept(&mut self, inner: &Self) {
        self.words = self.words.saturating_add(inner.words);
        self.bulk = self.bulk.saturating_add(inner.bulk);
        self.links = self.links.saturating_add(inner.links);
        self.profile_links = self.profile_links.saturating_add(inner.profile_links);
        self.main_content |= inner.main_content;
        self.protected |= inner.protected;
        self.article |= inner.article;
        self.quotation |= inner.quotation;
        self.topic_link |= inner.topic_link;
        self.section_link |= inner.section_link;
        self.inputs = self.inputs.saturating_add(inner.inputs);
        self.images = self.images.saturating_add(inner.images);
        self.media |= inner.media;
        self.table |= inner.table;
        self.things |= inner.things;
        self.kept.add(&inner.kept);
        self.add_cut(inner);
    }

    /// Adds what an inner element held that was cut: evidence only.
    pub(crate) fn add_cut(&mut self, inner: &Self) {
        self.held.add(&inner.held);
    }
}

/// What surrounds an element that is judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Around<'a> {
    /// Its text.
    pub(crate) text: &'a [u8],
    /// What the page is about, as its title and `h1` say so far.
    pub(crate) topics: Topics,
    /// Words of prose before it.
    pub(crate) prose: u32,
    /// Whether the page is a forum.
    pub(crate) forum: bool,
}

/// Whether `rule` may cut an element that holds `facts`.
pub(crate) fn judge(rule: &Rule, facts: &Facts, around: &Around<'_>) -> Result<(), DeclineReason> {
    if facts.protected {
        return Err(DeclineReason::Protected);
    }
    // Who names an element by a selector knows what is in it.
    if rule.further.is_some() {
        return Ok(());
    }
    if facts.quotation && !rule.certain && !rule.article_inside {
        return Err(DeclineReason::Quotation);
    }
    if facts.main_content || (facts.article && !rule.article_inside) {
        return Err(DeclineReason::HoldsContent);
    }
    if facts.words > rule.max_words {
        return Err(DeclineReason::TooManyWords);
    }
    if facts.links > rule.max_links {
        return Err(DeclineReason::TooManyLinks);
    }
    let on_topic = around.topics.has(rule.category);
    if !rule
        .holds_any
        .iter()
        .map(|holds| &**holds)
        .chain(&rule.holds_all)
        .all(|holds| is_met(holds, facts, around.text, on_topic))
    {
        return Err(DeclineReason::NoEvidence);
    }
    if rule.category != Category::CommentThread {
        Ok(())
    } else if around.forum {
        Err(DeclineReason::Forum)
    } else if around.prose < guards().prose_words {
        Err(DeclineReason::LittleProse)
    } else {
        Ok(())
    }
}

/// Whether there is anything of what `holds` asks for.
fn is_met(holds: &Holds, facts: &Facts, text: &[u8], on_topic: bool) -> bool {
    (holds.email_input && facts.held.email_input)
        || (holds.password_input && facts.held.password_input)
        || (holds.textarea && facts.held.textarea)
        || (holds.share_link && facts.held.share_link)
        || (holds.control && facts.held.control)
        || (holds.no_text && facts.words == 0)
        || (holds.no_profile_link && facts.profile_links == 0)
        || (holds.off_topic && !on_topic)
        || holds.text.as_ref().is_some_and(|t| t.is_match(text))
}

/// Whether an element may not be cut whatever its classes say: page state is written on these.
pub(crate) fn is_root(tag: Tag, role_main: bool) -> bool {
    role_main || matches!(tag, Tag::Html | Tag::Head | Tag::Body | Tag::Main | Tag::Article)
}

/// The categories a page is about: an article on cookie notices has their words everywhere.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Topics(u8);

impl Topics {
    /// Adds what `heading`, the text of a `title` or `h1`, is about.
    pub(crate) fn note(&mut self, heading: &[u8], stems: &[Option<Stems>; 7]) {
        for (i, stems) in stems.iter().enumerate() {
            self.0 |= u8::from(stems.as_ref().is_some_and(|s| s.is_match(heading))) << i;
        }
    }

    pub(crate) fn has(self, category: Category) -> bool {
        self.0 & 1 << category.index() != 0
    }
}

/// What is known of the page so far: whether comments may be its content. Followed only when comment threads are cut.
#[derive(Debug)]
pub(crate) struct Page {
    forum: bool,
    /// Words of prose so far.
    prose: u32,
    /// Words of the block that is being read, and those of them in links.
    block: u32,
    linked: u32,
    in_link: bool,
    /// The end of the text before, where a marker may have begun.
    tail: Vec<u8>,
}

/// What marks a forum; compiled once for all pages.
#[derive(Debug)]
pub(crate) struct ForumMarks {
    markers: Stems,
    generators: Stems,
}

impl ForumMarks {
    pub(crate) fn new() -> Self {
        Self { markers: Stems::new(guards().forum_markers), generators: Stems::new(guards().forum_generators) }
    }
}

/// Blocks of fewer words are no prose: menus, captions, headlines.
const PROSE_BLOCK: u32 = 20;

impl Page {
    pub(crate) fn new() -> Self {
        Self { forum: false, prose: 0, block: 0, linked: 0, in_link: false, tail: Vec::new() }
    }

    /// Whether something on the page so far says that posts are its content.
    pub(crate) fn is_forum(&self) -> bool {
        self.forum
    }

    /// Words of prose so far, in blocks that have ended.
    pub(crate) fn prose(&self) -> u32 {
        self.prose
    }

    /// What came after so many words of prose was no prose: posts of a page that is made of them.
    pub(crate) fn forget_prose(&mut self, prose: u32) {
        self.prose = self.prose.min(prose);
    }

    /// A start or end tag: blocks end at all but phrasing elements.
    pub(crate) fn note_tag(&mut self, tag: Tag, start: bool) {
        if tag == Tag::A {
            self.in_link = start;
        }
        if tag.is(is::SPECIAL) && tag != Tag::Br {
            if self.block >= PROSE_BLOCK && self.linked * 2 <= self.block {
                self.prose = self.prose.saturating_add(self.block);
            }
            self.block = 0;
            self.linked = 0;
        }
    }

    pub(crate) fn note_words(&mut self, words: u32) {
        self.block = self.block.saturating_add(words);
        if self.in_link {
            self.linked = self.linked.saturating_add(words);
        }
    }

    /// `itemtype`, or the content of a `meta` generator.
    pub(crate) fn note_attribute(
        &mut self,
        marks: &ForumMarks,
        tag: Tag,
        (name, value): (&[u8], &[u8]),
        generator: bool,
    ) {
        if name.eq_ignore_ascii_case(b"itemtype") {
            self.forum |= marks.markers.is_match(value);
        } else if tag == Tag::Meta && generator && name.eq_ignore_ascii_case(b"content") {
            self.forum |= marks.generators.is_match(value);
        }
    }

    /// A piece of a script: structured data stands in some.
    pub(crate) fn note_script(&mut self, marks: &ForumMarks, piece: &[u8]) {
        const LONGEST: usize = 32;
        if self.forum {
            return;
        }
        // A marker may lie across two pieces.
        self.tail.extend_from_slice(&piece[..piece.len().min(LONGEST)]);
        self.forum = marks.markers.is_match(&self.tail) || marks.markers.is_match(piece);
        if piece.len() >= LONGEST {
            self.tail.clear();
        }
        let keep = piece.len().saturating_sub(LONGEST);
        if piece.len() >= LONGEST {
            self.tail.extend_from_slice(&piece[keep..]);
        } else {
            let extra = self.tail.len().saturating_sub(LONGEST);
            self.tail.drain(..extra);
        }
    }
}

/// Counts words in a piece of text: runs of letters and digits; each Chinese character or kana by itself. `inside`: whether
/// the piece before ended within a run, and after the call, whether this one did.
pub(crate) fn count_words(text: &[u8], inside: &mut bool) -> u32 {
    let mut words = 0;
    for &c in text {
        // In UTF-8, E3 to E9 lead the characters that are written without spaces.
        if (0xE3..=0xE9).contains(&c) {
            words += 1;
            *inside = true;
        } else {
            let run = c.is_ascii_alphanumeric() || c >= 0x80;
            words += u32::from(run && !*inside);
            *inside = run;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_across_pieces() {
        for (text, want) in [("", 0), ("one two", 2), (" it's 3 ", 3), ("クッキー", 4), ("Füße 简体", 3)] {
            let bytes = text.as_bytes();
            for cut in 0..=bytes.len() {
                let mut inside = false;
                let words = count_words(&bytes[..cut], &mut inside) + count_words(&bytes[cut..], &mut inside);
                assert_eq!(words, want, "{text} cut at {cut}");
            }
        }
    }

    #[test]
    fn a_marker_is_found_across_pieces() {
        let json = br#"{"@context":"https://schema.org","@type":"DiscussionForumPosting","headline":"x"}"#;
        let marks = ForumMarks::new();
        for step in [1, 2, 7, 23, 64, 200] {
            let mut page = Page::new();
            json.chunks(step).for_each(|piece| page.note_script(&marks, piece));
            assert!(page.forum, "pieces of {step}");
        }
    }
}
