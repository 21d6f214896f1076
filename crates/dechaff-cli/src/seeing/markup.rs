//! What of a page is text, for people to look at. Nothing is decided by it, so it is simple: it knows tags, comments and the
//! elements whose content is no text.

use std::ops::Range;

/// A piece of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Piece {
    pub(crate) kind: Kind,
    /// Where it lies, in bytes of the text.
    pub(crate) range: Range<usize>,
}

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// What is read on the page.
    Text,
    /// A tag, and what it does to the words around it.
    Tag(Gap),
    /// A comment, a script, a style sheet and so on.
    Hidden,
}

/// What stands between the words before and after a tag.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Gap {
    /// Nothing: they may be one word.
    None,
    /// A space, as between the cells of a table.
    Space,
    /// A new line begins.
    Line,
}

/// Elements whose tags stand within a line.
const INLINE: [&str; 29] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "u",
];

/// Elements whose tags part words within a line.
const SPACED: [&str; 17] = [
    "td", "th", "button", "input", "select", "option", "label", "img", "svg", "path", "picture", "source", "iframe",
    "video", "audio", "textarea", "wbr",
];

/// Elements whose content is not shown.
const HIDDEN: [&str; 2] = ["script", "style"];

/// The pieces of `text`, in order and without gaps. Takes time in proportion to its length.
pub(crate) fn pieces(text: &str) -> Pieces<'_> {
    Pieces { text, at: 0, hidden: None }
}

/// See [`pieces`].
pub(crate) struct Pieces<'a> {
    text: &'a str,
    at: usize,
    /// The element that we are in.
    hidden: Option<&'static str>,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return None;
        }
        let (kind, length) = match self.hidden.take() {
            Some(name) => match end_tag(rest, name) {
                0 => self.markup(rest),
                length => {
                    self.hidden = Some(name).filter(|_| length < rest.len());
                    (Kind::Hidden, length)
                }
            },
            None if rest.starts_with('<') => self.markup(rest),
            None => (Kind::Text, rest.find('<').unwrap_or(rest.len())),
        };
        let start = self.at;
        self.at += length;
        Some(Piece { kind, range: start..self.at })
    }
}

impl Pieces<'_> {
    /// What begins with the `<` that `rest` begins with, and how long it is.
    fn markup(&mut self, rest: &str) -> (Kind, usize) {
        let after = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
        if rest.starts_with("<!--") {
            return (Kind::Hidden, after("-->"));
        }
        let end = rest.starts_with("</");
        let name = &rest[if end { 2 } else { 1 }..];
        if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            let length = name.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(name.len());
            let name = name[..length].to_ascii_lowercase();
            if !end {
                self.hidden = HIDDEN.into_iter().find(|hidden| *hidden == name);
            }
            return (Kind::Tag(gap(&name)), tag_length(rest));
        }
        if end || rest.starts_with("<!") || rest.starts_with("<?") {
            return (Kind::Hidden, after(">"));
        }
        (Kind::Text, rest[1..].find('<').map_or(rest.len(), |at| at + 1))
    }
}

/// What the tags of an element do to the words around them.
pub(crate) fn gap(name: &str) -> Gap {
    if INLINE.contains(&name) {
        Gap::None
    } else if SPACED.contains(&name) {
        Gap::Space
    } else {
        Gap::Line
    }
}

/// How long the tag is that `text` begins with. In a quoted value `>` does not end it.
fn tag_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'>' => return at,
            b'=' => {
                at += bytes[at..].iter().take_while(|b| b.is_ascii_whitespace()).count();
                if let Some(quote @ (b'"' | b'\'')) = bytes.get(at) {
                    let Some(length) = bytes[at + 1..].iter().position(|b| b == quote) else { return bytes.len() };
                    at += length + 2;
                }
            }
            _ => {}
        }
    }
    bytes.len()
}

/// How much of `text` lies before the end tag of `name`.
fn end_tag(text: &str, name: &str) -> usize {
    let is_end = |at: &usize| {
        let found = text.as_bytes().get(at + 2..at + 2 + name.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    text.match_indices("</").map(|(at, _)| at).find(is_end).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        let pieces: Vec<_> = pieces(text).collect();
        let ends = pieces.iter().map(|piece| piece.range.clone()).collect::<Vec<_>>();
        assert!(ends.iter().zip(ends.iter().skip(1)).all(|(a, b)| a.end == b.start && !b.is_empty()));
        assert_eq!(ends.last().map_or(0, |last| last.end), text.len());
        pieces.into_iter().filter(|piece| piece.kind == Kind::Text).map(|piece| &text[piece.range]).collect()
    }

    #[test]
    fn text_is_told_from_markup() {
        assert_eq!(shown("a<p title='>' x=\">\">b<!-- c > -->d<br/>e<!doctype f></ g>h"), ["a", "b", "d", "e", "h"]);
        assert_eq!(shown("<SCRIPT>1 </p> 2</Script >a<style>b</style"), ["a"]);
        assert_eq!(shown("1 < 2 <<b>c</b>"), ["1 ", "< 2 ", "<", "c"]);
        assert_eq!(shown("it<a title=it's>b"), ["it", "b"]);
    }

    #[test]
    fn what_never_ends_ends_with_the_page() {
        for open in ["<!-- a", "<p title='a", "<script>a", "<script>", "<p", "</p", "<", "<!", "</", "<a ="] {
            let text: String = shown(open).concat();
            assert_eq!(text, if open == "<" { "<" } else { "" }, "{open}");
        }
    }
}
