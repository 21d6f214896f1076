//! The tokens between two start tags: text, end tags, comments, doctypes (HTML standard, 13.2.5).
//!
//! The tokenizer reports start tags; everything else lies in the gaps between them and is found here with `memchr`. A gap
//! may come in pieces that end anywhere, so the scanner can stop at any byte and go on there.

use std::ops::Range;

use memchr::memchr;

use crate::tree::tag::Name;

/// A token of a gap. Offsets are bytes of input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    /// Text, or a piece of it.
    Text(Range<u64>),
    EndTag {
        name: Name,
        at: Range<u64>,
    },
    /// A start tag, where they are not reported otherwise; see [`Scanner::of_markup`].
    StartTag {
        name: Name,
        at: Range<u64>,
        self_closing: bool,
    },
    Comment,
    /// A CDATA section.
    Cdata,
    /// From after `<!` to before `>`.
    Doctype(Range<u64>),
}

/// What the scanner is in the middle of. `start` is the offset of its `<`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    Text,
    /// An end tag, or a start tag. Its name is known once it has ended.
    Tag {
        start: u64,
        closing: bool,
        name: Option<Name>,
        part: Part,
    },
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
    /// A start tag that the end of input cut off: no token.
    Unfinished,
}

/// Where in an end tag; its attributes are dropped by browsers, but a quoted `>` does not end it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Name,
    BeforeAttribute,
    Attribute,
    AfterAttribute,
    BeforeValue,
    Unquoted,
    Quoted(u8),
}

/// What comes at the limit up to which a gap is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Limit {
    /// More bytes, not at hand yet.
    More,
    /// A start tag.
    Tag,
    /// The end of input.
    End,
}

/// The bytes of input that are at hand.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) bytes: &'a [u8],
    /// Offset of the first one.
    pub(crate) base: u64,
}

impl<'a> View<'a> {
    pub(crate) fn slice(&self, range: &Range<u64>) -> &'a [u8] {
        &self.bytes[(range.start - self.base) as usize..(range.end - self.base) as usize]
    }
}

/// Names and doctypes longer than this many bytes are cut short: nothing on real pages comes near it.
pub(crate) const LONGEST: u64 = 4096;

/// The scanner of one page.
#[derive(Debug)]
pub(crate) struct Scanner {
    position: u64,
    state: State,
    /// Start tags are read, too.
    starts: bool,
}

impl Scanner {
    pub(crate) fn new() -> Self {
        Self { position: 0, state: State::Text, starts: false }
    }

    /// A scanner of markup that the tokenizer took for text: start tags are tokens as well.
    pub(crate) fn of_markup(position: u64) -> Self {
        Self { position, state: State::Text, starts: true }
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
            State::Tag { start, name: None, .. } => start,
            State::Declaration { start, doctype: true } => start.max(self.position.saturating_sub(LONGEST)),
            _ => self.position,
        }
    }

    /// Goes on at `offset`, in text.
    pub(crate) fn skip_to(&mut self, offset: u64) {
        self.position = offset;
        self.state = State::Text;
    }

    /// Whether no token is half read.
    pub(crate) fn is_between_tokens(&self) -> bool {
        self.state == State::Text
    }

    /// The next token before `limit`, or `None` when what is left needs more bytes. `then`: what comes at `limit`. `cdata`:
    /// whether CDATA sections are read as such here.
    pub(crate) fn next(&mut self, view: View<'_>, limit: u64, then: Limit, cdata: bool) -> Option<Token> {
        let last = then == Limit::End;
        loop {
            let rest = view.slice(&(self.position..limit));
            match self.state {
                State::Text => {
                    let length = memchr(b'<', rest).unwrap_or(rest.len());
                    if length > 0 {
                        return Some(self.text(length));
                    }
                    if rest.is_empty() {
                        return None;
                    }
                    if let Some(token) = self.open(rest, then, cdata)? {
                        return Some(token);
                    }
                }
                State::Tag { .. } => {
                    return self.tag(view, rest);
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
                    let text = if end - start < LONGEST { start + 2..end } else { end..end };
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

    /// At `<`: what begins here? `None`: more bytes are needed to say. `Some(None)`: look again.
    #[allow(clippy::option_option)]
    fn open(&mut self, rest: &[u8], then: Limit, cdata: bool) -> Option<Option<Token>> {
        let start = self.position;
        let last = then == Limit::End;
        let undecided = |prefix: &[u8]| !last && rest.len() < prefix.len();
        match rest.get(1) {
            None if then != Limit::More => return Some(Some(self.text(1))),
            None => return None,
            Some(b'/') => match rest.get(2) {
                None if last => return Some(Some(self.text(2))),
                None => return None,
                Some(b'>') => self.position += 3,
                Some(c) if c.is_ascii_alphabetic() => {
                    self.position += 2;
                    self.state = State::Tag { start, closing: true, name: None, part: Part::Name };
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
            Some(c) if c.is_ascii_alphabetic() && self.starts => {
                self.position += 1;
                self.state = State::Tag { start, closing: false, name: None, part: Part::Name };
            }
            Some(c) if c.is_ascii_alphabetic() => {
                // A start tag would have been reported: this one has no end.
                if !last {
                    return None;
                }
                self.state = State::Unfinished;
            }
            Some(_) => return Some(Some(self.text(1))),
        }
        Some(None)
    }

    /// In a tag: goes on to its end.
    fn tag(&mut self, view: View<'_>, rest: &[u8]) -> Option<Token> {
        let State::Tag { start, closing, mut name, mut part } = self.state else { return None };
        let from = self.position;
        let name_start = start + 1 + u64::from(closing);
        let mut i = 0;
        while i < rest.len() {
            let c = rest[i];
            let white = matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0C);
            if let Part::Quoted(quote) = part {
                match memchr(quote, &rest[i..]) {
                    Some(n) => i += n + 1,
                    None => break,
                }
                part = Part::BeforeAttribute;
                continue;
            }
            let at = from + i as u64;
            if part == Part::Name && name.is_none() && (white || matches!(c, b'/' | b'>') || at - start > LONGEST) {
                name = Some(Name::new(view.slice(&(name_start..at))));
            }
            if c == b'>' {
                let end = from + i as u64 + 1;
                self.skip_to(end);
                let at = start..end;
                let self_closing = !closing && part == Part::BeforeAttribute && view.slice(&(end - 2..end)) == b"/>";
                return name.map(|name| {
                    if closing { Token::EndTag { name, at } } else { Token::StartTag { name, at, self_closing } }
                });
            }
            part = match (part, c) {
                (Part::Name, _) if white => Part::BeforeAttribute,
                (Part::Name | Part::BeforeAttribute | Part::Attribute | Part::AfterAttribute, b'/') => {
                    Part::BeforeAttribute
                }
                (Part::Name, _) => Part::Name,
                (Part::BeforeAttribute, _) if white => Part::BeforeAttribute,
                (Part::BeforeAttribute, _) => Part::Attribute,
                (Part::Attribute | Part::AfterAttribute, b'=') => Part::BeforeValue,
                (Part::Attribute | Part::AfterAttribute, _) if white => Part::AfterAttribute,
                (Part::Attribute | Part::AfterAttribute, _) => Part::Attribute,
                (Part::BeforeValue, b'"' | b'\'') => Part::Quoted(c),
                (Part::BeforeValue, _) if white => Part::BeforeValue,
                (Part::Unquoted, _) if white => Part::BeforeAttribute,
                (Part::BeforeValue | Part::Unquoted | Part::Quoted(_), _) => Part::Unquoted,
            };
            i += 1;
        }
        self.position = from + rest.len() as u64;
        self.state = State::Tag { start, closing, name, part };
        None
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

    /// All tokens of `html`, as text, fed in pieces of `step` bytes; neighbouring text pieces are one.
    fn tokens(html: &str, step: usize) -> Vec<String> {
        let bytes = html.as_bytes();
        let mut scanner = Scanner::new();
        let mut found: Vec<String> = Vec::new();
        let mut text = false;
        let mut limit = 0;
        loop {
            limit = (limit + step).min(bytes.len());
            let last = limit == bytes.len();
            let view = View { bytes: &bytes[..limit], base: 0 };
            let then = if last { Limit::End } else { Limit::More };
            while let Some(token) = scanner.next(view, limit as u64, then, false) {
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
                    Token::StartTag { .. } => unreachable!("not asked for"),
                    Token::Doctype(r) => found.push(format!("!{}", part(r))),
                }
                text = matches!(token, Token::Text(_));
            }
            if last {
                return found;
            }
        }
    }

    #[test]
    fn the_tokens_of_a_gap_do_not_depend_on_its_pieces() {
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
        ] {
            for step in [1, 2, 3, 100] {
                assert_eq!(tokens(html, step), want, "{html} in steps of {step}");
            }
        }
    }
}
