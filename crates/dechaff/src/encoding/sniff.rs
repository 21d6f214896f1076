//! Finds out which encoding a page is in (HTML standard, 13.2.3.2), from as few bytes as will do.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memchr;

use super::EncodingEvidence;
use super::magic::{self, Begins, Format};
use super::prescan::{self, Declaration};

/// How many bytes are searched for a declaration: as many as browsers wait for.
const HEAD: usize = 1024;
/// How many bytes are guessed from, at most, from the first one on that is not ASCII. Other pages are not held up at all.
const SAMPLE: usize = 16 * 1024;
/// How much of the ASCII before that is kept, to be searched for a late declaration, and to be guessed from.
const BEFORE: usize = 64 * 1024;
/// Begins what switches character sets in ISO-2022-JP.
const ESCAPE: u8 = 0x1B;

/// What is known from outside the page.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hints {
    pub(crate) label: Option<&'static Encoding>,
    pub(crate) content_type: Option<&'static Encoding>,
}

/// What the bytes so far come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Sniffed {
    /// Nothing yet.
    More,
    /// Nothing yet, but this many bytes are ASCII (at least one), whatever comes after them.
    Ascii(usize),
    /// It is known.
    Found(&'static Encoding, EncodingEvidence),
    /// It is no page, but this.
    Other(Format),
}

/// Looks for the encoding of one page.
///
/// ASCII reads the same in whatever encoding the page turns out to be in, so it is not held up; only UTF-16 must be known from
/// the start.
#[derive(Debug)]
pub(crate) struct Sniffer {
    hints: Hints,
    /// What has not been passed on.
    held: Vec<u8>,
    /// The beginning of the page, all ASCII, which has been passed on.
    before: Vec<u8>,
    /// The head says nothing.
    undeclared: bool,
    /// What the first `meta` in it says that says something, and the offset at which that ends.
    declared: Option<(&'static Encoding, usize)>,
    /// An escape is nothing special.
    escaped: bool,
}

impl Sniffer {
    pub(crate) fn new(hints: Hints) -> Self {
        Self { hints, held: Vec::new(), before: Vec::new(), undeclared: false, declared: None, escaped: false }
    }

    /// More of the page.
    pub(crate) fn push(&mut self, piece: &[u8]) {
        self.held.extend_from_slice(piece);
    }

    /// What has not been passed on.
    pub(crate) fn into_held(self) -> Vec<u8> {
        self.held
    }

    /// Passes on the first `count` bytes.
    pub(crate) fn pass(&mut self, count: usize) -> Vec<u8> {
        let rest = self.held.split_off(count);
        let passed = std::mem::replace(&mut self.held, rest);
        let room = BEFORE - self.before.len();
        self.before.extend_from_slice(&passed[..passed.len().min(room)]);
        passed
    }

    /// What the bytes so far come to; `last`: there are no more.
    pub(crate) fn look(&mut self, last: bool) -> Sniffed {
        if self.before.is_empty() {
            // Enough for a byte order mark, which is passed on in one piece even if it is not asked.
            if self.held.len() < 3 && !last {
                return Sniffed::More;
            }
            match magic::format(&self.held) {
                Begins::With(format) => return Sniffed::Other(format),
                Begins::Perhaps if !last => return Sniffed::More,
                Begins::Perhaps | Begins::Otherwise => {}
            }
            if let Some((encoding, evidence)) = self.told() {
                return Sniffed::Found(encoding, evidence);
            }
        }
        let ascii = Encoding::ascii_valid_up_to(&self.held);
        let plain = memchr(ESCAPE, &self.held[..ascii]).filter(|_| !self.escaped).unwrap_or(ascii);
        if !self.undeclared {
            let enough = last || self.before.len() + self.held.len() >= HEAD;
            if self.before.is_empty() && is_wide(&self.held) {
                if !enough {
                    return Sniffed::More;
                }
                if let Some((encoding, evidence)) = self.declared_wide() {
                    return Sniffed::Found(encoding, evidence);
                }
            } else {
                // Before a `>` comes there is nothing new to find.
                let worth_it = enough || memchr(b'>', &self.held).is_some();
                let head = if worth_it { self.head() } else { Vec::new() };
                self.declared = self.declared.or_else(|| prescan::meta(&head));
                if let Some((encoding, end)) = self.declared {
                    let before = end.saturating_sub(self.before.len()).min(plain);
                    // If nobody can read the page, what stands before that may have been passed on, and cut: so it is wherever
                    // chunks end.
                    if encoding == REPLACEMENT && before > 0 {
                        return Sniffed::Ascii(before);
                    }
                    return Sniffed::Found(encoding, EncodingEvidence::Meta);
                }
                match prescan::xml_declaration(&head) {
                    Some(encoding) if enough => return Sniffed::Found(encoding, EncodingEvidence::XmlDeclaration),
                    // Nobody can read the page, unless a `meta` comes.
                    Some(encoding) if encoding == REPLACEMENT => return Sniffed::More,
                    _ => {}
                }
            }
            self.undeclared = enough;
        }
        match (plain, self.held.is_empty()) {
            (0, true) if last => return Sniffed::Found(UTF_8, EncodingEvidence::Default),
            (0, false) if last || (self.undeclared && self.held.len() >= SAMPLE) => {}
            (0, _) => return Sniffed::More,
            _ => return Sniffed::Ascii(plain),
        }
        // Browsers that come upon a declaration only here begin again with it (13.2.6, "change the encoding").
        let sample = &self.held[..self.held.len().min(SAMPLE)];
        let page = [&self.before[..], sample].concat();
        if let Some((encoding, declaration)) = prescan::prescan(&page) {
            return Sniffed::Found(encoding, evidence(declaration));
        }
        // Whatever else it could be, it is not by chance that it is well-formed. The detector says the same, after more work.
        if ascii < sample.len() && is_utf_8(sample, sample.len() == SAMPLE) {
            return Sniffed::Found(UTF_8, EncodingEvidence::Guess);
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
        // Not whether more has come: the answer does not depend on the chunks.
        detector.feed(&page, sample.len() < SAMPLE);
        let guess = detector.guess(None, Utf8Detection::Allow);
        if ascii >= sample.len() && guess != ISO_2022_JP {
            self.escaped = true;
            return Sniffed::Ascii(ascii);
        }
        Sniffed::Found(guess, EncodingEvidence::Guess)
    }

    /// What is known before the page is read; its first three bytes are at hand.
    fn told(&self) -> Option<(&'static Encoding, EncodingEvidence)> {
        let label = self.hints.label.map(|encoding| (encoding, EncodingEvidence::Label));
        let mark = || Encoding::for_bom(&self.held).map(|(encoding, _)| (encoding, EncodingEvidence::ByteOrderMark));
        let header = || self.hints.content_type.map(|encoding| (encoding, EncodingEvidence::ContentType));
        label.or_else(mark).or_else(header)
    }

    /// The first bytes of the page, as far as they are there.
    fn head(&self) -> Vec<u8> {
        let before = &self.before[..self.before.len().min(HEAD)];
        let held = &self.held[..self.held.len().min(HEAD - before.len())];
        [before, held].concat()
    }

    /// What the head says of a page that begins like one in UTF-16.
    fn declared_wide(&self) -> Option<(&'static Encoding, EncodingEvidence)> {
        let head = self.head();
        match prescan::prescan(&head) {
            Some((encoding, declaration)) => Some((encoding, evidence(declaration))),
            None => guess_utf_16(&head).map(|encoding| (encoding, EncodingEvidence::Guess)),
        }
    }
}

/// `cut`: the last character may be half there.
fn is_utf_8(sample: &[u8], cut: bool) -> bool {
    std::str::from_utf8(sample).map_or_else(|e| cut && e.error_len().is_none(), |_| true)
}

fn evidence(declaration: Declaration) -> EncodingEvidence {
    match declaration {
        Declaration::Meta => EncodingEvidence::Meta,
        Declaration::XmlDeclaration => EncodingEvidence::XmlDeclaration,
    }
}

/// Whether the page begins like one in UTF-16.
fn is_wide(page: &[u8]) -> bool {
    page.iter().take(3).any(|byte| *byte == 0)
}

/// UTF-16 without a byte order mark: markup is ASCII, so many units have a zero byte, always on the same side.
fn guess_utf_16(head: &[u8]) -> Option<&'static Encoding> {
    let units = head.len() / 2;
    let zeros = |side: usize| head.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let many = |n: usize| n > 1 && n * 4 >= units;
    let few = |n: usize| n * 20 <= units;
    match () {
        () if many(odd) && few(even) => Some(UTF_16LE),
        () if many(even) && few(odd) => Some(UTF_16BE),
        () => None,
    }
}
