//! The content of elements that the tokenizer reads as text: `script`, `style`, `title` and so on (HTML standard, 13.2.5.2 to
//! 13.2.5.31).

use memchr::{memchr, memchr2};

use super::View;
use crate::tree::tag::Tag;

/// What such an element is being read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Content {
    element: Tag,
    escape: Escape,
}

/// How a script that holds `<!--` is escaped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Escape {
    No,
    /// After `<!--`.
    Once,
    /// After `<script` in that: the next `</script` is no end tag.
    Twice,
}

/// Where a piece of content ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum End {
    /// At the end tag that begins at this offset.
    Tag(u64),
    /// More bytes are needed to say what begins at this offset.
    Unknown(u64),
}

impl Content {
    /// Of `element`, which is one whose content is text.
    pub(super) fn of(element: Tag) -> Self {
        Self { element, escape: Escape::No }
    }

    /// Goes on at `position` up to `limit`; `last`: that is the end of input.
    pub(super) fn read(&mut self, view: View<'_>, position: u64, limit: u64, last: bool) -> End {
        if self.element == Tag::Plaintext {
            return End::Unknown(limit);
        }
        let bytes = view.slice(&(position..limit));
        let name = self.element.name().as_bytes();
        let mut i = 0;
        loop {
            let found =
                if self.escape == Escape::No { memchr(b'<', &bytes[i..]) } else { memchr2(b'<', b'>', &bytes[i..]) };
            let Some(n) = found else { return End::Unknown(limit) };
            let at = i + n;
            let rest = &bytes[at..];
            i = at + 1;
            if rest[0] == b'>' {
                let end = position + at as u64;
                if end - view.base >= 2 && view.slice(&(end - 2..end)) == b"--" {
                    self.escape = Escape::No;
                }
                continue;
            }
            let is_script = self.element == Tag::Script;
            let closes = follows(rest, b"</", name);
            let comments = is_script && self.escape == Escape::No;
            let opens = if is_script && self.escape == Escape::Once { follows(rest, b"<", name) } else { Some(false) };
            let comment = if comments { begins(rest, b"<!--") } else { Some(false) };
            let (Some(closes), Some(opens), Some(comment)) = (closes, opens, comment) else {
                if last {
                    continue;
                }
                return End::Unknown(position + at as u64);
            };
            if closes && self.escape != Escape::Twice {
                return End::Tag(position + at as u64);
            }
            if closes {
                self.escape = Escape::Once;
            } else if opens {
                self.escape = Escape::Twice;
            } else if comment {
                self.escape = Escape::Once;
                i = at + 4;
            }
        }
    }
}

/// Whether `bytes` begin with `prefix`; `None`: they are too few to say.
fn begins(bytes: &[u8], prefix: &[u8]) -> Option<bool> {
    let length = bytes.len().min(prefix.len());
    if !bytes[..length].eq_ignore_ascii_case(&prefix[..length]) {
        return Some(false);
    }
    (length == prefix.len()).then_some(true)
}

/// Whether `bytes` begin with `prefix` and `name` and a byte that ends a name; `None`: they are too few to say.
fn follows(bytes: &[u8], prefix: &[u8], name: &[u8]) -> Option<bool> {
    if !begins(bytes, prefix)? {
        return Some(false);
    }
    let after = &bytes[prefix.len()..];
    if !begins(after, name)? {
        return Some(false);
    }
    after.get(name.len()).map(|c| matches!(c, b' ' | b'\t' | b'\n' | b'\r' | 0x0C | b'/' | b'>'))
}
