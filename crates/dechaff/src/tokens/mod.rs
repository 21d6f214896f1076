//! The tokens of a page (HTML standard, 13.2.5), with their byte ranges.
//!
//! Nothing is decoded and nothing is copied: a token says where it lies in the input. The bytes may come in pieces that end
//! anywhere, so the scanner can stop at any byte and go on there. What the tree knows and the tokenizer needs is told to it:
//! whether CDATA sections are read as such, and where an element begins whose content is text.
//!
//! Weighed and left: `lol_html` as the tokenizer, which this was built on at first. For each start tag it makes a list of
//! attributes and calls a closure: three times the instructions of this. It guesses at namespaces and goes astray after
//! `<svg/>`, so that its belief had to be followed. And it keeps all that it takes for open, until its memory is full.

mod content;
mod tag;

use std::ops::Range;

use memchr::memchr;

use crate::tree::tag::{Name, Tag};
use content::{Content, End};
pub(crate) use tag::AttributeSpan;
use tag::TagReader;

/// A token. Offsets are bytes of input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    /// Text, or a piece of it.
    Text(Range<u64>),
    /// Text in an element whose content is text, or a piece of it.
    Content(Range<u64>),
    EndTag {
        name: Name,
        at: Range<u64>,
    },
    StartTag(StartTag),
    Comment,
    /// A CDATA section.
    Cdata,
    /// From after `<!` to before `>`.
    Doctype(Range<u64>),
}

/// A start tag. Its attributes are [those](Scanner::attributes) of the scanner until the next one comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct StartTag {
    pub(crate) name: Name,
    pub(crate) start: u64,
    pub(crate) end: u64,
    /// Offset after its name.
    pub(crate) name_end: u64,
    pub(crate) self_closing: bool,
    /// It has more attributes than were noted.
    pub(crate) more_attributes: bool,
}

/// What the scanner is in the middle of. `start` is the offset of its `<`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Text,
    Tag(TagReader),
    Content(Content),
    Comment {
        start: u64,
    },
    /// Up to the next `>`; whether it is a doctype.
    Declaration {
        start: u64,
        doctype: bool,
    },
    Cdata {
        start: u64,
    },
    /// A tag that the end of input cut off: no token.
    Unfinished,
}

/// The bytes of input that are at hand.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) bytes: &'a [u8],
    /// Offset of the first one.
    pub(crate) base: u64,
}

impl<'a> View<'a> {
    pub(crate) fn byte(&self, offset: u64) -> u8 {
        self.bytes[(offset - self.base) as usize]
    }

    pub(crate) fn slice(&self, range: &Range<u64>) -> &'a [u8] {
        &self.bytes[(range.start - self.base) as usize..(range.end - self.base) as usize]
    }
}

/// Doctypes longer than this many bytes are cut short: nothing on real pages comes near it.
const LONGEST_DOCTYPE: u64 = 4096;

/// The scanner of one page.
#[derive(Debug)]
pub(crate) struct Scanner {
    position: u64,
    state: State,
    attributes: Vec<AttributeSpan>,
    /// More are not noted.
    most_attributes: usize,
    more_attributes: bool,
}

impl Scanner {
    /// Begins at `position`; notes `most_attributes` of each start tag.
    pub(crate) fn new(position: u64, most_attributes: usize) -> Self {
        Self { position, state: State::Text, attributes: Vec::new(), most_attributes, more_attributes: false }
    }

    /// Everything before this offset has been read.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Bytes before this offset are not looked at again. In a comment, the three before the position are: its end may have
    /// begun.
    pub(crate) fn done_before(&self) -> u64 {
        match self.state {
            State::Comment { start } | State::Cdata { start } => self.position.saturating_sub(3).max(start),
            State::Tag(TagReader { start, .. }) => start,
            State::Declaration { start, doctype: true } => start.max(self.position.saturating_sub(LONGEST_DOCTYPE)),
            // The dashes before a `>` may have come.
            State::Content(_) => self.position.saturating_sub(2),
            _ => self.position,
        }
    }

    /// Goes on at `offset`, in text.
    pub(crate) fn skip_to(&mut self, offset: u64) {
        self.position = offset;
        self.state = State::Text;
    }

    /// Where the tag begins that is half read.
    pub(crate) fn open_tag(&self) -> Option<u64> {
        if let State::Tag(TagReader { start, .. }) = self.state { Some(start) } else { None }
    }

    /// Whether no token is half read.
    pub(crate) fn is_between_tokens(&self) -> bool {
        self.state == State::Text
    }

    /// The content of `element`, whose start tag was the last token, is text.
    pub(crate) fn enter(&mut self, element: Tag) {
        self.state = State::Content(Content::of(element));
    }

    /// The attributes of the start tag that came last.
    pub(crate) fn attributes(&self) -> &[AttributeSpan] {
        &self.attributes
    }

    /// The next token before `limit`, or `None` when what is left needs more bytes. `last`: the input ends at `limit`.
    /// `cdata`: whether CDATA sections are read as such here.
    pub(crate) fn next(&mut self, view: View<'_>, limit: u64, last: bool, cdata: bool) -> Option<Token> {
        loop {
            let rest = view.slice(&(self.position..limit));
            match self.state {
                State::Text => {
                    let &first = rest.first()?;
                    if first != b'<' {
                        let length = memchr(b'<', rest).unwrap_or(rest.len());
                        return Some(self.text(length));
                    }
                    if let Some(token) = self.plain_end_tag(rest) {
                        return Some(token);
                    }
                    if let Some(token) = self.open(view, limit, last, cdata)? {
                        return Some(token);
                    }
                }
                State::Tag(reader) => return self.tag(reader, view, limit, last),
                State::Content(mut content) => {
                    let end = content.read(view, self.position, limit, last);
                    let (End::Tag(at) | End::Unknown(at)) = end;
                    self.state = State::Content(content);
                    let piece = self.position..at;
                    self.position = at;
                    if !piece.is_empty() {
                        return Some(Token::Content(piece));
                    }
                    let End::Tag(start) = end else { return None };
                    self.position += 2;
                    self.state = State::Tag(TagReader::new(start, true));
                }
                State::Comment { start } => {
                    let Some(length) = comment_end(view, start, self.position, rest) else {
                        self.position = limit;
                        return last.then_some(()).and_then(|()| self.cut_off(start, limit));
                    };
                    self.skip_to(self.position + length as u64);
                    return Some(Token::Comment);
                }
                State::Declaration { start, doctype } => {
                    let Some(i) = memchr(b'>', rest) else {
                        self.position = limit;
                        return last.then_some(()).and_then(|()| self.cut_off(start, limit));
                    };
                    let end = self.position + i as u64;
                    self.skip_to(end + 1);
                    // What an endless doctype says is not kept: it sets quirks mode.
                    let text = if end - start < LONGEST_DOCTYPE { start + 2..end } else { end..end };
                    return Some(if doctype { Token::Doctype(text) } else { Token::Comment });
                }
                State::Cdata { start } => {
                    // Foreign text: nothing asks for its words.
                    let from = self.position.saturating_sub(2).max(start + 9);
                    let text = view.slice(&(from.max(view.base)..limit));
                    let Some(i) = memchr::memmem::find(text, b"]]>") else {
                        self.position = limit;
                        return None;
                    };
                    self.skip_to(from.max(view.base) + i as u64 + 3);
                    return Some(Token::Cdata);
                }
                State::Unfinished => {
                    self.position = limit;
                    return None;
                }
            }
        }
    }

    fn text(&mut self, length: usize) -> Token {
        let start = self.position;
        self.position += length as u64;
        Token::Text(start..self.position)
    }

    /// A comment or doctype that the end of input cuts off is a token all the same.
    fn cut_off(&mut self, start: u64, limit: u64) -> Option<Token> {
        (start < limit).then(|| {
            self.state = State::Unfinished;
            Token::Comment
        })
    }

    /// The usual end tag, all at hand: `</`, a short name and `>`. Nearly half of all tags are such ones.
    #[inline]
    fn plain_end_tag(&mut self, rest: &[u8]) -> Option<Token> {
        const MOST: usize = 16;
        let name = rest.strip_prefix(b"</")?;
        let length = name.iter().take(MOST).position(|c| !c.is_ascii_alphanumeric())?;
        if name[length] != b'>' || !name[0].is_ascii_alphabetic() {
            return None;
        }
        let (name, start) = (Name::new(&name[..length]), self.position);
        self.position += length as u64 + 3;
        Some(Token::EndTag { name, at: start..self.position })
    }

    /// At `<`: what begins here? `None`: more bytes are needed to say. `Some(None)`: look again.
    #[allow(clippy::option_option)]
    fn open(&mut self, view: View<'_>, limit: u64, last: bool, cdata: bool) -> Option<Option<Token>> {
        let rest = view.slice(&(self.position..limit));
        let start = self.position;
        let undecided = |prefix: &[u8]| !last && rest.len() < prefix.len();
        match rest.get(1) {
            None if last => return Some(Some(self.text(1))),
            None => return None,
            Some(b'/') => match rest.get(2) {
                None if last => return Some(Some(self.text(2))),
                None => return None,
                Some(b'>') => self.position += 3,
                Some(c) if c.is_ascii_alphabetic() => {
                    self.position += 2;
                    return self.tag(TagReader::new(start, true), view, limit, last).map(Some);
                }
                Some(_) => self.state = State::Declaration { start, doctype: false },
            },
            Some(b'!') => {
                let matches = |prefix: &[u8]| {
                    let n = rest.len().min(prefix.len());
                    rest[..n].eq_ignore_ascii_case(&prefix[..n])
                };
                if matches(b"<!--") {
                    if undecided(b"<!--") {
                        return None;
                    }
                    if rest.len() >= 4 {
                        self.position += 4;
                        self.state = State::Comment { start };
                        return Some(None);
                    }
                } else if matches(b"<!doctype") {
                    if undecided(b"<!doctype") {
                        return None;
                    }
                    if rest.len() >= 9 {
                        self.state = State::Declaration { start, doctype: true };
                        return Some(None);
                    }
                } else if cdata && rest.starts_with(&b"<![CDATA["[..rest.len().min(9)]) {
                    if undecided(b"<![CDATA[") {
                        return None;
                    }
                    if rest.len() >= 9 {
                        self.position += 9;
                        self.state = State::Cdata { start };
                        return Some(None);
                    }
                }
                self.state = State::Declaration { start, doctype: false };
            }
            Some(b'?') => self.state = State::Declaration { start, doctype: false },
            Some(c) if c.is_ascii_alphabetic() => {
                self.position += 1;
                self.attributes.clear();
                self.more_attributes = false;
                return self.tag(TagReader::new(start, false), view, limit, last).map(Some);
            }
            Some(_) => return Some(Some(self.text(1))),
        }
        Some(None)
    }

    /// In a tag: goes on to its end.
    fn tag(&mut self, mut reader: TagReader, view: View<'_>, limit: u64, last: bool) -> Option<Token> {
        let Self { attributes, most_attributes, more_attributes, .. } = self;
        let closing = reader.closing;
        let end = reader.read(view, self.position, limit, |attribute| {
            if closing {
                // Browsers drop those of an end tag.
            } else if attributes.len() < *most_attributes {
                attributes.push(attribute);
            } else {
                *more_attributes = true;
            }
        });
        let (Some(end), Some(name)) = (end, reader.name) else {
            self.position = limit;
            self.state = if last { State::Unfinished } else { State::Tag(reader) };
            return None;
        };
        self.skip_to(end);
        let TagReader { start, name_end, self_closing, .. } = reader;
        Some(if closing {
            Token::EndTag { name, at: start..end }
        } else {
            let more_attributes = self.more_attributes;
            Token::StartTag(StartTag { name, start, end, name_end, self_closing, more_attributes })
        })
    }
}

/// How many bytes of `rest` (which begins at `position`) the comment that began at `start` still takes. It ends at `-->`, at
/// `--!>`, and at once at `<!-->` and `<!--->` (13.2.5.43 and on).
fn comment_end(view: View<'_>, start: u64, position: u64, rest: &[u8]) -> Option<usize> {
    let mut from = 0;
    while let Some(i) = memchr(b'>', &rest[from..]) {
        let at = position + (from + i) as u64;
        let before = |n: u64, from: u64| (at >= from + n && at - n >= view.base).then(|| view.slice(&(at - n..at)));
        if before(2, start + 2) == Some(b"--") || before(3, start + 4) == Some(b"--!") {
            return Some(from + i + 1);
        }
        from += i + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::tag::is;

    /// All tokens of `html`, as text, fed in pieces of `step` bytes; neighbouring text pieces are one.
    fn tokens(html: &str, step: usize) -> Vec<String> {
        let bytes = html.as_bytes();
        let mut scanner = Scanner::new(0, 9);
        let mut found: Vec<String> = Vec::new();
        let (mut text, mut content) = (false, false);
        let mut limit = 0;
        loop {
            limit = (limit + step).min(bytes.len());
            let last = limit == bytes.len();
            let view = View { bytes: &bytes[..limit], base: 0 };
            while let Some(token) = scanner.next(view, limit as u64, last, false) {
                let part = |r: &Range<u64>| String::from_utf8_lossy(view.slice(r)).into_owned();
                match &token {
                    Token::Text(r) if text => found.last_mut().unwrap().push_str(&part(r)),
                    Token::Text(r) => found.push(part(r)),
                    Token::EndTag { name, at } => {
                        let raw = part(at);
                        let end = raw.find(|c: char| c != '/' && !c.is_ascii_alphanumeric() && c != '<');
                        let raw = raw[2..end.unwrap()].trim_end_matches('/').to_owned();
                        assert_eq!(*name, Name::new(raw.as_bytes()));
                        found.push(format!("/{raw}"));
                    }
                    Token::Comment => found.push("!".into()),
                    Token::Cdata => found.push("cdata".into()),
                    Token::StartTag(tag) => {
                        let attribute = |a: &AttributeSpan| {
                            let part = |(start, length): (u64, u32)| part(&(start..start + u64::from(length)));
                            format!(" {}={}", part(a.name), part(a.value))
                        };
                        let attributes: String = scanner.attributes().iter().map(attribute).collect();
                        let slash = if tag.self_closing { "/" } else { "" };
                        found.push(format!("<{}{attributes}{slash}", part(&(tag.start + 1..tag.name_end))));
                        if tag.name.tag.is(is::TEXT_MODE) {
                            scanner.enter(tag.name.tag);
                        }
                    }
                    Token::Content(r) if content => found.last_mut().unwrap().push_str(&part(r)),
                    Token::Content(r) => found.push(format!("'{}", part(r))),
                    Token::Doctype(r) => found.push(format!("!{}", part(r))),
                }
                text = matches!(token, Token::Text(_));
                content = matches!(token, Token::Content(_));
            }
            if last {
                return found;
            }
        }
    }

    #[test]
    fn tokens_do_not_depend_on_the_pieces_they_come_in() {
        for (html, want) in [
            ("a</p>b", vec!["a", "/p", "b"]),
            ("a</DIV class=\"x>y\" >b", vec!["a", "/DIV", "b"]),
            ("</p/ a = 'x>' / b=c>d", vec!["/p", "d"]),
            ("a<!-- </p> -- > -->b<!-->c<!--->d", vec!["a", "!", "b", "!", "c", "!", "d"]),
            ("<!--!>--!>x<!----!>y", vec!["!", "x", "!", "y"]),
            ("<!doctype html>x", vec!["!doctype html", "x"]),
            ("a<!x>b<?y>c</ z>d</>e", vec!["a", "!", "b", "!", "c", "!", "de"]),
            ("1 < 2 <3 <", vec!["1 < 2 <3 <"]),
            ("<![CDATA[x>y]]>", vec!["!", "y]]>"]),
            ("a<!-- b", vec!["a", "!"]),
            ("a<di", vec!["a"]),
            ("a</", vec!["a</"]),
            ("<p>a<BR/>", vec!["<p", "a", "<BR/"]),
            ("<a b c=d e = 'f g' h=\"i\"j k=/l>x", vec!["<a b= c=d e=f g h=i j= k=/l", "x"]),
            ("<a =b==c/d / e=>x", vec!["<a =b==c/d e=", "x"]),
            ("<a b=c/>x<a b/>y", vec!["<a b=c/", "x", "<a b=/", "y"]),
            ("<a b='>'>x", vec!["<a b=>", "x"]),
            ("<title>a<b>&amp;</titl></TITLE\n>b", vec!["<title", "'a<b>&amp;</titl>", "/TITLE", "b"]),
            ("<style><!--</style>-->", vec!["<style", "'<!--", "/style", "-->"]),
            ("<script><p></script x>y", vec!["<script", "'<p>", "/script", "y"]),
            ("<script><!--<p></script>y", vec!["<script", "'<!--<p>", "/script", "y"]),
            ("<script><!--<script></script></script>y", vec!["<script", "'<!--<script></script>", "/script", "y"]),
            ("<script><!--<script>--></script>y", vec!["<script", "'<!--<script>-->", "/script", "y"]),
            ("<script><!--><script></script>y", vec!["<script", "'<!--><script>", "/script", "y"]),
            ("<script><!--<scripts></script>y", vec!["<script", "'<!--<scripts>", "/script", "y"]),
            ("<script><!--<script/</script/</script>y", vec!["<script", "'<!--<script/</script/", "/script", "y"]),
            ("<script>a</script", vec!["<script", "'a</script"]),
            ("<script>a</script ", vec!["<script", "'a"]),
            ("<script>a</scrip", vec!["<script", "'a</scrip"]),
            ("<plaintext>a</plaintext>", vec!["<plaintext", "'a</plaintext>"]),
        ] {
            for step in [1, 2, 3, 100] {
                assert_eq!(tokens(html, step), want, "{html} in steps of {step}");
            }
        }
    }
}
